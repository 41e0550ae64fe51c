"""Every block and element that the stand-in knows, for the page to draw."""

from typing import Any


def text(words: str, kind: str = "plain_text") -> dict[str, Any]:
    """A text object."""
    return {"type": kind, "text": words}


def options(*words: str) -> list[dict[str, Any]]:
    """Options of a menu."""
    return [{"text": text(one), "value": one.lower()} for one in words]


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold ", "style": {"bold": True}},
                {"type": "text", "text": "code", "style": {"code": True}},
                {"type": "text", "text": " and "},
                {"type": "link", "url": "https://example.com/", "text": "a link"},
                {"type": "emoji", "name": "tada"},
                {"type": "user", "user_id": "U0BEN"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a point"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quote"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "as typed"}]},
    ],
}
MESSAGE: list[dict[str, Any]] = [
    {"type": "header", "text": text("A header")},
    {
        "type": "section",
        "text": text(
            "*mrkdwn* with `code`, <@U0BEN>, <#C0SUPPORT>, <https://example.com|a link> &lt;safe&gt;",
            "mrkdwn",
        ),
        "accessory": {"type": "button", "text": text("Beside"), "action_id": "beside"},
    },
    {"type": "section", "fields": [text("*Left*", "mrkdwn"), text("*Right*", "mrkdwn")]},
    {"type": "divider"},
    RICH,
    {"type": "image", "image_url": "https://example.com/map.png", "alt_text": "the map of dinner"},
    {"type": "context", "elements": [text("quiet words"), text("_more_ of them", "mrkdwn")]},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": text("First"), "action_id": "a1", "style": "primary"},
            {
                "type": "button",
                "text": text("Remove"),
                "action_id": "a2",
                "style": "danger",
                "confirm": {
                    "title": text("Remove it?"),
                    "text": text("It can come back."),
                    "confirm": text("Remove"),
                    "deny": text("Keep"),
                },
            },
            {
                "type": "static_select",
                "placeholder": text("Pick"),
                "action_id": "a3",
                "options": options("One", "Two"),
            },
            {"type": "users_select", "placeholder": text("Who?"), "action_id": "a4"},
            {"type": "datepicker", "action_id": "a5", "initial_date": "2026-11-23"},
            {"type": "overflow", "action_id": "a6", "options": options("More", "Most")},
            {"type": "checkboxes", "action_id": "a7", "options": options("Tick")},
            {"type": "radio_buttons", "action_id": "a8", "options": options("Either", "Or")},
        ],
    },
    {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}],
            [{"type": "raw_text", "text": "1"}, RICH],
        ],
    },
]
ELEMENTS: dict[str, dict[str, Any]] = {
    "A line": {"type": "plain_text_input", "placeholder": text("Words")},
    "A text": {"type": "plain_text_input", "multiline": True},
    "A number": {"type": "number_input", "is_decimal_allowed": False},
    "An e-mail": {"type": "email_text_input"},
    "An address": {"type": "url_text_input"},
    "A choice": {"type": "static_select", "options": options("One", "Two")},
    "Choices": {"type": "multi_static_select", "options": options("Red", "Green", "Blue")},
    "A person": {"type": "users_select"},
    "People": {"type": "multi_users_select"},
    "A channel": {"type": "channels_select"},
    "A day": {"type": "datepicker"},
    "A time": {"type": "timepicker"},
    "A moment": {"type": "datetimepicker"},
    "Ticks": {"type": "checkboxes", "options": options("This", "That")},
    "Either": {"type": "radio_buttons", "options": options("Yes", "No")},
}
FORM: dict[str, Any] = {
    "type": "modal",
    "title": text("Every input"),
    "submit": text("Send"),
    "blocks": [
        {
            "type": "input",
            "block_id": f"b{n}",
            "label": text(name),
            "element": one,
            "optional": n > 0,
            "hint": text("A hint"),
        }
        for n, (name, one) in enumerate(ELEMENTS.items())
    ],
}
HOME: dict[str, Any] = {"type": "home", "blocks": [MESSAGE[0], MESSAGE[1], MESSAGE[7]]}
