"""What Teams sends, and the requests that it means."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams_cards import card
from bot.teams_forms import form as drawn
from bot.teams_payloads import actor_of, click, form, form_again, spot_of
from handlers.answers import Button, Buttons, Card, Field, Form, Menu, Option
from handlers.request import Actor, Spot
from tests.test_teams_cards import of_type

CHANNEL = {
    "isGroup": True,
    "conversationType": "channel",
    "tenantId": "tenant-1",
    "id": "19:product@thread.tacv2;messageid=1481567603816",
}
ADA = {"id": "29:ada", "aadObjectId": "aad-ada", "name": "Ada"}


def activity(value: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An invoke as Teams sends it."""
    return {
        "type": "invoke",
        "id": "f:1",
        "timestamp": "2026-11-23T09:00:00.000Z",
        "from": ADA,
        "conversation": CHANNEL,
        "channelData": {"tenant": {"id": "tenant-1"}, "channel": {"id": "19:product@thread.tacv2"}},
        "replyToId": "1481567603816",
        "value": value,
        **more,
    }


def executed(action: dict[str, Any], **inputs: Any) -> dict[str, Any]:
    """A button pressed in a message."""
    data = {**action["data"], **inputs}
    return activity(
        {"action": {"type": action["type"], "verb": action.get("verb"), "data": data}, "trigger": "manual"},
        name="adaptiveCard/action",
    )


def only(made: Card, kind: str = "Action.Execute") -> dict[str, Any]:
    """The one button of a card."""
    return of_type(card(made), kind)[0]


VOTE = only(Card((Buttons((Button("Vote", "vote", "item-1"),)),), ""))
FIELDS = (
    Field(name="text", label="What hurts?", kind="words"),
    Field(name="reach", label="How many?", kind="number", optional=True),
    Field(name="marks", label="Which?", kind="choices", options=(Option("one", "1"), Option("two", "2"))),
)
FORM = Form(
    title="Log",
    action="log.form",
    submit="Log it",
    fields=FIELDS,
    token="token-1",
    about={"map": "m"},
    version=2,
)


def test_a_button_in_a_message_is_a_click() -> None:
    request = click(executed(VOTE))
    assert request is not None
    assert request.actor == Actor("teams", "tenant-1", "aad-ada", "Ada")
    assert request.spot == Spot("19:product@thread.tacv2")
    assert (request.action, request.value(), request.surface) == ("vote", "item-1", "click")
    assert (request.key, request.message) == ("c:f:1", "1481567603816")


def test_the_same_button_says_the_same_executed_submitted_and_in_a_dialog() -> None:
    data = VOTE["fallback"]["data"]
    for sent in (
        activity(data, type="message"),  # an old client: a message without words
        activity({"data": data, "context": {"theme": "default"}}, name="task/fetch"),
        activity({"data": data}, name="task/submit"),
    ):
        request = click(sent)
        assert request is not None
        assert (request.action, request.value()) == ("vote", "item-1")


def test_a_menu_says_what_was_picked() -> None:
    menu = Card((Buttons((Menu("Stage", "list.stage", (Option("Pay", "stage-1"),)),)),), "")
    name = of_type(card(menu), "Input.ChoiceSet")[0]["id"]
    request = click(executed(only(menu), **{name: "stage-1"}))
    assert request is not None
    assert (request.action, request.value()) == ("list.stage", "stage-1")


def test_a_form_comes_back_with_its_values_and_counts_once() -> None:
    send = drawn(FORM)["actions"][0]
    data = {**send["data"], "text": "It hurts\r\n\x00", "reach": 7, "marks": "1,2"}
    request = form(activity({"data": data}, name="task/submit"))
    assert request is not None
    assert (request.action, request.key, request.surface) == ("log.form", "f:token-1", "form")
    assert dict(request.values) == {"text": "It hurts\n", "reach": "7", "marks": ("1", "2")}
    assert dict(request.about) == {"map": "m", "version": "2"}
    assert click(activity({"data": data})) is None, "a form is no click"


def test_a_form_that_was_wrong_is_drawn_again_with_what_was_typed() -> None:
    send = drawn(FORM)["actions"][0]
    again = form_again(activity({"data": {**send["data"], "text": "It hurts", "marks": "2"}}))
    assert again is not None
    rendered = drawn(again, {"reach": "A whole number, please."})
    assert of_type(rendered, "Input.Text")[0]["value"] == "It hurts"
    assert of_type(rendered, "Input.ChoiceSet")[0]["value"] == "2"
    assert rendered["actions"][0]["data"] == send["data"], "the same form, to be counted once"


def test_people_are_known_by_tenant_and_object_id_and_never_by_mail() -> None:
    assert actor_of(activity({}, **{"from": {"id": "29:x", "email": "a@b.example"}})) == Actor(
        "teams", "tenant-1", "29:x"
    )
    assert actor_of(activity({}, channelData={}, conversation={"id": "a"})) is None


@pytest.mark.parametrize(
    ("conversation", "spot"),
    [
        ({"id": "a:1", "conversationType": "personal"}, Spot("a:1", "", direct=True, private=True)),
        (
            {"id": "19:g@thread.v2", "conversationType": "groupChat", "name": "Dinner"},
            Spot("19:g@thread.v2", "Dinner", private=True),
        ),
        ({}, None),
    ],
)
def test_a_place_is_a_channel_a_chat_or_a_person(conversation: Any, spot: Spot | None) -> None:
    assert spot_of(activity({}, conversation=conversation)) == spot


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["mapkeeper", "data", "action", "value", "token", "about", "form", "pick", "id"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(JUNK)
def test_junk_is_no_request_and_no_crash(junk: Any) -> None:
    for sent in (
        {"value": junk},
        activity({"data": junk}),
        activity({"mapkeeper": junk}),
        {**activity({}), "value": junk},
    ):
        for read in (click, form):
            request = read(sent)
            assert request is None or request.actor.user
        form_again(sent)
