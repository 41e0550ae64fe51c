"""Where there are more maps than one list holds, each is still found by its name and in its channel."""

import pytest

from tests.peek import offered, rows
from tests.world import World


@pytest.fixture
async def many(world: World) -> World:
    """#product shows the shop, which stands behind a hundred other maps."""
    await world.start_map("Shop")
    await world.log("order: voucher refused")
    journey, counter = (rows(world, f"SELECT * FROM {table}")[0] for table in ("maps", "counters"))
    for n in range(100):
        for table, row in (
            ("maps", journey | {"id": f"x{n:025d}", "slug": f"aa{n}", "name": f"AA {n:03d}"}),
            ("counters", counter | {"map_id": f"x{n:025d}"}),
        ):
            marks = ",".join("?" * len(row))
            rows(world, f"INSERT INTO {table} ({','.join(row)}) VALUES ({marks})", *row.values())
    return world


async def test_the_hundred_and_first_map_is_searched_by_name_and_from_its_channel(many: World) -> None:
    for typed, channel in (("shop/voucher", "random"), ("voucher", "product")):
        found = await many.slack.command("ada", channel, "/journey", f"search {typed}")
        assert "P-1" in found.text, typed


async def test_the_beginning_of_its_name_is_enough(many: World) -> None:
    used = await many.slack.command("ada", "random", "/journey", "use sho")
    assert "This channel now shows Shop." in used.text


@pytest.mark.parametrize(("command", "action"), [("/pain", "log.map"), ("/journey", "map")])
async def test_where_a_hundred_are_offered_the_rest_are_named(many: World, command: str, action: str) -> None:
    typed = "voucher refused twice" if command == "/pain" else "map"
    asked = await many.slack.command("ada", many.slack.direct("ada").id, command, typed)
    assert "These are the first 100: of another one, type the name." in asked.text
    assert asked.ephemeral
    assert len(offered(asked.ephemeral, action)) == 100
