"""Waiting for something to become true, woken by what happens and not by a clock."""

import asyncio
from collections.abc import Callable


class Changes:
    """A bell that rings whenever the world changes."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everyone who waits, so that they look again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, predicate: Callable[[], object], within: float = 30.0) -> None:
        """Return once the predicate holds; TimeoutError when it does not within `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while not predicate():
                    await self.next()
        except TimeoutError:
            if not predicate():
                raise TimeoutError(f"still not true after {within} s") from None

    async def next(self) -> None:
        """Return when the bell rings the next time."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    async def until_rung(self, within: float) -> bool:
        """Return when the bell rings, or after `within` seconds; whether it rang."""
        try:
            async with asyncio.timeout(within):
                await self.next()
        except TimeoutError:
            return False
        return True
