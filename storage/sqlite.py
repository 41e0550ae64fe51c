"""SQLite, embedded: write-ahead log, every commit on disk before it counts."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, TypeVar

from storage.batches import Batch, Values
from storage.connection import Connection
from storage.errors import Busy, Conflict, StorageError, Unavailable
from storage.statements import Statement, moment_text

Row = TypeVar("Row")

LOCK_WAIT_SECONDS = 1.5
# What a connection keeps for itself; the system keeps it all, and to ask it takes two microseconds a page. The writer
# keeps what a group changes: with less, SQLite writes it to the log in the middle of the group and reads it again.
READER_CACHE_KIBIBYTES, WRITER_CACHE_KIBIBYTES = 256, 1024

# The driver asks each None that is bound twice, in vain, how it is written, and words an error each time: half of what
# it takes to bind one. A dictionary answers at once.
sqlite3.register_adapter(type(None), {None: None}.__getitem__)
_REFUSED = (sqlite3.Error, UnicodeEncodeError)  # the latter for half of a character
# How moments and days are written; SQLAlchemy's types would tell it for each column, given or not.
sqlite3.register_adapter(datetime, moment_text)
sqlite3.register_adapter(date, date.isoformat)


class SqliteConnection(Connection):
    """A connection to the file; one that only reads sees the state at its first question, beside the writer."""

    kind = "sqlite"

    def __init__(self, path: str, *, readonly: bool = False) -> None:
        super().__init__()
        try:
            self._driver = sqlite3.connect(
                path,
                timeout=LOCK_WAIT_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=512,
            )
            self._execute: Callable[[str, Sequence[Any]], sqlite3.Cursor] = self._driver.execute
            # What a savepoint would restore is kept in memory: on disk it costs a fifth of a unit of work.
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
                self._driver.execute(f"PRAGMA {pragma}")
            cache = READER_CACHE_KIBIBYTES if readonly else WRITER_CACHE_KIBIBYTES
            self._driver.execute(f"PRAGMA cache_size=-{cache}")
            if readonly:
                self._driver.execute("PRAGMA query_only=ON")
        except sqlite3.Error as error:
            raise Unavailable(str(error)) from error

    def all(self, statement: Statement[Row], **values: Any) -> list[Row]:
        compiled = statement.compiled("sqlite")
        self._settle(compiled)
        self.wrote += compiled.writes
        try:
            fetched = self._execute(compiled.sql, compiled.parameters(values)).fetchall()
        except _REFUSED as error:
            raise self._told(error) from error
        return compiled.rows(fetched)

    def run(self, statement: Statement[Any], **values: Any) -> None:
        compiled = statement.compiled("sqlite")
        self._settle(compiled)
        self.wrote += compiled.writes
        try:
            self._execute(compiled.sql, compiled.parameters(values))
        except _REFUSED as error:
            raise self._told(error) from error

    def run_many(self, batch: Batch, rows: Sequence[Values]) -> None:
        try:
            if len(rows) == 1:
                compiled, parameters = batch.alone("sqlite", rows[0])
                self._execute(compiled.sql, parameters)
                return
            for compiled, alike in batch.alike("sqlite", rows):
                if self._execute is _refuse:
                    _refuse(compiled.sql, ())
                self._driver.executemany(compiled.sql, alike)
        except _REFUSED as error:
            raise self._told(error) from error

    def command(self, sql: str) -> None:
        try:
            self._execute(sql, ())
        except sqlite3.Error as error:
            raise self._told(error) from error

    def in_transaction(self) -> bool:
        return self._driver.in_transaction

    def broken(self) -> bool:
        return False

    def close(self) -> None:
        super().close()
        self._driver.close()

    def _begin(self, writes: bool, shared: bool) -> None:
        try:
            self._driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        except sqlite3.Error as error:
            raise Busy(str(error)) from error

    def _commit(self) -> None:
        self.command("COMMIT")

    def _give_up(self) -> None:
        self._execute = self._driver.execute
        if self._driver.in_transaction:
            # It may end by itself meanwhile; the error that brought us here is the one to tell.
            with suppress(sqlite3.Error):
                self._driver.execute("ROLLBACK")

    def _told(self, error: sqlite3.Error | UnicodeEncodeError) -> StorageError:
        if not self._driver.in_transaction:
            self._execute = _refuse
        if isinstance(error, sqlite3.IntegrityError):
            return Conflict(str(error))
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # none: the module's own complaint
        return StorageError(str(error)) if code & 0xFF == sqlite3.SQLITE_ERROR else Unavailable(str(error))


def _refuse(sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
    """Stands in for a connection whose transaction ended under it: a statement would be saved by itself."""
    raise Unavailable("the transaction has ended")
