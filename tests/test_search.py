"""Search: items by the words they say, spelling forgiven."""

import pytest
from sqlmodel import select

from bot.playground.reading import entities, plain
from handlers.terms import grams
from scheduler.reading import read_changes
from storage.connection import Connection
from storage.database import new_id
from storage.models import JourneyMap
from storage.statements import Statement
from storage.store import Store
from tests.peek import press, rows
from tests.world import World

_ORGANISATION = Statement[JourneyMap](select(JourneyMap))


@pytest.fixture
async def library(each_world: World) -> World:
    """A map with a few items, already read into the index of words, on each kind of database."""
    world = each_world
    await world.start_map()
    await world.log("pay: card declined for valid cards")
    await world.log("book: no table for six online @reservation page")
    await world.log("order: “the allergen list is from spring” — Amira Haddad, Acme", command="/quote")
    await world.log("pay: split the bill by phone", command="/idea")
    await read_changes(world.keeper.database, new_id)
    return world


async def found(world: World, text: str, user: str = "ada", channel: str = "product") -> str:
    """What `/journey search …` answers."""
    reply = await world.slack.command(user, channel, "/journey", f"search {text}")
    assert reply.ok
    return reply.text


async def test_items_are_found_by_their_words_their_touchpoint_and_their_speaker(library: World) -> None:
    assert "P-1 Pay · card declined for valid cards" in await found(library, "declined card")
    assert "P-2" in await found(library, "reservation")
    assert "Q-1" in await found(library, "amira")
    assert "Q-1" in await found(library, "acme")


async def test_a_misspelt_word_is_understood_and_said(library: World) -> None:
    text = await found(library, "alergen")
    assert "Q-1" in text
    assert "I read “alergen” as allergen." in text
    assert "P-1" in await found(library, "decliend")


async def test_a_word_is_found_by_its_beginning(library: World) -> None:
    assert "P-1" in await found(library, "decl")


async def test_a_word_is_found_among_hundreds_that_begin_and_end_like_it(library: World) -> None:
    many = [f"order{number}" for number in range(1000, 1400)]

    def learn(connection: Connection) -> None:
        organisation_id = connection.one(_ORGANISATION).organisation_id
        for word in many:
            Store(connection, organisation_id, new_id).search.learn(word, grams(word))

    await library.keeper.database.write(learn, patience=30)
    await library.log("pay: order1399 was charged twice")
    await library.log("pay: orders wait for the terminal")
    await read_changes(library.keeper.database, new_id)
    assert "P-3" in await found(library, "order1399")
    assert "P-4" in await found(library, "ordres terminla")


async def test_what_was_logged_a_moment_ago_is_found_before_the_clock_has_read_it(library: World) -> None:
    await library.log("eat: the soup arrives lukewarm")
    assert "P-3" in await found(library, "lukewarm")


async def test_what_was_removed_is_not_found_any_more(library: World) -> None:
    reply = await library.slack.command("ada", "product", "/journey", "show P-1")
    assert reply.ok
    card = next(message for message in library.messages() if message.text.startswith("P-1 "))
    await press(library, "ada", card, "more", option="Remove")
    assert "P-1 Pay" not in await found(library, "declined")
    await read_changes(library.keeper.database, new_id)
    assert "Nothing on your maps says “declined”" in await found(library, "declined")


async def test_nothing_found_says_what_to_do_next_and_logs_the_words_on_a_click(library: World) -> None:
    reply = await library.slack.command("ada", "product", "/journey", "search parking garage")
    assert (
        "Nothing on your maps says “parking garage”. Try fewer words or another one, or log it." in reply.text
    )
    assert "What are you looking for?" in await found(library, "")


async def test_hostile_words_stay_words(library: World) -> None:
    reply = await library.slack.command("ada", "product", "/journey", "search <!channel> %_\\ ' OR 1=1 --")
    assert "Nothing on your maps says “<!channel> %_\\ ' OR 1=1 --”" in reply.text
    assert reply.ephemeral
    assert entities(reply.ephemeral.blocks) == []


async def test_what_was_found_nowhere_is_logged_in_the_same_words(each_world: World) -> None:
    world = each_world
    await world.start_map()
    nothing = (await world.slack.command("ada", "product", "/journey", "search voucher expired")).ephemeral
    assert nothing
    which_stage = (await press(world, "ada", nothing, "Log it as a pain")).ephemeral
    assert which_stage
    await press(world, "ada", which_stage, "log.stage", option="Pay")
    await world.until(lambda: "P-1 · Pay" in plain(world.messages()[-1]))
    assert "voucher expired" in plain(world.messages()[-1])

    await world.slack.command("ada", "general", "/journey", "use dinner-with-friends")
    await world.start_map("Lunch", "general")
    nothing = (
        await world.slack.command("ada", "general", "/journey", "search eat: waiters invisible")
    ).ephemeral
    assert nothing
    which_map = await press(world, "ada", nothing, "Log it as a pain")
    assert "Which one is this for? I kept what you wrote." in which_map.text
    assert which_map.ephemeral
    assert "Got it: P-1 on Eat" in (await press(world, "ada", which_map.ephemeral, "Lunch")).text
    await world.until(lambda: "waiters invisible" in plain(world.messages("general")[-1]))


async def test_a_few_letters_before_a_stroke_are_words_and_a_whole_name_is_a_map(library: World) -> None:
    await library.start_map("Shop", "random")
    await library.log("pay: s/m sizes of plates are missing")
    assert "P-3" in await found(library, "s/m sizes")
    assert "P-3" in await found(library, "dinner-with-friends/sizes")
    nothing = (await library.slack.command("ada", "product", "/journey", "search shop/m sizes")).ephemeral
    assert nothing
    assert "Nothing on Shop says “m sizes”" in plain(nothing)
    everywhere = await press(library, "ada", nothing, "Search all maps")
    assert "“shop/m sizes”" in everywhere.text
    assert "P-3" in everywhere.text


async def test_what_was_not_found_on_a_map_is_logged_on_that_map(world: World) -> None:
    await world.start_map()
    form = (await world.slack.command("ada", "random", "/journey", "new")).view
    assert form
    await world.slack.submit("ada", form, {"template": "ecommerce-purchase", "name": "Shop"})
    form = (await world.slack.command("ada", "product", "/journey", "channel")).view
    assert form
    await world.slack.submit("ada", form, {"stage": "Pay"})
    found = (await world.slack.command("ada", "product", "/journey", "search shop/voucher refused")).ephemeral
    assert found
    asked = await press(world, "ada", found, "Log it as a pain")
    assert asked.ephemeral
    assert "Which stage of Shop" in asked.text
    await press(world, "ada", asked.ephemeral, "log.stage|0", option="Checkout")
    (logged,) = rows(world, "SELECT items.text, maps.name FROM items JOIN maps ON maps.id = map_id")
    assert logged == {"text": "voucher refused", "name": "Shop"}
