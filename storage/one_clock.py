"""On SQLite one process keeps the clock: it holds a lock beside the database for as long as it lives.

The lock is SQLite's own, on a file of its own: it works on every system, and a killed process lets go of it.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path

from storage.database import kind_of, sqlite_path
from storage.errors import StorageError


class ClockHeld(StorageError):
    """Another process keeps the clock of this database."""


class OneClock:
    """The right to tick; on PostgreSQL everybody has it, as rows are claimed there."""

    def __init__(self, url: str) -> None:
        self._path = Path(f"{sqlite_path(url)}-clock") if kind_of(url) == "sqlite" else None
        self._held: sqlite3.Connection | None = None

    def take(self) -> None:
        """Holds the lock from now on; raises ClockHeld where another process has it."""
        if self._path is None or self._held is not None:
            return
        held = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            held.close()
            raise ClockHeld(
                f"another process keeps the clock of this database ({self._path.name} is locked). On SQLite only one "
                "may: stop the other one, start this one with --no-clock, or use PostgreSQL"
            ) from error
        self._held = held

    def let_go(self) -> None:
        """Somebody else may tick."""
        if self._held is not None:
            with suppress(sqlite3.Error):
                self._held.close()
            self._held = None
