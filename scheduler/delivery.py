"""From the queue to the chat: claims what is due, draws it, sends it, and records what became of it.

A row is claimed with a lease and marked as sending just before it leaves. A worker that dies before that leaves the
row to another; one that dies after it leaves "sent, perhaps": it is not sent again by itself, and its person is told.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from handlers.chat import Chat, ChatError, Limited, Revoked, Unreachable, Unsure
from scheduler.pace import POSTS, REDRAWS, Buckets
from scheduler.sending import Job, give_up, lost, send
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
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
FIRST_RETRY = timedelta(seconds=2)
IDLE_SECONDS = 5.0


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
        self._buckets = {"post": Buckets(POSTS), "update": Buckets(REDRAWS)} if paced else {}
        self._woken = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to send, and goes on until stopped."""
        loop = asyncio.get_running_loop()

        def woken() -> None:
            loop.call_soon_threadsafe(self._woken.set)

        self._database.on_queued(woken)
        self._task = asyncio.ensure_future(self._work())

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def stop(self) -> None:
        """Finishes what is on its way, and stops."""
        self._stopping = True
        self._woken.set()
        if self._task is not None:
            await self._task

    async def send_due(self) -> int:
        """Sends one batch of what is due; how many rows that were."""
        now, real = self._clock(), self._real()
        claimed = await self._database.write(lambda c: deliveries.claim(c, now, real, real + LEASE, BATCH))
        chains: dict[str, list[Delivery]] = {}
        for row in claimed:
            chains.setdefault(row.place_id or row.person_id or row.subject_id or row.id, []).append(row)
        await asyncio.gather(*(self._send_in_order(rows) for rows in chains.values()))
        return len(claimed)

    async def reclaim(self) -> None:
        """Takes care of rows whose worker did not come back."""
        now, real = self._clock(), self._real()

        def unit(connection: Connection) -> None:
            for row in deliveries.expired(connection, real):
                store = Store(connection, row.organisation_id, self._new_id)
                if row.state == "sending" and row.method == "post":
                    lost(store, row, now)
                else:
                    store.deliveries.again(row, now, counts=True)

        await self._database.write(unit)
        self.wake()

    async def _work(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                sent = await self.send_due()
                wait = 0.0 if sent else await self._until_next()
            except StorageError as error:
                log.warning("queue unavailable", error=type(error).__name__)
                wait = 1.0
            except Exception:
                log.exception("queue broken")
                wait = 1.0
            if wait and not self._stopping:
                await self._sleep(wait)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _until_next(self) -> float:
        soonest = await self._database.read(deliveries.next_at)
        if soonest is None:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.02, (soonest - self._clock()).total_seconds()))

    async def _send_in_order(self, rows: list[Delivery]) -> None:
        for row in rows:
            try:
                await self._send_one(row)
            except StorageError as error:
                # The lease runs out and somebody takes the row again.
                log.warning("delivery not recorded", delivery=row.id, error=type(error).__name__)
            except Exception as error:
                log.exception("delivery failed", delivery=row.id, kind=row.kind)
                await self._try_again(row, f"{type(error).__name__}")

    async def _send_one(self, row: Delivery) -> None:
        if row.expires_at is not None and row.expires_at < self._clock():
            await self._write(row, lambda store: store.deliveries.done(row.id))
            return
        workspace = await self._database.read(lambda c: workspace_of(c, row.workspace_id))
        chat = self._chats.get(workspace.platform) if workspace else None
        if workspace is None or chat is None:
            await self._write(row, lambda store: give_up(store, row, "no such platform", self._clock()))
            return
        key = row.place_id if row.method == "post" and row.place_id else row.workspace_id
        bucket = self._buckets.get(row.method)
        if bucket is not None and (wait := bucket.wait(key, asyncio.get_running_loop().time())):
            bucket.give_back(key)
            await self._write(row, lambda store: self._again(store, row, wait, counts=False))
            return
        await self._attempt(Job(row, workspace.external_id, chat, self._database, self._clock, self._new_id))

    async def _attempt(self, job: Job) -> None:
        row = job.row
        try:
            outcome = await send(job, self._real() + LEASE)
            log.info("delivered", kind=row.kind, delivery=row.id, outcome=outcome.value)
        except Limited as error:
            seconds = error.seconds
            until = self._real() + timedelta(seconds=seconds)
            await self._database.write(lambda c: deliveries.pause(c, row.workspace_id, row.method, until))
            await self._write(row, lambda store: self._again(store, row, seconds, counts=False))
            log.info("limited", method=row.method, seconds=seconds)
        except Unreachable as error:
            await self._try_again(row, str(error))
        except Unsure as error:
            log.warning("sent, perhaps", kind=row.kind, delivery=row.id, error=str(error))
            if row.method == "post":
                await self._write(row, lambda store: lost(store, row, self._clock()))
            else:
                await self._try_again(row, str(error))
        except Revoked as error:
            now, why = self._clock(), str(error)
            await self._database.write(lambda c: stop_workspace(c, row.workspace_id, why, now))
            await self._write(row, lambda store: self._again(store, row, 0, counts=False))
            log.warning("workspace stopped", workspace=row.workspace_id, why=why)
        except ChatError as error:
            refusal = error
            await self._write(row, lambda store: give_up(store, row, refusal, self._clock()))
            log.warning("refused", kind=row.kind, delivery=row.id, error=str(error))

    async def _try_again(self, row: Delivery, error: str) -> None:
        if row.attempts >= MOST_ATTEMPTS:
            log.error("set aside", kind=row.kind, delivery=row.id, error=error)
            await self._write(row, lambda store: give_up(store, row, error, self._clock()))
            return
        wait = FIRST_RETRY.total_seconds() * 3 ** (row.attempts - 1)
        await self._write(row, lambda store: self._again(store, row, wait, counts=True))

    def _again(self, store: Store, row: Delivery, seconds: float, *, counts: bool) -> None:
        store.deliveries.again(row, self._clock() + timedelta(seconds=seconds), counts=counts)

    async def _write(self, row: Delivery, deed: Callable[[Store], object]) -> None:
        await self._database.write(
            lambda connection: deed(Store(connection, row.organisation_id, self._new_id))
        )
