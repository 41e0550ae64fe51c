"""Our own words: one catalogue, with plurals, so that a language can be added beside English.

`**` turns heavy type on and off; `{name}` takes a value: a number or one of our words as it is, `UserText` as
people's words, a `Text` as it stands. A plural entry is chosen by the value `n`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from handlers.english import ENGLISH
from handlers.english.phrase import Phrases
from handlers.text import Run, Text, UserText

Value = str | int | UserText | Text

CATALOGUES: Mapping[str, Phrases] = {"en": ENGLISH}


class _Piece(NamedTuple):
    words: str
    slot: str
    bold: bool


def say(key: str, /, language: str = "en", **values: Value) -> Text:
    """The phrase of that key with its values; raises KeyError for a key or value that does not exist."""
    phrase = CATALOGUES[language][key]
    if not isinstance(phrase, str):
        phrase = phrase["one" if values["n"] == 1 else "other"]
    runs: list[Run] = []
    for piece in _pieces(phrase):
        if not piece.slot:
            runs.append(Run(piece.words, bold=piece.bold))
            continue
        value = values[piece.slot]
        if isinstance(value, tuple):
            runs.extend(Run(run.text, run.bold or piece.bold, run.theirs) for run in value)
        elif isinstance(value, int):
            runs.append(Run(f"{value:,}", bold=piece.bold))
        else:
            runs.append(Run(str(value), bold=piece.bold, theirs=isinstance(value, UserText)))
    return tuple(runs)


def word(key: str, /, language: str = "en", **values: Value) -> str:
    """The phrase as characters alone, for labels and field errors."""
    return "".join(run.text for run in say(key, language, **values))


@lru_cache(maxsize=1024)
def _pieces(phrase: str) -> tuple[_Piece, ...]:
    pieces = []
    for place, part in enumerate(phrase.split("**")):
        for words in re.split(r"(\{\w+\})", part):
            slot = words[1:-1] if words.startswith("{") and words.endswith("}") else ""
            if words:
                pieces.append(_Piece("" if slot else words, slot, place % 2 == 1))
    return tuple(pieces)
