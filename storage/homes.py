"""What one person's Home tab shows: what they own and logged, their maps, and who keeps a tab open."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import and_, func, or_, select, update

from storage.connection import Connection
from storage.models import Account, Counter, Home, Item, JourneyMap, Stage
from storage.models.items import DOUBTED
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, number, param
from storage.visible import visible

LOOKED_AT = 200  # of a person's items, the newest first


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
_GET = Statement[Home](lambda _: select(Home).where(*_ME))
_SHOWN = Statement[Home](lambda _: update(Home).where(*_ME).values(shown=param("shown")))
_SEEN = Statement[Home](lambda _: update(Home).where(*_ME).values(seen=param("seen")))

_ITEM = (
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
)
_OWNS, _AUTHORED = (column == param("person_id") for column in (Item.owner_id, Item.author_id))


def _newest(whose: Any, *conditions: Any, first: tuple[Any, ...] = ()) -> Any:
    """The newest items of one person, as many as are looked at: one may have logged a hundred thousand."""
    return (
        select(*_ITEM, Item.stage_id)
        .where(Item.organisation_id == ORGANISATION, whose, Item.removed_at.is_(None), *conditions)
        .order_by(*first, Item.id.desc())
        .limit(number(LOOKED_AT))
        .subquery()
    )


def _on_a_map(items: Any, *order: Any) -> Any:
    """Those of the items whose map lives, with the names of their stage and map."""
    shown = (items.c[column.key] for column in _ITEM)
    return (
        select(*shown, Stage.name.label("stage"), JourneyMap.name.label("map"))
        .select_from(items)
        .join(Stage, and_(Stage.organisation_id == ORGANISATION, Stage.id == items.c.stage_id))
        .join(JourneyMap, and_(JourneyMap.organisation_id == ORGANISATION, JourneyMap.id == items.c.map_id))
        .where(JourneyMap.archived_at.is_(None), visible())
        .order_by(*order)
        .limit(param("most"))
    )


def _logged(_: Any) -> Any:
    logged = _newest(_AUTHORED)
    return _on_a_map(logged, logged.c.id.desc())


def _owned(_: Any) -> Any:
    owned = _newest(_OWNS, Item.resolved_at.is_(None), Item.status != "declined")
    return _on_a_map(
        owned, owned.c.due_on.is_(None), owned.c.due_on, owned.c.votes.desc(), owned.c.number.desc()
    )


def _doubted(_: Any) -> Any:
    # By trust first: by their ids alone SQLite would look through everything that the person logged.
    doubted = _newest(_AUTHORED, Item.resolved_at.is_(None), text(f"items.{DOUBTED}"), first=(Item.trust,))
    return _on_a_map(doubted, doubted.c.votes.desc(), doubted.c.number.desc())


_LOGGED = Statement[Any](_logged)
_OWNED = Statement[Any](_owned)
_DOUBTED = Statement[Any](_doubted)
_MAPS = Statement[JourneyMap](
    lambda _: (
        select(JourneyMap)
        .where(
            JourneyMap.organisation_id == ORGANISATION,
            JourneyMap.archived_at.is_(None),
            visible(),
            or_(
                JourneyMap.owner_id == param("person_id"),
                *(JourneyMap.id.in_(select(_newest(whose).c.map_id)) for whose in (_AUTHORED, _OWNS)),
            ),
        )
        .order_by(JourneyMap.name)
        .limit(100)
    )
)
_REVISIONS = (
    select(func.coalesce(func.sum(Counter.revision), 0))
    .where(Counter.organisation_id == Home.organisation_id)
    .scalar_subquery()
)
_BEHIND = Statement[OpenHome](
    lambda _: (
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
        """The living maps that a person owns, or of late logged on or owned something on, by name."""
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
