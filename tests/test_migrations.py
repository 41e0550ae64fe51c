"""The revisions, and the tables they make."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, inspect, text

from storage import migrate
from storage.migrate import MigrationFailed, downgrade, ensure_current, is_current, upgrade
from storage.models import METADATA
from storage.models.base import with_conditions
from tests import postgres

TABLES = set(METADATA.tables)

Empty = Callable[[], AbstractContextManager[str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    return str(request.param)


@pytest.fixture
def empty(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Empty:
    """Addresses of databases with nothing in them."""
    if kind == "sqlite":
        return lambda: nullcontext(f"sqlite:///{tmp_path}/{len(list(tmp_path.iterdir()))}.db")
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.bare


@pytest.fixture
def url(empty: Empty) -> Iterator[str]:
    """The address of a database with nothing in it."""
    with empty() as url:
        yield url


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """SQLAlchemy's own connection to a database."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def tables(url: str) -> set[str]:
    """The names of the tables in a database."""
    with connected(url) as connection:
        return set(inspect(connection).get_table_names())


def shape(url: str) -> dict[str, Any]:
    """Columns, keys and indexes of every table, and the conditions of the partial indexes, as the database tells."""
    conditions = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%WHERE%'",
    }
    with connected(url) as connection:
        inspector = inspect(connection)
        told = {
            table: (
                [(column["name"], repr(column["type"]), column["nullable"]) for column in columns],
                inspector.get_pk_constraint(table),
                sorted(inspector.get_foreign_keys(table), key=str),
                sorted(inspector.get_unique_constraints(table), key=str),
                sorted((i["name"], i["column_names"], i["unique"]) for i in inspector.get_indexes(table)),
            )
            for table in TABLES
            for columns in [inspector.get_columns(table)]
        }
        partial = connection.execute(text(conditions[connection.dialect.name]))
        return told | {name: sql.partition(" WHERE ")[2] for name, sql in partial}


def test_up_from_nothing_down_to_nothing_and_up_again(url: str) -> None:
    upgrade(url)
    assert tables(url) == TABLES | {"alembic_version"}
    assert is_current(url)

    downgrade(url, "base")
    assert tables(url) == {"alembic_version"}
    assert not is_current(url)

    upgrade(url)
    assert tables(url) == TABLES | {"alembic_version"}
    assert is_current(url)


def test_alembic_finds_no_difference_to_the_models(url: str) -> None:
    upgrade(url)
    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, with_conditions(METADATA)) == []


def test_the_revisions_make_what_the_models_would_make(empty: Empty) -> None:
    with empty() as url, empty() as other:
        upgrade(url)
        with connected(other) as connection:
            with_conditions(METADATA).create_all(connection)
            connection.commit()
        assert shape(url) == shape(other)
        assert shape(url)["uq_deliveries_waiting_key"]


def test_head_is_the_newest_revision_and_the_only_one() -> None:
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert scripts.get_heads() == [migrate.HEAD]


def test_three_processes_that_start_at_once_upgrade_once(url: str) -> None:
    with ThreadPoolExecutor(3) as starting:  # each starts a process that upgrades
        assert list(starting.map(ensure_current, [url] * 3)) == [None] * 3
    assert is_current(url)
    assert tables(url) == TABLES | {"alembic_version"}


def test_a_current_database_is_left_alone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(url)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    ensure_current(url)


def test_a_database_of_a_later_release_serves_this_one(url: str) -> None:
    upgrade(url)
    with connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    assert is_current(url)


def test_looking_creates_no_file(tmp_path: Path) -> None:
    assert not is_current(f"sqlite:///{tmp_path}/none.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:////nowhere/mapkeeper.db", "unable to open database file"),
        ("postgresql://mapkeeper:secret@127.0.0.1:1/mapkeeper", "refused"),
    ],
)
def test_a_database_out_of_reach_is_named_without_its_password(url: str, why: str) -> None:
    with pytest.raises(MigrationFailed, match=why) as raised:
        ensure_current(url)
    assert "secret" not in str(raised.value)
