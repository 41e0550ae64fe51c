"""Search: items by the words they say, spelling forgiven, over every map that the person may see.

The index is kept by the clock and may be behind: what changed since is read as it is, so that one finds what one
has just logged. What is found is weighed by its own words, not by the index.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from handlers.answers import Answer, Button, Buttons, Card, Line, Part, Quiet, Replace, Rows, Tell, Title
from handlers.errors import Refusal
from handlers.grammar import parse_item_ref
from handlers.kinds import Kind, ref
from handlers.lists import MOST, item_row, leafing, show_item, show_menu
from handlers.map_names import map_called
from handlers.terms import grams, likeness, said_by, terms
from handlers.text import Text, UserText, joined, plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap
from storage.search import NEWEST, Sought

TYPED, WORDS = 200, 8  # characters and words of a question
SPELLINGS = 4  # of one word that are looked up
TELLING = 5  # words of a question by which items are looked up
COMMON = 3  # words that many items say and that are looked up by votes and together
WEIGHED = 64  # found items whose words are read
UNREAD = 400  # changes that the index may be behind and are read as they are
ENOUGH = 3  # found items that make guesses at the spelling needless

Found = dict[str, dict[str, float]]  # by item, then by typed word: how well it answers


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """One question: words, on one map or on all, from the so-manieth answer on."""

    text: str
    map_id: str = ""
    start: int = 0
    typed: str = ""  # with the map in front


class Hit(NamedTuple):
    """A found item, how many of the typed words it says, and how well."""

    item: Any
    said: int
    likeness: float


def search(turn: Turn) -> Answer:
    """`/journey search [map/]words`."""
    text = " ".join(turn.request.text.split())
    if parse_item_ref(text) is not None:
        return show_item(turn)
    slug, slash, rest = text.partition("/")
    # Only a whole name: `s/m sizes` and `24/7 support` name none.
    if slash and slug and (journey := map_called(turn, slug)):
        return Tell(_answered(turn, Asked(rest.strip()[:TYPED], journey.id, typed=text[:TYPED])))
    return Tell(_answered(turn, Asked(text[:TYPED])))


def leaf(turn: Turn) -> Answer:
    """Another page of what was found, or the same words on all maps."""
    try:
        asked = msgspec.json.decode(turn.request.value(), type=Asked)
    except msgspec.DecodeError:
        raise Refusal(say("unknown click")) from None
    start = min(max(asked.start, 0), WEIGHED)
    return Replace(_answered(turn, Asked(asked.text[:TYPED], asked.map_id, start, asked.typed[:TYPED])))


def _answered(turn: Turn, asked: Asked) -> Card:
    typed = terms(asked.text, WORDS)
    if not typed:
        raise Refusal(say("search which"))
    maps = _maps(turn, asked)
    hits = _weighed(turn, typed, [journey.id for journey in maps])
    if not hits:
        return _nothing(asked, maps)
    whole = [hit for hit in hits if hit.said == len(typed)]
    shown = (whole or hits)[asked.start :]
    text = say("search title" if whole else "search title partly", typed=UserText(asked.text))
    parts: list[Part] = [Title(text)]
    parts += [Quiet(note) for note in _readings(typed, whole)]
    items = [hit.item for hit in shown[:MOST]]
    if not items:
        parts.append(Line(say("list end")))
    here = {bound.id for bound in turn.maps} or ({maps[0].id} if len(maps) == 1 else set())
    parts.append(Rows(tuple(_row(item, here) for item in items)))
    if asked.start or len(shown) > MOST:
        parts.append(Quiet(say("list page", first=asked.start + 1, last=asked.start + len(items))))
    buttons = leafing("search.page", *_around(asked, more=len(shown) > MOST))
    parts.append(Buttons((*buttons, show_menu(items)) if items else buttons))
    return Card(tuple(parts), plain(text))


def _maps(turn: Turn, asked: Asked) -> list[JourneyMap]:
    """The one that is asked for, or the first hundred and those of this place."""
    maps = [] if asked.map_id else turn.store.maps.all()
    wanted = [asked.map_id] if asked.map_id else [here.id for here in turn.maps]
    known = {journey.id for journey in maps}
    more = [turn.store.maps.get(map_id) for map_id in wanted if map_id not in known]
    return maps + [journey for journey in more if journey is not None and journey.archived_at is None]


def _row(item: Any, here: set[str]) -> Text:
    row = item_row(item, _where(item, here))
    if item.root_id is None:
        return row
    return joined([row, say("search part", root=ref(item.root_kind, item.root_number))])


def _where(item: Any, here: set[str]) -> Text:
    if item.map_id in here:
        return (*say("list on stage", stage=UserText(item.stage)),)
    return say("search row map", map=UserText(item.map), stage=UserText(item.stage))


def _around(asked: Asked, *, more: bool) -> tuple[str | None, str | None]:
    """The questions behind Previous and Next."""

    def at(start: int) -> str:
        return msgspec.json.encode(msgspec.structs.replace(asked, start=start)).decode()

    return at(max(asked.start - MOST, 0)) if asked.start else None, at(asked.start + MOST) if more else None


def _readings(typed: list[str], hits: list[Hit]) -> list[Text]:
    """How misspelled words were read: where no item shown has the word as it was typed."""
    notes = []
    for one in typed:
        said = [max(said_by(hit.item), key=lambda other: likeness(one, other)) for hit in hits]
        if said and all(not other.startswith(one) for other in said):
            notes.append(say("search read as", typed=UserText(one), word=UserText(said[0])))
    return notes


def _nothing(asked: Asked, maps: list[JourneyMap]) -> Card:
    typed = UserText(asked.text)
    if asked.map_id and maps:
        text = say("search nothing map", typed=typed, map=UserText(maps[0].name))
    else:
        text = say("search nothing", typed=typed)
    everywhere = msgspec.json.encode(Asked(asked.typed or asked.text)).decode()
    buttons = (Button(word("search everywhere"), "search.page", everywhere),) if asked.map_id else ()
    named = f"{maps[0].slug}/ {asked.text}" if asked.map_id and maps else asked.text
    log = Button(word("search log"), "log.pain", named)
    return Card(
        (Line(text), Buttons((*buttons, log, Button(word("search top"), "list")))),
        plain(text),
    )


# --- finding -------------------------------------------------------------------------------------------------


def _weighed(turn: Turn, typed: list[str], map_ids: list[str]) -> list[Hit]:
    """What was found, the best first: by how many words it says, how well, whether it is open, and its votes."""
    fresh = _unread(turn, map_ids)
    # The short ones tell least (the, was, at), unless they are numbers; they are weighed in what is found.
    telling = sorted(typed, key=lambda one: (one.isalpha(), -len(one)))[:TELLING]
    near = {one: others[:SPELLINGS] for one, others in _near(turn, telling).items()}
    exact = {one: [other for other in others if other.startswith(one)] for one, others in near.items()}
    found = _looked_up(turn, exact, map_ids)
    hits = _hits(turn, typed, found, fresh)
    if near != exact and sum(hit.said == len(typed) for hit in hits) < ENOUGH:
        for item_id, said in _looked_up(turn, near, map_ids).items():
            for one, how_well in said.items():
                mine = found.setdefault(item_id, {})
                mine[one] = max(mine.get(one, 0.0), how_well)
        hits = _hits(turn, typed, found, fresh)
    return hits


def _hits(turn: Turn, typed: list[str], found: Found, fresh: dict[str, Any]) -> list[Hit]:
    by_promise = sorted(
        found, key=lambda item_id: (len(found[item_id]), sum(found[item_id].values()), item_id), reverse=True
    )
    items = {item.id: item for item in turn.store.search.shown(by_promise[:WEIGHED])} | fresh
    hits = []
    for item in items.values():
        said = said_by(item)
        best = [max((likeness(one, other) for other in said), default=0.0) for one in typed]
        if any(best):
            hits.append(Hit(item, sum(how_well > 0 for how_well in best), sum(best)))
    here = {bound.id for bound in turn.maps}
    found_whole = {hit.item.id for hit in hits}
    return sorted(
        (hit for hit in hits if hit.item.root_id not in found_whole),
        key=lambda hit: (
            hit.said,
            round(hit.likeness, 2),
            hit.item.resolved_at is None,
            hit.item.map_id in here,
            hit.item.votes,
            hit.item.id,
        ),
        reverse=True,
    )


def _unread(turn: Turn, map_ids: list[str]) -> dict[str, Any]:
    """What changed since the clock last read these maps."""
    fresh: dict[str, Any] = {}
    for map_id in map_ids:
        read, revision = turn.store.search.progress(map_id)
        if read < revision:
            newest = turn.store.search.unread(map_id, max(read, revision - UNREAD), revision)
            fresh |= {item.id: item for item in newest}
    return fresh


def _near(turn: Turn, typed: list[str]) -> dict[str, list[str]]:
    """The known words that answer each typed one, the best first."""
    near = turn.store.search.near([(one, grams(one)) for one in typed])
    return {
        one: sorted(
            (other for other in others if likeness(one, other) > 0),
            key=lambda other: (-likeness(one, other), len(other), other),
        )
        for one, others in zip(typed, near, strict=True)
    }


def _looked_up(turn: Turn, spellings: dict[str, list[str]], map_ids: list[str]) -> Found:
    """The newest items of each word; of a common one also the strongest, and those that say another one too."""
    search = turn.store.search
    asked = [
        (typed, Sought(map_id, other))
        for typed, others in spellings.items()
        for other in others
        for map_id in map_ids
    ]
    found: Found = {}
    common: list[tuple[str, Sought]] = []
    for (typed, sought), ids in zip(asked, search.mentioned([one for _, one in asked]), strict=True):
        _take(found, typed, sought.word, ids)
        if len(ids) == NEWEST:
            common.append((typed, sought))
    common = sorted(common, key=lambda one: -len(one[0]))[:COMMON]  # each costs a thousand looks
    kinds = [kind.value for kind in Kind]
    strongest = search.strongest([sought for _, sought in common], kinds)
    for (typed, sought), ids in zip(common, strongest, strict=True):
        _take(found, typed, sought.word, ids)
    pairs = [
        (one, other)
        for place, one in enumerate(common)
        for other in common[place + 1 :]
        if one[1].map_id == other[1].map_id and one[0] != other[0]
    ]
    together = search.together([(one[1], other[1].word) for one, other in pairs])
    for (one, other), ids in zip(pairs, together, strict=True):
        _take(found, one[0], one[1].word, ids)
        _take(found, other[0], other[1].word, ids)
    return found


def _take(found: Found, typed: str, other: str, ids: Iterable[str]) -> None:
    how_well = likeness(typed, other)
    for item_id in ids:
        said = found.setdefault(item_id, {})
        said[typed] = max(said.get(typed, 0.0), how_well)
