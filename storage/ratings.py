"""Open ideas by what they are worth and what they cost."""

from typing import Any

from sqlmodel import and_, func, select

from storage.models import Item, Stage
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, param

_IDEAS = (
    Item.organisation_id == ORGANISATION,
    Item.map_id == param("map_id"),
    Item.kind == "idea",
    Item.removed_at.is_(None),
    Item.resolved_at.is_(None),
    Item.value.is_not(None),
    Item.effort.is_not(None),
)
_COUNTED = Statement[Any](
    lambda _: (
        select(Item.value, Item.effort, func.count().label("ideas"))
        .where(*_IDEAS)
        .group_by(Item.value, Item.effort)
    )
)
_ALIKE = (
    select(
        Item.id,
        Item.kind,
        Item.number,
        Item.text,
        Item.severity,
        Item.votes,
        Item.value,
        Item.effort,
        Item.resolved_at,
        Item.stage_id,
    )
    .where(*_IDEAS, Item.value == param("value"), Item.effort == param("effort"))
    .order_by(Item.votes.desc(), Item.number.desc())
    .limit(param("most"))
    .subquery()
)
_MOST_WANTED = Statement[Any](
    lambda _: (
        select(*_ALIKE.c, Stage.name.label("stage"))
        .select_from(_ALIKE)
        .join(Stage, and_(Stage.organisation_id == ORGANISATION, Stage.id == _ALIKE.c.stage_id))
    )
)


class Ratings(Queries):
    """The ideas of a map by value and effort."""

    __slots__ = ()

    def counted(self, map_id: str) -> dict[tuple[int, int], int]:
        """How many open ideas there are of each value and effort."""
        return {(row.value, row.effort): row.ideas for row in self._all(_COUNTED, map_id=map_id)}

    def wanted(self, map_id: str, rated: list[tuple[int, int]], most: int) -> list[Any]:
        """The open ideas with the most votes, of any of those values and efforts."""
        here = {"organisation_id": self.organisation_id, "map_id": map_id, "most": most}
        found = self.connection.gather(
            [(_MOST_WANTED, {**here, "value": value, "effort": effort}) for value, effort in rated]
        )
        rows = [row for rows in found for row in rows]
        return sorted(rows, key=lambda row: (-row.votes, -row.number))
