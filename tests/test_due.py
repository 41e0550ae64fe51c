"""The clock's own table: many organisations are claimed, looked through and settled together, each by one worker."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from storage import due
from storage.callers import add_workspace
from storage.connection import Connection
from storage.database import Database, connection_to, new_id
from storage.store import Store
from tests.load import rows
from tests.test_digest import with_schedules
from tests.test_story import next_monday

NOW = datetime(2026, 1, 8, tzinfo=UTC)
MONDAY = next_monday(NOW)
MINUTE = timedelta(minutes=1)
ORGANISATIONS = 12


class Desk(NamedTuple):
    """A connection to organisations whose digests are due on Monday."""

    connection: Connection
    url: str

    def claim(self, name: str, real: datetime, most: int = 8) -> int:
        with self.connection.transaction(writes=True):
            return due.claim(self.connection, name, MONDAY, real, real + MINUTE, most)

    def schedules(self, name: str) -> list[str]:
        with self.connection.transaction(writes=False):
            wanted = due.wanted(self.connection, name, MONDAY)
        return [schedule.id for one in wanted for schedule in one.schedules]

    def settle(self, name: str) -> None:
        with self.connection.transaction(writes=True):
            due.settle(self.connection, name, MONDAY)

    def free(self) -> int:
        return len(rows(self.url, "SELECT 1 FROM due WHERE claim IS NULL AND leased_until IS NULL"))


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    database = Database(database_url)
    for number in range(ORGANISATIONS):
        ids = new_id(), new_id()

        def found(connection: Connection, ids: tuple[str, str] = ids, number: int = number) -> None:
            add_workspace(connection, ids, "slack", f"T{number}", "acme", "+1", NOW)

        await database.write(found)
        await with_schedules(database, *ids, 1, NOW)
    await database.close()
    connection = connection_to(database_url, False)
    yield Desk(connection, database_url)
    connection.close()


def test_two_workers_share_what_is_due_and_each_tells_its_own(desk: Desk) -> None:
    assert (desk.claim("a", MONDAY), desk.claim("b", MONDAY)) == (8, 4)
    first, second = desk.schedules("a"), desk.schedules("b")
    assert (len(first), len(second)) == (8, 4)
    assert not set(first) & set(second)
    assert desk.claim("c", MONDAY) == 0
    with desk.connection.transaction(writes=True):
        for organisation, schedule in rows(desk.url, "SELECT organisation_id, id FROM schedules"):
            if schedule in first:
                Store(desk.connection, organisation).digests.advance(schedule, MONDAY + timedelta(days=7))
    desk.settle("a")
    desk.settle("b")
    assert desk.free() == ORGANISATIONS
    assert sorted(desk.schedules("c")) == []
    assert desk.claim("c", MONDAY) == 4, "what was not told is due still"


def test_what_a_slow_worker_lost_to_another_it_leaves_alone(desk: Desk) -> None:
    desk.claim("slow", MONDAY)
    assert desk.claim("quick", MONDAY + 2 * MINUTE, 32) == ORGANISATIONS
    with desk.connection.transaction(writes=True):
        assert due.renew(desk.connection, "slow", MONDAY + 9 * MINUTE) == set()
        assert len(due.renew(desk.connection, "quick", MONDAY + 9 * MINUTE)) == ORGANISATIONS
    desk.settle("slow")
    assert desk.free() == 0
    assert desk.claim("third", MONDAY + 3 * MINUTE) == 0, "the lease is longer now"


def test_one_that_cannot_be_told_waits_alone(desk: Desk) -> None:
    desk.claim("a", MONDAY)
    with desk.connection.transaction(writes=False):
        stuck = due.wanted(desk.connection, "a", MONDAY)[0].organisation_id
    with desk.connection.transaction(writes=True):
        due.give_back(desk.connection, "a", stuck)
    assert desk.free() == ORGANISATIONS - 1
    assert desk.claim("b", MONDAY, 32) == ORGANISATIONS - 1
    assert desk.claim("c", MONDAY + 2 * MINUTE, 32) == ORGANISATIONS, (
        "when its lease is over it is tried again"
    )
