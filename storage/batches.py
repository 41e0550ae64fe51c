"""Writes that wait for each other: rows of one kind, from many units of work, become one statement of the group.

A statement costs more to send, to bind and to answer than a row does to write. So what a unit writes and does not
ask back may wait; it is written before anything is asked of its table, before any other write, and before the commit.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlmodel import SQLModel, select
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.listed import listed_rows
from storage.statements import Clause, Compiled, Statement, compiled_for, dialect_of, every, param

MOST = 1000  # rows that wait; more are written before the others come

Values = dict[str, Any]
Merge = Callable[[Values, Values], Values]


def newer(old: Values, new: Values) -> Values:
    """Of two rows with the same key the later one counts."""
    return new


def older(old: Values, new: Values) -> Values:
    """Of two rows with the same key the first one counts."""
    return old


class Batch(Statement[Any]):
    """A write whose rows may wait. Those that agree in `key` become one by `merge`: it writes a row once."""

    def __init__(self, clause: Clause, key: tuple[str, ...] = (), merge: Merge = newer) -> None:
        super().__init__(clause)
        self.key = itemgetter(*key) if key else None
        self.merge = merge

    def parameters(self, compiled: Compiled, rows: Sequence[Values]) -> list[Sequence[Any]]:
        """The rows as the driver takes them."""
        return [compiled.parameters(values) for values in rows]

    def alone(self, kind: str, values: Values) -> tuple[Compiled, Sequence[Any]]:
        """One row, for that kind of database: its statement, and the row as the driver takes it."""
        compiled = self.compiled(kind)
        return compiled, self.parameters(compiled, (values,))[0]

    def alike(self, kind: str, rows: Sequence[Values]) -> list[tuple[Compiled, list[Sequence[Any]]]]:
        """Several rows: those that one statement takes are together."""
        compiled = self.compiled(kind)
        return [(compiled, self.parameters(compiled, rows))]


class Inserting(Batch):
    """Inserts rows of a table, with nothing in the columns that they do not name.

    `end` adds what follows, as for a conflict.
    """

    def __init__(
        self,
        model: type[SQLModel],
        end: Callable[[Any], Any] = lambda clause: clause,
        key: tuple[str, ...] = (),
        merge: Merge = newer,
    ) -> None:
        super().__init__(lambda insert: end(insert(model).values(every(model))), key, merge)
        self._model = model
        self._end = end
        self._together: Compiled | None = None
        self._compiled_naming: dict[tuple[str, tuple[str, ...]], Compiled] = {}
        given = model.__table__.columns  # type: ignore[attr-defined]
        self._given = {each.name: each.type for each in given}
        self.moments = [name for name, kind in self._given.items() if isinstance(kind, UTCDateTime)]

    def alone(self, kind: str, values: Values) -> tuple[Compiled, Sequence[Any]]:
        compiled = self._naming(kind, tuple(values))
        return compiled, compiled.parameters(values)

    def alike(self, kind: str, rows: Sequence[Values]) -> list[tuple[Compiled, list[Sequence[Any]]]]:
        named: dict[tuple[str, ...], list[Values]] = {}
        for values in rows:
            named.setdefault(tuple(values), []).append(values)
        several = [(self._naming(kind, names), alike) for names, alike in named.items()]
        return [(compiled, list(map(compiled.parameters, alike))) for compiled, alike in several]

    def _naming(self, kind: str, names: tuple[str, ...]) -> Compiled:
        """With those columns alone: to bind the others would take as long."""
        compiled = self._compiled_naming.get((kind, names))
        if compiled is None:
            dialect, insert = dialect_of(kind)
            added = insert(self._model).values({name: param(name) for name in names})
            compiled = self._compiled_naming[kind, names] = compiled_for(self._end(added), dialect)
        return compiled

    def together(self) -> Compiled:
        """For PostgreSQL: over the rows in its parameter `rows`, a list in JSON. One text, however many they are."""
        if self._together is None:
            rows = listed_rows("postgresql", "rows", self._given)
            dialect, insert = dialect_of("postgresql")
            added = insert(self._model).from_select(list(self._given), select(*rows.c))
            self._together = compiled_for(self._end(added), dialect)
        return self._together


class Waiting:
    """The rows that wait to be written, and the tables that they are for."""

    __slots__ = ("_found", "_kind", "_rows", "many", "tables")

    def __init__(self, kind: str) -> None:
        self._kind = kind  # of database
        self._rows: dict[Batch, list[Values]] = {}
        self._found: dict[Batch, dict[Any, int]] = {}  # by key: the row's place
        self.tables: set[str] = set()
        self.many = 0

    def add(self, batch: Batch, values: Values) -> None:
        """One more row, or its merger with one that waits."""
        rows = self._rows.get(batch)
        if rows is None:
            rows = self._begun(batch)
        if batch.key:
            place = self._found[batch].setdefault(batch.key(values), len(rows))
            if place < len(rows):
                rows[place] = batch.merge(rows[place], values)
                return
        rows.append(values)
        self.many += 1

    def _begun(self, batch: Batch) -> list[Values]:
        compiled = batch.compiled(self._kind)
        assert not compiled.spoils, "what is kept would not hear of it in time"
        self.tables |= compiled.changes
        self._found[batch] = {}
        rows = self._rows[batch] = []
        return rows

    def taken(self) -> list[tuple[Batch, list[Values]]]:
        """All of them, in the order in which their kinds came; none waits any more."""
        taken = list(self._rows.items())
        self.clear()
        return taken

    def clear(self) -> None:
        """None waits any more."""
        self._rows, self._found = {}, {}
        self.tables = set()
        self.many = 0
