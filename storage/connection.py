"""One kept connection to the database, SQLite's or PostgreSQL's, behind the same few verbs.

On PostgreSQL a writing connection runs in pipeline mode: a statement whose rows nobody asks for costs no round
trip, and its error shows at the next fetch. The writer therefore reruns a group unit by unit when one fails.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from storage.errors import Busy, Conflict, StorageError, Unavailable
from storage.statements import Statement

if TYPE_CHECKING:
    pass

Row = TypeVar("Row")
Question = tuple[Statement[Any], Mapping[str, Any]]

LOCK_WAIT_SECONDS = 1.5  # Slack wants its answer within 3 s, and the person is owed one


class Connection:
    """The verbs a store needs; a subclass brings the driver."""

    kind: str
    queued = False  # a delivery was queued in this transaction: somebody wakes the sender after the commit

    def all(self, statement: Statement[Row], **values: Any) -> list[Row]:
        """Every row of the answer."""
        compiled = statement.compiled(self.kind)
        return compiled.rows(self._fetched(compiled.sql, compiled.parameters(values)))

    def first(self, statement: Statement[Row], **values: Any) -> Row | None:
        """The first row of the answer, if there is one."""
        rows = self.all(statement, **values)
        return rows[0] if rows else None

    def one(self, statement: Statement[Row], **values: Any) -> Row:
        """The only row of the answer; raises Conflict where there is none."""
        row = self.first(statement, **values)
        if row is None:
            raise Conflict("a row that was expected is not there")
        return row

    def run(self, statement: Statement[Any], **values: Any) -> None:
        """Carries out a statement whose rows do not matter."""
        compiled = statement.compiled(self.kind)
        self._send(compiled.sql, compiled.parameters(values))

    def gather(self, questions: Sequence[Question]) -> list[list[Any]]:
        """The answers to several independent questions, in one round trip where the driver can."""
        return [self.all(statement, **values) for statement, values in questions]

    @contextmanager
    def savepoint(self, name: str) -> Iterator[None]:
        """What happens inside is undone when an exception leaves it."""
        self._send(f"SAVEPOINT {name}")
        try:
            yield
        except StorageError:
            raise  # the whole transaction is in doubt: the writer gives it up
        except BaseException:
            if self.in_transaction():
                self._send(f"ROLLBACK TO SAVEPOINT {name}")
                self._send(f"RELEASE SAVEPOINT {name}")
            raise
        self._send(f"RELEASE SAVEPOINT {name}")

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[None]:
        """Commits at the end, rolls back on any exception."""
        self.queued = False
        try:
            with self._burst(writes):
                self._begin(writes)
                yield
                self._send("COMMIT")
        except BaseException:
            self._give_up()
            raise

    def in_transaction(self) -> bool:
        """Does the transaction still stand? Some errors end it behind our back (SQLITE_FULL)."""
        raise NotImplementedError

    def close(self) -> None:
        """Lets the connection go."""
        raise NotImplementedError

    def broken(self) -> bool:
        """Is the connection of no more use?"""
        raise NotImplementedError

    def _begin(self, writes: bool) -> None:
        raise NotImplementedError

    def _burst(self, writes: bool) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _give_up(self) -> None:
        raise NotImplementedError

    def _send(self, sql: str, values: Mapping[str, Any] | None = None) -> Any:
        raise NotImplementedError

    def _fetched(self, sql: str, values: Mapping[str, Any]) -> list[Any]:
        raise NotImplementedError


class SqliteConnection(Connection):
    """The embedded database: write-ahead log, every commit on disk before it counts."""

    kind = "sqlite"

    def __init__(self, path: str, *, readonly: bool = False) -> None:
        self._driver = sqlite3.connect(
            path,
            timeout=LOCK_WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        self._driver.execute("PRAGMA journal_mode=WAL")
        self._driver.execute("PRAGMA synchronous=FULL")
        self._driver.execute("PRAGMA foreign_keys=ON")
        if readonly:
            self._driver.execute("PRAGMA query_only=ON")

    def in_transaction(self) -> bool:
        return self._driver.in_transaction

    def broken(self) -> bool:
        return False

    def close(self) -> None:
        self._driver.close()

    def _begin(self, writes: bool) -> None:
        try:
            self._send("BEGIN IMMEDIATE" if writes else "BEGIN")
        except Unavailable as error:
            raise Busy(str(error)) from error

    def _burst(self, writes: bool) -> AbstractContextManager[None]:
        return nullcontext()

    def _give_up(self) -> None:
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")

    def _send(self, sql: str, values: Mapping[str, Any] | None = None) -> sqlite3.Cursor:
        try:
            return self._driver.execute(sql, values or {})
        except sqlite3.IntegrityError as error:
            raise Conflict(str(error)) from error
        except sqlite3.OperationalError as error:
            raise Unavailable(str(error)) from error

    def _fetched(self, sql: str, values: Mapping[str, Any]) -> list[Any]:
        try:
            return self._send(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            raise Unavailable(str(error)) from error


class PostgresConnection(Connection):
    """A connection to PostgreSQL through psycopg 3."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        import psycopg  # only where PostgreSQL is used

        self._errors = psycopg
        try:
            self._driver: psycopg.Connection[Any] = psycopg.connect(
                url,
                autocommit=True,
                prepare_threshold=2,
                connect_timeout=2,
                options=f"-c lock_timeout={int(LOCK_WAIT_SECONDS * 1000)} -c statement_timeout=20000"
                " -c timezone=UTC",
            )
        except psycopg.Error as error:
            raise Unavailable(str(error)) from error

    def gather(self, questions: Sequence[Question]) -> list[list[Any]]:
        asked = []
        for statement, values in questions:
            compiled = statement.compiled(self.kind)
            asked.append((compiled, self._send(compiled.sql, compiled.parameters(values))))
        with self._translated():
            return [compiled.rows(cursor.fetchall()) for compiled, cursor in asked]

    def in_transaction(self) -> bool:
        from psycopg.pq import TransactionStatus

        status = self._driver.info.transaction_status
        return status in (TransactionStatus.INTRANS, TransactionStatus.ACTIVE)

    def broken(self) -> bool:
        return self._driver.broken or self._driver.closed

    def close(self) -> None:
        self._driver.close()

    def _begin(self, writes: bool) -> None:
        self._send("BEGIN" if writes else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    @contextmanager
    def _burst(self, writes: bool) -> Iterator[None]:
        with self._translated():
            if not writes:
                yield
                return
            with self._driver.pipeline():
                yield

    def _give_up(self) -> None:
        # The connection may be gone; the error that brought us here is the one to tell.
        with suppress(self._errors.Error):
            self._driver.execute("ROLLBACK")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._errors.IntegrityError as error:
            raise Conflict(str(error)) from error
        except self._errors.Error as error:
            raise Unavailable(str(error)) from error

    def _send(self, sql: str, values: Mapping[str, Any] | None = None) -> Any:
        with self._translated():
            return self._driver.execute(sql, values, prepare=True)

    def _fetched(self, sql: str, values: Mapping[str, Any]) -> list[Any]:
        cursor = self._send(sql, values)
        with self._translated():
            return cursor.fetchall()  # type: ignore[no-any-return]
