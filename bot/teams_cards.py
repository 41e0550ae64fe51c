"""Cards as Adaptive Cards 1.5: pure, and inside Teams' limits whatever people write.

https://adaptivecards.io/explorer/ ; what comes back from them is read by `teams_payloads`.
"""

from typing import Any, assert_never

import msgspec

from bot.teams_text import HEAVY, NOTHING, Element, inert, label, rich, spoken
from handlers.answers import (
    Button,
    Buttons,
    Card,
    Line,
    Mention,
    Menu,
    More,
    Option,
    Quiet,
    Rows,
    Rule,
    Title,
    Words,
)
from handlers.router import opens_form
from handlers.text import Run, Text, cut, plain
from handlers.words import word

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
OURS = "mapkeeper"  # the key of what is ours among the data that a card sends back
FETCHES = {"type": "task/fetch"}  # a click with this opens a dialog
PICK = "pick"  # what the inputs of menus are called, with their number

WORD_BYTES, BUTTON_BYTES = 14_000, 10_000  # of the 28 KB that one card may have
SUMMARY = 600
PRIMARY = 6  # buttons that Teams shows beside each other; the rest goes into the overflow menu
MENU, MENU_LABEL, SHORTEST_LABEL = 100, 60, 16
LARGE = 150  # characters up to which words are shown larger
SHORTEST_WORDS = 24

_STYLES = {"plain": {}, "primary": {"style": "positive"}, "danger": {"style": "destructive"}}
_SMALL = {"size": "Small", "isSubtle": True}


def message(shown: Card) -> Element:
    """An activity with the card; its summary is what a notification shows."""
    return {
        "type": "message",
        "summary": inert(cut(spoken(shown.summary), SUMMARY)),
        "attachments": [attachment(card(shown))],
    }


def attachment(content: Element) -> Element:
    """A card as Teams attaches it to messages and dialogs."""
    return {"contentType": CONTENT_TYPE, "content": content}


def card(shown: Card, *, dialog: bool = False) -> Element:
    """The content of an Adaptive Card; in a dialog its buttons are submitted, as dialogs execute nothing.

    Words and buttons have a budget each: however long the words, what can be done about them stays.
    """
    body: list[Element] = []
    words_left, buttons_left, ruled = WORD_BYTES, BUTTON_BYTES, False
    for number, part in enumerate(shown.parts):
        if isinstance(part, Rule):
            ruled = bool(body)
            continue
        if isinstance(part, Mention):
            elements = [{"type": "TextBlock", "text": _at(part), "wrap": True}]
        elif isinstance(part, Buttons):
            elements = _offered(part, number, buttons_left, dialog)
            buttons_left -= weight(elements)
        else:
            elements = _written(part, words_left)
            words_left -= weight(elements)
        if elements and ruled:
            elements[0] |= {"separator": True, "spacing": "Medium"}
            ruled = False
        body += elements
    wide = any(isinstance(part, Rows) for part in shown.parts)
    made = adaptive(body, fallback=shown.summary, wide=wide)
    if called := [part for part in shown.parts if isinstance(part, Mention)]:
        entities = [
            {"type": "mention", "text": _at(part), "mentioned": {"id": part.user, "name": inert(part.name)}}
            for part in called
        ]
        made["msteams"] = made.get("msteams", {}) | {"entities": entities}
    return made


def adaptive(body: list[Element], *, fallback: str = "", wide: bool = False) -> Element:
    """The envelope; `fallback` is what a client says that cannot draw it."""
    made: Element = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "body": body,
    }
    if fallback.strip():
        made["fallbackText"] = inert(cut(spoken(fallback), SUMMARY))
    if wide:
        made["msteams"] = {"width": "Full"}
    return made


def weight(value: Any) -> int:
    """How many bytes it has on its way."""
    return len(msgspec.json.encode(value))


def submitted(title: str, data: Element, *, inputs: bool = True, fetches: bool = False) -> Element:
    """A button that sends `data` of ours; one that `fetches` opens a dialog."""
    sent = {OURS: data} | ({"msteams": FETCHES} if fetches else {})
    return {"type": "Action.Submit", "title": title, "data": sent} | (
        {} if inputs else {"associatedInputs": "none"}
    )


def option(choice: Option, longest: int) -> Element:
    """One choice of a menu or an input."""
    return {"title": label(choice.label, longest), "value": choice.value or NOTHING}


def _written(part: Title | Words | Line | Quiet | Rows, left: int) -> list[Element]:
    """The part as far as it fits into so many bytes; nothing where that would say nothing."""
    if isinstance(part, Rows):
        return _rows(part, left)
    element = _paragraph(part)
    if weight(element) > left:
        fits = left // 4 - SHORTEST_WORDS  # a character has four bytes at most
        if fits < SHORTEST_WORDS:
            return []
        shortened = (Run(cut(plain(part.text), fits), theirs=True),)
        element = _paragraph(msgspec.structs.replace(part, text=shortened))
    return [element]


