"""PostgreSQL, spoken to in pipeline mode: a statement whose rows nobody asks for costs no round trip.

psycopg connects, authenticates and converts values; the statements go through its libpq, prepared once, because a
cursor for each of them takes longer than the server. An error shows when an answer is next read, at the commit at
the latest, and everything after it was skipped by the server: the writer runs the units again one by one.
"""

import select
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import psycopg
from psycopg.adapt import Buffer, Dumper, PyFormat, Transformer
from psycopg.errors import (
    DeadlockDetected,
    FeatureNotSupported,
    InvalidSqlStatementName,
    LockNotAvailable,
    ReadOnlySqlTransaction,
    error_from_result,
)
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from storage.batches import Batch, Inserting, Values
from storage.connection import PROMPT, Connection, Contended, Question
from storage.errors import Conflict, Misaddressed, StorageError, Unavailable
from storage.kept import NEXT_EPOCH
from storage.listed import listed
from storage.statements import Statement, aware, moment_text

Row = TypeVar("Row")
T = TypeVar("T")

LOCK_WAIT = "100ms"  # at a time: the writer tries again, with others in between
SHARED_LOCK_WAIT = "20ms"
STATEMENT_SECONDS = 10
# Rows of a unit alone that are sent at once: with them the server is busy while the others are made.
HEAD_START = 2
YOUNG_ROWS = 100  # written by us to a table of which the server knows nothing yet: it is to look at it
SILENCE_SECONDS = STATEMENT_SECONDS + 5  # no answer by then: the server or the way to it is gone

