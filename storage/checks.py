"""Whether items are still true: what the clock looks at next, and what people answered."""

from datetime import datetime
from typing import Any

from sqlmodel import column, func, select, text, update

from storage.models import Item, Prompt
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, blank, every, param

_ITEM = (Item.organisation_id == ORGANISATION, Item.id == param("id"))
# As text: a plan made for any parameter could not use the partial index.
_TO_CHECK = text("items.removed_at IS NULL AND items.check_at IS NOT NULL")
_SET = ("trust", "confirmed_at", "check_at", "stale_at", "round")
_BELIEVE = Statement[Item](
    lambda _: update(Item).where(*_ITEM).values({name: param(name) for name in (*_SET, "revision")})
)
_LOOK_AGAIN = Statement[Item](lambda _: update(Item).where(*_ITEM).values(check_at=param("check_at")))
_RECKON = Statement[Item](
    lambda _: (
        update(Item)
        .where(
            Item.organisation_id == ORGANISATION,
            _TO_CHECK,
            Item.kind == param("kind"),
            func.coalesce(Item.severity, "trivial") == param("severity"),
            Item.resolved_at.is_(None),
            # What is doubted is asked about again by another rhythm.
            text("items.trust IN ('hypothesis', 'confirmed')"),
        )
        .values(check_at=param("now"), stale_at=None)
    )
)
_TIMES = Statement[Item](
    lambda _: update(Item).where(*_ITEM).values(check_at=param("check_at"), stale_at=param("stale_at"))
)
_NEXT_ROUND = Statement[Item](lambda _: update(Item).where(*_ITEM).values(round=Item.round + 1))
_DUE = Statement[Item](
    lambda _: (
        select(Item)
        .where(Item.organisation_id == ORGANISATION, _TO_CHECK, Item.check_at <= param("now"))
        .order_by(column("check_at"))
        .limit(param("most"))
    )
)
_ANSWER = Statement[Prompt](
    lambda insert: (
        insert(Prompt)
        .values(every(Prompt))
        .on_conflict_do_update(
            index_elements=["organisation_id", "subject_id", "round", "person_id"],
            set_={"answer": param("answer"), "answered_at": param("answered_at")},
        )
    )
)
_ROUND = Statement[Prompt](
    lambda _: (
        select(Prompt)
        .where(
            Prompt.organisation_id == ORGANISATION,
            Prompt.subject_id == param("subject_id"),
            Prompt.round == param("round"),
        )
        .order_by(func.coalesce(Prompt.answered_at, Prompt.asked_at))
    )
)


class Checks(Queries):
    """Who was asked about what, and what they said."""

    __slots__ = ()

    def believe(self, item: Item, *, revision: int, **changes: Any) -> None:
        """The item's trust, and when the clock looks at it, as of that revision of its map."""
        now = {name: changes.get(name, getattr(item, name)) for name in _SET}
        self._run(_BELIEVE, id=item.id, revision=revision, **now)

    def look_again(self, item_id: str, at: datetime | None) -> None:
        """The clock looks at the item then."""
        self._run(_LOOK_AGAIN, id=item_id, check_at=at)

    def reckon(self, kind: str, severity: str, now: datetime) -> None:
        """The clock works out anew when to ask about the open items of that kind and severity."""
        self._run(_RECKON, kind=kind, severity=severity, now=now)

    def set_times(self, item_id: str, check_at: datetime | None, stale_at: datetime | None) -> None:
        """When the clock looks at the item, and when it is stale."""
        self._run(_TIMES, id=item_id, check_at=check_at, stale_at=stale_at)

    def next_round(self, item_id: str) -> None:
        """What was answered so far is settled: from now on answers count anew."""
        self._run(_NEXT_ROUND, id=item_id)

    def due(self, now: datetime, most: int) -> list[Item]:
        """Items that the clock is to look at, the longest due first."""
        return self._all(_DUE, now=now, most=most)

    def answer(self, subject_id: str, round_: int, person_id: str, answer: str, at: datetime) -> None:
        """What the person says in that round, asked or not; their last word counts."""
        said = {"subject_id": subject_id, "round": round_, "person_id": person_id}
        self._run(_ANSWER, **blank(Prompt) | said | {"answer": answer, "answered_at": at})

    def round(self, subject_id: str, round_: int) -> list[Prompt]:
        """Who was asked or answered in that round."""
        return self._all(_ROUND, subject_id=subject_id, round=round_)
