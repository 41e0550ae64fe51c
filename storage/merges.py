"""Merges: what went into what, whose votes count together, and what an item was called before.

Nothing moves: a merged item keeps its votes, its evidence and its ties, and names the root that they count for.
"""

from typing import Any

from sqlmodel import and_, func, insert, select, update

from storage.items import family, root_of
from storage.models import Evidence, FormerNumber, Item, Link, Vote, aliased
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param

_Tied = aliased(Item)
_MERGED = Statement[Item](
    lambda _: (
        select(Item)
        .where(Item.organisation_id == ORGANISATION, Item.root_id == param("root_id"))
        .order_by(Item.number)
        .limit(500)
    )
)
_COUNT_FOR = Statement[Vote](
    lambda _: (
        update(Vote)
        .where(Vote.organisation_id == ORGANISATION, Vote.item_id == param("item_id"))
        .values(root_id=param("counts_for"))
    )
)
_RECOUNT = Statement[Item](
    lambda _: (
        update(Item)
        .where(Item.organisation_id == ORGANISATION, Item.id == param("id"))
        .values(
            votes=select(func.count(Vote.person_id.distinct()))
            .where(Vote.organisation_id == ORGANISATION, Vote.root_id == param("id"), Vote.active)
            .scalar_subquery()
        )
        .returning(Item.votes)
    )
)
_CALL = Statement[Item](
    lambda _: (
        update(Item)
        .where(Item.organisation_id == ORGANISATION, Item.id == param("id"))
        .values(kind=param("new_kind"), number=param("new_number"))
    )
)
_WAS_CALLED = Statement[FormerNumber](lambda _: insert(FormerNumber).values(every(FormerNumber)))
_CALLED_AGAIN = Statement[FormerNumber](
    lambda _: (
        FormerNumber.__table__.delete()
        .where(
            FormerNumber.organisation_id == ORGANISATION,
            FormerNumber.item_id == param("item_id"),
            FormerNumber.kind == param("kind"),
        )
        .returning(FormerNumber.__table__.c.number)
    )
)
_ANSWERED_BY = Statement[Item](
    lambda _: (
        select(Item)
        .where(
            Item.organisation_id == ORGANISATION,
            Item.removed_at.is_(None),
            Item.kind == "idea",
            Item.id.in_(
                select(root_of(_Tied))
                .select_from(Link)
                .join(_Tied, and_(_Tied.organisation_id == Link.organisation_id, _Tied.id == Link.item_id))
                .where(
                    Link.organisation_id == ORGANISATION,
                    Link.kind == "answers",
                    Link.other_id.in_(family("item_id")),
                )
            ),
        )
        .order_by(Item.number)
        .limit(100)
    )
)
_QUOTES = Statement[Item](
    lambda _: (
        select(Item)
        .where(
            Item.organisation_id == ORGANISATION,
            Item.removed_at.is_(None),
            Item.kind == "quote",
            Item.id.in_(
                select(root_of(_Tied))
                .select_from(Evidence)
                .join(
                    _Tied,
                    and_(_Tied.organisation_id == Evidence.organisation_id, _Tied.id == Evidence.quote_id),
                )
                .where(Evidence.organisation_id == ORGANISATION, Evidence.item_id.in_(family("item_id")))
            ),
        )
        .order_by(Item.number.desc())
        .limit(param("most"))
    )
)
_FORMERLY = Statement[Item](
    lambda _: (
        select(Item)
        .join(
            FormerNumber,
            (FormerNumber.organisation_id == Item.organisation_id) & (FormerNumber.item_id == Item.id),
        )
        .where(
            FormerNumber.organisation_id == ORGANISATION,
            FormerNumber.map_id == param("map_id"),
            FormerNumber.kind == param("kind"),
            FormerNumber.number == param("number"),
        )
    )
)


class Merges(Queries):
    """What became of items that are one by now, or of another kind."""

    __slots__ = ()

    def merged(self, root_id: str) -> list[Item]:
        """At most 500 items that count as this one, by their numbers."""
        return self._all(_MERGED, root_id=root_id)

    def count_for(self, item_id: str, root_id: str) -> None:
        """The votes on an item count for that one from now on."""
        self._run(_COUNT_FOR, item_id=item_id, counts_for=root_id)

    def recount(self, root_id: str) -> int:
        """Counts the distinct people who voted for it, or for what was merged into it; that count."""
        return self._one(_RECOUNT, id=root_id).votes

    def call(self, item: Item, kind: str, number: int) -> None:
        """The item is of that kind and has that number; it is still found by the one it had."""
        self._run(_WAS_CALLED, map_id=item.map_id, kind=item.kind, number=item.number, item_id=item.id)
        self._run(_CALL, id=item.id, new_kind=kind, new_number=number)

    def take_back_number(self, item_id: str, kind: str) -> int | None:
        """The number that the item had when it was of that kind before, no longer a former one."""
        row: Any = self._first(_CALLED_AGAIN, item_id=item_id, kind=kind)
        return row.number if row else None

    def answered_by(self, item_id: str) -> list[Item]:
        """At most 100 living ideas that answer a pain, or what was merged into it."""
        return self._all(_ANSWERED_BY, item_id=item_id)

    def quotes(self, item_id: str, most: int) -> list[Item]:
        """The newest living quotes that speak for an item, or for what was merged into it."""
        return self._all(_QUOTES, item_id=item_id, most=most)

    def formerly(self, map_id: str, kind: str, number: int) -> Item | None:
        """The item that was once called so."""
        return self._first(_FORMERLY, map_id=map_id, kind=kind, number=number)
