"""The queue of what is to be sent, and the messages that were."""

from datetime import datetime
from typing import Any

from sqlmodel import String, and_, func, literal, select, text, tuple_, update
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.connection import Connection
from storage.models import Binding, Delivery, Pause, Place, Post, Workspace
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, blank, every, param

# As text: a plan made for any parameter could not use the partial indexes.
_WAITING = text("state = 'waiting'")
_OUT = text("state IN ('leased', 'sending')")

_QUEUE = Statement[Delivery](
    lambda insert: (
        insert(Delivery)
        .values(every(Delivery))
        .on_conflict_do_nothing(index_elements=["organisation_id", "key"], index_where=_WAITING)
    )
)
_BLANK = blank(Delivery)
_QUEUE_CARDS = Statement[Delivery](
    lambda insert: (
        insert(Delivery)
        .from_select(
            [
                "organisation_id",
                "id",
                "workspace_id",
                "kind",
                "method",
                "key",
                "place_id",
                "subject_id",
                "priority",
                "not_before",
                "state",
                "attempts",
            ],
            select(
                Place.organisation_id,
                param("id", String()) + "-" + Place.id,
                Place.workspace_id,
                literal("card"),
                literal("post"),
                literal("card:") + param("item_id", String()) + ":" + Place.id,
                Place.id,
                param("item_id", String()),
                literal(2),
                param("at", UTCDateTime()),
                literal("waiting"),
                literal(0),
            )
            .select_from(Binding)
            .join(Place, and_(Place.organisation_id == Binding.organisation_id, Place.id == Binding.place_id))
            .where(
                Binding.organisation_id == ORGANISATION,
                Binding.map_id == param("map_id"),
                Binding.noise == "every",
                Place.gone_why.is_(None),
            ),
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "key"], index_where=_WAITING)
    )
)
_ME = (Delivery.organisation_id == ORGANISATION, Delivery.id == param("id"))
_READY = (
    select(Delivery.organisation_id, Delivery.id)
    .where(
        _WAITING,
        Delivery.not_before <= param("now"),
        ~select(1)
        .where(
            Pause.workspace_id == Delivery.workspace_id,
            Pause.method == Delivery.method,
            Pause.until > param("real"),
        )
        .exists(),
        ~select(1).where(Workspace.id == Delivery.workspace_id, Workspace.stopped_at.is_not(None)).exists(),
    )
    .order_by(Delivery.priority, Delivery.not_before, Delivery.id)
    .limit(param("most"))
    .with_for_update(skip_locked=True, of=Delivery)
)
_CLAIM = Statement[Delivery](
    update(Delivery)
    .where(tuple_(Delivery.organisation_id, Delivery.id).in_(_READY))
    .values(state="leased", leased_until=param("until"), attempts=Delivery.attempts + 1)
    .returning(*Delivery.__table__.columns)
)
_NEXT = Statement[Delivery](
    select(Delivery.not_before).where(_WAITING).order_by(Delivery.not_before).limit(1)
)
_EXPIRED = Statement[Delivery](
    select(Delivery)
    .where(_OUT, Delivery.leased_until < param("now"))
    .limit(100)
    .with_for_update(skip_locked=True)
)
_SENDING = Statement[Delivery](
    update(Delivery)
    .where(*_ME, Delivery.state == "leased")
    .values(state="sending", leased_until=param("until"))
    .returning(Delivery.id)
)
_DONE = Statement[Delivery](lambda _: Delivery.__table__.delete().where(*_ME).returning(Delivery.id))
_WAITING_TWIN = Statement[Delivery](
    select(Delivery.id).where(
        Delivery.organisation_id == ORGANISATION, Delivery.key == param("key"), _WAITING
    )
)
_AGAIN = Statement[Delivery](
    update(Delivery)
    .where(*_ME)
    .values(state="waiting", not_before=param("not_before"), attempts=param("attempts"), leased_until=None)
)
_ASIDE = Statement[Delivery](
    update(Delivery).where(*_ME).values(state=param("state"), error=param("error"), leased_until=None)
)
_PAUSE = Statement[Pause](
    lambda insert: (
        insert(Pause)
        .values(every(Pause))
        .on_conflict_do_update(index_elements=["workspace_id", "method"], set_={"until": param("until")})
    )
)
_FIND = Statement[Delivery](select(Delivery).where(*_ME))
_STATES = Statement[Any](select(Delivery.state, func.count().label("rows")).group_by(Delivery.state))

