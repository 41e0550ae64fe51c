"""When two names are one, and names as slugs: case, accents, spaces, punctuation and small slips are forgiven."""

import unicodedata

SLUG_LENGTH = 60

# What closes what opened a quotation.
QUOTES = {'"': '"”', "“": "”", "”": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "'": "'’", "「": "」"}

_ACCENTS = range(0x300, 0x370)
_POINTS = (_ACCENTS, range(0x591, 0x5C8), range(0x610, 0x61B), range(0x64B, 0x660), range(0x670, 0x671))
_VARIANTS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "'": "", "’": ""}
)


def slugify(name: str, fallback: str = "stage") -> str:
    """A name as a slug: lower case, words joined by dashes, at most 60 characters, never empty.

    Letters of every script stay; Latin and Greek ones lose their accents.
    """
    slug = folded(name.strip()[: 4 * SLUG_LENGTH]).replace(" ", "-")
    if len(slug) > SLUG_LENGTH:
        whole_words = slug[: SLUG_LENGTH + 1].rpartition("-")[0]
        slug = whole_words if len(whole_words) > SLUG_LENGTH // 2 else slug[:SLUG_LENGTH].rstrip("-")
    return slug or fallback


def key_of(words: str) -> str:
    """What two spellings of one name share: letters and digits alone, in lower case, without accents."""
    if words.isascii():  # the common case, ten times faster: each typed line asks for all names of a map
        return "".join(filter(str.isalnum, words.lower())) or words.strip().lower()
    spread = unicodedata.normalize("NFKD", folded(words).replace(" ", ""))
    kept = "".join(char for char in spread if not any(ord(char) in points for points in _POINTS))
    return kept or words.strip().casefold()  # an emoji is a name too


def folded(text: str) -> str:
    """The words in lower case, one space between, without punctuation and without Latin and Greek accents."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept, base = [], ""
    for char in spread.translate(_PLAIN_LETTERS):
        group = unicodedata.category(char)
        if group[0] in "LN":
            base = char
            kept.append(char)
        elif group in ("Mn", "Mc"):
            # Marks of other scripts are letters: without them か and が, or कु and के, would be one.
            accent = ord(char) in _ACCENTS and base < "\u0400"
            if base and not accent and not any(ord(char) in variants for variants in _VARIANTS):
                kept.append(char)
        elif group != "Cf":
            kept.append(" ")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def slips_between(typed: str, name: str, allowed: int) -> int:
    """How many letters were missed, added, changed or swapped; `allowed` + 1 stands for all that is more."""
    if abs(len(typed) - len(name)) > allowed:
        return allowed + 1
    older: list[int] = []
    old = list(range(len(name) + 1))
    for row, letter in enumerate(typed, 1):
        new = [row]
        for column, other in enumerate(name, 1):
            cost = min(old[column] + 1, new[-1] + 1, old[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == name[column - 2] and typed[row - 2] == other:
                cost = min(cost, older[column - 2] + 1)
            new.append(cost)
        older, old = old, new
    return min(old[-1], allowed + 1)
