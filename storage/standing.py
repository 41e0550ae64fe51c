"""How the queue, the clock and the workspaces stand at this moment, over all organisations, for the operator."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import func, select

from storage.connection import Connection
from storage.models import Delivery, Due, Pause, Workspace
from storage.statements import Statement, param

_QUEUE = Statement[Any](
    lambda _: (
        select(
            Delivery.kind,
            Delivery.state,
            func.count().label("rows"),
            func.min(Delivery.not_before).label("oldest"),
        )
        # What waits for a workspace that took us out is not late.
        .where(
            ~select(1)
            .where(Workspace.id == Delivery.workspace_id, Workspace.stopped_at.is_not(None))
            .exists()
        )
        .group_by(Delivery.kind, Delivery.state)
    )
)
_PAUSES = Statement[Any](
    lambda _: (
        select(Pause.method, func.count().label("rows"))
        .where(Pause.until > param("real"))
        .group_by(Pause.method)
    )
)
_LATE = Statement[Any](
    lambda _: select(func.count().label("rows"), func.min(Due.next_at).label("oldest")).where(
        Due.next_at <= param("now")
    )
)
_WORKSPACES = Statement[Any](
    lambda _: select(
        Workspace.platform, Workspace.stopped_at.is_(None).label("served"), func.count().label("rows")
    ).group_by(Workspace.platform, Workspace.stopped_at.is_(None))
)


class Standing(NamedTuple):
    """Counts by their labels; ages in seconds."""

    queue: dict[tuple[str, ...], float]
    oldest: dict[str, float]
    pauses: dict[str, int]
    late: int
    late_seconds: float
    workspaces: dict[tuple[str, ...], float]


def standing(connection: Connection, now: datetime, real: datetime) -> Standing:
    """How everything stands; `now` is product time, `real` that of pauses."""
    rows, pauses, late, workspaces = connection.gather(
        [(_QUEUE, {}), (_PAUSES, {"real": real}), (_LATE, {"now": now}), (_WORKSPACES, {})]
    )
    oldest = {
        row.kind: max(0.0, (now - row.oldest).total_seconds()) for row in rows if row.state == "waiting"
    }
    overdue = late[0].oldest
    return Standing(
        {(row.kind, row.state): row.rows for row in rows},
        oldest,
        {row.method: row.rows for row in pauses},
        late[0].rows,
        (now - overdue).total_seconds() if overdue is not None else 0.0,
        {(row.platform, "served" if row.served else "stopped"): row.rows for row in workspaces},
    )
