"""Answers as Block Kit: pure, and inside Slack's limits whatever people write.

People's words go into `rich_text` and `plain_text` only, where nothing of theirs comes alive.
Limits: https://docs.slack.dev/reference/block-kit/
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, time
from typing import Any, assert_never

import msgspec

from handlers.answers import (
    Button,
    Buttons,
    Card,
    Field,
    Form,
    Line,
    Mention,
    Menu,
    More,
    Note,
    Option,
    Quiet,
    Rows,
    Rule,
    Title,
    Words,
)
from handlers.text import Run, Text, cut, plain
from handlers.words import word

Block = dict[str, Any]

BLOCKS, MODAL_BLOCKS = 48, 98  # Slack: 50 and 100
CHARACTERS, BUTTON_CHARACTERS = 8_000, 4_000  # Slack: about 13,000 of text in one message
HEADER, CONTEXT, LABEL, OPTION_VALUE, VALUE = 150, 2000, 75, 150, 2000
MENU, MENU_CHARACTERS, SHORTEST_LABEL, ELEMENTS = 100, 3000, 24, 25
TITLE, NOTE = 24, 9_000
FALLBACK = 600  # five times as long where each character is escaped: chat.update takes 4,000
NOTHING = "–"  # Slack takes no empty label
BETWEEN = "|"  # action ids are unique in a block: what follows this is only a number

_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_NUMBER = re.compile(r"-?[0-9]{1,15}")
_CHOOSING = ("choice", "choices", "mark")


def message(card: Card) -> dict[str, Any]:
    """A message: its blocks, and the escaped sentence for notifications."""
    return {"blocks": blocks(card, BLOCKS), "text": escaped(cut(card.summary, FALLBACK))}


def private(card: Card) -> dict[str, Any]:
    """A message that one person sees, as the answer to a command or click."""
    return {"response_type": "ephemeral", **message(card)}


def blocks(card: Card, most: int) -> list[Block]:
    """The card's blocks: at most `most`, and at most 12,000 characters of text; what does not fit is left out.

    Words and buttons have a budget each: however long the words, what can be done about them stays.
    """
    fitting: list[Block] = []
    words_left, buttons_left = CHARACTERS, BUTTON_CHARACTERS
    for part in card.parts:
        if len(fitting) == most:
            break
        if isinstance(part, Buttons):
            elements, buttons_left = _elements(part, buttons_left)
            if elements:
                fitting.append({"type": "actions", "elements": elements})
            continue
        size = _size(part)
        fitted = part if size <= words_left else _shortened(part, words_left)
        if fitted is not None and not (isinstance(fitted, Rows) and not fitted.rows):
            fitting.append(_block(fitted))
            words_left -= size if fitted is part else _size(fitted)
    return fitting


def view(form: Form, where: dict[str, str]) -> dict[str, Any]:
    """A modal with the form; `where` comes back with it, unseen."""
    return {
        "type": "modal",
        "callback_id": form.action,
        "title": _label(form.title, TITLE),
        "submit": _label(form.submit, TITLE),
        "close": _plain(word("cancel")),
        "private_metadata": metadata(form.token, {**form.about, "version": str(form.version)}, where),
        "blocks": [
            _note(field) if isinstance(field, Note) else _input(field)
            for field in form.fields
            if not (isinstance(field, Field) and field.kind in _CHOOSING and not field.options)
        ],
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


def home_view(card: Card) -> dict[str, Any]:
    """A person's Home tab."""
    return {"type": "home", "blocks": blocks(card, MODAL_BLOCKS)}


def metadata(token: str, about: dict[str, str], where: dict[str, str]) -> str:
    """What a modal carries unseen, as JSON."""
    return msgspec.json.encode({"token": token, "about": about, "where": where}).decode()


