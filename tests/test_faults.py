"""What is sent to us counts once, however often it comes; what cannot be saved is said so, with the words."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.playground.reading import plain
from bot.playground.replies import Reply
from bot.playground.slack import SlackStandIn
from bot.playground.things import Message, View
from storage.batches import Batch, Values
from storage.connection import Connection
from storage.database import Database, sqlite_path
from storage.errors import StorageError, Unavailable
from storage.sqlite import SqliteConnection
from storage.statements import Statement
from tests.load import (
    at_most,
    at_rest,
    beside,
    cards,
    events_of,
    eventually,
    later,
    logged,
    one,
    people,
    reaction,
    replicas,
    rows,
    said,
    typed_command,
)
from tests.world import MovedClock, World, running

SORRY = "That did not go through, and nothing was saved."
PATIENCE = 3.0  # seconds: so long Slack waits for an answer


def url(world: World) -> str:
    return world.keeper.settings.database_url


def items(world: World) -> int:
    return int(one(url(world), "SELECT count(*) FROM items"))


def effects(world: World) -> tuple[int, int, int]:
    """What the one item's counter says, how many votes there are, and how often the history says so."""
    return (
        int(one(url(world), "SELECT votes FROM items")),
        int(one(url(world), "SELECT count(*) FROM votes WHERE active")),
        int(one(url(world), "SELECT count(*) FROM changes WHERE what = 'voted'")),
    )


# --- the same thing again ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [50, pytest.param(1000, marks=pytest.mark.soak)])
async def test_an_event_delivered_four_times_at_once_counts_once(each_world: World, count: int) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined twice")
    events = [reaction(world.slack, who, card) for who in people(world.slack, count)]
    statuses = await at_most(64, (world.slack.send(event) for event in events for _ in range(4)))
    assert [reply.status for reply in statuses] == [200] * count * 4
    assert effects(world) == (count, count, count)


@pytest.mark.parametrize("count", [50, pytest.param(1000, marks=pytest.mark.soak)])
async def test_an_event_delivered_to_two_replicas_at_once_counts_once(
    postgresql_url: str, count: int
) -> None:
    async with replicas(postgresql_url, 2) as worlds:
        slack = worlds[0].slack
        await worlds[0].start_map()
        card = await worlds[0].log("pay: card declined twice")
        events = [reaction(slack, who, card) for who in people(slack, count)]
        sent = [slack.send(event, events_of(world)) for event in events for world in worlds for _ in range(2)]
        replies = await at_most(64, sent)
        refused = [reply for reply in replies if reply.status != 200]
        assert len(refused) <= count / 10, "two of us at one map may meet, and Slack then sends it again"
        again = await at_most(8, (slack.redeliver(reply) for reply in refused))
        assert {reply.status for reply in again} <= {200}
        assert effects(worlds[0]) == (count, count, count)


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "at once"])
async def test_a_replayed_command_is_one_item_and_the_same_answer(each_world: World, at_once: bool) -> None:
    world = each_world
    await world.start_map()
    request = typed_command(world.slack, "pay: card declined twice", "ben")
    replies = await at_most(4 if at_once else 1, (world.slack.send(request) for _ in range(4)))
    assert logged(replies[0]) == "P-1"
    assert len({reply.body for reply in replies}) == 1
    assert items(world) == 1
    await at_rest(world)
    assert cards(world.messages()) == {"P-1": 1}


