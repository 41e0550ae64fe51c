"""Statements over the tables, compiled once for each kind of database.

Compiling a SQLAlchemy expression costs many times what a small query costs to run, so it happens once: what runs
is the driver's own text, with its values by their place.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import (
    Boolean,
    ClauseElement,
    Date,
    Dialect,
    Integer,
    SelectBase,
    Table,
    Update,
    bindparam,
    literal_column,
)
from sqlalchemy.sql.visitors import iterate
from sqlmodel import SQLModel, UTCDateTime

_iso = msgspec.json.Encoder().encode
Row = TypeVar("Row")
Processor = Callable[[Any], Any]
Clause = Callable[[Any], ClauseElement] | ClauseElement

# The tables of the answers that storage/kept.py keeps, and columns that change often and are in none of them.
KEPT = frozenset(
    {"organisations", "workspaces", "accounts", "people", "places", "bindings", "maps", "stages"}
)
RESTLESS = frozenset({("workspaces", "heard_at"), ("workspaces", "digests_until"), ("maps", "look_at")})

ORGANISATION: Any = bindparam("organisation_id")


@cache
def dialect_of(kind: str) -> tuple[Dialect, Any]:
    """How statements are written for a kind of database, and its INSERT; the other kind is not loaded: 2 MiB."""
    if kind == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.dialect(paramstyle="qmark"), sqlite.insert
    from sqlalchemy.dialects import postgresql

    dialect: Any = postgresql.psycopg.dialect
    return dialect(paramstyle="numeric_dollar"), postgresql.insert


def param(name: str, of: Any = None) -> Any:
    """A value that is given when the statement runs; `of` is its type where no column tells it."""
    return bindparam(name, type_=of)


def number(value: int) -> Any:
    """A number that stands in the statement's text: of a LIMIT that is a parameter a planner thinks the worst."""
    return literal_column(str(value), Integer())


