"""Socket Mode: the same product over a socket that we open, with no public address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot import slack_socket
from bot.app import GREETING_SECONDS, KEEPER, build_app
from bot.playground.reading import plain
from bot.playground.slack import SlackStandIn
from bot.playground.socket_mode import Sockets
from bot.settings import Settings
from bot.slack import SlackDoor
from handlers.chat import Unreachable
from handlers.dispatch import Carrying
from storage.errors import Unavailable
from tests.peek import count, press, rows
from tests.world import MovedClock, World


@asynccontextmanager
async def connected(database_url: str, **changes: Any) -> AsyncIterator[World]:
    """The product on that database with a socket to Slack, and no secret for HTTP."""
    async with SlackStandIn() as slack:
        settings = Settings(
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_api_url=slack.api_url,
            database_url=database_url,
            **changes,
        )
        clock = MovedClock()
        app = build_app(settings, clock=clock, paced=False)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        try:
            yield World(slack, app[KEEPER], clock, f"http://{host}:{port}")
        finally:
            await runner.cleanup()


@pytest.fixture
async def socket(sqlite_url: str) -> AsyncIterator[World]:
    """A world over a socket."""
    async with connected(sqlite_url) as world:
        yield world


async def test_the_core_story_runs_over_a_socket(socket: World) -> None:
    done = await socket.start_map()
    assert "Dinner with friends is ready, with 7 stages" in plain(done.view)
    card = await socket.log("pay: card declined twice !abandon", user="ben")
    assert "🔴 P-1 · Pay · stops the journey" in plain(card)
    unknown = await socket.slack.command("ben", "product", "/pain", "paid: no change given")
    assert unknown.ephemeral
    assert "Got it: P-2 on Pay." in (await press(socket, "ben", unknown.ephemeral, "Pay")).text
    await socket.slack.react("ada", card, "+1")
    await socket.until(lambda: "▲ 1" in plain(card))
    form = (await socket.slack.click("ben", card, "Edit")).view
    assert form
    wrong = await socket.slack.submit("ben", form, {"text": " "}, unchecked=True)
    assert wrong.errors == {"text": "Please write a few words here."}
    saved = await socket.slack.submit("ben", form, {"text": "card declined thrice"})
    assert "Saved: P-1 on Pay." in saved.text
    digest = await socket.slack.command("ada", "product", "/journey", "digest")
    assert "2 new" in digest.text


async def test_without_a_signing_secret_nothing_comes_in_over_http(socket: World) -> None:
    request = socket.slack.make_event({"type": "reaction_added"})
    for secret in (socket.slack.signing_secret, "", "x"):
        reply = await socket.slack.send(
            socket.slack.signed(request, secret=secret), f"{socket.url}/slack/events"
        )
        assert reply.status == 401


async def test_an_event_whose_commit_failed_is_not_acknowledged_and_counts_once_when_it_comes_again(
    socket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await socket.start_map()
    card = await socket.log("pay: card declined")
    slack, database = socket.slack, socket.keeper.database
    await slack.command("ben", "product", "/journey")
    slack.patience, slack.retries = 0.4, (0.0, 0.0)
    failures = iter([True])
    write = database.write

    async def failing(unit: Any, **more: Any) -> Any:
        if isinstance(unit, Carrying) and next(failures, False):
            raise Unavailable("disk I/O error")
        return await write(unit, **more)

    monkeypatch.setattr(database, "write", failing)
    reply = await slack.react("ben", card, "+1")
    assert [attempt.trouble for attempt in reply.attempts] == ["timeout", ""]
    assert reply.attempts[1].status == 200
    assert rows(socket, "SELECT votes FROM items") == [{"votes": 1}]
    again = await slack.redeliver(reply.attempts[1])
    assert again.status == 200
    assert rows(socket, "SELECT votes FROM items") == [{"votes": 1}]


async def test_a_command_that_could_not_be_saved_is_told_so_and_given_back(
    socket: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await socket.start_map()

    async def failing(*_: Any, **__: Any) -> Any:
        raise Unavailable("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(socket.keeper.database, "write", failing)
        reply = await socket.slack.command("ada", "product", "/pain", "pay: card declined")
    assert "That did not go through, and nothing was saved. Please try again in a minute. (ref " in reply.text
    assert "What you typed: pay: card declined" in reply.text
    assert count(socket, "items") == 0


async def test_it_connects_again_when_slack_hangs_up(socket: World) -> None:
    await socket.start_map()
    for words in ("card declined", "no change given"):
        old = list(socket.slack.sockets.open)
        await socket.slack.sockets.disconnect()
        await socket.until(lambda old=old: set(socket.slack.sockets.open) - set(old))
        reply = await socket.slack.command("ada", "product", "/pain", f"pay: {words}")
        assert reply.ok
    assert count(socket, "items") == 2


async def test_while_slack_refuses_it_asks_for_a_new_ticket_each_time_and_tells_nobody_which(
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(slack_socket, "ATTEMPT_SECONDS", 0.2)
    tickets: list[str] = []
    serve = Sockets.serve

    async def refusing(sockets: Sockets, request: web.Request) -> web.StreamResponse:
        tickets.append(request.query["ticket"])
        return web.Response(status=503) if len(tickets) < 3 else await serve(sockets, request)

    monkeypatch.setattr(Sockets, "serve", refusing)
    async with connected(sqlite_url) as world:
        await world.until(lambda: world.slack.sockets.open)
        await world.start_map()
        await world.slack.sockets.disconnect()
        await world.until(lambda: len(tickets) == 4)
    assert len(set(tickets)) == 4
    told = capsys.readouterr()
    everything = caplog.text + told.out + told.err
    assert "WSServerHandshakeError" in everything
    assert not any(secret in everything for secret in (*tickets, "ticket=", "xapp-"))


async def test_while_slack_is_silent_it_serves_and_stops(sqlite_url: str) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = Settings(
        slack_bot_token="xoxb-1",
        slack_app_token="xapp-1",
        slack_api_url=f"http://127.0.0.1:{port}/api/",
        database_url=sqlite_url,
    )
    runner = web.AppRunner(build_app(settings))
    async with asyncio.timeout(GREETING_SECONDS + 4):
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        async with aiohttp.ClientSession() as session, session.get(f"http://{host}:{port}/readyz") as probe:
            assert await probe.text() == "ready"
        await runner.cleanup()
    server.close()


async def test_who_we_are_is_asked_again_until_slack_tells(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognise, answers, told = SlackDoor.recognise, [False, False, True], asyncio.Event()

    async def away_at_first(door: SlackDoor) -> Any:
        if not answers.pop(0):
            raise Unreachable("auth.test")
        known = await recognise(door)
        told.set()
        return known

    monkeypatch.setattr(SlackDoor, "recognise", away_at_first)
    monkeypatch.setattr("bot.app.AGAIN_SECONDS", 0.05)
    async with connected(sqlite_url) as world, asyncio.timeout(30):
        await told.wait()
        assert world.keeper.slack is not None
        assert world.keeper.slack.recognised
    assert not answers


async def test_an_answer_of_slack_that_is_none_keeps_the_socket_from_nothing(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nonsense(door: SlackDoor) -> Any:
        raise ValueError("gzip")

    monkeypatch.setattr(SlackDoor, "recognise", nonsense)
    async with connected(sqlite_url) as world:
        await world.until(lambda: world.slack.sockets.open)
        await world.start_map()


async def test_it_takes_leave_of_slack_when_it_stops(sqlite_url: str) -> None:
    async with SlackStandIn() as slack:
        settings = Settings(
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_api_url=slack.api_url,
            database_url=sqlite_url,
        )
        runner = web.AppRunner(build_app(settings))
        await runner.setup()
        await slack.wait_until(lambda: slack.sockets.open)
        async with asyncio.timeout(10):
            await runner.cleanup()
        await slack.wait_until(lambda: not slack.sockets.open)
