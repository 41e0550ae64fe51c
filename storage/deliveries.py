"""The queue of what is to be sent."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ClauseElement
from sqlmodel import and_, func, literal_column, or_, select, text, tuple_, update

from storage.batches import Batch, Inserting, Values, older
from storage.connection import Connection
from storage.models import Binding, Delivery, Pause, Place, Workspace, aliased
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param, preset

# As text: a plan made for any parameter could not use the partial indexes.
_WAITING = text("state = 'waiting'")
_OUT = text("state IN ('leased', 'sending')")
_OTHER_OUT = text("other.state IN ('leased', 'sending')")
LOOK = 100  # rows that a claim looks at: of a busy channel nearly all have to wait for their turn
PRIORITIES = range(1, 5)  # of handlers/effects.py


# A row that waits under the same key is locked, not merely found: were it taken before this is committed, what is
# drawn from it would not show this yet.
def _once(added: Any) -> ClauseElement:
    alone: ClauseElement = added.on_conflict_do_update(
        index_elements=["organisation_id", "key"], index_where=_WAITING, set_={"key": Delivery.key}
    )
    return alone


_QUEUE = Inserting(Delivery, _once, key=("organisation_id", "key"), merge=older)
_QUEUE_FIRST = Inserting(Delivery)
_PRESET = preset(Delivery)


# The places of a map that want every card.
_CARD_PLACES = Statement[Place](
    lambda _: (
        select(Place.id, Place.workspace_id)
        .join(Binding, and_(Binding.organisation_id == Place.organisation_id, Binding.place_id == Place.id))
        .where(
            Place.organisation_id == ORGANISATION,
            Binding.map_id == param("map_id"),
            Binding.noise == "every",
            Place.gone_why.is_(None),
        )
        .order_by(Binding.bound_at)
    )
)
_Other = aliased(Delivery, name="other")
_ME = (Delivery.organisation_id == ORGANISATION, Delivery.id == param("id"))


def _on_their_way(column: Any) -> Any:
    """That column of all rows that a worker has; asked once for a claim, not once for each row of it."""
    return select(column).where(_OTHER_OUT, _Other.leased_until > param("real"), column.is_not(None))


_STOPPED = select(Workspace.id).where(Workspace.stopped_at.is_not(None))
_READY = Statement[Delivery](
    lambda _: (
        select(Delivery)
        .where(
            # An urgency at a time: the index then leads past what waits for a later moment, however much that is.
            _WAITING,
            Delivery.priority == param("priority"),
            Delivery.not_before <= param("now"),
            # As lists, each asked once: joined, PostgreSQL would rather sort all that is due than read on in its order.
            tuple_(Delivery.workspace_id, Delivery.method).not_in(
                select(Pause.workspace_id, Pause.method).where(Pause.until > param("real"))
            ),
            Delivery.workspace_id.not_in(_STOPPED),
            # One worker at a time in a channel keeps its messages in order; one at a subject keeps the newest on top.
            or_(Delivery.place_id.is_(None), Delivery.place_id.not_in(_on_their_way(_Other.place_id))),
            Delivery.key.not_in(_on_their_way(_Other.key)),
        )
        .order_by(Delivery.not_before, Delivery.id)
        .limit(param("most"))
        .with_for_update(skip_locked=True, of=Delivery)
    )
)
_LEASE = Batch(
    lambda _: (
        update(Delivery)
        .where(*_ME)
        .values(state="leased", leased_until=param("until"), attempts=param("attempt"))
    )
)
_POSTPONE = Batch(lambda _: update(Delivery).where(*_ME).values(not_before=param("turn")))
_NEXT = Statement[Delivery](
    lambda _: (
        select(Delivery.not_before)
        .where(
            _WAITING,
            Delivery.priority == param("priority"),
            Delivery.not_before > param("now"),
            Delivery.workspace_id.not_in(_STOPPED),
        )
        .order_by(Delivery.not_before)
        .limit(1)
    )
)
_NEXT_RESUMED = Statement[Any](
    lambda _: select(func.min(Pause.until).label("until")).where(Pause.until > param("real"))
)
_EXPIRED = Statement[Delivery](
    lambda _: (
        select(Delivery)
        .where(_OUT, Delivery.leased_until < param("now"))
        .limit(100)
        .with_for_update(skip_locked=True)
    )
)
_SENDING = Statement[Delivery](
    lambda _: (
        update(Delivery)
        # Its lease tells a worker that was slow from the one that took the row over.
        .where(*_ME, Delivery.state == "leased", Delivery.leased_until == param("leased"))
        .values(state="sending", leased_until=param("until"))
        .returning(Delivery.id)
    )
)
_STILL_OURS = Statement[Delivery](
    lambda _: (
        select(Delivery.id)
        .where(*_ME, Delivery.state == "leased", Delivery.leased_until == param("leased"))
        .with_for_update()
    )
)
_DONE = Statement[Delivery](lambda _: Delivery.__table__.delete().where(*_ME, _OUT).returning(Delivery.id))
_LEASED = Statement[Delivery](lambda _: select(Delivery).where(text("state = 'leased'"), _OUT))
_Twin = aliased(Delivery)
_AGAIN = Statement[Delivery](
    lambda _: (
        update(Delivery)
        .where(
            *_ME,
            ~select(1)
            .where(
                _Twin.organisation_id == ORGANISATION,
                _Twin.key == param("key"),
                _Twin.state == literal_column("'waiting'"),
            )
            .exists(),
        )
        .values(
            state="waiting", not_before=param("not_before"), attempts=param("attempts"), leased_until=None
        )
    )
)
_DROP_TWIN = Statement[Delivery](
    lambda _: Delivery.__table__.delete().where(*_ME, Delivery.state != literal_column("'waiting'"))
)
_ASIDE = Statement[Delivery](
    lambda _: (
        update(Delivery).where(*_ME).values(state=param("state"), error=param("error"), leased_until=None)
    )
)
_PAUSE = Statement[Pause](
    lambda insert: (
        lambda fresh: fresh.on_conflict_do_update(
            index_elements=["workspace_id", "method"],
            set_={"until": fresh.excluded.until},
            where=Pause.until < fresh.excluded.until,
        )
    )(insert(Pause).values(every(Pause)))
)
_RESTS = Statement[Any](
    lambda _: select(Pause.until).where(
        Pause.workspace_id == param("workspace_id"),
        Pause.method == param("method"),
        Pause.until > param("real"),
    )
)
_FORGET = Statement[Delivery](
    lambda _: Delivery.__table__.delete().where(
        Delivery.organisation_id == ORGANISATION,
        # One that still waits after so long is of a workspace that we are not in any more.
        text("state IN ('unknown', 'dead', 'waiting')"),
        Delivery.not_before < param("before"),
    )
)
_FIND = Statement[Delivery](lambda _: select(Delivery).where(*_ME))
_BUSY = Statement[Any](
    lambda _: (
        select(Delivery.id).where(or_(_OUT, and_(_WAITING, Delivery.not_before <= param("now")))).limit(1)
    )
)
_STATES = Statement[Any](
    lambda _: select(Delivery.state, func.count().label("rows")).group_by(Delivery.state)
)


class Deliveries(Queries):
    """What is queued for this organisation."""

    __slots__ = ()

    def queue(self, **values: Any) -> None:
        """Queues a delivery; one that waits already under the same key serves for both."""
        self._queued(_QUEUE, values)

    def _queued(self, how: Batch, values: Values) -> None:
        self._later(how, _PRESET | values)
        self.connection.queue_from(values["not_before"])

    def card_places(self, map_id: str) -> list[Place]:
        """The channels of a map that want every card: the id of each, and its workspace_id."""
        return self._kept(_CARD_PLACES, map_id=map_id)

    def queue_cards(self, new_id: Callable[[], str], item_id: str, map_id: str, at: datetime) -> None:
        """The item's card, for every channel of its map that wants every card."""
        for place in self.card_places(map_id):
            self.queue_card(new_id(), item_id, place, at)

    def queue_card(
        self, new_id: str, item_id: str, place: Place, at: datetime, *, first: bool = False
    ) -> None:
        """The item's card, for one channel; the `first` one waits for a new item, for which no other can."""
        self._queued(
            _QUEUE_FIRST if first else _QUEUE,
            {
                "id": new_id,
                "workspace_id": place.workspace_id,
                "kind": "card",
                "method": "post",
                "key": f"card:{item_id}:{place.id}",
                "place_id": place.id,
                "subject_id": item_id,
                "priority": 2,
                "not_before": at,
            },
        )

    def sending(self, delivery: Delivery, until: datetime) -> bool:
        """It is about to leave, and its lease is longer now; false where another worker took it over."""
        leased = delivery.leased_until
        return self._first(_SENDING, id=delivery.id, leased=leased, until=until) is not None

    def done(self, delivery_id: str) -> bool:
        """It was sent or has become needless; false where it waits again or was settled before."""
        return self._first(_DONE, id=delivery_id) is not None

    def again(self, delivery: Delivery, not_before: datetime, *, counts: bool) -> None:
        """Tries later; where a newer one of the same key waits, that one does."""
        attempts = delivery.attempts if counts else delivery.attempts - 1
        self._run(_AGAIN, id=delivery.id, key=delivery.key, not_before=not_before, attempts=attempts)
        self._run(_DROP_TWIN, id=delivery.id)

    def give_back(self, delivery: Delivery) -> None:
        """It waits again, at its old place, unless it has begun or another worker has it."""
        if self._first(_STILL_OURS, id=delivery.id, leased=delivery.leased_until) is not None:
            self.again(delivery, delivery.not_before, counts=False)

    def set_aside(self, delivery_id: str, state: str, error: str) -> None:
        """It is not tried again by itself: `unknown` (sent, perhaps) or `dead`."""
        self._run(_ASIDE, id=delivery_id, state=state, error=error)

    def forget(self, before: datetime) -> None:
        """Drops what was set aside, or has waited for a workspace to come back, since before then."""
        self._run(_FORGET, before=before)

    def get(self, delivery_id: str) -> Delivery | None:
        """The delivery of that id, while it is kept."""
        return self._first(_FIND, id=delivery_id)


