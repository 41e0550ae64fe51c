"""The main story, played in the terminal: the real bot behind signed HTTP, a stand-in for Slack, a few people.

Nothing here is drawn from the product's code: what is printed is what the stand-in's people see.
"""

import asyncio
import logging
import tempfile
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.app import KEEPER, Mapkeeper, build_app, real_now
from bot.logs import set_up
from bot.playground.reading import plain
from bot.playground.slack import SlackStandIn
from bot.settings import Settings
from storage.migrate import ensure_current

WIDTH = 88
CHANNEL = "product"


class Story:
    """People, a channel, and a clock that can be moved."""

    def __init__(self, slack: SlackStandIn, keeper: Mapkeeper, clock: "StoryClock") -> None:
        self._slack = slack
        self._keeper = keeper
        self._clock = clock

    async def play(self) -> None:
        """From an empty workspace to Monday's digest."""
        await self._start_a_map()
        pain = await self._log("ada", "/pain", "pay: card declined twice for valid cards !abandon")
        idea = await self._log("ben", "/idea", "book: show free tables on the map")
        await self._log("cleo", "/quote", "eat: “Best pasta in town, but we waited an hour” — Dana, Acme")
        await self._misspell()
        await self._vote(idea, pain)
        await self._show_map()
        await self._monday()

    async def _start_a_map(self) -> None:
        _chapter("Ada starts a map in #product")
        _typed("ada", "/journey")
        _private("ada", (await self._slack.command("ada", CHANNEL, "/journey", "")).text)
        _typed("ada", "/journey new")
        form = (await self._slack.command("ada", CHANNEL, "/journey", "new")).view
        assert form is not None
        _private("ada", plain(form))
        answers = {"template": "restaurant-visit", "name": "Dinner with friends"}
        done = await self._slack.submit("ada", form, answers)
        assert done.view is not None
        _private("ada", plain(done.view))
        await self._arrives("lives in this channel")

    async def _log(self, user: str, command: str, words: str) -> Any:
        _chapter(f"{user.title()} logs {'an' if command == '/idea' else 'a'} {command[1:]}")
        before = len(self._messages())
        _typed(user, f"{command} {words}")
        _private(user, (await self._slack.command(user, CHANNEL, command, words)).text)
        await self._slack.wait_until(lambda: len(self._messages()) > before)
        _channel(plain(self._messages()[-1]))
        return self._messages()[-1]

    async def _misspell(self) -> None:
        _chapter("Ben misspells a stage: nothing typed is lost")
        _typed("ben", "/pain parking: nowhere to park after 7")
        reply = await self._slack.command("ben", CHANNEL, "/pain", "parking: nowhere to park after 7")
        _private("ben", reply.text)

    async def _vote(self, idea: Any, pain: Any) -> None:
        _chapter("People vote: two by reaction, one by the button")
        await self._slack.react("ada", idea, "+1")
        await self._slack.react("cleo", idea, "fire")
        _typed("ada", "👍 on I-1")
        _typed("cleo", "🔥 on I-1")
        clicked = await self._slack.click("ben", pain, "Vote")
        await self._slack.wait_until(lambda: "▲ 2" in plain(idea) and "▲ 1" in plain(pain) and clicked.text)
        _typed("ben", "[Vote] on P-1")
        _private("ben", clicked.text)
        _channel(plain(idea))

    async def _show_map(self) -> None:
        _chapter("Cleo looks at the map")
        _typed("cleo", "/journey map")
        _private("cleo", (await self._slack.command("cleo", CHANNEL, "/journey", "map")).text)

    async def _monday(self) -> None:
        _chapter("Monday, 09:00: what changed")
        before = len(self._messages())
        self._clock.to_monday()
        await self._keeper.tick()
        await self._slack.wait_until(lambda: len(self._messages()) > before)
        _channel(plain(self._messages()[-1]))

    async def _arrives(self, words: str) -> None:
        await self._slack.wait_until(lambda: any(words in plain(m) for m in self._messages()))
        _channel(plain(self._messages()[-1]))

    def _messages(self) -> list[Any]:
        return list(self._slack.channel(CHANNEL).messages)


class StoryClock:
    """Product time: real time and what the story skipped."""

    def __init__(self) -> None:
        self._skipped = timedelta()

    def __call__(self) -> datetime:
        return real_now() + self._skipped

    def to_monday(self) -> None:
        """Skips to the next Monday evening, by when it has been nine o'clock everywhere."""
        now = self()
        monday = (now + timedelta(days=(7 - now.weekday()) % 7 or 7)).replace(hour=22, minute=0)
        self._skipped += monday - now


def play() -> int:
    """Plays the story and prints it; the process's exit code."""
    set_up(level="ERROR")
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'story.db'}"
        ensure_current(url)
        asyncio.run(_play(url))
    return 0


async def _play(url: str) -> None:
    clock = StoryClock()
    async with SlackStandIn() as slack, _bot(slack, url, clock) as keeper:
        print("Mapkeeper, a story in one channel. The bot is real, Slack is a stand-in on this machine.")
        await Story(slack, keeper, clock).play()
        print(
            "\nThat was all of it: signed HTTP in, the Web API out, one SQLite file. See README.md for your Slack."
        )


@asynccontextmanager
async def _bot(slack: SlackStandIn, url: str, clock: StoryClock) -> AsyncIterator[Mapkeeper]:
    settings = Settings(
        slack_bot_token=slack.bot_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        database_url=url,
    )
    app = build_app(settings, clock=clock, paced=False)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    slack.point_at(f"http://{host}:{port}/slack/events")
    try:
        yield app[KEEPER]
    finally:
        await runner.cleanup()


def _chapter(title: str) -> None:
    print(f"\n── {title} {'─' * max(0, WIDTH - len(title) - 4)}")


def _typed(user: str, words: str) -> None:
    print(f"\n  {user}  ›  {words}")


def _private(user: str, words: str) -> None:
    _boxed(f"only {user} sees", words, "┊")


def _channel(words: str) -> None:
    _boxed(f"everyone in #{CHANNEL} sees", words, "┃")


def _boxed(title: str, words: str, edge: str) -> None:
    print(f"  {edge} {title}")
    for line in words.splitlines():
        for part in textwrap.wrap(line, WIDTH - 6) or [""]:
            print(f"  {edge}   {part}")
