"""Items in the order in which a list shows them, a page at a time, at a cost that does not grow with the map."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String
from sqlmodel import and_, func, or_, select, text

from storage.models import Item, Person, Stage
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, param

_SHOWN = (
    Item.id,
    Item.map_id,
    Item.kind,
    Item.number,
    Item.text,
    Item.severity,
    Item.status,
    Item.trust,
    Item.votes,
    Item.resolved_at,
    Stage.name.label("stage"),
)
_STAGE = and_(Stage.organisation_id == Item.organisation_id, Stage.id == Item.stage_id)


def _or_any(column: Any, name: str) -> Any:
    """The column is that value, or no value was asked for."""
    return or_(param(name, String()) == "", func.coalesce(column, "") == param(name, String()))


_HERE = (Item.organisation_id == ORGANISATION, Item.map_id == param("map_id"), Item.removed_at.is_(None))
_OPEN = (*_HERE, Item.resolved_at.is_(None))
_KIND = Item.kind == param("kind")
_ON_STAGE = Item.stage_id == param("stage_id")
_SORT = (
    _or_any(Item.severity, "severity"),
    _or_any(Item.status, "status"),
    _or_any(Item.trust, "trust"),
)
_ANY_STAGE, _ANY_KIND = _or_any(Item.stage_id, "stage_id"), _or_any(Item.kind, "kind")


def _listed(*conditions: Any, order: Sequence[Any]) -> Statement[Any]:
    picked = select(Item.id).where(*conditions).order_by(*order).limit(param("most")).subquery()
    # Only what is on the page meets its stage: a join in the walk might not keep to the index.
    shown = (
        select(*_SHOWN)
        .select_from(picked)
        .join(Item, and_(Item.organisation_id == ORGANISATION, Item.id == picked.c.id))
        .join(Stage, _STAGE)
    )
    return Statement(shown)


_VOTES = (Item.votes.desc(), Item.number.desc())
_WANTED = _listed(*_OPEN, _KIND, *_SORT, order=_VOTES)
_WANTED_ON_STAGE = _listed(*_OPEN, _ON_STAGE, _KIND, *_SORT, order=_VOTES)
# The few that are doubted have an index of their own, which no map that is believed makes longer.
_ARE_DOUBTED = text("items.trust IN ('disputed', 'stale')")
_DOUBTED = _listed(
    *_OPEN, _ARE_DOUBTED, Item.trust == param("trust"), _KIND, _ANY_STAGE, *_SORT[:2], order=_VOTES
)
_CLOSED = _listed(
    *_HERE,
    Item.resolved_at.is_not(None),
    _ANY_STAGE,
    _ANY_KIND,
    *_SORT,
    _or_any(Item.owner_id, "owner_id"),
    or_(
        param("person_id", String()) == "",
        Item.owner_id == param("person_id"),
        Item.author_id == param("person_id"),
    ),
    order=(Item.resolved_at.desc(),),
)
_OF_THE_PERSON = {
    column.key: _listed(
        *_OPEN, column == param("person_id"), _ANY_STAGE, _ANY_KIND, *_SORT, order=(Item.id.desc(),)
    )
    for column in (Item.owner_id, Item.author_id)
}
_CALLED = Statement[Person](
    select(Person.id, Person.name)
    .where(Person.organisation_id == ORGANISATION, func.lower(Person.name).like(param("name", String())))
    .order_by(Person.name)
    .limit(20)
)


class Lists(Queries):
    """What a list shows: rows with id, kind, number, text, severity, status, trust, votes, resolved_at and stage.

    `sort` narrows it by `severity`, `status` and `trust`; an empty string narrows nothing.
    """

    __slots__ = ()

    def wanted(
        self, map_id: str, stage_id: str, kinds: Sequence[str], sort: dict[str, str], most: int
    ) -> list[Any]:
        """The open items with the most votes, of those kinds."""
        here = {"organisation_id": self.organisation_id, "map_id": map_id, "most": most, **sort}
        if sort["trust"] in ("disputed", "stale"):
            questions = [(_DOUBTED, {**here, "kind": kind, "stage_id": stage_id}) for kind in kinds]
            return _most_wanted(self.connection.gather(questions), most)
        questions = [
            (_WANTED_ON_STAGE, {**here, "kind": kind, "stage_id": stage_id})
            if stage_id
            else (_WANTED, {**here, "kind": kind})
            for kind in kinds
        ]
        return _most_wanted(self.connection.gather(questions), most)

    def closed(
        self,
        map_id: str,
        stage_id: str,
        kind: str,
        sort: dict[str, str],
        most: int,
        *,
        owner_id: str = "",
        person_id: str = "",
    ) -> list[Any]:
        """What was resolved, shipped or declined, the latest first; owned by one, or owned or logged by the other."""
        narrowed = {"map_id": map_id, "stage_id": stage_id, "kind": kind, **sort}
        rows = self._all(_CLOSED, owner_id=owner_id, person_id=person_id, most=most, **narrowed)
        return sorted(rows, key=lambda row: (row.resolved_at, row.id), reverse=True)

    def of(
        self, person_id: str, map_id: str, stage_id: str, kind: str, sort: dict[str, str], most: int
    ) -> list[Any]:
        """The open items that somebody owns or logged, the newest first."""
        return self._personal(("owner_id", "author_id"), person_id, map_id, stage_id, kind, sort, most)

    def owned(
        self, person_id: str, map_id: str, stage_id: str, kind: str, sort: dict[str, str], most: int
    ) -> list[Any]:
        """The open items that somebody owns, the newest first."""
        return self._personal(("owner_id",), person_id, map_id, stage_id, kind, sort, most)

    def called(self, beginning: str) -> list[Person]:
        """Up to 20 people whose names begin so, whatever the case."""
        escaped = beginning.lower().replace("%", "").replace("_", "")
        return self._all(_CALLED, name=f"{escaped}%")

    def _personal(
        self,
        columns: Sequence[str],
        person_id: str,
        map_id: str,
        stage_id: str,
        kind: str,
        sort: dict[str, str],
        most: int,
    ) -> list[Any]:
        here = {
            "organisation_id": self.organisation_id,
            "person_id": person_id,
            "map_id": map_id,
            "stage_id": stage_id,
            "kind": kind,
            "most": most,
            **sort,
        }
        found = self.connection.gather([(_OF_THE_PERSON[column], here) for column in columns])
        rows = {row.id: row for each in found for row in each}
        return [rows[id_] for id_ in sorted(rows, reverse=True)][:most]


def _most_wanted(found: list[list[Any]], most: int) -> list[Any]:
    """The lists of several kinds as one."""
    rows = [row for each in found for row in each]
    return sorted(rows, key=lambda row: (-row.votes, -row.number, row.kind))[:most]
