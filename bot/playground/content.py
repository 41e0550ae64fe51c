"""The judgement of what a bot wants to show in a message: its text and its blocks together."""

from typing import Any

from bot.playground.arguments import ApiError
from bot.playground.blocks import MOST_TEXT, problems, text_length
from bot.playground.schema import Json

MOST_MESSAGE_TEXT = 40_000


def checked(text: Any, blocks: Any) -> tuple[str, list[Json]]:
    """The text, cut where Slack cuts it, and the blocks; ApiError when Slack would refuse them."""
    if blocks is not None and not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if text is not None and not isinstance(text, str):
        raise ApiError("invalid_arguments", ["[ERROR] must provide a string [json-pointer:/text]"])
    wrong = problems(blocks or [], "message")
    if wrong:
        raise ApiError("invalid_blocks", wrong, errors=[line.removeprefix("[ERROR] ") for line in wrong])
    if text_length(blocks or []) > MOST_TEXT:
        raise ApiError("msg_blocks_too_long")
    if not blocks and not (text or "").strip():
        raise ApiError("no_text")
    return (text or "")[:MOST_MESSAGE_TEXT], list(blocks or [])


def checked_metadata(metadata: Any) -> Json | None:
    """A message's metadata; ApiError when it is not an event_type with an event_payload."""
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_schema")
    return {"event_type": kind, "event_payload": payload}
