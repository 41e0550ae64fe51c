"""A whole world for a test: a Slack, the real product behind signed HTTP, and a clock that can be moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.app import KEEPER, Mapkeeper, build_app, real_now
from bot.playground.reading import plain
from bot.playground.slack import SlackStandIn
from bot.settings import Settings


class MovedClock:
    """Product time: the real time and what was skipped."""

    def __init__(self) -> None:
        self.skipped = timedelta()

    def __call__(self) -> datetime:
        return real_now() + self.skipped

    def skip(self, **amount: float) -> None:
        """Moves product time forward."""
        self.skipped += timedelta(**amount)

    def to(self, moment: datetime) -> None:
        """Moves product time forward to that moment."""
        self.skipped += moment - self()


class World:
    """Slack, Mapkeeper and the people in a test."""

    def __init__(self, slack: SlackStandIn, keeper: Mapkeeper, clock: MovedClock, url: str) -> None:
        self.slack = slack
        self.keeper = keeper
        self.clock = clock
        self.url = url

    async def start_map(
        self, name: str = "Dinner with friends", channel: str = "product", user: str = "ada"
    ) -> Any:
        """Somebody starts a map from the restaurant template in a channel, and its greeting arrives."""
        form = (await self.slack.command(user, channel, "/journey", "new")).view
        assert form is not None
        reply = await self.slack.submit(user, form, {"template": "restaurant-visit", "name": name})
        await self.until(lambda: any(name in plain(m) for m in self.messages(channel)))
        return reply

    async def log(
        self, text: str, *, command: str = "/pain", user: str = "ada", channel: str = "product"
    ) -> Any:
        """Somebody logs a line, and its card arrives; the card."""
        before = len(self.messages(channel))
        reply = await self.slack.command(user, channel, command, text)
        assert reply.ok, reply
        await self.until(lambda: len(self.messages(channel)) > before)
        return self.messages(channel)[-1]

    def messages(self, channel: str = "product") -> list[Any]:
        """What stands in a channel."""
        return list(self.slack.channel(channel).messages)

    async def until(self, predicate: Any, within: float = 30.0) -> None:
        """Waits for something to be seen in Slack."""
        await self.slack.wait_until(predicate, within)


@asynccontextmanager
async def running(
    database_url: str, *, more: dict[str, Any] | None = None, **changes: Any
) -> AsyncIterator[World]:
    """The product on that database, listening on loopback, with a Slack beside it; `more` are settings."""
    async with SlackStandIn() as slack:
        settings = Settings(
            slack_bot_token=slack.bot_token,
            slack_signing_secret=slack.signing_secret,
            slack_api_url=slack.api_url,
            database_url=database_url,
            **(more or {}),
        )
        clock = MovedClock()
        app = build_app(settings, clock=clock, **{"paced": False, **changes})
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = runner.addresses[0]
        url = f"http://{address[0]}:{address[1]}"
        slack.point_at(f"{url}/slack/events")
        try:
            yield World(slack, app[KEEPER], clock, url)
        finally:
            await runner.cleanup()
