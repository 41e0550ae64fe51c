"""The baseline, a process of its own: Bolt behind an aiohttp route, and one slash command that only acks."""

from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.bench.alone import serve
from tests.bench.payloads import BOT, SECRET, TOKEN


def bolt() -> AsyncApp:
    """The most that this framework can do: it verifies, parses, authorizes without asking, and acks."""

    async def authorize() -> Any:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=TOKEN, bot_user_id=BOT)

    async def pain(ack: Any) -> None:
        await ack()

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)
    app.command("/pain")(pain)
    return app


def served() -> web.Application:
    """The same behind a route of aiohttp."""
    listening = bolt()

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await listening.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_post("/slack/events", events)
    return app


if __name__ == "__main__":
    serve(served())
