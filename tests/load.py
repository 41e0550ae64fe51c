"""Load from outside: more than one of us on a database, a real `mapkeeper serve`, people who type at once."""

import asyncio
import json
import os
import re
import sqlite3
import sys
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from aiohttp import web

from bot.app import KEEPER, build_app
from bot.playground.payloads import command_form
from bot.playground.reading import plain
from bot.playground.replies import Reply, Request
from bot.playground.slack import SlackStandIn
from bot.playground.things import Message
from bot.settings import Settings
from storage import deliveries
from storage.connection import Connection
from storage.errors import Unavailable
from tests.world import MovedClock, World

T = TypeVar("T")
BREATH = 0.05  # seconds until somebody who was not answered tries again
PROJECT = Path(__file__).parents[1]


def rows(database_url: str, question: str) -> list[Any]:
    """What stands in the database, read past the product."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=10)) as connection:
            return connection.execute(question).fetchall()
    with psycopg.connect(database_url) as server:
        return server.execute(question.encode()).fetchall()


def told(database_url: str, order: str) -> None:
    """Changes the database past the product: a fault, or time that passed."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=10)) as connection:
            connection.execute(order)
            connection.commit()
        return
    with psycopg.connect(database_url) as server:
        server.execute(order.encode())


def one(database_url: str, question: str) -> Any:
    """The one value that answers it."""
    return rows(database_url, question)[0][0]


async def at_most(limit: int, works: Iterable[Awaitable[T]]) -> list[T]:
    """The results of all, so many of them under way at once."""
    gate = asyncio.Semaphore(limit)

    async def through(work: Awaitable[T]) -> T:
        async with gate:
            return await work

    return await asyncio.gather(*(through(work) for work in works))


@asynccontextmanager
async def beside(
    slack: SlackStandIn, database_url: str, clock: MovedClock | None = None, **changes: Any
) -> AsyncIterator[World]:
    """The product on that database beside a Slack that is there already, which sends to it from now on."""
    settings = Settings(
        slack_bot_token=slack.bot_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        database_url=database_url,
    )
    time = clock or MovedClock()
    app = build_app(settings, clock=time, **{"paced": False, **changes})
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        url = f"http://{host}:{port}"
        slack.point_at(f"{url}/slack/events")
        yield World(slack, app[KEEPER], time, url)
    finally:
        await runner.cleanup()


@asynccontextmanager
async def replicas(database_url: str, count: int, **changes: Any) -> AsyncIterator[list[World]]:
    """So many of us on one database, beside one Slack and by one clock; Slack sends to the last one."""
    clock = MovedClock()
    async with SlackStandIn() as slack, AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(beside(slack, database_url, clock, **changes))
            for _ in range(count)
        ]


def events_of(world: World) -> str:
    """Where one of several replicas takes what Slack sends."""
    return f"{world.url}/slack/events"


def reaction(
    slack: SlackStandIn, user: str, message: Message, emoji: str = "+1", *, added: bool = True, at: str = ""
) -> Request:
    """A reaction as an event that is not sent yet; `user` is a user's id."""
    return slack.make_event(
        {
            "type": "reaction_added" if added else "reaction_removed",
            "user": user,
            "reaction": emoji,
            "item": {"type": "message", "channel": message.channel, "ts": message.ts},
            "item_user": slack.bot.id,
            "event_ts": at or slack.world.ts(),
        }
    )


def typed_command(slack: SlackStandIn, text: str, who: str = "ada", command: str = "/pain") -> Request:
    """A command typed in #product that is not sent yet."""
    person, room = slack.person(who), slack.channel("product")
    trigger = slack.world.passes.new_trigger(person.id)
    url = slack.response_url(person, room.id, trigger)
    form = command_form(slack.world, "", person, room, command, text, trigger, url)
    return slack.request("command", command, form, user=person.id, channel=room.id, cause=trigger)


def people(slack: SlackStandIn, count: int, name: str = "p") -> list[str]:
    """The ids of so many new people."""
    return [slack.add_person(f"{name}{number}").id for number in range(count)]


