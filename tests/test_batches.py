"""What is written later, with others: nobody who asks can tell, and nothing is written twice or lost."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from storage.batches import MOST
from storage.connection import PROMPT, Connection
from storage.database import Database, connection_to
from storage.errors import Conflict
from storage.maps import Step
from storage.models import METADATA, Change
from storage.statements import ORGANISATION, Statement
from storage.store import Store
from storage.writer import Unit
from tests.load import one
from tests.test_database import Mistake, statements
from tests.units import NOW, PATIENCE, Commits, found, keep, keys, together

CHANGES = Statement[Change](
    select(Change.revision).where(Change.organisation_id == ORGANISATION).order_by(col(Change.revision))
)


@pytest.fixture
async def mapped(database_url: str) -> AsyncIterator[Database]:
    """A database with one organisation that has one map."""
    database = Database(database_url, connect=Commits().connect)

    def unit(connection: Connection) -> None:
        found(connection)
        Store(connection, "o").maps.add(NOW, id="m", slug="m", name="M", kind="other")

    await database.write(unit, patience=PATIENCE)
    yield database
    await database.close()


def step(connection: Connection) -> Step:
    """One change of the map."""
    store = Store(connection, "o")
    taken = store.maps.step("m", "pain", NOW)
    store.history.write("m", taken.revision, taken.at, None, "logged", "item", "i")
    return taken


def revisions(connection: Connection) -> list[int]:
    """Of every change that is written down."""
    return [row.revision for row in connection.all(CHANGES, organisation_id="o")]


def test_of_every_statement_it_is_known_which_tables_it_meets() -> None:
    for name, statement in statements():
        for kind in ("sqlite", "postgresql"):
            compiled = statement.compiled(kind)
            met = set(re.findall(r"(?:FROM|JOIN|INTO|UPDATE) (\w+)", compiled.sql)) & set(METADATA.tables)
            assert met <= compiled.tables, name
            assert bool(compiled.changes) == (not compiled.sql.startswith(("SELECT", "WITH", "PRAGMA"))), name


async def test_a_unit_reads_what_it_wrote_and_so_do_those_after_it(mapped: Database) -> None:
    def remembers(connection: Connection) -> str | None:
        store = Store(connection, "o")
        store.memory.remember("key", "answer", NOW)
        return store.memory.seen("key")

    def asks(connection: Connection) -> str | None:
        return Store(connection, "o").memory.seen("key")

    assert await together(mapped, remembers, asks) == ["answer", "answer"]
    assert await mapped.read(asks) == "answer"


async def test_a_group_counts_without_gaps_whatever_is_undone_in_between(mapped: Database) -> None:
    def mistaken(connection: Connection) -> None:
        step(connection)
        raise Mistake("after it counted")

    def refused(connection: Connection) -> int:
        try:
            with connection.savepoint("handler"):
                step(connection)
                raise Mistake
        except Mistake:
            keep("draft")(connection)
        return step(connection).revision

    results = await together(mapped, step, mistaken, refused, step)
    assert [results[0].revision, results[2], results[3].revision] == [1, 2, 3]
    assert [results[0].number, results[3].number] == [1, 3]
    assert isinstance(results[1], Mistake)
    assert await mapped.read(revisions) == [1, 2, 3]
    counter = await mapped.read(lambda connection: Store(connection, "o").maps.counter("m"))
    assert (counter.revision, counter.pain) == (3, 3)
    assert await mapped.read(keys) == ["draft"]


async def test_a_maps_time_never_runs_back_within_a_group(mapped: Database) -> None:
    def at(moment: timedelta) -> object:
        return lambda connection: Store(connection, "o").maps.step("m", None, NOW + moment).at

    hours = [timedelta(hours=2), timedelta(hours=1), timedelta(hours=3)]
    told = await together(mapped, *[at(hour) for hour in hours])  # type: ignore[arg-type]
    assert told == [NOW + timedelta(hours=2), NOW + timedelta(hours=2), NOW + timedelta(hours=3)]


async def test_a_key_that_is_taken_is_told_to_its_own_unit_alone(mapped: Database) -> None:
    def remembers(connection: Connection) -> None:
        step(connection)
        Store(connection, "o").memory.remember("key", "answer", NOW)

    results = await together(mapped, remembers, remembers, step)
    assert [type(result) for result in results] == [type(None), Conflict, Step]
    assert await mapped.read(revisions) == [1, 2]


async def test_more_rows_than_wait_are_written_all_the_same(mapped: Database) -> None:
    def many(connection: Connection) -> None:
        for _ in range(2 * MOST + 1):
            step(connection)

    await mapped.write(many, patience=PATIENCE)
    assert await mapped.read(revisions) == [*range(1, 2 * MOST + 2)]


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "in a group"])
def test_a_unit_alone_writes_its_first_rows_at_once(database_url: str, shared: bool) -> None:
    connection = connection_to(database_url, False)
    waiting = []
    with connection.transaction(writes=True, shared=shared):
        for number in range(10):
            Store(connection, "o").memory.remember(f"k{number}", "", NOW)
            waiting.append(connection._waiting.many)
    at_once = 0 if shared else PROMPT
    assert waiting == [0] * at_once + list(range(1, 11 - at_once))
    assert one(database_url, "SELECT count(*) FROM seen") == 10
    connection.close()


@pytest.mark.parametrize("before", [[], ["whole"]], ids=["alone", "in a group"])
async def test_half_of_a_character_is_refused_alone_and_the_others_are_saved(
    database: Database, database_url: str, before: list[str]
) -> None:
    def remember(key: str) -> Unit:
        return lambda connection: Store(connection, "o").memory.remember(key, "", NOW)

    *others, half = await together(database, *map(remember, [*before, "half \ud83d"]))
    assert isinstance(half, Exception)
    assert others == [None] * len(before)
    await database.write(remember("next"), patience=PATIENCE)
    assert one(database_url, "SELECT count(*) FROM seen") == len(before) + 1
