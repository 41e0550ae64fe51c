"""Schedules and their slots, and the difference between two revisions of a map."""

from datetime import datetime
from typing import Any

from sqlmodel import and_, case, func, insert, or_, select, text, update

from storage.due import AWAKE, DUE_EARLIER
from storage.models import Change, Item, Schedule, Slot, SlotMap, Stage
from storage.models.items import TOLD
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, blank, every, param

_ADD = Statement[Schedule](lambda _: insert(Schedule).values(every(Schedule)))
_OF_PLACE = Statement[Schedule](
    lambda _: select(Schedule).where(
        Schedule.organisation_id == ORGANISATION,
        Schedule.place_id == param("place_id"),
        Schedule.person_id.is_(None),
    )
)
_EARLIEST = Statement[Any](
    lambda _: select(func.min(Schedule.next_at).label("next_at")).where(
        Schedule.organisation_id == ORGANISATION, AWAKE
    )
)
_ADVANCE = Statement[Schedule](
    lambda _: (
        update(Schedule)
        .where(Schedule.organisation_id == ORGANISATION, Schedule.id == param("id"))
        .values(next_at=param("next_at"), wanted_at=None)
    )
)
_OF_THE_PLACE = (
    Schedule.organisation_id == ORGANISATION,
    Schedule.place_id == param("place_id"),
    Schedule.person_id.is_(None),
)
_PAUSE_PLACE = Statement[Schedule](
    lambda _: (
        update(Schedule)
        .where(*_OF_THE_PLACE, Schedule.paused_at.is_(None))
        .values(paused_at=param("paused_at"))
        .returning(Schedule.id)
    )
)
_RESUME_PLACE = Statement[Schedule](
    lambda _: (
        update(Schedule)
        .where(*_OF_THE_PLACE, Schedule.paused_at.is_not(None))
        .values(paused_at=None)
        .returning(Schedule.id)
    )
)
_SLOT = Statement[Slot](
    lambda insert: (
        insert(Slot)
        .values(every(Slot))
        .on_conflict_do_nothing(index_elements=["organisation_id", "schedule_id", "local"])
        .returning(Slot.local)
    )
)
_FIND_SLOT = Statement[Slot](
    lambda _: select(Slot).where(
        Slot.organisation_id == ORGANISATION,
        Slot.schedule_id == param("schedule_id"),
        Slot.local == param("local"),
    )
)
_SLOT_MAP = Statement[SlotMap](lambda _: insert(SlotMap).values(every(SlotMap)))
_LAST = Statement[Any](
    lambda _: (
        select(SlotMap.map_id, func.max(SlotMap.to_revision).label("to_revision"))
        .where(SlotMap.organisation_id == ORGANISATION, SlotMap.schedule_id == param("schedule_id"))
        .group_by(SlotMap.map_id)
    )
)

