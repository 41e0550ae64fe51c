"""Every command and button on a map of 1,000 and of 100,000 items: the wait may not grow with the map."""

import asyncio
import gc
import statistics
import time
from itertools import count
from pathlib import Path
from typing import Literal, NamedTuple

from bot.app import real_now
from bot.slack_blocks import private, view
from handlers.answers import Done, Open, Replace, Silent, Tell
from handlers.dispatch import Dispatch
from handlers.list_query import FURTHEST, ListQuery, carried
from handlers.lists import MOST
from handlers.request import Actor, Request, Spot
from handlers.router import VERBS
from handlers.short_forms import FORMS
from scheduler.reading import read_changes
from storage.database import Database, new_id
from tests.bench.large_map import fill
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
        "declined",
        "resolved mine",
        "disputed",
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


# What is pressed, and on what; in this order, as what was removed is restored.
PRESSED: dict[str, tuple[str, ...]] = {
    "pain": (
        *(
            f"item.{name}"
            for name in ("show", "history", "edit", "evidence", "merge", "owner", "stage", "kind")
        ),
        "vote",
        "unvote",
        "check.true",
        "check.changed",
        "item.resolve",
        "item.reopen",
        "item.remove",
        "item.restore",
    ),
    "idea": tuple(f"item.{name}" for name in FORMS),
    "quote": ("item.link", "item.show"),
    "stage": (
        *(f"stage.{name}" for name in ("show", "edit", "split", "merge", "retire")),
        "list.stage",
        "gaps.log",
        "pulse.ask",
    ),
    "map": ("map.show", "stages.back", "map.edit", "stage.add", "map.archive.ask"),
    "page": ("list.page",),
    "kind": ("home.log",),
    "": ("home.opened", "check.mine"),
}


class Asked(NamedTuple):
    """One thing that is asked again and again: a line that is typed, or a button on something, each time another."""

    action: str
    verb: str = ""
    text: str = ""
    on: str | None = None

    @property
    def words(self) -> str:
        """What stands after `/journey`."""
        return f"{self.verb} {self.text}".strip()

    @property
    def name(self) -> str:
        """The line that is typed, or the button."""
        if self.on is None:
            return f"/journey {self.words}".strip()
        return f"{self.action} ({self.on})" if self.on else self.action


class Waits(NamedTuple):
    """How long an answer took on one map, in ms."""

    p50: float
    p99: float


class Filled(NamedTuple):
    """A map that is asked, with what there is to press on, for each turn."""

    database: Database
    ids: dict[str, list[str]]


def typed() -> list[Asked]:
    """Every command that can be typed: a new one is measured without another word."""
    verbs = {action: verb for verb, action in reversed(VERBS.items())}
    return [Asked(action, verbs[action], text) for action in verbs for text in EXAMPLES.get(action, ("",))]


def pressed() -> list[Asked]:
    """Every button that looks at items, or changes one."""
    return [Asked(action, on=on) for on, actions in PRESSED.items() for action in actions]


async def growth(folder: Path, rounds: int) -> list[Row]:
    """Each question to both maps of each kind of database, the one and the other in turn."""
    rows = []
    small, large = folder / "small", folder / "large"
    with on_core(SERVER):
        for path in (small, large):
            path.mkdir()
        with databases(small) as few, databases(large) as many:
            for name, url in few.items():
                for at, items in ((url, SMALL), (many[name], LARGE)):
                    await prepare(at, 0, 0)
                    await asyncio.to_thread(fill, at, items)
                measured = await _driven(url, many[name])
                rows += [_row(one.name, name, *waits) for one, waits in measured.items()]
    return rows


def _row(name: str, kind: str, small: Waits, large: Waits) -> Row:
    most = SEARCH_MS if name.startswith("/journey search") else COMMAND_MS
    grown = large.p50 / max(small.p50, 1.0)
    measured = f"p50 {large.p50:.1f}, p99 {large.p99:.1f} ms, {grown:.1f}×"
    behind = f"{SMALL:,} items: p50 {small.p50:.1f}, p99 {small.p99:.1f} ms"
    holds = large.p99 <= most and grown <= FLAT
    return Row(f"{name} on {LARGE:,} items, {kind}", measured, f"≤ {most:g} ms, ≤ {FLAT:g}×", holds, behind)


async def _driven(*urls: str) -> dict[Asked, list[Waits]]:
    """How long each answer took on each of the maps."""
    maps = [Filled(Database(url), _ids(url)) for url in urls]
    waits: dict[Asked, list[list[float]]] = {one: [[] for _ in urls] for one in (*typed(), *pressed())}
    keys = count()
    gc.collect()
    gc.freeze()  # as `mapkeeper serve` does
    for turn in range(WARM_UP + TIMES):
        for one, found in waits.items():
            for (database, ids), times in zip(maps, found, strict=True):
                value = ids[one.on][turn] if one.on else ""
                began = time.perf_counter()
                await _answered(Dispatch(database, real_now, new_id), one, f"c:{next(keys)}", value)
                if turn >= WARM_UP:
                    times.append((time.perf_counter() - began) * 1000)
        for database, _ in maps:
            await read_changes(database, new_id)  # as the clock does every few seconds
    for database, _ in maps:
        await database.close()
    return {
        one: [Waits(statistics.median(times), sorted(times)[len(times) * 99 // 100]) for times in found]
        for one, found in waits.items()
    }


async def _answered(dispatch: Dispatch, one: Asked, key: str, value: str) -> None:
    """Asked, answered and drawn."""
    surface: Literal["command", "click"] = "command" if one.on is None else "click"
    request = Request(
        actor=Actor("slack", TEAM, OWNER, "owner"),
        spot=Spot(CHANNEL, "benches", private=False),
        action=one.action,
        key=key,
        surface=surface,
        text=line() if one.action.startswith("log.") else one.text,
        values={"value": value} if value else {},
    )
    match await dispatch(request):
        case Open(form):
            view(form, {})
        case Tell(card) | Replace(card) | Done(card):
            private(card)
        case Silent():
            assert one.action == "home.opened", one
        case other:
            raise AssertionError(f"{one}: {other}")


def _ids(url: str) -> dict[str, list[str]]:
    """What there is to press on: for each turn another item, the stages and the map in turn."""
    turns = TIMES + WARM_UP

    def found(sql: str) -> list[str]:
        ids = [row[0] for row in rows_of(url, sql)]
        return (ids * (turns // len(ids) + 1))[:turns]

    kinds = ("pain", "idea", "quote")
    open_items = (
        "SELECT id FROM items WHERE resolved_at IS NULL AND kind = '{}' ORDER BY number DESC LIMIT {}"
    )
    maps = found("SELECT id FROM maps")
    return {kind: found(open_items.format(kind, turns)) for kind in kinds} | {
        "stage": found("SELECT id FROM stages ORDER BY position"),
        "map": maps,
        "page": [carried(ListQuery(map_id, start=FURTHEST - MOST)) for map_id in maps],
        "kind": [*kinds] * turns,
    }
