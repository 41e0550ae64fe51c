"""What an admin sets for all maps: how long a word holds, and which reactions are votes."""

from typing import Any

import pytest

from bot.playground.reading import plain
from tests.peek import give_role, hurry, rows
from tests.world import World


@pytest.fixture
async def dinner(world: World) -> World:
    """A map, and Ada as its admin."""
    await world.start_map()
    give_role(world, "ada", "admin")
    return world


async def sent(world: World, **values: Any) -> Any:
    """The form, sent with these values."""
    form = (await world.slack.command("ada", "product", "/journey", "organisation")).view
    assert form is not None
    return await world.slack.submit("ada", form, values, unchecked=True)


async def test_what_is_logged_from_now_on_goes_by_the_new_half_life(dinner: World) -> None:
    reply = await sent(dinner, workaround="10")
    assert "Saved, for all maps." in reply.text
    assert "pains that need a workaround: asked about after 10 days" in reply.text
    await dinner.log("pay: card declined")
    (item,) = rows(dinner, "SELECT julianday(check_at) - julianday(created_at) AS days FROM items")
    assert round(item["days"]) == 10
    form = (await dinner.slack.command("ada", "product", "/journey", "organisation")).view
    assert "[10]" in plain(form)


@pytest.mark.parametrize(
    ("days", "asked", "stale"),
    [("90", 90, 135), ("50", 50, 75), ("20", 40, 50)],
    ids=["longer", "shorter", "late"],
)
async def test_what_is_open_goes_by_it_too_and_nothing_is_stale_before_somebody_is_asked(
    dinner: World, days: str, asked: int, stale: int
) -> None:
    dinner.keeper.ticks.stop()
    await dinner.log("pay: card declined", user="ben")
    await dinner.log("pay: nothing but an error page !trivial", user="ben")
    dinner.clock.skip(days=40)
    await sent(dinner, workaround=days)
    await dinner.keeper.tick()
    other, item = rows(
        dinner,
        "SELECT julianday(check_at) - julianday(created_at) AS asked, julianday(stale_at) - julianday(created_at)"
        " AS stale, (SELECT count(*) FROM prompts WHERE subject_id = items.id) AS prompts FROM items"
        " ORDER BY severity",
    )
    assert (round(other["asked"]), round(other["stale"]), other["prompts"]) == (120, 180, 0)
    assert (round(item["stale"]), item["prompts"]) == (stale, int(asked <= 40))
    assert item["prompts"] or round(item["asked"]) == asked


async def test_a_reaction_of_the_organisations_own_is_a_vote(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    await sent(dinner, emoji=":+1: :rocket:")
    await dinner.slack.react("ben", card, "rocket")
    await dinner.slack.react("cleo", card, "heart")
    hurry(dinner)
    await dinner.until(lambda: "▲ 1" in plain(card))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("workaround", "6", "A whole number of days from 7 to 730, please."),
        ("gain", "soon", "A whole number of days from 7 to 730, please."),
        ("emoji", "<!channel>", "“<!channel>” is not the name of an emoji."),
        ("emoji", " ".join(f":e{number}:" for number in range(21)), "20 at most, please."),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(dinner: World, field: str, value: str, said: str) -> None:
    reply = await sent(dinner, **{field: value})
    assert said in reply.errors[field]


async def test_only_admins_may(dinner: World) -> None:
    give_role(dinner, "ben", "editor")
    reply = await dinner.slack.command("ben", "product", "/journey", "organisation")
    assert reply.view is None
    assert "admin" in reply.text