def claim(
    connection: Connection,
    now: datetime,
    real: datetime,
    until: datetime,
    most: int,
    turn: Callable[[Delivery], datetime | None] = lambda row: None,
) -> tuple[list[Delivery], bool]:
    """Takes up to `most` deliveries that are due, of any organisation, the most urgent first; may there be more?

    None of a channel in which some are on their way. `turn` tells of one that has to wait for its turn when that
    is: it goes on waiting, until then. `now` is product time, in which things fall due; `real` is for pauses and
    leases, `until` ends the new lease.
    """
    claimed: list[Delivery] = []
    seen = 0
    for priority in PRIORITIES:
        for row in connection.all(_READY, priority=priority, now=now, real=real, most=LOOK - seen):
            if len(claimed) == most:
                return claimed, True
            seen += 1
            me = {"organisation_id": row.organisation_id, "id": row.id}
            later = turn(row)
            if later is not None:
                connection.later(_POSTPONE, {**me, "turn": later})
                continue
            connection.later(_LEASE, {**me, "until": until, "attempt": row.attempts + 1})
            taken: Any = row  # rows are tuples with names
            claimed.append(taken._replace(state="leased", leased_until=until, attempts=row.attempts + 1))
        if seen == LOOK:
            return claimed, True
    return claimed, False


