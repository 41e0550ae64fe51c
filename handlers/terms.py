"""What a text says, as words that can be looked up, and the spellings by which a word is found."""

import re
from functools import lru_cache
from typing import Any

from handlers.likeness import folded, slips_between

LONGEST, MOST = 24, 200  # letters of a word, words of a text

# Scripts that put no spaces between words: every two neighbours stand for one.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")


def terms(text: str, most: int = MOST) -> list[str]:
    """The words of a text, each once, in their order: lower case, without accents, at most `most`."""
    if text.isascii():  # the common case, many times faster
        words = _ASCII_WORD.findall(text.lower().replace("'", ""))
    else:
        words = [part for word in folded(text).split() for part in _parts(word)]
    return list(dict.fromkeys([word[:LONGEST] for word in words]))[:most]


def said_by(item: Any) -> list[str]:
    """The words of an item: its text, where it happens, and who said it."""
    names = (item.touchpoint, item.speaker, item.speaker_account, item.speaker_role)
    return terms(" ".join([item.text, *(name for name in names if name)]))


def grams(word: str) -> list[str]:
    """The threes of letters in a word with its ends marked, and its letters sorted: a swap changes nothing there."""
    marked = f"^{word}$"
    threes = [marked[place : place + 3] for place in range(len(marked) - 2)]
    return list(dict.fromkeys([*threes, f"={''.join(sorted(word))}"]))


def slips_allowed(word: str) -> int:
    """How many slips of the finger a word of that length may hold."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2


@lru_cache(maxsize=4096)
def likeness(typed: str, word: str) -> float:
    """How well a word answers a typed one: 1 the same, less where it goes on or is spelled otherwise, 0 another."""
    if typed == word:
        return 1.0
    if len(typed) > 1 and word.startswith(typed):
        return 0.85
    allowed = slips_allowed(typed)
    if len(set(typed) ^ set(word)) > 2 * allowed:  # a slip changes two letters at the most
        return 0.0
    slips = slips_between(typed, word, allowed)
    return 0.0 if slips > allowed else 0.7 - 0.1 * slips


def _parts(word: str) -> list[str]:
    parts, end = [], 0
    for run in _UNSPACED.finditer(word):
        parts += [word[end : run.start()]] if run.start() > end else []
        letters = run[0]
        parts += [letters[place : place + 2] for place in range(len(letters) - 1)] or [letters]
        end = run.end()
    return [*parts, word[end:]] if end < len(word) else parts
