"""Whom to ask: who has something to do with an item, what they were asked already, and what they never want to be."""

from datetime import datetime
from typing import Any

from sqlmodel import String, and_, column, func, or_, select, text, update

from storage.models import Account, Evidence, Item, JourneyMap, Pass, Person, Prompt, Stage, Vote
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, blank, every, param
from storage.visible import on_a_visible_map, visible

_ASK = Statement[Prompt](
    lambda insert: (
        insert(Prompt)
        .values(every(Prompt))
        .on_conflict_do_update(
            index_elements=["organisation_id", "subject_id", "round", "person_id"],
            set_={"bundle": param("bundle"), "asked_at": param("asked_at")},
        )
    )
)
_asked = (
    select(Prompt.person_id, func.max(Prompt.asked_at).label("at"))
    .where(Prompt.organisation_id == ORGANISATION, Prompt.subject_id == param("item_id"))
    .group_by(Prompt.person_id)
    .subquery()
)
_voted = (
    select(Vote.person_id, func.max(Vote.at).label("at"))
    .where(Vote.organisation_id == ORGANISATION, Vote.root_id == param("item_id"), Vote.active)
    .group_by(Vote.person_id)
    .order_by(func.max(Vote.at).desc())
    .limit(20)
    .subquery()
)
_VOTERS = Statement[Any](
    lambda _: (
        select(_voted.c.person_id)
        .join(_asked, _asked.c.person_id == _voted.c.person_id, isouter=True)
        .order_by(_asked.c.at.is_not(None), _asked.c.at, _voted.c.at.desc())
        .limit(param("most"))
    )
)
# Who may be asked about an item at all: nobody who left, only looks, passed on its stage, or may not see its map.
_MAY_SEE = or_(Person.role == "admin", visible(viewer=Person.id))


def _passed(stage_id: Any) -> Any:
    return (
        select(1)
        .where(
            Pass.organisation_id == Person.organisation_id,
            Pass.stage_id == stage_id,
            Pass.person_id == Person.id,
        )
        .exists()
    )


_ANYBODY = (
    Person.organisation_id == ORGANISATION,
    Person.id == param("person_id"),
    Person.gone_at.is_(None),
    Person.role != "viewer",
    JourneyMap.archived_at.is_(None),
    _MAY_SEE,
)
_WILLING = Statement[Person](
    lambda _: (
        select(Person)
        .join(Item, and_(Item.organisation_id == Person.organisation_id, Item.id == param("item_id")))
        .join(
            JourneyMap, and_(JourneyMap.organisation_id == Item.organisation_id, JourneyMap.id == Item.map_id)
        )
        .where(*_ANYBODY, ~_passed(Item.stage_id))
    )
)
_MAY_ASK = Statement[Person](
    lambda _: (
        select(Person)
        .join(
            JourneyMap,
            and_(JourneyMap.organisation_id == Person.organisation_id, JourneyMap.id == param("map_id")),
        )
        .where(*_ANYBODY, ~_passed(param("stage_id")))
    )
)
_ASKED_SINCE = Statement[Prompt](
    lambda _: (
        select(Prompt.asked_at, Prompt.bundle)
        .where(
            Prompt.organisation_id == ORGANISATION,
            Prompt.person_id == param("person_id"),
            Prompt.asked_at > param("since"),
        )
        .order_by(Prompt.asked_at.desc())
    )
)
_SHOWN = (
    Prompt.bundle,
    Prompt.round.label("asked_round"),
    Prompt.asked_at,
    Prompt.answer,
    *(column for column in Item.__table__.columns if column.name != "organisation_id"),
    Stage.name.label("stage"),
)
_questions = (
    select(*_SHOWN)
    .select_from(Prompt)
    .join(Item, and_(Item.organisation_id == Prompt.organisation_id, Item.id == Prompt.subject_id))
    .join(Stage, and_(Stage.organisation_id == Item.organisation_id, Stage.id == Item.stage_id))
    .where(
        Prompt.organisation_id == ORGANISATION,
        Prompt.person_id == param("person_id"),
        Item.removed_at.is_(None),
        on_a_visible_map(Item),
    )
    .order_by(Prompt.asked_at, Item.number)
)
_OF_BUNDLE = Statement[Any](
    lambda _: _questions.where(Prompt.asked_at.is_not(None), Prompt.bundle == param("bundle"))
)
_OPEN = Statement[Any](
    lambda _: _questions.where(
        Prompt.asked_at > param("since"),
        Prompt.asked_at <= param("now"),
        Prompt.answer.is_(None),
        Prompt.round == Item.round,
    )
)
_WITHDRAW = Statement[Prompt](
    lambda _: Prompt.__table__.delete().where(
        Prompt.organisation_id == ORGANISATION,
        Prompt.person_id == param("person_id"),
        Prompt.bundle == param("bundle"),
        Prompt.answer.is_(None),
    )
)
_PASS = Statement[Pass](
    lambda insert: (
        insert(Pass)
        .values(every(Pass))
        .on_conflict_do_nothing(index_elements=["organisation_id", "stage_id", "person_id"])
    )
)
_REPORTERS = Statement[Any](
    lambda _: (
        select(Item.author_id.label("person_id"), func.min(Item.created_at).label("at"))
        .where(
            Item.organisation_id == ORGANISATION,
            Item.author_id.is_not(None),
            or_(
                Item.id == param("item_id"),
                Item.id.in_(
                    select(Evidence.quote_id).where(
                        Evidence.organisation_id == ORGANISATION, Evidence.item_id == param("item_id")
                    )
                ),
            ),
        )
        .group_by(Item.author_id)
        .order_by(func.min(Item.created_at))
        .limit(param("most"))
    )
)
# The one who logged it and those who voted for it, each on one of their workspaces.
_CONCERNED = Statement[Any](
    lambda _: (
        select(Account.person_id, func.min(Account.workspace_id).label("workspace_id"))
        .where(
            Account.organisation_id == ORGANISATION,
            Account.person_id != param("but"),
            or_(
                Account.person_id.in_(
                    select(Item.author_id).where(
                        Item.organisation_id == ORGANISATION,
                        Item.id == param("item_id"),
                        Item.author_id.is_not(None),
                    )
                ),
                Account.person_id.in_(
                    select(Vote.person_id).where(
                        Vote.organisation_id == ORGANISATION, Vote.root_id == param("item_id"), Vote.active
                    )
                ),
            ),
        )
        .group_by(Account.person_id)
        .limit(param("most"))
    )
)
_ON_THE_STAGE = (
    select(Item.id)
    .where(
        Item.organisation_id == ORGANISATION,
        Item.map_id == param("map_id"),
        text("items.removed_at IS NULL AND items.resolved_at IS NULL AND items.check_at IS NOT NULL"),
        or_(param("stage_id") == "", Item.stage_id == param("stage_id")),
        or_(Item.confirmed_at.is_(None), Item.confirmed_at < param("before")),
    )
    .order_by(Item.votes.desc(), Item.number.desc())
    .limit(param("most"))
)
_ASK_NOW = Statement[Item](
    lambda _: (
        update(Item)
        .where(Item.organisation_id == ORGANISATION, column("id").in_(_ON_THE_STAGE))
        .values(check_at=param("now"))
        .returning(column("id", String()))
    )
)


