"""What people type, read into its parts: pure functions on plain text, in time that grows with its length.

Each rule prefers to leave people's words alone: a mark that is not surely one stays text.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias, cast

from handlers.likeness import QUOTES, key_of
from handlers.stage_names import StageName, names_of, read_head

Severity: TypeAlias = Literal["abandon", "workaround", "trivial"]

MARK_LENGTH = 80  # of a touchpoint, and of what follows a speaker's dash

# Every repeat in these patterns is bounded (a test holds them to it), so that no text makes them slow.
_SEVERITY = re.compile(r"(?<!\S)[!！](abandon|workaround|trivial)(?![\w-])", re.IGNORECASE)
_DASH = re.compile(
    r"(?<!\S)(?:--?|[‒–—―])(?=\s)"  # I gave up - Dana
    r"|(?<![^\s.!?…\"”“»«’])(?:--|[‒–—―])(?=\s{0,1}[^\W\d_])"  # “I gave up.”—Dana
)
_DASHES = frozenset("‒–—―")
_HEARD = re.compile(r"(?:from|for) {1,3}(?=\S)", re.IGNORECASE)
_BULLET = re.compile(r"^[ \t]{0,9}(?:--?|[‒–—―])(?=\s)", re.MULTILINE)
_COMMA = re.compile(r"[,，、،]")
_AT = re.compile(r"(?<![^\s(\[])[@＠](?=[\w\"“„«‘'「])")
_WORD = re.compile(r"\w[\w'’&./-]{0,79}")
_WORD_END = re.compile(r"\w(?!\w)|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")  # Thai, kana, Han: no spaces
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_ITEM = re.compile(r"(?:([\w-]{1,60})/)?([PIQG])[ \-‐‑–]?([0-9]{1,9})", re.IGNORECASE)

_CLOSINGQUOTES = frozenset("\"”“»«’'」")
_SENTENCE_ENDS = frozenset(".!?…。！？")
_ENDS = _SENTENCE_ENDS | _CLOSINGQUOTES | frozenset(",;)-–—")
_SENTENCE_MARKS = frozenset("!?;:…。！？；：")
_NAME_PARTICLES = frozenset(
    ["&", "al", "and", "bin", "da", "de", "den", "der", "di", "du", "la", "van", "von"]
)
_COMPANY_FORMS = frozenset(["ag", "co", "corp", "gmbh", "inc", "llc", "ltd", "plc", "sa"])


class ItemRef(NamedTuple):
    """An item as people name it: its map if they gave one, its kind's letter (P, I, Q, G) and its number."""

    map_slug: str | None
    letter: str
    number: int


class Logged(NamedTuple):
    """What one typed line says.

    `head` is what stands before the text, up to the colon and the space after it; `body` is the text.
    `stage_words` is set where the head looks like a stage that nobody knows, `candidates` are then the nearest.
    With `close`, the stage was found in spite of its spelling, and `candidates` are the next nearest.
    """

    head: str = ""
    body: str = ""
    stage: StageName | None = None
    stage_words: str = ""
    close: bool = False
    candidates: tuple[StageName, ...] = ()
    map_slug: str | None = None
    severity: Severity | None = None
    speaker: str | None = None
    account: str | None = None
    role: str | None = None
    touchpoint: str | None = None
    exact: bool = False  # the stage was named in full
    formerly: str = ""  # the stage is meant by this former name

    @property
    def words(self) -> str:
        """The text to keep: the body after a known stage, and everything where no stage was found."""
        return self.body if self.stage else self.head + self.body


def parse_words(
    kind: str | None,
    text: str,
    stages: Sequence[StageName],
    touchpoints: Sequence[tuple[str, str]] = (),
    *,
    maps: Collection[str] | None = None,
) -> Logged:
    """What a person typed to log one thing: `checkout: card declined @coupon field !abandon`.

    `kind` is pain, idea, quote, gain or None while it is open: only a pain or an open one has a severity. A quote's
    speaker stands after a dash, that of another kind after a dash and `from` or `for`. `touchpoints` are pairs of a
    stage's id and a name. Before a stage, `onboarding/` names a map: one of the slugs in `maps`, or anything like a
    slug if that is None. Raises nothing on any text.
    """
    rest, severity = text.strip(), None
    if kind in (None, "pain"):
        rest, severity = _without_severity(rest)
    head = read_head(rest, names_of(tuple(stages)), maps)
    known = _touchpoint_names(touchpoints, head.stage) if touchpoints and _AT.search(rest) else {}
    read = _read_quote if kind == "quote" else _read_heard
    said = read(rest[head.length :], known)
    body, touchpoint = (
        (said.words, said.touchpoint) if said.touchpoint else _read_touchpoint(said.words, known)
    )
    return Logged(
        head=rest[: head.length],
        body=_unwrapped(body) if kind == "quote" else body,
        stage=head.stage,
        stage_words=head.stage_words,
        close=head.close,
        exact=head.exact,
        candidates=head.candidates,
        map_slug=head.map_slug,
        severity=severity,
        speaker=said.speaker,
        account=said.account,
        role=said.role,
        touchpoint=touchpoint,
    )


