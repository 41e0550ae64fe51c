"""The operator's look at the queue: what waits, what was set aside and why; sent again, or dropped."""

import asyncio
import json

import pytest

from bot.cli import main
from bot.queue import look, settle
from tests.load import at_rest, cards, eventually, states, told, until
from tests.test_delivery import log_all, url
from tests.world import World


async def seen(world: World, *, as_json: bool = False) -> str:
    """What `mapkeeper queue` prints."""
    return await asyncio.to_thread(look, world.keeper.settings, as_json=as_json)


async def poisoned(world: World) -> str:
    """A card that Slack refuses is set aside; its id."""
    await world.start_map()
    await at_rest(world)
    world.slack.faults.add("chat.postMessage", "error", error="invalid_blocks", channel="C0PRODUCT")
    await log_all(world, 1)
    await until(world, "SELECT count(*) FROM deliveries WHERE state = 'dead'", [(1,)])
    return str(json.loads(await seen(world, as_json=True))["set_aside"][0]["id"])


async def test_an_empty_queue_says_so(each_world: World) -> None:
    await at_rest(each_world)
    assert await seen(each_world) == "Nothing waits, and nothing was set aside."


async def test_what_was_set_aside_is_told_with_its_reason_and_where_and_no_words(each_world: World) -> None:
    delivery = await poisoned(each_world)
    said = await seen(each_world)
    assert f"{delivery}  card, not sent, slack T0ACME #product" in said
    assert "invalid_blocks" in said
    assert "mapkeeper queue retry ID…" in said
    assert "declined" not in said


async def test_what_was_set_aside_is_sent_again_once_the_reason_is_gone(each_world: World) -> None:
    delivery = await poisoned(each_world)
    said, well = await asyncio.to_thread(settle, each_world.keeper.settings, "retry", [delivery])
    assert (said, well) == ("1 waits to be sent.", True)
    each_world.keeper.sender.wake()
    await eventually(lambda: list(cards(each_world.messages())), lambda found: found == ["P-1"])


async def test_what_was_set_aside_is_dropped_and_never_sent(each_world: World) -> None:
    await poisoned(each_world)
    said, well = await asyncio.to_thread(settle, each_world.keeper.settings, "drop", ["ALL"])
    assert (said, well) == ("1 dropped.", True)
    assert states(each_world).get("dead") is None


async def test_an_id_that_is_not_there_is_said_and_what_only_waits_cannot_be_dropped(world: World) -> None:
    await world.start_map()
    await at_rest(world)
    await world.keeper.sender.stop()
    await world.slack.command("ada", "product", "/pain", "pay: it hurts")
    told(url(world), "UPDATE deliveries SET id = 'waits' WHERE state = 'waiting'")
    said, well = await asyncio.to_thread(settle, world.keeper.settings, "drop", ["waits", "nothing"])
    assert not well
    assert said.count("was not set aside") == 2
    assert states(world)["waiting"] >= 1


def test_the_command_asks_which(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert main(["queue"]) == 0
    assert "Nothing waits" in capsys.readouterr().out
    assert main(["queue", "retry"]) == 2
    assert "which?" in capsys.readouterr().err
