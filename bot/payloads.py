"""Reading what a platform sent: nothing in it is trusted to be there, or to be what it should."""

import re
from collections.abc import Mapping
from typing import Any

Payload = Mapping[str, Any]

_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def text_in(body: Payload, name: str) -> str:
    """The words of that name; empty where there are none."""
    value = body.get(name)
    return cleaned(value) if isinstance(value, str) else ""


def dict_in(body: Payload, name: str) -> Payload:
    """What is inside that name; empty where nothing is."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def cleaned(text: str) -> str:
    """The text without what no database keeps and nobody typed: control characters and halves of characters."""
    if text.isprintable():
        return text
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
