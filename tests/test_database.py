"""Units of work: grouped, committed, alone in their failures."""

import asyncio
import importlib
import pkgutil
import random
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from queue import SimpleQueue
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import NoInspectionAvailable
from sqlmodel import col, insert, select

import storage
from storage.batches import Inserting
from storage.connection import Connection
from storage.database import Database, connection_to, kind_of
from storage.errors import Conflict, StorageError, Unavailable
from storage.models import Organisation, Person, Place, Schedule, Workspace, aliased
from storage.sqlite import SqliteConnection
from storage.statements import ORGANISATION, Statement, blank, every, param
from tests.units import (
    NOW,
    PATIENCE,
    Commits,
    found,
    held,
    keep,
    keys,
    notch,
    notches,
    together,
)


class Mistake(Exception):
    """What a handler may raise."""


@pytest.fixture
def commits() -> Commits:
    """Counts the commits of `watched`, and makes them fail."""
    return Commits()


@pytest.fixture
async def watched(database_url: str, commits: Commits) -> AsyncIterator[Database]:
    """A database with one organisation, whose commits are watched."""
    opened = Database(database_url, connect=commits.connect)
    await opened.write(found, patience=PATIENCE)
    commits.count = 0
    yield opened
    await opened.close()


OF_ONE_KIND = {  # asked of no other
    "storage.moving_COUNT": "postgresql",
    "storage.moving_COUNT_ALL": "postgresql",
}


def statements() -> Iterator[tuple[str, Statement[Any]]]:
    """Every statement of the storage room, by its name."""
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for statement in value.values() if isinstance(value, dict) else [value]:
                if isinstance(statement, Statement):
                    yield f"{module.name}{name}", statement


def test_the_database_understands_every_statement(database_url: str) -> None:
    connection = connection_to(database_url, False)
    understood = 0
    for name, statement in statements():
        if OF_ONE_KIND.get(name, connection.kind) != connection.kind:
            continue
        compiled = statement.compiled(connection.kind)
        try:
            if isinstance(connection, SqliteConnection):
                values = [None] * compiled.sql.count("?")
                connection._driver.execute(f"EXPLAIN {compiled.sql}", values)
            else:
                texts = [compiled.sql]
                if isinstance(statement, Inserting):
                    texts.append(statement.together().sql)
                for text in texts:
                    with connection.transaction(writes=True):
                        connection.command(f"PREPARE trial AS {text}")
                        connection.command("DEALLOCATE trial")
        except Exception as error:
            pytest.fail(f"{name}: {error}\n{compiled.sql}")
        understood += 1
    connection.close()
    assert understood > 100


async def test_two_hundred_writes_arrive_in_a_few_commits(watched: Database, commits: Commits) -> None:
    results = await together(watched, *[notch(str(n)) for n in range(200)])
    assert results == [str(n) for n in range(200)]
    assert await watched.read(notches) == 200
    assert commits.count <= 10


async def test_a_server_saves_half_of_what_is_under_way_while_the_other_half_is_taken_in(
    watched: Database,
) -> None:
    many = Counter(await together(watched, *[lambda connection: connection.begun] * 24))
    assert list(many.values()) == ([13, 11] if watched.kind == "postgresql" else [24])
    few = Counter(await together(watched, *[lambda connection: connection.begun] * 8))
    assert list(few.values()) == [8]


async def test_an_exception_undoes_its_own_unit_alone(watched: Database, commits: Commits) -> None:
    def mistaken(connection: Connection) -> None:
        notch("mistaken")(connection)
        raise Mistake("after it wrote")

    results = await together(watched, notch("a"), mistaken, notch("b"))
    assert isinstance(results[1], Mistake)
    assert await watched.read(keys) == ["a", "b"]
    assert await watched.read(notches) == 2
    assert commits.count == 2  # the one that was held, and the group


async def test_a_refused_handler_is_undone_and_what_surrounds_it_stays(watched: Database) -> None:
    def refused(connection: Connection) -> str:
        try:
            with connection.savepoint("handler"):
                notch("handler")(connection)
                raise Mistake
        except Mistake:
            keep("draft")(connection)
        return "refused"

    assert await together(watched, notch("a"), refused, notch("b")) == ["a", "refused", "b"]
    assert await watched.read(keys) == ["a", "b", "draft"]
    assert await watched.read(notches) == 2


async def test_a_key_that_is_taken_is_a_conflict_for_its_own_unit_alone(watched: Database) -> None:
    await watched.write(keep("taken"))

    def doubled(connection: Connection) -> None:
        connection_first = notch("half")
        connection_first(connection)
        keep("taken")(connection)  # nobody asks for its rows: on PostgreSQL the error shows later

    results = await together(watched, notch("a"), doubled, notch("b"), notch("c"))
    assert [type(result) for result in results] == [str, Conflict, str, str]
    assert await watched.read(keys) == ["a", "b", "c", "taken"]
    assert await watched.read(notches) == 3


