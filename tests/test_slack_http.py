"""What strangers and broken clients send to Slack's door: refused before anything is read, and never a 5xx."""

import asyncio
import json
import random
import time
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

import bot.slack
from tests.peek import FORM, JSON, count, places, post, rows, signed, with_value
from tests.world import World

SAMPLES = Path(__file__).parents[2] / "shared" / "data" / "slack-payloads"  # beside the project, where kept
BODIES = {
    "nothing": b"",
    "spaces": b"  \n ",
    "half an object": b'{"type": "event_callback"',
    "a list": b'["type"]',
    "a number": b"17",
    "null": b"null",
    "a word": b"true",
    "not UTF-8": b'{"type": "\xff\xfe\xc3\x28"}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a huge number": b'{"type": ' + b"9" * 6_000 + b"}",
    "not a number": b'{"type": NaN, "event": Infinity}',
    "half a character": b'{"type": "event_callback", "team_id": "\\ud800", "event": {"type": "\\ud83d"}}',
    "a form": urlencode({"command": "/pain", "text": "pay: slow"}).encode(),
    "a form with half a payload": urlencode({"payload": "{"}).encode(),
    "a form with a list": urlencode({"payload": "[[[]]]"}).encode(),
    "a form with a null": urlencode({"payload": "null"}).encode(),
    "a form that says payload": b"payload",
    "many fields": b"&".join(b"a%d=1" % n for n in range(20_000)),
    "percent signs": b"%%%=%zz&text=%ff%fe",
    "zero bytes": b"\x00" * 1_000,
}
CONTENT_TYPES = (
    JSON,
    FORM,
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "",
)
WRONG_VALUES: tuple[Any, ...] = (None, 0, "", "x", "\x00\ud800", True, [], {}, [[]], {"x": {}}, 10**30)
WRONG = {
    "no signature": lambda world, body: {},
    "only a time": lambda world, body: {"X-Slack-Request-Timestamp": str(int(time.time()))},
    "only a signature": lambda world, body: {"X-Slack-Signature": signed(world, body)["X-Slack-Signature"]},
    "garbage": lambda world, body: signed(world, body) | {"X-Slack-Signature": "garbage"},
    "an empty mark": lambda world, body: signed(world, body) | {"X-Slack-Signature": "v0="},
    "another version": lambda world, body: (
        signed(world, body)
        | {"X-Slack-Signature": signed(world, body)["X-Slack-Signature"].replace("v0", "v1")}
    ),
    "letters beyond ASCII": lambda world, body: signed(world, body) | {"X-Slack-Signature": "v0=дä🗺️"},
    "another secret": lambda world, body: signed(world, body, secret="not it"),
    "an empty secret": lambda world, body: signed(world, body, secret=""),
    "another body": lambda world, body: signed(world, body + b" "),
    "late": lambda world, body: signed(world, body, at=time.time() - 305),
    "early": lambda world, body: signed(world, body, at=time.time() + 305),
    "a time that is no number": lambda world, body: (
        signed(world, body) | {"X-Slack-Request-Timestamp": "yesterday"}
    ),
    "a time with a fraction": lambda world, body: (
        signed(world, body) | {"X-Slack-Request-Timestamp": f"{time.time()}"}
    ),
    "a time below zero": lambda world, body: signed(world, body) | {"X-Slack-Request-Timestamp": "-1"},
    "a huge time": lambda world, body: signed(world, body) | {"X-Slack-Request-Timestamp": "9" * 4_000},
    "Arabic digits": lambda world, body: signed(world, body) | {"X-Slack-Request-Timestamp": "١٧٦٣٨٥٦٠٠٠"},
    "superscript digits": lambda world, body: signed(world, body) | {"X-Slack-Request-Timestamp": "²³"},
    "a time of spaces": lambda world, body: signed(world, body) | {"X-Slack-Request-Timestamp": " 1 "},
}


async def test_what_is_not_signed_is_refused_before_anything_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(bot.slack, "bolt_request", lambda body, kind: read.append(body))
    async with aiohttp.ClientSession() as session:
        for (wrong, headers), (what, body) in product(WRONG.items(), BODIES.items()):
            status, answer = await post(world, body, headers(world, body), session=session)
            assert (status, answer) == (401, ""), f"{what}, signed with {wrong}"
    assert not read, "nothing is parsed that is not Slack's"
    nothing_happened(world)


async def test_signed_nonsense_of_every_content_type_gets_a_plain_answer(world: World) -> None:
    async with aiohttp.ClientSession() as session:
        for (what, body), kind in product(BODIES.items(), CONTENT_TYPES):
            status, _ = await post(world, body, signed(world, body, kind), session=session)
            assert status in (200, 400), f"{what} as {kind or 'nothing'}: {status}"
    nothing_happened(world)


@pytest.mark.parametrize("what", ["half an object", "a list", "not UTF-8", "deep"])
async def test_broken_json_is_a_bad_request_only_from_slack_itself(world: World, what: str) -> None:
    body = BODIES[what]
    assert (await post(world, body, signed(world, body)))[0] == 400
    assert (await post(world, body, signed(world, body, secret="not it")))[0] == 401


async def test_a_body_over_a_mebibyte_is_not_taken_signed_or_not(world: World) -> None:
    longest = 1024 * 1024
    for size, secret, status in (
        (longest + 1, None, 413),
        (longest + 1, "not it", 413),
        (longest, "not it", 401),
    ):
        body = b'{"type": "%s"}' % (b"x" * (size - 12))
        assert len(body) == size
        assert (await post(world, BytesIO(body), signed(world, body, secret=secret)))[0] == status
    body = b'{"type": "%s"}' % (b"x" * (longest - 12))
    assert (await post(world, BytesIO(body), signed(world, body)))[0] == 200
    assert (await post(world, BytesIO(body), {}))[0] == 401
    nothing_happened(world)


async def test_a_body_in_chunks_without_a_length_is_bounded_too(world: World) -> None:
    async def chunks(size: int) -> Any:
        for _ in range(size // 1024):
            yield b"x" * 1024

    async def sent(size: int) -> int:
        headers = signed(world, b"x" * size, "text/plain")
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{world.url}/slack/events", data=chunks(size), headers=headers) as answer,
        ):
            return answer.status

    assert await sent(64 * 1024) == 200
    assert await sent(2 * 1024 * 1024) == 413


async def test_bytes_that_are_no_headers_no_length_and_no_gzip_never_break_the_door(world: World) -> None:
    body = b'{"type": "event_callback"}'
    stamp = str(int(time.time())).encode()
    good = [
        b"Content-Type: application/json",
        b"X-Slack-Request-Timestamp: " + stamp,
        b"X-Slack-Signature: " + signed(world, body)["X-Slack-Signature"].encode(),
    ]
    length = b"Content-Length: %d" % len(body)
    raw = {
        "a signature that is no text": [length, good[1], b"X-Slack-Signature: v0=\xff\xfe\x80"],
        "a time that is no text": [length, b"X-Slack-Request-Timestamp: \xff", b"X-Slack-Signature: v0=1"],
        "a content type that is no text": [length, b"Content-Type: \xff\xfe", *good[1:]],
        "a length that is no number": [b"Content-Length: many", *good],
        "a length below zero": [b"Content-Length: -1", *good],
        "gzip that is none": [length, b"Content-Encoding: gzip", *good],
        "chunks that are none": [b"Transfer-Encoding: chunked", *good],
        "chunks and a length": [b"Transfer-Encoding: chunked", length, *good],
        "two signatures": [length, *good, b"X-Slack-Signature: v0=1"],
        "a lazy listener's mark": [length, *good, b"X-Slack-Bolt-Lazy-Only: 1"],
    }
    for what, headers in raw.items():
        status = await raw_post(world, headers, body)
        assert 200 <= status < 500, f"{what}: {status}"
    nothing_happened(world)


async def test_only_posts_come_in_at_slacks_door(world: World) -> None:
    async with aiohttp.ClientSession() as session:
        for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
            async with session.request(method, f"{world.url}/slack/events") as answer:
                assert answer.status == 405


async def test_slack_checks_the_address_and_the_certificate(world: World) -> None:
    asked = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1a"}).encode()
    status, answer = await post(world, asked, signed(world, asked))
    assert (status, json.loads(answer)) == (200, {"challenge": "3eZbrw1a"})
    assert (await post(world, asked, signed(world, asked, secret="not it")))[0] == 401
    checked = urlencode({"ssl_check": "1", "token": "t"}).encode()
    assert await post(world, checked, signed(world, checked, FORM)) == (200, "")
    nothing_happened(world)


async def test_the_same_bytes_a_second_time_get_the_same_answer_and_do_nothing(world: World) -> None:
    await world.start_map()
    first = await world.slack.command("ada", "product", "/pain", "pay: card declined twice")
    again = await world.slack.redeliver(first)
    assert (again.status, again.body) == (200, first.body)
    assert count(world, "items") == 1
    late = await world.slack.send(world.slack.signed(first.request, at=time.time() - 301))
    assert late.status == 401


async def test_what_nobody_listens_to_is_answered_200(world: World) -> None:
    await world.start_map()
    slack = world.slack
    before = count(world, "seen"), count(world, "changes")
    for event in (
        "message",
        "app_mention",
        "channel_history_changed",
        "team_join",
        "app_rate_limited",
        "no_such_thing",
    ):
        reply = await slack.event(event, user="U0ADA", channel="C0PRODUCT", text="pay: hello")
        assert reply.status == 200, event
    for kind in (
        "message_action",
        "shortcut",
        "view_closed",
        "block_suggestion",
        "dialog_submission",
        "no_such",
    ):
        payload = {"type": kind, "callback_id": "x", "trigger_id": "1.2.3", "user": {"id": "U0ADA"}}
        body = urlencode({"payload": json.dumps(payload | {"team": {"id": slack.team_id}})}).encode()
        assert await post(world, body, signed(world, body, FORM)) == (200, ""), kind
    reply = await slack.command("ada", "product", "/no-such-command", "dance")
    assert reply.ok
    assert "I don't know “dance”" in reply.text
    assert (count(world, "seen"), count(world, "changes")) == before


async def test_slacks_own_samples_are_all_taken(world: World) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("Slack's sample payloads are not kept beside the project")
    async with aiohttp.ClientSession() as session:
        for path in sorted(SAMPLES.glob("*.json")):
            sample = json.loads(path.read_text())
            for payload in (sample, filled(sample)):
                body, kind = encoded(payload)
                status, _ = await post(world, body, signed(world, body, kind), session=session)
                assert status == 200, path.name


async def test_payloads_with_a_wrong_value_anywhere_never_break_the_door(world: World) -> None:
    payloads = await real_payloads(world)
    chance = random.Random(7)
    mutants = [
        with_value(payload, path, wrong)
        for payload in payloads
        for path in places(payload)
        for wrong in WRONG_VALUES
        if path
    ]
    async with aiohttp.ClientSession() as session:
        for payload in chance.sample(mutants, 500):
            body, kind = encoded(payload)
            status, _ = await post(world, body, signed(world, body, kind), session=session)
            assert status in (200, 400), f"{status} for {payload}"
    assert (await world.slack.command("ada", "product", "/journey", "help")).ok


async def real_payloads(world: World) -> list[Any]:
    """A command, clicks, a form and events as they were really sent."""
    slack = world.slack
    await world.start_map()
    command = await slack.command("ada", "product", "/pain", "nowhere: card declined")
    assert command.ephemeral
    card = await world.log("pay: card declined twice")
    form = await slack.click("ada", card, "Edit")
    assert form.view
    replies = [
        command,
        await slack.click("ada", command.ephemeral, "log.stage|3", option="Pay"),
        form,
        await slack.submit("ada", form.view, {"text": "card declined three times"}),
        await slack.click("ben", card, "Vote"),
        await slack.react("ben", card, "fire"),
        await slack.unreact("ben", card, "fire"),
    ]
    fresh = [reply.request.payload for reply in replies]
    for payload in fresh:
        if "trigger_id" in payload:
            payload["trigger_id"] = "another.one"
        if "event_id" in payload:
            payload["event_id"] = "EvANOTHER"
    return fresh


def encoded(payload: Any) -> tuple[bytes, str]:
    """A payload as Slack sends its kind, and the content type."""
    if "command" in payload:
        form = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in payload.items()
        }
        return urlencode(form, errors="replace").encode(), FORM
    if "event" in payload or payload.get("type") in ("event_callback", "url_verification"):
        return json.dumps(payload).encode(), JSON
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def filled(sample: Any) -> Any:
    """A sample with something in its empty places."""
    known = {"team_id": "T0ACME", "user": "U0ADA", "user_id": "U0ADA", "channel_id": "C0PRODUCT"}
    for path in list(places(sample)):
        value = sample
        for name in path:
            value = value[name]
        if value == "" and path:
            sample = with_value(sample, path, known.get(path[-1], "x1"))
    return sample


async def raw_post(world: World, headers: list[bytes], body: bytes) -> int:
    """A POST written byte for byte; its status."""
    host, port = world.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = [b"POST /slack/events HTTP/1.1", b"Host: localhost", b"Connection: close", *headers, b"", body]
    writer.write(b"\r\n".join(lines))
    await writer.drain()
    async with asyncio.timeout(30):
        first = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return int(first.split()[1])


def nothing_happened(world: World) -> None:
    """No row was written and Slack was asked for nothing."""
    assert [
        table
        for table in ("organisations", "people", "seen", "drafts")
        if rows(world, f"SELECT * FROM {table}")
    ] == []
    assert {call.method for call in world.slack.calls} <= {"auth.test"}
