"""What one person looks after: maps, stages and open items."""

from typing import Any, NamedTuple

from sqlmodel import and_, select

from storage.models import Item, JourneyMap, Stage
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, param


class Owned(NamedTuple):
    """A map, a stage or an item of one person; `kind` says which, an item's own kind otherwise."""

    kind: str
    id: str
    text: str
    map_id: str
    map: str
    map_owner_id: str | None
    number: int = 0
    severity: str | None = None
    stage: str = ""


_LIVING = (JourneyMap.organisation_id == ORGANISATION, JourneyMap.archived_at.is_(None))
_MAP = (
    JourneyMap.id.label("map_id"),
    JourneyMap.name.label("map"),
    JourneyMap.owner_id.label("map_owner_id"),
)
_MAPS = Statement[Any](
    lambda _: select(*_MAP).where(*_LIVING, JourneyMap.owner_id == param("person_id")).limit(param("most"))
)
_STAGES = Statement[Any](
    lambda _: (
        select(Stage.id, Stage.name, *_MAP)
        .join(
            JourneyMap,
            and_(JourneyMap.organisation_id == Stage.organisation_id, JourneyMap.id == Stage.map_id),
        )
        .where(*_LIVING, Stage.owner_id == param("person_id"), Stage.retired_at.is_(None))
        .order_by(Stage.position)
        .limit(param("most"))
    )
)
_ITEMS = Statement[Any](
    lambda _: (
        select(Item.kind, Item.id, Item.text, *_MAP, Item.number, Item.severity, Stage.name.label("stage"))
        .select_from(Item)
        .join(
            JourneyMap, and_(JourneyMap.organisation_id == Item.organisation_id, JourneyMap.id == Item.map_id)
        )
        .join(Stage, and_(Stage.organisation_id == Item.organisation_id, Stage.id == Item.stage_id))
        .where(
            *_LIVING,
            Item.organisation_id == ORGANISATION,
            Item.owner_id == param("person_id"),
            Item.removed_at.is_(None),
            Item.resolved_at.is_(None),
            Item.status != "declined",
        )
        .order_by(Item.votes.desc(), Item.number)
        .limit(param("most"))
    )
)


class Ownership(Queries):
    """Who looks after what."""

    __slots__ = ()

    def of(self, person_id: str, most: int) -> list[Owned]:
        """What the person looks after, at most so many of each sort, map by map: itself, its stages, its items."""
        asked = {"person_id": person_id, "most": most}
        found = [
            Owned("map", row.map_id, row.map, row.map_id, row.map, row.map_owner_id)
            for row in self._all(_MAPS, **asked)
        ]
        found += [
            Owned("stage", row.id, row.name, row.map_id, row.map, row.map_owner_id)
            for row in self._all(_STAGES, **asked)
        ]
        found += [Owned(*row) for row in self._all(_ITEMS, **asked)]
        return sorted(found, key=lambda one: (one.map, one.map_id))
