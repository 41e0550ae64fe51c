"""The messages that items were made from, and those that show items."""

from datetime import datetime
from typing import Any

from sqlmodel import and_, col, insert, select

from storage.models import Item, Place, Post, Source
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param
from storage.visible import on_a_visible_map

_ADD = Statement[Source](lambda _: insert(Source).values(every(Source)))
_MADE_FROM = Statement[Item](
    lambda _: (
        select(Item)
        .join(Source, and_(Source.organisation_id == Item.organisation_id, Source.item_id == Item.id))
        .where(
            Source.organisation_id == ORGANISATION,
            Source.workspace_id == param("workspace_id"),
            Source.channel == param("channel"),
            Source.message == param("message"),
            col(Item.removed_at).is_(None),
            on_a_visible_map(Item),
        )
        .order_by(col(Item.created_at), col(Item.id))
        .limit(10)
    )
)
_CARD_AT = Statement[Any](
    lambda _: (
        select(Post.subject_id, Post.place_id)
        .join(Place, and_(Place.organisation_id == Post.organisation_id, Place.id == Post.place_id))
        .where(
            Post.organisation_id == ORGANISATION,
            Post.subject == "item",
            Post.external_id == param("message"),
            Place.workspace_id == param("workspace_id"),
            Place.external_id == param("channel"),
        )
    )
)


class Sources(Queries):
    """Which message became which item, and which one shows it."""

    __slots__ = ()

    def add(self, item_id: str, workspace_id: str, channel: str, message: str, at: datetime) -> None:
        """The item was made from that message; channel and message are the platform's own ids."""
        self._run(
            _ADD, item_id=item_id, workspace_id=workspace_id, channel=channel, message=message, added_at=at
        )

    def made_from(self, workspace_id: str, channel: str, message: str) -> list[Item]:
        """At most ten living items that were made from that message and that the viewer sees, the first first."""
        return self._all(_MADE_FROM, workspace_id=workspace_id, channel=channel, message=message)

    def card_at(self, workspace_id: str, channel: str, message: str) -> Any | None:
        """The item (subject_id) that a message of ours shows, and its place (place_id)."""
        return self._first(_CARD_AT, workspace_id=workspace_id, channel=channel, message=message)
