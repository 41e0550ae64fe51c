"""Words that were typed where no map is yet: they wait for it, and go on where it is there."""

from bot.playground.reading import plain
from tests.peek import press, rows
from tests.test_capture import RESTAURANT
from tests.world import World


async def test_with_no_map_anywhere_the_words_wait_for_the_first_one(world: World) -> None:
    reply = await world.slack.command("ben", "product", "/pain", "pay: card declined twice")
    assert "This channel shows no map. Start one from a template: it takes a minute." in reply.text
    assert "I kept what you wrote." in reply.text
    assert "> pay: card declined twice" in reply.text
    assert reply.ephemeral
    form = await press(world, "ben", reply.ephemeral, "Start from a template")
    assert form.view
    done = await world.slack.submit("ben", form.view, {"template": RESTAURANT, "name": "Dinner"})
    assert "Dinner is ready, with 7 stages." in done.text
    assert "Got it: P-1 on Pay" in done.text
    await world.until(lambda: any("card declined twice" in plain(m) for m in world.messages()))


async def test_a_stage_without_words_waits_for_its_map_and_opens_its_form(each_world: World) -> None:
    world = each_world
    await world.start_map(channel="random")
    reply = await world.slack.command("ben", "product", "/pain", "pay !abandon")
    assert "I kept what you wrote." in reply.text
    assert reply.ephemeral
    shown = await press(world, "ben", reply.ephemeral, "map.bind", option="Dinner with friends")
    assert "This channel now shows Dinner with friends." in shown.text
    assert "Ready when you are: one click opens the form." in shown.text
    assert shown.ephemeral
    form = (await press(world, "ben", shown.ephemeral, "Open the form")).view
    assert form
    assert "Stage: [Pay ▾]" in plain(form)
    done = await world.slack.submit("ben", form, {"text": "card declined"})
    assert "Got it: P-1 on Pay." in done.text
    await world.until(lambda: any("P-1 · Pay · stops the journey" in plain(m) for m in world.messages()))


async def test_words_whose_stage_the_new_map_does_not_know_wait_in_its_form(world: World) -> None:
    reply = await world.slack.command("ben", "product", "/pain", "checkout: card declined twice")
    assert reply.ephemeral
    form = await press(world, "ben", reply.ephemeral, "Start from a template")
    assert form.view
    done = await world.slack.submit("ben", form.view, {"template": RESTAURANT, "name": "Dinner"})
    assert "I don't know a stage called “checkout” on Dinner." in done.text
    assert "> checkout: card declined twice" in done.text
    assert done.view
    logged = await press(world, "ben", done.view, "log.stage", option="Pay")
    assert "Got it: P-1 on Pay" in logged.text
    assert rows(world, "SELECT text FROM items") == [{"text": "card declined twice"}]


async def test_in_a_channel_without_a_map_an_existing_one_is_picked_bound_and_fed(dinner: World) -> None:
    reply = await dinner.slack.command("cleo", "general", "/pain", "pay: no cash accepted")
    assert "This channel shows no map. Use one that exists, or start one from a template." in reply.text
    assert "I kept what you wrote." in reply.text
    assert reply.ephemeral
    picked = await press(dinner, "cleo", reply.ephemeral, "map.bind", option="Dinner with friends")
    assert "This channel now shows Dinner with friends." in picked.text
    assert "Got it: P-1 on Pay" in picked.text
    await dinner.until(lambda: any("no cash accepted" in plain(m) for m in dinner.messages("general")))
    await dinner.until(lambda: any("no cash accepted" in plain(m) for m in dinner.messages("product")))


async def test_binding_with_a_stage_that_the_map_does_not_know_still_binds(dinner: World) -> None:
    reply = await dinner.slack.command("cleo", "general", "/pain", "cash desk: no cash accepted")
    assert reply.ephemeral
    picked = await press(dinner, "cleo", reply.ephemeral, "map.bind", option="Dinner with friends")
    assert "This channel now shows Dinner with friends." in picked.text
    assert "I don't know a stage called “cash desk” on Dinner with friends." in picked.text
    logged = await press(dinner, "cleo", reply.ephemeral, "log.stage", option="Pay")
    assert "Got it: P-1 on Pay" in logged.text


async def test_a_bare_command_without_a_map_says_nothing_of_kept_words(dinner: World) -> None:
    reply = await dinner.slack.command("cleo", "general", "/pain")
    assert "This channel shows no map." in reply.text
    assert "kept" not in reply.text
    await dinner.start_map("Lunch", "random")
    direct = dinner.slack.direct("cleo")
    asked = await dinner.slack.command("cleo", direct, "/pain")
    assert "kept" not in asked.text
    assert asked.ephemeral
    form = await press(dinner, "cleo", asked.ephemeral, "log.map", option="Dinner with friends")
    assert form.opened
    assert "Log a pain point" in form.text
