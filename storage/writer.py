"""The one thread that writes: it takes every unit of work that waits and commits them together.

Each unit's failure is its own: one that fails before it wrote leaves nothing to undo; where one had written, the
group runs again with a savepoint for each. Where the database ends the whole transaction under us (a full disk
does), an error leaves it in doubt or the commit fails, the units run again one by one; a unit that had been
committed after all finds what it left behind (dispatch: its `seen` row) and answers the same.

Where the database is a server, it works while we wait. So a group is half of what is under way, and while it is saved
the event loop answers the other half and takes in what comes next.

Nobody waits longer than their patience: a unit is taken only once a transaction has begun, and one that somebody
gave up on is never run, so that nothing happens of which they were told that it had not.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from queue import SimpleQueue
from typing import Any

from storage.connection import Connection, Contended, Unprotected
from storage.errors import Busy, StorageError, Unavailable
from storage.measures import DatabaseMeasures
from storage.outcome import Outcome

GROUP, SMALL_GROUP = 32, 8  # units at most, and those that are not divided
PAUSE_SECONDS = 0.02  # between two attempts to begin
ALONE_SECONDS = 1.0  # without groups, after one that met the rows of another replica's

Unit = Callable[[Connection], Any]


class Grouped:
    """A unit of work that asks its first questions together with those behind it in the group."""

    def ask(self, connection: Connection, behind: Sequence[Unit]) -> None:
        """Asks for itself and for as many of those behind as may be: what runs before them must not matter to them."""
        raise NotImplementedError


class Job:
    """A unit of work on its way, and the outcome that is waited for."""

    def __init__(self, unit: Unit, patience: float) -> None:
        self.unit = unit
        self.loop = asyncio.get_running_loop()
        self.deadline = self.loop.time() + patience  # which is time.monotonic(), for the writer too
        self.outcome = Outcome(self.loop)
        self.settled = self.answered = False
        self.trouble: BaseException | None = None  # what the last attempt failed of
        self.result: Any = None
        self.error: BaseException | None = None
        self._begun = False
        self._claim = threading.Lock()

    def claim(self) -> bool:
        """For the writer, who will run it, or for the one who waited too long: whoever is first."""
        return self._claim.acquire(blocking=False)

    def begin(self) -> bool:
        """The writer's own claim; false where nobody waits any more."""
        self._begun = self._begun or self.claim()
        return self._begun and not self.settled

    def settle(self, result: Any, error: BaseException | None) -> None:
        """What its outcome shall be, after the commit."""
        if isinstance(error, StopIteration):
            error = RuntimeError("the unit of work raised StopIteration, which no coroutine may")
        self.result, self.error, self.settled = result, error, True

    def give_up(self, error: BaseException) -> None:
        """Settled with that error, if it is still ours to settle."""
        if self.begin():
            self.settle(None, error)


