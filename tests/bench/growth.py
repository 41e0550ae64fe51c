"""Every command on a map of 1,000 and of 100,000 items: the wait may not grow with the map."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from bot.app import real_now
from bot.slack_blocks import private, view
from handlers.answers import Open, Replace, Tell
from handlers.dispatch import Dispatch
from handlers.request import Actor, Request, Spot
from handlers.router import VERBS
from scheduler.reading import read_changes, read_piece
from storage.database import Database, connection_to, kind_of, new_id
from storage.store import Store
from tests.bench.digests import COUNT, NAMED, plain_driver
from tests.bench.payloads import CHANNEL, OWNER, TEAM, line
from tests.bench.processes import SERVER, on_core
from tests.bench.product import databases, prepare, rows_of
from tests.bench.table import Row

SMALL, LARGE = 1_000, 100_000
WARM_UP, TIMES = 5, 60  # each command: the first ones compile
COMMAND_MS, SEARCH_MS = 250.0, 100.0
FLAT = 3.0  # times the wait on the small map, where that is more than a millisecond
# What is typed after a command, where one example says more than none; a command without one is asked bare.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "list": (
        "",
        "pains pay",
        "abandon",
        "trivial",
        "planned",
        "confirmed",
        "stale",
        "resolved",
        "mine",
    ),
    "show": ("P-16",),
    "search": (
        "card",
        "card declined",
        "cuopon declned",
        "rare77",
        "rraer7",
        "the card was declined at coupon field 12",
    ),
}


class Asked(NamedTuple):
    """One thing that is asked again and again; a `vote` is a click on another item each time."""

    action: str
    verb: str
    text: str = ""

    @property
    def typed(self) -> str:
        """What stands after `/journey`."""
        return f"{self.verb} {self.text}".strip()


class Waits(NamedTuple):
    """How long an answer took on one map, in ms."""

    p50: float
    p99: float


def asked() -> list[Asked]:
    """Every command that can be typed: a new one is measured without another word."""
    verbs = {action: verb for verb, action in reversed(VERBS.items())}
    return [Asked(action, verbs[action], text) for action in verbs for text in EXAMPLES.get(action, ("",))]


async def growth(folder: Path, rounds: int) -> list[Row]:
    """Each command on both maps of each kind of database, the one and the other in turn."""
    rows = []
    small, large = folder / "small", folder / "large"
    with on_core(SERVER):
        for path in (small, large):
            path.mkdir()
        with databases(small) as few, databases(large) as many:
            for name, url in few.items():
                for at, items in ((url, SMALL), (many[name], LARGE)):
                    await prepare(at, 0, 0)
                    await asyncio.to_thread(_seed, at, items)
                rows += [
                    _row(one.typed or "/journey", name, *waits)
                    for one, waits in (await _driven(url, many[name])).items()
                ]
    return rows


def _row(name: str, kind: str, small: Waits, large: Waits) -> Row:
    most = SEARCH_MS if name.startswith("search") else COMMAND_MS
    grown = large.p50 / max(small.p50, 1.0)
    measured = f"p50 {large.p50:.1f}, p99 {large.p99:.1f} ms, {grown:.1f}×"
    behind = f"{SMALL:,} items: p50 {small.p50:.1f}, p99 {small.p99:.1f} ms"
    holds = large.p99 <= most and grown <= FLAT
    return Row(f"{name} on {LARGE:,} items, {kind}", measured, f"≤ {most:g} ms, ≤ {FLAT:g}×", holds, behind)


async def _driven(*urls: str) -> dict[Asked, list[Waits]]:
    """How long each answer took on each of the maps."""
    made = [(url, Database(url), _items(url)) for url in urls]
    waits: dict[Asked, list[list[float]]] = {
        one: [[] for _ in urls] for one in (*asked(), Asked("vote", "vote"))
    }
    keys = count()
    for turn in range(-WARM_UP, TIMES):
        for one, found in waits.items():
            for (_, database, items), times in zip(made, found, strict=True):
                began = time.perf_counter()
                await _answered(Dispatch(database, real_now, new_id), one, f"c:{next(keys)}", items)
                if turn >= 0:
                    times.append((time.perf_counter() - began) * 1000)
        for _, database, _ in made:
            await read_changes(database, new_id)  # as the clock does every few seconds
    for _, database, _ in made:
        await database.close()
    return {
        one: [Waits(statistics.median(times), sorted(times)[len(times) * 99 // 100]) for times in found]
        for one, found in waits.items()
    }


async def _answered(dispatch: Dispatch, one: Asked, key: str, items: Iterator[str]) -> None:
    """Asked, answered and drawn."""
    value = next(items) if one.action == "vote" else ""
    request = Request(
        actor=Actor("slack", TEAM, OWNER, "owner"),
        spot=Spot(CHANNEL, "benches", private=False),
        action=one.action,
        key=key,
        surface="click" if value else "command",
        text=line() if one.action.startswith("log.") else one.text,
        values={"value": value} if value else {},
    )
    answer = await dispatch(request)
    assert isinstance(answer, Tell | Replace | Open), f"{one}: {answer}"
    if isinstance(answer, Open):
        view(answer.form, {})
    else:
        private(answer.card)


def _items(url: str) -> Iterator[str]:
    """As many open items as there are votes."""
    found = rows_of(url, f"SELECT id FROM items WHERE resolved_at IS NULL LIMIT {TIMES + WARM_UP}")
    return iter([row[0] for row in found])


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
    status = "CASE n % 10 WHEN 0 THEN 'resolved' ELSE CASE n % 4 WHEN 1 THEN 'new' ELSE 'open' END END"
    # One item of each other severity, status and trust, with few votes: a list of such looks for it everywhere.
    status = f"CASE n WHEN 5 THEN 'planned' ELSE {status} END"
    severity = (
        "CASE n WHEN 4 THEN 'abandon' WHEN 8 THEN 'trivial' ELSE CASE n % 4 WHEN 0 THEN 'workaround' END END"
    )
    trust = "CASE n WHEN 6 THEN 'confirmed' WHEN 7 THEN 'stale' ELSE 'hypothesis' END"
    named: Callable[..., str] = NAMED[kind].format
    orders = [
        f"""INSERT INTO items (organisation_id, map_id, id, kind, number, stage_id, text, status, trust, severity,
            author_id, votes, evidence, revision, round, created_at, resolved_at)
        {COUNT[kind].format(items)} SELECT '{organisation}', '{map_id}', {named("i", "n")}, {sort}, n, {stage},
            'The card was declined at coupon field ' || (n % 97) || ' rare' || n, {status},
            {trust}, {severity}, '{author}', n % 1009, 0, n + 1, 0,
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
