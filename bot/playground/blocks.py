"""The judge of Block Kit: what Slack would refuse in a list of blocks, or in a whole view."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from bot.playground.compositions import BLOCK_ID, SLACK_FILE, any_text, one_picture, plain_text
from bot.playground.elements import IMAGE, IN_ACTIONS, IN_HOME_INPUT, IN_MODAL_INPUT, IN_SECTION
from bot.playground.rich_text import RICH_TEXT
from bot.playground.schema import (
    Json,
    Rule,
    boolean,
    by_type,
    complaint,
    every,
    items,
    listed,
    one_of,
    shaped,
    string,
    web_address,
)

Surface = Literal["message", "modal", "home"]
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
# Slack documents no limit for a whole message: msg_blocks_too_long was seen near 13,200 characters.
MOST_TEXT = 13_000


def block(kind: str, needed: dict[str, Rule], optional: dict[str, Rule] | None = None, *more: Rule) -> Rule:
    """A block: its type, its own fields, and a block_id that Slack makes up where it is missing."""
    own = shaped({"type": one_of(kind), **needed}, {"block_id": BLOCK_ID, **(optional or {})})
    return every(own, *more)


def says_something(value: Any, place: str) -> Iterator[str]:
    """A section has a text or fields."""
    if "text" not in value and "fields" not in value:
        yield complaint("missing required field: text", place)


def actions_differ(value: Any, place: str) -> Iterator[str]:
    """No two elements of a block share an action_id."""
    seen: set[str] = set()
    for index, found in enumerate(items(value, "elements")):
        name = found.get("action_id") if isinstance(found, dict) else None
        if isinstance(name, str) and name in seen:
            spot = f"{place}/elements/{index}/action_id"
            yield complaint(f'`action_id` "{name}" already exists for another element', spot)
        elif isinstance(name, str):
            seen.add(name)


CELL = by_type(
    {
        "raw_text": shaped({"type": one_of("raw_text"), "text": string(1)}),
        "rich_text": RICH_TEXT,
    }
)
COLUMN = shaped({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
CONTEXT_PART = by_type({"image": IMAGE, "plain_text": plain_text(), "mrkdwn": any_text()})

EVERYWHERE: dict[str, Rule] = {
    "section": block(
        "section",
        {},
        {
            "text": any_text(3000),
            "fields": listed(any_text(2000), 1, 10),
            "accessory": by_type(IN_SECTION),
            "expand": boolean,
        },
        says_something,
    ),
    "header": block("header", {"text": plain_text(150)}),
    "context": block("context", {"elements": listed(CONTEXT_PART, 1, 10)}),
    "actions": block("actions", {"elements": listed(by_type(IN_ACTIONS), 1, 25)}, {}, actions_differ),
    "divider": block("divider", {}),
    "image": block(
        "image",
        {"alt_text": string(1, 2000)},
        {"image_url": web_address(), "slack_file": SLACK_FILE, "title": plain_text(2000)},
        one_picture,
    ),
    "rich_text": RICH_TEXT,
}
IN_MESSAGES: dict[str, Rule] = {
    "markdown": block("markdown", {"text": string(1, 12_000)}),
    "table": block(
        "table",
        {"rows": listed(listed(CELL, 1, 20), 1, 100)},
        {"column_settings": listed(COLUMN, 0, 20)},
    ),
}


def _input(elements: dict[str, Rule]) -> dict[str, Rule]:
    own: dict[str, Rule] = {"label": plain_text(2000), "element": by_type(elements)}
    more: dict[str, Rule] = {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean}
    return {"input": block("input", own, more)}


KINDS: dict[Surface, dict[str, Rule]] = {
    "message": {**EVERYWHERE, **IN_MESSAGES},
    "modal": {**EVERYWHERE, **_input(IN_MODAL_INPUT)},
    "home": {**EVERYWHERE, **_input(IN_HOME_INPUT)},
}
DATA: dict[str, Rule] = {
    "private_metadata": string(0, 3000),
    "callback_id": string(0, 255),
    "external_id": string(0, 255),
}
MODAL = shaped(
    {"type": one_of("modal"), "title": plain_text(24), "blocks": listed(by_type(KINDS["modal"]), 0, 100)},
    {
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
        **DATA,
    },
)
HOME = shaped({"type": one_of("home"), "blocks": listed(by_type(KINDS["home"]), 0, 100)}, DATA)


def problems(blocks: Any, surface: Surface, place: str = "/blocks") -> list[str]:
    """Everything Slack would refuse in these blocks, each with the place where it stands."""
    rule = listed(by_type(KINDS[surface]), 0, MOST_BLOCKS[surface])
    found = list(rule(blocks, place))
    if isinstance(blocks, list):
        found += _between(blocks, place)
    return found


def view_problems(view: Any) -> list[str]:
    """Everything Slack would refuse in this modal or Home view."""
    found = list(by_type({"modal": MODAL, "home": HOME})(view, "/view"))
    if not isinstance(view, dict) or not isinstance(view.get("blocks"), list):
        return found
    asks = any(isinstance(one, dict) and one.get("type") == "input" for one in view["blocks"])
    if view.get("type") == "modal" and asks and "submit" not in view:
        found.append(complaint("missing required field: submit", "/view"))
    return found + _between(view["blocks"], "/view/blocks")


def text_length(blocks: Iterable[Any]) -> int:
    """How many characters of text the blocks show together."""
    return sum(_words(one) for one in blocks)


def _words(value: Any) -> int:
    if isinstance(value, list):
        return sum(_words(one) for one in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(_words(part) for part in value.values())


def _between(blocks: list[Any], place: str) -> list[str]:
    """What is wrong between blocks: a block_id used twice, more than one element that wants the focus."""
    found: list[str] = []
    seen: set[str] = set()
    eager = 0
    for index, one in enumerate(blocks):
        if not isinstance(one, dict):
            continue
        name = one.get("block_id")
        if isinstance(name, str) and name in seen:
            found.append(complaint(f'`block_id` "{name}" already exists', f"{place}/{index}/block_id"))
        elif isinstance(name, str):
            seen.add(name)
        eager += sum(1 for element in elements_of(one) if element.get("focus_on_load") is True)
    if eager > 1:
        found.append(complaint("only one element may have focus_on_load", place))
    return found


def elements_of(one: Json) -> list[Json]:
    """The interactive elements of a block, wherever they stand in it."""
    found = [one.get("accessory"), one.get("element")]
    if one.get("type") == "actions":
        found += items(one, "elements")
    return [element for element in found if isinstance(element, dict)]
