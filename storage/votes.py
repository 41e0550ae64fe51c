"""Marks and votes: what people pressed, and what it counts for."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Boolean, String, and_, false, func, or_, select, true, tuple_, update

from storage.batches import Batch, Inserting
from storage.listed import listed, listed_rows
from storage.models import Account, Item, Mark, Place, Post, Vote, aliased
from storage.queries import Queries
from storage.slots import looked_up
from storage.statements import ORGANISATION, Statement, columns, param

PRESSED = {"account": String(), "emoji": String(), "event_at": String(), "active": Boolean()}


def _note(insert: Any, kind: str) -> Any:
    """Writes down what was pressed on one message. Events come in any order: an older one changes nothing."""
    where = [param(name, String()) for name in ("organisation_id", "workspace_id", "channel", "message")]
    # Without a condition SQLite would take the ON of the conflict for a join's.
    pressed = select(*where, *listed_rows(kind, "pressed", PRESSED).c).where(true())
    fresh = insert(Mark).from_select(columns(Mark), pressed)
    return fresh.on_conflict_do_update(
        index_elements=["organisation_id", "workspace_id", "channel", "message", "account", "emoji"],
        set_={"active": fresh.excluded.active, "event_at": fresh.excluded.event_at},
        where=Mark.event_at < fresh.excluded.event_at,
    ).returning(Mark.account)


# Tells of whom it was news.
NOTE = Statement[Mark](
    lambda insert: _note(insert, "sqlite"), postgresql=lambda insert: _note(insert, "postgresql")
)
MESSAGE = (
    Post.organisation_id == ORGANISATION,
    Post.external_id == param("message"),
    Place.workspace_id == param("workspace_id"),
    Place.external_id == param("channel"),
)
AT = and_(Place.organisation_id == Post.organisation_id, Place.id == Post.place_id)
ITEM_BEHIND = Statement[Item](
    lambda _: (
        select(Item)
        .join(Post, and_(Post.organisation_id == Item.organisation_id, Post.subject_id == Item.id))
        .join(Place, AT)
        .where(*MESSAGE)
        .with_for_update(of=Item)
    )
)
_IN_THE_WORKSPACE = (
    Mark.organisation_id == ORGANISATION,
    Mark.workspace_id == param("workspace_id"),
    Mark.active,
)
# Who posts there holds the place while it writes down the message and looks for marks that wait (`Places.hold`): a
# mark on its way is waited for, and one that comes later finds the message.
SHARE_PLACE = Statement[Place](
    lambda _: (
        select(Place.id)
        .where(
            Place.organisation_id == ORGANISATION,
            Place.workspace_id == param("workspace_id"),
            Place.external_id == param("channel"),
        )
        .with_for_update(read=True, key_share=True)
    )
)
_Other = aliased(Post)
_OtherPlace = aliased(Place)


def _messages_of(subject: Any) -> Any:
    return (
        select(_OtherPlace.external_id.label("channel"), _Other.external_id.label("message"))
        .select_from(_Other)
        .join(
            _OtherPlace,
            and_(_OtherPlace.organisation_id == _Other.organisation_id, _OtherPlace.id == _Other.place_id),
        )
        .where(
            _Other.organisation_id == ORGANISATION,
            _Other.subject_id == subject,
            _OtherPlace.workspace_id == param("workspace_id"),
        )
    )


def marks_on(subject: Any, whose: Any) -> Statement[Mark]:
    """The marks that stand on all messages of an item, looked up message by message."""

    def asked() -> Any:
        return select(Mark.channel, Mark.message, Mark.account, Mark.emoji).where(*_IN_THE_WORKSPACE, whose)

    def on_postgresql(_: Any) -> Any:
        messages = _messages_of(subject).subquery()
        of_message = (Mark.channel == messages.c.channel, Mark.message == messages.c.message)
        return looked_up(asked().where(*of_message), messages)

    # As a list of messages: SQLite would rather look through all marks of the workspace than join from the posts.
    return Statement(
        lambda _: asked().where(tuple_(Mark.channel, Mark.message).in_(_messages_of(subject))),
        postgresql=on_postgresql,
    )


_MARKS_OF_ACCOUNT = marks_on(param("item_id"), Mark.account == param("account"))
_PERSONS_VOTES = Statement[Vote](
    lambda _: select(Vote).where(
        Vote.organisation_id == ORGANISATION,
        Vote.root_id == param("root_id"),
        Vote.person_id == param("person_id"),
    )
)
_VOTE = ("organisation_id", "item_id", "account_id")
_SET = Inserting(
    Vote,
    lambda added: added.on_conflict_do_update(
        index_elements=_VOTE, set_={name: added.excluded[name] for name in ("by_button", "active", "at")}
    ),
    key=_VOTE,
)
_FORGET = Batch(
    lambda _: (
        update(Mark)
        .where(
            *_IN_THE_WORKSPACE,
            Mark.channel == param("channel"),
            Mark.message == param("message"),
            Mark.account == param("account"),
            Mark.emoji == param("emoji"),
        )
        .values(active=False)
    )
)
_MARKS = Statement[Mark](
    lambda _: select(Mark).where(
        Mark.organisation_id == ORGANISATION,
        Mark.workspace_id == param("workspace_id"),
        Mark.channel == param("channel"),
        Mark.message == param("message"),
    )
)
_MARKING = and_(
    Account.organisation_id == Mark.organisation_id,
    Account.workspace_id == Mark.workspace_id,
    Account.external_id == Mark.account,
)
_MARKED = Statement[Any](
    lambda _: (
        select(Mark.account, Account.id, Account.person_id)
        .select_from(Mark)
        .join(Account, _MARKING)
        .where(
            Mark.organisation_id == ORGANISATION,
            Mark.workspace_id == param("workspace_id"),
            Mark.channel == param("channel"),
            Mark.message == param("message"),
        )
        .distinct()
    )
)
# Of a map's messages those on which a reaction came that is no vote, or one that was a vote is gone.
_UNHEARD = Statement[Any](
    lambda _: (
        select(
            Post.id,
            Place.workspace_id,
            Place.external_id.label("channel"),
            Post.external_id.label("message"),
            Item.id.label("item_id"),
        )
        .select_from(Item)
        .join(Post, and_(Post.organisation_id == Item.organisation_id, Post.subject_id == Item.id))
        .join(Place, AT)
        .join(
            Mark,
            and_(
                Mark.organisation_id == Post.organisation_id,
                Mark.workspace_id == Place.workspace_id,
                Mark.channel == Place.external_id,
                Mark.message == Post.external_id,
            ),
        )
        .join(Account, _MARKING)
        .join(
            Vote,
            and_(
                Vote.organisation_id == Item.organisation_id,
                Vote.item_id == Item.id,
                Vote.account_id == Account.id,
            ),
            isouter=True,
        )
        .where(
            Item.organisation_id == ORGANISATION,
            Item.map_id == param("map_id"),
            Post.id > param("after"),
            or_(
                and_(Mark.active, func.coalesce(Vote.active, false()).is_(False)),
                and_(~Mark.active, Vote.active, ~Vote.by_button),
            ),
        )
        .distinct()
        .order_by(Post.id)
        .limit(param("most"))
    )
)
_FORGET_STRANGERS = Statement[Mark](
    lambda _: Mark.__table__.delete().where(
        Mark.organisation_id == ORGANISATION,
        Mark.event_at < param("before"),
        ~select(1)
        .select_from(Post)
        .join(Place, AT)
        .where(
            Post.organisation_id == Mark.organisation_id,
            Place.workspace_id == Mark.workspace_id,
            Place.external_id == Mark.channel,
            Post.external_id == Mark.message,
        )
        .exists(),
    )
)


class Voice(NamedTuple):
    """An account's say on an item: its reactions that stand, and the votes of the person behind it."""

    emoji: list[str]
    votes: list[Vote]


