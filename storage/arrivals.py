"""The first questions of every request, in one round trip.

Requests that come as a group are asked for together, by one statement for all of them. Who they come from, and what
their place shows, is asked only where it is not kept from an earlier one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlmodel import select

from storage.callers import Acquaintance, BoundMap, Caller, From, Known, StageHere
from storage.connection import Connection
from storage.errors import Unavailable
from storage.kept import EPOCH
from storage.maps import LOCK_COUNTER, hold
from storage.models import Seen
from storage.near import GROUPS, MOST, ON_MAP, Candidate
from storage.rounds import Asked, Round
from storage.slots import SLOTS, among, each, looked_up, slotted
from storage.statements import ORGANISATION, Statement


class Coming(NamedTuple):
    """What a request tells of itself; `counts` where it takes a map's next number."""

    platform: str
    workspace: str
    user: str
    channel: str
    key: str
    counts: bool = False
    near: tuple[str, tuple[str, ...]] | None = (
        None  # a kind and gists: open items that have one of them come along
    )


class Arrival(NamedTuple):
    """What is known when a request comes in; items of nearly the same words where they were asked for.

    Those are all that there are, unless they are MOST or more.
    """

    caller: Caller | None
    answer: str | None
    place: list[BoundMap]
    stages: Mapping[str, tuple[StageHere, ...]]  # by map
    near: list[Candidate]


MOST_ROUNDS = 5  # in which others may change something meanwhile
_Map = tuple[str, str, str]  # an organisation, a map of it, a kind


class _Questions(NamedTuple):
    """What a group asks: seen keys by organisation, near items by map and kind."""

    seen: list[tuple[str, Asked]]
    near: dict[_Map, Asked]


def _seen(many: int) -> Statement[Seen]:
    asked = select(Seen.key, Seen.answer).where(Seen.organisation_id == ORGANISATION)

    def on_postgresql(_: Any) -> Any:
        keys = each("key", many)
        return looked_up(asked.where(Seen.key == keys.c.value), keys)

    return Statement(lambda _: asked.where(among(Seen.key, "key", many)), postgresql=on_postgresql)


_SEEN = {many: _seen(many) for many in SLOTS}


def arrivals(
    connection: Connection,
    coming: Sequence[Coming],
    more: Callable[[Round, list[Caller | None]], None] | None = None,
) -> list[Arrival]:
    """Caller, remembered answer and place of each request, and the stages of the place's maps, in their order.

    `more` puts further questions to the round once the callers are known. Where others changed something meanwhile it
    is called once more, with the callers as they are now: questions that write it must not ask twice.
    """
    kept = connection.kept
    places: dict[From, Known | None] = {one[:4]: kept.get(one[:4]) for one in coming}
    if None in places.values():
        _learn(connection, places)
    for _ in range(MOST_ROUNDS):
        talk = Round(connection)
        asked = _ask(talk, coming, places)
        if more is not None:
            more(talk, [_caller_of(places[one[:4]]) for one in coming])
        now = talk.ask(EPOCH)  # once the locks are ours: what was changed under them is known by then
        talk.answer()
        if kept.holds(talk.rows(now)):
            break
        places = dict.fromkeys(places)
        _learn(connection, places)
    else:
        raise Unavailable("others never stopped changing what is kept")
    hold(connection, talk.all_of(LOCK_COUNTER))
    answers = {(of, row.key): row.answer for of, question in asked.seen for row in talk.rows(question)}
    arrived = []
    for one in coming:
        here = places[one[:4]]
        if here is None or here.caller is None:
            arrived.append(Arrival(None, None, [], {}, []))
            continue
        answer = answers.get((here.caller.organisation_id, one.key))
        arrived.append(
            Arrival(here.caller, answer, here.maps, here.stages, _near(talk, one, here, asked.near))
        )
    return arrived


def _learn(connection: Connection, places: dict[From, Known | None]) -> None:
    """Asks for the places that are not known; for all of them where those that were kept do not hold any more."""
    kept = connection.kept
    while missing := [place for place, here in places.items() if here is None]:
        talk = Round(connection)
        now = None if kept.sure else talk.ask(EPOCH)
        asked = Acquaintance(talk, missing)
        talk.answer()
        if now is not None and not kept.holds(talk.rows(now)):
            places.update(dict.fromkeys(places))
        for place in missing:
            places[place] = here = asked.known(place)
            kept.put(place, here)


def _ask(talk: Round, coming: Sequence[Coming], places: dict[From, Known | None]) -> _Questions:
    keys: dict[str, list[str]] = {}
    gists: dict[_Map, dict[str, None]] = {}
    locks = set()
    for one in coming:
        here = places[one[:4]]
        if here is None or here.caller is None:
            continue
        organisation_id = here.caller.organisation_id
        keys.setdefault(organisation_id, []).append(one.key)
        for map_id in _maps_of(here):
            if one.near:
                of = (organisation_id, map_id, one.near[0])
                gists.setdefault(of, {}).update(dict.fromkeys(one.near[1]))
            if one.counts:
                locks.add((organisation_id, map_id))
    seen = [
        (organisation_id, talk.ask(_SEEN[len(named)], organisation_id=organisation_id, **named))
        for organisation_id, wanted in keys.items()
        for named in slotted("key", wanted)
    ]
    near = {}
    for of, wanted in gists.items():
        (named,) = slotted("gist", list(wanted), GROUPS)
        where = dict(zip(("organisation_id", "map_id", "kind"), of, strict=True))
        near[of] = talk.ask(ON_MAP[len(named)], **where, **named)
    # In one order, so that two replicas at the same maps do not wait for each other (where what was kept has changed,
    # more locks may follow: then the one that waits too long tries again).
    for organisation_id, map_id in sorted(locks):
        talk.ask(LOCK_COUNTER, organisation_id=organisation_id, map_id=map_id)
    return _Questions(seen, near)


def _caller_of(here: Known | None) -> Caller | None:
    return here.caller if here else None


def _maps_of(here: Known) -> list[str]:
    return [row.map_id for row in here.maps if row.map_id]


def _near(talk: Round, one: Coming, here: Known, asked: dict[_Map, Asked]) -> list[Candidate]:
    """What was found for its gists: all of it, or MOST and more."""
    if not one.near or here.caller is None:
        return []
    found: list[Candidate] = []
    for map_id in _maps_of(here):
        rows = talk.rows(asked[here.caller.organisation_id, map_id, one.near[0]])
        found += rows if len(rows) >= MOST else [row for row in rows if row.gist in one.near[1]]
    return found
