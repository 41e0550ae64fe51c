"""What somebody wants listed, as they type it and as the buttons of a list carry it."""

from typing import NamedTuple

import msgspec

from handlers.capture import stages_named
from handlers.choosing import living_map_called, maps_in_front, no_such_stage, stages_said, which_map
from handlers.errors import Refusal
from handlers.kinds import CLOSED, Kind, Severity, Status, Trust
from handlers.likeness import key_of
from handlers.text import UserText, joined
from handlers.turn import Turn
from handlers.words import say
from storage.models import JourneyMap

FURTHEST = 500  # how far one leafs through a list


class ListQuery(msgspec.Struct, frozen=True, array_like=True):
    """One list: of a map, narrowed by what is set, from `start` on."""

    map_id: str
    stage_id: str = ""
    kind: str = ""
    status: str = ""  # or `closed`: all that was resolved, shipped or declined
    severity: str = ""
    trust: str = ""
    owner_id: str = ""
    mine: bool = False
    start: int = 0

    @property
    def closed(self) -> bool:
        """Is it about what is over?"""
        return self.status == "closed" or self.status in set(CLOSED)

    @property
    def narrowed(self) -> bool:
        """Does it ask for less than everything that is open?"""
        return self != ListQuery(self.map_id, start=self.start)


class _Filters(NamedTuple):
    set: dict[str, str | bool]
    rest: list[str]


_KINDS = {word: kind.value for kind in Kind for word in (kind.value, f"{kind}s")}
_STATUSES = {status.value: status.value for status in Status if status is not Status.OPEN} | {
    "progress": Status.IN_PROGRESS.value,
    "inprogress": Status.IN_PROGRESS.value,
    "fixed": Status.RESOLVED.value,
    "closed": "closed",
    "done": "closed",
    "open": "",
}
_TRUSTS = {trust.value: trust.value for trust in Trust if trust is not Trust.RESOLVED} | {
    "unchecked": Trust.HYPOTHESIS.value
}
_MINE = {"mine", "my", "me"}
_LITTLE = {"in", "on", "that", "are", "is", "the", "and", "by", "of", "all", "from"}


def read_query(turn: Turn, text: str) -> ListQuery:
    """`[map/][stage] [pains|…] [resolved|…] [abandon|…] [mine|owner @ben]`, in any order; raises Refusal."""
    maps, words = maps_in_front(turn, text)
    # A stage may be called New or Open.
    exact = [(one, stage) for one in maps if words and (stage := _stage_exactly(turn, one.id, words))]
    if exact:
        return _the_one(turn, exact, {})
    filters = _filters(turn, words)
    if not filters.rest:
        return _the_one(turn, [(one, "") for one in maps], filters.set)
    typed = " ".join(filters.rest)
    found = [(one, stage.id) for one, stage in stages_named(turn, maps, typed)]
    if not found and words == text.strip() and (called := living_map_called(turn, typed)) is not None:
        found = [(called, "")]
    if found:
        return _the_one(turn, found, filters.set)
    if len(maps) > 1:
        raise no_such_stage(turn, maps, typed)
    said = {"typed": UserText(typed[:80]), "map": UserText(maps[0].name)}
    raise Refusal(say("list unknown", stages=stages_said(turn, maps[0]), **said))


def _the_one(turn: Turn, found: list[tuple[JourneyMap, str]], narrowed: dict[str, str | bool]) -> ListQuery:
    """The list of that map and stage; raises Refusal where one of several has to be picked."""
    queries = [ListQuery(one.id, stage, **narrowed) for one, stage in found]  # type: ignore[arg-type]
    if len(queries) > 1:
        maps = [one for one, _ in found]
        raise which_map(turn, zip(map(carried, queries), maps, strict=True), "list.page")
    return queries[0]


def carried(query: ListQuery) -> str:
    """The query as a button's value."""
    return msgspec.json.encode(query).decode()


def query_of(turn: Turn) -> ListQuery:
    """The query that was clicked; raises Refusal where its map or stage is not there any more."""
    try:
        query = msgspec.json.decode(turn.request.value(), type=ListQuery)
    except msgspec.DecodeError:
        raise Refusal(say("unknown click")) from None
    journey = turn.store.maps.get(query.map_id)
    stage = turn.store.maps.stage(query.stage_id) if query.stage_id else None
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    if query.stage_id and (stage is None or stage.map_id != journey.id):
        raise Refusal(say("not found anywhere"))
    return msgspec.structs.replace(query, start=min(max(query.start, 0), FURTHEST))


def _filters(turn: Turn, text: str) -> _Filters:
    """What the words at both ends ask for; what they leave between them is a stage."""
    words, found = text.split(), dict[str, str | bool]()
    while words and (took := _filter(turn, words)):
        taken, name, value = took
        found[name] = value
        words = words[taken:]
    while words:
        owner = len(words) > 1 and words[-2].lower().rstrip(":") == "owner"
        took = _filter(turn, words[-2:]) if owner else _filter(turn, words[-1:])
        if not took:
            break
        _, name, value = took
        found[name] = value
        words = words[: -2 if owner else -1]
    found.pop("nothing", None)
    return _Filters({name: value for name, value in found.items() if value}, words)


def _filter(turn: Turn, words: list[str]) -> tuple[int, str, str | bool] | None:
    """How many of the first words are a filter, which column it narrows, and to what."""
    word = words[0].lower().strip(",;").replace("-", "_")
    if word in _KINDS:
        return 1, "kind", _KINDS[word]
    if word in _STATUSES:
        return 1, "status", _STATUSES[word]
    if word.lstrip("!") in set(Severity):
        return 1, "severity", word.lstrip("!")
    if word in _TRUSTS:
        return 1, "trust", _TRUSTS[word]
    if word in _MINE:
        return 1, "mine", True
    if word.rstrip(":") == "owner" and len(words) > 1:
        return 2, "owner_id", _person(turn, words[1])
    if word.startswith("@") and len(word) > 1:
        return 1, "owner_id", _person(turn, words[0])
    return (1, "nothing", "") if word in _LITTLE else None


def _person(turn: Turn, typed: str) -> str:
    """The person of that name, as far as it is written; raises Refusal where there is none or more than one."""
    name = typed.lstrip("@").strip(",;")
    if name.lower() in _MINE:
        return turn.who.id
    key = key_of(name)
    beginning = "".join(char if char.isalnum() else " " for char in name).split() or [name]
    called = turn.store.lists.called(beginning[0])
    exact = [one for one in called if key in (key_of(one.name), key_of(one.name.partition(" ")[0]))]
    found = exact or [one for one in called if key_of(one.name).startswith(key)]
    if len(found) != 1:
        names = joined([(say("a name", name=UserText(one.name))) for one in found[:5]], ", ")
        key_said = "list which person" if found else "list no person"
        raise Refusal(say(key_said, typed=UserText(typed[:80]), names=names))
    return found[0].id


def _stage_exactly(turn: Turn, map_id: str, words: str) -> str:
    typed = key_of(words)
    stages = turn.stage_names(map_id)
    return next((row.id for row in stages if typed in (key_of(row.slug), key_of(row.name))), "")
