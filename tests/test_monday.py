"""Monday at nine: the digests of thousands of channels fall due in the same minute, and people go on typing."""

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from bot.playground.slack import SlackStandIn
from tests.bench.processes import GENERATOR, SERVER, on_core, resident
from tests.load import eventually, one, served, told
from tests.monday import Monday, fill, open_channels, strike, workspace_of
from tests.test_soak import start_map
from tests.typist import Typist, typist

# What Slack lets through: about one a second and channel, some hundred a minute and workspace, with room for a burst.
CHANNEL, WORKSPACE = (11, 5.0), (410, 60.0)
GROWTH_MIB, ANSWER_MS, TIMES_IDLE = 60.0, 3000.0, 3.0


@pytest.mark.parametrize(
    ("monday", "idle"),
    [
        pytest.param(Monday(120, 30), 20, id="reduced"),
        pytest.param(Monday(10_000, 400), 1000, id="full", marks=pytest.mark.soak),
    ],
)
async def test_digests_that_fall_due_in_one_minute_leave_in_slacks_limits_while_people_are_answered(
    database_url: str, monday: Monday, idle: int
) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    async with AsyncExitStack() as stack:
        # The product has a core to itself, as in the benchmarks: our stand-in must not take from it.
        stack.enter_context(on_core(GENERATOR))
        slack = await stack.enter_async_context(SlackStandIn())
        with on_core(SERVER):
            process = await stack.enter_async_context(served(slack, database_url, program="tests.hurried"))
        open_channels(slack, monday)
        slack.faults.limit("chat.postMessage", *CHANNEL)
        slack.faults.limit("chat.postMessage", *WORKSPACE, workspace_of)
        await start_map(slack)
        told(database_url, "UPDATE bindings SET noise = 'digest'")  # the cards have a test of their own
        await asyncio.to_thread(fill, database_url, monday, now - timedelta(days=1), now)
        ada = await stack.enter_async_context(typist(slack, process.events_url))
        calm = [await _answered(ada) for _ in range(idle)]
        before = most = resident(process.pid)
        await asyncio.to_thread(strike, database_url)
        began, busy = time.monotonic(), list[float]()
        while (posted := _posted(slack)) < monday.channels:
            assert time.monotonic() - began < 600, f"{posted} of {monday.channels} came"
            busy.append(await _answered(ada))
            most = max(most, resident(process.pid))
        took = time.monotonic() - began
        waiting = "SELECT count(*) FROM deliveries WHERE kind = 'digest'"
        await eventually(lambda: one(database_url, waiting) == 0)
        calls = slack.calls_to("chat.postMessage")
        limited = [call for call in calls if call.outcome == "ratelimited"]
        standing = [len(slack.channel(f"c{number}").messages) for number in range(1, monday.channels + 1)]
    sys.stdout.write(
        f"\n{monday.channels} digests of {monday.workspaces} workspaces in {took:.0f} s, {len(limited)} limited;"
        f" {len(busy)} commands meanwhile, p99 {_p99(busy):.0f} ms, idle {_p99(calm):.0f} ms;"
        f" memory {before:.0f} MiB and {most - before:.0f} more\n"
    )
    assert standing == [1] * monday.channels
    assert limited == []
    assert max(busy) < ANSWER_MS, "Slack waits no longer"
    assert most - before <= GROWTH_MIB
    if idle >= 100:  # of fewer the slowest one in a hundred says nothing
        assert _p99(busy) <= TIMES_IDLE * _p99(calm)


async def _answered(ada: Typist) -> float:
    """Somebody logs a pain; how long they waited for the answer, in milliseconds."""
    wait, told = await ada.next()
    assert "Got it: P-" in told, told
    return wait


def _posted(slack: SlackStandIn) -> int:
    return sum(call.outcome == "ok" for call in slack.calls_to("chat.postMessage")) - 1  # the map's greeting


def _p99(waits: list[float]) -> float:
    return sorted(waits)[len(waits) * 99 // 100]
