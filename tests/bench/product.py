"""The product as a process, `mapkeeper serve` itself, on a database with one map, its people and its cards."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import psycopg

from bot.app import real_now
from handlers.answers import Tell
from handlers.dispatch import Dispatch
from handlers.request import Actor, Profile, Request, Spot
from storage import migrate
from storage.arrivals import Coming, arrivals
from storage.connection import Connection
from storage.database import Database, kind_of, new_id, sqlite_path
from storage.store import Store
from tests import postgres
from tests.bench.payloads import CHANNEL, OWNER, SECRET, TEAM, TOKEN, line
from tests.bench.processes import GENERATOR, SERVER, Server, on_core, serving

QUIET_SECONDS = 6.0  # longer than the queue and the Home tabs ever wait before they look again


class Product(NamedTuple):
    """A running product, the users that it knows, the messages that are its cards, and the calls that it makes."""

    kind: str
    url: str
    server: Server
    slack: Server
    users: list[str]
    cards: list[str]

    async def calls(self) -> dict[str, int]:
        """How many calls of each method it has made."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.slack.url}/calls") as answer:
            counted: dict[str, int] = await answer.json()
            return counted

    async def rest(self) -> dict[str, int]:
        """Slack asks to be left alone for an hour, and is, once each method was told; its calls by then."""
        async with aiohttp.ClientSession() as session:
            await (await session.post(f"{self.slack.url}/limit")).release()
        before: dict[str, int] = {}
        while before != (now := await self.calls()):
            before = now
            await asyncio.sleep(QUIET_SECONDS)
        return before

    async def number(self, sql: str) -> int:
        """The one number that a query answers, asked beside the product."""
        rows = await asyncio.to_thread(rows_of, self.url, sql)
        return int(rows[0][0] or 0)


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """A fresh migrated database of each kind; the PostgreSQL server runs on the generator's core."""
    urls = {"SQLite": f"sqlite:///{folder}/bench.db"}
    migrate.upgrade(urls["SQLite"])
    with on_core(GENERATOR), postgres.running() as server, server.fresh() as url:
        urls["PostgreSQL"] = url
        yield urls


@asynccontextmanager
async def products(folder: Path, *, users: int = 0, cards: int = 0) -> AsyncIterator[list[Product]]:
    """The product on each kind of database, with so many people beside its owner and so many cards to vote on."""
    async with AsyncExitStack() as stack:
        urls = stack.enter_context(databases(folder))
        made = []
        for kind, url in urls.items():
            people, messages = await prepare(url, users, cards)
            slack = await stack.enter_async_context(serving("tests.bench.slack_api", core=GENERATOR))
            settings = {
                "DATABASE_URL": url,
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": f"{slack.url}/api/",
                "SLACK_APP_TOKEN": "",
            }
            server = await stack.enter_async_context(
                serving("bot.cli", "serve", "--port", "0", core=SERVER, settings=settings)
            )
            made.append(Product(kind, url, server, slack, people, messages))
        yield made


def rows_of(url: str, sql: str) -> list[Any]:
    """The answer to a query, by the plain driver."""
    if kind_of(url) == "sqlite":
        with closing(sqlite3.connect(sqlite_path(url))) as file:
            return file.execute(sql).fetchall()
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


async def prepare(url: str, users: int, cards: int) -> tuple[list[str], list[str]]:
    """One workspace: a map from the restaurant template bound to a channel, people, and cards already posted."""
    database = Database(url)
    dispatch = Dispatch(database, real_now, new_id)
    owner, spot = Actor("slack", TEAM, OWNER, "owner"), Spot(CHANNEL, "benches", private=False)
    form = Request(
        actor=owner,
        spot=spot,
        action="map.make",
        key="f:bench",
        surface="form",
        values={"template": "restaurant-visit", "name": "Dinner with friends"},
        about={"version": "1"},
        profile=Profile("Owner", "Europe/Berlin"),
    )
    await dispatch(form)
    for number in range(cards):
        typed = Request(
            actor=owner, spot=spot, action="log.pain", key=f"c:{number}", surface="command", text=line()
        )
        assert isinstance(await dispatch(typed), Tell)
    people = [f"U0{number:07}" for number in range(users)]
    messages = await database.write(lambda connection: _settle(connection, people), patience=60)
    await database.close()
    return people, messages


def _settle(connection: Connection, people: list[str]) -> list[str]:
    """Writes the people down, and every item as posted; the ids of those messages."""
    now = real_now()
    (known,) = arrivals(connection, [Coming("slack", TEAM, OWNER, CHANNEL, "")])
    assert known.caller is not None
    place, workspace_id = known.place[0], known.caller.workspace_id
    assert place.map_id is not None
    store = Store(connection, known.caller.organisation_id)
    for user in people:
        ids = (store.new_id(), store.new_id())
        store.people.add(ids, workspace_id, user, name=user, role="member", zone=None, known=True, at=now)
    messages = []
    for number, item in enumerate(store.items.open(place.map_id, kind="pain", most=1000)):
        messages.append(f"1700000000.{number:06}")
        store.posts.add(store.new_id(), place.place_id, messages[-1], "item", item.id, item.revision, now)
    return messages
