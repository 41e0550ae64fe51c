"""A map named in front of a stage, in a command or in a line to log: the one that is meant, and no other."""

import pytest

from bot.playground.reading import plain
from tests.peek import buttons, offered, press, rows
from tests.test_private_maps import PRIVATE
from tests.world import World


async def said(world: World, typed: str, *, command: str = "/journey", channel: str = "product") -> str:
    """What ada is answered."""
    return (await world.slack.command("ada", channel, command, typed)).text


async def archived(world: World, name: str) -> None:
    """A map is put away."""
    sure = (await world.slack.command("ada", "random", "/journey", f"archive {name}")).ephemeral
    assert sure
    assert "is archived" in (await press(world, "ada", sure, "Archive it")).text


@pytest.mark.parametrize("typed", ["uk/order", "u/order", "gb/order", "our big retail journey/order"])
async def test_a_short_name_of_another_map_is_no_slip_in_a_stages_name(each_world: World, typed: str) -> None:
    world = each_world
    await world.start_map("US")
    await world.start_map("UK", "random")
    await archived(world, "uk")
    form = (await world.slack.command("ada", "product", "/journey", "channel")).view
    assert form
    await world.slack.submit("ada", form, {"stage": "Pay"})
    asked = await world.slack.command("ada", "product", "/pain", f"{typed}: card declined")
    assert "Got it" not in asked.text
    assert f"> {typed}: card declined" in asked.text
    assert asked.ephemeral
    if typed == "uk/order":
        assert "I don't know a stage called “uk/order” on US. Did you mean one of these?" in asked.text
        assert buttons(asked.ephemeral)[0] == "Order"
    done = await press(world, "ada", asked.ephemeral, "log.stage", option="Arrive")
    assert "Got it: P-1 on Arrive." in done.text
    assert "Got it: P-2 on Order" in await said(world, "oder: the menu is a PDF", command="/pain")
    assert "Got it: P-3 on Order" in await said(world, "us/oder: no drinks in the app", command="/pain")
    assert "Got it: P-4 on Pay" in await said(
        world, "two and/or three waiters at once: none came", command="/pain"
    )


async def test_a_stage_with_a_stroke_in_its_name_comes_before_the_map_of_its_first_word(world: World) -> None:
    await world.start_map()
    await world.start_map("Shop", "random")
    dinner = rows(world, "SELECT id FROM maps WHERE name = 'Dinner with friends'")[0]["id"]
    stage = "SET name = 'Shop/Order', slug = 'shop-order' WHERE slug = 'pay' AND map_id = ?"
    rows(world, f"UPDATE stages {stage}", dinner)
    assert "Got it: P-1 on Shop/Order." in await said(world, "Shop/Order: card declined", command="/pain")
    assert "Shop/Order, most wanted first" in await said(world, "list shop/order pains")
    assert "How does Shop/Order feel" in await said(world, "pulse shop/order")
    assert "Shop: Eat" in await said(world, "list shop/eat")
    elsewhere = await said(world, "shop/order: card declined", command="/pain", channel="random")
    assert "Got it: P-1 on Order." in elsewhere
    assert "Got it: P-2 on Eat of Shop." in await said(world, "shop/eat: soup cold", command="/pain")


async def test_letters_within_other_words_name_no_stage_with_a_stroke(world: World) -> None:
    await world.start_map()
    rows(world, "UPDATE stages SET name = 'A/B', slug = 'a-b' WHERE slug = 'pay'")
    for typed in ("x/cabin", "x/a b", "a b/order"):
        name = typed.partition("/")[0]
        assert f"I don't know a map called “{name}”." in await said(world, f"list {typed}")
    assert "A/B, most wanted first" in await said(world, "list ideas on a/b")


@pytest.mark.parametrize("typed", ["use ???", "archive !!!", "map ???", "list ???/", "pulse ???/order"])
async def test_signs_alone_name_no_map(each_world: World, typed: str) -> None:
    await each_world.start_map("Mapping portal", "random")
    name = typed.partition(" ")[2].partition("/")[0]
    assert f"I don't know a map called “{name}”. The maps are Mapping portal." in await said(
        each_world, typed
    )


