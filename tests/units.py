"""Small units of work to put through a Database, and a Database whose commits can be made to fail."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlmodel import String, insert, select, update

from storage.connection import Connection
from storage.database import Database, connection_to
from storage.models import Organisation, Seen
from storage.statements import ORGANISATION, Statement, every, param
from storage.writer import Unit

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PATIENCE = 30.0  # for tests that are not about patience, on a slow machine

ADD = Statement[Organisation](insert(Organisation).values(every(Organisation)))
KEEP = Statement[Seen](insert(Seen).values(every(Seen)))
KEYS = Statement[Seen](select(Seen.key).where(Seen.organisation_id == ORGANISATION).order_by(Seen.key))
FIND = Statement[Seen](
    select(Seen.answer).where(Seen.organisation_id == ORGANISATION, Seen.key == param("key"))
)
NOTCH = Statement[Organisation](
    update(Organisation)
    .where(Organisation.id == ORGANISATION)
    .values(name=Organisation.name + param("more", String()))
)
NOTCHES = Statement[Organisation](select(Organisation.name).where(Organisation.id == ORGANISATION))


def found(connection: Connection, organisation: str = "o") -> None:
    """An organisation with no notches."""
    connection.run(
        ADD,
        id=organisation,
        name="",
        vote_emoji="",
        half_lives="",
        private_maps=0,
        all_open=False,
        created_at=NOW,
    )


def keep(key: str, answer: str = "done") -> Callable[[Connection], str]:
    """Saves one row, whose key must be new."""

    def unit(connection: Connection) -> str:
        connection.run(KEEP, organisation_id="o", key=key, at=NOW, answer=answer)
        return answer

    return unit


def notch(key: str, organisation: str = "o") -> Callable[[Connection], str]:
    """Makes its notch unless it finds that it has, as a request that is sent again does."""

    def unit(connection: Connection) -> str:
        if connection.first(FIND, organisation_id=organisation, key=key) is None:
            connection.run(NOTCH, organisation_id=organisation, more="|")
            connection.run(KEEP, organisation_id=organisation, key=key, at=NOW, answer="notched")
        return key

    return unit


def keys(connection: Connection) -> list[str]:
    """The keys of the rows that were saved."""
    return [row.key for row in connection.all(KEYS, organisation_id="o")]


def notches(connection: Connection) -> int:
    """How many notches the organisation has."""
    return len(connection.one(NOTCHES, organisation_id="o").name)


@asynccontextmanager
async def held(database: Database) -> AsyncIterator[None]:
    """Keeps the writer busy: what is asked for inside waits, and then comes as one group."""
    begun, release = threading.Event(), threading.Event()

    def unit(connection: Connection) -> None:
        begun.set()
        release.wait()

    holding = asyncio.ensure_future(database.write(unit, patience=PATIENCE))
    await asyncio.to_thread(begun.wait)
    try:
        yield
    finally:
        # Called after the first steps of all tasks made inside, which put their units into the queue.
        asyncio.get_running_loop().call_soon(release.set)
        await holding


async def together(database: Database, *units: Unit) -> list[Any]:
    """The results or errors of units that run in one group."""
    async with held(database):
        asked = [asyncio.ensure_future(database.write(unit, patience=PATIENCE)) for unit in units]
    return await asyncio.gather(*asked, return_exceptions=True)


class Commits:
    """Counts the commits of a Database, and makes some of them fail.

    Either list holds what to do with the next commits, one entry for each: an error is raised, None lets it pass.
    """

    def __init__(self) -> None:
        self.count = 0
        self.before: list[Exception | None] = []
        self.after: list[Exception | None] = []

    def connect(self, url: str, readonly: bool) -> Connection:
        """For `Database(url, connect=…)`."""
        connection = connection_to(url, readonly)
        if not readonly:
            really = connection._commit

            def commit() -> None:
                self._next(self.before)
                really()
                self.count += 1
                self._next(self.after)

            connection._commit = commit  # type: ignore[method-assign] # a fault is put between us and the driver
        return connection

    @staticmethod
    def _next(errors: list[Exception | None]) -> None:
        if errors and (error := errors.pop(0)) is not None:
            raise error
