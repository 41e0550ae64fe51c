"""The clock asks "is this still true?": the right person, at the right time, and never too often."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.playground.reading import plain
from handlers.working_hours import welcome_from
from storage import checks, due, pulses
from storage.models import Person
from storage.statements import blank
from tests.peek import buttons, count, give_role, history, press, rows
from tests.test_trust import later, listed, shown, told
from tests.world import World

Later = Callable[..., Awaitable[None]]


@pytest.fixture
async def monday(world: World) -> World:
    """The restaurant's map on a Monday morning, among people who all live in UTC and work from nine to five."""
    await at_ten(world)
    await world.start_map()
    for user in ("ben", "cleo"):
        await world.slack.command(user, "product", "/journey")
    rows(world, "UPDATE people SET zone = 'UTC'")
    rows(world, "UPDATE maps SET look_at = NULL")  # nobody is asked how a stage feels
    return world


async def at_ten(world: World) -> None:
    """The clock goes on to the next Monday, ten in the morning in UTC."""
    now = world.clock()
    day = now.date() + timedelta(days=7 - now.weekday())
    world.clock.to(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))


def questions(world: World, user: str) -> list[str]:
    """What somebody was asked, each message as they see it."""
    return [plain(message) for message in told(world, user) if "Still true?" in plain(message)]


async def test_after_its_half_life_the_reporter_is_asked_in_private(monday: World) -> None:
    card = await monday.log("pay: card declined !abandon", user="ben")
    await later(monday, days=28)
    assert questions(monday, "ben") == []
    await later(monday, days=2)
    (asked,) = questions(monday, "ben")
    assert "You told us 30 days ago: 🔴 P-1 on Pay. Still true?" in asked
    assert "card declined" in asked
    assert buttons(told(monday, "ben")[-1]) == ["Still true", "Changed", "Fixed", "Not my area"]
    assert questions(monday, "ada") == questions(monday, "cleo") == []
    message = told(monday, "ben")[-1]
    reply = await press(monday, "ben", message, "Still true")
    assert reply.ok
    assert "P-1 counts as confirmed from today." in plain(message), "the answer stands where the question was"
    await shown(monday, card, "✓ confirmed today")
    await later(monday, days=28)
    assert questions(monday, "ben") == []
    await later(monday, days=2)
    assert "last confirmed 30 days ago. Still true?" in questions(monday, "ben")[-1]


async def test_silence_goes_on_to_the_next_person_and_at_last_to_the_maps_owner(monday: World) -> None:
    card = await monday.log("pay: card declined !abandon", user="ben")
    await monday.slack.react("cleo", card, "+1")
    await later(monday, days=30)
    assert [len(questions(monday, user)) for user in ("ben", "cleo", "ada")] == [1, 0, 0]
    await later(monday, days=5)
    assert [len(questions(monday, user)) for user in ("ben", "cleo", "ada")] == [1, 1, 0]
    await later(monday, days=4)
    assert [len(questions(monday, user)) for user in ("ben", "cleo", "ada")] == [1, 1, 1]
    await later(monday, days=4)
    assert "○ to check" in await listed(monday, "show P-1")
    await later(monday, days=3)
    assert "◌ stale" in await listed(monday, "show P-1"), "silence is never a yes"
    assert [len(questions(monday, user)) for user in ("ben", "cleo", "ada")] == [1, 1, 1]
    await press(monday, "ada", told(monday, "ada")[-1], "Still true")
    assert "✓ confirmed today" in await listed(monday, "show P-1")


async def test_nobody_is_asked_more_than_three_things_in_a_week(monday: World) -> None:
    for number in range(7):
        await monday.log(f"pay: card declined {number} !abandon", user="ada")
    await later(monday, days=30)
    assert len(questions(monday, "ada")) == 1, "what is asked at once is one message"
    assert questions(monday, "ada")[0].count("Still true?") == 3
    await later(monday, days=6)
    assert len(questions(monday, "ada")) == 1
    await later(monday, days=1, minutes=1)
    assert [asked.count("Still true?") for asked in questions(monday, "ada")] == [3, 3]
    for _ in range(4):
        await later(monday, days=7, minutes=1)
    assert sum(asked.count("Still true?") for asked in questions(monday, "ada")) <= 7


async def test_questions_of_one_message_are_answered_one_by_one(monday: World) -> None:
    for words in ("card declined", "no change given"):
        await monday.log(f"pay: {words} !abandon", user="ben")
    await later(monday, days=30)
    message = told(monday, "ben")[-1]
    assert plain(message).count("Still true?") == 2
    await press(monday, "ben", message, "Still true")
    assert "P-1 counts as confirmed from today." in plain(message)
    assert "✓ P-1: still true. Thank you." in plain(message)
    assert plain(message).count("Still true?") == 1
    await press(monday, "ben", message, "Fixed")
    assert "✔ P-2: fixed. Thank you." in plain(message)
    assert "Still true?" not in plain(message)


