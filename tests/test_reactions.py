"""A reaction on somebody's message asks whether it is to go on the map."""

from typing import Any

from bot.playground.reading import plain
from bot.playground.things import Message
from tests.peek import buttons, give_role, press, rows
from tests.world import World

MAP = "world_map"


async def said(world: World, text: str, *, user: str = "ben", channel: str = "product") -> Message:
    """Somebody wrote a message."""
    message = (await world.slack.say(user, channel, text)).posted
    assert message
    return message


def asked(world: World, user: str = "ada", channel: str = "product") -> list[Any]:
    """What Mapkeeper asks somebody in private, in a channel."""
    seen = world.slack.seen_by(user, channel)
    return [one for one in seen if one.only_for == world.slack.person(user).id and "on the map" in plain(one)]


async def test_who_reacts_is_asked_in_private_and_the_message_becomes_an_item(each_world: World) -> None:
    world = each_world
    await world.start_map()
    message = await said(world, "Guests <wait> ages to pay")
    await world.slack.react("ada", message, MAP)
    await world.until(lambda: asked(world))
    question = asked(world)[0]
    assert "You marked a message in #product. Shall it go on the map?" in plain(question)
    assert not asked(world, "ben"), "nobody else is asked"
    assert world.slack.calls_to("reactions.get") == [], "the words are read when the button is clicked"
    form = (await world.slack.click("ada", question, "Add it…")).view
    assert form
    done = await world.slack.submit("ada", form, {"kind": "pain abandon"})
    assert "Got it: P-1 on Pay." in done.text
    await world.until(lambda: "P-1 · Pay · stops the journey" in plain(world.messages()[-1]))
    card = plain(world.messages()[-1])
    assert "Guests <wait> ages to pay" in card
    assert "heard from ben" in card
    assert f"/p{message.ts.replace('.', '')}" in card

    await world.slack.unreact("ada", message, MAP)
    await world.slack.react("ada", message, MAP)
    await world.slack.react("ben", message, MAP)
    await world.until(lambda: asked(world, "ben"))
    known = asked(world, "ben")[0]
    assert "This message is on the map already: P-1 on Pay." in plain(known)
    assert buttons(known) == ["Show P-1", "Add it once more"]
    assert len(asked(world)) == 1, "nobody is asked twice about one message"


async def test_a_channel_names_its_own_reaction_or_none(world: World) -> None:
    await world.start_map()
    message = await said(world, "Guests wait")
    form = (await world.slack.command("ada", "product", "/journey", "channel")).view
    assert form
    wrong = await world.slack.submit("ada", form, {"capture": ":thumbsup:"})
    assert "That reaction is a vote already." in str(wrong.errors)
    await world.slack.submit("ada", form, {"capture": ":pushpin:"})
    await world.slack.react("ada", message, MAP)
    await world.slack.react("ada", message, "pushpin")
    await world.until(lambda: asked(world))
    assert len(rows(world, "SELECT id FROM drafts")) == 1, "the other reaction says nothing"


async def test_a_reaction_on_a_card_by_a_guest_or_without_any_map_asks_nothing(world: World) -> None:
    world.slack.channel("product").members.add(world.slack.bot.id)
    early = await said(world, "Guests wait")
    await world.slack.react("ada", early, MAP)
    await world.start_map()
    card = await world.log("pay: card declined")
    await world.slack.react("ada", card, MAP)
    await world.slack.command("gil", "product", "/journey")
    give_role(world, "gil", "viewer")
    await world.slack.react("gil", early, MAP)
    assert rows(world, "SELECT id FROM drafts") == []


async def test_a_message_that_is_gone_by_then_is_said_to_be(world: World) -> None:
    await world.start_map()
    message = await said(world, "Guests wait")
    await world.slack.react("ada", message, MAP)
    await world.until(lambda: asked(world))
    world.slack.world.remove(message)
    told = await press(world, "ada", asked(world)[0], "Add it…")
    assert "I could not read that message" in told.text
    draft = rows(world, "SELECT id FROM drafts")[0]["id"]
    card = await world.log("pay: card declined")
    forge = {"action_id": "message.form|0", "value": draft}
    forged = await world.slack.click("ben", card, "Vote", forge=forge)
    await world.until(lambda: forged.seen)
    assert "Those are somebody else's words." in forged.text
