"""Every command on a map of 1,000 and of 100,000 items: the wait may not grow with the map."""

import asyncio
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from bot.app import real_now
from bot.slack_blocks import private
from handlers.answers import Replace, Tell
from handlers.dispatch import Dispatch
from handlers.request import Actor, Request, Spot
from scheduler.reading import read_piece
from storage.database import Database, connection_to, kind_of, new_id
from storage.store import Store
from tests.bench.digests import COUNT, NAMED, plain_driver
from tests.bench.payloads import CHANNEL, OWNER, TEAM
from tests.bench.processes import SERVER, on_core
from tests.bench.product import LINE, databases, prepare, rows_of
from tests.bench.table import Row

SMALL, LARGE = 1_000, 100_000
TIMES = 60  # each command, in alternating rounds
COMMAND_MS, SEARCH_MS = 250.0, 100.0
FLAT = 3.0  # times the wait on the small map, where that is more than a millisecond
COMMANDS: dict[str, tuple[str, str]] = {
    "log": ("log.pain", LINE),
    "map": ("map", ""),
    "top": ("list", ""),
    "list pains": ("list", "pains pay"),
    "list resolved": ("list", "resolved"),
    "list mine": ("list", "mine"),
    "show": ("show", "P-17"),
    "search a common word": ("search", "card declined"),
    "search misspelled": ("search", "cuopon declned"),
    "search a rare word": ("search", "rare77"),
    "gaps": ("gaps", ""),
    "digest": ("digest", ""),
    "home": ("home", ""),
    "help": ("help", ""),
    "vote": ("vote", ""),
}


class Waits(NamedTuple):
    """How long a command took on one map, in ms."""

    p50: float
    p99: float


async def growth(folder: Path, rounds: int) -> list[Row]:
    """Each command on both maps of each kind of database."""
    rows = []
    with on_core(SERVER):
        found: dict[tuple[str, int], dict[str, Waits]] = {}
        for items in (SMALL, LARGE):
            (folder / str(items)).mkdir()
            with databases(folder / str(items)) as urls:
                for url in urls.values():
                    await prepare(url, 0, 0)
                    await asyncio.to_thread(_seed, url, items)
                    found[kind_of(url), items] = await _driven(url)
        for kind in ("sqlite", "postgresql"):
            for name in COMMANDS:
                rows.append(_row(name, kind, found[kind, SMALL][name], found[kind, LARGE][name]))
    return rows


def _row(name: str, kind: str, small: Waits, large: Waits) -> Row:
    most = SEARCH_MS if name.startswith("search") else COMMAND_MS
    grown = large.p50 / max(small.p50, 1.0)
    measured = f"p50 {large.p50:.1f}, p99 {large.p99:.1f} ms, {grown:.1f}×"
    behind = f"{SMALL:,} items: p50 {small.p50:.1f}, p99 {small.p99:.1f} ms"
    holds = large.p99 <= most and grown <= FLAT
    return Row(f"{name} on {LARGE:,} items, {kind}", measured, f"≤ {most:g} ms, ≤ {FLAT:g}×", holds, behind)


async def _driven(url: str) -> dict[str, Waits]:
    database = Database(url)
    dispatch = Dispatch(database, real_now, new_id)
    keys = count()
    items = iter(
        [row[0] for row in rows_of(url, f"SELECT id FROM items WHERE resolved_at IS NULL LIMIT {TIMES + 5}")]
    )
    waits: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(TIMES + 5):
        for name, (action, text) in COMMANDS.items():
            value = next(items) if action == "vote" else ""
            request = Request(
                actor=Actor("slack", TEAM, OWNER, "owner"),
                spot=Spot(CHANNEL, "benches", private=False),
                action=action,
                key=f"c:{next(keys)}",
                surface="click" if value else "command",
                text=text,
                values={"value": value} if value else {},
            )
            began = time.perf_counter()
            answer = await dispatch(request)
            assert isinstance(answer, Tell | Replace), f"{name}: {answer}"
            private(answer.card)
            if turn >= 5:  # the first ones compile
                waits[name].append((time.perf_counter() - began) * 1000)
    await database.close()
    return {
        name: Waits(statistics.median(found), sorted(found)[len(found) * 99 // 100])
        for name, found in waits.items()
    }


def _seed(url: str, items: int) -> None:
    """So many items on all stages, a tenth of them resolved, and all of their words read."""
    kind = kind_of(url)
    organisation, map_id, author = rows_of(url, "SELECT organisation_id, id, owner_id FROM maps")[0]
    stages = [row[0] for row in rows_of(url, "SELECT id FROM stages ORDER BY position")]
    stage = "CASE n % {} {} END".format(
        len(stages), " ".join(f"WHEN {n} THEN '{id_}'" for n, id_ in enumerate(stages))
    )
    moment = (
        f"'{real_now():%Y-%m-%d %H:%M:%S.%f}'"
        if kind == "sqlite"
        else f"timestamptz '{real_now().isoformat()}'"
    )
    sort = "CASE n % 4 WHEN 0 THEN 'pain' WHEN 1 THEN 'idea' WHEN 2 THEN 'quote' ELSE 'gain' END"
    named: Callable[..., str] = NAMED[kind].format
    orders = [
        f"""INSERT INTO items (organisation_id, map_id, id, kind, number, stage_id, text, status, trust, severity,
            author_id, votes, evidence, revision, round, created_at, resolved_at)
        {COUNT[kind].format(items)} SELECT '{organisation}', '{map_id}', {named("i", "n")}, {sort}, n, {stage},
            'The card was declined at coupon field ' || n % 97 || ' rare' || n, CASE n % 10 WHEN 0 THEN 'resolved'
            ELSE 'open' END, 'hypothesis', CASE n % 4 WHEN 0 THEN 'workaround' END, '{author}', n % 1009, 0, n + 1, 0,
            {moment}, CASE n % 10 WHEN 0 THEN {moment} END FROM s""",
        f"""INSERT INTO changes (organisation_id, map_id, revision, at, what, subject, subject_id, version)
        {COUNT[kind].format(items)} SELECT '{organisation}', '{map_id}', n + 1, {moment}, 'logged', 'item',
            {named("i", "n")}, 1 FROM s""",
        f"UPDATE bindings SET from_revision = {items} - 50",  # a digest tells of what is new since the last one
        f"UPDATE counters SET revision = {items} + 1, pain = {items}, idea = {items}, quote = {items}, gain = {items}",
    ]
    with closing(plain_driver(url)) as driver:
        for order in orders:
            driver.execute(order.encode() if kind == "postgresql" else order)
        driver.commit()
    connection: Any = connection_to(url, False)
    more = True
    while more:
        with connection.transaction(writes=True):
            for _ in range(20):
                more = more and read_piece(Store(connection, organisation), map_id)
    connection.close()
    with closing(plain_driver(url)) as driver:
        if kind == "postgresql":
            driver.execute("VACUUM ANALYZE")
