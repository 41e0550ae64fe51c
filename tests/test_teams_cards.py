"""Cards and forms as Adaptive Cards: whatever people write, Teams takes it and nothing in it comes alive."""

import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import example, given

from bot.teams_cards import card, message, weight
from bot.teams_forms import dialog, form, told
from bot.teams_text import JOINER, inert, label, spoken
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
from handlers.text import Run, theirs
from handlers.words import say
from tests.test_slack_blocks import CARDS, FEWER, FORMS, HOSTILE, KINDS, WORDS

KB_28 = 28 * 1024
ALIVE = (
    "[your bank](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "**bold** _it_ __both__ ~~gone~~ `code`",
    "<at>Ada</at> <img src=x onerror=alert(1)> <https://evil.example> <b>",
    "https://evil.example mailto:ada@example.org www.evil.example",
    "# Heading",
    "- a list\n1. of\n> things\n\n---\n    code",
    "{{DATE(2026-11-23T09:00:00Z, SHORT)}}",
    "&lt;b&gt; &#42;&#42;bold&#42;&#42;",
    r"\[x\] \*",
    "| a | b |\n|---|---|",
)
STRINGS = ("title", "label", "placeholder", "errorMessage", "fallbackText", "summary", "subtitle", "altText")
# What a Markdown or HTML reader could take for something else than words.
MARKDOWN = re.compile(
    r"[*`~\[\]<>|]|(?<!\w)_|_(?!\w)|&(?:#|\w)|\\[^\w\s\u2060]|\{\{(?:DATE|TIME)"
    r"|\b(?:https?|ftp|mailto|tel):|\bwww\.|@\w|^\s*(?:[-+#=]|\d+[.)])|^(?:\s{4}|\t)",
    re.MULTILINE,
)


def elements(value: Any) -> Iterator[dict[str, Any]]:
    """Everything in a card that is drawn, from the outside in; not the data that goes back."""
    if isinstance(value, list):
        for one in value:
            yield from elements(one)
    if isinstance(value, dict):
        yield value
        for name, one in value.items():
            if name not in ("data", "fallback"):
                yield from elements(one)


def shown(value: Any) -> str:
    """What stands on a card, line by line."""
    return "\n".join(
        "".join(run["text"] for run in one["inlines"])
        for one in elements(value)
        if one.get("type") == "RichTextBlock"
    )


def of_type(value: Any, kind: str) -> list[dict[str, Any]]:
    """The elements of that type."""
    return [one for one in elements(value) if one.get("type") == kind]


def live(value: Any) -> list[str]:
    """Every string that a client may read as Markdown, and in which it would find some."""
    found = []
    for one in elements(value):
        assert one.get("type") not in ("TextBlock", "FactSet", "Image", "Action.OpenUrl"), (
            "these read Markdown"
        )
        if one.get("type") == "TextRun":
            found += re.findall(r"\{\{(?:DATE|TIME)\(", one["text"])
            continue
        found += [
            words for name in STRINGS if isinstance(words := one.get(name), str) and MARKDOWN.search(words)
        ]
    return found


@FEWER
@given(CARDS)
@example(Card((Words(theirs("x" * 3_001)), Buttons((Button("Vote", "vote", "1"),))), "x" * 3_001))
@example(Card((), ""))
@example(Card(tuple(Line(theirs(words)) for words in ALIVE), ALIVE[0]))
@example(Card((Buttons(tuple(Button(words, "vote", "1", confirm=words) for words in ALIVE)),), ALIVE[3]))
@example(Card((Buttons((Menu(ALIVE[0], "list.stage", tuple(Option(words, "1") for words in ALIVE)),)),), ""))
def test_a_card_is_small_enough_and_nothing_in_it_is_alive(made: Card) -> None:
    for rendered in (card(made), card(made, dialog=True), message(made), told(made)):
        assert weight(rendered) < KB_28 + 4_000
        assert live(rendered) == []
    assert weight(card(made)) < KB_28


