"""A map while it is changed: its lock, its row and persona, and what it and its stages were called before."""

from datetime import datetime
from typing import Any

from sqlmodel import and_, select, update

from storage.models import Counter, FormerName, JourneyMap, Persona, Stage
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param
from storage.visible import visible

_LOCK = Statement[Counter](
    lambda _: (
        select(Counter)
        .where(Counter.organisation_id == ORGANISATION, Counter.map_id == param("map_id"))
        .with_for_update()
    )
)
_SHAPE = ("slug", "name", "kind", "persona_id", "scenario", "goal", "owner_id", "private", "archived_at")
_SAVE_MAP = Statement[JourneyMap](
    lambda _: (
        update(JourneyMap)
        .where(JourneyMap.organisation_id == ORGANISATION, JourneyMap.id == param("id"))
        .values({name: param(name) for name in _SHAPE})
    )
)
_SAVE_PERSONA = Statement[Persona](
    lambda _: (
        update(Persona)
        .where(Persona.organisation_id == ORGANISATION, Persona.id == param("id"))
        .values({name: param(name) for name in ("name", "about", "wants")})
    )
)
_ARCHIVED = Statement[JourneyMap](
    lambda _: (
        select(JourneyMap)
        .where(JourneyMap.organisation_id == ORGANISATION, JourneyMap.archived_at.is_not(None), visible())
        .order_by(JourneyMap.archived_at.desc())
        .limit(100)
    )
)
_REMEMBER_NAME = Statement[FormerName](
    lambda insert: (
        lambda fresh: fresh.on_conflict_do_update(
            index_elements=["organisation_id", "map_id", "subject_id", "slug"],
            set_={"name": fresh.excluded.name, "at": fresh.excluded.at},
        )
    )(insert(FormerName).values(every(FormerName)))
)
_MAPS_FORMERLY = Statement[JourneyMap](
    lambda _: (
        select(JourneyMap)
        .join(
            FormerName,
            and_(
                FormerName.organisation_id == JourneyMap.organisation_id, FormerName.map_id == JourneyMap.id
            ),
        )
        .where(
            JourneyMap.organisation_id == ORGANISATION,
            JourneyMap.archived_at.is_(None),
            FormerName.slug == param("slug"),
            FormerName.subject_id == FormerName.map_id,
            visible(),
        )
        .order_by(FormerName.at.desc())
        .limit(1)
    )
)
_STAGES_FORMERLY = Statement[Any](
    lambda _: (
        select(FormerName.slug, FormerName.name, Stage.id, Stage.retired_at, Stage.merged_into)
        .join(
            Stage,
            and_(Stage.organisation_id == FormerName.organisation_id, Stage.id == FormerName.subject_id),
        )
        .where(FormerName.organisation_id == ORGANISATION, FormerName.map_id == param("map_id"))
        .order_by(FormerName.at.desc())
        .limit(200)
    )
)


class Reshaping(Queries):
    """What is changed about a map itself."""

    __slots__ = ()

    def lock(self, map_id: str) -> int:
        """Nobody else changes the map until the commit; its revision."""
        return self._one(_LOCK, map_id=map_id).revision

    def save(self, journey: JourneyMap, **changes: Any) -> None:
        """The map with these columns changed."""
        now = {name: changes.get(name, getattr(journey, name)) for name in _SHAPE}
        self._run(_SAVE_MAP, id=journey.id, **now)

    def save_persona(self, persona_id: str, *, name: str, about: str, wants: str) -> None:
        """Who travels, as of now."""
        self._run(_SAVE_PERSONA, id=persona_id, name=name, about=about, wants=wants)

    def archived(self) -> list[JourneyMap]:
        """The archived maps, the last archived first, at most 100."""
        return self._all(_ARCHIVED)

    def remember_name(self, map_id: str, subject_id: str, slug: str, name: str, at: datetime) -> None:
        """What the map or the stage was called until now."""
        self._run(_REMEMBER_NAME, map_id=map_id, subject_id=subject_id, slug=slug, name=name, at=at)

    def map_formerly(self, slug: str) -> JourneyMap | None:
        """The living map that had this slug last."""
        return self._first(_MAPS_FORMERLY, slug=slug)

    def stages_formerly(self, map_id: str) -> list[Any]:
        """What the map's stages were called, the latest first: slug, name, id, retired_at and merged_into."""
        return self._all(_STAGES_FORMERLY, map_id=map_id)
