"""Brings a database to the tables of this release, and back.

Revisions are numbered; each adds before a later one takes away, so that replicas of two releases run side by side.
After a change of storage.models: `python -m storage.migrate draft "what changes"` writes the next revision, and
HEAD below names it. Until the first release there is one only, written anew by
`rm storage/migrations/versions/*.py && python -m storage.migrate draft "first tables"`.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, select, table

from storage.database import connection_to, kind_of, sqlite_path
from storage.errors import Misaddressed, StorageError
from storage.statements import Statement

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"

_SCRIPTS = Path(__file__).parent / "migrations"
_REVISION = Statement[Any](lambda _: select(column("version_num")).select_from(table("alembic_version")))


class MigrationFailed(StorageError):
    """The database could not be brought to the tables of this release."""


class NotReady(StorageError):
    """The database was not yet brought to the tables of this release."""


def ensure_current(url: str) -> None:
    """Upgrades the database where that is needed, once, however many processes ask at the same time.

    The work is done in a process of its own, as alembic would stay in the memory of the one that serves.
    Raises MigrationFailed, or Misaddressed where that is no address.
    """
    if is_current(url):
        return
    child = subprocess.run(
        [sys.executable, "-m", "storage.migrate"],
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if child.returncode:
        why = child.stderr.strip().splitlines()[-1:] or [f"exit code {child.returncode}"]
        raise MigrationFailed(f"the database could not be brought to revision {HEAD}: {why[0]}")


def is_current(url: str) -> bool:
    """Does the database have the tables of this release, or of a later one? False where it cannot be read.

    Raises Misaddressed where that is no address.
    """
    if kind_of(url) == "sqlite" and not Path(sqlite_path(url)).exists():
        return False  # looking must not create it
    try:
        return _revision(url) >= HEAD
    except Misaddressed:
        raise
    except StorageError:
        return False


def need_tables(url: str) -> None:
    """Raises StorageError unless the database has the tables of this release, or of a later one; it makes no file."""
    if kind_of(url) == "sqlite" and not Path(sqlite_path(url)).exists():
        raise NotReady(
            f"{sqlite_path(url)} is not there yet: `mapkeeper serve` makes it. Is DATABASE_URL right?"
        )
    if not is_current(url):
        connection_to(url, True).close()
        raise NotReady("the database has not the tables of this release yet: run `mapkeeper migrate`.")


def _revision(url: str) -> str:
    """The revision of the database's tables, empty where it knows none; raises StorageError."""
    connection = connection_to(url, True)
    try:
        with connection.transaction(writes=False):
            row = connection.first(_REVISION)
    finally:
        connection.close()
    return str(row.version_num) if row is not None else ""


def upgrade(url: str, revision: str = "head") -> None:
    """Brings the database up to a revision, in this process."""
    from alembic import command

    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Takes the database back to an earlier revision; `base` is an empty one."""
    from alembic import command

    command.downgrade(_config(url), revision)


def draft(what: str) -> None:
    """Writes the next revision: what is between the revisions so far and storage.models."""
    from alembic import command

    number = len(list((_SCRIPTS / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.db"
        if number > 1:
            upgrade(url)
        script: Any = command.revision(_config(url), what, autogenerate=True, rev_id=f"{number:04}")
    path = Path(script.path)
    path.write_text("".join(line for line in path.open() if not line.startswith("    # ###")))
    subprocess.run(["ruff", "format", "--quiet", str(_SCRIPTS)], check=True)


def _config(url: str) -> "Config":
    from alembic.config import Config

    config = Config(attributes={"url": url})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def main() -> None:
    """Upgrades the database at DATABASE_URL; `draft WHAT` writes a revision instead."""
    if sys.argv[1:2] == ["draft"]:
        draft(sys.argv[2])
        return
    try:
        upgrade(os.environ["DATABASE_URL"])
    except Exception as error:
        sys.exit(" ".join(f"{type(error).__name__}: {getattr(error, 'orig', error)}".split()))


if __name__ == "__main__":
    main()
