"""Schedules as people see and change them: when which digest comes where."""

from typing import Any

from sqlmodel import and_, or_, select, update

from storage.models import Binding, JourneyMap, Place, Schedule
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, columns, param
from storage.visible import visible

_ME = (Schedule.organisation_id == ORGANISATION, Schedule.id == param("id"))
_GET = Statement[Schedule](lambda _: select(Schedule).where(*_ME))
_LOCKED = Statement[Schedule](lambda _: select(Schedule).where(*_ME).with_for_update())
_OF_PERSON = Statement[Schedule](
    lambda _: select(Schedule).where(
        Schedule.organisation_id == ORGANISATION,
        Schedule.place_id == param("place_id"),
        Schedule.person_id == param("person_id"),
    )
)
_ALL = Statement[Any](
    lambda _: (
        select(Schedule, Place.name.label("place"), JourneyMap.name.label("map"))
        .join(Place, and_(Place.organisation_id == Schedule.organisation_id, Place.id == Schedule.place_id))
        .join(
            Binding,
            and_(Binding.organisation_id == Schedule.organisation_id, Binding.place_id == Schedule.place_id),
        )
        .join(
            JourneyMap,
            and_(
                JourneyMap.organisation_id == Binding.organisation_id,
                JourneyMap.id == Binding.map_id,
                JourneyMap.archived_at.is_(None),
            ),
        )
        .where(
            Schedule.organisation_id == ORGANISATION,
            Place.private.is_(False),
            visible(),
            or_(Schedule.person_id.is_(None), Schedule.person_id == param("person_id")),
        )
        .order_by(Schedule.next_at, Schedule.id, Binding.bound_at)
        .limit(param("most"))
    )
)
_CHANGEABLE = [
    name for name in columns(Schedule) if name not in ("organisation_id", "id", "place_id", "person_id")
]
_SAVE = Statement[Schedule](
    lambda _: update(Schedule).where(*_ME).values({name: param(name) for name in _CHANGEABLE}),
)
_DROP = Statement[Schedule](lambda _: Schedule.__table__.delete().where(*_ME))


class Schedules(Queries):
    """When the digests of the organisation come, and to whom."""

    __slots__ = ()

    def get(self, schedule_id: str) -> Schedule | None:
        """The schedule of that id."""
        return self._first(_GET, id=schedule_id)

    def locked(self, schedule_id: str) -> Schedule | None:
        """The schedule of that id; nobody else changes it until the commit."""
        return self._first(_LOCKED, id=schedule_id)

    def of_person(self, place_id: str, person_id: str) -> Schedule | None:
        """By which the person gets the place's digest in private."""
        return self._first(_OF_PERSON, place_id=place_id, person_id=person_id)

    def all(self, person_id: str, most: int) -> list[Any]:
        """Schedules of public channels and this person's own, the next first, with `place` and `map` by name.

        One row for each map that a channel shows.
        """
        return self._all(_ALL, person_id=person_id, most=most)

    def save(self, schedule: Schedule, **changes: Any) -> None:
        """The schedule with these columns changed; the clock is told by `Digests.wake`."""
        self._run(
            _SAVE,
            id=schedule.id,
            **{name: changes.get(name, getattr(schedule, name)) for name in _CHANGEABLE},
        )

    def drop(self, schedule_id: str) -> None:
        """It comes no more."""
        self._run(_DROP, id=schedule_id)