_RANGE = (
    Change.organisation_id == ORGANISATION,
    Change.map_id == param("map_id"),
    Change.revision > param("after"),
    Change.revision <= param("upto"),
)
_ITEM = and_(Item.organisation_id == Change.organisation_id, Item.id == Change.subject_id)
_STAGE = and_(Stage.organisation_id == Item.organisation_id, Stage.id == Item.stage_id)
_SHOWN = (
    Item.id,
    Item.kind,
    Item.number,
    Item.text,
    Item.severity,
    Item.votes,
    Item.created_at,
    Item.resolved_at,
    Stage.name.label("stage"),
)
_TOTAL = func.count().over().label("total")
# What is shown is fetched for the few that are told, and not for all that are new.
_LATEST = (
    select(Item.id, _TOTAL)
    .select_from(Change)
    .join(Item, _ITEM)
    .where(*_RANGE, Change.what == "logged", Item.removed_at.is_(None))
    .order_by(Item.votes.desc(), Item.number.desc())
    .limit(param("most"))
    .subquery()
)
_NEW = Statement[Any](
    lambda _: (
        select(*_SHOWN, _LATEST.c.total)
        .select_from(_LATEST)
        .join(Item, and_(Item.organisation_id == ORGANISATION, Item.id == _LATEST.c.id))
        .join(Stage, _STAGE)
        .order_by(Item.votes.desc(), Item.number.desc())
    )
)
# What was logged in these revisions is new and not rising: seen in the same pass, as to look for it once more for
# each item takes minutes on a large map.
_delta = func.sum(
    case((Change.what == "voted", 1), (Change.what == "unvoted", -1), else_=func.coalesce(Change.votes, 0))
)
_logged = func.sum(case((Change.what == "logged", 1), else_=0))
_RISES = (
    select(Change.subject_id, _delta.label("delta"))
    .where(
        *_RANGE,
        or_(
            Change.what == "voted",
            Change.what == "unvoted",
            Change.what == "logged",
            Change.votes.is_not(None),  # a merge brought votes, or its undoing took them
        ),
    )
    .group_by(Change.subject_id)
    .having(_delta > 0, _logged == 0)
    .order_by(Change.subject_id)  # as the items lie, so that neighbours are looked up one after the other
    .subquery()
)
_TOP = (
    select(Item.id, _RISES.c.delta, _TOTAL)
    .select_from(_RISES)
    .join(Item, and_(Item.organisation_id == ORGANISATION, Item.id == _RISES.c.subject_id))
    .where(Item.removed_at.is_(None), Item.resolved_at.is_(None))
    .order_by(_RISES.c.delta.desc(), Item.votes.desc())
    .limit(param("most"))
    .subquery()
)
_RISING = Statement[Any](
    lambda _: (
        select(*_SHOWN, _TOP.c.delta, _TOP.c.total)
        .select_from(_TOP)
        .join(Item, and_(Item.organisation_id == ORGANISATION, Item.id == _TOP.c.id))
        .join(Stage, _STAGE)
        .order_by(_TOP.c.delta.desc(), Item.votes.desc())
    )
)


def _became(what: Any) -> Any:
    """The items of which that was told in these revisions."""
    # A planner that does not know what is asked for would think it were as frequent as votes, and that it had to look
    # through all items; so it is told that votes and beginnings are not meant, which are most of a history.
    few = (*_RANGE, text(f"changes.{TOLD}"), Change.what == what)
    # In an order, so as not to be joined as all items that are so by now, looked up among the changes.
    return (
        select(Change.subject_id)
        .where(*few)
        .group_by(Change.subject_id)
        .order_by(Change.subject_id)
        .subquery()
    )


_resolved = _became("resolved")
_FIXED = Statement[Any](
    lambda _: (
        select(*_SHOWN, _TOTAL)
        .select_from(_resolved)
        .join(Item, and_(Item.organisation_id == ORGANISATION, Item.id == _resolved.c.subject_id))
        .join(Stage, _STAGE)
        .where(Item.map_id == param("map_id"), Item.resolved_at.is_not(None), Item.removed_at.is_(None))
        .order_by(Item.votes.desc())
        .limit(param("most"))
    )
)
_turned = _became(param("trust"))
_BECAME = Statement[Any](
    lambda _: (
        select(*_SHOWN, _TOTAL)
        .select_from(_turned)
        .join(Item, and_(Item.organisation_id == ORGANISATION, Item.id == _turned.c.subject_id))
        .join(Stage, _STAGE)
        .where(
            Item.map_id == param("map_id"),
            Item.trust == param("trust"),
            Item.resolved_at.is_(None),
            Item.removed_at.is_(None),
        )
        .order_by(Item.votes.desc(), Item.number.desc())
        .limit(param("most"))
    )
)
_LAST_SLOT = Statement[Any](
    lambda _: select(func.max(Slot.at).label("at")).where(
        Slot.organisation_id == ORGANISATION, Slot.schedule_id == param("schedule_id"), Slot.card.is_not(None)
    )
)
_SINCE = Statement[Any](lambda _: select(Change.at).where(*_RANGE).order_by(Change.revision).limit(1))