def parse_command(text: str) -> tuple[str, str]:
    """The first word, in lower case, and the rest: `Pain checkout: slow` is `pain` and `checkout: slow`."""
    verb, rest = [*text.split(maxsplit=1), "", ""][:2]
    return verb.lower(), rest.strip()


def parse_item_ref(text: str) -> ItemRef | None:
    """The item that `P-12`, `p12` or `onboarding/P-12` names; None if the text is anything else."""
    found = _ITEM.fullmatch(text.strip())
    if found is None or int(found[3]) == 0:
        return None
    return ItemRef(found[1].lower() if found[1] else None, found[2].upper(), int(found[3]))


# --- severity ------------------------------------------------------------------------------------------------


def _without_severity(text: str) -> tuple[str, Severity | None]:
    """The text without its first severity mark; a second one stays, as nobody can tell which was meant."""
    mark = _SEVERITY.search(text) if "!" in text or "！" in text else None
    if mark is None:
        return text, None
    before, after = text[: mark.start()], text[mark.end() :]
    if not before and after[:1] in (",", ";", ":"):
        after = after[1:]
    if not before or before.endswith("\n"):
        after = after.lstrip(" \t")
    return (before.rstrip(" \t") + after).strip(), cast("Severity", mark[1].lower())


# --- the speaker of a quote ----------------------------------------------------------------------------------


class _Said(NamedTuple):
    """A quote's words, and who said them."""

    words: str
    speaker: str | None = None
    account: str | None = None
    role: str | None = None
    touchpoint: str | None = None


def _read_quote(text: str, known: Mapping[str, str]) -> _Said:
    """The words and the speaker; a sure touchpoint after the speaker is no part of the name."""
    mark = _find_touchpoint(text, known)
    if mark and mark.sure and not text[mark.end :].strip() and (said := _said(text[: mark.start].rstrip())):
        return said._replace(touchpoint=mark.name)
    return _said(text) or _Said(text)


def _last_dash(text: str) -> re.Match[str] | None:
    if "-" not in text and (text.isascii() or _DASHES.isdisjoint(text)):
        return None
    *_, dash = [None, *_DASH.finditer(text)]
    return dash


def _read_heard(text: str, known: Mapping[str, str]) -> _Said:
    """The words and from whom they were heard: `— from Dana, Acme`; a list of names alone is none of these."""
    dash = _last_dash(text)
    if dash is None:
        return _Said(text)
    tail = text[dash.end() :].strip()
    heard = _HEARD.match(tail)
    name = tail[heard.end() :] if heard else ""
    if not name or not name[0].isupper() or not _can_be_a_speaker(name, 0):
        return _Said(text)
    parts = _speaker_parts(name)
    return _Said(text[: dash.start()].rstrip(), parts[0] or None, parts[1] or None, parts[2] or None)


def _said(text: str) -> _Said | None:
    """The words and who said them, if what follows the last dash can be a speaker."""
    dash = _last_dash(text)
    if dash is None:
        return None
    words, tail = text[: dash.start()].rstrip(), text[dash.end() :].strip()
    new_line = "\n" in text[len(words) : dash.start()]
    if (new_line or not words) and len(list(islice(_BULLET.finditer(text), 2))) == 2:
        return None  # a list
    # The more surely the quote has ended, the less the speaker must look like a name.
    quoted = new_line or not _CLOSINGQUOTES.isdisjoint(words[-1:])
    loose = 5 if quoted else 2 if not _SENTENCE_ENDS.isdisjoint(words[-1:]) else 0
    if not _can_be_a_speaker(tail, loose):
        return None
    parts = _speaker_parts(tail)
    return _Said(words, parts[0] or None, parts[1] or None, parts[2] or None)


def _can_be_a_speaker(tail: str, loose: int) -> bool:
    """Whether that is a name, not the rest of a sentence.

    A name of up to `loose` words passes as it is. A longer one has to look like a name in each word, or to be one
    word with an account: `dana, acme`; and what follows its comma is short or begins with a capital.
    """
    if not 0 < len(tail) <= MARK_LENGTH or "\n" in tail or any(map(_ends_a_sentence, tail.split())):
        return False
    name, *others = (part.split() for part in _COMMA.split(tail))
    if len(name) <= loose:
        return any(map(str.isalpha, tail)) and (tail[0].isalpha() or tail[0] in "@,")
    if not tail[0].isalpha() or any(len(part) > 3 and part[0][0].islower() for part in others):
        return False
    return (len(name) == 1 and 1 <= len(others) <= 2) or (
        len(name) <= 4 and all(map(_looks_like_a_name, name))
    )


