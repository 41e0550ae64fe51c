"""When digests come: seen, changed with the dates shown before, sent now, skipped, paused, and for oneself alone."""

from datetime import timedelta
from typing import Any

import pytest

from bot.playground.reading import plain
from handlers.zones import zone_called, zones_near
from tests.load import at_rest
from tests.peek import give_role, press, rows
from tests.test_digest import digests
from tests.test_story import next_monday
from tests.world import World


@pytest.fixture
async def dinner(world: World) -> World:
    """A map with one pain, its digest on Mondays at nine in Berlin; it is Tuesday."""
    world.keeper.ticks.stop()  # each test says when the clock ticks
    world.clock.to(next_monday(world.clock()) + timedelta(days=1))
    await world.start_map()
    rows(world, "UPDATE schedules SET zone = 'Europe/Berlin'")
    await world.log("pay: card declined")
    return world


async def asked(world: World, user: str = "ada", channel: str = "product") -> Any:
    """The card of `/journey schedule`."""
    reply = await world.slack.command(user, channel, "/journey", "schedule")
    assert reply.ok
    return reply.ephemeral


async def chosen(world: World, card: Any, words: str, user: str = "ada") -> str:
    """What is said after a choice of the card's ⋯ menu."""
    return (await press(world, user, card, "more", option=words)).text


async def weeks_go_by(world: World, weeks: int = 1) -> None:
    """The next Monday at nine in UTC and an hour, after that many weeks."""
    world.clock.to(next_monday(world.clock()) + timedelta(weeks=weeks - 1, hours=1))
    await world.keeper.tick()
    await at_rest(world)


async def filled(world: World, card: Any, **values: Any) -> Any:
    """The form behind *Change*, sent with these values."""
    form = (await press(world, "ada", card, "Change")).view
    assert form is not None
    return await world.slack.submit("ada", form, values)


async def test_the_channel_says_what_comes_and_when(dinner: World) -> None:
    text = plain(await asked(dinner))
    assert "What comes to #product, and when" in text
    assert "The digest of Dinner with friends: every Monday at 09:00 (Europe/Berlin)" in text
    assert text.count("Monday ") == 4, "the rhythm and the next three dates"


async def test_new_dates_are_shown_before_they_are_saved(dinner: World) -> None:
    first = await filled(dinner, await asked(dinner), weekday="3", at="16:30", zone="new york", weeks="2")
    shown = plain(first.view)
    assert shown.count("Thursday ") >= 3
    assert "If that is right, save." in shown
    assert rows(dinner, "SELECT weekday FROM schedules") == [{"weekday": 0}], "nothing is saved yet"
    saved = await dinner.slack.submit("ada", first.view, {})
    assert "Saved: every 2 weeks on Thursday at 16:30 (America/New York)." in saved.text
    kept = rows(dinner, "SELECT weekday, at, zone, weeks FROM schedules")
    assert kept == [{"weekday": 3, "at": "16:30", "zone": "America/New_York", "weeks": 2}]
    assert "every 2 weeks on Thursday at 16:30 (America/New York)" in plain(await asked(dinner))


async def test_dates_that_were_changed_again_are_shown_again(dinner: World) -> None:
    first = await filled(dinner, await asked(dinner), weekday="3")
    second = await dinner.slack.submit("ada", first.view, {"weekday": "4"})
    assert "Friday" in plain(second.view)
    assert rows(dinner, "SELECT weekday FROM schedules") == [{"weekday": 0}]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("zone", "Europe/Berlim", "Did you mean Europe/Berlin"),
        ("zone", "Xyzzy!", "I don't know a time zone called “Xyzzy!”."),
        ("at", "25:00", "“25:00” is not a time of day. Write it like 09:00."),
        ("weeks", "0", "A whole number from 1 to 52, please."),
        ("weeks", "53", "A whole number from 1 to 52, please."),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(dinner: World, field: str, value: str, said: str) -> None:
    form = (await press(dinner, "ada", await asked(dinner), "Change")).view
    assert form is not None
    state = {"weekday": "0", "at": "09:00", "zone": "UTC", "weeks": "1", "includes": ["new"], field: value}
    reply = await dinner.slack.submit("ada", form, state, unchecked=True)
    assert any(said in one for one in reply.errors.values()), reply.errors


async def test_one_is_sent_now_and_the_weekly_one_tells_only_what_came_after(dinner: World) -> None:
    said = await press(dinner, "ada", await asked(dinner), "Send it now")
    assert "On its way to #product." in said.text
    await dinner.keeper.tick()
    await at_rest(dinner)
    assert ["1 new" in one for one in digests(dinner)] == [True]
    again = await press(dinner, "ada", await asked(dinner), "Send it now")
    assert "Nothing changed in #product since the last digest" in again.text
    await dinner.log("eat: the soup is cold")
    await weeks_go_by(dinner)
    assert len(digests(dinner)) == 2
    assert "the soup is cold" in digests(dinner)[-1]
    assert "card declined" not in digests(dinner)[-1].partition("\n")[2]