class Votes(Queries):
    """What people pressed and what it counts for."""

    __slots__ = ()

    def mark(
        self,
        workspace_id: str,
        channel: str,
        message: str,
        account: str,
        emoji: str,
        event_at: str,
        *,
        active: bool,
    ) -> tuple[bool, Item | None]:
        """Takes note of a raw reaction: was it news, and the item behind the message, locked, if we know it yet."""
        where = {
            "organisation_id": self.organisation_id,
            "workspace_id": workspace_id,
            "channel": channel,
            "message": message,
        }
        if self.connection.kind == "postgresql":
            self.connection.run(SHARE_PLACE, **where)
        pressed = {"account": account, "emoji": emoji, "event_at": event_at, "active": active}
        noted, items = self.connection.gather(
            [(NOTE, {**where, "pressed": listed([pressed])}), (ITEM_BEHIND, where)]
        )
        return bool(noted), items[0] if items else None

    def voice(self, item_id: str, root_id: str, workspace_id: str, account: str, person_id: str) -> Voice:
        """The account's reactions on the item, and the votes of its person that count for the same root.

        `account` is the platform's own id.
        """
        here = {"organisation_id": self.organisation_id}
        emoji, votes = self.connection.gather(
            [
                (
                    _MARKS_OF_ACCOUNT,
                    {**here, "item_id": item_id, "workspace_id": workspace_id, "account": account},
                ),
                (_PERSONS_VOTES, {**here, "root_id": root_id, "person_id": person_id}),
            ]
        )
        return Voice([row.emoji for row in emoji], votes)

    def set(
        self,
        item_id: str,
        root_id: str,
        account_id: str,
        person_id: str,
        *,
        by_button: bool,
        active: bool,
        at: datetime,
    ) -> None:
        """The account's vote on an item as it is from now on; it counts for the root."""
        self._later(
            _SET,
            {
                "item_id": item_id,
                "root_id": root_id,
                "account_id": account_id,
                "person_id": person_id,
                "by_button": by_button,
                "active": active,
                "at": at,
            },
        )

    def forget_marks(self, item_id: str, workspace_id: str, account: str) -> None:
        """The account's reactions on the item's messages count no longer."""
        where = {"item_id": item_id, "workspace_id": workspace_id, "account": account}
        for mark in self._all(_MARKS_OF_ACCOUNT, **where):
            values = {"channel": mark.channel, "message": mark.message, "emoji": mark.emoji}
            self._later(_FORGET, {"workspace_id": workspace_id, "account": account, **values})

    def marks(self, workspace_id: str, channel: str, message: str) -> list[Mark]:
        """Every reaction on a message that we ever heard of, taken back or not."""
        return self._all(_MARKS, workspace_id=workspace_id, channel=channel, message=message)

    def marked(self, workspace_id: str, channel: str, message: str) -> list[Any]:
        """Who ever reacted to a message, perhaps before we knew it was ours: account, id, person_id."""
        return self._all(_MARKED, workspace_id=workspace_id, channel=channel, message=message)

    def unheard(self, map_id: str, after: str, most: int) -> list[Any]:
        """The first messages of a map after the one of id `after` whose reactions say something else than its votes.

        Each with id, workspace_id, channel, message and item_id; some of the reactions may be no vote.
        """
        return self._all(_UNHEARD, map_id=map_id, after=after, most=most)

    def forget_strangers(self, before: str) -> None:
        """Drops reactions of before that event time on messages that never turned out to be ours."""
        self._run(_FORGET_STRANGERS, before=before)
