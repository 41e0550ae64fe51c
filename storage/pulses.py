"""How stages feel: what people say each week, what quotes say, and which maps the clock looks at next."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlmodel import and_, func, select, text, update

from storage.models import Change, Counter, Item, JourneyMap, Prompt, Pulse, Stage
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param
from storage.visible import on_a_visible_map

LATEST_QUOTES, LATEST_CHANGES = 100, 500


class Mood(NamedTuple):
    """How a stage feels, -2 to +2: as people report it, of how many, and as the quotes on it say; none is unknown."""

    reported: float | None
    people: int
    mapped: float | None


_SAY = Statement[Pulse](
    lambda insert: (
        insert(Pulse)
        .values(every(Pulse))
        .on_conflict_do_update(
            index_elements=["organisation_id", "stage_id", "person_id", "week"],
            set_={"value": param("value"), "at": param("at")},
        )
    )
)
_STAGES_OF_MAP = select(Stage.id).where(
    Stage.organisation_id == ORGANISATION, Stage.map_id == param("map_id"), Stage.retired_at.is_(None)
)
_REPORTED = Statement[Any](
    lambda _: (
        select(
            Pulse.stage_id,
            func.sum(Pulse.value).label("total"),
            func.count().label("answers"),
            func.count(Pulse.person_id.distinct()).label("people"),
        )
        .where(
            Pulse.organisation_id == ORGANISATION,
            Pulse.stage_id.in_(_STAGES_OF_MAP),
            Pulse.at > param("since"),
        )
        .group_by(Pulse.stage_id)
    )
)
_felt = (
    select(Item.sentiment)
    .where(
        Item.organisation_id == ORGANISATION,
        Item.stage_id == param("stage_id"),
        # As text: a plan made for any parameter could not use the partial index.
        text("kind = 'quote' AND sentiment IS NOT NULL AND removed_at IS NULL AND resolved_at IS NULL"),
    )
    .order_by(Item.created_at.desc())
    .limit(LATEST_QUOTES)
    .subquery()
)
_MAPPED = Statement[Any](
    lambda _: select(func.sum(_felt.c.sentiment).label("total"), func.count().label("quotes")).select_from(
        _felt
    )
)
_DUE = Statement[JourneyMap](
    lambda _: (
        select(JourneyMap)
        .where(JourneyMap.organisation_id == ORGANISATION, JourneyMap.look_at <= param("now"))
        .order_by(JourneyMap.look_at)
        .limit(param("most"))
    )
)
_LOOK_AT = Statement[JourneyMap](
    lambda _: (
        update(JourneyMap)
        .where(JourneyMap.organisation_id == ORGANISATION, JourneyMap.id == param("id"))
        .values(look_at=param("at"))
    )
)
_QUIET = Statement[Stage](
    lambda _: (
        update(Stage)
        .where(Stage.organisation_id == ORGANISATION, Stage.id == param("id"))
        .values(quiet_at=param("at"))
    )
)
# Who did something on the map lately, and when they were last asked how one of its stages feels.
_active = (
    select(Change.actor_id.label("person_id"))
    .where(
        Change.organisation_id == ORGANISATION,
        Change.map_id == param("map_id"),
        Change.revision
        > select(Counter.revision - LATEST_CHANGES)
        .where(Counter.organisation_id == ORGANISATION, Counter.map_id == param("map_id"))
        .scalar_subquery(),
        Change.actor_id.is_not(None),
    )
    .distinct()
    .subquery()
)
_asked = (
    select(Prompt.person_id, func.max(Prompt.asked_at).label("at"))
    .where(Prompt.organisation_id == ORGANISATION, Prompt.subject_id.in_(_STAGES_OF_MAP))
    .group_by(Prompt.person_id)
    .subquery()
)
_ROTATION = Statement[Any](
    lambda _: (
        select(_active.c.person_id)
        .join(_asked, _asked.c.person_id == _active.c.person_id, isouter=True)
        .order_by(_asked.c.at.is_not(None), _asked.c.at, _active.c.person_id)
        .limit(param("most"))
    )
)
_LAST_PULSES = Statement[Any](
    lambda _: (
        select(Prompt.subject_id, func.max(Prompt.asked_at).label("at"))
        .where(Prompt.organisation_id == ORGANISATION, Prompt.subject_id.in_(_STAGES_OF_MAP))
        .group_by(Prompt.subject_id)
    )
)
_of_a_person = (
    select(Prompt.subject_id, Prompt.round, Prompt.answer, Prompt.asked_at, Stage.name)
    .join(Stage, and_(Stage.organisation_id == Prompt.organisation_id, Stage.id == Prompt.subject_id))
    .where(
        Prompt.organisation_id == ORGANISATION,
        Prompt.person_id == param("person_id"),
        Stage.retired_at.is_(None),
        on_a_visible_map(Stage),
    )
    .order_by(Stage.position)
)
_OF_BUNDLE = Statement[Any](lambda _: _of_a_person.where(Prompt.bundle == param("bundle")))
_OPEN = Statement[Any](
    lambda _: _of_a_person.where(
        Prompt.asked_at > param("since"), Prompt.asked_at <= param("now"), Prompt.answer.is_(None)
    )
)


class Pulses(Queries):
    """How stages feel, and the clock's weekly look at each map."""

    __slots__ = ()

    def say(self, stage_id: str, person_id: str, week: date, value: int, at: datetime) -> None:
        """How the stage feels to that person in that week; their last word counts."""
        self._run(_SAY, stage_id=stage_id, person_id=person_id, week=week, value=value, at=at)

    def moods(self, map_id: str, stages: Sequence[str], since: datetime) -> dict[str, Mood]:
        """How these stages of a map feel: what was reported since then, and what the latest quotes say."""
        here = {"organisation_id": self.organisation_id}
        reported, *mapped = self.connection.gather(
            [
                (_REPORTED, {**here, "map_id": map_id, "since": since}),
                *((_MAPPED, {**here, "stage_id": stage_id}) for stage_id in stages),
            ]
        )
        told = {row.stage_id: row for row in reported}
        moods = {}
        for stage_id, (quoted,) in zip(stages, mapped, strict=True):
            said = told.get(stage_id)
            moods[stage_id] = Mood(
                float(said.total) / said.answers if said else None,
                said.people if said else 0,
                float(quoted.total) / quoted.quotes if quoted.quotes else None,
            )
        return moods

    def maps_due(self, now: datetime, most: int) -> list[JourneyMap]:
        """Maps at which the clock is to look, the longest due first."""
        return self._all(_DUE, now=now, most=most)

    def look_again(self, map_id: str, at: datetime | None) -> None:
        """The clock looks at the map then."""
        self._run(_LOOK_AT, id=map_id, at=at)

    def quiet(self, stage_id: str, at: datetime | None) -> None:
        """Since when the stage is known to be quiet; none where something was heard of it."""
        self._run(_QUIET, id=stage_id, at=at)

    def rotation(self, map_id: str, most: int) -> list[str]:
        """Who did something on the map lately, those first who were not asked yet or the longest ago."""
        return [row.person_id for row in self._all(_ROTATION, map_id=map_id, most=most)]

    def last_asked(self, map_id: str) -> dict[str, datetime]:
        """When somebody was last asked how each stage feels, where anybody was."""
        return {row.subject_id: row.at for row in self._all(_LAST_PULSES, map_id=map_id) if row.at}

    def of_bundle(self, person_id: str, bundle: str) -> list[Any]:
        """The stages that one message asks about: subject_id, round, answer, asked_at and name."""
        return self._all(_OF_BUNDLE, person_id=person_id, bundle=bundle)

    def open(self, person_id: str, since: datetime, now: datetime) -> list[Any]:
        """The stages that the person was asked about since then and has not answered."""
        return self._all(_OPEN, person_id=person_id, since=since, now=now)
