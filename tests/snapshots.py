"""What a digest must say, worked out beside the product: the difference of two snapshots of a map, and its history.

A snapshot is every item of the map as it stands when a slot fires. What turned and turned back between two of them
no snapshot tells: there the history is read, change by change. None of the product's own questions is asked.
"""

import re
import sqlite3
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

QUIET = timedelta(days=60)
IN_CHANNEL, IN_ALL = 3, 33  # of each sort
LETTERS = {"pain": "P", "idea": "I", "quote": "Q", "gain": "G"}
HEADS = {
    "New": "new",
    "Rising": "rising",
    "Argued about: still true?": "disputed",
    "Fixed or shipped": "fixed",
    "Going stale: nobody has confirmed these for long": "stale",
    "Quiet or unheard?": "gaps",
}
FACTS = {
    "new": "new",
    "rising": "rising",
    "argued about": "disputed",
    "fixed": "fixed",
    "going stale": "stale",
    "stage fell quiet": "gaps",
    "stages fell quiet": "gaps",
}
ROW = re.compile(r"\S+ ([PIQG]-\d+) .* ▲ (\d+)(?: \(\+(\d+)\))?$")
QUIET_ROW = re.compile(r"⚪ (.+?)(?: ★)?  nothing (?:yet|for \d+ days)$")
MORE = re.compile(r"and (\d+) more")

Row = tuple[str, int, int]  # what it is called, its votes, and how many it gained


class Snapshot(NamedTuple):
    """A map at one moment: its items by id, and when something was last heard of each stage."""

    at: datetime | None
    revision: int
    items: dict[str, Any]
    heard: dict[str, datetime | None]


class Told(NamedTuple):
    """What a digest says: its rows by their sort, how many its head counts, how many are not shown."""

    rows: dict[str, list[Row]]
    quiet: list[str]
    facts: dict[str, int]
    more: Counter[str]


NOTHING = Snapshot(None, 0, {}, {})


def snapshot(sql: sqlite3.Connection, map_id: str, at: datetime) -> Snapshot:
    """The map as it stands."""
    names = "id", "kind", "number", "stage", "votes", "trust", "status", "resolved_at", "removed_at", "heard"
    found = sql.execute(
        "SELECT items.id, items.kind, number, name, votes, trust, status, resolved_at, removed_at,"
        " max(items.created_at, coalesce(confirmed_at, '')) FROM items JOIN stages ON stages.id = stage_id"
        " WHERE items.map_id = ?",
        (map_id,),
    )
    items = {row[0]: dict(zip(names, row, strict=True)) for row in found}
    stages = sql.execute("SELECT name FROM stages WHERE map_id = ? ORDER BY position", (map_id,))
    heard: dict[str, datetime | None] = dict.fromkeys(name for (name,) in stages)
    for item in items.values():
        moment, before = datetime.fromisoformat(f"{item['heard']}+00:00"), heard[item["stage"]]
        heard[item["stage"]] = max(moment, before) if before else moment
    (revision,) = sql.execute("SELECT revision FROM counters WHERE map_id = ?", (map_id,)).fetchone()
    return Snapshot(at, revision, items, heard)


def difference(sql: sqlite3.Connection, map_id: str, old: Snapshot, new: Snapshot) -> Told:
    """What happened to the map between the two."""
    turned = defaultdict(set)  # between the snapshots, whatever came of it
    for what, subject in sql.execute(
        "SELECT what, subject_id FROM changes WHERE map_id = ? AND revision > ? AND revision <= ?",
        (map_id, old.revision, new.revision),
    ):
        turned[what].add(subject)
    rows: dict[str, list[Row]] = defaultdict(list)
    for id_, item in new.items.items():
        if item["removed_at"] is not None:
            continue
        before = old.items.get(id_)
        closed, gained = item["resolved_at"] is not None, item["votes"] - (before["votes"] if before else 0)
        shown = (f"{LETTERS[item['kind']]}-{item['number']}", item["votes"])
        if before is None:
            rows["new"].append((*shown, 0))
        elif gained > 0 and not closed:
            rows["rising"].append((*shown, gained))
        if closed and item["status"] != "declined":
            if before is None or before["resolved_at"] != item["resolved_at"]:
                rows["fixed"].append((*shown, 0))
        elif not closed and item["trust"] in ("disputed", "stale"):
            trust = item["trust"]
            if before is None or before["trust"] != trust or _left(id_, trust, turned):
                rows[trust].append((*shown, 0))
    gaps = _gaps(new, new.at)
    before_gaps = set(_gaps(old, old.at)) if old.at else set(gaps)
    news = [stage for stage in gaps if new.heard[stage] and stage not in before_gaps]
    facts = {sort: len(found) for sort, found in rows.items()} | ({"gaps": len(news)} if news else {})
    return Told(rows, [*news, *(stage for stage in gaps if stage not in news)], facts, Counter())


def _left(id_: str, trust: str, turned: dict[str, set[str]]) -> bool:
    """Was it something else in between, and became so again?"""
    others = {"confirmed", "disputed", "stale", "resolved", "reopened"} - {trust}
    return id_ in turned[trust] and any(id_ in turned[other] for other in others)


def _gaps(taken: Snapshot, at: datetime | None) -> list[str]:
    assert at is not None
    return [stage for stage, heard in taken.heard.items() if heard is None or at - heard >= QUIET]


def read(digest: str, thread: str) -> Told:
    """What somebody reads in the channel, and in the thread below it."""
    rows: dict[str, list[Row]] = defaultdict(list)
    quiet, more = [], Counter[str]()
    for words in (digest, thread):
        sort = ""
        for line in words.splitlines():
            sort = HEADS.get(line, sort)
            if row := ROW.match(line):
                rows[sort].append((row[1], int(row[2]), int(row[3] or 0)))
            elif gap := QUIET_ROW.match(line):
                quiet.append(gap[1])
            elif left := MORE.match(line):
                more[sort] += int(left[1]) if words is digest else 0
    head = digest.partition("\n")[0]
    facts = {FACTS[name]: int(n) for n, name in re.findall(rf"(\d+) ({'|'.join(FACTS)})\b", head)}
    return Told(rows, quiet, facts, more)


def disagreements(told: Told, due: Told) -> dict[str, Any]:
    """Where the digest says too much, too little, a wrong number, or not the most important first: both, by sort."""
    shown: dict[str, Any] = {
        sort: (sorted(rows), told.facts.get(sort, 0), told.more[sort]) for sort, rows in told.rows.items()
    }
    wanted: dict[str, Any] = {
        sort: (sorted(rows), len(rows), max(0, len(rows) - IN_CHANNEL))
        for sort, rows in due.rows.items()
        if rows
    }
    shown["gaps"] = told.quiet, told.facts.get("gaps", 0), told.more["gaps"]
    hidden = max(0, len(due.quiet) - IN_CHANNEL)
    wanted["gaps"] = due.quiet[:IN_CHANNEL], due.facts.get("gaps", 0), hidden
    found: dict[str, Any] = {
        sort: (shown.get(sort), wanted.get(sort))
        for sort in {*shown, *wanted}
        if shown.get(sort) != wanted.get(sort)
    }
    for sort, rows in told.rows.items():
        weights = [gained or votes for _, votes, gained in rows]
        if weights != sorted(weights, reverse=True):
            found[f"{sort} out of order"] = rows
    return found
