"""Coverage gaps: stages that nobody has talked about for long."""

from tests.peek import press
from tests.world import World


async def test_stages_without_news_are_named_with_a_button_to_log_there(each_world: World) -> None:
    world = each_world
    await world.start_map()
    await world.log("pay: card declined")
    reply = await world.slack.command("ada", "product", "/journey", "gaps")
    assert "Dinner with friends: quiet or unheard?" in reply.text
    assert "On 6 stages nothing was logged or confirmed for 60 days, or ever." in reply.text
    assert "⚪ Book ★  nothing yet" in reply.text or "⚪ Book  nothing yet" in reply.text
    assert "⚪ Pay" not in reply.text
    assert reply.ephemeral
    form = (await press(world, "ada", reply.ephemeral, "Log on Discover")).view
    assert form is not None
    logged = await world.slack.submit("ada", form, {"text": "Nobody finds the website"})
    assert "P-2 on Discover" in logged.text


async def test_a_stage_goes_quiet_after_sixty_days(world: World) -> None:
    await world.start_map()
    await world.log("pay: card declined")
    world.clock.skip(days=59)
    assert "⚪ Pay" not in (await world.slack.command("ada", "product", "/journey", "gaps")).text
    world.clock.skip(days=2)
    text = (await world.slack.command("ada", "product", "/journey", "gaps")).text
    assert "nothing for 61 days" in text
