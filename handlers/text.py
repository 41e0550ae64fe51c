"""Rich text as plain data: runs of our words and of people's words, never mixed up."""

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
