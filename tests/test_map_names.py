"""A map named in front of a stage, in a command or in a line to log: the one that is meant, and no other."""

import pytest

from tests.peek import buttons, press
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
