"""A map of very many items, written by a few statements, and all of their words read."""

from contextlib import closing
from typing import Any

from bot.app import real_now
from scheduler.reading import read_piece
from storage.database import connection_to, kind_of
from storage.store import Store
from tests.bench.digests import COUNT, NAMED, plain_driver
from tests.bench.product import rows_of

PIECES = 20  # that are read in one transaction


def fill(url: str, items: int) -> None:
    """So many items on all stages: a tenth resolved, half of the ideas rated, their words read."""
    kind = kind_of(url)
    organisation, map_id, author = rows_of(url, "SELECT organisation_id, id, owner_id FROM maps")[0]
    stages = [row[0] for row in rows_of(url, "SELECT id FROM stages ORDER BY position")]
    _write(url, _orders(kind, organisation, map_id, author, stages, items))
    _read(url, organisation, map_id)
    if kind == "postgresql":
        _write(url, ["VACUUM ANALYZE"])  # its autovacuum would, in the course of the time


def _orders(
    kind: str, organisation: str, map_id: str, author: str, stages: list[str], items: int
) -> list[str]:
    count, named = COUNT[kind].format(items), NAMED[kind].format
    at = _moment(kind)
    stage = "CASE n % {} {} END".format(
        len(stages), " ".join(f"WHEN {n} THEN '{id_}'" for n, id_ in enumerate(stages))
    )
    sort = "CASE n % 4 WHEN 0 THEN 'pain' WHEN 1 THEN 'idea' WHEN 2 THEN 'quote' ELSE 'gain' END"
    # One item of each other severity, status and trust, with few votes: a list of such looks for it everywhere.
    status = "CASE n % 10 WHEN 0 THEN 'resolved' ELSE CASE n % 4 WHEN 1 THEN 'new' ELSE 'open' END END"
    status = f"CASE n WHEN 5 THEN 'planned' WHEN 10 THEN 'declined' ELSE {status} END"
    severity = (
        "CASE n WHEN 4 THEN 'abandon' WHEN 8 THEN 'trivial' ELSE CASE n % 4 WHEN 0 THEN 'workaround' END END"
    )
    trust = "CASE n WHEN 6 THEN 'confirmed' WHEN 7 THEN 'stale' ELSE 'hypothesis' END"
    return [
        f"""INSERT INTO items (organisation_id, map_id, id, kind, number, stage_id, text, status, trust, severity,
            value, effort, author_id, votes, evidence, comments, revision, round, created_at, resolved_at)
        {count} SELECT '{organisation}', '{map_id}', {named("i", "n")}, {sort}, n, {stage},
            'The card was declined at coupon field ' || (n % 97) || ' rare' || n, {status},
            {trust}, {severity}, CASE n % 8 WHEN 1 THEN n % 5 + 1 END, CASE n % 8 WHEN 1 THEN n % 3 + 1 END,
            '{author}', n % 1009, 0, 0, n + 1, 0, {at}, CASE n % 10 WHEN 0 THEN {at} END FROM s""",
        f"""INSERT INTO changes (organisation_id, map_id, revision, at, what, subject, subject_id, version)
        {count} SELECT '{organisation}', '{map_id}', n + 1, {at}, 'logged', 'item', {named("i", "n")}, 1 FROM s""",
        f"UPDATE bindings SET from_revision = {items} - 50",  # a digest tells of what is new since the last one
        f"UPDATE counters SET revision = {items} + 1, pain = {items}, idea = {items}, quote = {items}, gain = {items}",
    ]


def _moment(kind: str) -> str:
    now = real_now()
    return f"'{now:%Y-%m-%d %H:%M:%S.%f}'" if kind == "sqlite" else f"timestamptz '{now.isoformat()}'"


def _write(url: str, orders: list[str]) -> None:
    with closing(plain_driver(url)) as driver:
        for order in orders:
            driver.execute(order.encode() if kind_of(url) == "postgresql" else order)
        driver.commit()


def _read(url: str, organisation: str, map_id: str) -> None:
    connection: Any = connection_to(url, False)
    more = True
    while more:
        with connection.transaction(writes=True):
            for _ in range(PIECES):
                more = more and read_piece(Store(connection, organisation), map_id)
    connection.close()
