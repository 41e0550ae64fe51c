"""Writes that wait for each other: rows of one kind, from many units of work, become one statement of the group.

A statement costs more to send, to bind and to answer than a row does to write. So what a unit writes and does not
ask back may wait; it is written before anything is asked of its table, before any other write, and before the commit.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import JSON, ClauseElement, cast
from sqlmodel import SQLModel, String, column, func, select
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.statements import Clause, Compiled, Statement, columns, compiled_for, dialect_of, param

MOST = 1000  # rows that wait; more are written before the others come

Values = dict[str, Any]
Given = Callable[[str], Any]  # a value of the row, by its name
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
        self.key = key
        self.merge = merge


class Inserting(Batch):
    """Writes all rows by one statement where the database can.

    `given` names the values of a row with their types. `clause` makes the statement of the way to insert, the values
    by their names, and the rows that they are of: none where the statement is for one row.
    """

    def __init__(
        self,
        given: Mapping[str, Any],
        clause: Callable[[Any, Given, Any], ClauseElement],
        key: tuple[str, ...] = (),
        merge: Merge = newer,
    ) -> None:
        super().__init__(
            lambda insert: clause(insert, lambda name: param(name, given[name]), None), key, merge
        )
        self._given = given
        self._clause_over = clause
        self._together: Compiled | None = None
        self.moments = [name for name, kind in given.items() if isinstance(kind, UTCDateTime)]

    def together(self) -> Compiled:
        """For PostgreSQL: over the rows in its parameter `rows`, a list in JSON. One text, however many they are."""
        if self._together is None:
            source = func.json_to_recordset(cast(param("rows", String()), JSON))
            fields = [column(name, of) for name, of in self._given.items()]
            rows = source.table_valued(*fields).render_derived(name="given", with_types=True)
            dialect, insert = dialect_of("postgresql")
            clause = self._clause_over(insert, lambda name: rows.c[name], rows)
            self._together = compiled_for(clause, dialect)
        return self._together


def adding(model: type[SQLModel], end: Callable[[Any], Any] = lambda clause: clause, **how: Any) -> Inserting:
    """Inserts whole rows of a table; `end` adds what follows, as for a conflict."""
    names = columns(model)
    given = {each.name: each.type for each in model.__table__.columns}  # type: ignore[attr-defined]

    def clause(insert: Any, given: Given, rows: Any) -> ClauseElement:
        values = {name: given(name) for name in names}
        added = insert(model)
        wanted = added.values(values) if rows is None else added.from_select(names, select(*values.values()))
        ended: ClauseElement = end(wanted)
        return ended

    return Inserting(given, clause, **how)


class Waiting:
    """The rows that wait to be written, and the tables that they are for."""

    __slots__ = ("_found", "_rows", "many", "tables")

    def __init__(self) -> None:
        self._rows: dict[Batch, list[Values]] = {}
        self._found: dict[tuple[Any, ...], int] = {}
        self.tables: set[str] = set()
        self.many = 0

    def add(self, batch: Batch, values: Values, kind: str) -> None:
        """One more row, or its merger with one that waits."""
        rows = self._rows.get(batch)
        if rows is None:
            rows = self._rows[batch] = []
            self.tables |= batch.compiled(kind).changes
        if batch.key:
            key = (batch, *[values[name] for name in batch.key])
            place = self._found.setdefault(key, len(rows))
            if place < len(rows):
                rows[place] = batch.merge(rows[place], values)
                return
        rows.append(values)
        self.many += 1

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