async def test_the_rows_message_of_a_conflict_tells_no_values(watched: Database) -> None:
    await watched.write(keep("secret words"))
    with pytest.raises(Conflict) as raised:
        await watched.write(keep("secret words"))
    assert "secret" not in str(raised.value)


async def test_a_failed_commit_is_tried_again_one_by_one(watched: Database, commits: Commits) -> None:
    commits.before = [None, Unavailable("the disk did not take it")]
    assert await together(watched, notch("a"), notch("b"), notch("c")) == ["a", "b", "c"]
    assert await watched.read(notches) == 3
    assert commits.count == 1 + 3


async def test_a_commit_that_keeps_failing_is_told_and_nothing_is_saved(
    watched: Database, commits: Commits
) -> None:
    commits.before = [Unavailable("the disk did not take it")] * 2
    with pytest.raises(Unavailable, match="did not take it"):
        await watched.write(notch("a"))
    assert await watched.read(keys) == []
    assert await watched.write(notch("b")) == "b"


async def test_a_commit_of_unknown_outcome_takes_effect_once(watched: Database, commits: Commits) -> None:
    commits.after = [None, Unavailable("the line was cut before the answer came")]
    assert await together(watched, notch("a"), notch("b"), notch("c")) == ["a", "b", "c"]
    assert await watched.read(notches) == 3


async def test_an_error_that_a_unit_swallows_is_not_answered_as_saved(watched: Database) -> None:
    await watched.write(keep("taken"))

    def careless(connection: Connection) -> str:
        try:
            keep("taken")(connection)
            keys(connection)
        except StorageError:
            keep("after all")(connection)
        return "saved"

    results = await together(watched, notch("a"), careless, notch("b"))
    # SQLite undoes the one statement and goes on; PostgreSQL gives the transaction up.
    saved = ["saved"] if watched.kind == "sqlite" else []
    assert [result for result in results if isinstance(result, str)] == ["a", *saved, "b"]
    kept = ["a", "after all", "b", "taken"] if saved else ["a", "b", "taken"]
    assert await watched.read(keys) == kept


async def test_a_mistake_in_making_a_connection_is_told_and_the_writer_lives_on(database_url: str) -> None:
    mistakes = [ValueError("a wrong setting")]

    def connect(url: str, readonly: bool) -> Connection:
        if mistakes:
            raise mistakes.pop()
        return connection_to(url, readonly)

    database = Database(database_url, connect=connect)
    with pytest.raises(ValueError, match="a wrong setting"):
        await database.write(found)
    await database.write(found)
    await database.close()


async def test_whoever_is_told_that_it_took_too_long_finds_that_nothing_happened(database: Database) -> None:
    chance = random.Random(7)

    async def ask(key: str) -> str | None:
        try:
            return await database.write(keep(key, key), patience=chance.uniform(0, 0.02))
        except Unavailable:
            return None

    answers = await asyncio.gather(*[ask(f"{n:03}") for n in range(400)])
    assert await database.read(keys) == [answer for answer in answers if answer]


async def test_a_unit_that_waited_too_long_is_never_run(database: Database) -> None:
    async with held(database):
        with pytest.raises(Unavailable):
            await database.write(keep("late"), patience=0.01)
    await database.write(keep("in time"), patience=PATIENCE)
    assert await database.read(keys) == ["in time"]


async def test_a_unit_that_nobody_waits_for_any_more_is_never_run(database: Database) -> None:
    async with held(database):
        asked = asyncio.ensure_future(database.write(keep("abandoned"), patience=PATIENCE))
        await asyncio.sleep(0)
        asked.cancel()
    await database.write(keep("wanted"), patience=PATIENCE)
    assert asked.cancelled()
    assert await database.read(keys) == ["wanted"]


async def test_readers_see_one_state_beside_the_writer(watched: Database) -> None:
    await watched.write(notch("a"))
    begun, written = threading.Event(), threading.Event()

    def reader(connection: Connection) -> tuple[int, int]:
        before = notches(connection)
        begun.set()
        written.wait(PATIENCE)
        return before, notches(connection)

    reading = asyncio.ensure_future(watched.read(reader))
    await asyncio.to_thread(begun.wait, PATIENCE)
    await watched.write(notch("b"))
    assert await watched.read(notches) == 2
    written.set()
    assert await reading == (1, 1)


async def test_a_reader_cannot_write(watched: Database) -> None:
    def writing(connection: Connection) -> None:
        keep("a")(connection)
        keys(connection)

    with pytest.raises(StorageError):
        await watched.read(writing)
    assert await watched.read(keys) == []


