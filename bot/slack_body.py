"""The body of a request of Slack's, read in half the time that Bolt takes."""

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

_FIELD = re.compile("(?:^|&)(?=[^&])([^&=]*)=?([^&]*)")


def read_body(body: bytes, content_type: str) -> dict[str, Any] | None:
    """A command's fields, or the payload of anything else; None for what is no request of Slack's, in whatever way.

    Commands come as a form, clicks and forms as JSON in a form's field `payload`, events as JSON:
    https://docs.slack.dev/interactivity/handling-user-interaction
    """
    try:
        if content_type.partition(";")[0].strip() == "application/json" or body.startswith(b"{"):
            return _payload(body)
        fields = form_fields(body.decode())
        return _payload(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        return None


def form_fields(form: str) -> dict[str, str]:
    """The fields of an `application/x-www-form-urlencoded` form, as the standard library's parse_qsl reads them."""
    # Of an address and of a typed line these are nearly all that is quoted; what they stand for ends nothing.
    text = form.replace("+", " ").replace("%3A", ":").replace("%2F", "/")
    fields = _FIELD.findall(text)
    if "%" in text:
        fields = [(_unquoted(name), _unquoted(value)) for name, value in fields]
    return dict(fields)


def _unquoted(text: str) -> str:
    return unquote_to_bytes(text).decode(errors="replace") if "%" in text else text


def _payload(text: bytes | str) -> dict[str, Any] | None:
    try:
        read = msgspec.json.decode(text)
    except msgspec.DecodeError:
        read = json.loads(text)  # takes half a character, where a message was cut within an emoji
    return read if isinstance(read, dict) else None
