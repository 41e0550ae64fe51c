"""Which stage a line names: what stands before its colon, however it is spelled."""

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from handlers.likeness import QUOTES, key_of, slips_between, slugify

HEAD_LENGTH = 100  # a stage's colon is looked for within these characters
ASKED_LENGTH, ASKED_WORDS = 40, 3  # an unknown stage is asked about if it is no longer than this
NEAREST = 3

# Every repeat in these patterns is bounded (a test holds them to it), so that no text makes them slow.
_COLON = re.compile(
    r"(?P<other>(?<!\S):[\w+'-]{1,40}:"  # :tada: is an emoji
    r"|(?<!\S):(?=\S)"  # and so is :)
    r"|(?<=\d):(?=\d)"  # 12:30 is a time
    r"|:(?=//|\\))"  # https://… and C:\… are places
    r"|[:：]"
)
_ANY_COLON = re.compile("[:：]")
_SLUG = re.compile(r"[\w-]{1,60}")


class StageName(NamedTuple):
    """A stage as people may call it: by its slug or by its name."""

    id: str
    slug: str
    name: str


class Names:
    """The stages of a map with all that they are called by, to be looked up."""

    def __init__(self, stages: Sequence[StageName]) -> None:
        self.keys = {stage: frozenset({key_of(stage.slug), key_of(stage.name)}) for stage in stages}
        self.named = {stage.name for stage in stages}
        self.by_slug: dict[str, list[StageName]] = {}
        self.by_key: dict[str, list[StageName]] = {}
        for stage, keys in self.keys.items():
            self.by_slug.setdefault(stage.slug, []).append(stage)
            for key in keys:
                self.by_key.setdefault(key, []).append(stage)


class Head(NamedTuple):
    """What stands before the text: its length, and the stage it names or may mean."""

    length: int = 0
    stage: StageName | None = None
    close: bool = False
    candidates: tuple[StageName, ...] = ()
    stage_words: str = ""
    map_slug: str | None = None
    exact: bool = False


@lru_cache(maxsize=256)  # each typed line asks for all stages of a map
def names_of(stages: tuple[StageName, ...]) -> Names:
    """The stages of a map, to be looked up."""
    return Names(stages)


def read_head(text: str, stages: Names, maps: Collection[str] | None) -> Head:
    line = text[:HEAD_LENGTH].partition("\n")[0]
    first, colon, _ = line.partition(": ")
    # The common line: with a space behind it, its first colon is a part of nothing else.
    if colon and ":" not in first and "：" not in first and (stage := _exact(first, stages)):
        return Head(_start_of_body(text, len(first)), stage, exact=True)
    colons = _colons(line)
    ends = [colon.start() for colon in colons if colon["other"] is None]
    # A stage alone needs no colon after it, and one may have a colon or a time in its name.
    for end in ends or ([len(line)] if line == text else []):
        if stage := _exact(line[:end], stages):
            return Head(_start_of_body(text, end), stage, exact=True)
    if not colons or colons[0]["other"] is not None or not _may_name_a_stage(line[: ends[0]]):
        return Head()
    head = _head_before_colon(line[: ends[0]].strip(), stages, maps)
    return head._replace(length=_start_of_body(text, ends[0])) if head.stage or head.stage_words else Head()


def may_name_a_stage(text: str) -> bool:
    """Does a colon stand where a stage's may?"""
    return _ANY_COLON.search(text[:HEAD_LENGTH]) is not None


def _colons(line: str) -> list[re.Match[str]]:
    """Every colon, with what it is a part of."""
    found: list[re.Match[str]] = []
    for colon in _ANY_COLON.finditer(line):
        # To look only where there is a colon takes a tenth of the time.
        if not found or colon.start() >= found[-1].end():
            found += filter(None, [_COLON.match(line, colon.start())])
    return found


def _start_of_body(text: str, colon: int) -> int:
    return len(text) - len(text[colon + 1 :].lstrip())


def _may_name_a_stage(words: str) -> bool:
    # `"Checkout: never again"` is somebody's sentence, and `@app: slow` a touchpoint.
    return words[:1] not in QUOTES and "@" not in words and any(map(str.isalnum, words))


def _head_before_colon(words: str, stages: Names, maps: Collection[str] | None) -> Head:
    head, map_slug, asked = _found(words, stages), None, words
    if (head.stage is None or head.close) and (prefix := _map_prefix(words, maps)):
        map_slug, asked = prefix
        head = _found(asked, stages)
    elif head.stage and head.close and "/" in words and "/" not in head.stage.name:
        # A map that is not known here may stand in front: its short name is no slip in a stage's.
        head = Head(candidates=(head.stage, *head.candidates)[:NEAREST])
    if head.stage is None and len(asked) <= ASKED_LENGTH and len(asked.split()) <= ASKED_WORDS:
        head = head._replace(stage_words=asked)
    return head._replace(map_slug=map_slug)


def _map_prefix(words: str, maps: Collection[str] | None) -> tuple[str, str] | None:
    """The map and the stage in `onboarding/checkout`, if that is what it is."""
    before, slash, after = (part.strip() for part in words.partition("/"))
    if not slash or not before or not after:
        return None
    if maps is None:
        return (slugify(before), after) if _SLUG.fullmatch(before) else None
    known = next((slug for slug in maps if key_of(slug) == key_of(before)), None)
    return (known, after) if known else None


def _exact(words: str, stages: Names) -> StageName | None:
    """The one stage of that slug or name; a slug as it is written comes before all likeness."""
    bare = words.strip()
    if not _may_name_a_stage(words) and bare not in stages.named:
        return None
    same = stages.by_slug.get(bare.casefold()) or stages.by_key.get(key_of(words), [])
    return same[0] if len(same) == 1 else None


def _found(words: str, stages: Names) -> Head:
    """The stage those words name, begin or nearly spell, if it is the only one; else the nearest names."""
    if stage := _exact(words, stages):
        return Head(stage=stage, exact=True)
    key = key_of(words)
    begun = [stage for stage, names in stages.keys.items() if any(name.startswith(key) for name in names)]
    if len(begun) == 1:
        return Head(stage=begun[0])
    ranked = sorted(stages.keys, key=lambda stage: _unlikeness(key, stages.keys[stage]))
    spelled = [] if begun else _nearly_spelled(key, stages)
    if len(spelled) == 1:
        others = tuple(stage for stage in ranked if stage != spelled[0])
        return Head(stage=spelled[0], close=True, candidates=others[:NEAREST])
    return Head(candidates=tuple(ranked[:NEAREST]))


def _nearly_spelled(key: str, stages: Names) -> list[StageName]:
    """The stages with the fewest slips from that key: one at most from 4 letters on, two from 6, else none."""
    allowed = 0 if len(key) < 4 else 1 if len(key) < 6 else 2
    slips = {
        stage: min(slips_between(key, name, allowed) for name in names)
        for stage, names in stages.keys.items()
    }
    fewest = min(slips.values(), default=allowed + 1)
    return [stage for stage, count in slips.items() if count == fewest <= allowed]


def _unlikeness(key: str, names: frozenset[str]) -> tuple[bool, float]:
    likeness = max(SequenceMatcher(None, key, name, autojunk=False).ratio() for name in names)
    return not any(name.startswith(key) for name in names), -likeness
