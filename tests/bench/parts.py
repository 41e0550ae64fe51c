"""What costs what: the parts of a log and of a vote, each alone on one core, in µs; the best of many tries."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot import slack_payloads
from bot.app import real_now
from bot.slack import SlackDoor
from bot.slack_blocks import private
from bot.slack_chat import SlackChat
from bot.slack_signature import is_genuine
from handlers.answers import Answer, Silent, Tell
from handlers.dispatch import Carrying, Dispatch
from handlers.items import Added
from handlers.receipts import receipt
from handlers.request import Request
from handlers.text import UserText
from storage.connection import Connection
from storage.database import connection_to, new_id
from tests.bench import payloads
from tests.bench.bare_bolt import bolt
from tests.bench.payloads import SECRET, TOKEN
from tests.bench.processes import SERVER, on_core
from tests.bench.product import databases, prepare
from tests.bench.table import Row

TRIES, EACH = 20, 160
GROUPS = (1, 16)

RECEIPT = Tell(receipt(Added("x" * 26, "P-12"), UserText("Pay")))


async def parts(folder: Path, rounds: int) -> list[Row]:
    """Prints them; nothing is required of a part."""
    with databases(folder) as urls, on_core(SERVER):
        print("µs    part")
        await _door()
        for kind, url in urls.items():
            users, cards = await prepare(url, TRIES * EACH, len(GROUPS))
            connection = connection_to(url, False)
            for group, card in zip(GROUPS, cards, strict=True):
                logs = [payloads.pain() for _ in range(TRIES * EACH)]
                _units(f"a log as one of {group} in a commit, {kind}", connection, logs, group)
                votes = [payloads.reaction(user, card) for user in users]
                _units(f"a vote as one of {group} in a commit, {kind}", connection, votes, group)
            connection.close()
    return []


class Product(Dispatch):
    """Stands in for what is behind the door."""

    def __init__(self) -> None:
        pass

    async def __call__(self, request: Request) -> Answer:
        return RECEIPT if request.surface == "command" else Silent()


async def _door() -> None:
    door = SlackDoor(Product(), SlackChat(TOKEN, "http://127.0.0.1/api/"), token=TOKEN, signing_secret=SECRET)
    typed, pressed = payloads.pain(), payloads.reaction("U0", "1700000000.000000")
    headers, body = _received(typed)
    bare, read = bolt(), _bolt_request(typed)

    async def verified() -> None:
        stamp, signature = headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"]
        assert is_genuine(SECRET, stamp, signature, body, time.time())

    async def translated() -> None:
        slack_payloads.command(read.body)

    async def rendered() -> None:
        private(RECEIPT.card)

    await _best("signature", verified)
    await _best("command through bare Bolt, with its signature", lambda: _through(bare, typed))
    await _best("command through our door, nothing behind it", lambda: _through(door.app, typed))
    await _best("  of which translated", translated)
    await _best("  of which the receipt rendered", rendered)
    await _best("reaction through our door, nothing behind it", lambda: _through(door.app, pressed))


async def _through(app: AsyncApp, sent: bytes) -> None:
    answer = await app.async_dispatch(_bolt_request(sent))
    assert answer.status == 200, answer


def _received(sent: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = sent.partition(b"\r\n\r\n")
    return dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:]), body


def _bolt_request(sent: bytes) -> AsyncBoltRequest:
    headers, body = _received(sent)
    return AsyncBoltRequest(body=body.decode(), query="", headers=dict(headers))


async def _best(name: str, deed: Callable[[], Awaitable[Any]]) -> None:
    found = []
    for _ in range(TRIES):
        began = time.perf_counter()
        for _ in range(EACH):
            await deed()
        found.append((time.perf_counter() - began) / EACH)
    _tell(name, min(found))


def _units(name: str, connection: Connection, sent: list[bytes], group: int) -> None:
    """The best time of a unit of work, by groups of units in one commit."""
    requests = [_request(one) for one in sent]
    found = []
    for first in range(0, len(requests), group):
        began = time.perf_counter()
        with connection.transaction(writes=True, shared=group > 1, careful=False):
            for request in requests[first : first + group]:
                with connection.savepoint("unit"):
                    Carrying(request, real_now(), new_id)(connection)
            carried_out = time.perf_counter()
        ended = time.perf_counter()
        found.append(((ended - began) / group, (ended - carried_out) / group))
    best, commit = sorted(found)[len(found) // 20]  # not the very best: checkpoints are part of the game
    _tell(name, best)
    _tell("  of which its share of the commit", commit)


def _request(sent: bytes) -> Request:
    body = _bolt_request(sent).body
    request = slack_payloads.reaction(body) if "event" in body else slack_payloads.command(body)
    assert request is not None
    return request


def _tell(name: str, seconds: float) -> None:
    print(f"{seconds * 1e6:5.0f} {name}", flush=True)
