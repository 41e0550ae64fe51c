"""The weekly digest of a large map, against counting everything with SQL."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from bot.app import real_now
from handlers.difference import EACH, difference
from handlers.digest_card import digest_card
from storage.connection import Connection
from storage.database import connection_to, kind_of, sqlite_path
from storage.store import Store
from tests.bench.processes import SERVER, on_core
from tests.bench.product import databases, prepare, rows_of
from tests.bench.table import Row, at_least

FASTER = 10.0
ITEMS, EACH_ITEM, WEEKS, FIXED = 100_000, 10, 52, 50
# The map's revisions: its start, then an item and ten votes on those that there are by then, and so on.
STEPS = 1 + ITEMS * (EACH_ITEM + 1)
WEEK_AGO = STEPS - STEPS // WEEKS
START = real_now() - timedelta(weeks=WEEKS)
EVERY = timedelta(weeks=WEEKS).total_seconds() / STEPS

COUNT = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {0})",
    "postgresql": "WITH s(n) AS (SELECT generate_series(1, {0}::bigint))",
}
MOMENT = {
    "sqlite": f"strftime('%Y-%m-%d %H:%M:%f', '{START:%Y-%m-%d %H:%M:%S}', '+' || (({{0}}) * {EVERY}) || ' seconds')"
    " || '000'",
    "postgresql": f"timestamptz '{START:%Y-%m-%d %H:%M:%S}+00' + ({{0}}) * {EVERY} * interval '1 second'",
}
NAMED = {"sqlite": "printf('{0}%025d', {1})", "postgresql": "'{0}' || lpad(({1})::text, 25, '0')"}

# What one would ask without counters and without a history: all votes, counted by item.
COUNTED = """
WITH counted AS MATERIALIZED (
    SELECT item_id, count(*) AS votes, sum(CASE WHEN at > {since} THEN 1 ELSE 0 END) AS delta
    FROM votes WHERE organisation_id = '{organisation}' AND active GROUP BY item_id
), shown AS MATERIALIZED (
    SELECT items.*, coalesce(counted.votes, 0) AS all_votes, coalesce(counted.delta, 0) AS delta
    FROM items LEFT JOIN counted ON counted.item_id = items.id
    WHERE items.organisation_id = '{organisation}' AND items.map_id = '{map}' AND removed_at IS NULL
), answers AS (
    SELECT * FROM (SELECT 'new' AS sort, number, all_votes, 0 AS delta, count(*) OVER () AS total FROM shown
                   WHERE created_at > {since} ORDER BY all_votes DESC, number DESC LIMIT {each}) AS a
    UNION ALL
    SELECT * FROM (SELECT 'rising', number, all_votes, delta, count(*) OVER () FROM shown
                   WHERE created_at <= {since} AND resolved_at IS NULL AND delta > 0
                   ORDER BY delta DESC, all_votes DESC LIMIT {each}) AS b
    UNION ALL
    SELECT * FROM (SELECT 'fixed', number, all_votes, 0, count(*) OVER () FROM shown
                   WHERE resolved_at > {since} ORDER BY all_votes DESC LIMIT {each}) AS c
    UNION ALL
    SELECT * FROM (SELECT 'hurts', number, all_votes, 0, 1 FROM shown WHERE kind = 'pain' AND resolved_at IS NULL
                   ORDER BY all_votes DESC, number DESC LIMIT 1) AS d
)
SELECT * FROM answers
"""


class Place(NamedTuple):
    """The one map of the prepared workspace."""

    organisation: str
    map: str
    stage: str


class Told(NamedTuple):
    """How long an answer took, and how many are new, rising and fixed."""

    seconds: float
    totals: dict[str, int]


async def digest(folder: Path, rounds: int) -> list[Row]:
    """The product's digest of the last week and the same counted from all votes, in alternating rounds."""
    rows = []
    with databases(folder) as urls, on_core(SERVER):
        for name, url in urls.items():
            await prepare(url, 0, 0)
            place = Place(
                *rows_of(url, "SELECT organisation_id, map_id, min(id) FROM stages GROUP BY 1, 2")[0]
            )
            await asyncio.to_thread(_seed, url, place)
            connection = connection_to(url, True)
            with closing(plain_driver(url)) as driver:
                alike = COUNTED.format(
                    since=MOMENT[kind_of(url)].format(WEEK_AGO), each=EACH, **place._asdict()
                )
                ours, counted = [], []
                for _ in range(rounds):
                    ours.append(_timed(lambda: _told(connection, place)))
                    counted.append(_timed(lambda: _grouped(driver.execute(alike).fetchall())))
            connection.close()
            assert ours[0].totals == counted[0].totals, f"{ours[0].totals} is not {counted[0].totals}"
            ratios = [slow.seconds / quick.seconds for quick, slow in zip(ours, counted, strict=True)]
            times = f"{ours[-1].seconds * 1000:.0f} ms; counted from all votes {counted[-1].seconds * 1000:,.0f} ms"
            rows.append(at_least(f"digest of 1,000,000 votes, {name}", ratios, FASTER, times))
    return rows


