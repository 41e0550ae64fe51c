"""The n-th call fails, n = 1, 2, 3 …, until a run meets no failure: SQLite's own loop, for all of the product.

The suite takes a few n out of all; `make soak` takes every one, and prints how many those were.
"""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests import postgres
from tests.nth import NthCall, Story
from tests.world import MovedClock, World, running

FAILURES: dict[str, dict[str, Any]] = {
    "a 429": {"kind": "rate_limited", "retry_after": 1},
    "a 503": {"kind": "server_error", "status": 503},
    "a 500": {"kind": "server_error", "status": 500},
    "lost on its way": {"kind": "drop_before"},
    "lost after its effect": {"kind": "drop_after"},
}
Fresh = Callable[[], AbstractContextManager[str]]


@asynccontextmanager
async def story(url: str, fault: NthCall) -> AsyncIterator[Story]:
    """A world of its own for one run."""
    real = MovedClock()
    async with running(url, database=Database(url, connect=fault.connect), real=real) as world:
        yield Story(world, real)


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Fresh]:
    """Makes one migrated database after the other, of that kind."""

    @contextmanager
    def copied() -> Iterator[str]:
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "run.db"
        for old in tmp_path.glob("run.db*"):
            old.unlink()
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"

    def of(kind: str) -> Fresh:
        if kind == "sqlite":
            return copied
        server: postgres.Server = request.getfixturevalue("postgres_server")
        return server.fresh

    return of


async def played(told: Story, failed: str) -> None:
    """The whole story, and what must be true of it."""
    try:
        await told.play()
        await told.settled()
        told.check()
        assert told.steps >= 30
    except BaseException as error:
        error.add_note(f"{failed} failed; the calls to Slack: {[call.method for call in told.slack.calls]}")
        raise


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("sqlite", (170, 430, 640)),
        ("postgresql", (330,)),
        pytest.param("sqlite", (), marks=pytest.mark.soak),
        pytest.param("postgresql", (), marks=pytest.mark.soak),
    ],
)
async def test_the_nth_call_to_the_database_fails(
    fresh: Callable[[str], Fresh], kind: str, points: tuple[int, ...]
) -> None:
    failed = 0
    for n in points or count(1):
        fault = NthCall(n)
        with fresh(kind)() as url:
            async with story(url, fault) as told:
                await played(told, f"call {n} to the database ({fault.said})")
        if not fault.hit:
            break
        failed += 1
    print(f"{failed} calls to {kind} failed, one in each run")  # noqa: T201 - the number of the proof
    assert failed == len(points) or (not points and failed > 500)


@pytest.mark.parametrize("how", FAILURES)
@pytest.mark.parametrize("points", [(15,), pytest.param((), marks=pytest.mark.soak)])
async def test_the_nth_call_to_slack_fails(
    fresh: Callable[[str], Fresh], how: str, points: tuple[int, ...]
) -> None:
    failed = 0
    for n in points or count(1):
        with fresh("sqlite")() as url:
            async with story(url, NthCall()) as told:
                fault = told.slack.faults.add("*", after=n - 1, **FAILURES[how])
                await played(told, f"call {n} to Slack ({how})")
        if not fault.hits:
            break
        failed += 1
    print(f"{failed} calls to Slack met {how}, one in each run")  # noqa: T201 - the number of the proof
    assert failed == len(points) or (not points and failed > 20)


@pytest.mark.parametrize("how", FAILURES)
async def test_who_clicks_is_answered_though_the_answer_met_a_failure(world: World, how: str) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    fault = world.slack.faults.add("response_url", **FAILURES[how])
    clicked = await world.slack.click("ben", card, "Vote")
    await world.until(lambda: clicked.ephemeral is not None)
    assert "Your vote counts on P-1" in clicked.text
    assert fault.hits == 1
