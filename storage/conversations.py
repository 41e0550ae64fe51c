"""How people and channels of Teams are reached; known before an organisation is open."""

from datetime import datetime
from typing import Any

from sqlmodel import case, select

from storage.connection import Connection
from storage.models import Conversation
from storage.statements import Statement, every, param

_KEPT = ("conversation", "user", "team", "name", "zone")  # until something else is heard


def _newer(fresh: Any) -> Any:
    """What was heard just now, and what was known before where nothing was said."""
    columns = Conversation.__table__.c
    kept = {
        name: case((fresh.excluded[name] == "", columns[name]), else_=fresh.excluded[name]) for name in _KEPT
    }
    return fresh.on_conflict_do_update(
        index_elements=["tenant", "external_id"],
        set_={"service_url": fresh.excluded.service_url, "at": fresh.excluded.at, **kept},
    )


_NOTE = Statement[Conversation](lambda insert: _newer(insert(Conversation).values(every(Conversation))))
_FIND = Statement[Conversation](
    lambda _: select(Conversation).where(
        Conversation.tenant == param("tenant"), Conversation.external_id == param("external_id")
    )
)
_OF_TEAM = Statement[Conversation](
    lambda _: select(Conversation).where(
        Conversation.tenant == param("tenant"), Conversation.team == param("team")
    )
)
_FORGET = Statement[Conversation](
    lambda _: Conversation.__table__.delete().where(
        Conversation.tenant == param("tenant"), Conversation.external_id == param("external_id")
    )
)


def note(connection: Connection, at: datetime, **values: str) -> None:
    """What came with an activity; what is empty is left as it was."""
    connection.run(_NOTE, at=at, **values)


def find(connection: Connection, tenant: str, external_id: str) -> Conversation | None:
    """How that person or channel is reached."""
    return connection.first(_FIND, tenant=tenant, external_id=external_id)


def of_team(connection: Connection, tenant: str, team: str) -> list[Conversation]:
    """The channels of a team that were heard of."""
    return connection.all(_OF_TEAM, tenant=tenant, team=team)


def forget(connection: Connection, tenant: str, external_id: str) -> None:
    """They are not reached any more."""
    connection.run(_FORGET, tenant=tenant, external_id=external_id)
