"""Maps: started, shown in channels, and read at a glance."""

import pytest

from bot.playground.reading import plain
from tests.peek import buttons, count, give_role, hurry, offered, press, retire_stage, rows, tampered
from tests.world import World

TEMPLATES = [
    "SaaS onboarding",
    "E-commerce purchase",
    "B2B sale",
    "Support case",
    "Retail visit",
    "Restaurant visit",
]


async def test_the_form_of_a_new_map_offers_every_template_and_says_what_is_wrong(world: World) -> None:
    form = (await world.slack.command("ada", "product", "/journey", "new Dinner with friends")).view
    assert form
    shown = plain(form)
    assert "Start a journey map" in shown
    assert "[Dinner with friends]" in shown
    options = next(block for block in form.blocks if block["block_id"] == "template")["element"]["options"]
    assert {option["text"]["text"] for option in options} == set(TEMPLATES)
    picked = {"template": "Retail visit"}
    empty = await world.slack.submit("ada", form, {"name": " \u200b ", **picked}, unchecked=True)
    assert empty.errors == {"name": "Please write a few words here."}
    long = await world.slack.submit("ada", form, {"name": "x" * 81, **picked}, unchecked=True)
    assert long.errors == {"name": "80 characters at most, please: these are 81."}
    nonsense = {"text": {"type": "plain_text", "text": "x"}, "value": "nonsense"}
    none = await world.slack.submit("ada", form, {"name": "Dinner", "template": nonsense}, unchecked=True)
    assert none.errors == {"template": "Please pick a template."}
    assert count(world, "maps") == 0
    done = await world.slack.submit("ada", form, {"template": "Restaurant visit"})
    assert "Dinner is ready, with 7 stages." in done.text
    assert "Try it: /pain discover: what hurts there." in done.text


async def test_a_name_that_is_taken_says_how_to_use_the_map_that_has_it(world: World) -> None:
    await world.start_map()
    form = (await world.slack.command("ben", "general", "/journey", "new")).view
    assert form
    reply = await world.slack.submit(
        "ben", form, {"name": "Dinner with Friends!", "template": "Retail visit"}
    )
    assert reply.errors == {
        "name": "There is a map of that name already. Choose another name, or show that map in a channel with "
        "/journey use dinner-with-friends."
    }
    done = await world.slack.submit("ben", form, {"name": "Dinner alone"})
    assert "Dinner alone is ready" in done.text


async def test_a_form_of_a_new_map_from_an_older_version_comes_back_with_what_was_typed(world: World) -> None:
    form = (await world.slack.command("ada", "product", "/journey", "new")).view
    assert form
    tampered(world, form, version="0")
    typed = {"name": "Dinner", "persona": "Nina", "goal": "a good evening", "template": "B2B sale"}
    again = await world.slack.submit("ada", form, typed)
    assert again.view
    for words in ("older version", "[Dinner]", "[Nina]", "[a good evening]", "[B2B sale ▾]"):
        assert words in plain(again.view)
    assert "Dinner is ready, with 8 stages." in (await world.slack.submit("ada", again.view)).text


async def test_the_persona_and_goal_that_were_typed_are_the_maps(world: World) -> None:
    form = (await world.slack.command("ada", "product", "/journey", "new")).view
    assert form
    typed = {
        "name": "Dinner",
        "persona": "Nina, buys for 12",
        "goal": "a good evening",
        "template": "Restaurant visit",
    }
    await world.slack.submit("ada", form, typed)
    shown = await world.slack.command("ada", "product", "/journey", "map")
    assert "Current state · Nina, buys for 12 · Goal: a good evening" in shown.text


async def test_a_map_from_a_direct_message_says_how_to_show_it_in_a_channel(world: World) -> None:
    form = (await world.slack.command("ada", world.slack.direct("ada"), "/journey", "new")).view
    assert form
    done = await world.slack.submit("ada", form, {"name": "Dinner", "template": "Restaurant visit"})
    assert "Show it in a channel: type /journey use dinner there." in done.text
    assert count(world, "bindings") == 0


async def test_a_channel_shows_a_map_that_is_named_or_picked_and_says_so_once(world: World) -> None:
    await world.start_map()
    await world.start_map("Lunch", channel="general")
    named = await world.slack.command("ben", "random", "/journey", "use dinner")
    assert "This channel now shows Dinner with friends. Log with /pain discover: …" in named.text
    await world.until(lambda: any("thanks to ben" in plain(m) for m in world.messages("random")))
    again = await world.slack.command("ben", "random", "/journey", "use Dinner with friends")
    assert "This channel already shows Dinner with friends." in again.text
    asked = await world.slack.command("ben", "random", "/journey", "use")
    assert "Which map should this channel show?" in asked.text
    assert asked.ephemeral
    assert offered(asked.ephemeral, "map.bind") == ["Dinner with friends", "Lunch"]
    assert buttons(asked.ephemeral) == ["Start from a template"]
    picked = await press(world, "ben", asked.ephemeral, "map.bind", option="Lunch")
    assert "This channel now shows Lunch." in picked.text
    hurry(world)
    greetings = [m for m in world.messages("random") if "Dinner with friends now lives" in plain(m)]
    assert len(greetings) == 1