def _timed(ask: Callable[[], dict[str, int]]) -> Told:
    began = time.perf_counter()
    totals = ask()
    return Told(time.perf_counter() - began, totals)


def _told(connection: Connection, place: Place) -> dict[str, int]:
    with connection.transaction(writes=False):
        found = difference(Store(connection, place.organisation), place.map, "Bench", WEEK_AGO, STEPS + FIXED)
        assert digest_card([found], "UTC", real_now(), EACH) is not None
    return {sort: rows[0].total for sort, rows in found.sorts.items() if rows}


def _grouped(rows: list[Any]) -> dict[str, int]:
    return {row[0]: row[4] for row in rows if row[0] != "hurts"}


def plain_driver(url: str) -> Any:
    """The database's own driver."""
    return (
        sqlite3.connect(sqlite_path(url))
        if kind_of(url) == "sqlite"
        else psycopg.connect(url, autocommit=True)
    )


def _seed(url: str, place: Place) -> None:
    """An item and ten votes in turn, each a revision, evenly over a year; at its end some items are resolved."""
    kind = kind_of(url)
    count, at, named = COUNT[kind], MOMENT[kind].format, NAMED[kind].format
    here, step = f"'{place.organisation}', '{place.map}'", EACH_ITEM + 1
    item, vote = f"(n - 1) * {step} + 2", f"n + (n - 1) / {EACH_ITEM} + 2"
    voted = named("i", f"(n * 48271) % ((n - 1) / {EACH_ITEM} + 1) + 1")
    change = "INSERT INTO changes (organisation_id, map_id, revision, at, actor_id, what, subject, subject_id, version)"
    orders = [
        f"""INSERT INTO items (organisation_id, map_id, id, kind, number, stage_id, text, status, trust, severity,
            votes, evidence, comments, revision, round, created_at)
        {count.format(ITEMS)} SELECT {here}, {named("i", "n")}, 'pain', n, '{place.stage}',
            'The card was declined twice for a valid card', 'open', 'hypothesis', 'workaround',
            0, 0, 0, {item}, 0, {at(item)}
        FROM s""",
        f"""INSERT INTO votes (organisation_id, item_id, root_id, account_id, person_id, by_button, active, at)
        {count.format(ITEMS * EACH_ITEM)} SELECT '{place.organisation}', {voted}, {voted}, {named("a", "n")},
            {named("p", "n")}, false, true, {at(vote)} FROM s""",
        f"""{change} {count.format(ITEMS)}
        SELECT {here}, {item}, {at(item)}, NULL, 'logged', 'item', {named("i", "n")}, 1 FROM s""",
        f"""{change} {count.format(ITEMS * EACH_ITEM)}
        SELECT {here}, {vote}, {at(vote)}, {named("p", "n")}, 'voted', 'item', {voted}, 1 FROM s""",
        f"""{change} {count.format(FIXED)}
        SELECT {here}, {STEPS} + n, {at(STEPS)}, NULL, 'resolved', 'item', {named("i", "n * 1000")}, 1 FROM s""",
        f"""UPDATE items SET status = 'resolved', resolved_at = {at(STEPS)}
        WHERE number <= {FIXED * 1000} AND number % 1000 = 0""",
        """UPDATE items SET votes = (SELECT count(*) FROM votes
        WHERE votes.organisation_id = items.organisation_id AND votes.item_id = items.id)""",
    ]
    with closing(plain_driver(url)) as driver:
        for order in orders:
            driver.execute(order.encode() if kind == "postgresql" else order)
        driver.commit()
        if kind == "postgresql":
            driver.execute("VACUUM ANALYZE")  # its autovacuum would, in the course of that year
