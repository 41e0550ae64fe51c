"""What one coroutine waits for, and goes on with at once when it is there.

A Future lets the event loop go on with whoever waits in its next turn. Everybody who writes waits so, once, and the
turn is 3–4 % of a log alone. What a task needs of an object to wait for it is little:
https://docs.python.org/3/library/asyncio-future.html#asyncio.isfuture
"""

import asyncio
from collections.abc import Callable, Generator
from contextvars import Context
from typing import Any

Wakeup = Callable[["Outcome"], object]


class Outcome:
    """A result or an error, waited for by one task at most; all of it happens in that task's event loop."""

    __slots__ = ("_asyncio_future_blocking", "_context", "_error", "_loop", "_result", "_wakeup", "done")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._asyncio_future_blocking = False  # a task sees by it that it shall wait
        self._loop = loop
        self._wakeup: Wakeup | None = None
        self._context: Context | None = None
        self._result: Any = None
        self._error: BaseException | None = None
        self.done = False

    def settle(self, result: Any, error: BaseException | None = None) -> None:
        """The first time it is called whoever waits goes on, before it returns; within a task, in the next turn."""
        if self.done:
            return
        self.done, self._result, self._error = True, result, error
        if self._wakeup is None or self._context is None:
            return
        if asyncio.current_task(self._loop) is None:
            self._context.run(self._wakeup, self)
        else:  # one task cannot run within another
            self._loop.call_soon(self._wakeup, self, context=self._context)

    def __await__(self) -> Generator[Any, None, Any]:
        if not self.done:
            self._asyncio_future_blocking = True
            yield self
        return self.result()

    def result(self) -> Any:
        """What came of it; raises what went wrong."""
        if self._error is not None:
            raise self._error
        return self._result

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """The event loop in which it is settled."""
        return self._loop

    def add_done_callback(self, wakeup: Wakeup, *, context: Context) -> None:
        """By this a task tells how to wake it."""
        self._wakeup, self._context = wakeup, context

    def cancel(self, msg: str | None = None) -> bool:
        """The task that waits is cancelled, and hears of it in the loop's next turn; false where it was settled."""
        if self.done:
            return False
        self.done, self._error = True, asyncio.CancelledError(*filter(None, [msg]))
        if self._wakeup is not None:
            self._loop.call_soon(self._wakeup, self, context=self._context)
        return True
