"""What the clock asks of the database: the same beside a thousand schedules that are not due and beside 100,000.

Measured is what a tick with a thousand due asks beside the digests themselves: all its claims, what is due in the
organisations of each, and that they are settled. The digests are told in transactions of their own in between.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from bot.app import real_now
from scheduler.jobs import LEASE
from storage import due
from storage.connection import Connection
from storage.database import connection_to, kind_of, new_id
from storage.store import Store
from tests.bench.digests import COUNT, NAMED, plain_driver
from tests.bench.processes import SERVER, on_core
from tests.bench.product import databases
from tests.bench.table import Row

DUE, FEW, MANY = 1_000, 1_000, 100_000
TICK_MS, FLAT = 50.0, 2.0
MOST_ROUNDS = 5
NOW = real_now().replace(microsecond=0)
PAST, FUTURE = NOW - timedelta(minutes=1), NOW + timedelta(days=3)
LAYOUTS = {"in one organisation": "1", "an organisation each": "n"}


async def clock(folder: Path, rounds: int) -> list[Row]:
    """Ticks beside few and beside many schedules that are not due, in turn, on both kinds of database."""
    rows = []
    with on_core(SERVER):
        for name, (layout, organisation) in enumerate(LAYOUTS.items()):
            small, large = folder / f"{name}-few", folder / f"{name}-many"
            small.mkdir()
            large.mkdir()
            with databases(small) as few, databases(large) as many:
                for kind in few:
                    urls = few[kind], many[kind]
                    for url, waiting in zip(urls, (FEW, MANY), strict=True):
                        await asyncio.to_thread(_seed, url, organisation, waiting)
                    found = await asyncio.to_thread(_driven, urls, min(rounds, MOST_ROUNDS))
                    rows.append(_row(f"{layout}, {kind}", *found))
    return rows


def _row(name: str, few: list[float], many: list[float]) -> Row:
    middles = [statistics.median(ticks) for ticks in (few, many)]
    grown = middles[1] / middles[0]
    return Row(
        f"a tick of the clock, {DUE:,} due of {DUE + MANY:,} schedules, {name}",
        f"{middles[1]:.1f} ms, {grown:.2f}×",
        f"≤ {TICK_MS:g} ms, ≤ {FLAT:g}×",
        middles[1] <= TICK_MS and grown <= FLAT,
        f"beside {FEW:,}: {middles[0]:.1f} ms; slowest {max(few):.1f} and {max(many):.1f} ms",
    )


def _driven(urls: tuple[str, ...], rounds: int) -> list[list[float]]:
    """A tick on each of the databases in turn, and again when the same are due once more; how long each took, in ms."""
    connections = [connection_to(url, False) for url in urls]
    found: list[list[float]] = [[] for _ in urls]
    for round_ in range(rounds + 1):
        for url, connection, ticks in zip(urls, connections, found, strict=True):
            took = _tick(connection)
            told = _again(url)
            assert told == DUE, f"{told} were told"
            if round_:  # the first one compiles and prepares
                ticks.append(took)
    for connection in connections:
        connection.close()
    return found


def _tick(connection: Connection) -> float:
    """Tells all that is due; what that asked beside the telling, in ms."""
    spent = [0.0]
    for size in chain(due.SIZES, repeat(due.SIZES[-1])):
        claim = new_id()
        with _timed(spent), connection.transaction(writes=True):
            taken = due.claim(connection, claim, NOW, NOW, NOW + LEASE, size)
        if not taken:
            return spent[0]
        with _timed(spent), connection.transaction(writes=False):
            wanted = due.wanted(connection, claim, NOW)
        with connection.transaction(writes=True):
            for one in wanted:
                for schedule in one.schedules:
                    Store(connection, one.organisation_id).digests.advance(schedule.id, FUTURE)
        with _timed(spent), connection.transaction(writes=True):
            due.settle(connection, claim, NOW)
    raise AssertionError("claims end")


@contextmanager
def _timed(spent: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    spent[0] += (time.perf_counter() - began) * 1000


def _again(url: str) -> int:
    """The same are due once more; how many had been told."""
    kind = kind_of(url)
    first = f"{NAMED[kind].format('s', 1)} AND {NAMED[kind].format('s', DUE)}"
    with closing(plain_driver(url)) as driver:
        told = driver.execute(
            _sql(
                url,
                f"UPDATE schedules SET next_at = {_moment(url, PAST)} WHERE id BETWEEN {first}"
                f" AND next_at = {_moment(url, FUTURE)}",
            )
        ).rowcount
        driver.execute(
            _sql(
                url,
                f"UPDATE due SET next_at = {_moment(url, PAST)} WHERE organisation_id IN"
                f" (SELECT organisation_id FROM schedules WHERE id BETWEEN {first})",
            )
        )
        driver.commit()
    return int(told)


def _seed(url: str, organisation: str, waiting: int) -> None:
    """Schedules with a place and a map each: some due, most not, and a fifth resting since they were."""
    kind = kind_of(url)
    count, named = COUNT[kind].format, NAMED[kind].format
    now, past, future = (_moment(url, one) for one in (NOW, PAST, FUTURE))
    owner, each = named("o", organisation), DUE + waiting
    owners = 1 if organisation == "1" else each
    orders = [
        f"""INSERT INTO organisations (id, name, vote_emoji, half_lives, private_maps, all_open,
        created_at)
        {count(owners)} SELECT {named("o", "n")}, 'acme', '+1', '', 0, false, {now} FROM s""",
        f"""INSERT INTO workspaces (id, organisation_id, platform, external_id, name, created_at)
        {count(owners)} SELECT {named("w", "n")}, {named("o", "n")}, 'slack', {named("T", "n")}, 'acme', {now}
        FROM s""",
        f"""INSERT INTO places (organisation_id, id, workspace_id, external_id, name, private, created_at)
        {count(each)} SELECT {owner}, {named("p", "n")}, {named("w", organisation)}, {named("C", "n")}, 'c',
        false, {now} FROM s""",
        f"""INSERT INTO maps (organisation_id, id, slug, name, kind, scenario, goal, private, created_at, look_at)
        {count(each)} SELECT {owner}, {named("m", "n")}, {named("m", "n")}, 'Map', 'current state', '', '', false,
        {now}, {future} FROM s""",
        f"""INSERT INTO schedules (organisation_id, id, place_id, weekday, at, zone, weeks, anchor, next_at,
        paused_at, includes)
        {count(each)} SELECT {owner}, {named("s", "n")}, {named("p", "n")}, 0, '09:00', 'UTC', 1, '2026-01-05',
        CASE WHEN n <= {DUE} OR n % 5 = 0 THEN {past} ELSE {future} END,
        CASE WHEN n > {DUE} AND n % 5 = 0 THEN {past} END, 'new' FROM s""",
        f"""INSERT INTO due (organisation_id, next_at)
        {count(owners)} SELECT {named("o", "n")}, CASE WHEN n <= {DUE} THEN {past} ELSE {future} END FROM s""",
    ]
    with closing(plain_driver(url)) as driver:
        for order in orders:
            driver.execute(_sql(url, order))
        driver.commit()
        driver.execute(_sql(url, "ANALYZE" if kind == "sqlite" else "VACUUM ANALYZE"))


def _sql(url: str, order: str) -> Any:
    return order.encode() if kind_of(url) == "postgresql" else order


def _moment(url: str, at: Any) -> str:
    """A moment as the database writes it."""
    if kind_of(url) == "sqlite":
        return f"'{at:%Y-%m-%d %H:%M:%S.%f}'"
    return f"timestamptz '{at.isoformat()}'"
