"""The clock only ticks: APScheduler fires short ticks in every replica, and the database says what is due."""

import time
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage.errors import StorageError

log = structlog.get_logger("clock")

Tick = Callable[[], Awaitable[object]]


class Clock:
    """Ticks by name, each at its interval in seconds."""

    def __init__(self, ticks: dict[str, tuple[float, Tick]]) -> None:
        self._ticks = ticks
        self.last: dict[str, float] = {}  # when each came to its end, on the monotonic clock
        self._scheduler: AsyncIOScheduler | None = None

    def start(self) -> None:
        """Begins to tick."""
        # A late tick is still a tick: what it finds due does not depend on when it comes.
        scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for name, (seconds, tick) in self._ticks.items():
            scheduler.add_job(self._guarded, "interval", args=(name, tick), seconds=seconds, id=name)
            self.last[name] = time.monotonic()
        scheduler.start()
        self._scheduler = scheduler

    def stop(self) -> None:
        """Stops ticking; a tick that is cut off left its lease, and the next one takes it up."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _guarded(self, name: str, tick: Tick) -> None:
        try:
            await tick()
            self.last[name] = time.monotonic()
        except StorageError as error:
            log.warning("tick missed", tick=name, error=type(error).__name__)
        except Exception:
            log.exception("tick broken", tick=name)
