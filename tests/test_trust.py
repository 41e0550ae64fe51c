"""How far an item is believed: what people say of it, and what silence does."""

from typing import Any

import pytest

from bot.playground.reading import plain
from bot.playground.replies import Reply
from bot.playground.things import Message
from tests.load import at_rest
from tests.peek import give_role, history, hurry, press, rows
from tests.world import World


async def says(world: World, user: str, card: Message, answer: str) -> Reply:
    """Somebody asks a card whether it is still true, and answers it."""
    asked = await press(world, user, card, "more", option="Is it still true?")
    assert asked.ephemeral
    return await press(world, user, asked.ephemeral, answer)


async def shown(world: World, card: Message, words: str) -> None:
    """The card comes to say so."""
    hurry(world)
    await world.until(lambda: words in plain(card))


async def later(world: World, **amount: float) -> None:
    """The clock strikes after that time, and everything that comes of it is sent."""
    world.clock.skip(**amount)
    await world.keeper.tick()
    await at_rest(world)


async def listed(world: World, what: str, user: str = "ada") -> str:
    return (await world.slack.command(user, "product", "/journey", what)).text


async def test_an_item_is_to_check_until_somebody_says_that_it_is_true(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined !abandon")
    assert "○ to check" in plain(card)
    assert "○ to check" in await listed(world, "list pay")
    reply = await says(world, "ben", card, "Still true")
    assert "P-1 counts as confirmed from today." in reply.text
    await shown(world, card, "✓ confirmed today")
    assert "✓ confirmed" in await listed(world, "list pay")
    assert "last confirmed today" in await listed(world, "map")
    change = history(world)[-1]
    assert change["what"] == "confirmed"
    assert '"trust":"hypothesis"' in change["before"]
    assert '"trust":"confirmed"' in change["after"]


@pytest.mark.parametrize(("severity", "days"), [("!abandon", 45), ("!workaround", 90), ("!trivial", 180)])
async def test_what_nobody_stands_by_is_stale_after_one_and_a_half_half_lives(
    world: World, severity: str, days: int
) -> None:
    await world.start_map()
    card = await world.log(f"pay: card declined {severity}")
    await later(world, days=days - 1)
    assert "○ to check" in plain(card)
    await later(world, days=1, seconds=1)
    await shown(world, card, "◌ stale")
    assert "1 stale" in await listed(world, "map")
    assert "P-1" in await listed(world, "list stale")
    assert "Nothing open fits that." in await listed(world, "list disputed")
    change = history(world)[-1]
    assert (change["what"], change["actor_id"]) == ("stale", None)
    await says(world, "ben", card, "Still true")
    await shown(world, card, "✓ confirmed today")
    assert "Nothing open fits that." in await listed(world, "list stale")


async def test_a_word_holds_from_when_it_was_last_given(each_world: World) -> None:
    await each_world.start_map()
    card = await each_world.log("pay: card declined !abandon")
    await later(each_world, days=40)
    await says(each_world, "ben", card, "Still true")
    await later(each_world, days=44)
    assert "✓ confirmed 44 days ago" in await listed(each_world, "show P-1")
    await later(each_world, days=1, seconds=1)
    assert "◌ stale" in await listed(each_world, "show P-1")


async def test_an_idea_is_no_claim_and_never_stale(world: World) -> None:
    await world.start_map()
    await world.log("pay: bring the terminal", command="/idea")
    await later(world, days=400)
    assert "○ to check" in await listed(world, "show I-1")


async def test_who_contradict_each_other_meet_in_the_thread_until_somebody_settles_it(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined !abandon", user="ben")
    await says(world, "ben", card, "Still true")
    reply = await says(world, "cleo", card, "Fixed")
    assert "it is shown as ⚡ disputed" in reply.text
    await shown(world, card, "⚡ disputed")
    await world.until(lambda: threads(world, card))
    thread = threads(world, card)[-1]
    assert "ben: still true. cleo: fixed." in plain(thread)
    assert "1 disputed" in await listed(world, "map")
    assert "P-1" in await listed(world, "list disputed")
    again = await press(world, "ben", thread, "Still true")
    assert "so it is shown as ⚡ disputed" in again.text, "a side does not settle it"
    settled = await press(world, "ada", thread, "Still true")
    assert "Settled: P-1 counts as confirmed from today." in settled.text
    await shown(world, card, "✓ confirmed today")
    assert [change["what"] for change in history(world)][-3:] == ["confirmed", "disputed", "confirmed"]
    assert len(threads(world, card)) == 1, "once"


async def test_a_card_that_is_in_no_channel_is_argued_about_in_a_post_of_its_own(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined", user="ben")
    await at_rest(world)
    rows(world, "DELETE FROM posts")
    await says(world, "ben", card, "Fixed")
    await says(world, "cleo", card, "Still true")
    await world.until(lambda: "P-1 is disputed." in plain(world.messages()[-1]))
    assert "card declined" in plain(world.messages()[-1])


async def test_two_who_say_fixed_have_the_owner_asked_to_close_it(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined", user="ben")
    assert "Once a second person says so" in (await says(world, "ben", card, "Fixed")).text
    assert "Once a second person says so" in (await says(world, "ben", card, "Fixed")).text, "one is one"
    assert "the owner is asked to close P-1" in (await says(world, "cleo", card, "Fixed")).text
    await world.until(lambda: told(world, "ada"))
    proposal = told(world, "ada")[-1]
    assert "ben, cleo say that P-1 is fixed. Close it?" in plain(proposal)
    await press(world, "ada", proposal, "Mark as fixed")
    await shown(world, card, "✔ resolved")
    assert "P-1 is closed already." in (await press(world, "ada", proposal, "Still true")).text


async def test_an_editor_who_says_fixed_may_close_it_at_once(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined", user="ben")
    await world.slack.command("cleo", "product", "/journey")
    give_role(world, "cleo", "editor")
    reply = await says(world, "cleo", card, "Fixed")
    assert "You may close P-1" in reply.text
    assert reply.ephemeral
    await press(world, "cleo", reply.ephemeral, "Mark as fixed")
    await shown(world, card, "✔ resolved")
    await later(world, days=100)
    assert "✔ resolved" in plain(card), "what is closed is not stale"


async def test_the_organisations_own_half_lives_are_obeyed(world: World) -> None:
    await world.start_map()
    rows(world, "UPDATE organisations SET half_lives = 'abandon=10 trivial=20'")
    await world.log("pay: card declined !abandon")
    await world.log("pay: the slip is thin !workaround")
    await later(world, days=15, seconds=1)
    assert "P-1" in await listed(world, "list stale")
    assert "P-2" not in await listed(world, "list stale")


async def test_a_pain_that_turns_out_worse_is_doubted_earlier(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined !trivial")
    form = (await world.slack.click("ada", card, "Edit")).view
    assert form
    await world.slack.submit("ada", form, {"severity": "abandon"})
    await later(world, days=45, seconds=1)
    assert "P-1" in await listed(world, "list stale")


def threads(world: World, card: Message) -> list[Any]:
    """What stands under a card."""
    return [message for message in world.messages() if message.thread_ts == card.ts and message.ts != card.ts]


def told(world: World, user: str) -> list[Any]:
    """What the bot told somebody in private."""
    person = world.slack.person(user)
    return [message for message in world.slack.direct(person).messages if message.by_bot]