class Digests(Queries):
    """When digests are due, and what they tell."""

    __slots__ = ()

    def add_schedule(self, **values: Any) -> None:
        """A schedule of a place."""
        self._run(_ADD, **blank(Schedule) | values)
        self._run(DUE_EARLIER, next_at=values["next_at"])

    def schedules(self, place_id: str) -> list[Schedule]:
        """The schedules of a place, without those of a person."""
        return self._all(_OF_PLACE, place_id=place_id)

    def advance(self, schedule_id: str, next_at: datetime) -> None:
        """The schedule's next moment; what was wanted beside it is done."""
        self._run(_ADVANCE, id=schedule_id, next_at=next_at)

    def pause_place(self, place_id: str, at: datetime) -> bool:
        """The schedules of a place rest from then; false where they did already, or there are none."""
        return bool(self._all(_PAUSE_PLACE, place_id=place_id, paused_at=at))

    def resume_place(self, place_id: str) -> None:
        """The schedules of a place go on, where they rested."""
        if self._all(_RESUME_PLACE, place_id=place_id) and (earliest := self._one(_EARLIEST).next_at):
            self._run(DUE_EARLIER, next_at=earliest)

    def wake(self, at: datetime) -> None:
        """The clock looks at the organisation then, if not before."""
        self._run(DUE_EARLIER, next_at=at)

    def add_slot(
        self,
        schedule_id: str,
        local: str,
        at: datetime,
        card: str | None,
        rest: str | None,
        maps: list[tuple[str, int, int]],
    ) -> bool:
        """The slot fires, once: false where it has. `maps` are (map, from, to] revisions."""
        added = self._first(_SLOT, schedule_id=schedule_id, local=local, at=at, card=card, rest=rest)
        if added is None:
            return False
        for map_id, after, upto in maps:
            self._run(
                _SLOT_MAP,
                schedule_id=schedule_id,
                local=local,
                map_id=map_id,
                from_revision=after,
                to_revision=upto,
            )
        return True

    def slot(self, schedule_id: str, local: str) -> Slot | None:
        """A slot that fired."""
        return self._first(_FIND_SLOT, schedule_id=schedule_id, local=local)

    def told(self, schedule_id: str) -> dict[str, int]:
        """Up to which revision each map was told of."""
        return {row.map_id: row.to_revision for row in self._all(_LAST, schedule_id=schedule_id)}

    def new(self, map_id: str, after: int, upto: int, most: int) -> list[Any]:
        """Items logged in those revisions, most votes first; `total` on each row counts them all."""
        return self._all(_NEW, map_id=map_id, after=after, upto=upto, most=most)

    def rising(self, map_id: str, after: int, upto: int, most: int) -> list[Any]:
        """Older items that gained votes, with their `delta`; `total` counts them all."""
        return self._all(_RISING, map_id=map_id, after=after, upto=upto, most=most)

    def fixed(self, map_id: str, after: int, upto: int, most: int) -> list[Any]:
        """Items resolved or shipped in those revisions that still are; `total` counts them all."""
        return self._all(_FIXED, map_id=map_id, after=after, upto=upto, most=most)

    def became(self, trust: str, map_id: str, after: int, upto: int, most: int) -> list[Any]:
        """Items that became so in those revisions, disputed or stale, and still are; `total` counts them all."""
        return self._all(_BECAME, trust=trust, map_id=map_id, after=after, upto=upto, most=most)

    def last_told_at(self, schedule_id: str) -> datetime | None:
        """When the schedule's last digest came."""
        told: datetime | None = self._one(_LAST_SLOT, schedule_id=schedule_id).at
        return told

    def since(self, map_id: str, after: int, upto: int) -> datetime | None:
        """When the first of those revisions was made."""
        first = self._first(_SINCE, map_id=map_id, after=after, upto=upto)
        return first.at if first else None