async def test_closing_finishes_what_waits_and_takes_nothing_more(
    database_url: str, commits: Commits
) -> None:
    database = Database(database_url, connect=commits.connect)
    async with held(database):
        asked = [asyncio.ensure_future(database.write(keep(str(n)), patience=PATIENCE)) for n in range(50)]
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(database.close())
        await asyncio.sleep(0)
    assert await asyncio.gather(*asked) == ["done"] * 50
    await closing
    with pytest.raises(Unavailable):
        await database.write(keep("late"))
    with pytest.raises(Unavailable):
        await database.read(keys)


async def test_whoever_sends_what_is_queued_is_told_after_the_commit_when_the_first_may_leave(
    database: Database,
) -> None:
    told: SimpleQueue[datetime] = SimpleQueue()
    database.on_queued(told.put)
    first, second = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10))

    def queueing(connection: Connection) -> None:
        for moment in (second, first, second):
            connection.queue_from(moment)

    await database.write(keep("nothing queued"))
    await database.write(queueing)
    assert await asyncio.to_thread(told.get, timeout=PATIENCE) == first
    assert told.empty()


async def test_a_listener_that_fails_does_not_stop_the_writer(database: Database) -> None:
    def closed(_: datetime) -> None:
        raise RuntimeError("its loop is closed")

    def queueing(connection: Connection) -> str:
        connection.queue_from(datetime.now(UTC))
        return keep("queued")(connection)

    database.on_queued(closed)
    assert await database.write(queueing) == "done"
    await database.write(keep("after"))
    assert await database.read(keys) == ["after", "queued"]


async def test_values_come_back_as_they_went_in(database: Database) -> None:
    early = datetime(2026, 3, 29, 3, 30, 0, 7, tzinfo=timezone(timedelta(hours=2)))
    add_workspace = Statement[Workspace](insert(Workspace).values(every(Workspace)))
    add_place = Statement[Place](insert(Place).values(every(Place)))
    add_schedule = Statement[Schedule](insert(Schedule).values(every(Schedule)))
    place = Statement[Place](select(Place).where(Place.organisation_id == ORGANISATION))
    schedule = Statement[Schedule](select(Schedule).where(Schedule.next_at == param("next_at")))

    def write(connection: Connection) -> None:
        found(connection)
        values = blank(Workspace) | {"id": "w", "organisation_id": "o", "platform": "slack"}
        connection.run(add_workspace, **values, external_id="T1", name="Ünï ’%s’ ?", created_at=NOW)
        values = blank(Place) | {"id": "p", "organisation_id": "o", "workspace_id": "w", "private": True}
        connection.run(add_place, **values, external_id="C1", name="", created_at=early)
        values = blank(Schedule) | {"id": "s", "organisation_id": "o", "place_id": "p", "weekday": 0}
        connection.run(add_schedule, **values, at="09:00", zone="UTC", anchor=date(2026, 3, 2), next_at=early)

    await database.write(write)
    read = await database.read(lambda connection: connection.one(place, organisation_id="o"))
    assert (read.private, read.gone_why, read.created_at) == (True, None, early)
    assert read.created_at.utcoffset() == timedelta(0)
    due = await database.read(lambda connection: connection.one(schedule, next_at=early.astimezone(UTC)))
    assert (due.anchor, due.weeks, due.paused_at) == (date(2026, 3, 2), 1, None)


async def test_a_time_without_its_zone_is_refused(database: Database) -> None:
    def naive(connection: Connection) -> None:
        connection.run(
            Statement[Organisation](insert(Organisation).values(every(Organisation))),
            **(
                blank(Organisation)
                | {"id": "o", "name": "", "vote_emoji": "", "created_at": NOW.replace(tzinfo=None)}
            ),
        )

    with pytest.raises(ValueError, match="zone"):
        await database.write(naive)


def test_a_model_is_its_table_and_no_object_mapper_stays_in_memory() -> None:
    other = aliased(Person, "other")
    asked = select(Person.id, other.name).where(col(other.id) == Person.id)
    said = "SELECT people.id, other.name FROM people, people AS other WHERE other.id = people.id"
    assert str(asked).replace("\n", "") == said
    with pytest.raises(NoInspectionAvailable):
        inspect(Person)


async def test_a_row_that_must_be_there_and_is_not_is_a_conflict(database: Database) -> None:
    person = Statement[Person](select(Person.name).where(Person.id == param("id")))
    with pytest.raises(Conflict):
        await database.write(lambda connection: connection.one(person, id="nobody"))


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://host/name", "", "postgresql+x://y"]
)
def test_an_address_of_no_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL"):
        kind_of(url)


def test_an_address_that_cannot_be_read_is_refused_without_its_password() -> None:
    with pytest.raises(ValueError, match="DATABASE_URL") as raised:
        connection_to("postgresql://me:se%cret@host:port/name", False)
    assert "cret" not in str(raised.value)
