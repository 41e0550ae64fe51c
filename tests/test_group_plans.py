"""What a group of requests asks for at once is looked up value by value, whenever its plan was made."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from storage import arrivals, callers, near, noting, votes
from storage.database import connection_to
from storage.postgresql import PostgresConnection
from storage.sqlite import SqliteConnection
from storage.statements import Statement
from storage.store import Store
from tests.units import NOW

INDEXES = {
    "accounts": (
        "uq_accounts_organisation_id_workspace_id_external_id",
        {"organisation_id", "workspace_id", "external_id"},
    ),
    "items": ("ix_items_gist", {"organisation_id", "map_id", "kind", "gist"}),
    "marks": ("pk_marks", {"organisation_id", "workspace_id", "channel", "message", "account"}),
    "seen": ("pk_seen", {"organisation_id", "key"}),
    "votes": ("ix_votes_organisation_id_root_id_person_id", {"organisation_id", "root_id", "person_id"}),
}
QUESTIONS: dict[str, list[Statement[Any]]] = {
    "accounts": [*callers._CALLERS.values()],
    "items": [*near._ON_STAGE.values(), *near.ON_MAP.values()],
    "marks": [*noting._MARKS_BEHIND.values(), votes._MARKS_OF_ACCOUNT],
    "seen": [*arrivals._SEEN.values()],
    "votes": [*noting._VOTES_BEHIND.values()],
}


@pytest.mark.parametrize("table", QUESTIONS)
def test_on_sqlite_by_the_index(table: str, sqlite_url: str) -> None:
    connection = connection_to(sqlite_url, False)
    assert isinstance(connection, SqliteConnection)
    for statement in QUESTIONS[table]:
        sql = statement.compiled("sqlite").sql
        rows = connection._driver.execute(f"EXPLAIN QUERY PLAN {sql}", [""] * sql.count("?")).fetchall()
        plan = " / ".join(row[3] for row in rows)
        searched = re.search(rf"SEARCH {table} USING INDEX \S+ \(([^)]*)\)", plan)
        assert searched is not None, plan
        assert INDEXES[table][1] <= set(re.findall(r"(\w+)=\?", searched[1])), plan
        assert "SCAN" not in plan
    connection.close()


@pytest.mark.parametrize("rows", [40, 2_000])
@pytest.mark.parametrize("table", QUESTIONS)
def test_on_postgresql_by_the_index_however_few_rows_there_were(
    table: str, rows: int, postgresql_url: str
) -> None:
    fill(postgresql_url, rows)
    connection = connection_to(postgresql_url, False)
    assert isinstance(connection, PostgresConnection)
    for number, statement in enumerate(QUESTIONS[table]):
        sql = statement.compiled("postgresql").sql
        many = max(map(int, re.findall(r"\$(\d+)", sql)))
        with connection.transaction(writes=True):
            connection.command(f"PREPARE trial{number} AS {sql}")
            nothing = ", ".join(["NULL"] * many)
            asked = connection._ask(f"EXPLAIN (FORMAT JSON) EXECUTE trial{number}({nothing})", ())
            plan = json.loads(connection._answer(asked).get_value(0, 0) or b"")
        (scan,) = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") == table]
        if scan["Node Type"] == "Bitmap Heap Scan":  # by an index too: of several, their pages in order
            (scan,) = scan["Plans"]
        assert scan["Node Type"] in ("Index Scan", "Bitmap Index Scan"), scan
        assert scan["Index Name"] == INDEXES[table][0]
        assert INDEXES[table][1] <= set(re.findall(r"\((\w+)\)::text = ", scan["Index Cond"])), scan[
            "Index Cond"
        ]
    connection.close()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


FILL = (
    "SET session_replication_role = replica",  # nothing else need be there
    """INSERT INTO items (organisation_id, id, map_id, kind, number, stage_id, text, gist, status, trust, votes,
        evidence, comments, revision, round, created_at)
    SELECT 'o', 'i' || n, 'm', 'pain', n, 's', 'Card declined', 'card ' || n, 'open', 'hypothesis', 0, 0, 0, n, 0, now()
    FROM generate_series(1, %s) n""",
    """INSERT INTO votes (organisation_id, item_id, root_id, account_id, person_id, by_button, active, at)
    SELECT 'o', 'i1', 'i1', 'a' || n, 'p' || n, false, true, now() FROM generate_series(1, %s) n""",
    """INSERT INTO accounts (organisation_id, id, workspace_id, external_id, person_id)
    SELECT 'o', 'a' || n, 'w', 'U' || n, 'p' || n FROM generate_series(1, %s) n""",
    # A person reacts to many messages, each of which is looked for by itself.
    """INSERT INTO marks (organisation_id, workspace_id, channel, message, account, emoji, event_at, active)
    SELECT 'o', 'w', 'C', 'm' || n / 9, 'U' || n %% 9, '+1', '1', true FROM generate_series(1, %s) n""",
    "INSERT INTO seen (organisation_id, key, at, answer) SELECT 'o', 'k' || n, now(), '' FROM generate_series(1, %s) n",
)


def fill(url: str, rows: int) -> None:
    """One map with so many items, votes on the first, and seen keys; PostgreSQL has taken note of how many."""
    with psycopg.connect(url, autocommit=True) as server:
        for order in FILL:
            server.execute(order, [rows] if "%s" in order else None)
        server.execute("ANALYZE")


def test_a_new_table_is_counted_once_it_has_a_hundred_rows(postgresql_url: str) -> None:
    connection = connection_to(postgresql_url, False)
    assert isinstance(connection, PostgresConnection)
    with psycopg.connect(postgresql_url) as server:
        server.execute(
            "ALTER TABLE seen SET (autovacuum_enabled = off)"
        )  # the server itself is not to look at it

    def known() -> float:
        with psycopg.connect(postgresql_url) as server:
            (row,) = server.execute("SELECT reltuples FROM pg_class WHERE relname = 'seen'").fetchall()
            return float(row[0])

    for number in range(102):
        with connection.transaction(writes=True):
            Store(connection, "o").memory.remember(f"k{number}", "", NOW)
        assert (known() > 0) == (number >= 100), "told of by the next transaction"
    connection.close()
    with psycopg.connect(postgresql_url) as server:
        server.execute("ALTER TABLE seen RESET (autovacuum_enabled)")
