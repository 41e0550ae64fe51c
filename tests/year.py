"""An organisation of 40 people and 6 maps, and what chance that can be repeated has them do for a year."""

import heapq
import itertools
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

from bot.playground.reading import plain
from bot.slack_blocks import message
from handlers.answers import Button, Buttons, Card
from handlers.dispatch import Dispatch
from handlers.request import Actor, PlaceFacts, Profile, Request, Spot
from scheduler.job import Job
from scheduler.jobs import tell_due
from scheduler.sending import send
from storage import deliveries
from storage.connection import Connection
from storage.database import Database, connection_to, sqlite_path
from tests.snapshots import NOTHING, Snapshot, Told, difference, snapshot

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAYS, PEOPLE, MAPS = 365, 40, 6
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Los_Angeles")
STAGES = ("discover", "book", "arrive", "order", "eat", "pay", "return")
WEEK = timedelta(days=7)
T = TypeVar("T")
# How somebody answers who answers at all, by the button.
ANSWERS = {
    "check.true": 6,
    "check.fixed": 2,
    "check.pass": 0.3,
    "check.gone": 4,
    "check.back": 3,
    "pulse.set": 1,
    "item.resolve": 3,
}


class Letters:
    """A platform that hands over private messages, and keeps what is posted in channels as people read it."""

    def __init__(self, take: Callable[[str, Card], None], keep: Callable[[str, str, str], str]) -> None:
        self._take = take
        self._keep = keep

    async def post(self, workspace: str, channel: str, card: Card, thread: str = "") -> str:
        return self._keep(channel, plain(message(card)["blocks"]), thread)

    async def join(self, workspace: str, channel: str) -> None:
        return None

    async def whisper(self, workspace: str, user: str, card: Card, asked_in: Spot | None = None) -> None:
        self._take(user, card)

    async def home(self, workspace: str, user: str, card: Card) -> None:
        return None

    async def profile(self, workspace: str, user: str) -> Profile:
        return Profile(user)

    async def place(self, workspace: str, channel: str) -> PlaceFacts:
        return PlaceFacts(channel, private=False)


