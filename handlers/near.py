"""What is said already: items of nearly the same words, found by the longest of them and compared by all.

An item is indexed by the stems of its two longest words, its gist. Whoever says nearly the same has both of them
among the longest of theirs: so a few probes find the candidates, however many items there are.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

from handlers.answers import Button, Buttons, Line, Part
from handlers.errors import Refusal
from handlers.kinds import Kind, ref
from handlers.likeness import slips_between
from handlers.terms import slips_allowed, terms
from handlers.text import UserText, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.near import FEW, MANY, MOST, Candidate

SAME, SPOKEN_FOR = (
    0.82,
    0.6,
)  # shares of the letters, from which on two texts say the same, or one the other's gist
STEM = 6  # letters of a word that count: declined, declines and declining are one
READ = 1_000  # characters of a text that are compared
OFFERED = 2

_MARKED = re.compile(r"[\s(\[][-‐-―−@＠!！~]")  # where a touchpoint, a severity or the speaker may begin
_LONGEST = {FEW: 4, MANY: 8}  # words whose pairs fill so many slots


def gist(text: str) -> str | None:
    """By what an item is found: the stems of its two longest words; None where there are no words."""
    return " ".join(sorted(_longest(text, 2))) or None


@lru_cache(64)  # one text is asked for several times on its way into the store
def gists(text: str, most: int = FEW) -> tuple[str, ...]:
    """The gists that an item of nearly the same words may have: the pairs of its longest words."""
    stems = _longest(text, _LONGEST[most])
    return tuple(map(" ".join, combinations(sorted(stems), 2))) if len(stems) > 1 else tuple(stems)


def gists_of_line(line: str) -> tuple[str, ...]:
    """The same of a typed line, before anybody has read its stage and marks."""
    return gists(_body(line))


def own_gists(line: str) -> tuple[str, ...]:
    """By one of these the item is found that a typed line becomes, with its marks and its speaker read or not."""
    body = _body(line)
    bare = _MARKED.split(body, 1)[0]
    return tuple(filter(None, [gist(body)] if bare == body else [gist(body), gist(bare)]))


def _body(line: str) -> str:
    head, colon, words = line.partition(":")
    return (words if colon and len(head) < READ else line).strip()


def likeness(one: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 1; where a number differs, nothing is."""
    mine, theirs = _stems(one), _stems(other)
    if _numbers(mine) != _numbers(theirs):
        return 0.0
    whole = sum(map(len, mine)) + sum(map(len, theirs))
    return (_shared(mine, theirs) + _shared(theirs, mine)) / whole if whole else 0.0


def offer(turn: Turn, map_id: str, kind: Kind, columns: dict[str, Any], draft_id: str, *, kept: bool) -> None:
    """Raises Refusal where that stage has nearly the same already: a vote for it, or mine anyway."""
    text = columns["text"]
    near = [
        (likeness(text, one.text), one)
        for one in _candidates(turn, map_id, kind, columns["stage_id"], text)
        if kind is not Kind.QUOTE or _voice(one) == _voice_in(columns)
    ]
    found = [one for same, one in sorted(near, key=lambda pair: (-pair[0], -pair[1].votes)) if same >= SAME]
    if not found:
        return
    shown = found[:OFFERED]
    votes = tuple(
        Button(
            word("near vote") if len(shown) == 1 else word("near vote for", ref=ref(one.kind, one.number)),
            "near.vote",
            one.id,
            style="primary",
        )
        for one in shown
    )
    anyway = Button(word("near anyway"), "near.anyway", f"{draft_id} {columns['stage_id']}")
    first = shown[0]
    known: dict[str, Any] = {
        "ref": ref(first.kind, first.number),
        "words": UserText(short(first.text)),
        "n": first.votes,
    }
    text_said = say("near", **known)
    if len(shown) > 1:
        other = shown[1]
        text_said = say(
            "near two",
            other=ref(other.kind, other.number),
            more=UserText(short(other.text)),
            m=other.votes,
            **known,
        )
    raise Refusal(text_said, buttons=(*votes, anyway), keeps_words=not kept)


def question(turn: Turn, quote_id: str, map_id: str, columns: dict[str, Any]) -> tuple[Part, ...]:
    """Asks on a quote's receipt whether it speaks for the pain of that stage whose words are in it."""
    stems = _stems(columns["text"])
    best: tuple[float, int] = (SPOKEN_FOR, -1)
    pain: Candidate | None = None
    for one in turn.store.near.find(
        map_id, Kind.PAIN.value, columns["stage_id"], gists(columns["text"], MANY)
    ):
        said = _stems(one.text)
        rank = _shared(said, stems) / max(1, sum(map(len, said))), one.votes
        if len(said) > 1 and rank > best:
            best, pain = rank, one
    if pain is None:
        return ()
    text = say("near speaks", ref=ref(pain.kind, pain.number), words=UserText(short(pain.text)))
    return Line(text), Buttons((Button(word("near yes"), "near.speaks", f"{quote_id} {pain.id}"),))


def _candidates(turn: Turn, map_id: str, kind: Kind, stage_id: str, text: str) -> Sequence[Candidate]:
    """At most fifty; those that came with the request where they are what this text needs."""
    wanted = gists(text)
    asked, found = turn.near
    if asked.issuperset(wanted) and len(found) < MOST and map_id in [here.id for here in turn.maps]:
        return [one for one in found if one.map_id == map_id and one.stage_id == stage_id]
    return turn.store.near.find(map_id, kind.value, stage_id, wanted)


def _stems(text: str) -> list[str]:
    return list(dict.fromkeys([_measured(term)[-1] for term in terms(text[:READ])]))


@lru_cache(512)  # most of what is said is said in few words
def _measured(term: str) -> tuple[int, str, str, str]:
    """A word's rank among others, the longest first, and its stem behind."""
    singular = term[:-1] if len(term) > 3 and term[-1] == "s" else term
    stem = term if not term.isalpha() and any(map(str.isdigit, term)) else singular[:STEM]
    return -len(singular), singular, term, stem


def _longest(text: str, most: int) -> list[str]:
    return _by_their_length(text[:READ].strip())[:most]


@lru_cache(64)
def _by_their_length(text: str) -> list[str]:
    return list(dict.fromkeys([stem for *_, stem in sorted(map(_measured, terms(text)))]))


def _numbers(stems: Iterable[str]) -> set[str]:
    return {stem for stem in stems if any(map(str.isdigit, stem))}


def _shared(mine: Sequence[str], theirs: Sequence[str]) -> int:
    """How many letters of the first are in words of the other, slips of the finger forgiven."""
    known = set(theirs)
    return sum(
        len(stem)
        for stem in mine
        if stem in known
        or (
            (allowed := slips_allowed(stem))
            and any(slips_between(stem, other, allowed) <= allowed for other in known)
        )
    )


def _voice(one: Candidate) -> tuple[str, str]:
    return (one.speaker or "").casefold(), (one.speaker_account or "").casefold()


def _voice_in(columns: dict[str, Any]) -> tuple[str, str]:
    return (columns.get("speaker") or "").casefold(), (columns.get("speaker_account") or "").casefold()
