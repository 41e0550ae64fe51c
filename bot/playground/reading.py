"""What a person reads on the screen, and what in it is live: mentions, channels, links."""

import re
from collections.abc import Iterator
from typing import Any

from bot.playground.inputs import SHAPES, untouched, value_in
from bot.playground.schema import Json
from bot.playground.things import Message, View

ENTITY = re.compile(r"<([^<>\n]+)>")


def escaped(text: str) -> str:
    """Text as Slack hands on what a person typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(what: Message | View | Json | list[Json] | None) -> str:
    """Everything a person reads, a line or more for each block; buttons as [Vote]."""
    if what is None:
        return ""
    if isinstance(what, Message):
        return plain(what.blocks) if what.blocks else marked_down(what.text)
    if isinstance(what, View):
        return _view(what.content, what)
    if isinstance(what, dict):
        return _view(what, None) if what.get("type") in ("modal", "home") else _block(what, {})
    return "\n".join(line for line in (_block(block, {}) for block in what) if line)


def marked_down(text: str) -> str:
    """mrkdwn as it is read: entities resolved to their words, escapes undone."""
    return _unescaped(ENTITY.sub(lambda found: _entity(found.group(1)), text))


def entities(what: Message | View | Json | list[Json]) -> list[str]:
    """Everything live in it, `@U…`, `!channel`, `#C…`, `https://…`, the fallback text included."""
    found: list[str] = []
    if isinstance(what, Message):
        found += ENTITY.findall(what.text)
        return found + entities(what.blocks)
    content = what.content if isinstance(what, View) else what
    return found + list(_entities_in(content))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _entity(inside: str) -> str:
    target, _, label = inside.partition("|")
    if label:
        return label
    if target.startswith("!"):
        return "@" + target[1:].split("^")[0]
    return target


def _entities_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _entities_in(part)
    elif isinstance(value, dict):
        live = RICH_LIVE.get(str(value.get("type")))
        if value.get("type") == "mrkdwn":
            yield from ENTITY.findall(str(value.get("text")))
        elif live and live[1] in value:
            yield live[0] + str(value[live[1]])
        for part in value.values():
            yield from _entities_in(part)


RICH_LIVE = {
    "user": ("@", "user_id"),
    "usergroup": ("!subteam^", "usergroup_id"),
    "broadcast": ("!", "range"),
    "channel": ("#", "channel_id"),
    "link": ("", "url"),
}


def _text(value: Json | None) -> str:
    if value is None:
        return ""
    return marked_down(value["text"]) if value["type"] == "mrkdwn" else str(value["text"])


def _view(content: Json, view: View | None) -> str:
    lines = [_text(content.get("title"))]
    touched = view.touched if view else {}
    for block in content["blocks"]:
        lines.append(_block(block, touched.get(block.get("block_id", ""), {})))
        if view and block.get("block_id") in view.errors:
            lines.append(f"! {view.errors[block['block_id']]}")
    feet = [f"[{_text(content[name])}]" for name in ("close", "submit") if content.get(name)]
    return "\n".join(line for line in [*lines, " ".join(feet)] if line)


def _block(block: Json, touched: dict[str, Json]) -> str:
    match block["type"]:
        case "section":
            lines = [_text(block.get("text")), *(_text(field) for field in block.get("fields", []))]
            if "accessory" in block:
                lines.append(_element(block["accessory"], touched))
            return "\n".join(line for line in lines if line)
        case "header":
            return _text(block["text"])
        case "context" | "actions":
            return " ".join(_element(element, touched) for element in block["elements"])
        case "image":
            title = _text(block.get("title"))
            return f"{title} ({block['alt_text']})".strip()
        case "divider":
            return "———"
        case "input":
            hint = f" ({_text(block['hint'])})" if "hint" in block else ""
            return f"{_text(block['label'])}: {_element(block['element'], touched)}{hint}"
        case "rich_text":
            return "\n".join(_rich(part) for part in block["elements"])
        case "table":
            return "\n".join(" | ".join(_cell(cell) for cell in row) for row in block["rows"])
        case _:
            return str(block.get("text", ""))


def _cell(cell: Json) -> str:
    return str(cell["text"]) if cell["type"] == "raw_text" else _block(cell, {})


def _element(element: Json, touched: dict[str, Json]) -> str:
    kind = element["type"]
    if kind in ("plain_text", "mrkdwn"):
        return _text(element)
    if kind == "image":
        return f"({element['alt_text']})"
    if kind == "button":
        return f"[{_text(element['text'])}]"
    if kind == "overflow":
        return f"[⋯ {' · '.join(_text(option['text']) for option in element['options'])}]"
    return _input(element, touched.get(element.get("action_id", "")) or untouched(element))


def _input(element: Json, state: Json) -> str:
    value = value_in(state)
    shown = _chosen(value) or _text(element.get("placeholder"))
    if element["type"] in ("checkboxes", "radio_buttons"):
        on = [one["value"] for one in (value if isinstance(value, list) else [value] if value else [])]
        marks = (
            ("(x) " if one["value"] in on else "( ) ") + _text(one["text"]) for one in element["options"]
        )
        return " ".join(marks)
    return f"[{shown} ▾]" if SHAPES[element["type"]].options else f"[{shown}]"


def _chosen(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_chosen(one) for one in value)
    if isinstance(value, dict):
        return _text(value["text"])
    return "" if value is None else str(value)


def _rich(part: Json) -> str:
    if part["type"] == "rich_text_list":
        marks = ("• " if part["style"] == "bullet" else f"{n}. " for n in range(1, len(part["elements"]) + 1))
        return "\n".join(mark + _rich(line) for mark, line in zip(marks, part["elements"], strict=True))
    line = "".join(_inline(one) for one in part["elements"])
    return f"> {line}" if part["type"] == "rich_text_quote" else line


def _inline(one: Json) -> str:
    match one["type"]:
        case "text":
            return str(one["text"])
        case "link":
            return str(one.get("text") or one["url"])
        case "emoji":
            return f":{one['name']}:"
        case "user":
            return f"@{one['user_id']}"
        case "usergroup":
            return f"@{one['usergroup_id']}"
        case "channel":
            return f"#{one['channel_id']}"
        case "broadcast":
            return f"@{one['range']}"
        case "date":
            return str(one.get("fallback") or one["timestamp"])
        case _:
            return str(one.get("value", ""))