def _rows(part: Rows, left: int) -> list[Element]:
    rows: list[Element] = []
    for row in part.rows:
        element = rich(row, spacing="Small")
        left -= weight(element)
        if left < 0:
            break
        rows.append(element)
    return rows


def _paragraph(part: Title | Words | Line | Quiet) -> Element:
    match part:
        case Title(text):
            return rich(text, HEAVY)
        case Words(text, quoted=True):
            return {"type": "Container", "style": "emphasis", "items": [rich(text)], "spacing": "Small"}
        case Words(text):
            return rich(text, _size(text), spacing="Small")
        case Line(text):
            return rich(text)
        case Quiet(text):
            return rich(text, _SMALL, spacing="Small")
    assert_never(part)


def _at(called: Mention) -> str:
    """The words that an entity of ours makes a mention."""
    return f"<at>{inert(called.name)}</at>"


def _size(text: Text) -> Element:
    return {"size": "Large"} if len(plain(text)) <= LARGE else {"size": "Medium"}


def _offered(part: Buttons, place: int, left: int, dialog: bool) -> list[Element]:
    """One row of buttons, and a row for each menu; `place` tells the menus of a card apart."""
    actions: list[Element] = []
    menus: list[Element] = []
    alone = sum(isinstance(item, Menu) for item in part.items) == 1
    for number, item in enumerate(part.items):
        match item:
            case Button():
                made, into = [_button(item, dialog)], actions
            case More(options):
                made, into = [_secondary(choice, dialog) for choice in options], actions
            case Menu():
                made, into = _menu(item, f"{PICK}-{place}-{number}", alone, left, dialog), menus
            case _:
                assert_never(item)
        left -= weight(made)
        if left < 0:
            break
        into += made
    actions = [*actions[:PRIMARY], *(_with(late, mode="secondary") for late in actions[PRIMARY:])]
    row = [{"type": "ActionSet", "actions": actions}] if actions else []
    return row + menus


def _button(item: Button, dialog: bool) -> Element:
    made = _with(
        _action(item.label, {"action": item.action, "value": item.value}, dialog), **_STYLES[item.style]
    )
    if not item.confirm:
        return made
    asked = adaptive([rich((Run(item.confirm, theirs=True),), spacing="None")]) | {"actions": [made]}
    return {"type": "Action.ShowCard", "title": made["title"], "card": asked}


def _secondary(choice: Option, dialog: bool) -> Element:
    """A choice of the quiet menu: its value is `action value`."""
    action, _, value = choice.value.partition(" ")
    return _with(_action(choice.label, {"action": action, "value": value}, dialog), mode="secondary")


def _menu(item: Menu, name: str, alone: bool, left: int, dialog: bool) -> list[Element]:
    """A choice out of many and the button that takes it; nothing where it offers nothing."""
    if not item.options:
        return []
    offered, room = item.options[:MENU], left - 1_000
    longest = MENU_LABEL
    while longest > SHORTEST_LABEL and weight([option(one, longest) for one in offered]) > room:
        longest //= 2
    choices = [option(one, longest) for one in offered]
    choice: Element = {
        "type": "Input.ChoiceSet",
        "id": name,
        "label": label(item.label),
        "choices": choices,
    }
    if alone:  # what is required is required by every button of a card that looks at inputs
        choice |= {"isRequired": True, "errorMessage": word("pick first")}
    take = _action(word("pick"), {"action": item.action, "pick": name}, dialog, inputs=True)
    columns = [
        {"type": "Column", "width": "stretch", "items": [choice]},
        {
            "type": "Column",
            "width": "auto",
            "verticalContentAlignment": "Bottom",
            "items": [{"type": "ActionSet", "actions": [take]}],
        },
    ]
    return [{"type": "ColumnSet", "columns": columns}]


def opening(activity: Element) -> Element:
    """The activity, all of whose buttons open a form, whatever they do elsewhere."""
    content = activity["attachments"][0]["content"]
    for element in content["body"]:
        for action in element.get("actions", ()):
            action |= {"type": "Action.Submit", "data": action["data"] | {"msteams": FETCHES}}
            action.pop("fallback", None)
    return activity


def _action(title: str, data: Element, dialog: bool, *, inputs: bool = False) -> Element:
    """A click; where it opens a form it is submitted, as a dialog opens from nothing else."""
    title, opens = label(title), opens_form(data["action"])
    submit = submitted(title, data, inputs=inputs, fetches=opens and not dialog)
    if dialog or opens:
        return submit
    return submit | {"type": "Action.Execute", "verb": data["action"], "fallback": submit}


def _with(action: Element, **more: Any) -> Element:
    """The action and its fallback, with something more."""
    fallback = {"fallback": action["fallback"] | more} if "fallback" in action else {}
    return action | more | fallback
