"""The first questions of every request, in one round trip.

Requests that come as a group are asked for together, by one statement for all of them. Who they come from, and what
their place shows, is asked only where it is not kept from an earlier one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlmodel import select

from storage.callers import Acquaintance, BoundMap, Caller, Key, Shown, StageHere
from storage.connection import Connection
from storage.errors import Unavailable
from storage.kept import EPOCH
from storage.maps import LOCK_COUNTER, hold
from storage.models import Seen
from storage.near import GROUPS, MOST, ON_MAP, Candidate
from storage.rounds import Asked, Round
from storage.slots import SLOTS, among, each, looked_up, slotted
from storage.statements import ORGANISATION, Statement, param


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

    def who(self) -> Key:
        """By what the person is kept."""
        return "user", self.platform, self.workspace, self.user

    def where(self) -> Key:
        """By what the place is kept."""
        return "channel", self.platform, self.workspace, self.channel


class Arrival(NamedTuple):
    """What is known when a request comes in; items of nearly the same words where they were asked for.

    Those are all that there are, unless they are MOST or more.
    """

    caller: Caller | None
    answer: str | None
    place: list[BoundMap]
    stages: Mapping[str, tuple[StageHere, ...]]  # by map
    near: list[Candidate]
    sure: bool = True  # else it is taken for granted that the request was not seen before


MOST_ROUNDS = 5  # in which others may change something meanwhile
_Map = tuple[str, str, str]  # an organisation, a map of it, a kind


class _Questions(NamedTuple):
    """What a group asks: seen keys by organisation, near items by map and kind."""

    seen: list[tuple[str, Asked]]
    near: dict[_Map, Asked]


def _seen(many: int) -> Statement[Seen]:
    asked = select(Seen.key, Seen.answer).where(Seen.organisation_id == ORGANISATION)

    def on_postgresql(_: Any) -> Any:
        if many == 1:
            return asked.where(Seen.key == param("key0"))
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
    known = _Known(connection, coming)
    known.learn()
    for _ in range(MOST_ROUNDS):
        talk = Round(connection)
        here = known.of_each()
        asked = _ask(talk, coming, here)
        if more is not None:
            more(talk, [caller for caller, _ in here])
        now = talk.ask(EPOCH)  # once the locks are ours: what was changed under them is known by then
        talk.answer()
        if connection.kept.holds(talk.rows(now)):
            break
        known.forget()
        known.learn()
    else:
        raise Unavailable("others never stopped changing what is kept")
    hold(connection, talk.all_of(LOCK_COUNTER))
    answers = {(of, row.key): row.answer for of, question in asked.seen for row in talk.rows(question)}
    arrived = []
    for one, (caller, shown) in zip(coming, here, strict=True):
        if caller is None:
            arrived.append(Arrival(None, None, [], {}, []))
            continue
        answer = answers.get((caller.organisation_id, one.key))
        near = _near(talk, one, caller.organisation_id, shown, asked.near)
        arrived.append(Arrival(caller, answer, shown.maps, shown.stages, near))
    return arrived


def presumed(connection: Connection, coming: Coming) -> Arrival | None:
    """What a request that takes a number, and comes alone, finds as a rule; None where it must ask.

    A server's answers are on their way; it is mistaken where they surprise (storage/presumed.py).
    """
    if not coming.counts:
        return None
    caller: Caller | None = connection.kept.get(coming.who())
    shown: Shown | None = connection.kept.get(coming.where())
    if caller is None or shown is None or not connection.kept.fresh():
        return None
    organisation_id, left = caller.organisation_id, {}
    talk = Round(connection)
    near = []
    for map_id in _maps_of(shown):
        counted = connection.presumed.left.get((organisation_id, map_id))
        if counted is None:
            return None
        left[organisation_id, map_id] = dict(counted)
        if coming.near:
            kind, gists = coming.near
            near.append(_ask_near(talk, (organisation_id, map_id, kind), gists))
    now = None if connection.apart else talk.ask(EPOCH)
    answer = talk.pose()

    def holds() -> bool:
        answer()
        return not any(map(talk.rows, near)) and (now is None or connection.kept.holds(talk.rows(now)))

    if connection.apart:
        connection.presumed.until(holds)
    elif not holds():
        return None
    connection.presumed.take()
    connection.kept.sure = True
    connection.counters = left
    return Arrival(caller, None, shown.maps, shown.stages, [], sure=False)


class _Known:
    """Who asks, and what their places show: what was kept, and what is asked for."""

    def __init__(self, connection: Connection, coming: Sequence[Coming]) -> None:
        self._connection = connection
        self._each = [(one.who(), one.where()) for one in coming]
        kept = connection.kept
        self._callers: dict[Key, Caller | None] = {}
        self._shown: dict[Key, Shown] = {}
        for who, where in self._each:
            if (caller := kept.get(who)) is not None:
                self._callers[who] = caller
            if (shown := kept.get(where)) is not None:
                self._shown[where] = shown

    def of_each(self) -> list[tuple[Caller | None, Shown]]:
        """Of each request, in their order, once everything is learnt."""
        return [(self._callers[who], self._shown[where]) for who, where in self._each]

    def forget(self) -> None:
        """Nothing is known any more."""
        self._callers.clear()
        self._shown.clear()

    def learn(self) -> None:
        """Asks for what is not known; for everything where what was kept does not hold any more."""
        kept = self._connection.kept
        while True:
            users = {who: None for who, _ in self._each if who not in self._callers}
            channels = {where: None for _, where in self._each if where not in self._shown}
            if not users and not channels:
                return
            talk = Round(self._connection)
            now = None if kept.sure else talk.ask(EPOCH)
            asked = Acquaintance(talk, users, channels)
            talk.answer()
            if now is not None and not kept.holds(talk.rows(now)):
                self.forget()
            for who in users:
                self._callers[who] = caller = asked.caller(who)
                if caller is not None:
                    kept.put(who, caller)
            for where in channels:
                self._shown[where] = shown = asked.shown(where)
                kept.put(where, shown)


def _ask(talk: Round, coming: Sequence[Coming], here: Sequence[tuple[Caller | None, Shown]]) -> _Questions:
    keys: dict[str, list[str]] = {}
    gists: dict[_Map, dict[str, None]] = {}
    locks: set[tuple[str, str]] = set()
    for one, (caller, shown) in zip(coming, here, strict=True):
        if caller is None:
            continue
        organisation_id = caller.organisation_id
        keys.setdefault(organisation_id, []).append(one.key)
        for map_id in _maps_of(shown):
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
    near = {of: _ask_near(talk, of, list(wanted)) for of, wanted in gists.items()}
    # In one order, so that two replicas at the same maps do not wait for each other (where what was kept has changed,
    # more locks may follow: then the one that waits too long tries again).
    for organisation_id, map_id in sorted(locks):
        talk.ask(LOCK_COUNTER, organisation_id=organisation_id, map_id=map_id)
    return _Questions(seen, near)


def _ask_near(talk: Round, of: _Map, gists: Sequence[str]) -> Asked:
    (named,) = slotted("gist", gists, GROUPS)
    organisation_id, map_id, kind = of
    return talk.ask(ON_MAP[len(named)], organisation_id=organisation_id, map_id=map_id, kind=kind, **named)


def _maps_of(shown: Shown) -> list[str]:
    return [row.map_id for row in shown.maps if row.map_id]


def _near(
    talk: Round, one: Coming, organisation_id: str, shown: Shown, asked: dict[_Map, Asked]
) -> list[Candidate]:
    """What was found for its gists: all of it, or MOST and more."""
    if not one.near:
        return []
    found: list[Candidate] = []
    for map_id in _maps_of(shown):
        rows = talk.rows(asked[organisation_id, map_id, one.near[0]])
        found += rows if len(rows) >= MOST else [row for row in rows if row.gist in one.near[1]]
    return found
