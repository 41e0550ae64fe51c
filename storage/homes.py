"""What one person's Home tab shows: what they own and logged, their maps, and who keeps a tab open."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import and_, func, or_, select, update

from storage.connection import Connection
from storage.models import Account, Counter, Home, Item, JourneyMap, Stage
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param


class OpenHome(NamedTuple):
    """A Home tab that somebody opened, and the sum of the maps' revisions by now."""

    organisation_id: str
    account_id: str
    workspace_id: str
    person_id: str
    revisions: int


_ME = (Home.organisation_id == ORGANISATION, Home.account_id == param("account_id"))
_OPEN = Statement[Home](
    lambda insert: (
        insert(Home)
        .values(every(Home))
        .on_conflict_do_update(
            index_elements=["organisation_id", "account_id"], set_={"opened_at": param("opened_at")}
        )
    )
)
_GET = Statement[Home](select(Home).where(*_ME))
_SHOWN = Statement[Home](update(Home).where(*_ME).values(shown=param("shown")))
_SEEN = Statement[Home](update(Home).where(*_ME).values(seen=param("seen")))

_SHOWN_ITEM = (
    Item.id,
    Item.map_id,
    Item.kind,
    Item.number,
    Item.text,
    Item.severity,
    Item.status,
    Item.trust,
    Item.votes,
    Item.due_on,
    Item.confirmed_at,
    Item.resolved_at,
    Stage.name.label("stage"),
    JourneyMap.name.label("map"),
)
_ON_A_MAP = (
    select(*_SHOWN_ITEM)
    .select_from(Item)
    .join(Stage, and_(Stage.organisation_id == Item.organisation_id, Stage.id == Item.stage_id))
    .join(JourneyMap, and_(JourneyMap.organisation_id == Item.organisation_id, JourneyMap.id == Item.map_id))
    .where(
        Item.organisation_id == ORGANISATION,
        Item.removed_at.is_(None),
        JourneyMap.archived_at.is_(None),
    )
)
_LOGGED = Statement[Any](
    _ON_A_MAP.where(Item.author_id == param("person_id"))
    .order_by(Item.created_at.desc(), Item.id.desc())
    .limit(param("most"))
)
_OWNED = Statement[Any](
    _ON_A_MAP.where(
        Item.owner_id == param("person_id"), Item.resolved_at.is_(None), Item.status != "declined"
    )
    .order_by(Item.due_on.is_(None), Item.due_on, Item.votes.desc(), Item.number.desc())
    .limit(param("most"))
)
_DOUBTED = Statement[Any](
    _ON_A_MAP.where(
        Item.author_id == param("person_id"),
        Item.resolved_at.is_(None),
        or_(Item.trust == "disputed", Item.trust == "stale"),
    )
    .order_by(Item.votes.desc(), Item.number.desc())
    .limit(param("most"))
)
_MAPS = Statement[JourneyMap](
    select(JourneyMap)
    .where(
        JourneyMap.organisation_id == ORGANISATION,
        JourneyMap.archived_at.is_(None),
        or_(
            JourneyMap.owner_id == param("person_id"),
            JourneyMap.id.in_(
                select(Item.map_id).where(
                    Item.organisation_id == ORGANISATION, Item.author_id == param("person_id")
                )
            ),
            JourneyMap.id.in_(
                select(Item.map_id).where(
                    Item.organisation_id == ORGANISATION, Item.owner_id == param("person_id")
                )
            ),
        ),
    )
    .order_by(JourneyMap.name)
    .limit(100)
)
_REVISIONS = (
    select(func.coalesce(func.sum(Counter.revision), 0))
    .where(Counter.organisation_id == Home.organisation_id)
    .scalar_subquery()
)
_BEHIND = Statement[OpenHome](
    select(
        Home.organisation_id,
        Home.account_id,
        Account.workspace_id,
        Account.person_id,
        _REVISIONS.label("revisions"),
    )
    .join(Account, and_(Account.organisation_id == Home.organisation_id, Account.id == Home.account_id))
    .where(Home.opened_at > param("since"), Home.seen != _REVISIONS)
    .order_by(Home.opened_at.desc())
    .limit(param("most"))
)


class Homes(Queries):
    """Home tabs, and what stands on them."""

    __slots__ = ()

    def opened(self, account_id: str, at: datetime) -> None:
        """The account's Home tab is looked at."""
        self._run(_OPEN, account_id=account_id, opened_at=at, seen=0, shown="")

    def get(self, account_id: str) -> Home | None:
        """The account's Home tab, if it was ever opened."""
        return self._first(_GET, account_id=account_id)

    def shown(self, account_id: str, digest: str) -> None:
        """This is what the tab shows now."""
        self._run(_SHOWN, account_id=account_id, shown=digest)

    def looked_through(self, account_id: str, revisions: int) -> None:
        """The tab is to show the maps as of that sum of their revisions."""
        self._run(_SEEN, account_id=account_id, seen=revisions)

    def maps(self, person_id: str) -> list[JourneyMap]:
        """The living maps that a person owns, logged on or owns something on, by name."""
        return self._all(_MAPS, person_id=person_id)

    def logged(self, person_id: str, most: int) -> list[Any]:
        """What the person logged last, with its stage and map."""
        return self._all(_LOGGED, person_id=person_id, most=most)

    def owned(self, person_id: str, most: int) -> list[Any]:
        """What the person looks after and is not done, the first due first."""
        return self._all(_OWNED, person_id=person_id, most=most)

    def doubted(self, person_id: str, most: int) -> list[Any]:
        """What the person logged and is disputed or stale by now, most votes first."""
        return self._all(_DOUBTED, person_id=person_id, most=most)


def homes_behind(connection: Connection, since: datetime, most: int) -> list[OpenHome]:
    """Home tabs opened since then, of any organisation, on whose maps something changed."""
    return connection.all(_BEHIND, since=since, most=most)
