"""Items in the order in which a list shows them, a page at a time, at a cost that does not grow with the map."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import String, text
from sqlmodel import and_, func, or_, select

from storage.models import Item, Person, Stage
from storage.models.items import RARE
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
)
_HERE = (Item.organisation_id == ORGANISATION, Item.map_id == param("map_id"), Item.removed_at.is_(None))
_OPEN = (*_HERE, Item.resolved_at.is_(None))
_VOTES = (Item.votes.desc(), Item.number.desc())
_PERSONAL = {"owner_id": Item.owner_id, "author_id": Item.author_id}
# What a list may be narrowed by.
_NARROWING: dict[str, Any] = {
    name: column == param(name)
    for name, column in (
        ("stage_id", Item.stage_id),
        ("kind", Item.kind),
        ("severity", Item.severity),
        ("status", Item.status),
        ("trust", Item.trust),
        ("owner_id", Item.owner_id),
    )
}
_NARROWING["person_id"] = or_(Item.owner_id == param("person_id"), Item.author_id == param("person_id"))
# The index of what is rare serves a statement that says in its own text that it asks for that.
_NARROWED = _NARROWING | {f"rare {name}": text(f"items.{rare}") for name, rare in RARE.items()}
_COMMON = ("workaround", "open", "new", "hypothesis")


def _listed(*conditions: Any, order: Sequence[Any]) -> Statement[Any]:
    # Only what is on the page meets its stage: a join in the walk might not keep to the index.
    page = select(*_SHOWN, Item.stage_id).where(*conditions).order_by(*order).limit(param("most")).subquery()
    shown = (page.c[column.key] for column in _SHOWN)
    stage = and_(Stage.organisation_id == ORGANISATION, Stage.id == page.c.stage_id)
    return Statement(select(*shown, Stage.name.label("stage")).select_from(page).join(Stage, stage))


@cache
def _narrowed(which: str, by: frozenset[str]) -> Statement[Any]:
    """The statement for just these narrowings: with others that may be empty, no plan would keep to an index."""
    narrowing = [_NARROWED[name] for name in sorted(by)]
    if which == "wanted":
        return _listed(*_OPEN, *narrowing, order=_VOTES)
    if which == "closed":
        return _listed(*_HERE, Item.resolved_at.is_not(None), *narrowing, order=(Item.resolved_at.desc(),))
    mine = _PERSONAL[which] == param("of")
    return _listed(*_OPEN, mine, *narrowing, order=(Item.id.desc(),))


def _asked(which: str, **values: Any) -> tuple[Statement[Any], dict[str, Any]]:
    """A list, narrowed by what is not empty."""
    by = {name for name in _NARROWING if values.get(name)}
    by |= {f"rare {name}" for name in by if name in RARE and values[name] not in _COMMON}
    return _narrowed(which, frozenset(by)), values


_CALLED = Statement[Person](
    lambda _: (
        select(Person.id, Person.name)
        .where(Person.organisation_id == ORGANISATION, func.lower(Person.name).like(param("name", String())))
        .order_by(Person.name)
        .limit(20)
    )
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
        narrowed = {"map_id": map_id, "stage_id": stage_id, "most": most, **sort}
        rows = self._found([_asked("wanted", kind=kind, **narrowed) for kind in kinds])
        return sorted(rows, key=lambda row: (-row.votes, -row.number, row.kind))[:most]

    def closed(
        self,
        map_id: str,
        stage_id: str,
        statuses: Sequence[str],
        kind: str,
        sort: dict[str, str],
        most: int,
        *,
        owner_id: str = "",
        person_id: str = "",
    ) -> list[Any]:
        """What has one of those statuses for good, the latest first; owned by one, or owned or logged by the other."""
        whose = {"owner_id": owner_id, "person_id": person_id}
        narrowed = {"map_id": map_id, "stage_id": stage_id, "kind": kind, "most": most, **whose, **sort}
        rows = self._found([_asked("closed", status=status, **narrowed) for status in statuses])
        return sorted(rows, key=lambda row: (row.resolved_at, row.id), reverse=True)[:most]

    def of(
        self, person_id: str, map_id: str, stage_id: str, kind: str, sort: dict[str, str], most: int
    ) -> list[Any]:
        """The open items that somebody owns or logged, the newest first."""
        return self._personal(_PERSONAL, person_id, map_id, stage_id, kind, sort, most)

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
        columns: Iterable[str],
        person_id: str,
        map_id: str,
        stage_id: str,
        kind: str,
        sort: dict[str, str],
        most: int,
    ) -> list[Any]:
        narrowed = {"map_id": map_id, "stage_id": stage_id, "kind": kind, "most": most, **sort}
        found = self._found([_asked(column, of=person_id, **narrowed) for column in columns])
        rows = {row.id: row for row in found}
        return [rows[id_] for id_ in sorted(rows, reverse=True)][:most]

    def _found(self, asked: Sequence[tuple[Statement[Any], dict[str, Any]]]) -> list[Any]:
        here = {"organisation_id": self.organisation_id}
        answers = self.connection.gather([(statement, {**here, **values}) for statement, values in asked])
        return [row for rows in answers for row in rows]
