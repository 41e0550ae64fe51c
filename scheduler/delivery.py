"""From the queue to the chat: claims what is due, draws it, sends it, and records what became of it.

A row is claimed with a lease and marked as sending just before it leaves. A worker that dies before that leaves the
row to another; one that dies after it leaves "sent, perhaps": it is not sent again by itself, and its person is told.

What belongs to one channel goes in one lane, in order; lanes do not wait for each other.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog

from handlers.chat import Chat, ChatError, Limited, Revoked, Unreachable, Unsure
from handlers.effects import Sent
from scheduler.gate import Gate, StillRevoked
from scheduler.job import Job, settled
from scheduler.measures import SendingMeasures
from scheduler.pace import DIGESTS, HOMES, POSTS, REDRAWS, Buckets
from scheduler.sending import give_up, lost, redraw_elsewhere, send
from storage import deliveries
from storage.callers import stop_workspace
from storage.callers import workspace as workspace_of
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.models import Delivery
from storage.store import Store

log = structlog.get_logger("delivery")

BATCH = 20
MOST_OUT = 100  # rows that one worker has on their way
# A worker that is lost keeps its channels waiting for so long: a call takes at most 10 s, a join and two posts 30.
TAKEN_FOR, SENDING_FOR = timedelta(seconds=15), timedelta(seconds=30)
MOST_ATTEMPTS = 5
MOST_UNREACHED = 300  # about a day: that a platform is down is not the message's fault
FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 2.0, 300.0
IDLE_SECONDS = 5.0
REST_SECONDS = 0.05  # between two looks at the queue: in a busy hour there is something new at every commit
MOST_TURNS = 100_000
_AWAKE = datetime.max.replace(tzinfo=UTC)
# What many are sent at the same moment of a working day, beside digests, which come with their turn.
_MANY_AT_ONCE = (Sent.ASK, Sent.CLOSED)


class Sender:
    """One worker of the queue. `clock` is product time, in which things fall due; `real` is for leases and pauses."""

    def __init__(
        self,
        database: Database,
        chats: Mapping[str, Chat],
        *,
        clock: Callable[[], datetime],
        real: Callable[[], datetime],
        new_id: Callable[[], str],
        paced: bool = True,
    ) -> None:
        self._database = database
        self._chats = chats
        self._clock = clock
        self._real = real
        self._new_id = new_id
        paces = {"post": POSTS, "update": REDRAWS, "publish": HOMES}
        self._buckets = {method: Buckets(pace) for method, pace in paces.items()} if paced else {}
        self._askings = Buckets(DIGESTS)
        self.measures = SendingMeasures()
        self._turns: set[str] = set()  # rows that wait for a turn that is theirs already
        self._gates: dict[str, Gate] = {}
        self._lanes: dict[str, deque[Delivery]] = {}
        self._driving: set[asyncio.Task[None]] = set()
        self._out = 0
        self._woken = asyncio.Event()
        self._asleep_until = _AWAKE
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to send, and goes on until stopped."""
        loop = asyncio.get_running_loop()

        def queued(first: datetime) -> None:
            # Later than that we look by ourselves; but the clock may have jumped ahead meanwhile.
            if first < self._asleep_until or first <= self._clock():
                loop.call_soon_threadsafe(self._woken.set)

        self._database.on_queued(queued)
        self._task = asyncio.ensure_future(self._work())

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def stop(self) -> None:
        """Finishes the calls that are on their way, gives back what has not begun, and stops."""
        self._stopping = True
        self._woken.set()
        try:
            if self._task is not None:
                await self._task
            while self._driving:
                await asyncio.gather(*self._driving)
        except asyncio.CancelledError:
            for task in self._driving:
                task.cancel()
            raise

    async def reclaim(self) -> None:
        """Takes care of rows whose worker did not come back."""
        now, real = self._clock(), self._real()

        def unit(connection: Connection) -> None:
            for row in deliveries.expired(connection, real):
                store = Store(connection, row.organisation_id, self._new_id)
                if row.state == "sending":
                    lost(store, row, now)
                elif row.attempts >= MOST_ATTEMPTS and row.method != "post":
                    give_up(store, row, "its worker was lost each time", now)
                else:
                    # A post that had not begun is not why its worker is gone.
                    store.deliveries.again(row, row.not_before, counts=row.method != "post")

        await self._database.write(unit)
        self.wake()

    async def release(self) -> None:
        """Takes back what nobody has begun to send: for a start where no other worker can be."""

        def unit(connection: Connection) -> None:
            for row in deliveries.leased(connection):
                store = Store(connection, row.organisation_id, self._new_id)
                store.deliveries.again(row, row.not_before, counts=row.method != "post")

        await self._database.write(unit)
        self.wake()

    async def _take(self) -> bool:
        """Claims what is due and sets it on its way; may there be more?"""
        room = min(BATCH, MOST_OUT - self._out)
        if room <= 0:
            return False
        now, real, at = self._clock(), self._real(), asyncio.get_running_loop().time()
        turns: dict[str, datetime | None] = {}

        def turn(row: Delivery) -> datetime | None:
            if row.id not in turns:  # the same when the transaction runs once more
                wait = self._wait(row, at)
                turns[row.id] = now + timedelta(seconds=wait) if wait else None
            return turns[row.id]

        claimed, more = await self._database.write(
            lambda c: deliveries.claim(c, now, real, real + TAKEN_FOR, room, turn)
        )
        for row in claimed:
            self._set_off(row)
        return more

    def _set_off(self, row: Delivery) -> None:
        name = row.place_id or row.person_id or row.subject_id or row.id
        if name not in self._lanes:
            self._lanes[name] = deque()
            task = asyncio.ensure_future(self._drive(name))
            self._driving.add(task)
            task.add_done_callback(self._driving.discard)
        self._lanes[name].append(row)
        self._out += 1

    def _wait(self, row: Delivery, now: float) -> float:
        """Seconds until the row's turn; it keeps that turn, so that a long queue is looked through only once."""
        bucket = self._buckets.get(row.method)
        if bucket is None:
            return 0.0
        if row.id in self._turns:
            self._turns.discard(row.id)
            return 0.0
        key = (row.place_id or row.person_id if row.method == "post" else None) or row.workspace_id
        wait = bucket.wait(key, now)
        if row.kind in _MANY_AT_ONCE:
            wait = max(wait, self._askings.wait(row.workspace_id, now))
        if wait:
            if len(self._turns) >= MOST_TURNS:
                self._turns.clear()  # they wait for another turn, once
            self._turns.add(row.id)
        return wait

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping:
            self._woken.clear()
            rested = loop.time() + REST_SECONDS
            try:
                wait = 0.0 if await self._take() else await self._until_next()
            except StorageError as error:
                log.warning("queue unavailable", error=type(error).__name__)
                wait = 1.0
            except Exception:
                log.exception("queue broken")
                wait = 1.0
            if wait and not self._stopping:
                await self._sleep(wait)
                await asyncio.sleep(rested - loop.time())

    async def _sleep(self, seconds: float) -> None:
        self._asleep_until = self._clock() + timedelta(seconds=seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        finally:
            self._asleep_until = _AWAKE

    async def _until_next(self) -> float:
        now, real = self._clock(), self._real()
        soonest = await self._database.read(lambda c: deliveries.next_in(c, now, real))
        return IDLE_SECONDS if soonest is None else min(IDLE_SECONDS, max(0.02, soonest))

    async def _drive(self, name: str) -> None:
        """Sends a lane's rows one after the other; more may join it meanwhile."""
        lane = self._lanes[name]
        while lane:
            row = lane.popleft()
            try:
                await self._send_one(row)
            except StorageError as error:
                log.warning("delivery waits for the database", delivery=row.id, error=type(error).__name__)
                await self._give_back(row)
            except Exception:
                log.exception("delivery broken", delivery=row.id, kind=row.kind)
            finally:
                self._out -= 1
        del self._lanes[name]
        self.wake()

    async def _send_one(self, row: Delivery) -> None:
        real = self._real()
        if row.leased_until is not None and row.leased_until <= real:
            return  # its lane was slow, and somebody else has it by now
        if self._stopping:
            await self._give_back(row)
            return
        if row.expires_at is not None and row.expires_at < self._clock():
            await self._settle(row, lambda store: store.deliveries.done(row.id))
            return
        workspace, rests = await self._database.read(
            lambda c: (
                workspace_of(c, row.workspace_id),
                deliveries.rests(c, row.workspace_id, row.method, real),
            )
        )
        gate = self._gate(workspace.platform) if workspace else None
        if workspace is None or gate is None:
            await self._settle(row, lambda store: give_up(store, row, "no such platform", self._clock()))
        elif rests or workspace.stopped_at is not None:
            await self._give_back(row)
        else:
            job = Job(row, workspace.external_id, gate, self._database, self._clock, self._real, self._new_id)
            await self._attempt(job)

    async def _give_back(self, row: Delivery) -> None:
        """Not sent, and nothing is known that speaks against it: it waits again. Failing that, its lease runs out."""
        try:
            await self._settle(row, lambda store: store.deliveries.give_back(row))
        except StorageError as error:
            log.warning("delivery not given back", delivery=row.id, error=type(error).__name__)

    def _gate(self, platform: str) -> Gate | None:
        chat = self._chats.get(platform)
        if chat is None:
            return None
        return self._gates.setdefault(platform, Gate(chat, self._real))

    async def _attempt(self, job: Job) -> None:
        row = job.row
        try:
            outcome = await self.measures.of(row, send(job, self._real() + SENDING_FOR))
            log.info("delivered", kind=row.kind, delivery=row.id, outcome=outcome.value)
        except Limited as error:
            await self._pause(row, error)
        except Unreachable as error:
            await self._try_again(row, str(error), MOST_UNREACHED)
        except Unsure as error:
            log.warning("sent, perhaps", kind=row.kind, delivery=row.id, error=str(error))
            if row.method == "post":
                await self._settle(row, lambda store: lost(store, row, self._clock()))
            else:
                await self._try_again(row, str(error), MOST_UNREACHED)
        except StillRevoked:
            await self._give_back(row)
        except Revoked as error:
            await self._stop_workspace(row, str(error))
        except ChatError as error:
            refusal = error
            log.warning("refused", kind=row.kind, delivery=row.id, error=str(error))
            await self._settle(row, lambda store: give_up(store, row, refusal, self._clock()))
        except StorageError:
            raise
        except Exception as error:
            log.exception("delivery failed", delivery=row.id, kind=row.kind)
            await self._try_again(row, type(error).__name__, MOST_ATTEMPTS)

    async def _pause(self, row: Delivery, limited: Limited) -> None:
        method, now = limited.method or row.method, self._clock()
        until = self._real() + timedelta(seconds=limited.seconds)
        # The pause holds the row back, which keeps its place in the order; one of another method does not.
        not_before = row.not_before if method == row.method else now + timedelta(seconds=limited.seconds)

        def deed(store: Store) -> None:
            deliveries.pause(store.connection, row.workspace_id, method, until)
            store.deliveries.again(row, not_before, counts=False)

        log.info("limited", method=method, seconds=limited.seconds)
        await self._settle(row, deed)

    async def _stop_workspace(self, row: Delivery, why: str) -> None:
        now = self._clock()

        def deed(store: Store) -> None:
            stop_workspace(store.connection, row.workspace_id, why, now)
            store.deliveries.again(row, row.not_before, counts=False)
            if row.kind == Sent.REDRAW:
                redraw_elsewhere(store, row, now)

        log.warning("workspace stopped", workspace=row.workspace_id, why=why)
        await self._settle(row, deed)

    async def _try_again(self, row: Delivery, error: str, most: int) -> None:
        if row.attempts >= most:
            log.error("set aside", kind=row.kind, delivery=row.id, error=error)
            await self._settle(row, lambda store: give_up(store, row, error, self._clock()))
            return
        wait = min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 3 ** min(row.attempts - 1, 6))
        not_before = self._clock() + timedelta(seconds=wait)
        await self._settle(row, lambda store: store.deliveries.again(row, not_before, counts=True))

    async def _settle(self, row: Delivery, deed: Callable[[Store], object]) -> None:
        await settled(
            self._database, lambda connection: deed(Store(connection, row.organisation_id, self._new_id))
        )