def _ends_a_sentence(word: str) -> bool:
    abbreviated = len(word) <= 5 and word[0].isupper()  # Dr. Inc. J.
    return not _SENTENCE_MARKS.isdisjoint(word) or (word.endswith(".") and not abbreviated)


def _looks_like_a_name(word: str) -> bool:
    letter = next((char for char in word if char.isalpha()), "")
    if not letter or letter.islower():
        return word in _NAME_PARTICLES
    return letter.isupper() or letter.istitle() or len(word) <= 8  # scripts without capitals


def _speaker_parts(tail: str) -> tuple[str, str, str]:
    """Name, account and role, in this order; a company's form stays with its company: `Acme, Inc.`"""
    parts: list[str] = []
    for part in map(str.strip, _COMMA.split(tail)):
        if len(parts) > 1 and part.rstrip(".").lower() in _COMPANY_FORMS:
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    name, account, *role = [*parts, ""][: max(2, len(parts))]
    return name, account, ", ".join(filter(None, role))


def _unwrapped(text: str) -> str:
    """The words without the quote marks around them, if one pair wraps them all."""
    inside = text[1:-1]
    if not inside.strip() or text[-1] not in QUOTES.get(text[0], ""):
        return text
    plain = _APOSTROPHE.sub("", inside)
    return text if text[0] in plain or text[-1] in plain else inside.strip()


# --- the touchpoint ------------------------------------------------------------------------------------------


class _Mark(NamedTuple):
    """A touchpoint in the text, from its @ on; `sure` if it is known or quoted."""

    start: int
    end: int
    name: str
    known: bool = False
    sure: bool = False


def _touchpoint_names(touchpoints: Sequence[tuple[str, str]], stage: StageName | None) -> dict[str, str]:
    """The known names by their keys; of two spellings, that of the stage itself counts, else the first."""
    here = stage.id if stage else None
    by_weight = list(reversed(touchpoints))
    by_weight.sort(key=lambda pair: pair[0] == here)
    return {key_of(name): name for _, name in by_weight if name}


def _read_touchpoint(text: str, known: Mapping[str, str]) -> tuple[str, str | None]:
    """The words and the touchpoint; it stays in the words too, unless it stands apart at their end."""
    mark = _find_touchpoint(text, known)
    if mark is None:
        return text, None
    start, end = mark.start, mark.end
    bracketed = start > 0 and text[start - 1] + text[end : end + 1] in ("()", "[]")
    before, after = text[: start - bracketed].rstrip(), text[end + bracketed :].strip(" \t\n.")
    # “Nobody finds the @coupon field” would lose its end; “Card declined. @coupon field” does not.
    ended = not _ENDS.isdisjoint(before[-1:]) or "\n" in text[len(before) : start]
    if after or (before and not bracketed and not ended):
        return text, mark.name
    return before.rstrip(" \t,;-–—"), mark.name


def _find_touchpoint(text: str, known: Mapping[str, str]) -> _Mark | None:
    """The first mark of a known touchpoint, else the first mark; ten are looked at."""
    marks = list(_marks(text, known)) if "@" in text or "＠" in text else []
    return next((mark for mark in marks if mark.known), marks[0] if marks else None)


def _marks(text: str, known: Mapping[str, str]) -> Iterator[_Mark]:
    for at in islice(_AT.finditer(text), 10):
        window = text[at.end() : at.end() + MARK_LENGTH + 2].partition("\n")[0]
        mark = _quoted_mark(window, known) or _known_mark(window, known) or _one_word(window)
        if mark:
            yield mark._replace(start=at.start(), end=at.end() + mark.end)


def _quoted_mark(window: str, known: Mapping[str, str]) -> _Mark | None:
    closing = [window.find(char, 1) for char in QUOTES.get(window[0], "")]
    end = min((position for position in closing if position > 0), default=0)
    name = window[1:end].strip()
    return (
        _Mark(0, end + 1, known.get(key_of(name), name), key_of(name) in known, sure=True) if name else None
    )


def _known_mark(window: str, known: Mapping[str, str]) -> _Mark | None:
    """The longest known name at the window's start; case, accents and punctuation may differ."""
    for end in reversed([word.end() for word in _WORD_END.finditer(window)] if known else []):
        if name := known.get(key_of(window[:end])):
            whole = window[: len(name)].casefold() == name.casefold()  # a name may end in a bracket
            return _Mark(0, max(end, len(name)) if whole else end, name, known=True, sure=True)
    return None


def _one_word(window: str) -> _Mark | None:
    word = _WORD.match(window)
    name = word[0].rstrip("'’&./-") if word else ""
    return _Mark(0, len(name), name) if name else None
