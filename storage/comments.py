"""Comments: replies in the threads of items' cards."""

from typing import Any

from sqlmodel import and_, col, insert, select, update

from storage.connection import Connection
from storage.models import Comment, Item, Person, Place, Post, Workspace
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param

_ME = (
    Comment.organisation_id == ORGANISATION,
    Comment.place_id == param("place_id"),
    Comment.external_id == param("external_id"),
)
_GET = Statement[Comment](lambda _: select(Comment).where(*_ME))
_ADD = Statement[Comment](lambda _: insert(Comment).values(every(Comment)))
_CHANGE = Statement[Comment](
    lambda _: (
        update(Comment).where(*_ME).values({name: param(name) for name in ("text", "event_at", "removed")})
    )
)
_COUNT = Statement[Item](
    lambda _: (
        update(Item)
        .where(Item.organisation_id == ORGANISATION, Item.id == param("id"))
        .values(comments=Item.comments + param("more"), revision=param("at_revision"))
    )
)
_NEWEST = Statement[Any](
    lambda _: (
        select(Comment.text, Person.name)
        .join(
            Person,
            and_(Person.organisation_id == Comment.organisation_id, Person.id == Comment.person_id),
            isouter=True,
        )
        .where(
            Comment.organisation_id == ORGANISATION,
            Comment.item_id == param("item_id"),
            col(Comment.removed).is_(False),
        )
        .order_by(col(Comment.external_id).desc())
        .limit(param("most"))
    )
)
_IS_CARD = Statement[Any](
    lambda _: (
        select(Post.id)
        .select_from(Workspace)
        .join(
            Place,
            and_(
                Place.organisation_id == Workspace.organisation_id,
                Place.workspace_id == Workspace.id,
                Place.external_id == param("channel"),
            ),
        )
        .join(
            Post,
            and_(
                Post.organisation_id == Place.organisation_id,
                Post.place_id == Place.id,
                Post.external_id == param("message"),
            ),
        )
        .where(
            Workspace.platform == param("platform"),
            Workspace.external_id == param("workspace"),
            Post.subject == "item",
        )
        .limit(1)
    )
)


class Comments(Queries):
    """What people reply to the cards."""

    __slots__ = ()

    def get(self, place_id: str, external_id: str) -> Comment | None:
        """The reply of that id, also one that was taken back."""
        return self._first(_GET, place_id=place_id, external_id=external_id)

    def add(self, **values: Any) -> None:
        """A reply that was not known."""
        self._run(_ADD, **values)

    def change(self, place_id: str, external_id: str, *, text: str, event_at: str, removed: bool) -> None:
        """It says something else, or was taken back."""
        self._run(
            _CHANGE, place_id=place_id, external_id=external_id, text=text, event_at=event_at, removed=removed
        )

    def count(self, item_id: str, more: int, revision: int) -> None:
        """The item has so many more."""
        self._run(_COUNT, id=item_id, more=more, at_revision=revision)

    def newest(self, item_id: str, most: int) -> list[Any]:
        """The last ones with their authors' names, the last first."""
        return self._all(_NEWEST, item_id=item_id, most=most)


def is_card(connection: Connection, platform: str, workspace: str, channel: str, message: str) -> bool:
    """Is that message of the platform an item's card?"""
    here = {"platform": platform, "workspace": workspace, "channel": channel, "message": message}
    return connection.first(_IS_CARD, **here) is not None
