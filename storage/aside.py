"""What waits to be sent and what was set aside, of every organisation: for the operator."""

from datetime import datetime
from typing import Any

from sqlmodel import and_, exists, func, select, update
from sqlmodel import text as sql

from storage.connection import Connection
from storage.models import Delivery, Place, Workspace
from storage.statements import Statement, param

_SET_ASIDE = sql("deliveries.state IN ('unknown', 'dead')")
_LINES = Statement[Any](
    lambda _: (
        select(
            Delivery.kind,
            Delivery.state,
            func.count().label("rows"),
            func.min(Delivery.not_before).label("oldest"),
        )
        .group_by(Delivery.kind, Delivery.state)
        .order_by(Delivery.state, Delivery.kind)
    )
)
_ASIDE = Statement[Any](
    lambda _: (
        select(
            Delivery.organisation_id,
            Delivery.id,
            Delivery.kind,
            Delivery.state,
            Delivery.attempts,
            Delivery.not_before,
            Delivery.error,
            Workspace.platform,
            Workspace.external_id.label("workspace"),
            Place.name.label("place"),
        )
        .join(Workspace, Workspace.id == Delivery.workspace_id, isouter=True)
        .join(
            Place,
            and_(Place.organisation_id == Delivery.organisation_id, Place.id == Delivery.place_id),
            isouter=True,
        )
        .where(_SET_ASIDE)
        .order_by(Delivery.not_before, Delivery.id)
        .limit(param("most"))
    )
)
_ME = (Delivery.organisation_id == param("organisation_id"), Delivery.id == param("id"), _SET_ASIDE)
_AGAIN = Statement[Any](
    lambda _: (
        update(Delivery)
        .where(
            *_ME,
            ~exists(
                select(1)
                .select_from(sql("deliveries AS twin"))
                .where(
                    sql("twin.organisation_id = deliveries.organisation_id"),
                    sql("twin.key = deliveries.key"),
                    sql("twin.state = 'waiting'"),
                )
            ),
        )
        .values(
            state="waiting",
            attempts=0,
            error=None,
            leased_until=None,
            not_before=param("now"),
            expires_at=None,
        )
        .returning(Delivery.id)
    )
)
_DROP = Statement[Any](lambda _: Delivery.__table__.delete().where(*_ME).returning(Delivery.id))


def lines(connection: Connection) -> list[Any]:
    """How many deliveries of each kind are in each state, and since when the oldest is due."""
    return connection.all(_LINES)


def aside(connection: Connection, most: int) -> list[Any]:
    """What was set aside, the oldest first: `unknown` was sent, perhaps; `dead` was not."""
    return connection.all(_ASIDE, most=most)


def send_again(connection: Connection, organisation_id: str, delivery_id: str, now: datetime) -> bool:
    """It waits to be sent; false where it was not set aside, or where a newer one of its key waits already."""
    return connection.first(_AGAIN, organisation_id=organisation_id, id=delivery_id, now=now) is not None


def drop(connection: Connection, organisation_id: str, delivery_id: str) -> bool:
    """It is never sent; false where it was not set aside."""
    return connection.first(_DROP, organisation_id=organisation_id, id=delivery_id) is not None
