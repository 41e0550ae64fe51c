"""What all tables share: how their constraints are called, and keys that cannot leave an organisation."""

from typing import Any

from sqlalchemy import ForeignKeyConstraint, MetaData, String, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

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


def within(table: str, *columns: str) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the organisation."""
    return ForeignKeyConstraint(["organisation_id", *columns], [f"{table}.organisation_id", f"{table}.id"])
