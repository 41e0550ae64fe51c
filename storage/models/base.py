"""What all tables share: how their constraints are called, and keys that cannot leave an organisation."""

from typing import Any, TypeVar, cast

from sqlalchemy import ForeignKeyConstraint, FromClause, MetaData, String, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

Model = TypeVar("Model", bound=SQLModel)

# Rows come from the database and are made by statements: nothing needs the validators, which take seconds and memory.
SQLModel.model_config["defer_build"] = True
METADATA = SQLModel.metadata
METADATA.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def only(condition: str) -> dict[str, Any]:
    """An index's `info`: it holds the rows of that condition alone; see `with_conditions`."""
    return {"where": condition}


def with_conditions(metadata: MetaData) -> MetaData:
    """The tables as they are to be made, each partial index with its condition.

    To name a database's option in a model loads all that SQLAlchemy knows of that database, in every process.
    """
    for table in metadata.tables.values():
        for index in table.indexes:
            for database in ("sqlite", "postgresql") if "where" in index.info else ():
                index.dialect_options[database]["where"] = text(index.info["where"])
    return metadata


def lighten(metadata: MetaData) -> None:
    """Gives every text column the plain type: for SQLModel's own, SQLAlchemy makes a class for each column."""
    plain = String()
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, AutoString):
                column.type = plain


def unmap() -> None:
    """Lets go of the object mapper: in a statement a model is its table from then on, its attributes are the columns.

    What reads and writes here is statements, never a session. The mapper beside them would take 3 MiB of every process
    (`python -m tests.bench memory`).
    """
    models = [(mapper.class_, mapper.local_table) for mapper in SQLModel._sa_registry.mappers]
    SQLModel._sa_registry.dispose()
    for model, table in models:
        # SQLModel's own way to set an attribute of a class would map it.
        type.__setattr__(model, "__table__", table)
        type.__setattr__(model, "__clause_element__", staticmethod(lambda table=table: table))
        for column in table.columns:
            type.__setattr__(model, column.key, column)


class _Alias:
    """A table by another name."""

    def __init__(self, table: FromClause) -> None:
        self.__dict__.update(table.columns)
        self._table = table

    def __clause_element__(self) -> FromClause:
        return self._table


def aliased(model: type[Model], name: str | None = None) -> type[Model]:
    """The table of a model once more in the same statement; with its columns as attributes, as the model has them."""
    return cast(type[Model], _Alias(model.__table__.alias(name)))  # type: ignore[attr-defined]


def within(table: str, *columns: str) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the organisation."""
    return ForeignKeyConstraint(["organisation_id", *columns], [f"{table}.organisation_id", f"{table}.id"])
