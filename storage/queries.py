"""The base of every room of queries: each speaks for one organisation only."""

from typing import Any, TypeVar

from storage.batches import Batch, Values
from storage.connection import Connection
from storage.statements import Statement
from storage.visible import EVERYTHING

Row = TypeVar("Row")


class Queries:
    """Statements run for one organisation and one viewer; both are bound here and nowhere else."""

    __slots__ = ("connection", "organisation_id", "viewer")

    def __init__(self, connection: Connection, organisation_id: str, viewer: str = EVERYTHING) -> None:
        self.connection = connection
        self.organisation_id = organisation_id
        self.viewer = viewer

    def _all(self, statement: Statement[Row], **values: Any) -> list[Row]:
        return self.connection.all(
            statement, organisation_id=self.organisation_id, viewer=self.viewer, **values
        )

    def _first(self, statement: Statement[Row], **values: Any) -> Row | None:
        return self.connection.first(
            statement, organisation_id=self.organisation_id, viewer=self.viewer, **values
        )

    def _one(self, statement: Statement[Row], **values: Any) -> Row:
        return self.connection.one(
            statement, organisation_id=self.organisation_id, viewer=self.viewer, **values
        )

    def _kept(self, statement: Statement[Row], **values: Any) -> list[Row]:
        """Of the tables in KEPT alone: the answer may be kept from an earlier transaction."""
        return self.connection.kept_rows(statement, organisation_id=self.organisation_id, **values)

    def _run(self, statement: Statement[Any], **values: Any) -> None:
        self.connection.run(statement, organisation_id=self.organisation_id, **values)

    def _later(self, batch: Batch, values: Values) -> None:
        values["organisation_id"] = self.organisation_id
        self.connection.later(batch, values)
