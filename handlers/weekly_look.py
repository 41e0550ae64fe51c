"""The clock's weekly look at a map: which stages have grown quiet, and whom to ask how one feels."""

from datetime import datetime, timedelta
from typing import Any

from handlers.asking import Round
from handlers.gaps import QUIET_AFTER, gaps_of
from handlers.moods import week_of
from handlers.slots import known_zone
from handlers.zones import zone_of
from storage.models import JourneyMap
from storage.store import Store

WEEK = timedelta(days=7)
WEEKDAY, HOUR = 1, 10  # Tuesday at ten, when Monday's digest has been read
PEOPLE, CANDIDATES = 3, 20  # asked about one stage in a week; looked at for that


def look_at(store: Store, round_: Round, journey: JourneyMap, now: datetime) -> None:
    """What a week did to a map."""
    if journey.archived_at is not None:
        store.pulses.look_again(journey.id, None)
        return
    store.pulses.look_again(journey.id, _next_look(store, journey, now))
    _note_gaps(store, journey, now)
    _take_pulse(store, round_, journey, now)


def _next_look(store: Store, journey: JourneyMap, now: datetime) -> datetime:
    owner = store.people.get(journey.owner_id) if journey.owner_id else None
    zone = known_zone(zone_of(owner.zone if owner else None))
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=(WEEKDAY - local.weekday()) % 7)
    at = datetime(day.year, day.month, day.day, HOUR, tzinfo=zone)
    return at if at > now + WEEK / 2 else at + WEEK


def _note_gaps(store: Store, journey: JourneyMap, now: datetime) -> None:
    """A stage that grew quiet is so from now on, in the history too, until something is heard of it; digests tell."""
    gaps = {gap.stage.id: gap for gap in gaps_of(store, journey.id, now)}
    if now - journey.created_at < QUIET_AFTER:
        gaps = {id_: gap for id_, gap in gaps.items() if gap.since is not None}
    for stage in store.maps.stages(journey.id):
        if stage.id in gaps and stage.quiet_at is None:
            store.pulses.quiet(stage.id, now)
            step = store.maps.step(journey.id, None, now)
            store.history.write(journey.id, step.revision, step.at, None, "quiet", "stage", stage.id)
        elif stage.id not in gaps and stage.quiet_at is not None:
            store.pulses.quiet(stage.id, None)


def _take_pulse(store: Store, round_: Round, journey: JourneyMap, now: datetime) -> None:
    """A few people are asked how one stage feels: those, and that, which were asked the longest ago."""
    stages: list[Any] = store.maps.stages(journey.id)
    if not stages:
        return
    asked = store.pulses.last_asked(journey.id)
    stage = min(stages, key=lambda one: (one.id in asked, asked.get(one.id, now), one.position))
    _, number = week_of(now)
    left = PEOPLE
    for person_id in store.pulses.rotation(journey.id, CANDIDATES):
        if left and round_.ask_pulse(person_id, journey.id, stage.id, number):
            left -= 1
