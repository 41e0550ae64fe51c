"""Slack's payloads become requests: what people typed, as they typed it, and nothing for what makes no sense."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import payloads, slack_payloads
from bot.playground.reading import escaped, plain
from handlers.request import Actor, Spot
from tests.world import World

ADA = {"team_id": "T1", "user_id": "U1", "user_name": "ada"}
COMMAND = {
    **ADA,
    "command": "/pain",
    "text": "pay: slow",
    "trigger_id": "1.2",
    "channel_id": "C1",
    "channel_name": "product",
}
CLICK: dict[str, Any] = {
    "user": {"id": "U1", "username": "ada"},
    "team": {"id": "T1"},
    "trigger_id": "1.2",
    "channel": {"id": "C1", "name": "product"},
    "container": {"message_ts": "17.1"},
    "actions": [{"action_id": "vote|0", "value": "item"}],
}
EVENT: dict[str, Any] = {
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "+1",
        "event_ts": "17.2",
        "item": {"type": "message", "channel": "C1", "ts": "17.1"},
    },
}


@pytest.mark.parametrize(
    ("command", "text", "action", "rest"),
    [
        ("/pain", "pay: slow", "log.pain", "pay: slow"),
        ("/idea", "", "log.idea", ""),
        ("/quote", "pay: “no” — Dana", "log.quote", "pay: “no” — Dana"),
        ("/gain", "  pay: fast", "log.gain", "  pay: fast"),
        ("/journey", "", "home", ""),
        ("/journey", "Pain pay: slow", "log.pain", "pay: slow"),
        ("/journey", "ideas", "log.idea", ""),
        ("/journey", "list pay", "list", "pay"),
        ("/journey", "new  Dinner with  friends ", "map.new", "Dinner with  friends"),
        ("/journey", "dance with me", "unknown", "dance with me"),
        ("/anything", "map", "map", ""),
    ],
)
def test_a_command_is_read_into_an_action_and_its_words(
    command: str, text: str, action: str, rest: str
) -> None:
    request = slack_payloads.command({**COMMAND, "command": command, "text": text})
    assert request
    assert (request.action, request.text, request.surface, request.key) == (action, rest, "command", "c:1.2")
    assert request.actor == Actor("slack", "T1", "U1", "ada")
    assert request.spot == Spot("C1", "product", private=False)


@pytest.mark.parametrize(
    ("channel", "name", "spot"),
    [
        ("C1", "product", Spot("C1", "product", private=False)),
        ("D1", "directmessage", Spot("D1", "", direct=True, private=True)),
        ("G1", "privategroup", Spot("G1")),
        ("C1", "mpdm-ada--ben-1", Spot("C1")),
        ("C1", "", Spot("C1")),
        ("", "", None),
    ],
)
def test_a_place_is_public_only_where_slack_names_it(channel: str, name: str, spot: Spot | None) -> None:
    request = slack_payloads.command({**COMMAND, "channel_id": channel, "channel_name": name})
    assert request
    assert request.spot == spot


@given(st.text())
def test_words_come_back_as_they_were_before_slack_escaped_them(words: str) -> None:
    assert slack_payloads.unescaped(escaped(words)) == words


@given(st.text(), st.sampled_from(["\x00", "\x07", "\x1b", "\x7f", "\ud800", "\udfff"]))
def test_what_no_database_keeps_is_left_out_and_the_rest_kept(words: str, broken: str) -> None:
    cleaned = payloads.cleaned(words + broken + words)
    assert broken not in cleaned
    assert payloads.cleaned(cleaned) == cleaned
    cleaned.encode()
    if words.isprintable():
        assert cleaned == words * 2


def test_lines_end_alike_whatever_wrote_them() -> None:
    assert payloads.cleaned("one\r\ntwo\rthree\nfour\tfive") == "one\ntwo\nthree\nfour\tfive"


def test_a_click_is_read_whatever_was_clicked() -> None:
    request = slack_payloads.click(CLICK)
    assert request
    assert (request.action, request.value(), request.key, request.message) == (
        "vote",
        "item",
        "c:1.2",
        "17.1",
    )
    picked = {"action_id": "list.stage|1", "selected_option": {"value": "stage"}}
    request = slack_payloads.click({**CLICK, "actions": [picked]})
    assert request
    assert (request.action, request.value()) == ("list.stage", "stage")
    more = {"action_id": "more|3", "selected_option": {"value": "item.remove item"}}
    request = slack_payloads.click({**CLICK, "actions": [more]})
    assert request
    assert (request.action, request.value()) == ("item.remove", "item")


def test_a_click_in_a_form_happens_where_the_form_was_opened() -> None:
    carried = json.dumps({"token": "t", "about": {}, "where": {"channel": "C9", "name": "general"}})
    body = {key: value for key, value in CLICK.items() if key != "channel"} | {
        "view": {"private_metadata": carried}
    }
    request = slack_payloads.click(body)
    assert request
    assert request.spot == Spot("C9", "general", private=False)


def test_a_form_carries_its_values_whatever_their_inputs() -> None:
    values = {
        "text": {"value": {"type": "plain_text_input", "value": "slow\x00"}},
        "empty": {"value": {"type": "plain_text_input", "value": None}},
        "due": {"value": {"type": "datepicker", "selected_date": "2027-01-31"}},
        "owner": {"value": {"type": "users_select", "selected_user": "U2"}},
        "stage": {"value": {"type": "static_select", "selected_option": {"value": "s1"}}},
        "none": {"value": {"type": "static_select", "selected_option": None}},
        "many": {
            "value": {"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]}
        },
        "odd": [],
        "odder": {"value": 7},
    }
    carried = json.dumps({"token": "t", "about": {"map": "m"}, "where": {}})
    view = {"callback_id": "log.form", "private_metadata": carried, "state": {"values": values}}
    request = slack_payloads.form({**CLICK, "view": view})
    assert request
    assert (request.action, request.key, request.about) == ("log.form", "f:t", {"map": "m"})
    assert request.values == {
        "text": "slow",
        "empty": "",
        "due": "2027-01-31",
        "owner": "U2",
        "stage": "s1",
        "none": "",
        "many": ("a", "b"),
    }


@pytest.mark.parametrize(
    "carried", ["", "{", "[]", "null", '{"token": 7}', '{"about": {"a": []}}', "x" * 3_000, '"\\ud800"']
)
def test_a_form_that_carries_nonsense_is_nobodys(carried: str) -> None:
    assert (
        slack_payloads.form({**CLICK, "view": {"callback_id": "log.form", "private_metadata": carried}})
        is None
    )


def test_a_reaction_is_read_added_and_removed() -> None:
    request = slack_payloads.reaction(EVENT)
    assert request
    assert (request.action, request.key, request.message, request.spot) == (
        "mark",
        "e:Ev1",
        "17.1",
        Spot("C1"),
    )
    assert request.values == {"emoji": "+1", "at": "17.2", "active": "yes"}
    taken = slack_payloads.reaction({**EVENT, "event": {**EVENT["event"], "type": "reaction_removed"}})
    assert taken
    assert taken.value("active") == "no"
    file = {**EVENT["event"], "item": {"type": "file", "file": "F1"}}
    assert slack_payloads.reaction({**EVENT, "event": file}) is None


JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(["command", "click", "form", "reaction"]), st.data())
def test_payloads_of_any_shape_are_read_or_left_alone(reader: str, data: st.DataObject) -> None:
    known = {"command": COMMAND, "click": CLICK, "form": CLICK, "reaction": EVENT}[reader]
    changed = data.draw(
        st.dictionaries(st.sampled_from([*known, "view", "event", "container"]), JSON_VALUES, max_size=4)
    )
    request = getattr(slack_payloads, reader)({**known, **changed})
    assert request is None or (request.actor.user and request.key)


async def test_zero_bytes_and_halves_of_characters_are_kept_from_both_databases(each_world: World) -> None:
    world = each_world
    await world.start_map()
    reply = await world.slack.command("ben", "product", "/pain", "pay:\x00 card\x07 declined \x1b[31mtwice")
    assert "Got it: P-1 on Pay." in reply.text
    shown = await world.slack.command("ben", "product", "/journey", "show P-1")
    assert "card declined [31mtwice" in shown.text
    form = (await world.slack.command("ben", "product", "/idea", "pay:")).view
    assert form
    done = await world.slack.submit("ben", form, {"text": "by phone\x00", "touchpoint": "till\x00"})
    assert "Got it: I-1 on Pay." in done.text
    nothing = await world.slack.command("ben", "product", "/pain", "\x00")
    assert nothing.opened
    await world.until(lambda: any("card declined" in plain(m) for m in world.messages()))
