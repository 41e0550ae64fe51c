"""Words in Adaptive Cards: the one place where what people wrote is made inert.

A `TextRun` takes no Markdown and no HTML, so people's words stand in runs wherever a card can hold them:
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
What can only be a string (the label of a button, a choice, a title) goes through `inert`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from handlers.text import Run, cut

Element = dict[str, Any]

LABEL = 75
NOTHING = "–"  # a label is never empty
JOINER = "\u2060"  # shows nothing, and parts what would mean something together
HEAVY = {"weight": "Bolder"}

# What begins something in Markdown or HTML, and a look-alike that does not.
_ALIKE = str.maketrans({"*": "∗", "`": "ˋ", "~": "∼", "[": "［", "]": "］", "<": "‹", ">": "›", "|": "ǀ"})
_UNDERLINE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_BLOCK = re.compile(r"\A(?=\s{4}|\t|\s*(?:[-+#=]|\d+[.)]))")
_PARTED = re.compile(
    r"\{(?=\{(?:DATE|TIME)\()"  # a date to be reckoned
    r"|&(?=[#\w])"  # an entity
    r"|\\(?=[^\w\s])"  # an escape
    r"|\b(?:https?|ftp|file|mailto|tel|sip|msteams|javascript)(?=:)|\bwww(?=\.)|@(?=\w)",  # an address
    re.IGNORECASE,
)
_COMMAND = re.compile(r"(?<!\S)/(?:journey\b(?=\W|$)|(?P<verb>pain|idea|quote|gain)\b|\Z)")
_INVITE, _ADD = "/invite @Mapkeeper", "Manage team › Apps"
_DATE = re.compile(r"\{(?=\{(?:DATE|TIME)\()")


def rich(text: Iterable[Run], look: Mapping[str, Any] | None = None, **place: Any) -> Element:
    """A paragraph; `look` is how its runs look, `place` how it stands among the others."""
    runs = [run for run in text if run.text] or [Run(" ")]
    return {"type": "RichTextBlock", "inlines": [_run(run, look or {}) for run in runs], **place}


def label(words: str, longest: int = LABEL) -> str:
    """A label: one line, never empty, inert."""
    return inert(cut(" ".join(words.split()), longest)) or NOTHING


def inert(words: str) -> str:
    """A string in which no client finds Markdown, HTML, a mention, a link or a date."""
    parted = _PARTED.sub(lambda found: found[0] + JOINER, words).translate(_ALIKE)
    return "\n".join(_BLOCK.sub(JOINER, line) for line in _UNDERLINE.sub("＿", parted).split("\n"))


def spoken(ours: str) -> str:
    """A sentence of ours, with its commands as one gives them in Teams, where none begins with a slash."""
    return _COMMAND.sub(_as_mention, ours).replace(_INVITE, _ADD)


def _run(run: Run, look: Mapping[str, Any]) -> Element:
    words = _DATE.sub("{" + JOINER, run.text if run.theirs else spoken(run.text))
    return {"type": "TextRun", "text": words, **look, **(HEAVY if run.bold else {})}


def _as_mention(command: re.Match[str]) -> str:
    return "@Mapkeeper " if command[0] == "/" else f"@Mapkeeper {command['verb'] or ''}".rstrip()