async def test_a_command_replayed_to_two_replicas_is_one_item_and_the_same_answer(
    postgresql_url: str,
) -> None:
    async with replicas(postgresql_url, 2) as worlds:
        slack = worlds[0].slack
        await worlds[0].start_map()
        requests = [typed_command(slack, f"pay: it hurts {number}", "ben") for number in range(10)]
        sent = [slack.send(one, events_of(world)) for one in requests for world in worlds for _ in range(2)]
        replies = await at_most(40, sent)
        assert items(worlds[0]) == 10
        for number in range(10):
            assert len({reply.body for reply in replies[number * 4 : number * 4 + 4]}) == 1


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "at once"])
async def test_a_replayed_click_does_nothing_twice_and_answers_the_same(
    each_world: World, at_once: bool
) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined twice")
    first = await world.slack.click("ben", card, "Vote")
    await at_most(4 if at_once else 1, (world.slack.redeliver(first) for _ in range(4)))

    def answers() -> list[Message]:
        return [seen.message for seen in first.seen if seen.what == "ephemeral" and seen.message]

    await world.until(lambda: len(answers()) == 5)
    assert {plain(answer) for answer in answers()} == {"Your vote counts on P-1: ▲ 1.\n[Take back]"}
    assert effects(world) == (1, 1, 1)


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "at once"])
async def test_a_form_sent_again_with_a_new_trigger_is_one_item(each_world: World, at_once: bool) -> None:
    """After a time-out the person presses Log again: the same form under another trigger."""
    world = each_world
    await world.start_map()
    form = (await world.slack.command("ben", "product", "/pain", "")).view
    assert form is not None
    values = {"stage": stage_of(form), "text": "card declined twice"}
    kept = form.content
    replies: list[Reply] = []

    async def submit() -> None:
        form.content, form.closed = kept, False
        replies.append(await world.slack.submit("ben", form, values))

    await at_most(4 if at_once else 1, (submit() for _ in range(4)))
    assert len({reply.request.cause for reply in replies}) == 4, "each with a trigger of its own"
    assert {reply.status for reply in replies} == {200}
    assert len({reply.body for reply in replies}) == 1
    assert "Got it: P-1" in plain(form)
    assert items(world) == 1


async def test_a_kept_line_whose_button_is_clicked_on_two_replicas_is_one_item(postgresql_url: str) -> None:
    async with replicas(postgresql_url, 2) as worlds:
        slack = worlds[0].slack
        await worlds[0].start_map()
        asked = (await slack.command("ben", "product", "/pain", "chekcuot: card declined")).ephemeral
        assert asked is not None
        kept, menu = asked.blocks, asked.blocks[-1]["elements"][-1]
        option = menu["options"][0]["value"]
        for world in worlds * 2:
            slack.point_at(events_of(world))
            asked.blocks = kept  # as a second window still shows it
            clicked = await slack.click("ben", asked, menu["action_id"], option=option, forge={})
            await world.until(lambda clicked=clicked: "P-1" in clicked.text)
        await at_rest(worlds[0])
        assert items(worlds[0]) == 1


# --- a database that takes nothing ---------------------------------------------------------------------------


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Another process holds what every change needs."""
    if database_url.startswith("sqlite"):
        other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
        return
    with psycopg.connect(database_url) as server:
        server.execute("LOCK TABLE seen, marks, items, deliveries IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def gone(database_url: str) -> Iterator[None]:
    """The server throws everybody out and lets nobody in."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(database_url.replace(f"/{name}?", "/postgres?"), autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        server.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'".encode()
        )
        yield
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


def fault(kind: str, database_url: str) -> Any:
    return (gone if kind == "gone" else locked)(database_url)


