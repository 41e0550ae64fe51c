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
from handlers.text import Run, Text, UserText, isolated

Value = str | int | UserText | Text

CATALOGUES: Mapping[str, Phrases] = {"en": ENGLISH}


class _Piece(NamedTuple):
    run: Run  # the words, or how a value stands there
    slot: str


def say(key: str, /, language: str = "en", **values: Value) -> Text:
    """The phrase of that key with its values; raises KeyError for a key or value that does not exist."""
    phrase = CATALOGUES[language][key]
    if not isinstance(phrase, str):
        phrase = phrase["one" if values["n"] == 1 else "other"]
    runs: list[Run] = []
    for piece in _pieces(phrase):
        if not piece.slot:
            runs.append(piece.run)
            continue
        value, bold = values[piece.slot], piece.run.bold
        if isinstance(value, tuple):
            runs.extend(Run(run.text, run.bold or bold, run.theirs) for run in value)
        elif isinstance(value, int):
            runs.append(Run(f"{value:,}", bold=bold))
        elif isinstance(value, UserText):
            runs.append(Run(isolated(str(value)), bold=bold, theirs=True))
        else:
            runs.append(Run(value, bold=bold))
    return tuple(runs)


def word(key: str, /, language: str = "en", **values: Value) -> str:
    """The phrase as characters alone, for labels and field errors."""
    return _bare(say(key, language, **values)) if values else _label(key, language)


@lru_cache(maxsize=1024)
def _label(key: str, language: str) -> str:
    return _bare(say(key, language))


def _bare(text: Text) -> str:
    return "".join([run.text for run in text])


@lru_cache(maxsize=1024)
def _pieces(phrase: str) -> tuple[_Piece, ...]:
    pieces = []
    for place, part in enumerate(phrase.split("**")):
        for words in re.split(r"(\{\w+\})", part):
            slot = words[1:-1] if words.startswith("{") and words.endswith("}") else ""
            if words:
                pieces.append(_Piece(Run("" if slot else words, bold=place % 2 == 1), slot))
    return tuple(pieces)
