"""One kept connection to the database, SQLite's or PostgreSQL's, behind the same few verbs."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

from storage.errors import Conflict, StorageError, Unavailable
from storage.statements import Statement

Row = TypeVar("Row")
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
    queued = False  # a delivery was queued in this transaction: somebody wakes the sender after the commit
    careful = True  # savepoints are real ones
    wrote = 0  # statements that may have changed something, so far

    def all(self, statement: Statement[Row], **values: Any) -> list[Row]:
        """Every row of the answer."""
        raise NotImplementedError

    def run(self, statement: Statement[Any], **values: Any) -> None:
        """Carries out a statement whose rows do not matter; its error may show later, at the latest at the commit."""
        raise NotImplementedError

    def gather(self, questions: Sequence[Question]) -> list[list[Any]]:
        """The answers to several independent questions, in one round trip where the driver can."""
        return [self.all(statement, **values) for statement, values in questions]

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
        self.queued = False
        self.careful = careful
        try:
            self._begin(writes, shared)
            yield
            self._commit()
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
        """Lets the connection go."""
        raise NotImplementedError

    def command(self, sql: str) -> None:
        """A statement about the transaction itself, such as SAVEPOINT."""
        raise NotImplementedError

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
            self._connection.command(f"SAVEPOINT {self._name}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection = self._connection
        if error is None:
            if connection.careful:
                connection.command(f"RELEASE SAVEPOINT {self._name}")
        elif isinstance(error, StorageError) or not connection.in_transaction():
            return  # the whole transaction is in doubt: the writer gives it up
        elif connection.careful:
            connection.command(f"ROLLBACK TO SAVEPOINT {self._name}")
            connection.command(f"RELEASE SAVEPOINT {self._name}")
        elif connection.wrote != self._wrote:
            raise Unprotected("written without a savepoint") from error