async def test_questions_wait_for_the_persons_own_morning(monday: World) -> None:
    rows(
        monday,
        "UPDATE people SET zone = 'America/Los_Angeles', work_from = '10:00', work_days = '12' "
        "WHERE name = 'ben'",
    )
    await monday.log("pay: card declined !abandon", user="ben")
    await later(monday, days=28, hours=-1)
    await later(monday, days=1)
    rows(monday, "UPDATE items SET check_at = '2020-01-01 00:00:00.000000'")
    rows(monday, "UPDATE due SET next_at = '2020-01-01 00:00:00.000000'")
    await later(monday, seconds=1)
    assert questions(monday, "ben") == [], "it is Tuesday, one in the night, in Los Angeles"
    await later(monday, hours=10)
    assert len(questions(monday, "ben")) == 1


async def test_who_is_on_leave_is_asked_nothing_and_the_next_one_is(monday: World) -> None:
    card = await monday.log("pay: card declined !abandon", user="ben")
    await monday.slack.react("cleo", card, "+1")
    rows(monday, "UPDATE people SET paused_until = '2099-01-01 00:00:00.000000' WHERE name = 'ben'")
    await later(monday, days=30)
    assert questions(monday, "ben") == []
    assert len(questions(monday, "cleo")) == 1


async def test_a_pause_that_begins_while_a_question_waits_is_kept(monday: World) -> None:
    await monday.log("pay: card declined !abandon", user="ben")
    await later(monday, days=30, hours=8)  # it is six in the evening
    assert [row["kind"] for row in rows(monday, "SELECT kind FROM deliveries WHERE kind = 'ask'")] == ["ask"]
    rows(monday, "UPDATE people SET paused_until = '2099-01-01 00:00:00.000000' WHERE name = 'ben'")
    await later(monday, hours=16)
    assert questions(monday, "ben") == []
    await later(monday, seconds=1)
    assert len(questions(monday, "ada")) == 1, "the map's owner is asked instead"


async def test_not_my_area_is_remembered_for_the_stage_and_the_next_one_is_asked(monday: World) -> None:
    card = await monday.log("pay: card declined !abandon", user="ben")
    await monday.slack.react("cleo", card, "+1")
    await later(monday, days=30)
    reply = await press(monday, "ben", told(monday, "ben")[-1], "Not my area")
    assert reply.ok
    assert "I'll ask somebody else, and won't ask you about Pay again." in plain(told(monday, "ben")[-1])
    await later(monday, minutes=1)
    assert len(questions(monday, "cleo")) == 1
    await monday.log("pay: no change given !abandon", user="ben")
    await monday.log("eat: cold plates !abandon", user="ben")
    await later(monday, days=30)
    assert [("Pay" in one, "Eat" in one) for one in questions(monday, "ben")] == [(False, True)]


async def test_changed_opens_the_form_and_keeps_the_old_words(monday: World) -> None:
    card = await monday.log("pay: card declined !abandon", user="ben")
    await monday.slack.react("cleo", card, "+1")
    await later(monday, days=30)
    refused = await press(monday, "cleo", card, "more", option="Is it still true?")
    assert refused.ephemeral
    nobody = await press(monday, "cleo", refused.ephemeral, "Changed")
    assert "Only the author of P-1 and editors of this map can do that." in nobody.text, "nobody asked her"
    await later(monday, days=5)
    form = (await monday.slack.click("cleo", told(monday, "cleo")[-1], "Changed")).view
    assert form, "a voter who was asked may correct it"
    await monday.slack.submit("cleo", form, {"text": "card declined in the garden"})
    await shown(monday, card, "card declined in the garden")
    await shown(monday, card, "✓ confirmed today")
    edited = next(change for change in history(monday) if change["what"] == "edited")
    assert '"text":"card declined"' in edited["before"]


async def test_a_round_is_started_by_hand(monday: World) -> None:
    await monday.log("pay: card declined", user="ben")
    await monday.log("eat: cold plates", user="ben")
    assert "Only editors" in (await monday.slack.command("cleo", "product", "/journey", "check pay")).text
    unknown = await monday.slack.command("ada", "product", "/journey", "check zzz")
    assert "I don't know a stage called “zzz”." in unknown.text
    reply = await monday.slack.command("ada", "product", "/journey", "check pay")
    assert "I'll ask about one item on Pay." in reply.text
    await later(monday, seconds=1)
    assert questions(monday, "ben")[0].count("Still true?") == 1
    await press(monday, "ben", told(monday, "ben")[-1], "Still true")
    assert (
        "There is nothing to ask on Pay"
        in (await monday.slack.command("ada", "product", "/journey", "check pay")).text
    )
    assert (
        "I'll ask about one item on Dinner"
        in (await monday.slack.command("ada", "product", "/journey", "check")).text
    )


