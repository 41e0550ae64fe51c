"""What Slack sends is read as Bolt would read it."""

import json
from urllib.parse import parse_qsl, urlencode

from hypothesis import example, given
from hypothesis import strategies as st
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack_body import form_fields, read_body
from bot.slack_bolt import FromPerson, bolt_request

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FIELDS = st.dictionaries(st.text(), st.text())


@given(FIELDS)
@example({"text": "pay: 100% & more + ✓ = ?", "response_url": "https://hooks.slack.com/commands/T0/1/x"})
def test_the_fields_of_a_form_are_those_that_were_sent(fields: dict[str, str]) -> None:
    try:
        sent = urlencode(fields)
    except UnicodeEncodeError:
        return  # half a character, which no form can carry
    assert form_fields(sent) == fields


@given(st.text(alphabet="a%235+&=AFé✓:;\n", max_size=40))
@example("%%%=%zz&text=%ff%fe")
@example("&&a&=b&a=c")
@example("a=%253A%%2f%2F%e2%3A%3%3AA&%3A%26=%3D")
def test_what_is_no_proper_form_is_read_as_the_standard_library_reads_it(form: str) -> None:
    assert form_fields(form) == dict(parse_qsl(form, keep_blank_values=True))


def test_commands_clicks_and_events_are_read_as_bolt_reads_them() -> None:
    click = {"type": "block_actions", "user": {"id": "U0"}, "message": {"text": "cut 🗺️"[:5] + "\ud83d"}}
    for body, kind in (
        (urlencode({"command": "/pain", "text": "pay: slow & dear"}), FORM),
        (urlencode({"payload": json.dumps(click)}), FORM),
        (json.dumps({"type": "event_callback", "event": {"type": "reaction_added"}}), JSON),
        (json.dumps({"type": "event_callback"}), f"{JSON}; charset=utf-8"),
        ("", FORM),
    ):
        assert (
            read_body(body.encode(), kind) == AsyncBoltRequest(body=body, headers={"content-type": kind}).body
        )


def test_what_comes_from_a_person_is_a_request_to_bolt_like_any_other() -> None:
    body = {"command": "/pain", "text": "pay: slow"}
    ours, bolts = (
        bolt_request(urlencode(body).encode(), FORM),
        AsyncBoltRequest(body=body, mode="socket_mode"),
    )
    assert isinstance(ours, FromPerson)
    looked_for = {"context": None}  # which Bolt fills with what it finds in the body
    assert vars(ours) | looked_for == vars(bolts) | looked_for
    assert type(ours.context) is type(bolts.context)


def test_events_within_events_are_none_of_slacks_however_deep() -> None:
    read = [bolt_request(b'{"event":' * depth + b"{}" + b"}" * depth, JSON) for depth in range(1, 1_100)]
    assert read[0] is not None
    assert read[-1] is None  # deeper than we read; and in between, deeper than Bolt follows
