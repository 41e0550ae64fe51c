"""What all tables share: how their constraints are called, and keys that cannot leave an organisation."""

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import SQLModel

METADATA = SQLModel.metadata
METADATA.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def within(table: str, *columns: str) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the organisation."""
    return ForeignKeyConstraint(["organisation_id", *columns], [f"{table}.organisation_id", f"{table}.id"])
