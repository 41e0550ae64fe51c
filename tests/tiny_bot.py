"""A tiny bot behind the stand-in for Slack, what it says, and the forms it opens."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web

from bot.playground.schema import Json
from bot.playground.slack import SlackStandIn
from bot.playground.things import Message

Answer = Callable[[Json], Awaitable[web.Response]]


class TinyBot:
    """Checks signatures, remembers what came, answers what the test says, and can call the Web API."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack
        self.heard: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Answer = self.nothing
        self.session = aiohttp.ClientSession()

    async def nothing(self, _payload: Json) -> web.Response:
        return web.Response()

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.read()
        stamp = request.headers["X-Slack-Request-Timestamp"]
        key = self.slack.signing_secret.encode()
        mark = hmac.new(key, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        if request.headers["X-Slack-Signature"] != f"v0={mark}" or abs(time.time() - int(stamp)) > 300:
            return web.Response(status=401)
        self.heard.append(read_payload(request.content_type, body))
        self.headers.append(dict(request.headers))
        return await self.answer(self.heard[-1])

    async def call(self, method: str, token: str | None = None, **args: Any) -> Json:
        url = self.slack.api_url + method
        headers = {"Authorization": f"Bearer {token or self.slack.bot_token}"}
        async with self.session.post(url, json=args, headers=headers) as answer:
            found: Json = await answer.json()
            return found

    async def respond(self, url: str, **body: Any) -> tuple[int, Json]:
        async with self.session.post(url, json=body) as answer:
            return answer.status, await answer.json()

    def answers(self, status: int = 200, **body: Any) -> None:
        async def answer(_payload: Json) -> web.Response:
            return web.json_response(body, status=status) if body else web.Response(status=status)

        self.answer = answer


def read_payload(content_type: str, body: bytes) -> Json:
    if content_type == "application/json":
        found: Json = json.loads(body)
        return found
    form = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    return json.loads(form["payload"]) if "payload" in form else form


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as standing:
        yield standing


@pytest.fixture
async def bot(slack: SlackStandIn) -> AsyncIterator[TinyBot]:
    tiny = TinyBot(slack)
    app = web.Application()
    app.router.add_post("/slack/events", tiny.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.point_at(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield tiny
    await tiny.session.close()
    await runner.cleanup()


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": words(text), "action_id": action_id, **more}


def asks(name: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": words(name.title()),
        "element": {"action_id": name, **element},
        **more,
    }


TEXT = {"type": "plain_text_input"}
STAGES = [{"text": words(name.title()), "value": name} for name in ("checkout", "delivery")]


def form(*blocks: Json, **more: Any) -> Json:
    found = {"type": "modal", "title": words("Log a pain"), "submit": words("Save"), "callback_id": "pain"}
    return {**found, "blocks": list(blocks), **more}


async def open_form(slack: SlackStandIn, bot: TinyBot, view: Json) -> Any:
    """Ben types /pain and the bot opens the view."""

    async def answer(payload: Json) -> web.Response:
        opened = await bot.call("views.open", trigger_id=payload["trigger_id"], view=view)
        assert opened["ok"], opened
        return web.Response()

    bot.answer = answer
    reply = await slack.command("ben", "product", "/pain")
    bot.answer = bot.nothing
    assert reply.view is not None
    return reply.view


async def card(slack: SlackStandIn, bot: TinyBot, channel: str = "C0PRODUCT") -> Message:
    """A card of the bot with two buttons in a channel."""
    blocks = [
        section("*P-1* card declined"),
        {"type": "actions", "block_id": "acts", "elements": [button("Vote", "vote", value="P-1")]},
    ]
    posted = await bot.call("chat.postMessage", channel=channel, text="P-1", blocks=blocks)
    assert posted["ok"], posted
    return slack.channel(channel).messages[-1]
