"""Maps, their stages and touchpoints, the channels bound to them, and the counter that is each map's lock."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import String
from sqlmodel import Integer, and_, case, func, insert, select, update

from storage.batches import Batch, Values
from storage.connection import Connection
from storage.models import Binding, Counter, Item, JourneyMap, Persona, Place, Stage, Tally, Touchpoint
from storage.paces import Pace
from storage.queries import Queries
from storage.statements import ORGANISATION, Compiled, Statement, blank, columns, every, param
from storage.visible import on_a_visible_map, visible

FIRST_LOOK = timedelta(days=10)  # when a new map has seen its first digest


class Step(NamedTuple):
    """The map's next revision, the moment it counts from, and the number of a new item of a kind.

    Its card's `turn` is when that may be posted.
    """

    revision: int
    at: datetime
    number: int
    turn: datetime


class StageLine(NamedTuple):
    """How many open items of one kind, severity and trust a stage has, and when the last such was logged."""

    stage_id: str
    kind: str
    severity: str
    trust: str
    items: int
    newest_at: datetime


_COUNTER_KEY = ("organisation_id", "map_id")
_COUNTER_OF = (Counter.organisation_id == ORGANISATION, Counter.map_id == param("map_id"))
LOCK_COUNTER = Statement[Counter](
    lambda _: select(Counter).where(*_COUNTER_OF).with_for_update(key_share=True)
)


class _KeepCounter(Batch):
    """Writes a counter that is as this transaction believes it to be; raises Conflict where it is not.

    Who took it for granted (storage/presumed.py) has not locked it yet. Its revision would become nothing, which the
    table refuses: so no answer has to be waited for before the commit.
    """

    def __init__(self) -> None:
        super().__init__(self._update, key=_COUNTER_KEY)

    def parameters(self, compiled: Compiled, rows: Sequence[Values]) -> list[Sequence[Any]]:
        bound = super().parameters(compiled, rows)
        for row in rows:
            row["held"] = row["revision"]
        return bound

    @staticmethod
    def _update(_: Any) -> Any:
        kept = {name: param(name) for name in columns(Counter) if name not in _COUNTER_KEY}
        stepped = case((Counter.revision == param("held"), param("revision", Integer())))
        return update(Counter).where(*_COUNTER_OF).values(kept | {"revision": stepped})


_KEEP_COUNTER = _KeepCounter()

_ADD_MAP = Statement[JourneyMap](lambda _: insert(JourneyMap).values(every(JourneyMap)))
_ADD_PERSONA = Statement[Persona](lambda _: insert(Persona).values(every(Persona)))
_ADD_COUNTER = Statement[Counter](lambda _: insert(Counter).values(every(Counter)))
_ADD_STAGE = Statement[Stage](lambda _: insert(Stage).values(every(Stage)))
_ADD_TOUCHPOINT = Statement[Touchpoint](lambda _: insert(Touchpoint).values(every(Touchpoint)))
_MAP = Statement[JourneyMap](
    lambda _: select(JourneyMap).where(
        JourneyMap.organisation_id == ORGANISATION, JourneyMap.id == param("id"), visible()
    )
)
_LIVING = select(JourneyMap).where(
    JourneyMap.organisation_id == ORGANISATION,
    JourneyMap.archived_at.is_(None),
    visible(),
)
_BY_SLUG = Statement[JourneyMap](
    lambda _: select(JourneyMap).where(
        JourneyMap.organisation_id == ORGANISATION, JourneyMap.slug == param("slug"), visible()
    )
)
_TAKEN = Statement[JourneyMap](
    lambda _: select(JourneyMap.id).where(
        JourneyMap.organisation_id == ORGANISATION, JourneyMap.slug == param("slug")
    )
)
_ALL = Statement[JourneyMap](lambda _: _LIVING.order_by(JourneyMap.name).limit(100))
_BEGUN = Statement[JourneyMap](
    lambda _: (
        _LIVING.where(JourneyMap.slug.like(param("begun", String()))).order_by(JourneyMap.name).limit(100)
    )
)
_COUNTER = Statement[Counter](lambda _: select(Counter).where(*_COUNTER_OF))
_STAGES = Statement[Stage](
    lambda _: (
        select(Stage)
        .where(
            Stage.organisation_id == ORGANISATION,
            Stage.map_id == param("map_id"),
            Stage.retired_at.is_(None),
        )
        .order_by(Stage.position)
    )
)
_STAGE_NAMES = Statement[Stage](
    lambda _: (
        select(Stage.id, Stage.slug, Stage.name)
        .where(
            Stage.organisation_id == ORGANISATION,
            Stage.map_id == param("map_id"),
            Stage.retired_at.is_(None),
        )
        .order_by(Stage.position)
    )
)
_STAGE = Statement[Stage](
    lambda _: select(Stage).where(
        Stage.organisation_id == ORGANISATION, Stage.id == param("id"), on_a_visible_map(Stage)
    )
)
_TOUCHPOINTS = Statement[Any](
    lambda _: (
        select(Touchpoint.stage_id, Touchpoint.name, Touchpoint.channel)
        .join(
            Stage, and_(Stage.organisation_id == Touchpoint.organisation_id, Stage.id == Touchpoint.stage_id)
        )
        .where(
            Touchpoint.organisation_id == ORGANISATION,
            # As a list of stages: SQLite would rather look through all touchpoints of the organisation.
            Touchpoint.stage_id.in_(
                select(Stage.id).where(
                    Stage.organisation_id == ORGANISATION,
                    Stage.map_id == param("map_id"),
                    Stage.retired_at.is_(None),
                )
            ),
        )
        .order_by(Stage.position, Touchpoint.position)
    )
)
_PERSONAS = Statement[Persona](
    lambda _: (
        select(Persona)
        .where(Persona.organisation_id == ORGANISATION, Persona.map_id == param("map_id"))
        .order_by(Persona.name)
    )
)
_TALLIES = Statement[StageLine](
    lambda _: select(
        Tally.stage_id, Tally.kind, Tally.severity, Tally.trust, Tally.items, Tally.newest_at
    ).where(Tally.organisation_id == ORGANISATION, Tally.map_id == param("map_id"))
)
_CONFIRMED = Statement[Any](
    lambda _: select(
        Stage.id,
        select(func.max(Item.confirmed_at))
        .where(
            Item.organisation_id == ORGANISATION,
            Item.map_id == param("map_id"),
            Item.stage_id == Stage.id,
            Item.removed_at.is_(None),
            Item.confirmed_at.is_not(None),
        )
        .scalar_subquery()
        .label("confirmed_at"),
    ).where(
        Stage.organisation_id == ORGANISATION, Stage.map_id == param("map_id"), Stage.retired_at.is_(None)
    )
)
_BIND = Statement[Binding](
    lambda insert: (
        insert(Binding)
        .values(every(Binding))
        .on_conflict_do_nothing(index_elements=["organisation_id", "place_id", "map_id"])
    )
)
_BOUND_PLACES = Statement[Any](
    lambda _: (
        select(Place.id, Place.workspace_id, Place.name, Place.external_id, Place.private, Binding.noise)
        .join(Binding, and_(Binding.organisation_id == Place.organisation_id, Binding.place_id == Place.id))
        .where(
            Place.organisation_id == ORGANISATION,
            Binding.map_id == param("map_id"),
            Place.gone_why.is_(None),
        )
        .order_by(Binding.bound_at)
    )
)
_BINDINGS = Statement[Any](
    lambda _: (
        select(
            Binding.map_id,
            Binding.from_revision,
            JourneyMap.name,
            JourneyMap.slug,
            JourneyMap.private,
            Counter.revision,
        )
        .join(
            JourneyMap,
            and_(JourneyMap.organisation_id == Binding.organisation_id, JourneyMap.id == Binding.map_id),
        )
        .join(
            Counter,
            and_(Counter.organisation_id == Binding.organisation_id, Counter.map_id == Binding.map_id),
        )
        .where(
            Binding.organisation_id == ORGANISATION,
            Binding.place_id == param("place_id"),
            JourneyMap.archived_at.is_(None),
            visible(),
        )
        .order_by(Binding.bound_at)
    )
)


def hold(connection: Connection, counters: Sequence[Counter]) -> None:
    """The locks of these maps are ours: their numbers are counted in memory until they are written."""
    for row in counters:
        counted = {**row._asdict(), "held": row.revision}  # `held`: as it is in the database
        connection.counters.setdefault((row.organisation_id, row.map_id), counted)


class Maps(Queries):
    """Journey maps and what belongs to their shape."""

    __slots__ = ()

    def add(self, at: datetime, **values: Any) -> None:
        """A new map with its counter at revision 0."""
        self._run(_ADD_MAP, **blank(JourneyMap) | {"created_at": at, "look_at": at + FIRST_LOOK} | values)
        self._run(_ADD_COUNTER, **blank(Counter) | {"map_id": values["id"], "last_at": at})

    def add_persona(self, **values: Any) -> None:
        """A persona of a map."""
        self._run(_ADD_PERSONA, **blank(Persona) | values)

    def add_stage(self, **values: Any) -> None:
        """A stage, at its position."""
        self._run(_ADD_STAGE, **blank(Stage) | values)

    def add_touchpoint(self, **values: Any) -> None:
        """A touchpoint of a stage."""
        self._run(_ADD_TOUCHPOINT, **blank(Touchpoint) | values)

    def step(
        self, map_id: str, kind: str | None, at: datetime, by: int = 1, *, cards: Pace | None = None
    ) -> Step:
        """Takes the map's lock and its next revision, or the last of the next `by`; with a kind its next number.

        With the pace of its cards also the next turn for one; without, a card may be posted at once.
        """
        self.lock(map_id)
        counted = self.connection.counters[self.organisation_id, map_id]
        counted["revision"] += by
        # A watermark must never see time run backwards: replicas' clocks differ.
        turn = last_at = counted["last_at"] = max(counted["last_at"], at)
        if kind:
            counted[kind] += 1
        if cards:
            turn, counted["cards_until"] = cards.turn(counted["cards_until"], turn, 1)
        self._later(_KEEP_COUNTER, counted)  # itself: at the commit it is what the last step has made of it
        return Step(counted["revision"], last_at, counted[kind] if kind else 0, turn)

    def lock(self, map_id: str) -> None:
        """Takes the map's lock, if this transaction has not got it; what was changed under it until now counts.

        Where it is taken for granted (storage/presumed.py) it is taken as the map steps, or all is undone.
        """
        if (self.organisation_id, map_id) not in self.connection.counters:
            hold(self.connection, [self._one(LOCK_COUNTER, map_id=map_id)])
            self.connection.kept.sure = False

    def get(self, map_id: str) -> JourneyMap | None:
        """The map of that id."""
        return self._first(_MAP, id=map_id)

    def by_slug(self, slug: str) -> JourneyMap | None:
        """The map of that slug, archived ones too."""
        return self._first(_BY_SLUG, slug=slug)

    def is_taken(self, slug: str) -> bool:
        """Does any map have that slug, seen or not?"""
        return self._first(_TAKEN, slug=slug) is not None

    def all(self) -> list[JourneyMap]:
        """The living maps by name, at most 100."""
        return self._all(_ALL)

    def begun(self, slug: str) -> list[JourneyMap]:
        """The living maps whose slugs begin so, by name, at most 100; a slug has no signs of a pattern."""
        return self._all(_BEGUN, begun=f"{slug}%")

    def counter(self, map_id: str) -> Counter:
        """The map's revision and numbers."""
        return self._one(_COUNTER, map_id=map_id)

    def stages(self, map_id: str) -> list[Stage]:
        """The living stages in their order."""
        return self._all(_STAGES, map_id=map_id)

    def stage_names(self, map_id: str) -> list[Any]:
        """Id, slug and name of the living stages in their order."""
        return self._all(_STAGE_NAMES, map_id=map_id)

    def stage(self, stage_id: str) -> Stage | None:
        """The stage of that id, retired ones too."""
        return self._first(_STAGE, id=stage_id)

    def touchpoints(self, map_id: str) -> list[Any]:
        """Stage id, name and channel of every touchpoint, in the order of the journey."""
        return self._all(_TOUCHPOINTS, map_id=map_id)

    def personas(self, map_id: str) -> list[Persona]:
        """The personas of a map by name."""
        return self._all(_PERSONAS, map_id=map_id)

    def stage_lines(self, map_id: str) -> list[StageLine]:
        """How the living, unresolved items stand, grouped by stage, kind, severity and trust; a group may be empty."""
        return self._all(_TALLIES, map_id=map_id)

    def confirmed(self, map_id: str) -> dict[str, datetime]:
        """When an item of each stage was last confirmed, where one was; one that was fixed since counts too."""
        rows = self._all(_CONFIRMED, map_id=map_id)
        return {row.id: row.confirmed_at for row in rows if row.confirmed_at}

    def bind(self, place_id: str, map_id: str, *, by: str | None, revision: int, at: datetime) -> None:
        """The place shows and feeds the map from that revision on; bound already, nothing changes."""
        self._run(
            _BIND,
            **blank(Binding)
            | {
                "place_id": place_id,
                "map_id": map_id,
                "bound_by": by,
                "bound_at": at,
                "from_revision": revision,
            },
        )

    def bound_places(self, map_id: str) -> list[Any]:
        """The living places of a map, the first bound first, each with its noise mode."""
        return self._all(_BOUND_PLACES, map_id=map_id)

    def bindings(self, place_id: str) -> list[Any]:
        """The living maps of a place with their revisions: map_id, from_revision, name, slug, private, revision."""
        return self._all(_BINDINGS, place_id=place_id)
