"""The process that `mapkeeper serve` starts, as the system sees it."""

import os
import sys

import pytest

from bot import serve
from bot.playground.slack import SlackStandIn
from tests.load import served

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has SCHED_BATCH")


@linux
async def test_its_threads_let_each_other_finish(sqlite_url: str) -> None:
    async with SlackStandIn() as slack, served(slack, sqlite_url) as running:
        threads = [int(name) for name in os.listdir(f"/proc/{running.pid}/task")]
        assert len(threads) > 1
        assert {os.sched_getscheduler(thread) for thread in threads} == {os.SCHED_BATCH}


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
def test_it_keeps_what_its_administrator_chose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getscheduler", lambda pid: os.SCHED_IDLE)
    monkeypatch.setattr(os, "sched_setscheduler", lambda *given: pytest.fail("it was chosen already"))
    serve._let_finish()
