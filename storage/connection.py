"""One kept connection to the database, SQLite's or PostgreSQL's, behind the same few verbs."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from types import TracebackType
from typing import Any, TypeVar

from storage.batches import MOST, Batch, Values, Waiting
from storage.errors import Conflict, StorageError, Unavailable
from storage.kept import EPOCH, Kept
from storage.presumed import Counted, Presumed
from storage.statements import KEPT, Compiled, Statement

Row = TypeVar("Row")
# Rows of a unit alone that do not wait for others to share a statement with: they are seldom there.
PROMPT = 8
_NUMBERS = count(1)  # of transactions
Question = tuple[Statement[Any], Mapping[str, Any]]


class Contended(Unavailable):
    """Another transaction holds a row that this one wants, perhaps while it waits for one of ours."""


class Unprotected(StorageError):
    """Something is to be undone that was written without a savepoint: the same again, and carefully."""


class Connection:
    """The verbs a store needs; a subclass brings the driver.

    Any of them may raise StorageError; after that nothing of the transaction can be saved.
    """

    kind: str
    queued: datetime | None = None  # when the first of what was queued in this transaction may leave
    careful = True  # savepoints are real ones
    wrote = 0  # statements that may have changed something, so far
    begun = 0  # the transaction's number among all connections': what was asked in another does not count
    apart = False  # the database is a process of its own: it works while we do

    def __init__(self) -> None:
        self._waiting = Waiting(self.kind)
        self._prompt = 0  # rows that are left of PROMPT
        self.presumed = Presumed()
        self.kept = Kept()
        self.counters: Counted = {}  # of the maps whose lock this transaction has, or takes for granted
        self.stores: dict[Hashable, Any] = {}  # by whom they are for: storage/store.py

    def all(self, statement: Statement[Row], **values: Any) -> list[Row]:
        """Every row of the answer."""
        raise NotImplementedError

    def run(self, statement: Statement[Any], **values: Any) -> None:
        """Carries out a statement whose rows do not matter; its error may show later, at the latest at the commit."""
        raise NotImplementedError

    def later(self, batch: Batch, values: Values) -> None:
        """A row to be written together with others, at the latest at the commit; so late its error may show."""
        self.wrote += 1
        if self._prompt:  # so nothing waits yet
            self._prompt -= 1
            self.run_many(batch, (values,))
            return
        self._waiting.add(batch, values)
        if self._waiting.many >= MOST:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        for batch, rows in self._waiting.taken():
            self.run_many(batch, rows)

    def run_many(self, batch: Batch, rows: Sequence[Values]) -> None:
        """Carries out a batch for those rows; its error may show later, as with `run`."""
        raise NotImplementedError

    def gather(self, questions: Sequence[Question]) -> list[list[Any]]:
        """The answers to several independent questions, in one round trip where the driver can."""
        return [self.all(statement, **values) for statement, values in questions]

    def pose(self, questions: Sequence[Question]) -> Callable[[], list[list[Any]]]:
        """Asks several independent questions; what is returned waits for their answers."""
        answers = self.gather(questions)
        return lambda: answers

    def kept_rows(self, statement: Statement[Row], **values: Any) -> list[Row]:
        """Every row of the answer, which may be kept from an earlier transaction; of the tables in KEPT alone."""
        key = (statement, *values.values())
        if not self.kept.sure:
            self.kept.holds(self.all(EPOCH))
        rows: list[Row] | None = self.kept.get(key)
        if rows is None:
            assert statement.compiled(self.kind).tables <= KEPT, "nothing tells of changes to the others"
            rows = self.all(statement, **values)
            self.kept.put(key, rows)
        return rows

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

    def queue_from(self, moment: datetime) -> None:
        """Something was queued that may leave then: after the commit the sender is told."""
        if self.queued is None or moment < self.queued:
            self.queued = moment

    def savepoint(self, name: str) -> "Savepoint":
        """What happens inside is undone when an exception leaves it; may raise Unprotected where not `careful`."""
        return Savepoint(self, name)

    @contextmanager
    def transaction(self, *, writes: bool, shared: bool = False, careful: bool = True) -> Iterator[None]:
        """Commits at the end, rolls back on any exception; raises Busy where it could not begin.

        A `shared` one, of several units, holds many rows: it raises Contended rather than wait for yet another.
        One that is not `careful` makes no savepoints, which cost much and are seldom needed: what is refused has
        mostly written nothing yet.
        """
        self.queued = None
        self.careful = careful
        self.begun = next(_NUMBERS)
        self._prompt = 0 if shared else PROMPT
        self.presumed.begin(writes and not shared and not careful)
        self.kept.begin()
        self._forget()
        try:
            self._begin(writes, shared)
            yield
            self.flush()
            if self.presumed.open:
                self.presumed.find_out()
            self._commit()
            self.presumed.remember(self.counters)
        except BaseException:
            self._give_up()
            raise

    def in_transaction(self) -> bool:
        """Does the transaction still stand? Some errors end it behind our back (SQLITE_FULL)."""
        raise NotImplementedError

    def broken(self) -> bool:
        """Is the connection of no more use?"""
        raise NotImplementedError

    def close(self) -> None:
        """Lets the connection go, and what holds on to it."""
        self.stores.clear()

    def command(self, sql: str) -> None:
        """A statement about the transaction itself, such as SAVEPOINT."""
        raise NotImplementedError

    def _settle(self, compiled: Compiled) -> None:
        """Before a statement runs: is what was presumed so? And what waits is written, if the statement may meet it."""
        if self.presumed.open:
            self.presumed.find_out()
        if compiled.spoils:
            self.kept.spoil()
        if self._waiting.many and (compiled.writes or not compiled.tables.isdisjoint(self._waiting.tables)):
            self.flush()

    def _forget(self) -> None:
        """Nothing waits, and nothing is known of the rows that were locked."""
        self._waiting.clear()
        self.counters = {}

    def _begin(self, writes: bool, shared: bool) -> None:
        raise NotImplementedError

    def _commit(self) -> None:
        raise NotImplementedError

    def _give_up(self) -> None:
        raise NotImplementedError


class Savepoint:
    """A part of a transaction that can be undone alone; a class, as a generator would cost twice as much."""

    __slots__ = ("_connection", "_name", "_wrote")

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._wrote = 0

    def __enter__(self) -> None:
        self._wrote = self._connection.wrote
        if self._connection.careful:
            self._connection.flush()
            self._connection.command(f"SAVEPOINT {self._name}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection = self._connection
        if error is None:
            if connection.careful:
                connection.flush()
                connection.command(f"RELEASE SAVEPOINT {self._name}")
        elif isinstance(error, StorageError) or not connection.in_transaction():
            return  # the whole transaction is in doubt: the writer gives it up
        elif connection.careful:
            connection._forget()
            connection.command(f"ROLLBACK TO SAVEPOINT {self._name}")
            connection.command(f"RELEASE SAVEPOINT {self._name}")
        elif connection.wrote != self._wrote:
            raise Unprotected("written without a savepoint") from error