def escaped(text: str) -> str:
    """Text in which nothing comes alive: Slack's three characters, the ampersand first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _block(part: Title | Words | Line | Quiet | Rows | Mention | Rule) -> Block:
    match part:
        case Line(text):  # first, as most are
            return _rich([_section(text)])
        case Title(text):
            return _rich([_section(Run(run.text, True, run.theirs) for run in text)])
        case Words(text, quoted):
            return _words(text, quoted)
        case Quiet(text):
            return {"type": "context", "elements": [_plain(cut(plain(text), CONTEXT) or " ")]}
        case Rows(rows):
            return _rich([_section(row) for row in rows])
        case Mention(user, name):
            called = {"type": "user", "user_id": user} if _USER.fullmatch(user) else _runs([Run(name)])[0]
            return _rich([{"type": "rich_text_section", "elements": [called]}])
        case Rule():
            return {"type": "divider"}
    assert_never(part)


def _words(text: Text, quoted: bool) -> Block:
    words = plain(text)
    if quoted:
        return _rich([{"type": "rich_text_quote", "elements": _runs(text)}])
    if len(words) <= HEADER and "\n" not in words and words.strip():
        return {"type": "header", "text": _plain(words)}
    return _rich([_section(text)])


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


def _elements(buttons: Buttons, most: int) -> tuple[list[dict[str, Any]], int]:
    """The buttons whose words fit into so many characters, no menu that offers nothing, and how many are left."""
    fitting: list[dict[str, Any]] = []
    for number, item in enumerate(buttons.items):
        if not isinstance(item, Button) and not item.options:
            continue
        element = _element(item, number)
        plain_button = isinstance(item, Button) and not item.confirm
        shown = len(element["text"]["text"]) if plain_button else _shown(element)
        if shown > most or len(fitting) == ELEMENTS:
            break
        fitting.append(element)
        most -= shown
    return fitting, most


def _shown(piece: dict[str, Any]) -> int:
    """How many characters a piece of Block Kit shows."""
    shown = 0
    for name, value in piece.items():
        if isinstance(value, str):
            shown += len(value) if name == "text" else 0
        elif isinstance(value, dict):
            shown += _shown(value)
        elif isinstance(value, list):
            shown += sum(map(_shown, value))
    return shown


def _element(item: Button | Menu | More, number: int) -> dict[str, Any]:
    match item:
        case Button():
            return _button(item, number)
        case Menu(label, action, options):
            offered = options[:MENU]
            longest = max(SHORTEST_LABEL, min(LABEL, MENU_CHARACTERS // len(offered)))
            return {
                "type": "static_select",
                "placeholder": _label(label, 150),
                "action_id": f"{action}{BETWEEN}{number}",
                "options": [_option(option, longest) for option in offered],
            }
        case More(options):
            return {
                "type": "overflow",
                "action_id": f"more{BETWEEN}{number}",
                "options": [_option(option) for option in options[:5]],
            }
    assert_never(item)


def _button(item: Button, number: int) -> dict[str, Any]:
    button: dict[str, Any] = {
        "type": "button",
        "text": _label(item.label),
        "action_id": f"{item.action}{BETWEEN}{number}",
    }
    if item.value:
        button["value"] = cut(item.value, VALUE)
    if item.style != "plain":
        button["style"] = item.style
    if item.confirm:
        button["confirm"] = {
            "title": _label(item.label, 100),
            "text": _label(item.confirm, 300),
            "confirm": _label(item.label, 30),
            "deny": _plain(word("cancel")),
        }
    return button


def _option(option: Option, longest: int = LABEL) -> dict[str, Any]:
    return {"text": _label(option.label, longest), "value": option.value[:OPTION_VALUE] or NOTHING}


def _label(text: str, longest: int = LABEL) -> dict[str, Any]:
    """A label: one line, never empty."""
    return _plain(cut(" ".join(text.split()), longest) or NOTHING)


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _note(note: Note) -> Block:
    fits = len(plain(note.text)) <= NOTE
    return _rich([_section(note.text if fits else [Run(cut(plain(note.text), NOTE), theirs=True)])])


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": _label(field.label, 2000),
        "element": {"action_id": "value", **_input_element(field)},
        "optional": field.optional,
    }
    if field.hint.strip():
        block["hint"] = _label(field.hint, 2000)
    return block


def _input_element(field: Field) -> dict[str, Any]:
    value = field.value if isinstance(field.value, str) else ""
    match field.kind:
        case "line" | "words":
            return _text_input(field, value)
        case "number":
            return _number_input(field, value)
        case "date":
            return {"type": "datepicker", **_initial("date", _if_read(date.fromisoformat, value, 10))}
        case "time":
            return {"type": "timepicker", **_initial("time", _if_read(time.fromisoformat, value, 5))}
        case "person":
            return {"type": "users_select", **_initial("user", value if _USER.fullmatch(value) else "")}
        case "people":
            users = [] if value else [one for one in field.value if _USER.fullmatch(one)]
            return {"type": "multi_users_select", **_initial("users", users)}
        case "choice":
            options = [_option(option) for option in field.options[:MENU]]
            chosen = next((option for option in options if option["value"] == value), None)
            return {"type": "static_select", "options": options, **_initial("option", chosen)}
        case "choices" | "mark":
            options = [_option(option) for option in field.options[: MENU if field.kind == "choices" else 10]]
            wanted = {field.value} if isinstance(field.value, str) else set(field.value)
            ticked = [option for option in options if option["value"] in wanted]
            kind = "multi_static_select" if field.kind == "choices" else "checkboxes"
            return {"type": kind, "options": options, **_initial("options", ticked)}
    assert_never(field.kind)


def _text_input(field: Field, value: str) -> dict[str, Any]:
    longest = max(1, min(field.longest, 3000))
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "multiline": field.kind == "words",
        "max_length": longest,
        **_initial("value", value[:longest]),
    }
    if field.placeholder.strip():
        element["placeholder"] = _label(field.placeholder, 150)
    return element


def _number_input(field: Field, value: str) -> dict[str, Any]:
    value = value if _NUMBER.fullmatch(value) else ""
    limits = {"min_value": field.least, "max_value": field.most}
    known = {name: str(limit) for name, limit in limits.items() if limit is not None}
    number = {"type": "number_input", "is_decimal_allowed": False, **known}
    least, most = (limit if limit is not None else int(value or 0) for limit in (field.least, field.most))
    return {**number, **_initial("value", value if least <= int(value or 0) <= most else "")}


def _if_read(read: Callable[[str], object], value: str, length: int) -> str:
    """The value if it can be what a picker starts from: Slack refuses the whole form for any other."""
    try:
        read(value)
    except ValueError:
        return ""
    return value if len(value) == length else ""


def _initial(what: str, value: Any) -> dict[str, Any]:
    return {f"initial_{what}": value} if value else {}


def _size(part: Title | Words | Line | Quiet | Rows | Mention | Rule) -> int:
    match part:
        case Line(text) | Title(text) | Words(text) | Quiet(text):
            return len(plain(text))
        case Rows(rows):
            return sum(len(plain(row)) for row in rows)
        case Mention(_, name):
            return len(name)
        case Rule():
            return 0
    assert_never(part)


def _shortened(
    part: Title | Words | Line | Quiet | Rows | Mention | Rule, left: int
) -> Title | Words | Line | Quiet | Rows | Mention | Rule | None:
    """As much of a part as fits into so many characters; None where that would say nothing."""
    if isinstance(part, Rule | Mention):
        return part
    if isinstance(part, Rows):
        rows: list[Text] = []
        for row in part.rows:
            left -= len(plain(row))
            if left < 0:
                break
            rows.append(row)
        return Rows(tuple(rows))
    if left < SHORTEST_LABEL:
        return None
    return msgspec.structs.replace(part, text=(Run(cut(plain(part.text), left), theirs=True),))
