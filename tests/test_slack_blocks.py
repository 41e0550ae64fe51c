"""Cards and forms as Block Kit: whatever people write, Slack takes it and nothing in it comes alive."""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.playground.blocks import elements_of, problems, text_length, view_problems
from bot.playground.reading import ENTITY, entities, plain
from bot.slack_blocks import blocks, done_view, message, private, view
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
    Part,
    Quiet,
    Rows,
    Rule,
    Title,
    Words,
)
from handlers.text import Run, theirs

HOSTILE = (
    "<!channel> <!here> <!everyone>",
    "<@U123> <#C123> <!subteam^S123>",
    "<https://evil.example|your bank>",
    "https://evil.example and mailto:ada@example.org",
    "@here @channel :tada: *bold* _it_ ~s~ `code` ```block```",
    "&lt;!channel&gt; &amp;lt;",
    "שלום, הכרטיס נדחה פעמיים \u202eabc\u202c",
    "👩‍👩‍👧‍👦" * 40,
    "card declined " * 260,
    "&<>" * 1_200,
    "",
    " ",
    "\n",
    "one line\nanother\n\n\nand one more",
    "- a list\n- of\n- things",
    "\x00\x07\x1b[31m\u2028\u200b",
    "%s {name} {0} ** **",
)
LONG = st.builds(
    lambda words, length: (words * length)[:length],
    st.text(min_size=1, max_size=9),
    st.integers(2_900, 3_200),
)
WORDS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60), LONG)
SHORT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
RUNS = st.builds(Run, text=WORDS, bold=st.booleans(), theirs=st.booleans())
TEXTS = st.lists(RUNS, max_size=4).map(tuple)
IDS = st.text("abcdef0123456789", min_size=1, max_size=26)
FEW_OPTIONS = st.lists(st.builds(Option, label=SHORT, value=st.one_of(IDS, SHORT)), max_size=7).map(tuple)
MANY_OPTIONS = st.builds(
    lambda label, most: tuple(Option(f"{label} {n}", f"{n}") for n in range(most)), WORDS, st.integers(0, 130)
)
OPTIONS = st.one_of(FEW_OPTIONS, MANY_OPTIONS)
BUTTONS = st.builds(
    Button,
    label=SHORT,
    action=st.sampled_from(["vote", "item.edit"]),
    value=st.one_of(IDS, WORDS),
    style=st.sampled_from(["plain", "primary", "danger"]),
    confirm=SHORT,
)
MENUS = st.builds(Menu, label=SHORT, action=st.just("list.stage"), options=OPTIONS)
MORES = st.builds(More, options=OPTIONS)
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Title, text=TEXTS),
    st.builds(Words, text=TEXTS, quoted=st.booleans()),
    st.builds(Line, text=TEXTS),
    st.builds(Quiet, text=TEXTS),
    st.builds(Rows, rows=st.lists(TEXTS, max_size=12).map(tuple)),
    st.builds(Rule),
    st.builds(Buttons, items=st.lists(st.one_of(BUTTONS, MENUS, MORES), max_size=6).map(tuple)),
)
CARDS = st.builds(Card, parts=st.lists(PARTS, max_size=12).map(tuple), summary=WORDS)
KINDS = ("line", "words", "number", "date", "time", "choice", "choices", "person", "mark")
BOUNDS = st.one_of(st.none(), st.integers(-10, 10))
VALUES = st.one_of(
    WORDS,
    st.sampled_from(
        ["7", "-3", "2026-11-23", "2026-13-45", "20261123", "09:30", "09:30:15", "25:00", "U0ADA", "u0", "٣"]
    ),
    st.lists(SHORT, max_size=4).map(tuple),
)
FIELDS = st.builds(
    Field,
    name=st.just("field"),
    label=SHORT,
    kind=st.sampled_from(KINDS),
    value=VALUES,
    options=OPTIONS,
    optional=st.booleans(),
    hint=WORDS,
    placeholder=WORDS,
    longest=st.integers(0, 5_000),
    least=BOUNDS,
    most=BOUNDS,
)
NOTES = st.builds(Note, text=TEXTS)


def numbered(fields: list[Field | Note]) -> tuple[Field | Note, ...]:
    """Names of fields are ours, each its own."""
    named = (
        Field(**{name: getattr(field, name) for name in field.__struct_fields__} | {"name": f"field{n}"})
        if isinstance(field, Field)
        else field
        for n, field in enumerate(fields)
    )
    return tuple(named)


FORMS = st.builds(
    Form,
    title=WORDS,
    action=st.just("log.form"),
    submit=WORDS,
    fields=st.lists(st.one_of(FIELDS, NOTES), max_size=8).map(numbered),
    token=IDS,
    about=st.dictionaries(st.sampled_from(["map", "item"]), IDS),
)
# Building big cards is slow, and a busy machine slower.
FEWER = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WHERE = {"channel": "C0PRODUCT", "name": "product"}


