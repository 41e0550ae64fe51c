"""What the clock asks of the database: the same beside a thousand schedules that are not due and beside 100,000.

A tick takes one organisation after the other, and up to 50 schedules of it in a pass. Measured is what a pass asks
beside the digests themselves: the claim, what is due of items, maps and schedules, and the settling; two commits.
One tick tells all that is due: 1,000 schedules are 20 passes in one organisation, and a pass for each of 1,000.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from bot.app import real_now
from scheduler.checks import AT_ONCE
from scheduler.jobs import LEASE
from storage.connection import Connection
from storage.database import connection_to, kind_of
from storage.digests import claim_due
from storage.store import Store
from tests.bench.digests import COUNT, NAMED, plain_driver
from tests.bench.processes import SERVER, on_core
from tests.bench.product import databases
from tests.bench.table import Row

DUE, FEW, MANY = 1_000, 1_000, 100_000
PASS_MS, FLAT = 50.0, 2.0
NOISE_MS = 0.5  # what is quicker than this grows by chance
MOST_ROUNDS = 3
WARM_UP = 5  # passes of each connection: they compile and prepare
NOW = real_now().replace(microsecond=0)
PAST, FUTURE = NOW - timedelta(minutes=1), NOW + timedelta(days=3)
LAYOUTS = {"in one organisation": "1", "an organisation each": "n"}


class Ticks(NamedTuple):
    """How long each pass took, and how many passes a tick made, in ms."""

    passes: list[float]
    ticks: list[float]

    def __str__(self) -> str:
        ordered = sorted(self.passes)
        return f"p50 {statistics.median(ordered):.2f}, p99 {ordered[len(ordered) * 99 // 100]:.2f} ms"


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


def _row(name: str, few: Ticks, many: Ticks) -> Row:
    middles = [statistics.median(one.passes) for one in (few, many)]
    grown = middles[1] / max(middles[0], NOISE_MS)
    slowest = sorted(many.passes)[len(many.passes) * 99 // 100]
    tick = statistics.median(many.ticks)
    return Row(
        f"a pass of the clock, {DUE:,} due of {DUE + MANY:,} schedules, {name}",
        f"{many}, {grown:.2f}×",
        f"≤ {PASS_MS:g} ms, ≤ {FLAT:g}×",
        slowest <= PASS_MS and grown <= FLAT,
        f"{FEW:,} not due: {few}; all passes of a tick {tick:.0f} ms"
        f" beside {MANY:,}, {statistics.median(few.ticks):.0f} ms beside {FEW:,}",
    )


def _driven(urls: tuple[str, ...], rounds: int) -> list[Ticks]:
    """A tick on each of the databases in turn, and again when the same are due once more."""
    found = [Ticks([], []) for _ in urls]
    for _ in range(rounds):
        for url, ticks in zip(urls, found, strict=True):
            with closing(connection_to(url, False)) as connection:
                passes = list(_passes(connection))
            told = _again(url)
            assert told == DUE, f"{told} were told"
            ticks.passes.extend(passes[WARM_UP:])
            ticks.ticks.append(sum(passes))
    return found


def _passes(connection: Connection) -> Iterator[float]:
    """Tells all that is due; what each pass took, in ms."""
    while True:
        spent = [0.0]
        with _timed(spent), connection.transaction(writes=True):
            organisation = claim_due(connection, NOW, NOW, NOW + LEASE)
        if organisation is None:
            return
        store = Store(connection, organisation)
        for look in (store.checks.due, store.pulses.maps_due):
            with _timed(spent), connection.transaction(writes=False):
                look(NOW, AT_ONCE)
        with _timed(spent), connection.transaction(writes=False):
            schedules = store.digests.due(NOW)
        with connection.transaction(writes=True):
            for schedule in schedules:
                store.digests.advance(schedule.id, FUTURE)
        with _timed(spent), connection.transaction(writes=True):
            store.digests.settle_due(NOW)
        yield spent[0]


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
        f"""INSERT INTO organisations (id, name, vote_emoji, half_lives, private_maps, created_at)
        {count(owners)} SELECT {named("o", "n")}, 'acme', '+1', '', 0, {now} FROM s""",
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