def said(reply: Reply) -> str:
    """The sentence with which a command was answered; empty where it was not."""
    return str(json.loads(reply.body).get("text", "")) if reply.status == 200 and reply.body else ""


def logged(reply: Reply) -> str | None:
    """The number that the receipt gives to what was logged: P-12."""
    found = re.match(r"Got it: ([A-Z]-\d+) on ", said(reply))
    return found.group(1) if found else None


def refs_in(words: str) -> set[str]:
    """Every number of an item that stands in them."""
    return set(re.findall(r"\b[PIQG]-\d+\b", words))


def cards(messages: Iterable[Message]) -> Counter[str]:
    """How many cards each item has among the messages."""
    found = (re.search(r"([PIQG]-\d+) · ", plain(message).partition("\n")[0]) for message in messages)
    return Counter(match.group(1) for match in found if match)


@dataclass
class Crowd:
    """People who log and vote without pause while we come and go; what each of them was told."""

    slack: SlackStandIn
    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    voted: set[tuple[str, str]] = field(
        default_factory=set
    )  # (user, message) of every reaction that was taken

    def __post_init__(self) -> None:
        self.open = asyncio.Event()  # there is somebody to send to
        self.open.set()
        self._over = False
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, typists: int, voters: int) -> None:
        """So many begin to log, so many to vote on every card they see."""
        typing, voting = people(self.slack, typists, "typist"), people(self.slack, voters, "voter")
        self._tasks = [asyncio.ensure_future(self._type(who)) for who in typing]
        self._tasks += [asyncio.ensure_future(self._vote(who)) for who in voting]

    async def end(self) -> None:
        """They finish what they are at."""
        self._over = True
        self.open.set()
        await asyncio.gather(*self._tasks)

    async def until_told(self, more: int, within: float = 30.0) -> None:
        """Until so many more were logged and acknowledged."""
        enough = len(self.acknowledged) + more
        fallen: list[asyncio.Task[None]] = []

        def told() -> bool:
            fallen[:] = [task for task in self._tasks if task.done()]
            return bool(fallen) or len(self.acknowledged) >= enough

        await eventually(told, within=within)
        for task in fallen:
            task.result()

    async def _type(self, who: str) -> None:
        number = 0
        while not self._over:
            await self.open.wait()
            number += 1
            words = f"{who} {number}"
            reply = await self.slack.command(who, "product", "/pain", f"pay: {words}")
            if ref := logged(reply):
                self.acknowledged[words] = ref
            elif reply.status == 200:
                self.refused.add(words)
            else:
                self.doubtful.add(words)
                await asyncio.sleep(BREATH)

    async def _vote(self, who: str) -> None:
        done: set[str] = set()
        while not self._over:
            await self.open.wait()
            message = next((m for m in self._cards() if m.ts not in done), None)
            if message is None:
                await self._something()
                continue
            done.add(message.ts)
            if await self._reacted(who, message):
                self.voted.add((who, message.ts))

    async def _reacted(self, who: str, message: Message) -> bool:
        """Sent again until somebody takes it, as Slack does."""
        request = reaction(self.slack, who, message)
        while (await self.slack.send(request)).status != 200:
            if self._over:
                return False
            await asyncio.sleep(BREATH)
            await self.open.wait()
        return True

    def _cards(self) -> list[Message]:
        return [message for message in self.slack.channel("product").messages[-30:] if cards([message])]

    async def _something(self) -> None:
        seen = len(self.slack.channel("product").messages)
        try:
            await self.slack.wait_until(
                lambda: self._over or len(self.slack.channel("product").messages) > seen, 0.5
            )
        except TimeoutError:
            return


