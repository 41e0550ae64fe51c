"""The one thread that writes: it takes every unit of work that waits and commits them together.

Each unit has a savepoint of its own, so its failure is its own. Where the database ends the whole transaction
under us (a full disk does) or the commit fails, the units run again one by one; a unit that had been committed
after all finds what it left behind (dispatch: its `seen` row) and answers the same.
"""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from storage.connection import Connection
from storage.errors import Busy, StorageError, Unavailable

GROUP = 32

Unit = Callable[[Connection], Any]


class Job:
    """A unit of work on its way, and the future that waits for it."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self._claim = threading.Lock()

    def claim(self) -> bool:
        """Taken by the writer to be run, or by the one who waited too long: whoever is first."""
        return self._claim.acquire(blocking=False)


class Lost(Exception):
    """The transaction ended under the group: nothing of it is saved."""


class Writer:
    """Group commit: units in, results out after the commit."""

    def __init__(self, connect: Callable[[], Connection], woken: Callable[[], None]) -> None:
        self._connect = connect
        self._woken = woken
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def write(self, unit: Unit, patience: float) -> Any:
        """The unit's result once it is committed; raises Unavailable if it could not begin within `patience` s."""
        job = Job(unit)
        self._jobs.put(job)
        timer = job.loop.call_later(patience, self._expire, job)
        try:
            return await asyncio.shield(job.future)
        finally:
            timer.cancel()

    async def close(self) -> None:
        """Finishes what waits, then stops."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    @staticmethod
    def _expire(job: Job) -> None:
        if job.claim() and not job.future.done():
            job.future.set_exception(Unavailable("the database did not take the work in time"))

    def _work(self) -> None:
        open_for_work = True
        while open_for_work:
            group: list[Job] = []
            job = self._jobs.get()
            while True:
                if job is None:
                    open_for_work = False
                    break
                if job.claim():
                    group.append(job)
                if len(group) >= GROUP or self._jobs.empty():
                    break
                job = self._jobs.get()
            if group:
                self._settle(group, *self._run(group))
        if self._connection is not None:
            self._connection.close()

    def _run(self, group: list[Job]) -> tuple[list[Any], bool]:
        try:
            return self._together(group)
        except Busy as error:
            return [error] * len(group), False
        except (Lost, StorageError):
            return self._one_by_one(group)

    def _one_by_one(self, group: list[Job]) -> tuple[list[Any], bool]:
        queued = False
        results: list[Any] = []
        for job in group:
            try:
                (result,), woken = self._together([job])
                queued |= woken
            except Lost as error:
                result = error.__cause__
            except Busy as error:
                # Waiting for the lock once more for each of the others would take longer than anybody waits.
                return results + [error] * (len(group) - len(results)), queued
            except StorageError as error:
                result = error
            results.append(result)
        return results, queued

    def _together(self, group: list[Job]) -> tuple[list[Any], bool]:
        connection = self._kept()
        results: list[Any] = []
        with connection.transaction(writes=True):
            for job in group:
                try:
                    with connection.savepoint("unit"):
                        results.append(job.unit(connection))
                except Exception as error:
                    results.append(error)
                    if isinstance(error, StorageError) or not connection.in_transaction():
                        raise Lost from error
        return results, connection.queued

    def _kept(self) -> Connection:
        if self._connection is None or self._connection.broken():
            try:
                self._connection = self._connect()
            except Unavailable as error:
                raise Busy(str(error)) from error
        return self._connection

    def _settle(self, group: list[Job], results: list[Any], queued: bool) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Job, Any]]] = {}
        for job, result in zip(group, results, strict=True):
            by_loop.setdefault(job.loop, []).append((job, result))
        for loop, settled in by_loop.items():
            try:
                loop.call_soon_threadsafe(_resolve, settled)
            except RuntimeError:
                continue  # the loop is closed: nobody waits any more
        if queued:
            self._woken()


def _resolve(settled: list[tuple[Job, Any]]) -> None:
    for job, result in settled:
        if job.future.done():
            continue
        if isinstance(result, BaseException):
            job.future.set_exception(result)
        else:
            job.future.set_result(result)
