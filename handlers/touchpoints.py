"""Touchpoints as people write them: one on each line, its channel in brackets."""

import re
from collections.abc import Iterable

from handlers.likeness import key_of

CHANNELS = ("web", "app", "phone", "e-mail", "store", "social", "chat", "post", "event")
LONGEST = 80  # characters of a name: what a typed @touchpoint can hold
MOST = 40  # on one stage

_ALSO = {
    "website": "web",
    "online": "web",
    "mobile": "app",
    "telephone": "phone",
    "call": "phone",
    "hotline": "phone",
    "email": "e-mail",
    "mail": "e-mail",
    "shop": "store",
    "branch": "store",
    "onsite": "store",
    "socialmedia": "social",
    "letter": "post",
}
_BY_KEY = {key_of(channel): channel for channel in CHANNELS} | _ALSO
_IN_BRACKETS = re.compile(r"(.*?)\s{0,9}[(（]([^()（）]{1,20})[)）]")

Touch = tuple[str, str]


def written(touchpoints: Iterable[Touch]) -> str:
    """Names and channels as the form shows them."""
    return "\n".join(f"{name} ({channel})" if channel else name for name, channel in touchpoints)


def read(text: str) -> list[Touch]:
    """The names and channels that were written, each name once; brackets that hold no channel belong to the name."""
    found: dict[str, Touch] = {}
    for line in text.splitlines():
        name, channel = _split(" ".join(line.split()).lstrip("-•* "))
        if name:
            found.setdefault(key_of(name), (name, channel))
    return list(found.values())


def _split(line: str) -> Touch:
    brackets = _IN_BRACKETS.fullmatch(line)
    channel = _BY_KEY.get(key_of(brackets[2])) if brackets else None
    return (brackets[1].strip(), channel) if brackets and channel and brackets[1].strip() else (line, "")
