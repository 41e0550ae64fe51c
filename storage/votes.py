"""Marks and votes: what people pressed, and what it counts for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import aliased
from sqlmodel import and_, select, tuple_

from storage.batches import Inserting
from storage.connection import Connection
from storage.maps import hold
from storage.models import Account, Counter, Item, Mark, Place, Post, Vote
from storage.queries import Queries
from storage.rounds import Asked, Round
from storage.slots import SLOTS, among, each, looked_up, slotted
from storage.statements import ORGANISATION, Statement, every, param

# Events come in any order: the newest wins, and an older one finds nothing to change.
_MARK = Statement[Mark](
    lambda insert: (
        lambda fresh: fresh.on_conflict_do_update(
            index_elements=["organisation_id", "workspace_id", "channel", "message", "account", "emoji"],
            set_={"active": fresh.excluded.active, "event_at": fresh.excluded.event_at},
            where=Mark.event_at < fresh.excluded.event_at,
        ).returning(Mark.emoji)
    )(insert(Mark).values(every(Mark)))
)
_MESSAGE = (
    Post.organisation_id == ORGANISATION,
    Post.external_id == param("message"),
    Place.workspace_id == param("workspace_id"),
    Place.external_id == param("channel"),
)
_AT = and_(Place.organisation_id == Post.organisation_id, Place.id == Post.place_id)
_ITEM_BEHIND = Statement[Item](
    lambda _: (
        select(Item)
        .join(Post, and_(Post.organisation_id == Item.organisation_id, Post.subject_id == Item.id))
        .join(Place, _AT)
        .where(*_MESSAGE)
        .with_for_update(of=Item)
    )
)
# As a list of messages: SQLite would rather look through all marks of the workspace than join from the posts.
_ON_THE_ITEM = tuple_(Mark.channel, Mark.message).in_(
    select(Place.external_id, Post.external_id)
    .select_from(Post)
    .join(Place, _AT)
    .where(
        Post.organisation_id == ORGANISATION,
        Post.subject_id == param("item_id"),
        Place.workspace_id == param("workspace_id"),
    )
)
_IN_THE_WORKSPACE = (
    Mark.organisation_id == ORGANISATION,
    Mark.workspace_id == param("workspace_id"),
    Mark.active,
)
_OF_THE_ACCOUNT = (*_IN_THE_WORKSPACE, Mark.account == param("account"))
# Who posts there holds the place while it writes down the message and looks for marks that wait (`Places.hold`): a
# mark on its way is waited for, and one that comes later finds the message.
_SHARE_PLACE = Statement[Place](
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
# The item behind the message, as one value: it is looked up first, and once.
_SUBJECT = select(Post.subject_id).join(Place, _AT).where(*_MESSAGE).limit(1).scalar_subquery()
_ITS_MESSAGES = (
    select(_OtherPlace.external_id, _Other.external_id)
    .select_from(_Other)
    .join(
        _OtherPlace,
        and_(_OtherPlace.organisation_id == _Other.organisation_id, _OtherPlace.id == _Other.place_id),
    )
    .where(
        _Other.organisation_id == ORGANISATION,
        _Other.subject_id == _SUBJECT,
        _OtherPlace.workspace_id == param("workspace_id"),
    )
)


def _emoji_behind(many: int) -> Statement[Mark]:
    on_its_messages = tuple_(Mark.channel, Mark.message).in_(_ITS_MESSAGES)
    asked = select(Mark.account, Mark.emoji).where(*_IN_THE_WORKSPACE, on_its_messages)

    def on_postgresql(_: Any) -> Any:
        accounts = each("account", many)
        return looked_up(asked.where(Mark.account == accounts.c.value), accounts)

    return Statement(lambda _: asked.where(among(Mark.account, "account", many)), postgresql=on_postgresql)


def _votes_behind(many: int) -> Statement[Vote]:
    asked = select(Vote).where(Vote.organisation_id == ORGANISATION, Vote.root_id == _SUBJECT)

    def on_postgresql(_: Any) -> Any:
        people = each("person", many)
        return looked_up(asked.where(Vote.person_id == people.c.value), people)

    return Statement(lambda _: asked.where(among(Vote.person_id, "person", many)), postgresql=on_postgresql)


# By how many voters they ask for.
_EMOJI_BEHIND = {many: _emoji_behind(many) for many in SLOTS}
_VOTES_BEHIND = {many: _votes_behind(many) for many in SLOTS}
_LOCK_COUNTER_BEHIND = Statement[Counter](
    lambda _: (
        select(Counter)
        .where(
            Counter.organisation_id == ORGANISATION,
            Counter.map_id
            == select(Item.map_id)
            .where(Item.organisation_id == ORGANISATION, Item.id == _SUBJECT)
            .scalar_subquery(),
        )
        .with_for_update(key_share=True)
    )
)
_ACTIVE_EMOJI = Statement[Mark](lambda _: select(Mark.emoji).where(*_OF_THE_ACCOUNT, _ON_THE_ITEM))
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
_FORGET_MARKS = Statement[Mark](
    lambda _: Mark.__table__.update().where(*_OF_THE_ACCOUNT, _ON_THE_ITEM).values(active=False)
)
_MARKS = Statement[Mark](
    lambda _: select(Mark).where(
        Mark.organisation_id == ORGANISATION,
        Mark.workspace_id == param("workspace_id"),
        Mark.channel == param("channel"),
        Mark.message == param("message"),
    )
)
_MARKED = Statement[Any](
    lambda _: (
        select(Mark.account, Account.id, Account.person_id)
        .select_from(Mark)
        .join(
            Account,
            and_(
                Account.organisation_id == Mark.organisation_id,
                Account.workspace_id == Mark.workspace_id,
                Account.external_id == Mark.account,
            ),
        )
        .where(
            Mark.organisation_id == ORGANISATION,
            Mark.workspace_id == param("workspace_id"),
            Mark.channel == param("channel"),
            Mark.message == param("message"),
        )
        .distinct()
    )
)
_FORGET_STRANGERS = Statement[Mark](
    lambda _: Mark.__table__.delete().where(
        Mark.organisation_id == ORGANISATION,
        Mark.event_at < param("before"),
        ~select(1)
        .select_from(Post)
        .join(Place, _AT)
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


class Reaction(NamedTuple):
    """A raw reaction of one account on one message; `channel`, `message` and `account` are the platform's own ids."""

    organisation_id: str
    workspace_id: str
    channel: str
    message: str
    account: str
    person_id: str
    emoji: str
    event_at: str
    active: bool


