"""Forms as Adaptive Cards in a dialog: inputs, required marks, and a sentence at each field that is wrong.

A dialog that is answered with errors is drawn again, so a form carries itself, without what is typed into it.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, NamedTuple, assert_never

import msgspec

from bot.teams_cards import adaptive, attachment, card, option, submitted, weight
from bot.teams_text import LABEL, NOTHING, Element, inert, label, rich, spoken
from handlers.answers import Card, Field, Form, Note, Option
from handlers.text import Run, cut, plain
from handlers.words import word

CARD_BYTES = 28_000
TITLE, PLACEHOLDER, CHOICES, NOTE = 60, 150, 100, 4_000
PEOPLE = {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}

_SMALL = {"size": "Small", "isSubtle": True}
_WRONG = {"size": "Small", "color": "Attention"}
_CHOOSING = ("choice", "choices", "mark")
TICKED = ","  # between the values of a choice of several


class _Room(NamedTuple):
    """How long the labels of choices and the notes may be, and the notes that the form carries."""

    label: int
    note: int
    carried: int


_ROOMS = (_Room(LABEL, NOTE, NOTE), _Room(40, 2_500, 0), _Room(20, 1_000, 0))


def dialog(asked: Form, errors: Mapping[str, str] | None = None) -> Element:
    """The dialog with the form; with `errors`, a sentence at each field that is wrong."""
    return _dialog(asked.title, form(asked, errors or {}), "large")


def told(shown: Card) -> Element:
    """The dialog that only tells."""
    return _dialog("Mapkeeper", card(shown, dialog=True), "medium")


def form(asked: Form, errors: Mapping[str, str] | None = None) -> Element:
    """The content of the form's card: whole, and as small as it has to be; what is typed in is never cut."""
    made = _form(asked, errors or {}, _ROOMS[0])
    for room in _ROOMS[1:]:
        if weight(made) > CARD_BYTES:
            made = _form(asked, errors or {}, room)
    return made


def _dialog(title: str, content: Element, height: str) -> Element:
    shown = {"title": label(title, TITLE), "height": height, "width": "medium"}
    return {"task": {"type": "continue", "value": {**shown, "card": attachment(content)}}}


def _form(asked: Form, errors: Mapping[str, str], room: _Room) -> Element:
    body: list[Element] = []
    if errors:
        body.append(rich((Run(word("form wrong")),), {"color": "Attention", "weight": "Bolder"}))
    for field in asked.fields:
        if isinstance(field, Note):
            body.append(rich((Run(cut(plain(field.text), room.note), theirs=True),)))
        elif field.options or field.kind not in _CHOOSING:
            body += _input(field, errors.get(field.name, ""), room)
    data = {
        "action": asked.action,
        "token": asked.token,
        "about": {**asked.about, "version": str(asked.version)},
        "form": msgspec.to_builtins(carried(asked, room.label, room.carried)),
    }
    send = submitted(label(asked.submit), data) | {"style": "positive"}
    return adaptive(body) | {"actions": [send]}


def carried(asked: Form, longest: int, note: int) -> Form:
    """The form without what is typed into it, which comes back by itself."""
    fields: list[Field | Note] = []
    for field in asked.fields:
        if isinstance(field, Note):
            words = cut(plain(field.text), note) if note else ""
            fields += [Note((Run(words, theirs=True),))] if words else []
        else:
            choices = tuple(Option(cut(one.label, longest), one.value) for one in field.options[:CHOICES])
            fields.append(msgspec.structs.replace(field, value="", options=choices))
    return msgspec.structs.replace(asked, fields=tuple(fields))


def _input(field: Field, error: str, room: _Room) -> list[Element]:
    """The input, then what is wrong with it, then how it is meant."""
    made: Element = {"id": field.name, "label": label(spoken(field.label), LABEL), "spacing": "Medium"}
    made |= _element(field, room)
    if not field.optional:
        made = {"isRequired": True, "errorMessage": word("error missing")} | made
    around = [made]
    if error:
        around.append(rich((Run(spoken(error)),), _WRONG, spacing="None"))
    if field.hint.strip():
        around.append(rich((Run(field.hint),), _SMALL, spacing="None"))
    return around


def _element(field: Field, room: _Room) -> Element:
    value = field.value if isinstance(field.value, str) else ""
    match field.kind:
        case "line" | "words":
            return _text(field, value)
        case "number":
            return _number(field, value)
        case "date":
            return {"type": "Input.Date"} | _known("value", _read(date.fromisoformat, value, 10))
        case "time":
            return {"type": "Input.Time"} | _known("value", _read(time.fromisoformat, value, 5))
        case "person":
            return _person(value)
        case "choice":
            choices = [option(one, room.label) for one in field.options[:CHOICES]]
            chosen = value if value in {one["value"] for one in choices} else ""
            return {"type": "Input.ChoiceSet", "choices": choices} | _known("value", chosen)
        case "choices" | "mark":
            return _several(field, room)
        case "people":
            return _several(field, room) | {"choices.data": PEOPLE}
    assert_never(field.kind)


def _text(field: Field, value: str) -> Element:
    longest = max(1, field.longest)
    made: Element = {"type": "Input.Text", "maxLength": longest} | _known("value", value[:longest])
    if field.kind == "words":
        made["isMultiline"] = True
    return made | _known("placeholder", inert(cut(" ".join(field.placeholder.split()), PLACEHOLDER)))


def _number(field: Field, value: str) -> Element:
    limits = {"min": field.least, "max": field.most}
    made: Element = {"type": "Input.Number"} | {name: n for name, n in limits.items() if n is not None}
    if field.least is not None and field.most is not None:
        made["errorMessage"] = word("error number", least=field.least, most=field.most)
    digits = value.removeprefix("-")
    return made | (
        {"value": int(value)} if digits.isascii() and digits.isdigit() and len(digits) < 16 else {}
    )


def _person(value: str) -> Element:
    """People are looked up by Teams itself; whom it knows beforehand is named by us."""
    choices = [{"title": word("nobody"), "value": NOTHING}]
    if value:
        choices.append({"title": word("owner now"), "value": value})
    return {"type": "Input.ChoiceSet", "choices": choices, "choices.data": PEOPLE} | _known("value", value)


def _several(field: Field, room: _Room) -> Element:
    choices = [option(one, room.label) for one in field.options[:CHOICES]]
    wanted = {field.value} if isinstance(field.value, str) else set(field.value)
    ticked = TICKED.join(one["value"] for one in choices if one["value"] in wanted)
    style = "expanded" if field.kind == "mark" else "compact"
    made: Element = {"type": "Input.ChoiceSet", "choices": choices, "isMultiSelect": True, "style": style}
    return made | _known("value", ticked)


def _read(read: Any, value: str, length: int) -> str:
    """The value if a picker can start from it."""
    try:
        read(value)
    except ValueError:
        return ""
    return value if len(value) == length else ""


def _known(name: str, value: Any) -> Element:
    return {name: value} if value else {}
