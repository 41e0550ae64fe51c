"""What the database may do to us: full, locked, gone, cut off; and what those who asked are told."""

import asyncio
import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlmodel import func, select

from storage.connection import Connection
from storage.database import Database, connection_to, sqlite_path
from storage.errors import StorageError, Unavailable
from storage.postgresql import LOCK_WAIT, SHARED_LOCK_WAIT, PostgresConnection
from storage.sqlite import SqliteConnection
from storage.statements import Statement
from tests.units import PATIENCE, found, held, keep, keys, notch, notches, together

OWN = Statement[Any](select(func.pg_backend_pid().label("pid")))
HANG_UP = Statement[Any](select(func.pg_terminate_backend(func.pg_backend_pid()).label("done")))

# --- SQLite ---------------------------------------------------------------------------------------------------


class Disk:
    """A SQLite file on a disk that has room for so many pages and no more."""

    def __init__(self) -> None:
        self._writing: list[SqliteConnection] = []

    def connect(self, url: str, readonly: bool) -> Connection:
        """For `Database(url, connect=…)`."""
        connection = SqliteConnection(sqlite_path(url), readonly=readonly)
        if not readonly:
            self._writing.append(connection)
        return connection

    def leave_room_for(self, pages: int) -> None:
        """From now on the file grows by so many pages at most."""
        driver = self._writing[-1]._driver
        (used,) = driver.execute("PRAGMA page_count").fetchone()
        driver.execute(f"PRAGMA max_page_count = {used + pages}")


def too_big(connection: Connection) -> None:
    """Saves a small row and then one that does not fit."""
    notch("half")(connection)
    keep("too big", "x" * 1_000_000)(connection)


async def test_what_does_not_fit_on_the_disk_fails_alone(sqlite_url: str) -> None:
    disk = Disk()
    database = Database(sqlite_url, connect=disk.connect)
    await database.write(found)
    disk.leave_room_for(20)

    results = await together(database, notch("a"), too_big, notch("b"))
    assert [type(result) for result in results] == [str, Unavailable, str]
    assert await database.read(keys) == ["a", "b"]
    assert await database.read(notches) == 2

    disk.leave_room_for(1000)
    await database.write(too_big)
    assert await database.read(keys) == ["a", "b", "half", "too big"]
    await database.close()


async def test_after_a_full_disk_no_statement_is_saved_by_itself(sqlite_url: str) -> None:
    disk = Disk()
    database = Database(sqlite_url, connect=disk.connect)
    await database.write(found)
    disk.leave_room_for(20)

    def careless(connection: Connection) -> None:
        try:
            too_big(connection)
        except Unavailable:
            keep("on its own")(connection)  # SQLite has ended the transaction by now

    results = await together(database, notch("a"), careless, notch("b"))
    assert [type(result) for result in results] == [str, Unavailable, str]
    assert await database.read(keys) == ["a", "b"]
    await database.close()


def test_a_commit_is_on_the_disk_before_it_counts(sqlite_url: str) -> None:
    connection = connection_to(sqlite_url, False)
    assert isinstance(connection, SqliteConnection)
    settings = ("journal_mode", "synchronous", "foreign_keys")
    told = [connection._driver.execute(f"PRAGMA {name}").fetchone()[0] for name in settings]
    assert told == ["wal", 2, 1]
    connection.close()