async def test_signs_in_front_of_a_stage_log_on_no_map_but_its_own(each_world: World) -> None:
    await each_world.start_map()
    for name in ("Stage", "🚀"):
        await each_world.start_map(name, "random")
    here = await said(each_world, "???/order: the menu is a PDF", command="/pain")
    assert "Got it: P-1 on Order." in here, "on the channel's own map"
    assert "Got it: P-1 on Order of 🚀." in await said(each_world, "🚀/order: no PDF", command="/pain")
    assert "🚀\nCurrent state" in await said(each_world, "map 🚀")


async def test_an_archived_map_is_not_taken_for_another_that_had_its_name(each_world: World) -> None:
    world = each_world
    await world.start_map("Shop", "random")
    form = (await world.slack.command("ada", "random", "/journey", "edit")).view
    assert form
    await world.slack.submit("ada", form, {"name": "Store"})
    assert "Store\nCurrent state" in await said(world, "map shop")
    await world.start_map("Shop")
    await archived(world, "shop")
    for typed in ("archive shop", "list shop", "map shop"):
        assert "Store?" not in (answer := await said(world, typed))
        assert "Shop is archived. /journey restore brings it back." in answer
    assert "of Store" not in await said(world, "shop/order: the menu is a PDF", command="/pain")


async def test_the_name_of_an_archived_map_tells_how_it_comes_back(each_world: World) -> None:
    world = each_world
    await world.start_map()
    await world.start_map("Shop", "random")
    await archived(world, "shop")
    for typed in ("map shop", "list shop", "show shop/P-1", "use shop", "pulse shop", "list shop/order"):
        assert "Shop is archived. /journey restore brings it back." in await said(world, typed)
    ben = await world.slack.command("ben", "product", "/journey", "map shop")
    assert ben.ephemeral
    assert buttons(ben.ephemeral) == [], "who may not bring it back"
    form = (await world.slack.command("ada", "random", "/journey", "new")).view
    assert form
    wrong = await world.slack.submit("ada", form, {"template": "restaurant-visit", "name": "Shop"})
    assert wrong.errors["name"].endswith("or bring that map back with /journey restore shop.")
    named = (await world.slack.command("ada", "random", "/journey", "restore shop")).ephemeral
    assert named
    assert "Bring Shop back?" in plain(named)
    assert "Shop is back, also in its channels." in (await press(world, "ada", named, "Restore")).text


async def test_a_map_is_found_by_its_name_where_a_hidden_one_has_its_slug(each_world: World) -> None:
    slack, world = each_world.slack, each_world
    await slack.command("ada", "random", "/journey")  # who comes first is the admin
    for user in ("ben", "cleo"):
        direct = slack.direct(user).id
        form = (await slack.command(user, direct, "/journey", "new")).view
        assert form
        assert (
            "Merger is ready"
            in (await slack.submit(user, form, {"template": "restaurant-visit", "name": "Merger"})).text
        )
        if user == "ben":
            edit = (await slack.command(user, direct, "/journey", "edit merger")).view
            assert edit
            sure = (await slack.submit(user, edit, {"seen": PRIVATE})).view
            assert sure
            await slack.submit(user, sure, {"people": []})
    direct = slack.direct("cleo").id
    logged = await slack.command("cleo", direct, "/pain", "merger/order: the menu is a PDF")
    assert "Got it: P-1 on Order" in logged.text
    assert "menu is a PDF" in (await slack.command("cleo", direct, "/journey", "show Merger/P-1")).text
    both = await world.slack.command("ada", "random", "/journey", "map")
    assert both.ephemeral
    assert buttons(both.ephemeral)[:2] == ["Merger (merger)", "Merger (merger-2)"]
    asked = await slack.command("ada", slack.direct("ada").id, "/pain", "the menu is long")
    assert asked.ephemeral
    assert offered(asked.ephemeral, "log.map") == ["Merger (merger)", "Merger (merger-2)"]
