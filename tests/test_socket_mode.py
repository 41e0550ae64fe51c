"""Socket Mode: the same product over a socket that we open, with no public address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.app import KEEPER, build_app
from bot.playground.reading import plain
from bot.playground.slack import SlackStandIn
from bot.settings import Settings
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
