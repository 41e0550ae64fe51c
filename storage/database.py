"""The database as the async rooms see it: units of work in, results out, in threads of its own."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from storage.connection import Connection, PostgresConnection, SqliteConnection
from storage.errors import Unavailable
from storage.writer import Writer

T = TypeVar("T")

READERS = 4
PATIENCE_SECONDS = 1.8


def new_id() -> str:
    """A new id: 26 characters, the time in milliseconds first, so that rows made together lie together."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(7)}"


class Database:
    """One writer that commits in groups, and a few readers beside it.

    `url` is `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://…`; any other raises ValueError.
    `connect` replaces the way connections are made, so that a test can put faults into them.
    """

    def __init__(self, url: str, *, connect: Callable[[str, bool], Connection] | None = None) -> None:
        self.url = url
        self.kind = kind_of(url)
        self._connect = connect or connection_to
        self._listeners: list[Callable[[], None]] = []
        self._local = threading.local()
        self._opened: list[Connection] = []
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._writer = Writer(lambda: self._connect(url, False), self._wake)

    def on_queued(self, listener: Callable[[], None]) -> None:
        """Calls `listener` from the writer's thread after a commit that queued deliveries."""
        self._listeners.append(listener)

    async def write(self, unit: Callable[[Connection], T], *, patience: float = PATIENCE_SECONDS) -> T:
        """The unit's result, once committed. It may run again after a failure: it must depend on the database only.

        Raises Unavailable where nothing could be saved, and whatever the unit raised, after rolling it back.
        """
        result: T = await self._writer.write(unit, patience)
        return result

    async def read(self, unit: Callable[[Connection], T]) -> T:
        """The unit's result, read from one consistent state beside the writer."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, unit)

    async def close(self) -> None:
        """Finishes what was asked for, then closes every connection."""
        await self._writer.close()
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._opened:
            connection.close()

    def _read(self, unit: Callable[[Connection], T]) -> T:
        for last in (False, True):
            connection: Connection | None = getattr(self._local, "connection", None)
            if connection is None or connection.broken():
                connection = self._local.connection = self._connect(self.url, True)
                self._opened.append(connection)
            try:
                with connection.transaction(writes=False):
                    return unit(connection)
            except Unavailable:
                # A kept connection may have died since it was last used; a new one tells whether the database did.
                if last or not connection.broken():
                    raise
        raise AssertionError("unreachable")

    def _wake(self) -> None:
        for listener in self._listeners:
            listener()


def kind_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    kind = url.partition(":")[0]
    if kind not in ("sqlite", "postgresql"):
        raise ValueError(f"DATABASE_URL must begin with sqlite:/// or postgresql://, not {kind!r}")
    return kind


def connection_to(url: str, readonly: bool) -> Connection:
    """A new connection to the database of that address."""
    if kind_of(url) == "sqlite":
        return SqliteConnection(url.removeprefix("sqlite:///"), readonly=readonly)
    return PostgresConnection(url)