@FEWER
@given(CARDS)
@example(Card((Words(theirs("x" * 3_001)), Buttons((Button("Vote", "vote", "1"),))), "x" * 3_001))
@example(Card((), ""))
def test_slack_takes_every_card_and_nothing_in_it_is_alive(card: Card) -> None:
    for rendered in (message(card), private(card)):
        assert problems(rendered["blocks"], "message") == []
        assert entities(rendered["blocks"]) == []
        assert ENTITY.findall(rendered["text"]) == []
        assert len(rendered["blocks"]) <= 50
        assert text_length(rendered["blocks"]) <= 13_000
        assert len(rendered["text"]) <= 4_000, "chat.update takes no more"
        assert no_markup(rendered["blocks"])


@FEWER
@given(CARDS)
def test_slack_takes_every_card_in_a_form_too(card: Card) -> None:
    shown = done_view(card, WHERE)
    assert view_problems(shown) == []
    assert entities(shown) == []


@FEWER
@given(FORMS)
def test_slack_takes_every_form_and_nothing_in_it_is_alive(form: Form) -> None:
    shown = view(form, WHERE)
    assert view_problems(shown) == []
    assert entities(shown) == []
    assert len(shown["blocks"]) <= 100
    assert len(shown["private_metadata"]) <= 3_000
    assert no_markup(shown["blocks"])


@pytest.mark.parametrize("words", HOSTILE)
def test_peoples_words_stand_in_a_card_as_they_wrote_them(words: str) -> None:
    shown = plain(blocks(Card((Words(theirs(words)), Words(theirs(words), quoted=True)), ""), 48))
    assert shown.count(words) >= (2 if words.strip() else 0)


def test_a_long_card_keeps_its_buttons() -> None:
    words = tuple(Line(theirs("x" * 2_900)) for _ in range(9))
    shown = blocks(Card((*words, Buttons((Button("Vote", "vote", "1"),))), ""), 48)
    assert plain(shown).endswith("[Vote]")
    assert "…" in plain(shown)


def test_a_card_of_a_hundred_parts_keeps_to_slacks_number_of_blocks() -> None:
    shown = blocks(Card(tuple(Line(theirs(f"line {n}")) for n in range(100)), ""), 48)
    assert len(shown) == 48


def test_a_menu_of_a_hundred_long_names_offers_all_of_them() -> None:
    options = tuple(Option(f"{n} {'long ' * 30}", f"{n}") for n in range(100))
    shown = blocks(
        Card((Line(theirs("x" * 9_000)), Buttons((Menu("Stage", "list.stage", options),))), ""), 48
    )
    menu = elements_of(shown[-1])[0]
    assert [option["value"] for option in menu["options"]] == [f"{n}" for n in range(100)]
    assert text_length(shown) <= 13_000


def test_a_menu_or_a_row_of_buttons_with_nothing_in_it_is_left_out() -> None:
    empty = (Buttons(()), Buttons((Menu("Stage", "list.stage", ()), More(()))), Rows(()))
    assert blocks(Card(empty, ""), 48) == []


def test_only_what_was_ticked_is_ticked() -> None:
    options = (Option("one", "1"), Option("two", "2"), Option("twelve", "12"))
    for kind in ("choices", "mark"):
        field = Field(name="which", label="Which?", kind=kind, options=options, value=("12",))
        shown = view(Form(title="T", action="a", submit="S", fields=(field,), token="t"), WHERE)
        assert [one["value"] for one in shown["blocks"][0]["element"]["initial_options"]] == ["12"]


def test_a_word_of_ours_is_bold_and_a_word_of_theirs_stays_a_word() -> None:
    shown = blocks(
        Card((Line((Run("Got it: "), Run("P-1", bold=True), Run(" *P-2*", theirs=True))),), ""), 48
    )
    assert shown[0]["elements"][0]["elements"] == [
        {"type": "text", "text": "Got it: "},
        {"type": "text", "text": "P-1", "style": {"bold": True}},
        {"type": "text", "text": " *P-2*"},
    ]


def no_markup(value: Any) -> bool:
    """Is there no mrkdwn in it, and no plain text in which :tada: would become a picture?"""
    if isinstance(value, list):
        return all(map(no_markup, value))
    if not isinstance(value, dict):
        return True
    if value.get("type") == "mrkdwn" or value.get("emoji") is True:
        return False
    return all(map(no_markup, value.values()))


def test_somebody_is_called_by_their_id_and_never_by_what_they_are_called() -> None:
    (block,) = message(Card((Mention("U0BEN", "Ben"),), ""))["blocks"]
    assert block["elements"][0]["elements"] == [{"type": "user", "user_id": "U0BEN"}]
    (block,) = message(Card((Mention("<!channel>", "<!channel>"),), ""))["blocks"]
    assert block["elements"][0]["elements"] == [{"type": "text", "text": "<!channel>"}]
