"""Until when each workspace was listened to, for all organisations."""

from datetime import datetime

from sqlmodel import select, update

from storage.connection import Connection
from storage.models import Workspace
from storage.statements import Statement, param

_OPEN = Statement[Workspace](
    select(Workspace).where(Workspace.platform == param("platform"), Workspace.stopped_at.is_(None))
)
_HEARD = Statement[Workspace](
    update(Workspace).where(Workspace.id == param("id")).values(heard_at=param("heard_at"))
)


def open_workspaces(connection: Connection, platform: str) -> list[Workspace]:
    """The workspaces of a platform in which we are installed."""
    return connection.all(_OPEN, platform=platform)


def heard(connection: Connection, workspace_id: str, at: datetime) -> None:
    """Nothing of the workspace was missed up to then."""
    connection.run(_HEARD, id=workspace_id, heard_at=at)
