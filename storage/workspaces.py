"""Workspaces of all organisations: where we are installed, until when we listened, which channels show a map."""

from datetime import datetime

from sqlmodel import select, tuple_, update

from storage.connection import Connection
from storage.models import Binding, Place, Workspace
from storage.statements import Statement, param

_OPEN = Statement[Workspace](
    lambda _: select(Workspace).where(Workspace.platform == param("platform"), Workspace.stopped_at.is_(None))
)
_HEARD = Statement[Workspace](
    lambda _: update(Workspace).where(Workspace.id == param("id")).values(heard_at=param("heard_at"))
)
_DIGESTS_UNTIL = Statement[Workspace](
    lambda _: (
        select(Workspace.digests_until)
        .where(Workspace.id == param("id"))
        # Not against those who refer to it: whoever logs something does.
        .with_for_update(key_share=True)
    )
)
_GIVE_TURNS = Statement[Workspace](
    lambda _: update(Workspace).where(Workspace.id == param("id")).values(digests_until=param("until"))
)
_SHOWN = Statement[Place](
    lambda _: (
        select(Place)
        .where(
            Place.workspace_id == param("workspace_id"),
            tuple_(Place.organisation_id, Place.id).in_(select(Binding.organisation_id, Binding.place_id)),
        )
        .order_by(Place.name)
        .limit(param("most"))
    )
)


def open_workspaces(connection: Connection, platform: str) -> list[Workspace]:
    """The workspaces of a platform in which we are installed."""
    return connection.all(_OPEN, platform=platform)


def shown_places(connection: Connection, workspace_id: str, most: int) -> list[Place]:
    """Channels of the workspace that show a map, by name."""
    return connection.all(_SHOWN, workspace_id=workspace_id, most=most)


def heard(connection: Connection, workspace_id: str, at: datetime) -> None:
    """Nothing of the workspace was missed up to then."""
    connection.run(_HEARD, id=workspace_id, heard_at=at)


def digests_until(connection: Connection, workspace_id: str) -> datetime | None:
    """Until when the turns to post digests there are given out; nobody else gives any until the commit."""
    row = connection.first(_DIGESTS_UNTIL, id=workspace_id)
    return row.digests_until if row else None


def give_turns(connection: Connection, workspace_id: str, until: datetime) -> None:
    """The turns to post digests there are given out up to then."""
    connection.run(_GIVE_TURNS, id=workspace_id, until=until)
