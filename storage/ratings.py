"""Open ideas by what they are worth and what they cost."""

from typing import Any

from sqlmodel import and_, func, select

from storage.models import Item, Stage
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, param

_RATED = (
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
        func.count().over().label("total"),
    )
    .where(
        Item.organisation_id == ORGANISATION,
        Item.map_id == param("map_id"),
        Item.kind == "idea",
        Item.removed_at.is_(None),
        Item.resolved_at.is_(None),
        Item.value.is_not(None),
        Item.effort.is_not(None),
        Item.value.between(param("least_value"), param("most_value")),
        Item.effort.between(param("least_effort"), param("most_effort")),
    )
    .order_by(Item.votes.desc(), Item.number.desc())
    .limit(param("most"))
    .subquery()
)
_BETWEEN = Statement[Any](
    select(*_RATED.c, Stage.name.label("stage"))
    .select_from(_RATED)
    .join(Stage, and_(Stage.organisation_id == ORGANISATION, Stage.id == _RATED.c.stage_id))
)


class Ratings(Queries):
    """The ideas of a map by value and effort."""

    __slots__ = ()

    def between(
        self, map_id: str, groups: list[tuple[tuple[int, int], tuple[int, int]]], most: int
    ) -> list[list[Any]]:
        """For each (least, most) value and effort, the open ideas with the most votes; `total` counts the group."""
        here = {"organisation_id": self.organisation_id, "map_id": map_id, "most": most}
        asked = [
            (
                _BETWEEN,
                {
                    **here,
                    "least_value": value[0],
                    "most_value": value[1],
                    "least_effort": effort[0],
                    "most_effort": effort[1],
                },
            )
            for value, effort in groups
        ]
        found = self.connection.gather(asked)
        return [sorted(rows, key=lambda row: (-row.votes, -row.number)) for rows in found]