_ADD_POST = Statement[Post](
    lambda insert: (
        insert(Post)
        .values(every(Post))
        .on_conflict_do_nothing(index_elements=["organisation_id", "place_id", "external_id"])
    )
)
_POSTS = Statement[Any](
    select(
        Post.id,
        Post.external_id,
        Post.shown,
        Post.place_id,
        Place.external_id.label("channel"),
        Place.workspace_id,
    )
    .join(Place, and_(Place.organisation_id == Post.organisation_id, Place.id == Post.place_id))
    .where(Post.organisation_id == ORGANISATION, Post.subject_id == param("subject_id"))
)
_SHOWN = Statement[Post](
    update(Post)
    .where(Post.organisation_id == ORGANISATION, Post.id == param("id"), Post.shown < param("revision"))
    .values(shown=param("revision"))
)
_DROP_POST = Statement[Post](
    lambda _: Post.__table__.delete().where(Post.organisation_id == ORGANISATION, Post.id == param("id"))
)


class Deliveries(Queries):
    """What is queued for this organisation."""

    __slots__ = ()

    def queue(self, **values: Any) -> None:
        """Queues a delivery; one that waits already under the same key serves for both."""
        self._run(_QUEUE, **_BLANK | values)
        self.connection.queued = True

    def queue_cards(self, new_id: str, item_id: str, map_id: str, at: datetime) -> None:
        """The item's card, for every channel of its map that wants every card."""
        self._run(_QUEUE_CARDS, id=new_id, item_id=item_id, map_id=map_id, at=at)
        self.connection.queued = True

    def sending(self, delivery_id: str, until: datetime) -> bool:
        """It is about to leave; false where another worker took it over."""
        return self._first(_SENDING, id=delivery_id, until=until) is not None

    def done(self, delivery_id: str) -> bool:
        """It was sent or has become needless; false where it was settled before."""
        return self._first(_DONE, id=delivery_id) is not None

    def again(self, delivery: Delivery, not_before: datetime, *, counts: bool) -> None:
        """Tries later; where a newer one of the same key waits, that one does."""
        if self._first(_WAITING_TWIN, key=delivery.key) is not None:
            self.done(delivery.id)
            return
        attempts = delivery.attempts if counts else delivery.attempts - 1
        self._run(_AGAIN, id=delivery.id, not_before=not_before, attempts=attempts)
        self.connection.queued = True

    def set_aside(self, delivery_id: str, state: str, error: str) -> None:
        """It is not tried again by itself: `unknown` (sent, perhaps) or `dead`."""
        self._run(_ASIDE, id=delivery_id, state=state, error=error)

    def get(self, delivery_id: str) -> Delivery | None:
        """The delivery of that id, while it is kept."""
        return self._first(_FIND, id=delivery_id)

    def add_post(
        self,
        new_id: str,
        place_id: str,
        external_id: str,
        subject: str,
        subject_id: str,
        shown: int,
        at: datetime,
    ) -> None:
        """A message of ours, and the revision of its subject that it shows."""
        self._run(
            _ADD_POST,
            id=new_id,
            place_id=place_id,
            external_id=external_id,
            subject=subject,
            subject_id=subject_id,
            shown=shown,
            created_at=at,
        )

    def posts(self, subject_id: str) -> list[Any]:
        """The messages that show a subject: id, external_id, shown, place_id, channel, workspace_id."""
        return self._all(_POSTS, subject_id=subject_id)

    def shown(self, post_id: str, revision: int) -> None:
        """The message shows that revision, unless it shows a newer one."""
        self._run(_SHOWN, id=post_id, revision=revision)

    def drop_post(self, post_id: str) -> None:
        """The message is gone; it is never posted again."""
        self._run(_DROP_POST, id=post_id)


def claim(
    connection: Connection, now: datetime, real: datetime, until: datetime, most: int
) -> list[Delivery]:
    """Takes up to `most` deliveries that are due, of any organisation, the most urgent first.

    `now` is product time, in which things fall due; `real` is for pauses, `until` ends the lease.
    """
    rows = connection.all(_CLAIM, now=now, real=real, until=until, most=most)
    return sorted(rows, key=lambda row: (row.priority, row.id))


def next_at(connection: Connection) -> datetime | None:
    """When the next waiting delivery may be sent."""
    row = connection.first(_NEXT)
    return row.not_before if row else None


def expired(connection: Connection, real: datetime) -> list[Delivery]:
    """Deliveries whose worker did not come back."""
    return connection.all(_EXPIRED, now=real)


def pause(connection: Connection, workspace_id: str, method: str, until: datetime) -> None:
    """No replica calls that method of the workspace before then."""
    connection.run(_PAUSE, workspace_id=workspace_id, method=method, until=until)


def states(connection: Connection) -> dict[str, int]:
    """How many deliveries are in each state."""
    return {row.state: row.rows for row in connection.all(_STATES)}
