"""What alembic runs: one transaction for all revisions, one process at a time."""

import sqlite3
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlmodel import UTCDateTime
from sqlmodel.sql.sqltypes import AutoString

from storage.database import kind_of, sqlite_path
from storage.models import METADATA
from storage.models.base import with_conditions

LOCK_WAIT_SECONDS = 60  # another replica may be at it


def _sqlite(url: str) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(sqlite_path(url), timeout=LOCK_WAIT_SECONDS, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")  # kept in the file
        return connection

    engine = create_engine("sqlite://", poolclass=NullPool, creator=connect)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Takes the write lock before the revision is read: a second process waits here.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql(url: str) -> Engine:
    import psycopg

    options = f"-c lock_timeout={LOCK_WAIT_SECONDS * 1000}"
    return create_engine(
        "postgresql+psycopg://",
        poolclass=NullPool,
        creator=lambda: psycopg.connect(url, connect_timeout=10, options=options),
    )


def _plain_type(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Revisions name types of SQLAlchemy alone, so that they mean the same whatever SQLModel becomes."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


def _run() -> None:
    url: str = context.config.attributes["url"]
    kind = kind_of(url)
    engine = _sqlite(url) if kind == "sqlite" else _postgresql(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=with_conditions(METADATA),
            render_as_batch=kind == "sqlite",
            render_item=_plain_type,
            transactional_ddl=True,
            compare_type=True,
        )
        with context.begin_transaction():
            if kind == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('mapkeeper revisions'))"))
            context.run_migrations()
    engine.dispose()


_run()
