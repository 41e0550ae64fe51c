"""Replies in the thread of a card are comments of its item."""

from typing import Any

from bot.playground.reading import plain
from bot.playground.things import Message
from bot.slack_manifest import COMMENT_EVENTS
from tests.load import at_rest
from tests.load import rows as told
from tests.peek import count, history, press, rows
from tests.world import World


async def changed(world: World, reply: Message, subtype: str, **fields: Any) -> None:
    """Slack tells that a reply was changed or taken back."""
    message = {"user": reply.user, "ts": reply.ts, "thread_ts": reply.thread_ts, "text": reply.text}
    told = (
        await world.slack.event(
            "message", channel=reply.channel, channel_type="channel", subtype=subtype, **fields
        )
        if fields
        else await world.slack.event(
            "message",
            channel=reply.channel,
            channel_type="channel",
            subtype=subtype,
            deleted_ts=reply.ts,
            previous_message=message,
        )
    )
    assert told.status == 200


async def replied(world: World, card: Message, text: str, user: str = "ben") -> Message:
    """Somebody replies to a card."""
    await at_rest(world)  # by then its message is known as ours
    said = await world.slack.say(user, "product", text, card)
    assert said.status == 200
    assert said.posted
    return said.posted


async def test_a_reply_is_a_comment_counted_on_the_card_and_shown(each_world: World) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined")
    first = await replied(world, card, "Also with <our> own card")
    await replied(world, card, "We know the terminal", "cleo")
    await world.until(lambda: "2 comments" in plain(card))
    shown = await world.slack.command("ada", "product", "/journey", "show P-1")
    assert "Said in its thread\nben: Also with <our> own card" in shown.text
    assert shown.text.index("ben: ") < shown.text.index("cleo: We know the terminal")

    message = {
        "user": first.user,
        "ts": first.ts,
        "thread_ts": first.thread_ts,
        "text": "Also with a gift card",
    }
    await changed(world, first, "message_changed", message=message)
    shown = await world.slack.command("ada", "product", "/journey", "show P-1")
    assert "ben: Also with a gift card" in shown.text
    await changed(world, first, "message_deleted")
    await world.until(lambda: "1 comment" in plain(card))
    shown = await world.slack.command("ada", "product", "/journey", "show P-1")
    assert "gift card" not in shown.text


async def test_what_came_too_late_or_twice_changes_nothing(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined")
    late = world.slack.world.ts()
    reply = await replied(world, card, "the words as they are")
    again = {"user": reply.user, "ts": reply.ts, "thread_ts": card.ts, "text": "older words"}
    event = {"type": "message", "channel": card.channel, "channel_type": "channel", "event_ts": late}
    assert (
        await world.slack.send_event({**event, "subtype": "message_changed", "message": again})
    ).status == 200
    twice = {**event, "event_ts": reply.ts, "user": reply.user, "ts": reply.ts, "thread_ts": card.ts}
    assert (await world.slack.send_event({**twice, "text": "the words as they are"})).status == 200
    assert rows(world, "SELECT text FROM comments") == [{"text": "the words as they are"}]
    assert rows(world, "SELECT comments FROM items") == [{"comments": 1}]
    assert [row["what"] for row in history(world)].count("commented") == 1


async def test_what_is_said_under_a_card_of_an_archived_map_is_kept_and_its_history_rests(
    each_world: World,
) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined")
    await replied(world, card, "Also with our own card")
    await world.until(lambda: "1 comment" in plain(card))
    asked = (await world.slack.command("ada", "product", "/journey", "archive")).ephemeral
    assert asked
    await press(world, "ada", asked, "Archive it")
    changes = "SELECT what FROM changes ORDER BY revision"
    before = told(world.keeper.settings.database_url, changes)
    said = await replied(world, card, "We know the terminal", "cleo")
    await world.until(lambda: "2 comments" in plain(card))
    await changed(world, said, "message_deleted")
    await world.until(lambda: "1 comment" in plain(card))
    await replied(world, card, "It is the old terminal", "cleo")
    await world.until(lambda: "2 comments" in plain(card))
    assert told(world.keeper.settings.database_url, changes) == before
    await press(world, "ada", asked, "Restore")
    shown = await world.slack.command("ada", "product", "/journey", "show P-1")
    assert "ben: Also with our own card\ncleo: It is the old terminal" in shown.text


async def test_what_is_said_elsewhere_is_dropped_without_a_write(world: World) -> None:
    await world.start_map()
    await world.log("pay: card declined")
    said = (await world.slack.say("ben", "product", "Lunch?")).posted
    assert said
    before = count(world, "people"), count(world, "seen")
    for who, thread in (("cleo", said), ("gil", None)):
        heard = await world.slack.say(who, "product", "Yes, at noon", thread)
        assert heard.status == 200
    assert count(world, "comments") == 0
    assert (count(world, "people"), count(world, "seen")) == before, "not even who said it"


async def test_without_the_right_to_hear_messages_nothing_is_missing_but_comments(world: World) -> None:
    world.slack.subscriptions = {"reaction_added"}
    await world.start_map()
    card = await world.log("pay: card declined")
    assert not (await world.slack.say("ben", "product", "Me too", card)).sent
    world.slack.subscriptions = set(COMMENT_EVENTS)
    await at_rest(world)
    assert (await world.slack.say("ben", "product", "Me too", card)).sent
    await world.until(lambda: "1 comment" in plain(card))
