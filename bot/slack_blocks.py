"""Answers as Block Kit: pure, and inside Slack's limits whatever people write.

People's words go into `rich_text` and `plain_text` only, where nothing of theirs comes alive.
Limits: https://docs.slack.dev/reference/block-kit/
"""

from collections.abc import Iterable
from typing import Any, assert_never

import msgspec

from handlers.answers import (
    Button,
    Buttons,
    Card,
    Field,
    Form,
    Line,
    Menu,
    More,
    Note,
    Option,
    Part,
    Quiet,
    Rows,
    Rule,
    Title,
    Words,
)
from handlers.text import Run, Text, plain
from handlers.words import word

Block = dict[str, Any]

BLOCKS, MODAL_BLOCKS, CHARACTERS = 48, 98, 9_500  # Slack: 50, 100, and about 13,000 of text in one message
HEADER, CONTEXT, LABEL, OPTION_VALUE, VALUE = 150, 2000, 75, 150, 2000
TITLE, FALLBACK = 24, 3000
BETWEEN = "|"  # action ids are unique in a block: what follows this is only a number


def message(card: Card) -> dict[str, Any]:
    """A message: its blocks, and the escaped sentence for notifications."""
    return {"blocks": blocks(card, BLOCKS), "text": escaped(cut(card.summary, FALLBACK))}


def private(card: Card) -> dict[str, Any]:
    """A message that one person sees, as the answer to a command or click."""
    return {"response_type": "ephemeral", **message(card)}


def blocks(card: Card, most: int) -> list[Block]:
    """The card's blocks: at most `most`, and at most 9,500 characters of text; what does not fit is left out."""
    fitting: list[Block] = []
    left = CHARACTERS
    for part in card.parts:
        size = _size(part)
        if size > left and not isinstance(part, Buttons):
            part = _shortened(part, left)
            size = _size(part)
        if size > left or len(fitting) >= most:
            continue
        fitting.append(_block(part))
        left -= size
    return fitting


def view(form: Form, where: dict[str, str]) -> dict[str, Any]:
    """A modal with the form; `where` comes back with it, unseen."""
    return {
        "type": "modal",
        "callback_id": form.action,
        "title": _plain(cut(form.title, TITLE)),
        "submit": _plain(cut(form.submit, TITLE)),
        "close": _plain(word("cancel")),
        "private_metadata": metadata(form.token, {**form.about, "version": str(form.version)}, where),
        "blocks": [_note(field) if isinstance(field, Note) else _input(field) for field in form.fields],
    }


def done_view(card: Card, where: dict[str, str]) -> dict[str, Any]:
    """A modal that only tells."""
    return {
        "type": "modal",
        "title": _plain("Mapkeeper"),
        "close": _plain(word("close")),
        "private_metadata": metadata("", {}, where),
        "blocks": blocks(card, MODAL_BLOCKS),
    }


def metadata(token: str, about: dict[str, str], where: dict[str, str]) -> str:
    """What a modal carries unseen, as JSON."""
    return msgspec.json.encode({"token": token, "about": about, "where": where}).decode()


def escaped(text: str) -> str:
    """Text in which nothing comes alive: Slack's three characters, the ampersand first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int) -> str:
    """At most that many characters, with an ellipsis where some are missing."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _block(part: Part) -> Block:
    match part:
        case Title(text):
            return _rich([_section(Run(run.text, True, run.theirs) for run in text)])
        case Words(text, quoted):
            return _words(text, quoted)
        case Line(text):
            return _rich([_section(text)])
        case Quiet(text):
            return {"type": "context", "elements": [_quiet(text)]}
        case Rows(rows):
            return _rich([_section(row) for row in rows])
        case Rule():
            return {"type": "divider"}
        case Buttons(items):
            return {"type": "actions", "elements": [_element(item, n) for n, item in enumerate(items)]}
    assert_never(part)


def _words(text: Text, quoted: bool) -> Block:
    words = plain(text)
    if quoted:
        return _rich([{"type": "rich_text_quote", "elements": _runs(text)}])
    if len(words) <= HEADER and "\n" not in words and words.strip():
        return {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}
    return _rich([_section(text)])


def _quiet(text: Text) -> dict[str, Any]:
    return {"type": "plain_text", "text": cut(plain(text), CONTEXT) or " ", "emoji": False}


def _rich(elements: list[dict[str, Any]]) -> Block:
    return {"type": "rich_text", "elements": elements}


