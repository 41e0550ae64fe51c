"""What every test may ask for: a fresh database of each kind, a world on it, the demo's sample, and a browser."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from storage import migrate
from storage.database import Database
from tests import browser as browsers
from tests import postgres
from tests.world import World, running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server; with pytest-xdist one for each worker, as starting it takes less than a second."""
    with postgres.running() as server:
        server.hurry()
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A fresh migrated SQLite database."""
    path = tmp_path / "mapkeeper.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres_server: postgres.Server) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    with postgres_server.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same, open."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """Slack, the product on SQLite, and people."""
    async with running(sqlite_url) as made:
        yield made


@pytest.fixture
async def dinner(world: World) -> World:
    """With the restaurant's map in #product, which ada owns."""
    await world.start_map()
    return world


@pytest.fixture
async def each_world(database_url: str) -> AsyncIterator[World]:
    """The same on each database."""
    async with running(database_url) as made:
        yield made


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's sample organisation in it."""
    folder = tmp_path_factory.mktemp("demo")
    browsers.play_sample(folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path, played: Path) -> Path:
    """A copy of it, for one test."""
    return Path(shutil.copytree(played, tmp_path / "demo"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Any]:
    """A Chromium for all tests of a worker: starting one takes longer than many a test."""
    async with browsers.chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Any) -> AsyncIterator[Any]:
    """The running Chromium, and no window left open after the test; its tests share one loop with it."""
    yield chromium
    for context in chromium.contexts:
        await context.close()
