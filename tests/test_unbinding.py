"""A map is taken off a channel: it is asked first, told there, and can be shown there again."""

import pytest

from bot.playground.reading import plain
from tests.peek import count, history, press, rows
from tests.test_private_maps import made_private, sees
from tests.world import World


@pytest.fixture
async def dinner(world: World) -> World:
    """ben's map in #product, with an item of cleo's; ada is an admin."""
    await world.slack.command("ada", "random", "/journey")
    await world.start_map(user="ben")
    await world.log("pay: card declined twice", user="cleo")
    return world


async def taken_off(world: World) -> str:
    """ben takes the map off #product; what he was asked."""
    asked = (await world.slack.command("ben", "product", "/journey", "unbind")).ephemeral
    assert asked
    words = plain(asked)
    done = await press(world, "ben", asked, "Take it off")
    assert "Dinner with friends is off #product." in done.text
    await world.until(lambda: "ben took Dinner with friends off this channel." in plain(world.messages()[-1]))
    return words


async def test_a_channel_shows_a_map_no_longer_and_its_cards_stay_as_they_are(dinner: World) -> None:
    card = dinner.messages()[1]
    asked = await taken_off(dinner)
    assert "Take Dinner with friends off #product?" in asked
    assert "Its digest comes here no more." in asked
    before = plain(card)
    await dinner.slack.react("cleo", card, "+1")
    assert rows(dinner, "SELECT votes FROM items") == [{"votes": 0}]
    said = await dinner.slack.command("cleo", "product", "/pain", "pay: no change given")
    assert "This channel shows no map." in said.text
    await dinner.slack.command("ben", "random", "/pain", "dinner/pay: only in my pocket")
    assert plain(card) == before
    assert [row["what"] for row in history(dinner)][-1] == "unbound"
    assert count(dinner, "bindings") == 0


async def test_shown_again_it_is_told_of_from_then_on(dinner: World) -> None:
    asked = (await dinner.slack.command("ben", "product", "/journey", "unbind")).ephemeral
    assert asked
    await press(dinner, "ben", asked, "Take it off")
    await press(dinner, "ben", asked, "Show it here again")
    assert (
        "card declined twice" not in (await dinner.slack.command("ben", "product", "/journey", "digest")).text
    )
    await dinner.log("pay: no change given", user="cleo")
    told = (await dinner.slack.command("ben", "product", "/journey", "digest")).text
    assert "no change given" in told
    assert "card declined twice" not in told.partition("Quiet")[0].partition("hurts most")[2]
    assert count(dinner, "schedules") == 1, "its digest goes on"


async def test_only_those_who_may_change_what_the_channel_gets_take_a_map_off_it(dinner: World) -> None:
    refused = await dinner.slack.command("cleo", "product", "/journey", "unbind")
    assert "Ask ben" in refused.text
    assert count(dinner, "bindings") == 1


async def test_who_saw_a_private_map_through_the_channel_sees_it_no_more(dinner: World) -> None:
    await made_private(dinner)
    await dinner.slack.command("cleo", "product", "/journey", "list")
    assert await sees(dinner, "cleo", "general")
    asked = await taken_off(dinner)
    assert "Who is in this channel belongs to the map no more, unless they are named." in asked
    assert not await sees(dinner, "cleo", "general")
    assert not await sees(dinner, "cleo", "product")
    assert await sees(dinner, "ben", "general")