def _picking(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


class Compiled:
    """What one kind of driver needs to run a statement."""

    __slots__ = (
        "_fixed",
        "_outward",
        "_picked",
        "changes",
        "row",
        "spoils",
        "sql",
        "tables",
        "writes",
    )

    def __init__(
        self,
        sql: str,
        names: Sequence[str],
        fixed: Mapping[str, Any],
        row: Callable[[Any], Any] | None,
        outward: Sequence[tuple[int, Processor]],
        tables: frozenset[str],
        changes: frozenset[str],
        spoils: bool,
    ) -> None:
        self.sql = sql
        self.spoils = spoils
        self.tables = tables
        self.changes = changes
        self.writes = bool(changes)
        self.row = row
        self._picked = _picking(names)
        self._fixed = fixed
        self._outward = outward

    def parameters(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """The values as the driver takes them, by their place."""
        if self._fixed:
            values = {**values, **self._fixed}
        return self._picked(values)

    def rows(self, fetched: list[Any]) -> list[Any]:
        """The driver's tuples as rows with names, every value in its Python type."""
        make = self.row
        assert make is not None, "this statement returns nothing"
        if not self._outward:
            return [make(row) for row in fetched]
        made = []
        for row in fetched:
            values = list(row)
            for place, convert in self._outward:
                values[place] = convert(values[place])
            made.append(make(values))
        return made


class Statement(Generic[Row]):
    """One statement; its rows are read-only and have the attributes of `Row`, in the order selected.

    Its clause is best given as a function, which is called when the statement is first needed: nobody keeps the
    expression then. Those of all statements would be 8 MiB. Where PostgreSQL needs another way to ask, it has its own.
    """

    def __init__(self, clause: Clause, *, postgresql: Clause | None = None) -> None:
        self._clause = clause
        self._on_postgresql = postgresql or clause
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, kind: str) -> Compiled:
        """The statement for one kind of database: `sqlite` or `postgresql`."""
        ready = self._compiled.get(kind)
        if ready is None:
            dialect, insert = dialect_of(kind)
            given = self._clause if kind == "sqlite" else self._on_postgresql
            clause = given if isinstance(given, ClauseElement) else given(insert)
            ready = self._compiled[kind] = compiled_for(clause, dialect)
        return ready


def compiled_for(clause: ClauseElement, dialect: Dialect) -> Compiled:
    """The clause as the driver of that dialect runs it."""
    compiled: Any = clause.compile(dialect=dialect)
    fixed = {name: bound.effective_value for bound, name in compiled.bind_names.items() if not bound.required}
    columns = list(_returned(clause))
    outward = []
    for place, column in enumerate(columns):
        back = _outward(column.type, dialect)
        if back is not None:
            outward.append((place, back))
    make = _row_of(tuple(column.key for column in columns))._make if columns else None
    changes = _changes(clause)
    tables = changes | {table.name for table in iterate(clause) if isinstance(table, Table)}
    return Compiled(
        str(compiled), compiled.positiontup, fixed, make, outward, tables, changes, _spoils(clause)
    )


@cache
def _row_of(names: tuple[str, ...]) -> Any:
    """The type of rows with these columns; a table has one, whatever asks for its rows."""
    return namedtuple("Row", names)


def _changes(clause: Any) -> frozenset[str]:
    """The tables that a statement may write, with those that triggers write for it."""
    if isinstance(clause, SelectBase):
        return frozenset()
    written: str = clause.table.name
    return frozenset({written, "tallies"} if written == "items" else {written})


def _spoils(clause: Any) -> bool:
    """May a statement change what is kept in memory?"""
    if isinstance(clause, SelectBase) or clause.table.name not in KEPT:
        return False
    if not isinstance(clause, Update):
        return True
    values: Any = clause._values or ()
    table: Any = clause.table
    written = {(table.name, getattr(column, "name", column)) for column in values}
    return not written or not written <= RESTLESS


def _outward(kind: Any, dialect: Dialect) -> Processor | None:
    if isinstance(kind, UTCDateTime | Date | Boolean):
        return _OUTWARD[dialect.name].get(type(kind))
    convert: Processor | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return convert


def aware(value: datetime) -> datetime:
    """The moment itself; raises ValueError for one that does not tell its zone."""
    if value.tzinfo is None:
        raise ValueError("a time without its zone")
    return value


@lru_cache(256)  # one change tells one moment to several tables
def moment_text(value: datetime) -> str:
    """A moment in UTC, without its zone, as both databases take it; raises ValueError for one that has none."""
    moment = aware(value)
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    # What isoformat(" ", "microseconds") says before the zone, in a third of its time.
    text = _iso(moment)[1:-2].decode().replace("T", " ")
    return text if moment.microsecond else text + ".000000"


def _moment_out(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def _day_out(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _truth(value: int | None) -> bool | None:
    return None if value is None else value != 0


# What comes back is converted as SQLAlchemy's types would, in a fraction of their time; what goes in, by the drivers:
# storage/sqlite.py and storage/postgresql.py tell them how.
_OUTWARD: Mapping[str, Mapping[type, Processor]] = {
    "sqlite": {UTCDateTime: _moment_out, Date: _day_out, Boolean: _truth},
    "postgresql": {},
}


def _returned(clause: Any) -> Any:
    if isinstance(clause, SelectBase):
        return clause.selected_columns
    return getattr(clause, "exported_columns", ()) if getattr(clause, "_returning", ()) else ()


def columns(model: type[SQLModel]) -> list[str]:
    """The names of a table's columns, in their order."""
    return [column.name for column in model.__table__.columns]  # type: ignore[attr-defined]


def every(model: type[SQLModel]) -> dict[str, Any]:
    """All columns of a table, each bound to a parameter of its own name."""
    return {name: bindparam(name) for name in columns(model)}


def preset(model: type[SQLModel]) -> dict[str, Any]:
    """The defaults that are not nothing: what a row of a batch has to begin with."""
    return {name: value for name, value in blank(model).items() if value is not None}


def blank(model: type[SQLModel]) -> dict[str, Any]:
    """The default value of every column that has one, to be completed with the others."""
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if not field.is_required()
    }
