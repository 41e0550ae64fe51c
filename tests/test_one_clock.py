"""On SQLite one process keeps the clock; others serve beside it without one."""

import pytest

from bot.playground.slack import SlackStandIn
from storage.one_clock import ClockHeld, OneClock
from tests.load import Serving, served


async def test_a_second_process_on_sqlite_does_not_start_and_says_what_to_do(sqlite_url: str) -> None:
    async with SlackStandIn() as slack, served(slack, sqlite_url):
        second = Serving(slack, sqlite_url)
        with pytest.raises(RuntimeError, match="it stopped before it listened"):
            await second.start()
        said = "\n".join(second.log)
        assert "another process keeps the clock of this database" in said
        assert "--no-clock" in said
        assert "Traceback" not in said
        assert await second.ended() == 2


async def test_one_without_a_clock_serves_beside_it_and_takes_nothing_from_it(sqlite_url: str) -> None:
    async with SlackStandIn() as slack, served(slack, sqlite_url), served(slack, sqlite_url, "--no-clock"):
        assert (
            "Mapkeeper keeps your journey maps alive"
            in (await slack.command("ada", "product", "/journey")).text
        )


async def test_a_killed_process_leaves_the_clock_to_the_next_one(sqlite_url: str) -> None:
    async with SlackStandIn() as slack, served(slack, sqlite_url) as first:
        with pytest.raises(ClockHeld):
            OneClock(sqlite_url).take()
        await first.kill()
        next_one = OneClock(sqlite_url)
        next_one.take()
        next_one.let_go()


def test_on_postgresql_everybody_ticks() -> None:
    first, second = OneClock("postgresql://h/n"), OneClock("postgresql://h/n")
    first.take()
    second.take()
