"""The process that `mapkeeper serve` starts, as the system sees it."""

import os
import sys
from collections import Counter

import pytest

from bot import serve
from bot.playground.slack import SlackStandIn
from storage.database import Database
from tests.load import served
from tests.units import PATIENCE

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has SCHED_BATCH")


@linux
async def test_its_threads_let_each_other_finish_and_who_waits_for_a_server_goes_first(
    database_url: str,
) -> None:
    async with SlackStandIn() as slack, served(slack, database_url) as running:
        threads = [int(name) for name in os.listdir(f"/proc/{running.pid}/task")]
        found = Counter(map(os.sched_getscheduler, threads))
        assert found.keys() <= {os.SCHED_BATCH, os.SCHED_OTHER}
        assert found[os.SCHED_BATCH] > 0
        assert found[os.SCHED_OTHER] == (1 if database_url.startswith("postgresql") else 0)


@linux
def test_it_serves_where_the_system_forbids_that(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def forbidden(pid: int, policy: int, parameters: object) -> None:
        asked.append(policy)
        raise PermissionError("not in this container")

    monkeypatch.setattr(os, "sched_setscheduler", forbidden)
    serve._let_finish()
    assert asked == [os.SCHED_BATCH]


@linux
async def test_it_writes_where_the_system_forbids_that(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(pid: int, policy: int, parameters: object) -> None:
        raise PermissionError("not in this container")

    monkeypatch.setattr(os, "sched_getscheduler", lambda pid: os.SCHED_BATCH)
    monkeypatch.setattr(os, "sched_setscheduler", forbidden)
    database = Database(database_url)
    assert await database.write(lambda connection: "written", patience=PATIENCE) == "written"
    await database.close()


@linux
def test_it_keeps_what_its_administrator_chose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getscheduler", lambda pid: os.SCHED_IDLE)
    monkeypatch.setattr(os, "sched_setscheduler", lambda *given: pytest.fail("it was chosen already"))
    serve._let_finish()