async def test_using_a_map_that_is_not_there_names_those_that_are(world: World) -> None:
    nothing = await world.slack.command("ben", "random", "/journey", "use dinner")
    assert "There are no maps yet. Start one from a template: it takes a minute." in nothing.text
    assert nothing.ephemeral
    assert buttons(nothing.ephemeral) == ["Start from a template"]
    await world.start_map()
    await world.start_map("Lunch", channel="general")
    wrong = await world.slack.command("ben", "random", "/journey", "use breakfast")
    assert "I don't know a map called “breakfast”. The maps are Dinner with friends, Lunch." in wrong.text


@pytest.mark.parametrize("typed", ["use dinner", "digest"])
async def test_what_needs_a_channel_says_so_in_a_direct_message(world: World, typed: str) -> None:
    await world.start_map()
    reply = await world.slack.command("ben", world.slack.direct("ben"), "/journey", typed)
    assert "That works in a channel. Go to the channel of your map and try it there." in reply.text


async def test_a_map_reads_at_a_glance(world: World) -> None:
    await world.start_map()
    empty = await world.slack.command("ada", "product", "/journey", "map")
    assert "Nothing logged yet. /pain discover: … is a good first line." in empty.text
    assert "⚪ Pay" in empty.text
    assert "nothing yet" in empty.text
    await world.log("pay: card declined\ntwice, for valid cards " + "and again " * 20 + "!abandon")
    await world.log("pay: no change given !trivial")
    await world.log("pay: by phone", command="/idea")
    await world.log("eat: bread at once", command="/gain")
    shown = (await world.slack.command("ada", "product", "/journey", "map")).text
    assert "Pay hurts most: card declined twice, for valid cards and again" in shown
    assert "… ▲ 0" in shown, "long words are cut, and say so"
    assert "🔴 Pay" in shown
    assert "2 pains · 1 idea" in shown
    assert "🟢 Eat" in shown
    assert "★ moment of truth · 🔴 stops the journey · 🟠 workaround · 🟡 annoys · 🟢 no open pain" in shown


async def test_a_stage_picked_on_the_map_lists_its_items(world: World) -> None:
    await world.start_map()
    await world.log("pay: card declined")
    reply = await world.slack.command("ada", "product", "/journey", "map dinner")
    assert reply.ephemeral
    listed = await press(world, "ada", reply.ephemeral, "list.stage", option="Pay")
    assert "Dinner with friends: Pay, most wanted first" in listed.text
    assert "P-1 Pay · card declined" in listed.text


async def test_the_hurt_on_a_stage_that_was_retired_is_still_shown_with_its_name(world: World) -> None:
    await world.start_map()
    await world.log("pay: card declined")
    retire_stage(world, "pay")
    shown = await world.slack.command("ada", "product", "/journey", "map")
    assert "Pay hurts most: card declined" in shown.text
    listed = await world.slack.command("ada", "product", "/journey", "list")
    assert "P-1 Pay · card declined" in listed.text


async def test_which_map_is_asked_where_the_channel_shows_none_of_several(world: World) -> None:
    await world.start_map()
    alone = await world.slack.command("ada", "random", "/journey", "map")
    assert "Dinner with friends" in alone.text, "the only map needs no asking"
    await world.start_map("Lunch", channel="general")
    asked = await world.slack.command("ada", "random", "/journey", "map")
    assert "This channel shows no map. Which one do you mean?" in asked.text
    assert asked.ephemeral
    assert buttons(asked.ephemeral) == ["Dinner with friends", "Lunch", "Start from a template"]
    shown = await press(world, "ada", asked.ephemeral, "Lunch")
    assert "Lunch\nCurrent state" in shown.text


async def test_home_says_where_we_are_and_help_what_to_type(world: World) -> None:
    await world.start_map()
    home = await world.slack.command("ben", "product", "/journey")
    assert "This channel shows Dinner with friends." in home.text
    assert "Dinner with friends · dinner-with-friends" in home.text
    assert home.ephemeral
    picked = await press(world, "ben", home.ephemeral, "Open the map")
    assert "★ moment of truth" in picked.text
    for word in ("help", "?", "HELP"):
        text = (await world.slack.command("ben", "product", "/journey", word)).text
        for command in (
            "/pain",
            "/idea",
            "/quote",
            "/gain",
            "/journey map",
            "/journey show P-12",
            "/journey new",
        ):
            assert command in text
        assert "/pain discover: what hurts there logs a pain." in text, "what is copied from here works here"
    assert "/pain checkout: " in (await world.slack.command("ben", "random", "/journey", "help")).text


async def test_a_private_channel_is_asked_to_invite_the_bot_and_keeps_its_digest(world: World) -> None:
    form = (await world.slack.command("ada", "leads", "/journey", "new")).view
    assert form
    done = await world.slack.submit("ada", form, {"name": "Board", "template": "B2B sale"})
    assert "This channel is private: invite me with /invite @Mapkeeper, so that I can post here." in done.text
    assert rows(world, "SELECT name, private FROM places") == [{"name": "private-channel", "private": 1}]
    reply = await world.slack.command("ben", "leads", "/pain", "demo: the demo takes an hour")
    assert "Got it: P-1 on Demo." in reply.text
    direct = world.slack.direct("ben")
    await world.until(
        lambda: any(
            "P-1 is on the map, but I can't post in #private-channel" in plain(m) for m in direct.messages
        )
    )


async def test_a_member_who_starts_a_map_owns_it(world: World) -> None:
    await world.start_map(user="cleo")
    card = await world.log("pay: card declined", user="ben")
    give_role(world, "cleo", "member")
    form = await world.slack.click("cleo", card, "Edit")
    assert form.opened