async def test_what_waits_for_my_word_is_on_the_home_tab(monday: World) -> None:
    await monday.log("pay: card declined !abandon", user="ben")
    await later(monday, days=30)
    reply = await monday.slack.command("ben", "product", "/journey")
    assert "One question waits for your word." in reply.text
    assert reply.ephemeral
    asked = await press(monday, "ben", reply.ephemeral, "Answer")
    assert asked.ephemeral
    await press(monday, "ben", asked.ephemeral, "Still true")
    assert "waits for your word" not in (await monday.slack.command("ben", "product", "/journey")).text


async def test_evidence_confirms_when_its_author_says_so(monday: World) -> None:
    card = await monday.log("pay: card declined !abandon", user="ben")
    form = (await monday.slack.click("cleo", card, "Add evidence")).view
    assert form
    reply = await monday.slack.submit("cleo", form, {"text": "My card did not work"})
    assert reply.view
    assert "○ to check" in await listed(monday, "show P-1")
    await press(monday, "cleo", reply.view, "P-1 is still true")
    assert "✓ confirmed today" in await listed(monday, "show P-1")


async def test_guests_and_people_who_left_are_not_asked(monday: World) -> None:
    await monday.log("pay: card declined !abandon", user="ben")
    give_role(monday, "ben", "viewer")
    await later(monday, days=30)
    assert questions(monday, "ben") == []
    assert len(questions(monday, "ada")) == 1


async def test_a_made_up_message_is_no_message(monday: World) -> None:
    card = await monday.log("pay: card declined", user="ben")
    item = rows(monday, "SELECT id FROM items")[0]["id"]
    before = count(monday, "changes")
    forged = {"action_id": "check.true|0", "value": f"{item} {'0' * 26}"}
    reply = await monday.slack.click("ben", card, "Vote", forge=forged)
    await monday.until(lambda: reply.seen)
    assert "I can't find that any more." in reply.text
    assert count(monday, "changes") == before


async def test_the_clock_finds_what_is_due_without_looking_at_the_rest(monday: World) -> None:
    for statement, index in (
        (checks._DUE, "ix_items_check"),
        (due._WANTED, "ix_items_check"),
        (due._WANTED, "ix_maps_organisation_id_look_at"),
        (due._WANTED, "ix_due_claim"),
        (due._SCHEDULES, "ix_schedules_organisation_id_next_at"),
        (due._SETTLE, "ix_items_check"),
        (pulses._MAPPED, "ix_items_felt"),
    ):
        sql = statement.compiled("sqlite").sql
        plan = rows(monday, f"EXPLAIN QUERY PLAN {sql}", *["x"] * (sql.count("?") - 1), 50)
        assert any(index in row["detail"] for row in plan), (index, plan)


# --- working hours -------------------------------------------------------------------------------------------


def person(**changes: Any) -> Person:
    known = {"id": "p", "organisation_id": "o", "name": "ben", "role": "member", "zone": "Europe/Berlin"}
    row = blank(Person) | known | {"created_at": datetime(2026, 1, 1, tzinfo=UTC)} | changes
    return cast(Person, SimpleNamespace(**row))


@pytest.mark.parametrize(
    ("now", "welcome"),
    [
        ("2026-03-02 07:00", "2026-03-02 08:00"),  # Monday, before nine in Berlin
        ("2026-03-02 08:00", "2026-03-02 08:00"),
        ("2026-03-02 15:59", "2026-03-02 15:59"),
        ("2026-03-02 16:00", "2026-03-03 08:00"),
        ("2026-03-06 16:00", "2026-03-09 08:00"),  # over the weekend
        ("2026-03-27 16:00", "2026-03-30 07:00"),  # and over the change of the clocks
    ],
)
def test_a_question_is_welcome_within_working_hours(now: str, welcome: str) -> None:
    moment, then = (datetime.fromisoformat(f"{at}+00:00") for at in (now, welcome))
    assert welcome_from(person(), moment) == then


def test_a_pause_ends_on_its_day_and_nobody_is_welcome_to_who_is_gone() -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    back = datetime(2026, 3, 10, 23, tzinfo=UTC)
    assert welcome_from(person(paused_until=back), now) == datetime(2026, 3, 11, 8, tzinfo=UTC)
    assert welcome_from(person(gone_at=now), now) is None
    assert welcome_from(person(work_days=""), now) is None