class Waiters:
    """The jobs that one event loop waits for: one timer for all of them, as nearly all are done long before it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, give_up: Callable[[Job], None]) -> None:
        self.loop = loop
        self._give_up = give_up
        self._jobs: set[Job] = set()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, job: Job) -> None:
        """Somebody waits for the job."""
        self._jobs.add(job)
        if self._timer is None or job.deadline < self._timer.when():
            self._look_at(job.deadline)

    def discard(self, job: Job) -> None:
        """Nobody waits for it any more."""
        self._jobs.discard(job)

    def _look_at(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_at(moment, self._look)

    def _look(self) -> None:
        self._timer, now = None, self.loop.time()
        for job in [job for job in self._jobs if job.deadline <= now]:
            self._jobs.discard(job)
            self._give_up(job)
        if self._jobs:
            self._look_at(min(job.deadline for job in self._jobs))


class Lost(Exception):
    """The transaction ended under the group: nothing of it is saved."""


class Writer:
    """Group commit: units in, results out after the commit."""

    def __init__(
        self,
        connect: Callable[[], Connection],
        queued: Callable[[datetime], None],
        measures: DatabaseMeasures,
        *,
        apart: bool,
    ) -> None:
        """`apart` where the database is a process of its own."""
        self._connect = connect
        self._queued = queued
        self._measures = measures
        self._apart = apart
        self._answered = 0  # units of the last group
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._waiters: Waiters | None = None  # of the loop that asked last
        self._connection: Connection | None = None
        self._trouble: BaseException | None = None  # of the last group
        self._alone_until = 0.0
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def write(self, unit: Unit, patience: float) -> Any:
        """The unit's result once it is committed; raises Unavailable if it could not begin within `patience` s."""
        job = Job(unit, patience)
        waiters = self._waiters
        if waiters is None or waiters.loop is not job.loop:
            waiters = self._waiters = Waiters(job.loop, self._expire)
        waiters.add(job)
        self._jobs.put(job)
        try:
            return await job.outcome
        finally:
            waiters.discard(job)
            job.claim()  # whoever was cancelled while waiting does not want it any more

    async def close(self) -> None:
        """Finishes what waits, then stops."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _expire(self, job: Job) -> None:
        if job.claim():
            trouble = job.trouble or self._trouble or "busy"
            job.outcome.settle(None, Unavailable(f"the database took no work in time: {trouble}"))

    def _work(self) -> None:
        if self._apart:
            _go_first()
        while jobs := self._waiting():
            try:
                queued = self._run(jobs)
                if queued is not None:
                    self._queued(queued)
            except Exception as error:
                # A mistake in this program must not stop the thread that everybody waits for.
                for job in jobs:
                    self._give_up(job, error)
                self._drop_connection()
        self._drop_connection()

    def _waiting(self) -> list[Job]:
        """Everything that waits, at most a group of it; nothing once the writer is closed."""
        jobs: list[Job] = []
        most = GROUP
        while not jobs or (len(jobs) < most and not self._jobs.empty()):
            job = self._jobs.get()
            if not jobs and self._apart:
                # With this one, and with those who were just answered: they come back, as a rule.
                under_way = self._jobs.qsize() + 1 + self._answered
                most = min(GROUP, max(SMALL_GROUP, (under_way + 1) // 2))
            if job is None:
                self._jobs.put(None)  # to be found again when everything else is done
                if jobs or self._jobs.qsize() == 1:
                    break
                continue
            jobs.append(job)
        self._answered = len(jobs)
        return jobs

    def _run(self, jobs: list[Job]) -> datetime | None:
        """Settles every job that somebody waits for; when the first of the deliveries that they queued may leave."""
        first: datetime | None = None
        careful = False
        alone = time.monotonic() < self._alone_until
        while jobs := [job for job in jobs if self._in_time(job)]:
            group = jobs[:1] if alone else jobs
            try:
                queued = self._together(group, careful)
                if queued is not None and (first is None or queued < first):
                    first = queued
                self._trouble = None
            except Busy as error:
                self._note(error, jobs)
                time.sleep(PAUSE_SECONDS)
                continue
            except (Lost, StorageError) as error:
                trouble = error.__cause__ or error if isinstance(error, Lost) else error
                if isinstance(trouble, Unprotected):
                    careful = True  # the same once more, with savepoints
                    continue
                if self._mistook(trouble):
                    continue  # who was mistaken asks from now on
                if isinstance(trouble, Busy):
                    self._note(trouble, jobs)
                    continue
                self._note(trouble, group)
                if not alone:
                    alone = True
                    continue
                if isinstance(trouble, Contended):
                    self._jobs.put(group[0])  # behind the others, for as long as it has patience
                else:
                    self._give_up(group[0], trouble)
            jobs = jobs[len(group) :]
        return first

    def _mistook(self, trouble: BaseException) -> bool:
        connection = self._connection
        if connection is None or not isinstance(trouble, StorageError):
            return False
        if not connection.presumed.mistook(trouble):
            return False
        self._measures.errors["Mistaken"] += 1
        return True

    def _note(self, trouble: BaseException, jobs: list[Job]) -> None:
        self._trouble = trouble
        self._measures.errors[type(trouble).__name__] += 1
        for job in jobs:
            job.trouble = trouble
        if isinstance(trouble, Contended):
            self._alone_until = time.monotonic() + ALONE_SECONDS

    def _in_time(self, job: Job) -> bool:
        if time.monotonic() < job.deadline:
            return True
        self._give_up(job, Unavailable(f"the database did not save it in time: {job.trouble}"))
        return False

    def _together(self, group: list[Job], careful: bool) -> datetime | None:
        """Runs the jobs in one transaction; after its commit they are settled and answered."""
        connection = self._kept()
        done: list[tuple[Job, Any, Exception | None]] = []
        with connection.transaction(writes=True, shared=len(group) > 1, careful=careful):
            begun = [job for job in group if job.begin()]
            units = [job.unit for job in begun]
            for place, job in enumerate(begun, 1):
                try:
                    # Carefully, each asks within its own savepoint: questions may write.
                    if not careful and isinstance(job.unit, Grouped):
                        job.unit.ask(connection, units[place:])
                    with connection.savepoint("unit"):
                        result = job.unit(connection)
                    done.append((job, result, None))
                except Exception as error:
                    if isinstance(error, StorageError):
                        raise Lost from error
                    done.append((job, None, error))
            ran = time.perf_counter()
        committed = time.perf_counter()
        for job, result, failure in done:
            job.settle(result, failure)
        self._answer(group)  # before anything else is done: they wait
        self._measures.commits.note(committed - ran)
        self._measures.units.note(len(done))
        return connection.queued

    def _kept(self) -> Connection:
        if self._connection is None or self._connection.broken():
            self._drop_connection()
            try:
                self._connection = self._connect()
            except Unavailable as error:
                raise Busy(str(error)) from error
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _give_up(self, job: Job, error: BaseException) -> None:
        job.give_up(error)
        self._answer([job])

    @staticmethod
    def _answer(jobs: list[Job]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
        for job in jobs:
            if job.settled and not job.answered:
                job.answered = True
                by_loop.setdefault(job.loop, []).append(job)
        for loop, settled in by_loop.items():
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_resolve, settled)


def _go_first() -> None:
    """This thread need not let another one of ours finish (bot/serve.py): what it holds, everybody waits for."""
    if sys.platform == "linux":
        with suppress(OSError):  # a container may forbid it
            if os.sched_getscheduler(0) == os.SCHED_BATCH:
                os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _resolve(jobs: list[Job]) -> None:
    for job in jobs:
        job.outcome.settle(job.result, job.error)
