"""What a digest tells: every sort of change, three of each, the rest in its thread, and what its channel wants."""

from typing import Any

import pytest

from bot.playground.reading import plain
from tests.load import at_rest
from tests.peek import rows
from tests.test_digest import digests
from tests.test_schedules import asked, filled, weeks_go_by
from tests.world import World


@pytest.fixture
async def dinner(world: World) -> World:
    """A map with one pain, its digest on Mondays at nine."""
    world.keeper.ticks.stop()  # each test says when the clock ticks
    await world.start_map()
    await world.log("pay: card declined")
    return world


async def threads(world: World) -> list[str]:
    """What stands in the thread of the newest digest."""
    digest = next(one for one in reversed(world.messages()) if plain(one).startswith("Dinner with friends, "))
    return [plain(one) for one in world.messages() if one.thread_ts == digest.ts and one is not digest]


async def saved(world: World, **values: Any) -> None:
    """The channel's digest is set so."""
    reply = await filled(world, await asked(world), **values)
    assert "Saved" in reply.text, reply


async def test_three_of_each_stand_in_the_channel_and_the_rest_in_the_thread(dinner: World) -> None:
    for number in range(5):
        await dinner.log(f"eat: soup number {number} is cold")
    await weeks_go_by(dinner)
    (told,) = digests(dinner)
    assert "6 new" in told
    assert "and 3 more in the thread" in told
    assert told.count("🟠") == 3
    (rest,) = await threads(dinner)
    assert rest.count("🟠") == 3
    together = told + rest
    assert all(f"soup number {number} is cold" in together for number in range(5))


async def test_without_a_rest_there_is_no_thread(dinner: World) -> None:
    await weeks_go_by(dinner)
    assert len(digests(dinner)) == 1
    assert await threads(dinner) == []


async def test_the_first_one_explains_itself_and_later_ones_do_not(dinner: World) -> None:
    await weeks_go_by(dinner)
    await dinner.log("eat: the soup is cold")
    await weeks_go_by(dinner)
    first, second = digests(dinner)
    assert "/journey schedule says when it comes" in first
    assert "/journey schedule" not in second


async def test_what_is_argued_about_and_what_goes_stale_is_told(dinner: World) -> None:
    await weeks_go_by(dinner)
    pain = rows(dinner, "SELECT id FROM items")[0]["id"]
    rows(
        dinner,
        "UPDATE items SET check_at = '2020-01-01 00:00:00.000000', stale_at = check_at WHERE id = ?",
        pain,
    )
    rows(dinner, "UPDATE items SET stale_at = '2020-01-01 00:00:00.000000' WHERE id = ?", pain)
    rows(dinner, "UPDATE due SET next_at = '2020-01-01 00:00:00.000000'")
    await dinner.keeper.tick()
    await weeks_go_by(dinner)
    told = digests(dinner)[-1]
    assert "1 going stale" in told
    assert "card declined" in told


async def test_a_stage_that_fell_quiet_is_news_once_and_can_be_logged_on(dinner: World) -> None:
    rows(dinner, "UPDATE organisations SET half_lives = 'workaround=3650'")
    await weeks_go_by(dinner)
    before = len(digests(dinner))
    rows(dinner, "UPDATE items SET check_at = NULL, stale_at = NULL")
    await weeks_go_by(dinner, 9)
    told = digests(dinner)
    assert len(told) == before + 1
    assert "1 stage fell quiet" in told[-1]
    assert "Quiet or unheard?\n⚪ Pay ★  nothing for" in told[-1]
    await weeks_go_by(dinner)
    assert len(digests(dinner)) == before + 1, "it was told"


async def test_a_channel_leaves_out_what_it_does_not_want(dinner: World) -> None:
    await saved(dinner, includes=["rising", "fixed"])
    await weeks_go_by(dinner)
    assert digests(dinner) == [], "only something new, and that is left out"


async def test_nobody_is_called_unless_the_channel_says_so(dinner: World) -> None:
    await dinner.log("eat: the soup is cold", user="ben")
    await saved(dinner, mention=dinner.slack.person("ben").id)
    await weeks_go_by(dinner)
    digest = next(
        one for one in reversed(dinner.messages()) if plain(one).startswith("Dinner with friends, ")
    )
    called = [
        element
        for block in digest.blocks
        if block["type"] == "rich_text"
        for section in block["elements"]
        for element in section["elements"]
        if element["type"] == "user"
    ]
    assert called == [{"type": "user", "user_id": dinner.slack.person("ben").id}]
    await saved(dinner, mention=None)
    await dinner.log("order: nobody came for ages")
    await weeks_go_by(dinner)
    newest = next(
        one for one in reversed(dinner.messages()) if plain(one).startswith("Dinner with friends, ")
    )
    assert '"user"' not in str(newest.blocks)


async def test_the_thread_comes_once_also_where_the_digest_is_tried_again(dinner: World) -> None:
    for number in range(5):
        await dinner.log(f"eat: soup number {number} is cold")
    await at_rest(dinner)
    dinner.slack.faults.add("chat.postMessage", "rate_limited", retry_after=1)
    await weeks_go_by(dinner)
    await dinner.until(lambda: any("the rest of it" in plain(one) for one in dinner.messages()))
    assert len(digests(dinner)) == 1
    assert len(await threads(dinner)) == 1