def _section(text: Iterable[Run]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": _runs(text)}


def _runs(text: Iterable[Run]) -> list[dict[str, Any]]:
    runs = [run for run in text if run.text] or [Run(" ")]
    return [
        {"type": "text", "text": run.text, "style": {"bold": True}}
        if run.bold
        else {"type": "text", "text": run.text}
        for run in runs
    ]


def _element(item: Button | Menu | More, number: int) -> dict[str, Any]:
    match item:
        case Button(label, action, value, style, confirm):
            button: dict[str, Any] = {
                "type": "button",
                "text": _plain(cut(label, LABEL)),
                "action_id": f"{action}{BETWEEN}{number}",
            }
            if value:
                button["value"] = cut(value, VALUE)
            if style != "plain":
                button["style"] = style
            if confirm:
                button["confirm"] = {
                    "title": _plain(cut(label, 100)),
                    "text": _plain(cut(confirm, 300)),
                    "confirm": _plain(cut(label, 30)),
                    "deny": _plain(word("cancel")),
                }
            return button
        case Menu(label, action, options):
            return {
                "type": "static_select",
                "placeholder": _plain(cut(label, 150)),
                "action_id": f"{action}{BETWEEN}{number}",
                "options": [_option(option) for option in options[:100]],
            }
        case More(options):
            return {
                "type": "overflow",
                "action_id": f"more{BETWEEN}{number}",
                "options": [_option(option) for option in options[:5]],
            }
    assert_never(item)


def _option(option: Option) -> dict[str, Any]:
    label = " ".join(option.label.split()) or "–"
    return {"text": _plain(cut(label, LABEL)), "value": option.value[:OPTION_VALUE]}


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _note(note: Note) -> Block:
    return _rich([_section(note.text)])


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(cut(field.label, 2000)),
        "element": {"action_id": "value", **_input_element(field)},
        "optional": field.optional,
    }
    if field.hint:
        block["hint"] = _plain(cut(field.hint, 2000))
    return block


def _input_element(field: Field) -> dict[str, Any]:
    value = field.value if isinstance(field.value, str) else ""
    match field.kind:
        case "line" | "words":
            return _text_input(field, value)
        case "number":
            limits = {"min_value": field.least, "max_value": field.most}
            known = {name: str(limit) for name, limit in limits.items() if limit is not None}
            return {"type": "number_input", "is_decimal_allowed": False, **known, **_initial("value", value)}
        case "date":
            return {"type": "datepicker", **_initial("date", value)}
        case "time":
            return {"type": "timepicker", **_initial("time", value)}
        case "person":
            return {"type": "users_select", **_initial("user", value)}
        case "choice":
            options = [_option(option) for option in field.options[:100]]
            chosen = next((option for option in options if option["value"] == value), None)
            return {"type": "static_select", "options": options, **_initial("option", chosen)}
        case "choices" | "mark":
            options = [_option(option) for option in field.options[: 100 if field.kind == "choices" else 10]]
            ticked = [option for option in options if option["value"] in field.value]
            kind = "multi_static_select" if field.kind == "choices" else "checkboxes"
            return {"type": kind, "options": options, **_initial("options", ticked)}
    assert_never(field.kind)


def _text_input(field: Field, value: str) -> dict[str, Any]:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "multiline": field.kind == "words",
        "max_length": min(field.longest, 3000),
        **_initial("value", value[: field.longest]),
    }
    if field.placeholder:
        element["placeholder"] = _plain(cut(field.placeholder, 150))
    return element


def _initial(what: str, value: Any) -> dict[str, Any]:
    return {f"initial_{what}": value} if value else {}


def _size(part: Part) -> int:
    match part:
        case Title(text) | Words(text) | Line(text) | Quiet(text):
            return len(plain(text))
        case Rows(rows):
            return sum(len(plain(row)) for row in rows)
        case Rule():
            return 0
        case Buttons(items):
            return sum(len(item.label) for item in items if not isinstance(item, More))
    assert_never(part)


def _shortened(part: Part, left: int) -> Part:
    if isinstance(part, Rows):
        rows: list[Text] = []
        for row in part.rows:
            left -= len(plain(row))
            if left < 0:
                break
            rows.append(row)
        return Rows(tuple(rows)) if rows else Rule()
    if isinstance(part, Words | Line | Quiet | Title) and left > 10:
        return msgspec.structs.replace(part, text=(Run(cut(plain(part.text), left), theirs=True),))
    return part