def next_in(connection: Connection, now: datetime, real: datetime) -> float | None:
    """In how many seconds something falls due or a pause ends; what is due already and held up does not count."""
    found = connection.gather([(_NEXT, {"priority": each, "now": now}) for each in PRIORITIES])
    waits = [(rows[0].not_before - now).total_seconds() for rows in found if rows]
    resumed = connection.one(_NEXT_RESUMED, real=real).until
    if resumed is not None:
        waits.append((resumed - real).total_seconds())
    return min(waits, default=None)


def rests(connection: Connection, workspace_id: str, method: str, real: datetime) -> bool:
    """Is that method of the workspace to be left alone now?"""
    return connection.first(_RESTS, workspace_id=workspace_id, method=method, real=real) is not None


def leased(connection: Connection) -> list[Delivery]:
    """Deliveries that a worker took and has not begun to send."""
    return connection.all(_LEASED)


def expired(connection: Connection, real: datetime) -> list[Delivery]:
    """Deliveries whose worker did not come back."""
    return connection.all(_EXPIRED, now=real)


def pause(connection: Connection, workspace_id: str, method: str, until: datetime) -> None:
    """No replica calls that method of the workspace before then, or before the later time it was told earlier."""
    connection.run(_PAUSE, workspace_id=workspace_id, method=method, until=until)


def busy(connection: Connection, now: datetime) -> bool:
    """Is something on its way, or due by then?"""
    return connection.first(_BUSY, now=now) is not None


def states(connection: Connection) -> dict[str, int]:
    """How many deliveries are in each state."""
    return {row.state: row.rows for row in connection.all(_STATES)}