@FEWER
@given(FORMS)
def test_nothing_in_a_form_is_alive(asked: Form) -> None:
    names = [one.name for one in asked.fields if isinstance(one, Field)]
    for rendered in (dialog(asked), dialog(asked, dict.fromkeys(names, "Please mend this."))):
        assert live(rendered) == []
        ids = [one["id"] for one in elements(rendered) if str(one.get("type")).startswith("Input.")]
        assert len(ids) == len(set(ids))


@given(WORDS)
@example("snake_case stays, 5 > 3 does not")
def test_a_label_reads_as_it_was_written(words: str) -> None:
    alike = str.maketrans("∗ˋ∼［］‹›ǀ＿", "*`~[]<>|_")
    assert inert(words).replace(JOINER, "").translate(alike) == words.translate(alike).replace(JOINER, "")


@pytest.mark.parametrize("words", [*HOSTILE, *ALIVE])
def test_peoples_words_stand_in_a_card_as_they_wrote_them(words: str) -> None:
    rendered = card(Card((Words(theirs(words)), Line(theirs(words))), ""))
    assert shown(rendered).replace(JOINER, "").count(words) == 2 or not words.strip()


def test_a_long_card_keeps_its_buttons() -> None:
    words = tuple(Line(theirs("語" * 2_900)) for _ in range(9))
    rendered = card(Card((*words, Buttons((Button("Vote", "vote", "1"),))), ""))
    assert [one["title"] for one in of_type(rendered, "Action.Execute")] == ["Vote"]
    assert "…" in shown(rendered)
    assert weight(rendered) < KB_28


def test_a_button_is_executed_and_submitted_where_a_client_cannot() -> None:
    (vote,) = of_type(
        card(Card((Buttons((Button("Vote", "vote", "1", style="primary"),)),), "")), "Action.Execute"
    )
    assert vote["verb"] == "vote"
    assert vote["data"] == {"mapkeeper": {"action": "vote", "value": "1"}}
    assert vote["style"] == "positive"
    assert vote["fallback"] == {
        "type": "Action.Submit",
        "title": "Vote",
        "data": vote["data"],
        "associatedInputs": "none",
        "style": "positive",
    }


def test_a_button_that_opens_a_form_fetches_a_dialog_and_in_a_dialog_is_just_sent() -> None:
    edit = Card((Buttons((Button("Edit", "item.edit", "1"),)),), "")
    (fetching,) = of_type(card(edit), "Action.Submit")
    assert fetching["data"]["msteams"] == {"type": "task/fetch"}
    (sending,) = of_type(card(edit, dialog=True), "Action.Submit")
    assert "msteams" not in sending["data"]


def test_the_quiet_menu_goes_into_the_overflow_and_so_does_a_seventh_button() -> None:
    more = More((Option("Remove", "item.remove 1"),))
    row: tuple[Button | More, ...] = (*(Button(f"{n}", "vote", "1") for n in range(7)), more)
    actions = of_type(card(Card((Buttons(row),), "")), "Action.Execute")
    assert [one.get("mode", "primary") for one in actions] == ["primary"] * 6 + ["secondary"] * 2
    assert actions[-1]["data"] == {"mapkeeper": {"action": "item.remove", "value": "1"}}


def test_a_menu_of_a_hundred_long_names_offers_all_of_them() -> None:
    options = tuple(Option(f"{n} {'long ' * 30}", f"{n}" * 12) for n in range(100))
    rendered = card(Card((Line(theirs("x" * 9_000)), Buttons((Menu("Stage", "list.stage", options),))), ""))
    (menu,) = of_type(rendered, "Input.ChoiceSet")
    assert [one["value"] for one in menu["choices"]] == [one.value for one in options]
    assert weight(rendered) < KB_28


def test_a_menu_or_a_row_of_buttons_with_nothing_in_it_is_left_out() -> None:
    empty = (Buttons(()), Buttons((Menu("Stage", "list.stage", ()), More(()))), Rows(()), Rule())
    assert card(Card(empty, ""))["body"] == []