@pytest.fixture(params=["sqlite locked", "postgresql locked", "postgresql gone"])
def trouble(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A fresh database of some kind, and what happens to it."""
    kind, _, what = request.param.partition(" ")
    return request.getfixturevalue(f"{kind}_url"), what


async def test_a_database_that_takes_nothing_loses_nothing_and_says_so(trouble: tuple[str, str]) -> None:
    database_url, what = trouble
    async with running(database_url) as world:
        slack = world.slack
        await world.start_map()
        card = await world.log("pay: the first")
        form = (await slack.command("cleo", "product", "/pain", "")).view
        assert form is not None
        events = [reaction(slack, who, card) for who in people(slack, 5)]
        known = [reaction(slack, "U0BEN", card, emoji) for emoji in ("fire", "heart")]
        await slack.command("ben", "product", "/journey", "help")
        await at_rest(world)

        with fault(what, database_url):
            began = time.monotonic()
            typed, clicked, sent, *heard = await asyncio.gather(
                slack.command("ben", "product", "/pain", "pay: nothing typed is lost"),
                slack.click("ben", card, "Vote"),
                slack.submit("cleo", form, {"stage": stage_of(form), "text": "nor what stands in a form"}),
                *(slack.send(event) for event in [*events, *known]),
            )
            assert time.monotonic() - began < PATIENCE
            await world.until(lambda: clicked.ephemeral)
        assert SORRY in typed.text
        assert "What you typed: pay: nothing typed is lost" in typed.text
        assert SORRY in clicked.text
        assert SORRY in next(iter(sent.errors.values()))
        assert not form.closed
        assert "nor what stands in a form" in plain(form)
        assert {reply.status for reply in heard} == {500}, "so that Slack sends them again"
        assert items(world) == 1
        assert effects(world) == (0, 0, 0)

        healed = time.monotonic()
        again = await slack.command("ben", "product", "/pain", "pay: nothing typed is lost")
        assert logged(again) == "P-2"
        assert time.monotonic() - healed < 5
        assert "Got it: P-3" in (await slack.submit("cleo", form)).text
        assert {(await slack.redeliver(reply)).status for reply in [*heard, *heard]} == {200}
        await slack.redeliver(clicked)
        assert effects_of(world, "the first") == (6, 6, 6)
        await world.until(lambda: cards(world.messages()) == {"P-1": 1, "P-2": 1, "P-3": 1})
        assert time.monotonic() - healed < 10


async def test_cards_that_were_on_their_way_when_the_database_went_are_known_after(
    trouble: tuple[str, str],
) -> None:
    """Slack has them, and only we know their ids: that is kept until it can be written down."""
    database_url, what = trouble
    async with running(database_url) as world:
        await world.start_map()
        await at_rest(world)
        world.slack.faults.add("chat.postMessage", "slow", seconds=0.3, channel="C0PRODUCT")
        await world.slack.command("ben", "product", "/pain", "pay: card declined")
        await eventually(
            lambda: rows(database_url, "SELECT state FROM deliveries"), lambda found: found == [("sending",)]
        )
        with fault(what, database_url):
            await world.until(lambda: cards(world.messages()))
            await asyncio.sleep(2)  # longer than a single attempt to write is patient
        await at_rest(world, 15)
        assert not world.slack.direct("ben").messages, "nobody is asked whether it arrived"
        card = world.messages()[-1]
        await world.slack.react("ben", card, "+1")
        await world.until(lambda: "▲ 1" in plain(card))


async def test_a_full_disk_loses_nothing_and_says_so(world: World) -> None:
    slack = world.slack
    await world.start_map()
    card = await world.log("pay: the first")
    form = (await slack.command("cleo", "product", "/pain", "")).view
    assert form is not None
    await at_rest(world)
    long = "x" * 2000
    pages = "PRAGMA max_page_count"
    await world.keeper.database.write(lambda connection: connection.command(f"{pages} = 1"))

    typed = await asyncio.gather(
        *(slack.command("ben", "product", "/pain", f"pay: {n} {long}") for n in range(20)),
    )
    sent = await slack.submit("cleo", form, {"stage": stage_of(form), "text": long})
    kept = {reply.request.payload["text"] for reply in typed if logged(reply)}
    lost = [reply for reply in typed if SORRY in said(reply)]
    assert len(kept) + len(lost) == 20
    assert lost, "the disk is full"
    assert {
        text for (text,) in rows(url(world), "SELECT 'pay: ' || text FROM items WHERE number > 1")
    } == kept
    assert all(long in json_text(reply) for reply in lost), "with what they typed"
    assert SORRY in next(iter(sent.errors.values()))
    event = reaction(slack, "U0CLEO", card)
    heard = await slack.send(event)

    healed = time.monotonic()
    await world.keeper.database.write(lambda connection: connection.command(f"{pages} = 1000000"))
    again = await asyncio.gather(
        *(slack.command("ben", "product", "/pain", reply.request.payload["text"]) for reply in lost)
    )
    assert all(logged(reply) for reply in again)
    assert time.monotonic() - healed < 5
    assert items(world) == 21
    for _ in range(2):
        assert (await slack.send(event)).status == 200
    assert heard.status in (200, 500)
    assert effects_of(world, "the first") == (1, 1, 1)
    numbers = [number for (number,) in rows(url(world), "SELECT number FROM items ORDER BY number")]
    assert numbers == list(range(1, 22))
    await world.until(lambda: len(cards(world.messages())) == 21, 20)


def effects_of(world: World, text: str) -> tuple[int, int, int]:
    """The counter, the votes and the history of the item with that text."""
    item, votes = rows(url(world), f"SELECT id, votes FROM items WHERE text = '{text}'")[0]
    return (
        votes,
        int(one(url(world), f"SELECT count(*) FROM votes WHERE active AND item_id = '{item}'")),
        int(one(url(world), f"SELECT count(*) FROM changes WHERE what = 'voted' AND subject_id = '{item}'")),
    )


def stage_of(form: View) -> str:
    """A stage that the form offers."""
    return str(form.blocks[0]["element"]["options"][0]["value"])


def json_text(reply: Reply) -> str:
    return reply.body.decode()


# --- whatever fails, wherever --------------------------------------------------------------------------------


class Failing:
    """Fails the n-th thing that is asked of the database, once."""

    def __init__(self, nth: int) -> None:
        self._left = nth
        self.struck = False

    def connect(self, database_url: str, readonly: bool) -> Connection:
        """For `Database(url, connect=…)`."""
        return Fragile(sqlite_path(database_url), self, readonly=readonly)

    def count(self) -> None:
        """Raises Unavailable where it is the n-th."""
        self._left -= 1
        if self._left == 0:
            self.struck = True
            raise Unavailable("as ordered")


class Fragile(SqliteConnection):
    """A connection on which each statement may be the one that fails."""

    def __init__(self, path: str, failing: Failing, *, readonly: bool) -> None:
        super().__init__(path, readonly=readonly)
        self._failing = failing

    def all(self, statement: Statement[Any], **values: Any) -> list[Any]:
        self._failing.count()
        return super().all(statement, **values)

    def run(self, statement: Statement[Any], **values: Any) -> None:
        self._failing.count()
        super().run(statement, **values)

    def run_many(self, batch: Batch, rows: Sequence[Values]) -> None:
        self._failing.count()
        super().run_many(batch, rows)

    def command(self, sql: str) -> None:
        self._failing.count()
        super().command(sql)


class People:
    """What people do in a week, each trying again until they are told that it worked."""

    def __init__(self, world: World, real: MovedClock) -> None:
        self.world = world
        self.slack = world.slack
        self.real = real
        self.refs: dict[str, str] = {}

    async def live(self) -> None:
        """A map, three items, two votes, and a digest on Monday."""
        await self.start_map()
        for words in ("card declined", "no table free", "soup was cold"):
            await self.log(words)
        await self.rest()
        await self.vote(self.known_card())
        await self.rest()
        self.world.clock.skip(weeks=1)
        for _ in range(3):
            with suppress(StorageError):  # the clock ticks again
                await self.world.keeper.tick()
            await at_rest(self.world)  # or the lease of what leaves at this moment would be over
            self.real.skip(seconds=61)
        await self.rest()

    async def start_map(self) -> None:
        """Until it is there."""
        for _ in range(4):
            reply = await self.slack.command("ada", "product", "/journey", "new")
            if reply.ephemeral and "[Open form]" in plain(reply.ephemeral):
                reply = await self.slack.click("ada", reply.ephemeral, "Open form")
            if reply.view is None:
                continue
            for _ in range(3):
                await self.slack.submit("ada", reply.view, {"template": "restaurant-visit", "name": "Dinner"})
                if "is ready" in plain(reply.view):
                    return
                assert SORRY in plain(reply.view)
        raise AssertionError("no map")

    async def log(self, words: str) -> None:
        """Until there is a receipt."""
        for _ in range(3):
            reply = await self.slack.command("ben", "product", "/pain", f"pay: {words}")
            if ref := logged(reply):
                self.refs[words] = ref
                return
            assert SORRY in said(reply)
            assert words in reply.body.decode()
        raise AssertionError(f"not logged: {words}")

    def known_card(self) -> Message:
        """A card of which we know that it is there: on another, a reaction waits for its author's answer."""
        known = {ts for (ts,) in rows(url(self.world), "SELECT external_id FROM posts")}
        return next(message for message in self.slack.channel("product").messages if message.ts in known)

    async def vote(self, card: Message) -> None:
        """Cleo by a reaction, which Slack sends until it is taken; Ben by the button."""
        event = reaction(self.slack, "U0CLEO", card)
        statuses = [(await self.slack.send(event)).status for _ in range(3)]
        assert statuses[-1] == 200
        for _ in range(3):
            if await self.pressed(card):
                return
        raise AssertionError("no vote")

    async def pressed(self, card: Message) -> bool:
        """Ben presses Vote; was he told that it counts?"""
        clicked = await self.slack.click("ben", card, "Vote")
        assert clicked.status == 200
        with suppress(TimeoutError):
            await self.slack.wait_until(lambda: clicked.ephemeral is not None, 2)
        return "Your vote counts" in clicked.text

    async def rest(self) -> None:
        """Everything that can be sent is, whatever has to be tried again."""
        left = "SELECT count(*) FROM deliveries WHERE state NOT IN ('unknown', 'dead')"
        for _ in range(6):
            await at_rest(self.world)
            if not one(url(self.world), left):
                return
            later(self.world, minutes=6)
            self.real.skip(seconds=61)
            for _ in range(2):
                with suppress(StorageError):
                    await self.world.keeper.sender.reclaim()
        raise AssertionError(rows(url(self.world), "SELECT * FROM deliveries"))

    def check(self) -> None:
        """Nothing acknowledged is lost, nothing is doubled, and what may be missing was told."""
        database_url = url(self.world)
        texts = dict(rows(database_url, "SELECT text, 'P-' || number FROM items"))
        assert texts == self.refs
        assert one(database_url, "SELECT count(*) FROM items") == 3
        assert one(database_url, "SELECT count(*) FROM maps") == 1
        voted = "SELECT votes, (SELECT count(*) FROM votes WHERE item_id = items.id AND active) FROM items"
        assert sorted(rows(database_url, voted)) == [(0, 0), (0, 0), (2, 2)]
        states = rows(database_url, "SELECT kind, state FROM deliveries WHERE kind <> 'whisper'")
        assert {state for _, state in states} <= {"unknown"}
        posted = self.slack.channel("product").messages
        found = cards(posted)
        assert set(found.values()) <= {1}
        unknown = [kind for kind, _ in states]
        assert len(found) >= 3 - unknown.count("card")
        digest = [message for message in posted if plain(message).startswith("Dinner, ")]
        assert len(digest) <= 1
        assert len(digest) >= 1 - unknown.count("digest")
        asked = sum(len(room.messages) for room in self.slack.world.channels.values() if room.im_with)
        assert asked >= len([kind for kind in unknown if kind in ("card", "digest")])
        assert "▲ 2" in plain(self.known_card())


async def a_week(database_url: str, slack: SlackStandIn, **changes: Any) -> None:
    """The story on that database, and what is left of it."""
    real = MovedClock()
    async with beside(slack, database_url, real=real, **changes) as world:
        crowd = People(world, real)
        await crowd.live()
        crowd.check()


HTTP_FAULTS = ["drop_before", "drop_after", "server_error", "rate_limited"]


@pytest.mark.parametrize("step", [6, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("kind", HTTP_FAULTS)
async def test_whichever_call_to_slack_fails_nothing_is_lost_or_doubled(
    sqlite_template: Path, tmp_path: Path, kind: str, step: int
) -> None:
    """The n-th call fails, for n = 1, 2, 3 … until a week meets no failure."""
    for nth in range(HTTP_FAULTS.index(kind), 1000, step):
        path = tmp_path / f"{nth}.db"
        shutil.copyfile(sqlite_template, path)
        async with SlackStandIn() as slack:
            fault = slack.faults.add("*", kind, after=nth, status=500)
            await a_week(f"sqlite:///{path}", slack)
            if not fault.hits:
                return


@pytest.mark.parametrize("step", [120, pytest.param(1, marks=pytest.mark.soak)])
async def test_whichever_statement_fails_nothing_is_lost_or_doubled(
    sqlite_template: Path, tmp_path: Path, step: int
) -> None:
    """The n-th statement fails, for n = 1, 2, 3 … until a week meets no failure."""
    for nth in range(1, 100_000, step):
        path = tmp_path / f"{nth}.db"
        shutil.copyfile(sqlite_template, path)
        failing = Failing(nth)
        async with SlackStandIn() as slack:
            database = Database(f"sqlite:///{path}", connect=failing.connect)
            await a_week(f"sqlite:///{path}", slack, database=database)
        if not failing.struck:
            return