class Serving:
    """`mapkeeper serve` in a process of its own, on a port of its own, beside a stand-in for Slack."""

    def __init__(
        self, slack: SlackStandIn, database_url: str, *options: str, program: str = "bot.cli"
    ) -> None:
        self._slack = slack
        self._program = program
        self._options = options
        self.events_url = ""  # where it takes what Slack sends
        self._environment = {
            "PATH": os.environ["PATH"],
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": database_url,
        }
        self.log: deque[str] = deque(maxlen=200)
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Starts, and points Slack at it once it listens."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self._program, "serve", "--port", "0", *self._options),
            cwd=PROJECT,
            env=self._environment,
            stderr=asyncio.subprocess.PIPE,
        )
        url = await asyncio.wait_for(self._until_listening(), 30)
        self._reading = asyncio.ensure_future(self._read_on())
        self.events_url = f"{url}/slack/events"
        self._slack.point_at(self.events_url)

    async def kill(self) -> None:
        """SIGKILL: it can do nothing any more."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self.ended()

    async def stop(self) -> int:
        """SIGTERM, as a deploy does; its exit code."""
        assert self._process is not None
        with suppress(ProcessLookupError):  # it stopped by itself
            self._process.terminate()
        return await self.ended()

    async def ended(self) -> int:
        """Its exit code, once it has stopped; a signal to one that stops by itself would take that away."""
        assert self._process is not None
        code = await self._process.wait()
        if self._reading is not None:
            await self._reading
        return code

    async def _lines(self) -> AsyncIterator[str]:
        assert self._process is not None
        assert self._process.stderr is not None
        while line := await self._process.stderr.readline():
            self.log.append(line.decode(errors="replace").rstrip())
            yield self.log[-1]

    async def _until_listening(self) -> str:
        async for line in self._lines():
            if found := re.search(r'"url": ?"(http://[^"]+)"', line):
                return found.group(1)
        raise RuntimeError("it stopped before it listened:\n" + "\n".join(self.log))

    async def _read_on(self) -> None:
        async for _ in self._lines():
            pass


@asynccontextmanager
async def served(
    slack: SlackStandIn, database_url: str, *options: str, program: str = "bot.cli"
) -> AsyncIterator[Serving]:
    """A running `mapkeeper serve` with these options, killed at the end if it still runs."""
    process = Serving(slack, database_url, *options, program=program)
    await process.start()
    try:
        yield process
    finally:
        await process.kill()


async def eventually(look: Callable[[], T], wanted: Callable[[T], object] = bool, within: float = 30.0) -> T:
    """What is found once it is as wanted; for what rings no bell."""
    deadline = asyncio.get_running_loop().time() + within
    while not wanted(found := look()):
        assert asyncio.get_running_loop().time() < deadline, found
        await asyncio.sleep(0.01)
    return found


async def until(world: World, question: str, answer: Any, within: float = 30.0) -> None:
    """Waits until the database answers so."""
    url = world.keeper.settings.database_url
    await eventually(lambda: rows(url, question), lambda found: found == answer, within)


async def gone(world: World) -> None:
    """As if this process were gone, but for what it still answers: it sends nothing and keeps no clock."""
    await world.keeper.sender.stop()
    world.keeper.ticks.stop()
    world.keeper.one_clock.let_go()


class _Peeked(Exception):
    """What would be claimed now; raised so that it is not."""


async def at_rest(world: World, within: float = 30.0) -> None:
    """Waits until nothing is on its way and nothing that is due may leave."""
    keeper = world.keeper

    def claimable(connection: Connection) -> None:
        if connection.kind == "postgresql":
            # A claim that is under way would hide its rows from this one.
            connection.command("LOCK TABLE deliveries IN EXCLUSIVE MODE")
        until = keeper.real()
        if found := deliveries.claim(connection, keeper.clock(), until, until, 1)[0]:
            raise _Peeked(found)
        if deliveries.states(connection).keys() & {"leased", "sending"}:
            raise _Peeked

    try:
        async with asyncio.timeout(within):
            while True:
                try:
                    return await keeper.database.write(claimable)
                except (_Peeked, Unavailable):
                    await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not at rest after {within} s: {states(world)}") from None


def states(world: World) -> dict[str, int]:
    """How many deliveries are in each state."""
    return dict(
        rows(world.keeper.settings.database_url, "SELECT state, count(*) FROM deliveries GROUP BY state")
    )


def later(world: World, **amount: float) -> None:
    """Product time moves on, and what fell due by it is sent."""
    world.clock.skip(**amount)
    world.keeper.sender.wake()