async def test_a_skipped_week_is_told_with_the_next_one_and_a_second_click_skips_no_more(
    dinner: World,
) -> None:
    card = await asked(dinner)
    for _ in range(2):
        assert "tells of both weeks" in await chosen(dinner, card, "Skip the next one")
    await weeks_go_by(dinner)
    assert digests(dinner) == []
    await dinner.log("eat: the soup is cold")
    await weeks_go_by(dinner)
    (told,) = digests(dinner)
    assert "2 new" in told


async def test_a_skipped_one_can_be_sent_after_all(dinner: World) -> None:
    await chosen(dinner, await asked(dinner), "Skip the next one")
    assert "It comes on Monday" in await chosen(dinner, await asked(dinner), "Send the skipped one after all")
    await weeks_go_by(dinner)
    assert len(digests(dinner)) == 1


async def test_paused_it_stays_silent_whatever_is_posted_until_it_goes_on(dinner: World) -> None:
    assert "until somebody resumes it" in await chosen(dinner, await asked(dinner), "Pause")
    await dinner.log("eat: the soup is cold")
    await weeks_go_by(dinner)
    assert digests(dinner) == [], "a card that could be posted does not undo a pause"
    card = await asked(dinner)
    assert "Paused since" in plain(card)
    assert "It comes on Monday" in (await press(dinner, "ada", card, "Resume")).text
    await weeks_go_by(dinner)
    (told,) = digests(dinner)
    assert "2 new" in told


async def test_somebody_gets_it_in_private_at_a_time_of_their_own_and_stops_it(dinner: World) -> None:
    assert "in private too" in await chosen(dinner, await asked(dinner, "ben"), "Send it to me too", "ben")
    before = len(dinner.slack.direct("ben").messages)
    await weeks_go_by(dinner)
    private = [plain(message) for message in list(dinner.slack.direct("ben").messages)[before:]]
    assert len(private) == 1
    assert private[0].startswith("Dinner with friends, ")
    assert len(digests(dinner)) == 1
    assert "For you alone" not in plain(await asked(dinner, "ada"))
    card = await asked(dinner, "ben")
    assert "For you alone, the digest of Dinner with friends" in plain(card)
    stopped = await dinner.slack.click(
        "ben", card, "more|2", option="Stop sending it to me", block_id=card.blocks[-1]["block_id"]
    )
    await dinner.until(lambda: stopped.seen)
    assert "You no longer get it." in stopped.text
    assert rows(dinner, "SELECT id FROM schedules WHERE person_id IS NOT NULL") == []


async def test_a_member_who_owns_nothing_may_look_and_is_told_whom_to_ask(dinner: World) -> None:
    card = await asked(dinner, "ben")
    said = await press(dinner, "ben", card, "Send it now")
    assert "Only the channel's editors, the owner of its map and whoever set the digest up" in said.text
    give_role(dinner, "ben", "editor")
    assert "On its way" in (await press(dinner, "ben", card, "Send it now")).text


async def test_anybody_elses_private_digest_answers_like_none(dinner: World) -> None:
    await chosen(dinner, await asked(dinner, "ben"), "Send it to me too", "ben")
    (mine,) = rows(dinner, "SELECT id FROM schedules WHERE person_id IS NOT NULL")
    card = await asked(dinner)
    forged = await dinner.slack.click("ada", card, "Send it now", forge={"value": mine["id"]})
    await dinner.until(lambda: forged.seen)
    missing = await dinner.slack.click("ada", card, "Send it now", forge={"value": "nothing"})
    await dinner.until(lambda: missing.seen)
    assert forged.text == missing.text


async def test_in_the_direct_message_everything_that_is_sent_is_listed(dinner: World) -> None:
    await dinner.start_map("Lunch", channel="general")
    reply = await dinner.slack.command("ada", dinner.slack.direct("ada"), "/journey", "schedule")
    assert "#product  Dinner with friends, every Monday at 09:00" in reply.text
    assert "#general  Lunch, every Monday at 09:00" in reply.text


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("berlin", "Europe/Berlin"),
        ("Europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        (" utc ", "UTC"),
        ("Nowhere", None),
        ("", None),
    ],
)
def test_a_city_is_enough_for_a_zone(typed: str, zone: str | None) -> None:
    assert zone_called(typed) == zone


def test_a_misspelt_zone_is_guessed() -> None:
    assert zones_near("Europe/Berlim")[0] == "Europe/Berlin"
    assert zones_near("londn")[0] == "Europe/London"