def test_a_rule_is_a_hairline_above_what_follows() -> None:
    body = card(Card((Rule(), Title(theirs("a")), Rule(), Quiet(theirs("b")), Rule()), ""))["body"]
    assert [one.get("separator", False) for one in body] == [False, True]


def test_a_button_that_asks_first_shows_its_question() -> None:
    asking = Button("Remove", "item.remove", "1", style="danger", confirm="Really?")
    (ask,) = of_type(card(Card((Buttons((asking,)),), "")), "Action.ShowCard")
    assert shown(ask["card"]) == "Really?"
    assert of_type(ask["card"], "Action.Execute")[0]["style"] == "destructive"


def test_every_kind_of_input_has_its_label_and_its_mark_if_it_is_required() -> None:
    options = (Option("one", "1"), Option("two", "2"))
    fields = tuple(
        Field(name=kind, label=kind, kind=cast(Any, kind), options=options, optional=kind == "line")
        for kind in KINDS
    )
    asked = form(Form(title="T", action="log.form", submit="Log it", fields=fields, token="t"))
    inputs = [one for one in elements(asked["body"]) if str(one.get("type")).startswith("Input.")]
    assert [one["label"] for one in inputs] == list(KINDS)
    assert [one.get("isRequired", False) for one in inputs] == [kind != "line" for kind in KINDS]
    assert all(one["errorMessage"] for one in inputs if one.get("isRequired"))


def test_a_wrong_field_says_so_right_below_it_and_the_form_above_all() -> None:
    fields = (Field(name="text", label="What hurts?"), Field(name="link", label="Links", optional=True))
    asked = Form(title="T", action="log.form", submit="Log it", fields=fields, token="t")
    body = form(asked, {"link": "A link, please."})["body"]
    assert "Almost there" in shown(body[:1])
    assert [one.get("id") or shown(one) for one in body[1:]] == ["text", "link", "A link, please."]


def test_a_form_with_all_that_people_can_write_is_small_enough() -> None:
    stages = tuple(Option("ß" * 150, f"{n:026}") for n in range(14))
    fields = (
        Note(theirs("x" * 9_000)),
        Field(name="stage", label="Stage", kind="choice", options=stages, value="0" * 26),
        Field(name="text", label="What hurts?", kind="words", value="語" * 3_000),
    )
    asked = Form(title="T", action="log.form", submit="Log it", fields=fields, token="t")
    rendered = form(asked, {"text": "Too long."})
    assert weight(rendered) < KB_28
    assert of_type(rendered, "Input.Text")[0]["value"] == "語" * 3_000


def test_commands_are_named_as_one_gives_them_in_teams() -> None:
    assert spoken("/journey help lists the rest") == "@Mapkeeper help lists the rest"
    assert spoken("/journey") == "@Mapkeeper"
    assert spoken("/pain ") == "@Mapkeeper pain "
    assert spoken("invite me with /invite @Mapkeeper") == "invite me with Manage team › Apps"
    assert spoken("either/or and/") == "either/or and/"
    assert shown(card(Card((Line(say("list empty", kind="gain", stage="pay")),), ""))).endswith(
        "@Mapkeeper gain pay: … adds the first."
    )
    typed = card(Card((Line((Run("/pain", theirs=True),)),), ""))
    assert shown(typed) == "/pain", "what somebody typed stays"


def test_a_label_is_one_line_and_never_empty() -> None:
    assert label(" a\n b ") == "a b"
    assert label("\n") == "–"


def test_somebody_is_called_by_an_entity_of_ours_whatever_their_name_says() -> None:
    made = card(Card((Title(theirs("a")), Mention("29:ben", "Ben</at> <at>all</at> [x](https://x)")), ""))
    (called,) = made["msteams"]["entities"]
    assert called["mentioned"]["id"] == "29:ben"
    assert made["body"][-1]["text"] == called["text"]
    assert called["text"].count("<") == 2
    assert called["text"].startswith("<at>Ben")
    assert "](" not in called["text"]
