"""The elements of Block Kit, field by field, and which block may hold which."""

from collections.abc import Iterator
from typing import Any

from bot.playground.compositions import (
    ACTION_ID,
    CONFIRM,
    FOCUS,
    LINK,
    OPTION_GROUP,
    PLACEHOLDER,
    SLACK_FILE,
    STYLE,
    choices_agree,
    chosen_is_offered,
    one_picture,
    option,
    plain_text,
)
from bot.playground.schema import (
    Rule,
    boolean,
    complaint,
    every,
    listed,
    one_of,
    shaped,
    string,
    web_address,
    whole,
)

CONFIRMED: dict[str, Rule] = {"confirm": CONFIRM}
WORDS = string(1)


def element(kind: str, needed: dict[str, Rule], optional: dict[str, Rule], *more: Rule) -> Rule:
    """An interactive element: its type, an action_id that Slack makes up where it is missing, and its own."""
    return every(shaped({"type": one_of(kind), **needed}, {"action_id": ACTION_ID, **optional}), *more)


def picker(kind: str, initial: dict[str, Rule], *more: Rule) -> Rule:
    """An element with a placeholder, a confirm dialog and the focus."""
    return element(kind, {}, {"placeholder": PLACEHOLDER, **CONFIRMED, **FOCUS, **initial}, *more)


def typing(kind: str, optional: dict[str, Rule], *more: Rule, needed: dict[str, Rule] | None = None) -> Rule:
    """An element that is typed into."""
    dispatch = shaped(
        {}, {"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}
    )
    shared = {"placeholder": PLACEHOLDER, "dispatch_action_config": dispatch, **FOCUS}
    return element(kind, needed or {}, {**shared, **optional}, *more)


def date(value: Any, place: str) -> Iterator[str]:
    """YYYY-MM-DD."""
    parts = value.split("-") if isinstance(value, str) else []
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isdigit() for part in parts):
        yield complaint("must be a valid date", place)


def clock(value: Any, place: str) -> Iterator[str]:
    """HH:mm."""
    parts = value.split(":") if isinstance(value, str) else []
    if [len(part) for part in parts] != [2, 2] or not all(part.isdigit() for part in parts):
        yield complaint("must be a valid time", place)


def bounds_agree(value: Any, place: str) -> Iterator[str]:
    """The least length is not above the greatest, and what stands there at first fits."""
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield complaint("min_length must not be greater than max_length", place)
    first = value.get("initial_value")
    if isinstance(first, str) and isinstance(most, int) and len(first) > most:
        yield complaint(f"must be less than {most + 1} characters", f"{place}/initial_value")


def number(value: Any, place: str) -> Iterator[str]:
    """A number written as a string."""
    try:
        float(value if isinstance(value, str) else "not a string")
    except ValueError:
        yield complaint("must be a valid number", place)


OPTIONS = listed(option(), 1, 100)
MOST_CHOSEN: dict[str, Rule] = {"max_selected_items": whole(1)}
FILTER: dict[str, Rule] = {
    "filter": shaped(
        {},
        {
            "include": listed(one_of("im", "mpim", "private", "public"), 1, 4),
            "exclude_external_shared_channels": boolean,
            "exclude_bot_users": boolean,
        },
    )
}
GROUPS: dict[str, Rule] = {"options": OPTIONS, "option_groups": listed(OPTION_GROUP, 1, 100)}

BUTTON = element(
    "button",
    {"text": plain_text(75)},
    {
        "url": LINK,
        "value": string(0, 2000),
        "style": STYLE,
        "accessibility_label": string(1, 75),
        **CONFIRMED,
    },
)
OVERFLOW = element("overflow", {"options": listed(option(address=True), 1, 5)}, CONFIRMED)
IMAGE = every(
    shaped(
        {"type": one_of("image"), "alt_text": string(1, 2000)},
        {"image_url": web_address(), "slack_file": SLACK_FILE},
    ),
    one_picture,
)

SELECTS: dict[str, Rule] = {
    "static_select": picker("static_select", {**GROUPS, "initial_option": option()}, choices_agree),
    "external_select": picker("external_select", {"initial_option": option(), "min_query_length": whole(0)}),
    "users_select": picker("users_select", {"initial_user": WORDS}),
    "conversations_select": picker(
        "conversations_select",
        {
            "initial_conversation": WORDS,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            **FILTER,
        },
    ),
    "channels_select": picker("channels_select", {"initial_channel": WORDS, "response_url_enabled": boolean}),
}
MULTI_SELECTS: dict[str, Rule] = {
    "multi_static_select": picker(
        "multi_static_select",
        {**GROUPS, "initial_options": listed(option(), 1, 100), **MOST_CHOSEN},
        choices_agree,
    ),
    "multi_external_select": picker(
        "multi_external_select",
        {"initial_options": listed(option(), 1, 100), "min_query_length": whole(0), **MOST_CHOSEN},
    ),
    "multi_users_select": picker("multi_users_select", {"initial_users": listed(WORDS, 1), **MOST_CHOSEN}),
    "multi_conversations_select": picker(
        "multi_conversations_select",
        {
            "initial_conversations": listed(WORDS, 1),
            "default_to_current_conversation": boolean,
            **FILTER,
            **MOST_CHOSEN,
        },
    ),
    "multi_channels_select": picker(
        "multi_channels_select", {"initial_channels": listed(WORDS, 1), **MOST_CHOSEN}
    ),
}
CHOICES: dict[str, Rule] = {
    "checkboxes": element(
        "checkboxes",
        {"options": listed(option(marked_up=True), 1, 10)},
        {"initial_options": listed(option(marked_up=True), 1, 10), **CONFIRMED, **FOCUS},
        chosen_is_offered,
    ),
    "radio_buttons": element(
        "radio_buttons",
        {"options": listed(option(marked_up=True), 1, 10)},
        {"initial_option": option(marked_up=True), **CONFIRMED, **FOCUS},
        chosen_is_offered,
    ),
    "datepicker": picker("datepicker", {"initial_date": date}),
    "timepicker": picker("timepicker", {"initial_time": clock, "timezone": WORDS}),
}
MOMENT: dict[str, Rule] = {
    "datetimepicker": element(
        "datetimepicker",
        {},
        {"initial_date_time": whole(1_000_000_000, 9_999_999_999), **CONFIRMED, **FOCUS},
    )
}
TYPED: dict[str, Rule] = {
    "plain_text_input": typing(
        "plain_text_input",
        {
            "initial_value": string(0, 3000),
            "multiline": boolean,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
        bounds_agree,
    ),
}
TYPED_IN_MODALS: dict[str, Rule] = {
    "number_input": typing(
        "number_input",
        {"initial_value": number, "min_value": number, "max_value": number},
        needed={"is_decimal_allowed": boolean},
    ),
    "email_text_input": typing("email_text_input", {"initial_value": string(0)}),
    "url_text_input": typing("url_text_input", {"initial_value": string(0)}),
}

IN_SECTION = {"button": BUTTON, "overflow": OVERFLOW, "image": IMAGE, **SELECTS, **MULTI_SELECTS, **CHOICES}
IN_ACTIONS = {"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **CHOICES, **MOMENT}
IN_HOME_INPUT = {**SELECTS, **MULTI_SELECTS, **CHOICES, **MOMENT, **TYPED}
IN_MODAL_INPUT = {**IN_HOME_INPUT, **TYPED_IN_MODALS}
