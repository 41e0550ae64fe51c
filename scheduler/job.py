"""A claimed delivery on its way: what sending it takes, and how it is recorded."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import NamedTuple, TypeVar

from handlers.chat import Chat, Unsure
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.models import Delivery
from storage.store import Store

T = TypeVar("T")

SETTLE_SECONDS, SETTLE_PAUSE_SECONDS = 20.0, 0.5  # within the lease


class Outcome(Enum):
    """What became of a delivery."""

    SENT = "sent"
    NEEDLESS = "needless"
    TAKEN = "taken over"


class Job(NamedTuple):
    """A claimed delivery with all that sending it takes; `workspace` is the platform's own id."""

    row: Delivery
    workspace: str
    chat: Chat
    database: Database
    clock: Callable[[], datetime]
    real: Callable[[], datetime]
    new_id: Callable[[], str]

    async def read(self, question: Callable[[Store], T]) -> T:
        """Asks the organisation's store, beside the writer."""
        return await self.database.read(
            lambda connection: question(Store(connection, self.row.organisation_id, self.new_id))
        )

    async def write(self, deed: Callable[[Store], T]) -> T:
        """Changes the organisation's store."""
        return await self.database.write(
            lambda connection: deed(Store(connection, self.row.organisation_id, self.new_id))
        )

    async def done(self, deed: Callable[[Store], object] = lambda store: None) -> None:
        """Records what was done; a failure of that must not send it again."""

        def unit(connection: Connection) -> None:
            store = Store(connection, self.row.organisation_id, self.new_id)
            store.deliveries.done(self.row.id)
            deed(store)

        try:
            await settled(self.database, unit)
        except StorageError:
            raise
        except Exception as error:
            raise Unsure(f"sent, but not recorded: {type(error).__name__}") from error


async def settled(database: Database, unit: Callable[[Connection], object]) -> None:
    """Writes down what happened outside: tried again while the database is away, as nobody else knows of it."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + SETTLE_SECONDS
    while True:
        try:
            await database.write(unit)
            return
        except StorageError:
            if loop.time() > deadline:
                raise
            await asyncio.sleep(SETTLE_PAUSE_SECONDS)
