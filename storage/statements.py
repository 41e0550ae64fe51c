"""Statements over the tables, compiled once for each kind of database.

Compiling a SQLAlchemy expression costs many times what a small query costs to run, so it happens once: what runs
is the driver's own text and parameters, with SQLModel's column types converting values on their way in and out.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import ClauseElement, Dialect, SelectBase, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

Row = TypeVar("Row")
Processor = Callable[[Any], Any]
Clause = Callable[[Any], ClauseElement] | ClauseElement

DIALECTS: Mapping[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.psycopg.dialect(),  # type: ignore[no-untyped-call]
}
INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

ORGANISATION: Any = bindparam("organisation_id")


def param(name: str, of: Any = None) -> Any:
    """A value that is given when the statement runs; `of` is its type where no column tells it."""
    return bindparam(name, type_=of)


class Compiled(NamedTuple):
    """What one kind of driver needs to run a statement."""

    sql: str
    inward: tuple[tuple[str, Processor], ...]
    fixed: tuple[tuple[str, Any], ...]
    outward: tuple[tuple[int, Processor], ...]
    row: Callable[[Any], Any] | None

    def parameters(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values as the driver takes them."""
        if not self.inward and not self.fixed:
            return values
        ready = {**values, **dict(self.fixed)} if self.fixed else dict(values)
        for name, convert in self.inward:
            ready[name] = convert(ready[name])
        return ready

    def rows(self, fetched: list[Any]) -> list[Any]:
        """The fetched tuples as rows with names, every value in its Python type."""
        make = self.row
        assert make is not None, "this statement returns nothing"
        if not self.outward:
            return [make(row) for row in fetched]
        made = []
        for row in fetched:
            values = list(row)
            for place, convert in self.outward:
                values[place] = convert(values[place])
            made.append(make(values))
        return made


class Statement(Generic[Row]):
    """One statement; its rows are read-only and have the attributes of `Row`, in the order selected."""

    def __init__(self, clause: Clause) -> None:
        self._clause = clause
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, kind: str) -> Compiled:
        """The statement for one kind of database: `sqlite` or `postgresql`."""
        ready = self._compiled.get(kind)
        if ready is None:
            clause = (
                self._clause(INSERTS[kind]) if not isinstance(self._clause, ClauseElement) else self._clause
            )
            ready = self._compiled[kind] = _compile(clause, DIALECTS[kind])
        return ready


def _compile(clause: ClauseElement, dialect: Dialect) -> Compiled:
    compiled: Any = clause.compile(dialect=dialect)
    inward, fixed = [], []
    for bound in compiled.bind_names:
        name = compiled.bind_names[bound]
        convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
        if not bound.required:
            value = bound.effective_value
            fixed.append((name, convert(value) if convert else value))
        elif convert is not None:
            inward.append((name, convert))
    columns = list(_returned(clause))
    outward = []
    for place, column in enumerate(columns):
        back = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if back is not None:
            outward.append((place, back))
    row: Any = namedtuple("Row", [column.key for column in columns]) if columns else None
    return Compiled(str(compiled), tuple(inward), tuple(fixed), tuple(outward), row._make if row else None)


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


def blank(model: type[SQLModel]) -> dict[str, Any]:
    """The default value of every column that has one, to be completed with the others."""
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if not field.is_required()
    }
