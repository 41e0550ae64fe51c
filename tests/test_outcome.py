"""Whoever waits for a unit of work goes on at once, and can be cancelled like everybody else."""

import asyncio
from contextvars import ContextVar

import pytest

from storage.outcome import Outcome

WHERE = ContextVar("where", default="nowhere")


class Waiter:
    """A task that waits for an outcome, and what it has heard."""

    def __init__(self) -> None:
        self.outcome = Outcome(asyncio.get_running_loop())
        self.heard: list[object] = []
        self.task = asyncio.ensure_future(self._wait())

    async def _wait(self) -> None:
        WHERE.set("in the task")
        try:
            self.heard.append(await self.outcome)
        except (ValueError, asyncio.CancelledError) as error:
            self.heard.append(error)
            raise
        finally:
            self.heard.append(WHERE.get())

    async def settled(self, result: object, error: Exception | None = None) -> list[object]:
        """What it had heard as soon as the outcome was settled, by a callback of the loop."""
        heard: list[object] = []

        def settle() -> None:
            self.outcome.settle(result, error)
            heard.extend(self.heard)

        asyncio.get_running_loop().call_soon(settle)
        await asyncio.wait([self.task])
        return heard


@pytest.fixture
async def waiter() -> Waiter:
    """It has begun to wait."""
    waiter = Waiter()
    await asyncio.sleep(0)
    assert waiter.heard == []
    return waiter


async def test_whoever_waits_has_gone_on_once_it_is_settled(waiter: Waiter) -> None:
    assert await waiter.settled("saved") == ["saved", "in the task"]


async def test_an_error_is_raised_where_somebody_waits(waiter: Waiter) -> None:
    error = ValueError("full")
    assert await waiter.settled(None, error) == [error, "in the task"]
    assert waiter.task.exception() is error


async def test_within_another_task_it_is_settled_for_the_next_turn(waiter: Waiter) -> None:
    waiter.outcome.settle("saved")
    assert waiter.heard == []
    await waiter.task
    assert waiter.heard == ["saved", "in the task"]


async def test_what_is_settled_before_anybody_waits_is_there(waiter: Waiter) -> None:
    early = Outcome(asyncio.get_running_loop())
    early.settle(7)
    assert await early == 7
    waiter.task.cancel()


async def test_it_is_settled_once(waiter: Waiter) -> None:
    waiter.outcome.settle("saved")
    waiter.outcome.settle(None, ValueError("too late"))
    assert await waiter.outcome == "saved"
    assert waiter.outcome.cancel() is False


async def test_who_is_cancelled_while_waiting_hears_of_it_and_not_of_what_comes_after(waiter: Waiter) -> None:
    waiter.task.cancel("enough")
    assert waiter.heard == []
    waiter.outcome.settle("saved")
    with pytest.raises(asyncio.CancelledError):
        await waiter.task
    (cancelled, where) = waiter.heard
    assert isinstance(cancelled, asyncio.CancelledError)
    assert where == "in the task"


async def test_who_waits_too_long_is_told(waiter: Waiter) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(waiter.task, 0.01)
    assert isinstance(waiter.heard[0], asyncio.CancelledError)