@contextmanager
def another_process(url: str) -> Iterator[sqlite3.Connection]:
    """The write lock of a SQLite file in other hands."""
    other = sqlite3.connect(sqlite_path(url), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


async def test_a_locked_database_is_told_of_in_two_seconds_and_serves_right_after(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with another_process(sqlite_url) as other:
        began = time.monotonic()
        told = await asyncio.gather(
            *[database.write(keep(f"locked {n}")) for n in range(50)], return_exceptions=True
        )
        assert [type(error) for error in told] == [Unavailable] * 50
        assert "locked" in str(told[0])
        assert 1 < time.monotonic() - began < 2.5

        assert await database.read(keys) == []  # readers are not in its way
        waiting = asyncio.ensure_future(database.write(keep("waiting"), patience=PATIENCE))
        await asyncio.sleep(0)
        other.execute("ROLLBACK")
        released = time.monotonic()
        await waiting
        assert time.monotonic() - released < 1
    await database.write(keep("after"))
    assert await database.read(keys) == ["after", "waiting"]
    await database.close()


async def test_a_database_that_is_not_there_yet_serves_once_it_is(
    tmp_path: Path, sqlite_template: Path
) -> None:
    database = Database(f"sqlite:///{tmp_path}/disk/mapkeeper.db")
    with pytest.raises(Unavailable, match="unable to open"):
        await database.read(keys)
    with pytest.raises(Unavailable, match="unable to open"):
        await database.write(keep("a"), patience=0.1)
    (tmp_path / "disk").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "disk" / "mapkeeper.db")
    await database.write(keep("b"))
    assert await database.read(keys) == ["b"]
    await database.close()


# --- PostgreSQL -----------------------------------------------------------------------------------------------


@pytest.fixture
async def pair(postgresql_url: str) -> Any:
    """Two replicas over one database, with four organisations."""
    replicas = [Database(postgresql_url), Database(postgresql_url)]
    for organisation in "opqr":
        await replicas[0].write(partial(found, organisation=organisation))
    yield replicas
    for replica in replicas:
        await replica.close()


@contextmanager
def locked_row(url: str) -> Iterator[psycopg.Connection[Any]]:
    """The organisation's row in other hands."""
    with psycopg.connect(url) as other:
        other.execute("SELECT 1 FROM organisations WHERE id = 'o' FOR UPDATE")
        yield other
        other.rollback()


async def test_a_connection_cut_in_the_middle_of_a_group_loses_and_doubles_nothing(
    postgresql_url: str,
) -> None:
    database = Database(postgresql_url)
    await database.write(found)
    cut: list[int] = []

    def cutting(connection: Connection) -> str:
        notch("b")(connection)
        if not cut:
            cut.append(connection.one(OWN).pid)
            connection.one(HANG_UP)
        return "b"

    assert await together(database, notch("a"), cutting, notch("c")) == ["a", "b", "c"]
    assert await database.read(notches) == 3
    assert await database.write(lambda connection: connection.one(OWN).pid) not in cut
    await database.close()


async def test_connections_cut_while_nobody_used_them_go_unnoticed(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    await database.write(found)
    await asyncio.gather(*[database.read(notches) for _ in range(20)])
    with psycopg.connect(postgresql_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert await asyncio.gather(*[database.read(notches) for _ in range(20)]) == [0] * 20
    await database.write(notch("a"))
    assert await database.read(notches) == 1
    await database.close()


async def test_a_row_in_other_hands_holds_up_its_own_unit_alone(pair: list[Database]) -> None:
    with locked_row(pair[0].url) as other:
        async with held(pair[0]):
            others = [
                asyncio.ensure_future(pair[0].write(notch(name, "p"), patience=PATIENCE)) for name in "ab"
            ]
            hurried = asyncio.ensure_future(pair[0].write(notch("hurried", "o"), patience=0.3))
            patient = asyncio.ensure_future(pair[0].write(notch("patient", "o"), patience=PATIENCE))
        assert await asyncio.gather(*others) == ["a", "b"]
        with pytest.raises(Unavailable, match="lock"):
            await hurried
        other.rollback()
    assert await patient == "patient"
    assert await pair[0].read(notches) == 1


async def test_closing_waits_for_a_unit_that_waits_for_a_row(pair: list[Database]) -> None:
    with locked_row(pair[1].url) as other:
        async with held(pair[1]):
            patient = asyncio.ensure_future(pair[1].write(notch("patient", "o"), patience=PATIENCE))
            hurried = asyncio.ensure_future(pair[1].write(notch("hurried", "o"), patience=0.3))
            await asyncio.sleep(0)
            closing = asyncio.ensure_future(pair[1].close())
        with pytest.raises(Unavailable):
            await hurried
        other.rollback()
    assert await patient == "patient"
    await closing


async def test_two_replicas_whose_groups_cross_do_not_hold_each_other_up(pair: list[Database]) -> None:
    chance = random.Random(3)
    asked = [
        replica.write(notch(f"{n} of {whose}", chance.choice("opqr")), patience=PATIENCE)
        for n in range(150)
        for whose, replica in enumerate(pair)
    ]
    began = time.monotonic()
    assert len(await asyncio.gather(*asked)) == 300
    assert time.monotonic() - began < PATIENCE


def test_a_group_waits_for_a_row_more_briefly_than_a_unit_alone(postgresql_url: str) -> None:
    wait = Statement[Any](select(func.current_setting("lock_timeout").label("time")))
    connection = connection_to(postgresql_url, False)
    told = []
    for shared in (True, False):
        with connection.transaction(writes=True, shared=shared):
            told += connection.one(wait)
    assert told == [SHARED_LOCK_WAIT, LOCK_WAIT]
    connection.close()


async def test_two_units_that_wait_for_each_other_end_soon(pair: list[Database]) -> None:
    meeting = asyncio.Event()
    loop = asyncio.get_running_loop()
    arrived: list[str] = []

    def crossing(first: str, second: str) -> Any:
        def unit(connection: Connection) -> str:
            notch(f"{first}{second}", first)(connection)
            connection.one(OWN)  # asks for an answer, so the row is ours now
            if first not in arrived:
                arrived.append(first)
                if len(arrived) == 2:
                    loop.call_soon_threadsafe(meeting.set)
                asyncio.run_coroutine_threadsafe(meeting.wait(), loop).result(PATIENCE)
            notch(f"{first}{second}", second)(connection)
            return first

        return unit

    results = await asyncio.gather(
        pair[0].write(crossing("o", "p"), patience=PATIENCE),
        pair[1].write(crossing("p", "o"), patience=PATIENCE),
        return_exceptions=True,
    )
    done = [result for result in results if isinstance(result, str)]
    assert all(isinstance(result, str | Unavailable) for result in results)
    assert await pair[0].read(notches) == len(done)
    assert await pair[1].write(notch("after", "o")) == "after"


async def test_what_postgresql_cannot_store_is_an_error_of_its_own_unit(pair: list[Database]) -> None:
    results = await together(pair[0], notch("a"), keep("zero \0 byte"), notch("b"))
    assert [type(result) for result in results] == [str, StorageError, str]
    assert await pair[0].read(notches) == 2


async def test_statements_stay_prepared_after_errors(pair: list[Database]) -> None:
    await pair[0].write(keep("taken"))
    for n in range(5):
        results = await together(pair[0], notch(f"a{n}"), keep("taken"), notch(f"b{n}"))
        assert [isinstance(result, str) for result in results] == [True, False, True]
    assert await pair[0].read(notches) == 10


async def test_a_server_that_does_not_answer_is_told_of(postgresql_url: str) -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/nothing")
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(Unavailable, match="refused"):
            await gone.write(keep("a"), patience=0.1)
        with pytest.raises(Unavailable, match="refused"):
            await gone.read(keys)
    await gone.close()


async def test_more_than_a_buffer_of_unread_answers_does_not_block(postgresql_url: str) -> None:
    database = Database(postgresql_url)

    def many(connection: Connection) -> None:
        for n in range(20_000):
            keep(f"{n:05}", "x" * 200)(connection)

    await database.write(many, patience=PATIENCE)
    assert len(await database.read(keys)) == 20_000
    await database.close()


def test_a_transaction_that_failed_is_not_told_to_be_committed(postgresql_url: str) -> None:
    connection = connection_to(postgresql_url, False)
    assert isinstance(connection, PostgresConnection)

    def failing() -> None:
        with connection.transaction(writes=True):
            connection.command("SELECT 1/0")
            connection._sync()  # as if somebody had read the error and gone on

    with pytest.raises(Unavailable, match="ROLLBACK"):
        failing()
    assert not connection.in_transaction()
    connection.close()
