"""Messages of ours as a whole: which show less than there is, which to recount; and who came where they stand."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import and_, func, or_, select, update

from storage.models import Arrival, Item, JourneyMap, Place, Post
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param

NOTHING = -1  # less than any revision

_PLACE = and_(Place.organisation_id == Post.organisation_id, Place.id == Post.place_id)
_ITEM = and_(Item.organisation_id == Post.organisation_id, Item.id == Post.subject_id)
_MAP = and_(JourneyMap.organisation_id == Item.organisation_id, JourneyMap.id == Item.map_id)
_ADD = Statement[Post](
    lambda insert: (
        insert(Post)
        .values(every(Post))
        .on_conflict_do_nothing(index_elements=["organisation_id", "place_id", "external_id"])
    )
)
_OF = Statement[Any](
    lambda _: (
        select(
            Post.id,
            Post.external_id,
            Post.shown,
            Post.place_id,
            Place.external_id.label("channel"),
            Place.workspace_id,
            Place.gone_why,
        )
        .join(Place, and_(Place.organisation_id == Post.organisation_id, Place.id == Post.place_id))
        .where(Post.organisation_id == ORGANISATION, Post.subject_id == param("subject_id"))
    )
)
_SHOWN = Statement[Post](
    lambda _: (
        update(Post)
        .where(Post.organisation_id == ORGANISATION, Post.id == param("id"), Post.shown < param("revision"))
        .values(shown=param("revision"))
    )
)
_OUTDATED = Statement[Post](
    lambda _: (
        update(Post)
        .where(Post.organisation_id == ORGANISATION, Post.subject_id == param("subject_id"))
        .values(shown=NOTHING)
    )
)
_DROP = Statement[Post](
    lambda _: Post.__table__.delete().where(Post.organisation_id == ORGANISATION, Post.id == param("id"))
)
_BEHIND = Statement[Any](
    lambda _: (
        select(Post.subject_id)
        .join(Item, _ITEM)
        .where(
            Post.organisation_id == ORGANISATION,
            Post.place_id == param("place_id"),
            Post.shown < Item.revision,
        )
        .distinct()
        .limit(200)
    )
)
_OLDER = Statement[Any](
    lambda _: (
        select(Post.id, Post.external_id, Place.external_id.label("channel"))
        .join(Place, _PLACE)
        .join(Item, _ITEM)
        .join(JourneyMap, _MAP)
        .where(
            Post.organisation_id == ORGANISATION,
            Post.id < param("before"),
            Post.created_at > param("since"),
            Place.workspace_id == param("workspace_id"),
            Place.gone_why.is_(None),
            or_(Item.removed_at.is_(None), Item.root_id.is_not(None)),
            JourneyMap.archived_at.is_(None),
        )
        .order_by(Post.id.desc())
        .limit(1)
    )
)
_FORGET = Statement[Post](
    lambda _: Post.__table__.delete().where(
        Post.organisation_id == ORGANISATION,
        Post.place_id == param("place_id"),
        Post.subject_id.in_(
            select(Item.id).where(Item.organisation_id == ORGANISATION, Item.map_id == param("map_id"))
        ),
    )
)
_ARRIVED = Statement[Arrival](
    lambda insert: (
        insert(Arrival)
        .values(every(Arrival))
        .on_conflict_do_nothing(index_elements=["organisation_id", "place_id", "user"])
        .returning(Arrival.at)
    )
)
_CAME = Statement[Arrival](
    lambda _: select(Arrival.at).where(
        Arrival.organisation_id == ORGANISATION,
        Arrival.place_id == param("place_id"),
        Arrival.user == param("user"),
    )
)
_BETWEEN = Statement[Any](
    lambda _: select(func.count().label("people")).where(
        Arrival.organisation_id == ORGANISATION,
        Arrival.place_id == param("place_id"),
        Arrival.at >= param("after"),
        Arrival.at <= param("until"),
    )
)


class Posts(Queries):
    """The messages that show items, and the people who came to them."""

    __slots__ = ()

    def add(
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
            _ADD,
            id=new_id,
            place_id=place_id,
            external_id=external_id,
            subject=subject,
            subject_id=subject_id,
            shown=shown,
            created_at=at,
        )

    def of(self, subject_id: str) -> list[Any]:
        """The messages that show a subject: id, external_id, shown, place_id, channel, workspace_id, gone_why."""
        return self._all(_OF, subject_id=subject_id)

    def shown(self, post_id: str, revision: int) -> None:
        """The message shows that revision, unless it shows a newer one."""
        self._run(_SHOWN, id=post_id, revision=revision)

    def outdated(self, subject_id: str) -> None:
        """The messages of a subject show less than there is, though its revision is the same."""
        self._run(_OUTDATED, subject_id=subject_id)

    def drop(self, post_id: str) -> None:
        """The message is gone; it is never posted again."""
        self._run(_DROP, id=post_id)

    def behind(self, place_id: str) -> list[str]:
        """At most 200 items that a message in that place shows less of than there is."""
        return [row.subject_id for row in self._all(_BEHIND, place_id=place_id)]

    def older(self, workspace_id: str, before: str, since: datetime) -> Any | None:
        """The newest message (id, external_id, channel) that is older than the one of id `before`, after `since`.

        None of a map that was put away: nobody votes there.
        """
        return self._first(_OLDER, workspace_id=workspace_id, before=before, since=since)

    def forget(self, place_id: str, map_id: str) -> None:
        """The map's cards in that place stay as they are: nothing that happens to them concerns us."""
        self._run(_FORGET, place_id=place_id, map_id=map_id)

    def arrived(self, place_id: str, user: str, at: datetime) -> bool:
        """Somebody came into the channel; false where they had before. `user` is the platform's own id."""
        return self._first(_ARRIVED, place_id=place_id, user=user, at=at) is not None

    def came_with(self, place_id: str, user: str, within: timedelta) -> int:
        """How many people came within that time before or after this one, who counts too."""
        came = self._first(_CAME, place_id=place_id, user=user)
        if came is None:
            return 0
        span = {"after": came.at - within, "until": came.at + within}
        return int(self._one(_BETWEEN, place_id=place_id, **span).people)
