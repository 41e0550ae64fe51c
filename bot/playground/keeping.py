"""Blocks as Slack keeps them: every block and element gets an id, every text its flags."""

import secrets
from typing import Any

from bot.playground.blocks import elements_of
from bot.playground.schema import Json


def kept(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks with the ids and flags that Slack adds."""
    copies: list[Json] = [_flagged(block) for block in blocks]
    for block in copies:
        block.setdefault("block_id", made_up_id())
        for element in elements_of(block):
            if element.get("type") != "image":
                element.setdefault("action_id", made_up_id())
    return copies


def made_up_id() -> str:
    """A short id such as Slack makes up for a block without one."""
    return secrets.token_urlsafe(4)[:5]


def kept_text(text: Json | None) -> Json | None:
    """A text object with its flags."""
    return None if text is None else _flagged(text)


def _flagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_flagged(part) for part in value]
    if not isinstance(value, dict):
        return value
    copy = {name: _flagged(part) for name, part in value.items()}
    if copy.get("type") == "plain_text":
        copy.setdefault("emoji", True)
    if copy.get("type") == "mrkdwn":
        copy.setdefault("verbatim", False)
    return copy
