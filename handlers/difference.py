"""The difference between two revisions of a map, sorted by what it means: what a digest tells."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from handlers.cards import worst_pain
from handlers.gaps import QUIET_AFTER, Gap, gaps_of
from handlers.kinds import Trust
from storage.models import Schedule
from storage.store import Store

SORTS = ("new", "rising", "disputed", "fixed", "stale")
EVERYTHING = (*SORTS, "gaps")
EACH, REST = 3, 30  # of each sort: in the digest, and in its thread


class Difference(NamedTuple):
    """What changed on a map in the revisions (after, upto], by its sort; `total` on each row counts its whole sort."""

    map_id: str
    name: str
    after: int
    upto: int
    since: datetime | None
    sorts: dict[str, list[Any]]
    gaps: list[Gap]
    fell_quiet: int  # how many of the gaps are news; they come first
    hurts: str | None

    @property
    def empty(self) -> bool:
        """Is there nothing to tell?"""
        return not any(self.sorts.values()) and not self.fell_quiet


def differences(store: Store, place_id: str, schedule: Schedule | None, now: datetime) -> list[Difference]:
    """What changed on each map of a place since its schedule last told, or since the map was bound."""
    told = store.digests.told(schedule.id) if schedule else {}
    told_at = store.digests.last_told_at(schedule.id) if schedule else None
    included = schedule.includes.split() if schedule else EVERYTHING
    found = []
    for bound in store.maps.bindings(place_id):
        # Taken off the channel and shown again, it is told of from then on.
        after = max(told.get(bound.map_id, 0), bound.from_revision)
        one = difference(store, bound.map_id, bound.name, after, bound.revision, included)
        found.append(_with_gaps(store, one, told_at, now) if "gaps" in included else one)
    return found


def difference(
    store: Store, map_id: str, name: str, after: int, upto: int, included: Collection[str] = EVERYTHING
) -> Difference:
    """What changed on one map in the revisions (after, upto], of the sorts that are included."""
    if after >= upto:
        return Difference(map_id, name, after, upto, None, {}, [], 0, None)
    worst = worst_pain(store, map_id)
    stage = store.maps.stage(worst.stage_id) if worst else None
    sorts = {sort: _rows(store, sort, map_id, after, upto) for sort in SORTS if sort in included}
    since = store.digests.since(map_id, after, upto)
    return Difference(map_id, name, after, upto, since, sorts, [], 0, stage.name if stage else None)


def _rows(store: Store, sort: str, map_id: str, after: int, upto: int) -> list[Any]:
    match sort:
        case "new":
            return store.digests.new(map_id, after, upto, EACH + REST)
        case "rising":
            return store.digests.rising(map_id, after, upto, EACH + REST)
        case "fixed":
            return store.digests.fixed(map_id, after, upto, EACH + REST)
        case _:
            return store.digests.became(Trust(sort).value, map_id, after, upto, EACH + REST)


def _with_gaps(store: Store, found: Difference, told_at: datetime | None, now: datetime) -> Difference:
    """A stage that fell quiet since the last digest is news; one that was quiet before is shown beside other news.

    One of which nobody ever said anything is no news: it was so from the start.
    """
    gaps = gaps_of(store, found.map_id, now)
    news = [gap for gap in gaps if gap.since and told_at and gap.since + QUIET_AFTER > told_at]
    return found._replace(gaps=[*news, *(gap for gap in gaps if gap not in news)], fell_quiet=len(news))
