"""Reactions are taken note of, many at once: with all that is to be known before they count."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlmodel import select

from storage.connection import Connection
from storage.listed import listed
from storage.maps import hold
from storage.models import Counter, Item, Mark, Place, Post, Vote
from storage.rounds import Asked, Round
from storage.slots import SLOTS, among, each, looked_up, slotted
from storage.statements import ORGANISATION, Statement
from storage.votes import AT, ITEM_BEHIND, MESSAGE, NOTE, PRESSED, SHARE_PLACE, Voice, marks_on

# The item behind the message, as one value: it is looked up first, and once.
_SUBJECT = select(Post.subject_id).join(Place, AT).where(*MESSAGE).limit(1).scalar_subquery()


def _votes_behind(many: int) -> Statement[Vote]:
    asked = select(Vote).where(Vote.organisation_id == ORGANISATION, Vote.root_id == _SUBJECT)

    def on_postgresql(_: Any) -> Any:
        people = each("person", many)
        return looked_up(asked.where(Vote.person_id == people.c.value), people)

    return Statement(lambda _: asked.where(among(Vote.person_id, "person", many)), postgresql=on_postgresql)


# By how many voters they ask for.
_MARKS_BEHIND = {many: marks_on(_SUBJECT, among(Mark.account, "account", many)) for many in SLOTS}
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
    """Takes note of reactions, each of another person; of one message all are written by one statement.

    Its questions are put to a round; once that is answered, `heard` tells of each reaction.
    """

    def __init__(self, connection: Connection, talk: Round, reactions: Sequence[Reaction]) -> None:
        self._connection = connection
        self._talk = talk
        self._reactions = reactions
        messages: dict[tuple[str, ...], list[Reaction]] = {}
        for one in reactions:
            messages.setdefault(one[:4], []).append(one)
        self._behind = {of: _ask(talk, pressed, connection.kind) for of, pressed in messages.items()}

    def heard(self) -> list[Heard]:
        """What came of each reaction, in their order."""
        talk = self._talk
        hold(self._connection, talk.all_of(_LOCK_COUNTER_BEHIND))
        behind = {of: asked.answered(talk) for of, asked in self._behind.items()}
        return [behind[one[:4]].heard(one) for one in self._reactions]


def note(connection: Connection, reaction: Reaction) -> Heard:
    """Takes note of one reaction, by itself."""
    talk = Round(connection)
    noting = Noting(connection, talk, [reaction])
    talk.answer()
    return noting.heard()[0]


class _Behind(NamedTuple):
    """What is asked of a message to which some have reacted."""

    noted: Asked
    item: Asked
    emoji: list[Asked]
    votes: list[Asked]

    def answered(self, talk: Round) -> "_Known":
        """What became of it."""
        emoji: dict[str, list[str]] = {}
        for asked in self.emoji:
            for row in talk.rows(asked):
                emoji.setdefault(row.account, []).append(row.emoji)
        votes: dict[str, list[Vote]] = {}
        for asked in self.votes:
            for row in talk.rows(asked):
                votes.setdefault(row.person_id, []).append(row)
        items = talk.rows(self.item)
        news = {row.account for row in talk.rows(self.noted)}
        return _Known(news, items[0] if items else None, emoji, votes)


class _Known(NamedTuple):
    """What is known of a message: who had news, by account; the item behind it; emoji by account, votes by person."""

    news: set[str]
    item: Item | None
    emoji: dict[str, list[str]]
    votes: dict[str, list[Vote]]

    def heard(self, one: Reaction) -> Heard:
        """What came of one of its reactions."""
        # Of one that was added we know, without asking, one that stands; which others do does not matter.
        emoji = [one.emoji] if one.active else self.emoji.get(one.account, [])
        voice = Voice(emoji, self.votes.get(one.person_id, []))
        return Heard(one.account in self.news, self.item, voice)


def _ask(talk: Round, reactions: Sequence[Reaction], kind: str) -> _Behind:
    """Takes note of reactions to one message, and locks the item behind it.

    Asks for the reactions on all the item's messages that are left to those who took one away, and for all their votes.
    """
    place = {name: getattr(reactions[0], name) for name in ("organisation_id", "workspace_id", "channel")}
    where = {**place, "message": reactions[0].message}
    if kind == "postgresql":
        talk.ask(SHARE_PLACE, **place)
    noted = talk.ask(NOTE, **where, pressed=_pressed(reactions))
    item = talk.ask(ITEM_BEHIND, **where)
    left = [one.account for one in reactions if not one.active]
    emoji = [
        talk.ask(_MARKS_BEHIND[len(accounts)], **where, **accounts) for accounts in slotted("account", left)
    ]
    votes = [
        talk.ask(_VOTES_BEHIND[len(people)], **where, **people)
        for people in slotted("person", [one.person_id for one in reactions])
    ]
    talk.ask(_LOCK_COUNTER_BEHIND, **where)
    return _Behind(noted, item, emoji, votes)


def _pressed(reactions: Sequence[Reaction]) -> str:
    return listed([{name: getattr(one, name) for name in PRESSED} for one in reactions])
