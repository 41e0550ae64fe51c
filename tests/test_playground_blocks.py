"""The stand-in for Slack reads blocks as people do, and judges them as Slack does."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.playground.blocks import problems, view_problems
from bot.playground.reading import entities, plain
from bot.playground.schema import Json
from tests.tiny_bot import STAGES, TEXT, asks, button, form, section, words

# --- Reading ---


def test_what_is_live_in_a_text_is_found() -> None:
    blocks = [
        section("<!channel> <https://x.example|x> &lt;@U1&gt;"),
        {"type": "section", "text": words("<!here> is only text here")},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U2"}]}],
        },
    ]
    assert entities(blocks) == ["!channel", "https://x.example|x", "@U2"]
    assert plain(blocks) == "@channel x <@U1>\n<!here> is only text here\n@U2"


READ = """\
a
b
(a)
h
a b (a)
———
t (a)
**x**
[a] [⋯ Checkout] [ ▾] [Delivery ▾] [] (x) Checkout (x) Delivery ( ) Checkout ( ) Delivery [2026-01-05] [09:00]
a:tada:b@U1#C1@S1@herex
•\x20
> q
c
a"""


def test_every_kind_of_block_is_read() -> None:
    assert plain(GOOD) == READ


# --- The judge of Block Kit ---


def most(characters: int) -> str:
    return f"must be less than {characters} characters"


def acts(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(fields: Json) -> Json:
    return acts({"type": "static_select", **fields})


def sure(fields: Json) -> Json:
    return acts(button("x", "a", confirm={**CONFIRM, **fields}))


def typed(fields: Json) -> Json:
    return asks("a", {**TEXT, **fields})


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def line(*parts: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(parts)}


NOT_OFFERED = "initial_option does not match any of the options"
CROSSED = "min_length must not be greater than max_length"
TAKEN = '`action_id` "a" already exists for another element'
OTHER = {**STAGES[0], "text": words("Other")}
LINE = "/elements/0/elements/0"
BULLETS = {"type": "rich_text_list", "elements": [{"type": "rich_text_section", "elements": []}]}
LETTER = {"type": "text", "text": "a"}
MULTI = {"type": "multi_static_select", "options": STAGES}
MARKED = {"type": "mrkdwn", "text": "a"}
CONFIRM = {"title": words("Sure?"), "text": words("Really"), "confirm": words("Yes"), "deny": words("No")}
ADDRESS = "https://example.com/a.png"
IMAGE = {"type": "image", "image_url": ADDRESS, "alt_text": "a"}
GOOD = [
    section("a", fields=[words("b")], accessory=IMAGE, block_id="x", expand=True),
    {"type": "header", "text": words("h")},
    {"type": "context", "elements": [words("a"), {"type": "mrkdwn", "text": "b", "verbatim": True}, IMAGE]},
    {"type": "divider"},
    {**IMAGE, "title": words("t")},
    {"type": "markdown", "text": "**x**"},
    acts(
        button("a", "a", style="danger", confirm=CONFIRM, url=ADDRESS, value="", accessibility_label="l"),
        {"type": "overflow", "options": [{**STAGES[0], "url": ADDRESS, "description": words("d")}]},
        {"type": "static_select", "option_groups": [{"label": words("l"), "options": STAGES}]},
        {"type": "static_select", "options": STAGES, "initial_option": STAGES[1]},
        {"type": "conversations_select", "filter": {"include": ["public"]}},
        {"type": "checkboxes", "options": STAGES, "initial_options": STAGES},
        {"type": "radio_buttons", "options": STAGES},
        {"type": "datepicker", "initial_date": "2026-01-05"},
        {"type": "timepicker", "initial_time": "09:00", "placeholder": words("p")},
    ),
    rich(
        line(
            {"type": "text", "text": "a", "style": {"bold": True}},
            {"type": "emoji", "name": "tada"},
            {"type": "link", "url": ADDRESS, "text": "b"},
            {"type": "user", "user_id": "U1"},
            {"type": "channel", "channel_id": "C1"},
            {"type": "usergroup", "usergroup_id": "S1"},
            {"type": "broadcast", "range": "here"},
            {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "x"},
        ),
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [line()]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]},
        {"type": "rich_text_preformatted", "border": 0, "elements": [{"type": "text", "text": "c"}]},
    ),
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]], "column_settings": [{"align": "left"}]},
]


def test_good_blocks_have_no_problems() -> None:
    assert problems(GOOD, "message") == []


REFUSED: list[tuple[Any, str, str]] = [
    ({"type": "section"}, "missing required field: text", ""),
    ({}, "missing required field: type", ""),
    ("text", "must provide an object", ""),
    ({"type": "sektion"}, "unsupported type: sektion", "/type"),
    ({"type": ["x"]}, "unsupported type: ['x']", "/type"),
    (section("x" * 3001), most(3001), "/text/text"),
    (section(""), "must be more than 0 characters", "/text/text"),
    ({"type": "section", "text": "x"}, "must provide an object", "/text"),
    (section("x", colour="red"), "invalid additional property: colour", ""),
    (section("x", block_id="b" * 256), most(256), "/block_id"),
    (section("x", fields=[]), "no less than 1 items allowed", "/fields"),
    (section("x", fields=[words("a")] * 11), "no more than 10 items allowed", "/fields"),
    (section("x", fields=[words("a" * 2001)]), most(2001), "/fields/0/text"),
    (section("x", accessory=TEXT), "unsupported type: plain_text_input", "/accessory/type"),
    ({"type": "section", "text": {**words("a"), "verbatim": True}}, "invalid additional property: verbatim", "/text"),
    ({"type": "section", "text": {**MARKED, "emoji": True}}, "invalid additional property: emoji", "/text"),
    ({"type": "header", "text": words("x" * 151)}, most(151), "/text/text"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn", "/text/type"),
    ({"type": "context", "elements": [words("a")] * 11}, "no more than 10 items allowed", "/elements"),
    ({"type": "context", "elements": [button("a", "a")]}, "unsupported type: button", "/elements/0/type"),
    ({"type": "divider", "text": words("x")}, "invalid additional property: text", ""),
    ({"type": "image", "image_url": ADDRESS}, "missing required field: alt_text", ""),
    ({"type": "image", "alt_text": "a"}, "must provide exactly one of image_url or slack_file", ""),
    ({**IMAGE, "alt_text": "a" * 2001}, most(2001), "/alt_text"),
    ({**IMAGE, "image_url": "ftp://x"}, "must be a valid URL", "/image_url"),
    ({**IMAGE, "title": words("a" * 2001)}, most(2001), "/title/text"),
    ({"type": "markdown", "text": "x" * 12001}, most(12001), "/text"),
    (acts(*[{"type": "users_select"}] * 26), "no more than 25 items allowed", "/elements"),
    (acts(), "no less than 1 items allowed", "/elements"),
    (acts(button("x" * 76, "a")), most(76), "/elements/0/text/text"),
    (acts(button("x", "a" * 256)), most(256), "/elements/0/action_id"),
    (acts(button("x", "a", value="v" * 2001)), most(2001), "/elements/0/value"),
    (acts(button("x", "a", value=1)), "must provide a string", "/elements/0/value"),
    (acts(button("x", "a", url="https://" + "u" * 3000)), most(3001), "/elements/0/url"),
    (acts(button("x", "a", style="default")), "must be a valid enum value", "/elements/0/style"),
    (acts(button("x", "a", block_id="b")), "invalid additional property: block_id", "/elements/0"),
    (sure({"title": words("t" * 101)}), most(101), "/elements/0/confirm/title/text"),
    (sure({"text": words("t" * 301)}), most(301), "/elements/0/confirm/text/text"),
    (sure({"deny": words("t" * 31)}), most(31), "/elements/0/confirm/deny/text"),
    (acts(button("x", "a"), button("y", "a")), TAKEN, "/elements/1/action_id"),
    (acts({"type": "overflow", "options": STAGES * 3}), "no more than 5 items allowed", "/elements/0/options"),
    (acts({"type": "radio_buttons", "options": STAGES * 6}), "no more than 10 items allowed", "/elements/0/options"),
    (select({"options": STAGES * 51}), "no more than 100 items allowed", "/elements/0/options"),
    (select({"options": []}), "no less than 1 items allowed", "/elements/0/options"),
    (select({}), "must provide exactly one of options or option_groups", "/elements/0"),
    (select({"options": STAGES, "initial_option": OTHER}), NOT_OFFERED, "/elements/0/initial_option"),
    (select({"options": [{"text": words("x" * 76), "value": "v"}]}), most(76), "/elements/0/options/0/text/text"),
    (select({"options": [{"text": words("x"), "value": "v" * 151}]}), most(151), "/elements/0/options/0/value"),
    (select({"options": [{**STAGES[0], "url": ADDRESS}]}), "invalid additional property: url", "/elements/0/options/0"),
    (acts({"type": "users_select", "placeholder": words("p" * 151)}), most(151), "/elements/0/placeholder/text"),
    (acts(MULTI), "unsupported type: multi_static_select", "/elements/0/type"),
    (acts({"type": "datepicker", "initial_date": "5.1.2026"}), "must be a valid date", "/elements/0/initial_date"),
    (asks("words", TEXT), "unsupported type: input", "/type"),
    (rich(), "no less than 1 items allowed", "/elements"),
    (rich(line({"type": "text", "text": ""})), "must be more than 0 characters", LINE + "/text"),
    (rich(line({**LETTER, "style": {"big": True}})), "invalid additional property: big", LINE + "/style"),
    (rich({**BULLETS, "style": "dash"}), "must be a valid enum value", "/elements/0/style"),
    (rich({"type": "rich_text_quote", "elements": [line()]}), "unsupported type: rich_text_section", LINE + "/type"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]}, "no more than 20 items allowed", "/rows/0"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "words", "place"), REFUSED)
def test_a_wrong_block_is_refused_where_it_is_wrong(block: Any, words: str, place: str) -> None:
    assert f"[ERROR] {words} [json-pointer:/blocks/0{place}]" in problems([block], "message")


def test_what_is_wrong_between_blocks_is_found() -> None:
    twice = problems([section("a", block_id="b"), section("c", block_id="b")], "message")
    assert twice == ['[ERROR] `block_id` "b" already exists [json-pointer:/blocks/1/block_id]']
    assert problems("no list", "message") == ["[ERROR] must provide an array [json-pointer:/blocks]"]
    assert "no more than 50" in problems([{"type": "divider"}] * 51, "message")[0]
    assert problems([{"type": "divider"}] * 100, "modal") == []


JUNK: list[Any] = [None, 1, "x", "", [], {}, True, [1], {"type": "button"}, {"type": 1}, ["a", {}]]


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a piece of JSON."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inside:
        yield from spots(part, (*path, name))


def spoilt(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """A copy with junk at one place."""
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = spoilt(value[path[0]], path[1:], junk)
    return copy


def test_the_judge_survives_any_junk_anywhere() -> None:
    view = form(*GOOD[:4], asks("a", TEXT), asks("b", MULTI))
    for path in spots(GOOD):
        for junk in JUNK:
            problems(spoilt(GOOD, path, junk), "message")
    for path in spots(view):
        for junk in JUNK:
            view_problems(spoilt(view, path, junk))


EAGER = {**TEXT, "focus_on_load": True}
REFUSED_VIEWS: list[tuple[Json, str, str]] = [
    ({"type": "modal", "blocks": []}, "missing required field: title", ""),
    ({"type": "modal", "title": words("t"), "blocks": [asks("a", TEXT)]}, "missing required field: submit", ""),
    (form(submit=words("s" * 25)), most(25), "/submit/text"),
    (form(close=words("s" * 25)), most(25), "/close/text"),
    (form(private_metadata="m" * 3001), most(3001), "/private_metadata"),
    (form(callback_id="c" * 256), most(256), "/callback_id"),
    (form(colour="red"), "invalid additional property: colour", ""),
    (form(*[{"type": "divider"}] * 101), "no more than 100 items allowed", "/blocks"),
    (form({"type": "markdown", "text": "x"}), "unsupported type: markdown", "/blocks/0/type"),
    (form(asks("a", button("x", "a"))), "unsupported type: button", "/blocks/0/element/type"),
    (form(asks("a", TEXT, label=words("l" * 2001))), most(2001), "/blocks/0/label/text"),
    (form(asks("a", TEXT, hint=words("l" * 2001))), most(2001), "/blocks/0/hint/text"),
    (form(typed({"max_length": 3001})), "must be less than or equal to 3000", "/blocks/0/element/max_length"),
    (form(typed({"min_length": 5, "max_length": 4})), CROSSED, "/blocks/0/element"),
    (form(typed({"max_length": 4, "initial_value": "12345"})), most(5), "/blocks/0/element/initial_value"),
    (form(asks("a", {"type": "number_input"})), "missing required field: is_decimal_allowed", "/blocks/0/element"),
    (form(asks("a", EAGER), asks("b", EAGER)), "only one element may have focus_on_load", "/blocks"),
    ({"type": "home", "blocks": [], "title": words("t")}, "invalid additional property: title", ""),
    ({"type": "page", "blocks": []}, "unsupported type: page", "/type"),
]  # fmt: skip


@pytest.mark.parametrize(("view", "words", "place"), REFUSED_VIEWS)
def test_a_wrong_view_is_refused_where_it_is_wrong(view: Json, words: str, place: str) -> None:
    assert f"[ERROR] {words} [json-pointer:/view{place}]" in view_problems(view)
