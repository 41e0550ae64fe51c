"""The baseline for Teams, a process of its own: botbuilder's CloudAdapter as it comes, and a bot that does nothing."""

import asyncio
import signal
from typing import Any

from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication


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


async def main() -> None:
    """Serves until told to stop; the first line it prints is its address."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = web.AppRunner(served(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