# A plan is made once. Were it made while a table is small, it would read all of it, and go on to when it is large.
_SETTINGS = f"""
    SET lock_timeout = '{LOCK_WAIT}';
    SET statement_timeout = '{STATEMENT_SECONDS}s';
    SET idle_in_transaction_session_timeout = '{STATEMENT_SECONDS}s';
    SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off;
    SET jit = off;
    SET TIME ZONE 'UTC'
"""
_NETWORK: dict[str, Any] = {
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_ANSWERED = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
# A new connection may fare better: statements prepared for tables that changed, or a server that became a replica.
_STALE = (FeatureNotSupported, InvalidSqlStatementName, ReadOnlySqlTransaction)
_TEXT = [PyFormat.TEXT] * 400


class _MomentDumper(Dumper):
    """Psycopg's own asks each moment anew which kind of it it is, and takes one without its zone too."""

    oid = psycopg.adapters.types["timestamptz"].oid

    def dump(self, obj: datetime) -> Buffer:
        return f"{moment_text(obj)}+00".encode()


class PostgresConnection(Connection):
    """A connection to a PostgreSQL server."""

    kind = "postgresql"
    apart = True

    def __init__(self, url: str) -> None:
        super().__init__()
        self._driver = _connected(url)
        self._server = self._driver.pgconn
        self._server.enter_pipeline_mode()
        self._values = Transformer(self._driver)
        self._socket = self._server.socket
        self._poll = select.poll()  # the selectors of the standard library take ten times as long to ask it
        self._poll.register(self._socket, select.POLLIN)
        self._prepared: dict[str, bytes] = {}
        self._unsure: list[str] = []  # prepared in this transaction: after an error, perhaps not
        self._names = 0
        self._worn = False
        self._asked = self._flushed = self._answered = 0
        self._written: Counter[str] = Counter()  # rows, by table
        self._grown: set[str] = set()  # tables that have YOUNG_ROWS by now
        self._young: list[str] = []  # those of them that are to be looked at

    def all(self, statement: Statement[Row], **values: Any) -> list[Row]:
        compiled = statement.compiled("postgresql")
        self._settle(compiled)
        self.wrote += compiled.writes
        return self._rows(self._ask(compiled.sql, compiled.parameters(values)), compiled.row)

    def run(self, statement: Statement[Any], **values: Any) -> None:
        compiled = statement.compiled("postgresql")
        self._settle(compiled)
        self.wrote += compiled.writes
        self._ask(compiled.sql, compiled.parameters(values))
        # Sent at once: the server works on it while the next statement is being made.
        self._call(self._server.flush)

    def gather(self, questions: Sequence[Question]) -> list[list[Any]]:
        return [self._rows(number, row) for number, row in self._posed(questions)]

    def pose(self, questions: Sequence[Question]) -> Callable[[], list[list[Any]]]:
        posed = self._posed(questions)
        self._call(self._server.send_flush_request)
        self._flush()
        return lambda: [self._rows(number, row) for number, row in posed]

    def _posed(self, questions: Sequence[Question]) -> list[tuple[int, Any]]:
        posed = []
        for statement, values in questions:
            compiled = statement.compiled("postgresql")
            self._settle(compiled)
            self.wrote += compiled.writes
            posed.append((self._ask(compiled.sql, compiled.parameters(values)), compiled.row))
        return posed

    def run_many(self, batch: Batch, rows: Sequence[Values]) -> None:
        if len(rows) == 1:
            compiled, parameters = batch.alone("postgresql", rows[0])
            self._ask(compiled.sql, parameters)
        elif isinstance(batch, Inserting):
            for values in rows:
                for moment in filter(None, map(values.get, batch.moments)):
                    aware(moment)
            compiled = batch.together()
            self._ask(compiled.sql, compiled.parameters({"rows": listed(rows)}))
        else:
            # A plan that joins them with a table might be made while it is small, and not be the one for a large one.
            compiled = batch.compiled("postgresql")
            for parameters in batch.parameters(compiled, rows):
                self._ask(compiled.sql, parameters)
        if not 0 < self._prompt < PROMPT - HEAD_START:
            self._call(self._server.flush)
        if not compiled.changes <= self._grown:
            self._count(compiled.changes, len(rows))

    def command(self, sql: str) -> None:
        self._ask(sql, ())

    def in_transaction(self) -> bool:
        return self._server.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.ACTIVE)

    def broken(self) -> bool:
        return self._worn or self._server.status != ConnStatus.OK

    def close(self) -> None:
        super().close()
        self._driver.close()

    def _begin(self, writes: bool, shared: bool) -> None:
        mode = "READ COMMITTED READ WRITE" if writes else "REPEATABLE READ READ ONLY"
        self.command(f"BEGIN ISOLATION LEVEL {mode}")
        if shared:
            # Two replicas with the rows of many maps each would soon wait for each other.
            self.command(f"SET LOCAL lock_timeout = '{SHARED_LOCK_WAIT}'")
        if writes:
            while self._young:
                self._look_at(self._young.pop())
        # Sent at once: the server wakes up while the first questions are being made.
        self._call(self._server.flush)

    def _count(self, tables: frozenset[str], rows: int) -> None:
        for table in tables - self._grown:
            self._written[table] += rows
            if self._written[table] >= YOUNG_ROWS:
                self._grown.add(table)
                self._young.append(table)

    def _look_at(self, table: str) -> None:
        """Has the server count a table that it never did: until it has, one index seems to it as good as another."""
        known = self._answer(
            self._ask("SELECT reltuples FROM pg_class WHERE oid = $1::text::regclass", (table,))
        )
        if known.get_value(0, 0) == b"-1":
            self.command(f"ANALYZE {table}")

    def _commit(self) -> None:
        if self.kept.spoilt:
            # Last of all: it is one row for everybody, and whoever has it waits for nothing more.
            self.run(NEXT_EPOCH)
        self._ask("COMMIT", ())
        error, last = self._sync()
        if error is not None:
            raise error
        if last != b"COMMIT":
            # To commit a transaction that has failed rolls it back, and that is no error to the server.
            raise Unavailable(f"the transaction ended with {last!r}")
        self._unsure.clear()

    def _give_up(self) -> None:
        for sql in self._unsure:
            self._prepared.pop(sql, None)
        self._unsure.clear()
        if self.broken():
            self.close()
            return
        try:
            self._sync()
            if self._server.transaction_status != TransactionStatus.IDLE:
                self._ask("ROLLBACK", ())
                self._sync()
        except StorageError:
            self.close()  # the error that brought us here is the one to tell

    def _ask(self, sql: str, parameters: Sequence[Any]) -> int:
        """Puts a statement into the pipeline; its number is for `_answer`."""
        try:
            name = self._prepared.get(sql)
            if name is None:
                name = self._prepare(sql)
            self._server.send_query_prepared(name, self._values.dump_sequence(parameters, _TEXT))
        except (psycopg.DataError, UnicodeEncodeError) as error:  # the latter for half of a character
            raise StorageError(str(error)) from error
        except psycopg.Error as error:
            raise Unavailable(str(error)) from error
        self._asked += 1
        return self._asked

    def _prepare(self, sql: str) -> bytes:
        self._names += 1
        name = self._prepared[sql] = b"s%d" % self._names
        self._unsure.append(sql)
        self._server.send_prepare(name, sql.encode())
        self._asked += 1
        return name

    def _rows(self, number: int, row: Any) -> list[Any]:
        assert row is not None, "this statement returns nothing"
        answer = self._answer(number)
        self._values.set_pgresult(answer)
        return self._values.load_rows(0, answer.ntuples, row)

    def _answer(self, number: int) -> PGresult:
        """The answer to the statement of that number; raises what went wrong with it or with one before it."""
        if self._flushed < number:
            self._call(self._server.send_flush_request)
            self._flush()
        while True:
            result = self._next()
            self._answered += 1
            if result.status not in _ANSWERED:
                raise self._told(result)
            if self._answered == number:
                return result

    def _sync(self) -> tuple[StorageError | None, bytes | None]:
        """Ends the pipeline's batch: its first error, and the status of its last statement."""
        self._call(self._server.pipeline_sync)
        self._flush()
        error: StorageError | None = None
        last: PGresult | None = None
        while (status := (result := self._next()).status) != ExecStatus.PIPELINE_SYNC:
            if status in _ANSWERED:
                last = result
            elif error is None:
                error = self._told(result)
        self._answered = self._asked
        return error, last.command_status if last is not None else None

    def _next(self) -> PGresult:
        server = self._server
        while True:
            while server.is_busy():
                self._wait()
            result = server.get_result()
            if result is not None:  # none marks the end of one statement's results
                return result
            if server.status != ConnStatus.OK:
                raise Unavailable("the connection is gone")

    def _flush(self) -> None:
        while self._call(self._server.flush):
            # The server does not read on before we read what it has sent.
            self._poll.modify(self._socket, select.POLLIN | select.POLLOUT)
            self._wait()
            self._poll.modify(self._socket, select.POLLIN)
        self._flushed = self._asked

    def _wait(self) -> None:
        for _, events in self._poll.poll(SILENCE_SECONDS * 1000):
            if events != select.POLLOUT:  # to read, or to find out that it is closed
                self._call(self._server.consume_input)
            return
        self._worn = True
        raise Unavailable(f"no answer for {SILENCE_SECONDS} s")

    def _call(self, of_libpq: Callable[[], T]) -> T:
        try:
            return of_libpq()
        except psycopg.Error as error:
            raise Unavailable(str(error)) from error

    def _told(self, result: PGresult) -> StorageError:
        if result.status == ExecStatus.PIPELINE_ABORTED:
            return Unavailable("a statement before this one has failed")
        error = error_from_result(result)
        # The rest of its message would tell values.
        message = f"{error.diag.message_primary or error} ({error.sqlstate})"
        if isinstance(error, _STALE):
            self._worn = True
        if isinstance(error, psycopg.IntegrityError):
            return Conflict(message)
        if isinstance(error, LockNotAvailable | DeadlockDetected):
            return Contended(message)
        if isinstance(error, psycopg.OperationalError | psycopg.InternalError):
            return Unavailable(message)
        return StorageError(message)


def _connected(url: str) -> psycopg.Connection[Any]:
    try:
        driver = psycopg.connect(url, autocommit=True, client_encoding="utf8", **_NETWORK)
    except psycopg.ProgrammingError:
        # Its message repeats the address, and so the password.
        raise Misaddressed("DATABASE_URL is not an address that PostgreSQL understands") from None
    except psycopg.Error as error:
        raise Unavailable(str(error)) from error
    driver.adapters.register_dumper(datetime, _MomentDumper)
    try:
        driver.execute(_SETTINGS)
    except psycopg.Error as error:
        driver.close()
        raise Unavailable(str(error)) from error
    return driver
