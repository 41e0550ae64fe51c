"""A year of an organisation of 40 people and 6 maps, played in seconds by chance that can be repeated."""

import heapq
import itertools
import random
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from handlers.answers import Button, Buttons, Card
from handlers.dispatch import Dispatch
from handlers.half_lives import half_life
from handlers.request import Actor, PlaceFacts, Profile, Request, Spot
from scheduler.job import Job
from scheduler.jobs import tell_due
from scheduler.sending import send
from storage import deliveries
from storage.connection import Connection
from storage.database import Database, connection_to, sqlite_path

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAYS, PEOPLE, MAPS = 365, 40, 6
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Los_Angeles")
STAGES = ("discover", "book", "arrive", "order", "eat", "pay", "return")
WEEK = timedelta(days=7)
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
    """A platform that only hands over private messages."""

    def __init__(self, take: Callable[[str, Card], None]) -> None:
        self._take = take

    async def whisper(self, workspace: str, user: str, card: Card) -> None:
        self._take(user, card)

    async def home(self, workspace: str, user: str, card: Card) -> None:
        return None

    async def profile(self, workspace: str, user: str) -> Profile:
        return Profile(user)

    async def place(self, workspace: str, channel: str) -> PlaceFacts:
        return PlaceFacts(channel, private=False)


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
        self._letters = Letters(self._received)
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
            await self._request(f"U{number}", "map.make", "form", values=values, about={"version": "1"})

    async def play(self, each_week: Callable[[], None]) -> None:
        """Goes from one moment at which something is due to the next, until the year is over."""
        end, check = START + timedelta(days=DAYS), START + WEEK
        for day in range(DAYS):
            for _ in range(self._chance.choice((0, 0, 1, 1, 2, 3))):
                self._plan(START + timedelta(days=day, minutes=self._chance.randrange(1440)), self._something)
        while (moment := self._next()) < end:
            self.now = max(self.now, moment)
            while self._plans and self._plans[0][0] <= self.now:
                await heapq.heappop(self._plans)[2]()
            await tell_due(self._database, lambda: self.now, lambda: self.now, self._new_id)
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
            return deliveries.claim(connection, self.now, self.now, self.now + timedelta(minutes=1), 100)

        clock = lambda: self.now  # noqa: E731
        for row in await self._database.write(taken):
            job = Job(row, "T1", cast(Any, self._letters), self._database, clock, clock, self._new_id)
            await send(job, self.now + timedelta(minutes=1))

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
        user = f"U{self._chance.randrange(PEOPLE)}"
        deed = self._chance.random()
        items = self.sql.execute(
            "SELECT id FROM items WHERE resolved_at IS NULL AND removed_at IS NULL"
        ).fetchall()
        if deed < 0.45 or not items:
            kind = self._chance.choice(("pain", "pain", "pain", "quote", "gain", "idea"))
            severity = self._chance.choice(("!abandon", "!workaround", "!trivial")) if kind == "pain" else ""
            line = f"map-{self._chance.randrange(MAPS)}/{self._chance.choice(STAGES)}: it is {self.now} {severity}"
            await self._request(user, f"log.{kind}", "command", text=line)
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

    async def _request(self, user: str, action: str, surface: Any, **more: Any) -> None:
        request = Request(
            actor=Actor("slack", "T1", user, user),
            spot=Spot(f"D{user}", direct=True),
            place=PlaceFacts("direct", private=True),
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


def not_on_disk(url: str, readonly: bool) -> Connection:
    """A connection whose commits wait for no disk: a year makes thousands, and no power fails in it."""
    connection = connection_to(url, readonly)
    connection.command("PRAGMA synchronous=OFF")
    return connection


def unbelieved(year: Year) -> list[Any]:
    """Open items whose last word is older than twice its half-life, and that do not say so."""
    found = year.sql.execute(
        "SELECT items.kind, severity, number, max(changes.at) FROM items JOIN changes ON subject_id = items.id "
        "WHERE what IN ('logged', 'confirmed', 'reopened') AND removed_at IS NULL AND resolved_at IS NULL "
        "AND items.kind <> 'idea' AND trust NOT IN ('stale', 'disputed') GROUP BY items.id"
    )
    late = []
    for kind, severity, number, at in found:
        life = half_life("", kind, severity)
        assert life is not None
        if year.now - datetime.fromisoformat(f"{at}+00:00") > 2 * life:
            late.append((kind, severity, number, at))
    return late


def within_hours(year: Year, user: str, at: datetime) -> bool:
    """Is it a working day of theirs, and an hour of it, by their own clock?"""
    question = "SELECT zone, work_days, work_from, work_until FROM people WHERE name = ?"
    zone, days, start, end = year.sql.execute(question, (user,)).fetchone()
    local = at.astimezone(ZoneInfo(zone))
    return str(local.weekday()) in days and start <= f"{local:%H:%M}" < end


def most_in_a_week(moments: list[datetime]) -> int:
    """The most questions that came within any seven days."""
    return max(sum(moment - WEEK < other <= moment for other in moments) for moment in moments)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
async def test_a_year_asks_nobody_too_often_and_leaves_nothing_believed_by_habit(
    sqlite_url: str, seed: int
) -> None:
    database = Database(sqlite_url, connect=not_on_disk)
    year = Year(database, sqlite_url, seed)
    late: list[Any] = []
    await year.begin()
    await year.play(lambda: late.extend(unbelieved(year)))
    busiest = max(map(most_in_a_week, year.asked.values()))
    outside = [
        (user, moment)
        for user, moments in year.asked.items()
        for moment in moments
        if not within_hours(year, user, moment)
    ]
    trust = dict(year.sql.execute("SELECT trust, count(*) FROM items GROUP BY trust"))
    changes = dict(year.sql.execute("SELECT what, count(*) FROM changes GROUP BY what"))
    year.sql.close()
    await database.close()
    sys.stdout.write(
        f"\nasked {sum(map(len, year.asked.values()))} questions of {len(year.asked)} people: {dict(year.did)}"
        f"\nmost in a week {busiest}, outside of hours {len(outside)}, believed too long {len(late)}"
        f"\nhistory {changes}\nitems by trust {trust}\n"
    )
    assert busiest <= 3
    assert outside == []
    assert late == []
    assert len(year.asked) > PEOPLE / 2, "it is not always the same few who are asked"
    for what in ("confirmed", "disputed", "stale", "resolved", "reopened"):
        assert changes.get(what, 0) > 0, f"a year without anything {what} proves little"
