"""Who belongs to a private map: by name, or through a channel that shows it."""

from datetime import datetime
from typing import Any

from sqlmodel import and_, func, or_, select, update

from storage.models import Binding, JourneyMap, MapMember, Organisation, Person
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param
from storage.visible import visible

_NAMED_BY = ""  # the place of those who were named
_ADD = Statement[MapMember](
    lambda insert: (
        insert(MapMember)
        .values(every(MapMember))
        .on_conflict_do_nothing(index_elements=["organisation_id", "map_id", "person_id", "place_id"])
    )
)
_OF_MAP = (MapMember.organisation_id == ORGANISATION, MapMember.map_id == param("map_id"))
_DROP = Statement[MapMember](
    lambda _: MapMember.__table__.delete().where(
        *_OF_MAP, MapMember.person_id == param("person_id"), MapMember.place_id == _NAMED_BY
    )
)
_UNBOUND = Statement[MapMember](
    lambda _: MapMember.__table__.delete().where(*_OF_MAP, MapMember.place_id == param("place_id"))
)
_LEFT = Statement[MapMember](
    lambda _: MapMember.__table__.delete().where(
        MapMember.organisation_id == ORGANISATION,
        MapMember.person_id == param("person_id"),
        MapMember.place_id == param("place_id"),
    )
)
_NAMED = Statement[Person](
    lambda _: (
        select(Person)
        .join(
            MapMember,
            and_(MapMember.organisation_id == Person.organisation_id, MapMember.person_id == Person.id),
        )
        .where(*_OF_MAP, MapMember.place_id == _NAMED_BY)
        .order_by(MapMember.added_at, Person.id)
        .limit(1000)
    )
)
# Of the maps of a place those to which somebody belongs, each with the places (or the name) through which they do.
_HERE = Statement[Any](
    lambda _: (
        select(MapMember.map_id, MapMember.place_id)
        .join(
            Binding,
            and_(
                Binding.organisation_id == MapMember.organisation_id,
                Binding.map_id == MapMember.map_id,
                Binding.place_id == param("here"),
            ),
        )
        .where(MapMember.organisation_id == ORGANISATION, MapMember.person_id == param("person_id"))
    )
)
_THROUGH = Statement[MapMember](
    lambda _: select(MapMember.person_id).where(*_OF_MAP, MapMember.place_id == param("place_id"))
)
_SEES = Statement[Person](
    lambda _: (
        select(Person.id)
        .join(
            JourneyMap,
            and_(JourneyMap.organisation_id == Person.organisation_id, JourneyMap.id == param("map_id")),
        )
        .where(
            Person.organisation_id == ORGANISATION,
            Person.id == param("person_id"),
            or_(Person.role == "admin", visible(viewer=Person.id)),
        )
    )
)
_COUNT = Statement[Organisation](
    lambda _: (
        update(Organisation)
        .where(Organisation.id == ORGANISATION)
        .values(
            private_maps=select(func.count())
            .select_from(JourneyMap)
            .where(JourneyMap.organisation_id == ORGANISATION, JourneyMap.private)
            .scalar_subquery()
        )
    )
)


class Members(Queries):
    """Who belongs to private maps."""

    __slots__ = ()

    def add(self, map_id: str, person_id: str, *, by: str | None, at: datetime, place_id: str = "") -> None:
        """The person sees the map from now on: as they were named, or as they are in that place."""
        self._run(_ADD, map_id=map_id, person_id=person_id, place_id=place_id, added_by=by, added_at=at)

    def drop(self, map_id: str, person_id: str) -> None:
        """The person is not named any more."""
        self._run(_DROP, map_id=map_id, person_id=person_id)

    def named(self, map_id: str) -> list[Person]:
        """Those who were named, the first first, at most a thousand."""
        return self._all(_NAMED, map_id=map_id)

    def here(self, place_id: str, person_id: str) -> list[tuple[str, str]]:
        """Of the place's maps those to which the person belongs, each with a place through which they do."""
        return [(row.map_id, row.place_id) for row in self._all(_HERE, here=place_id, person_id=person_id)]

    def through(self, place_id: str, map_id: str) -> set[str]:
        """Those who belong to the map as they are in that place."""
        return {row.person_id for row in self._all(_THROUGH, place_id=place_id, map_id=map_id)}

    def sees(self, map_id: str, person_id: str) -> bool:
        """Does that person see the map?"""
        return self._first(_SEES, map_id=map_id, person_id=person_id) is not None

    def left(self, place_id: str, person_id: str) -> None:
        """The person is in that place no more."""
        self._run(_LEFT, place_id=place_id, person_id=person_id)

    def unbound(self, place_id: str, map_id: str) -> None:
        """The place does not show the map any more."""
        self._run(_UNBOUND, place_id=place_id, map_id=map_id)

    def count(self) -> None:
        """The organisation knows how many private maps it has."""
        self._run(_COUNT)
