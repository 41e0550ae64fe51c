"""A channel's own settings: where a line without a stage goes, and which cards are posted there."""

import pytest

from bot.playground.reading import plain
from bot.playground.replies import Reply
from tests.peek import give_role, history, hurry, press
from tests.world import World

VOTES, DIGEST = "Cards with enough votes", "None, only the weekly digest"


@pytest.fixture
async def dinner(each_world: World) -> World:
    """The restaurant's map in #product, which ada owns, on each kind of database."""
    await each_world.start_map()
    return each_world


async def settled(world: World, user: str = "ada", channel: str = "product", **chosen: str) -> Reply:
    """Somebody sends the channel's form with those choices."""
    form = (await world.slack.command(user, channel, "/journey", "channel")).view
    assert form
    return await world.slack.submit(user, form, dict(chosen))


def cards(world: World, channel: str = "product") -> list[str]:
    """The items whose cards stand in a channel."""
    return [plain(card).split()[1] for card in world.messages(channel) if "▲" in plain(card)]


async def test_with_a_default_stage_a_line_needs_none(dinner: World) -> None:
    done = await settled(dinner, stage="Pay")
    assert "Saved for Dinner with friends in this channel." in done.text
    assert "/pain your words is enough: without a stage they go to Pay." in done.text
    typed = await dinner.slack.command("ben", "product", "/pain", "the terminal freezes")
    assert "Got it: P-1 on Pay." in typed.text
    named = await dinner.slack.command("ben", "product", "/pain", "order: no prices")
    assert "Got it: P-2 on Order." in named.text
    await settled(dinner, stage="No stage: I ask each time")
    asked = await dinner.slack.command("ben", "product", "/pain", "the terminal freezes again")
    assert "Which stage of Dinner with friends is this about?" in asked.text


async def test_a_card_is_posted_when_it_has_its_votes_and_the_digest_tells_all(dinner: World) -> None:
    await dinner.slack.command("ada", "random", "/journey", "use dinner")
    done = await settled(dinner, channel="random", noise=VOTES, from_votes="2")
    assert "A card is posted here when it has 2 votes. The digest still tells of all." in done.text
    card = await dinner.log("pay: card declined")
    await dinner.log("pay: no change given")
    await dinner.slack.react("ben", card, "+1")
    hurry(dinner)
    await dinner.until(lambda: "▲ 1" in plain(card))
    assert cards(dinner, "random") == []
    await dinner.slack.react("cleo", card, "+1")
    hurry(dinner)
    await dinner.until(lambda: cards(dinner, "random") == ["P-1"])
    await dinner.slack.react("ada", card, "+1")
    hurry(dinner)
    await dinner.until(lambda: "▲ 3" in plain(dinner.messages("random")[-1]))
    assert cards(dinner, "random") == ["P-1"], "it is posted once, and redrawn"
    digest = await dinner.slack.command("ada", "random", "/journey", "digest")
    assert "card declined" in digest.text
    assert "no change given" in digest.text


async def test_a_channel_that_wants_the_digest_alone_gets_no_cards(dinner: World) -> None:
    await settled(dinner, noise=DIGEST)
    await dinner.slack.command("ada", "random", "/journey", "use dinner")
    await dinner.log("pay: card declined", channel="random")
    hurry(dinner)
    await dinner.until(lambda: cards(dinner, "random") == ["P-1"])
    assert cards(dinner) == []
    assert "card declined" in (await dinner.slack.command("ada", "product", "/journey", "digest")).text


async def test_a_change_is_in_the_history_once_and_none_where_nothing_changed(world: World) -> None:
    await world.start_map()
    for _ in range(2):
        await settled(world, noise=VOTES, from_votes="5")
    told = [row for row in history(world) if row["subject"] == "channel"]
    assert [(row["what"], row["before"], row["after"]) for row in told] == [
        ("edited", '{"noise":"every","from_votes":0}', '{"noise":"votes","from_votes":5}')
    ]


async def test_what_is_wrong_in_the_form_is_said_at_its_field(world: World) -> None:
    await world.start_map()
    form = (await world.slack.command("ada", "product", "/journey", "channel")).view
    assert form
    wrong = await world.slack.submit("ada", form, {"noise": VOTES, "from_votes": ""}, unchecked=True)
    assert wrong.errors == {"from_votes": "A whole number from 1 to 999, please."}


async def test_only_the_maps_editors_and_who_bound_the_channel_change_it(world: World) -> None:
    await world.start_map()
    await world.slack.command("cleo", "random", "/journey", "use dinner")
    refused = await world.slack.command("ben", "random", "/journey", "channel")
    assert "Only editors of this map can do that. Ask ada, who owns it." in refused.text
    assert (await world.slack.command("cleo", "random", "/journey", "channel")).opened
    elsewhere = await world.slack.command("cleo", "product", "/journey", "channel")
    assert "Only editors of this map can do that. Ask ada, who owns it." in elsewhere.text
    give_role(world, "ben", "editor")
    assert (await world.slack.command("ben", "random", "/journey", "channel")).opened


async def test_a_channel_with_several_maps_is_asked_which_and_one_with_none_offers_one(world: World) -> None:
    await world.start_map()
    await world.start_map("Lunch", channel="general")
    nothing = await world.slack.command("ada", "random", "/journey", "channel")
    assert "This channel shows no map." in nothing.text
    assert nothing.ephemeral
    bound = await press(world, "ada", nothing.ephemeral, "map.bind", option="Lunch")
    assert (await press(world, "ada", bound.ephemeral or nothing.ephemeral, "Channel settings")).opened
    await world.slack.command("ada", "random", "/journey", "use dinner")
    asked = await world.slack.command("ada", "random", "/journey", "channel")
    assert "This channel shows more than one map. Which one is this about?" in asked.text
    assert asked.ephemeral
    assert (await press(world, "ada", asked.ephemeral, "channel.edit", option="Lunch")).opened
    assert (await world.slack.command("ada", "random", "/journey", "channel lunch")).opened
    other = await world.slack.command("ada", "product", "/journey", "channel lunch")
    assert "This channel does not show Lunch. /journey use lunch changes that." in other.text
