"""Rich text as plain data: runs of our words and of people's words, never mixed up."""

import re
from collections.abc import Iterable

import msgspec


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of text in one style; `theirs` marks people's words, which every renderer must make inert."""

    text: str
    bold: bool = False
    theirs: bool = False


Text = tuple[Run, ...]


class UserText(str):
    """People's words, on their way into a sentence of ours or onto a card."""

    __slots__ = ()


def theirs(words: str) -> Text:
    """People's words as a text of their own."""
    return (Run(words, theirs=True),)


def ours(words: str) -> Text:
    """Our own words as they are, with no marks in them."""
    return (Run(words),)


def plain(text: Text) -> str:
    """The characters alone."""
    return "".join([run.text for run in text])


def blank(words: str) -> bool:
    """Is there nothing to see in it: only spaces and characters of no width?"""
    return not any(map(_visible, words))


def _visible(char: str) -> bool:
    return char.isprintable() and not char.isspace()


def isolated(words: str) -> str:
    """Words as they stand in a sentence of ours: those written from right to left turn nothing around them.

    Marks of direction in them are left out, as one that is never closed would turn all that follows.
    https://unicode.org/reports/tr9/#Explicit_Directional_Isolates
    """
    if words.isascii() or not _TURNING.search(words):
        return words
    bare = _MARKS.sub("", words)
    return f"\u2068{bare}\u2069" if _TURNING.search(bare) else bare


_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_TURNING = re.compile(
    _MARKS.pattern[:-1] + "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def short(words: str, most: int = 140) -> str:
    """Words on one line, cut where they are long."""
    line = " ".join(words.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def cut(text: str, most: int) -> str:
    """At most that many characters, with an ellipsis where some are missing."""
    return text if len(text) <= most else text[: most - 1] + "…"


def joined(parts: Iterable[Text], between: str = " · ") -> Text:
    """The parts in one line."""
    runs: list[Run] = []
    for part in parts:
        if runs and part:
            runs.append(Run(between))
        runs.extend(part)
    return tuple(runs)