class Asking(Queries):
    """Whom to ask about an item, and what somebody was asked."""

    __slots__ = ()

    def voters(self, item_id: str, most: int) -> list[str]:
        """Who voted for the item lately: those who were not asked about it yet, then the longest ago."""
        return [row.person_id for row in self._all(_VOTERS, item_id=item_id, most=most)]

    def reporters(self, item_id: str, most: int) -> list[str]:
        """Who logged the item, and who logged quotes that speak for it, the first first."""
        return [row.person_id for row in self._all(_REPORTERS, item_id=item_id, most=most)]

    def concerned(self, item_id: str, but: str, most: int) -> list[Any]:
        """person_id and workspace_id of who logged the item and of its voters, but for one person."""
        return self._all(_CONCERNED, item_id=item_id, but=but, most=most)

    def willing(self, person_id: str, item_id: str) -> Person | None:
        """That person, if they may be asked about the item."""
        return self._first(_WILLING, person_id=person_id, item_id=item_id)

    def may_ask(self, person_id: str, map_id: str, stage_id: str) -> Person | None:
        """That person, if they may be asked about the stage of that map."""
        return self._first(_MAY_ASK, person_id=person_id, map_id=map_id, stage_id=stage_id)

    def asked_since(self, person_id: str, since: datetime) -> list[Any]:
        """asked_at and bundle of what the person was asked since then, the latest first."""
        return self._all(_ASKED_SINCE, person_id=person_id, since=since)

    def ask(self, subject_id: str, round_: int, person_id: str, bundle: str, at: datetime) -> None:
        """The person is asked then, in that message."""
        asked = {"subject_id": subject_id, "round": round_, "person_id": person_id}
        self._run(_ASK, **blank(Prompt) | asked | {"bundle": bundle, "asked_at": at})

    def of_bundle(self, person_id: str, bundle: str) -> list[Any]:
        """What one message asks: items with stage, asked_round, asked_at and answer."""
        return self._all(_OF_BUNDLE, person_id=person_id, bundle=bundle)

    def open(self, person_id: str, since: datetime, now: datetime) -> list[Any]:
        """What the person was asked since then and has not answered, while nobody else settled it."""
        return self._all(_OPEN, person_id=person_id, since=since, now=now)

    def withdraw(self, person_id: str, bundle: str) -> None:
        """The message is not sent after all."""
        self._run(_WITHDRAW, person_id=person_id, bundle=bundle)

    def pass_on(self, stage_id: str, person_id: str, at: datetime) -> None:
        """The person is not asked about that stage any more."""
        self._run(_PASS, stage_id=stage_id, person_id=person_id, at=at)

    def ask_now(
        self, map_id: str, stage_id: str, *, confirmed_before: datetime, now: datetime, most: int
    ) -> int:
        """The clock asks at once about what is open there, the most wanted first; about how many."""
        where = {"map_id": map_id, "stage_id": stage_id, "before": confirmed_before}
        return len(self._all(_ASK_NOW, **where, now=now, most=most))
