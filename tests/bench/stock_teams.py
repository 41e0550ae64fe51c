"""The baseline for Teams, a process of its own: botbuilder's CloudAdapter as it comes, and a bot that does nothing."""

from typing import Any

from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

from tests.bench.alone import serve


class _Nobody:
    """No app id: requests are let in, which is the least that it can do."""

    APP_ID, APP_PASSWORD, APP_TYPE = "", "", "MultiTenant"


class _Bot:
    async def on_turn(self, context: TurnContext) -> None:
        return None


def served() -> web.Application:
    """The adapter behind a route of aiohttp, as its samples have it."""
    adapter: Any = CloudAdapter(ConfigurationBotFrameworkAuthentication(_Nobody()))
    bot = _Bot()

    async def messages(request: web.Request) -> web.Response:
        answered = await adapter.process(request, bot)
        assert answered is None or answered.status == 201, answered
        return web.Response()

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    return app


if __name__ == "__main__":
    serve(served())