class AtOnce(Database):
    """A database whose units run where they are asked for, and whose commits wait for no disk.

    A year asks thirty thousand times, never twice at the same moment: a thread each time would take longer than all.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._only = connection_to(url, False)
        self._only.command("PRAGMA synchronous=OFF")

    async def write(self, unit: Callable[[Connection], T], *, patience: float = 0) -> T:
        with self._only.transaction(writes=True):
            return unit(self._only)

    async def read(self, unit: Callable[[Connection], T]) -> T:
        with self._only.transaction(writes=False):
            return unit(self._only)

    async def close(self) -> None:
        self._only.close()
        await super().close()


class Post(NamedTuple):
    """A message in a channel."""

    at: datetime
    channel: str
    ts: str
    thread: str
    words: str


class Fired(NamedTuple):
    """A slot that fired, and what its digest has to say; nothing on an empty week."""

    at: datetime
    channel: str
    name: str
    due: Told


class Year:
    """Forty people, what they do, and the moments at which something is to happen."""

    def __init__(self, database: Database, url: str, seed: int) -> None:
        self.now = START
        self.sql = sqlite3.connect(sqlite_path(url), isolation_level=None, timeout=10)
        self.asked: dict[str, list[datetime]] = defaultdict(list)
        self.did: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._database = database
        self._dispatch = Dispatch(database, lambda: self.now, self._new_id)
        self._letters = Letters(self._received, self._posted)
        self.posts: list[Post] = []
        self.slots: list[Fired] = []
        self._told: dict[str, Snapshot] = defaultdict(lambda: NOTHING)  # by map: as the last digest left it
        self._plans: list[tuple[datetime, int, Callable[[], Awaitable[object]]]] = []
        self._numbers = itertools.count()
        self.zones = {f"U{number}": ZONES[number % len(ZONES)] for number in range(PEOPLE)}

    async def begin(self) -> None:
        """Everybody turns up; six of them start a map; some work other days and hours than most."""
        for number, (user, zone) in enumerate(self.zones.items()):
            admin = number == 0
            await self._request(user, "help", "command", profile=Profile(user, zone, admin=admin))
            days = self._chance.choice(["01234", "01234", "0123", "12"])
            hours = self._chance.choice([("09:00", "17:00"), ("08:00", "12:00"), ("13:00", "19:30")])
            self.sql.execute(
                "UPDATE people SET work_days = ?, work_from = ?, work_until = ? WHERE name = ?",
                (days, *hours, user),
            )
        for number in range(MAPS):
            values = {"template": "restaurant-visit", "name": f"Map {number}"}
            about = {"version": "1"}
            await self._request(f"U{number}", "map.make", "form", f"C{number}", values=values, about=about)
        # What is posted of each item is another test's.
        self.sql.execute("UPDATE bindings SET noise = 'digest'")

    async def play(self, each_week: Callable[[], None]) -> None:
        """Goes from one moment at which something is due to the next, until the year is over."""
        end, check = START + timedelta(days=DAYS), START + WEEK
        for day in range(DAYS):
            for _ in range(self._chance.choice((0, 0, 1, 1, 2, 3))):
                self._plan(START + timedelta(days=day, minutes=self._chance.randrange(1440)), self._something)
            if day % 30 == 3:
                self._plan(START + timedelta(days=day, hours=6), self._workshop)
        while (moment := self._next()) < end:
            self.now = max(self.now, moment)
            while self._plans and self._plans[0][0] <= self.now:
                await heapq.heappop(self._plans)[2]()
            await tell_due(self._database, lambda: self.now, lambda: self.now, self._new_id)
            self._look_at_slots()
            await self._deliver()
            while check <= self.now:
                each_week()
                check += WEEK

    def _next(self) -> datetime:
        due = self.sql.execute("SELECT min(next_at) FROM due").fetchone()[0]
        waiting = self.sql.execute(
            "SELECT min(not_before) FROM deliveries WHERE state = 'waiting'"
        ).fetchone()[0]
        moments = [datetime.fromisoformat(f"{moment}+00:00") for moment in (due, waiting) if moment]
        planned = [self._plans[0][0]] if self._plans else []
        return max(min(moments + planned), self.now)

    async def _deliver(self) -> None:
        def taken(connection: Connection) -> list[Any]:
            return deliveries.claim(connection, self.now, self.now, self.now + timedelta(minutes=1), 100)[0]

        clock = lambda: self.now  # noqa: E731
        for row in await self._database.write(taken):
            job = Job(row, "T1", cast(Any, self._letters), self._database, clock, clock, self._new_id)
            await send(job, self.now + timedelta(minutes=1))

    def _look_at_slots(self) -> None:
        """What each digest that was just written has to say, by the map as it stands at this moment."""
        fired = self.sql.execute(
            "SELECT external_id, maps.id, maps.name FROM slots JOIN schedules ON schedules.id = schedule_id"
            " JOIN places ON places.id = schedules.place_id JOIN bindings ON bindings.place_id = places.id"
            " JOIN maps ON maps.id = map_id ORDER BY slots.rowid LIMIT -1 OFFSET ?",
            (len(self.slots),),
        ).fetchall()
        for channel, map_id, name in fired:
            now = snapshot(self.sql, map_id, self.now)
            due = difference(self.sql, map_id, self._told[map_id], now)
            if due.facts:
                self._told[map_id] = now
            self.slots.append(Fired(self.now, channel, name, due))

    def _posted(self, channel: str, words: str, thread: str) -> str:
        ts = f"{next(self._numbers)}"
        self.posts.append(Post(self.now, channel, ts, thread, words))
        return ts

    def _received(self, user: str, card: Card) -> None:
        """A private message: its questions are answered one by one, or not at all."""
        groups = [
            [item for item in part.items if isinstance(item, Button)]
            for part in card.parts
            if isinstance(part, Buttons)
        ]
        for group in groups:
            if {button.action for button in group} & {"check.pass", "check.gone", "pulse.set"}:
                self.asked[user].append(self.now)
        if self._chance.random() < 0.45:
            self.did["silent"] += 1
            return
        for group in groups:
            known = [button for button in group if button.action in ANSWERS]
            if known:
                (button,) = self._chance.choices(known, [ANSWERS[button.action] for button in known])
                self.did[button.action] += 1
                at = self.now + timedelta(hours=self._chance.expovariate(1 / 20))
                self._plan(at, partial(self._click, user, button))

    async def _click(self, user: str, button: Button) -> None:
        await self._request(user, button.action, "click", values={"value": button.value})

    async def _something(self) -> None:
        """Somebody logs something, votes, goes on leave, or sets about something that was logged."""
        user = self._somebody()
        deed = self._chance.random()
        items = self.sql.execute(
            "SELECT id FROM items WHERE resolved_at IS NULL AND removed_at IS NULL"
        ).fetchall()
        if deed < 0.45 or not items:
            await self._log(user, self._chance.randrange(MAPS))
        elif deed < 0.53:
            await self._request(
                "U0", "item.resolve", "click", values={"value": self._chance.choice(items)[0]}
            )
        elif deed < 0.93:
            await self._request(user, "vote", "click", values={"value": self._chance.choice(items)[0]})
        else:
            until = self.now + timedelta(days=self._chance.randrange(3, 30))
            paused = f"{until:%Y-%m-%d %H:%M:%S.%f}"
            self.sql.execute("UPDATE people SET paused_until = ? WHERE name = ?", (paused, user))
            self.did["leave"] += 1

    async def _workshop(self) -> None:
        """Many log on one map within an hour, more than a digest shows in the channel; and they vote."""
        number = self._chance.randrange(MAPS)
        for _ in range(8):
            await self._log(self._somebody(), number)
        items = self.sql.execute(
            "SELECT items.id FROM items JOIN maps ON maps.id = map_id WHERE maps.name = ? AND resolved_at IS NULL",
            (f"Map {number}",),
        ).fetchall()
        for (item,) in self._chance.sample(items, 5):
            await self._request(self._somebody(), "vote", "click", values={"value": item})

    async def _log(self, user: str, number: int) -> None:
        kind = self._chance.choice(("pain", "pain", "pain", "quote", "gain", "idea"))
        severity = self._chance.choice(("!abandon", "!workaround", "!trivial")) if kind == "pain" else ""
        words = f"{self._chance.choice(STAGES)}: {next(self._numbers)} of {self.now} {severity}"
        await self._request(user, f"log.{kind}", "command", f"C{number}", text=words)

    def _somebody(self) -> str:
        return f"U{self._chance.randrange(PEOPLE)}"

    async def _request(self, user: str, action: str, surface: Any, channel: str = "", **more: Any) -> None:
        request = Request(
            actor=Actor("slack", "T1", user, user),
            spot=Spot(channel) if channel else Spot(f"D{user}", direct=True),
            place=PlaceFacts(channel or "direct", private=not channel),
            action=action,
            key=f"k{next(self._numbers)}",
            surface=surface,
            **more,
        )
        await self._dispatch(request)

    def _new_id(self) -> str:
        """Ids of no other time than the year's, so that chance plays the same year again."""
        return f"{next(self._numbers):026}"

    def _plan(self, at: datetime, deed: Callable[[], Awaitable[object]]) -> None:
        heapq.heappush(self._plans, (at, next(self._numbers), deed))
