"""The database as the async rooms see it: units of work in, results out, in threads of its own."""

import asyncio
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from storage.connection import Connection
from storage.errors import Misaddressed, StorageError, Unavailable
from storage.measures import DatabaseMeasures
from storage.sqlite import SqliteConnection
from storage.writer import Writer

T = TypeVar("T")

READERS = 4
DRAWN = 256  # random parts of ids at a time
PATIENCE_SECONDS = 1.8


def new_id() -> str:
    """A new id: 26 characters, the time in milliseconds first, so that rows made together lie together."""
    return f"{time.time_ns() // 1_000_000:012x}{_chance()}"


def _chance() -> str:
    """56 random bits. Many are drawn at once: to draw lets go of the interpreter, and to get it back takes longer."""
    try:
        return _drawn.popleft()
    except IndexError:
        many = secrets.token_hex(7 * DRAWN)
        _drawn.extend([many[place : place + 14] for place in range(14, len(many), 14)])
        return many[:14]


_drawn: deque[str] = deque()


class Database:
    """One writer that commits in groups, and a few readers beside it.

    `url` is `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://…`; any other raises Misaddressed.
    `connect` replaces the way connections are made, so that a test can put faults into them.
    """

    def __init__(self, url: str, *, connect: Callable[[str, bool], Connection] | None = None) -> None:
        self.url = url
        self.kind = kind_of(url)
        self._connect = connect or connection_to
        self._listeners: list[Callable[[datetime], None]] = []
        self._kept = threading.local()  # a reading connection for each thread of the readers
        self._opened: list[Connection] = []
        self._closed = False
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.measures = DatabaseMeasures()
        self._writer = Writer(
            lambda: self._connect(url, False), self._tell, self.measures, apart=self.kind == "postgresql"
        )

    def on_queued(self, listener: Callable[[datetime], None]) -> None:
        """Calls `listener` from the writer's thread after a commit that queued deliveries: when the first may leave."""
        self._listeners.append(listener)

    async def write(self, unit: Callable[[Connection], T], *, patience: float = PATIENCE_SECONDS) -> T:
        """The unit's result, once committed. It may run again after a failure: it must depend on the database only.

        Raises Unavailable where nothing could be saved, and whatever the unit raised, after rolling it back.
        """
        self._check_open()
        result: T = await self._writer.write(unit, patience)
        return result

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """The unit's result, read from one consistent state beside the writer."""
        self._check_open()
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, unit)

    async def close(self) -> None:
        """Finishes what was asked for, then closes every connection."""
        self._closed = True
        await self._writer.close()
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._opened:
            connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable("the database is closed")

    def _read(self, unit: Callable[[Connection], T]) -> T:
        try:
            return self._read_twice(unit)
        except StorageError as error:
            self.measures.errors[type(error).__name__] += 1
            raise

    def _read_twice(self, unit: Callable[[Connection], T]) -> T:
        connection = self._reading()
        try:
            with connection.transaction(writes=False):
                return unit(connection)
        except Unavailable:
            if not connection.broken():
                raise
        # A kept connection may have died since it was last used; a new one tells whether the database did.
        connection = self._reading()
        with connection.transaction(writes=False):
            return unit(connection)

    def _reading(self) -> Connection:
        kept: Connection | None = getattr(self._kept, "connection", None)
        if kept is not None and not kept.broken():
            return kept
        if kept is not None:
            kept.close()
            self._opened.remove(kept)
            self._kept.connection = None
        self._kept.connection = opened = self._connect(self.url, True)
        self._opened.append(opened)
        return opened

    def _tell(self, queued: datetime) -> None:
        for listener in self._listeners:
            listener(queued)


def kind_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    if url.startswith("postgresql://"):
        return "postgresql"
    sqlite_path(url)
    return "sqlite"


def sqlite_path(url: str) -> str:
    """The file of a SQLite database; one in memory would be another for each connection."""
    path = url.removeprefix("sqlite:///")
    if path in (url, "", ":memory:"):
        raise Misaddressed(
            "DATABASE_URL must be sqlite:///relative.db, sqlite:////absolute.db or postgresql://…"
        )
    return path


def connection_to(url: str, readonly: bool) -> Connection:
    """A new connection to the database of that address; raises Unavailable."""
    if kind_of(url) == "sqlite":
        return SqliteConnection(sqlite_path(url), readonly=readonly)

    from storage.postgresql import PostgresConnection  # its driver is loaded only where it is used

    return PostgresConnection(url)
