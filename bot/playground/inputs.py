"""What people put into inputs, in the shape of `state.values`, and what the client itself refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.blocks import elements_of
from bot.playground.compositions import offered
from bot.playground.schema import Json

State = dict[str, dict[str, Json]]


@dataclass(frozen=True)
class Shape:
    """Where an element keeps its value, where it starts from, and whether it holds options or several."""

    field: str
    start: str
    options: bool = False
    many: bool = False


SHAPES: dict[str, Shape] = {
    "plain_text_input": Shape("value", "initial_value"),
    "email_text_input": Shape("value", "initial_value"),
    "url_text_input": Shape("value", "initial_value"),
    "number_input": Shape("value", "initial_value"),
    "static_select": Shape("selected_option", "initial_option", options=True),
    "external_select": Shape("selected_option", "initial_option", options=True),
    "radio_buttons": Shape("selected_option", "initial_option", options=True),
    "multi_static_select": Shape("selected_options", "initial_options", options=True, many=True),
    "multi_external_select": Shape("selected_options", "initial_options", options=True, many=True),
    "checkboxes": Shape("selected_options", "initial_options", options=True, many=True),
    "users_select": Shape("selected_user", "initial_user"),
    "multi_users_select": Shape("selected_users", "initial_users", many=True),
    "conversations_select": Shape("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Shape("selected_conversations", "initial_conversations", many=True),
    "channels_select": Shape("selected_channel", "initial_channel"),
    "multi_channels_select": Shape("selected_channels", "initial_channels", many=True),
    "datepicker": Shape("selected_date", "initial_date"),
    "timepicker": Shape("selected_time", "initial_time"),
    "datetimepicker": Shape("selected_date_time", "initial_date_time"),
}
EXTERNAL = ("external_select", "multi_external_select")


def as_option(element: Json, wanted: Any) -> Json:
    """The option of an element by its value or its words; LookupError when it is not on offer."""
    if isinstance(wanted, Mapping):
        return dict(wanted)
    for option in offered(element):
        if wanted in (option.get("value"), option["text"]["text"]):
            return {"text": option["text"], "value": option["value"]}
    if element["type"] in EXTERNAL:
        return {"text": {"type": "plain_text", "text": str(wanted), "emoji": True}, "value": str(wanted)}
    raise LookupError(f"{wanted!r} is not one of {[option['value'] for option in offered(element)]}")


def filled(element: Json, value: Any) -> Json:
    """The state of an element after a person put `value` into it; None or "" empties it."""
    shape = SHAPES[element["type"]]
    empty = value is None or value == ""
    found: Any
    if shape.many:
        several = [] if empty else [value] if isinstance(value, str | Mapping) else list(value)
        found = [as_option(element, one) for one in several] if shape.options else several
    elif shape.options:
        found = None if empty else as_option(element, value)
    else:
        found = None if empty else value if shape.field == "selected_date_time" else str(value)
    return {"type": element["type"], shape.field: found}


def untouched(element: Json) -> Json:
    """The state of an element that nobody touched: its initial value, or nothing."""
    shape = SHAPES[element["type"]]
    start = element.get(shape.start)
    if shape.options and shape.many:
        start = [{"text": one["text"], "value": one["value"]} for one in start or []]
    elif shape.options and start:
        start = {"text": start["text"], "value": start["value"]}
    return {"type": element["type"], shape.field: start or ([] if shape.many else None)}


def stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) that has a value."""
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in SHAPES:
                yield block, element


def state_of(blocks: list[Json], touched: State) -> State:
    """`state.values`: what was put in where block_id and action_id stayed the same, else initial values."""
    values: State = {}
    for block, element in stateful(blocks):
        mine = touched.get(block["block_id"], {}).get(element["action_id"])
        same = mine is not None and mine["type"] == element["type"]
        state = mine if mine is not None and same else untouched(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def value_in(state: Json) -> Any:
    """The bare value inside one element's state."""
    return state[SHAPES[state["type"]].field]


def refused(blocks: list[Json], values: State) -> dict[str, str]:
    """What the client says beside each input before it lets the form go, by block_id."""
    found: dict[str, str] = {}
    for block, element in stateful(blocks):
        if block["type"] != "input":
            continue
        value = value_in(values[block["block_id"]][element["action_id"]])
        words = _complaint(element, value, bool(block.get("optional")))
        if words:
            found[block["block_id"]] = words
    return found


def _complaint(element: Json, value: Any, optional: bool) -> str | None:
    if value is None or value == []:
        return None if optional else "Please complete this required field."
    if element["type"] == "plain_text_input":
        return _length_complaint(element, value)
    if element["type"] == "number_input":
        return _number_complaint(element, value)
    return None


def _length_complaint(element: Json, value: str) -> str | None:
    if len(value) < element.get("min_length", 0):
        return f"This field must be at least {element['min_length']} characters."
    most = element.get("max_length", 3000)
    return f"This field must be at most {most} characters." if len(value) > most else None


def _number_complaint(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number no less than {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number no greater than {element['max_value']}."
    return None
