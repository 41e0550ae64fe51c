"""Two people with one form: what the second sends is merged, field by field, with what the first has saved.

A form carries a mark of every field as it was shown. A field that the person left alone keeps what others made of it;
one that both changed is asked about, with both versions in sight.
"""

from collections.abc import Mapping
from hashlib import blake2s
from typing import NamedTuple

from handlers.text import Text, UserText, joined, short
from handlers.words import say


class Merged(NamedTuple):
    """A form's fields as they are to be; `clashes` names those that somebody else changed in another way."""

    values: dict[str, str]
    clashes: list[str]


def marks(shown: Mapping[str, str]) -> str:
    """The fields as they are shown, for the form to carry."""
    return " ".join(f"{name}:{_mark(value)}" for name, value in shown.items())


def merged(now: Mapping[str, str], sent: Mapping[str, str], carried: str) -> Merged:
    """What was sent, over what stands there now; `carried` are the marks of what the form had shown."""
    before = dict(pair.partition(":")[::2] for pair in carried.split())
    values, clashes = dict(now), []
    for name, mine in sent.items():
        if name not in now or mine == now[name] or _mark(mine) == before.get(name):
            continue
        values[name] = mine
        if _mark(now[name]) != before.get(name):
            clashes.append(name)
    return Merged(values, clashes)


def clash_note(others: Mapping[str, str]) -> Text:
    """What stands there now, by the labels of the fields that two people changed."""
    changed = [say("clash field", field=label, now=UserText(short(now))) for label, now in others.items()]
    return say("clash", fields=joined(changed, ", "))


def _mark(value: str) -> str:
    return blake2s(value.encode(), digest_size=5).hexdigest()