class Heard(NamedTuple):
    """A reaction that was taken note of: was it news, and the item behind the message, locked, if we know it yet."""

    news: bool
    item: Item | None
    voice: Voice


class Noting:
    """Takes note of reactions, each of another person; of one message all voters are asked for by one question.

    Its questions are put to a round; once that is answered, `heard` tells of each reaction.
    """

    def __init__(self, connection: Connection, talk: Round, reactions: Sequence[Reaction]) -> None:
        self._connection = connection
        self._talk = talk
        self._reactions = reactions
        self._marks: list[Asked] = []
        messages: dict[tuple[str, ...], _Message] = {}
        for one in reactions:
            place = {
                "organisation_id": one.organisation_id,
                "workspace_id": one.workspace_id,
                "channel": one.channel,
            }
            where = {**place, "message": one.message}
            if connection.kind == "postgresql":
                talk.ask(_SHARE_PLACE, **place)
            pressed = {
                "account": one.account,
                "emoji": one.emoji,
                "event_at": one.event_at,
                "active": one.active,
            }
            self._marks.append(talk.ask(_MARK, **where, **pressed))
            messages.setdefault(one[:4], _Message(where, [], [])).add(one)
        self._behind = {of: message.ask(talk) for of, message in messages.items()}

    def heard(self) -> list[Heard]:
        """What came of each reaction, in their order."""
        hold(self._connection, self._talk.all_of(_LOCK_COUNTER_BEHIND))
        return [
            _heard(one, self._talk, mark, self._behind[one[:4]])
            for one, mark in zip(self._reactions, self._marks, strict=True)
        ]


def note(connection: Connection, reaction: Reaction) -> Heard:
    """Takes note of one reaction, by itself."""
    talk = Round(connection)
    noting = Noting(connection, talk, [reaction])
    talk.answer()
    return noting.heard()[0]


class _Message(NamedTuple):
    """A message, and who reacted to it."""

    where: dict[str, str]
    accounts: list[str]
    people: list[str]

    def add(self, one: Reaction) -> None:
        self.accounts.append(one.account)
        self.people.append(one.person_id)

    def ask(self, talk: Round) -> tuple[Asked, list[Asked], list[Asked]]:
        """The item behind it, locked; the reactions of these accounts on all its messages; these people's votes."""
        item = talk.ask(_ITEM_BEHIND, **self.where)
        emoji, votes = [], []
        for accounts in slotted("account", self.accounts):
            emoji.append(talk.ask(_EMOJI_BEHIND[len(accounts)], **self.where, **accounts))
        for people in slotted("person", self.people):
            votes.append(talk.ask(_VOTES_BEHIND[len(people)], **self.where, **people))
        talk.ask(_LOCK_COUNTER_BEHIND, **self.where)
        return item, emoji, votes


def _heard(one: Reaction, talk: Round, mark: Asked, behind: tuple[Asked, list[Asked], list[Asked]]) -> Heard:
    item, emoji, votes = behind
    items = talk.rows(item)
    pressed = [row.emoji for asked in emoji for row in talk.rows(asked) if row.account == one.account]
    cast = [row for asked in votes for row in talk.rows(asked) if row.person_id == one.person_id]
    return Heard(bool(talk.rows(mark)), items[0] if items else None, Voice(pressed, cast))


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
            self.connection.run(_SHARE_PLACE, **where)
        noted, items = self.connection.gather(
            [
                (
                    _MARK,
                    {**where, "account": account, "emoji": emoji, "event_at": event_at, "active": active},
                ),
                (_ITEM_BEHIND, where),
            ]
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
                    _ACTIVE_EMOJI,
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
        self._run(_FORGET_MARKS, item_id=item_id, workspace_id=workspace_id, account=account)

    def marks(self, workspace_id: str, channel: str, message: str) -> list[Mark]:
        """Every reaction on a message that we ever heard of, taken back or not."""
        return self._all(_MARKS, workspace_id=workspace_id, channel=channel, message=message)

    def marked(self, workspace_id: str, channel: str, message: str) -> list[Any]:
        """Who ever reacted to a message, perhaps before we knew it was ours: account, id, person_id."""
        return self._all(_MARKED, workspace_id=workspace_id, channel=channel, message=message)

    def forget_strangers(self, before: str) -> None:
        """Drops reactions of before that event time on messages that never turned out to be ours."""
        self._run(_FORGET_STRANGERS, before=before)
