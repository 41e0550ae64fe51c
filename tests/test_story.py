"""The core story, as people live it: log, vote, digest."""

from datetime import UTC, datetime, timedelta

from bot.playground.reading import plain
from tests.world import World


async def test_a_fresh_workspace_is_told_how_to_begin(each_world: World) -> None:
    reply = await each_world.slack.command("ada", "product", "/journey", "")
    assert "/journey new" in reply.text
    assert "Start from a template" in reply.text


async def test_starting_a_map_binds_the_channel_and_joins_it(each_world: World) -> None:
    world = each_world
    reply = await world.start_map(channel="random")
    assert "Dinner with friends is ready, with 7 stages" in plain(reply.view)
    assert world.slack.calls_to("conversations.join")
    assert "now lives in this channel, thanks to ada" in plain(world.messages("random")[-1])


async def test_a_logged_pain_gets_a_receipt_and_a_card(each_world: World) -> None:
    world = each_world
    await world.start_map()
    before = len(world.messages())
    reply = await world.slack.command(
        "ben", "product", "/pain", "pay: card declined twice for valid cards !abandon"
    )
    assert "Got it: P-1 on Pay." in reply.text
    assert "[Edit]" in reply.text
    assert "[Undo]" in reply.text
    await world.until(lambda: len(world.messages()) > before)
    card = plain(world.messages()[-1])
    assert "🔴 P-1 · Pay · stops the journey" in card
    assert "card declined twice for valid cards" in card
    assert "▲ 0 · ○ to check · from ben" in card


async def test_two_people_vote_and_the_card_shows_two(each_world: World) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: split the bill by phone", command="/idea")
    await world.slack.react("ben", card, "+1")
    clicked = await world.slack.click("cleo", card, "Vote")
    await world.until(lambda: "▲ 2" in plain(card))
    await world.until(lambda: clicked.ephemeral is not None)
    assert "Your vote counts on I-1" in clicked.text
    await world.slack.unreact("ben", card, "+1")
    await world.until(lambda: "▲ 1" in plain(card))


async def test_on_monday_the_channel_gets_what_changed(each_world: World) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined twice !abandon")
    await world.log("book: show free tables on the map", command="/idea", user="ben")
    await world.slack.react("ben", card, "+1")
    await world.until(lambda: "▲ 1" in plain(card))
    shown = await world.slack.command("ada", "product", "/journey", "digest")
    assert "2 new" in shown.text
    world.clock.to(next_monday(world.clock()))
    assert await world.keeper.tick() == 1
    await world.until(lambda: "2 new" in plain(world.messages()[-1]))
    digest = plain(world.messages()[-1])
    assert "Pay hurts most." in digest
    assert "P-1 Pay · card declined twice  ▲ 1" in digest
    world.clock.skip(weeks=1)
    before = len(world.messages())
    assert await world.keeper.tick() == 1
    assert len(world.messages()) == before, "an empty week posts nothing"


def next_monday(now: datetime) -> datetime:
    """A moment after the Monday digest of every zone in the cast."""
    days = (7 - now.weekday()) % 7 or 7
    return (now + timedelta(days=days)).astimezone(UTC).replace(hour=23, minute=0)
