"""The small objects that blocks and elements are made of: texts, options, confirm dialogs."""

from collections.abc import Iterator
from typing import Any

from bot.playground.schema import (
    Rule,
    boolean,
    by_type,
    complaint,
    items,
    listed,
    one_of,
    shaped,
    string,
    web_address,
)

ACTION_ID = string(1, 255)
BLOCK_ID = string(1, 255)
STYLE = one_of("primary", "danger")
LINK = web_address(3000, ("http://", "https://", "mailto:", "tel:", "slack://"))
FOCUS = {"focus_on_load": boolean}


def plain_text(most: int = 3000) -> Rule:
    """A plain_text object."""
    kind = one_of("plain_text")
    return by_type({"plain_text": shaped({"type": kind, "text": string(1, most)}, {"emoji": boolean})})


def any_text(most: int = 3000) -> Rule:
    """A plain_text or a mrkdwn object."""
    mrkdwn = shaped({"type": one_of("mrkdwn"), "text": string(1, most)}, {"verbatim": boolean})
    return by_type({"plain_text": plain_text(most), "mrkdwn": mrkdwn})


CONFIRM = shaped(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": STYLE},
)
PLACEHOLDER = plain_text(150)


def option(marked_up: bool = False, address: bool = False) -> Rule:
    """An option object; checkboxes and radio buttons may be marked up, overflow options may be links."""
    words = any_text(75) if marked_up else plain_text(75)
    more: dict[str, Rule] = {"description": words}
    if address:
        more["url"] = web_address(3000, ("http://", "https://", "mailto:"))
    return shaped({"text": words, "value": string(1, 150)}, more)


OPTION_GROUP = shaped({"label": plain_text(75), "options": listed(option(), 1, 100)})


def offered(element: Any) -> list[Any]:
    """Every option of an element, those inside groups too."""
    groups = [items(group, "options") for group in items(element, "option_groups")]
    return items(element, "options") + [option for group in groups for option in group]


def choices_agree(value: Any, place: str) -> Iterator[str]:
    """Exactly one of options and option_groups, and what is chosen at first is on offer."""
    if ("options" in value) == ("option_groups" in value):
        yield complaint("must provide exactly one of options or option_groups", place)
    yield from chosen_is_offered(value, place)


def chosen_is_offered(value: Any, place: str) -> Iterator[str]:
    """Initial options equal one of the options exactly."""
    options = offered(value)
    if "initial_option" in value and value["initial_option"] not in options:
        yield complaint("initial_option does not match any of the options", f"{place}/initial_option")
    for index, chosen in enumerate(items(value, "initial_options")):
        if chosen not in options:
            yield complaint(
                "initial_options does not match any of the options", f"{place}/initial_options/{index}"
            )


def one_picture(value: Any, place: str) -> Iterator[str]:
    """An image comes from an address or from a file of Slack's, not from both."""
    if ("image_url" in value) == ("slack_file" in value):
        yield complaint("must provide exactly one of image_url or slack_file", place)


SLACK_FILE = shaped({}, {"id": string(1, 255), "url": web_address()})
