"""Items: pains, ideas, quotes and gains, with their links and evidence."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import and_, func, insert, select, union_all, update

from storage.batches import Batch, Inserting, Values
from storage.models import Evidence, Item, JourneyMap, Link, Person, Stage, Vote, aliased
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, columns, every, param, preset
from storage.visible import on_a_visible_map

_ADD = Inserting(Item)
_PRESET = preset(Item)


def _seen() -> Any:
    here = (Item.organisation_id == ORGANISATION, Item.id == param("id"))
    return select(Item).where(*here, on_a_visible_map(Item))


_ITEM = Statement[Item](lambda _: _seen())
_LOCKED = Statement[Item](lambda _: _seen().with_for_update())
_BY_NUMBER = Statement[Item](
    lambda _: select(Item).where(
        Item.organisation_id == ORGANISATION,
        Item.map_id == param("map_id"),
        Item.kind == param("kind"),
        Item.number == param("number"),
    )
)
_BY_TOKEN = Statement[Item](
    lambda _: select(Item).where(
        Item.organisation_id == ORGANISATION, Item.form_token == param("token"), on_a_visible_map(Item)
    )
)
_OPEN = (
    Item.organisation_id == ORGANISATION,
    Item.map_id == param("map_id"),
    Item.removed_at.is_(None),
    Item.resolved_at.is_(None),
)
_BY_VOTES = (Item.votes.desc(), Item.number.desc())
_TOP_OF_KIND = Statement[Item](
    lambda _: select(Item).where(*_OPEN, Item.kind == param("kind")).order_by(*_BY_VOTES).limit(param("most"))
)
_TOP_OF_STAGE = Statement[Item](
    lambda _: (
        select(Item)
        .where(*_OPEN, Item.stage_id == param("stage_id"), Item.kind == param("kind"))
        .order_by(*_BY_VOTES)
        .limit(param("most"))
    )
)
_FIXED_FOR_LIFE = {"organisation_id", "id", "map_id", "kind", "number", "created_at", "form_token"}
_COUNTED = {"votes", "evidence"}
_EDITABLE = [name for name in columns(Item) if name not in _FIXED_FOR_LIFE | _COUNTED]
_SAVE = Statement[Item](
    lambda _: (
        update(Item)
        .where(Item.organisation_id == ORGANISATION, Item.id == param("id"))
        .values({name: param(name) for name in _EDITABLE})
    )
)
_COUNT_VOTES = Batch(
    lambda _: (
        update(Item)
        .where(Item.organisation_id == ORGANISATION, Item.id == param("id"))
        .values(votes=Item.votes + param("more"), revision=param("at_revision"))
    ),
    key=("organisation_id", "id"),
    merge=lambda old, new: new | {"more": old["more"] + new["more"]},
)


def family(name: str) -> Any:
    """The ids of the item of that parameter and of all that was merged into it."""
    one, merged = aliased(Item), aliased(Item)
    return union_all(
        select(one.id).where(one.organisation_id == ORGANISATION, one.id == param(name)),
        select(merged.id).where(merged.organisation_id == ORGANISATION, merged.root_id == param(name)),
    )


def root_of(item: Any) -> Any:
    """What counts for an item: itself, or what it was merged into."""
    return func.coalesce(item.root_id, item.id)


_ADD_LINK = Statement[Link](lambda _: insert(Link).values(every(Link)))


def _links(_: Any) -> Any:
    linked, other = aliased(Item), aliased(Item)
    return (
        select(
            Link.kind,
            Link.url,
            other.id.label("other_id"),
            other.kind.label("other_kind"),
            other.number.label("other_number"),
        )
        .select_from(Link)
        .join(
            linked,
            and_(linked.organisation_id == Link.organisation_id, linked.id == Link.other_id),
            isouter=True,
        )
        .join(
            other,
            and_(
                other.organisation_id == Link.organisation_id,
                other.id == root_of(linked),
                other.removed_at.is_(None),
            ),
            isouter=True,
        )
        .where(Link.organisation_id == ORGANISATION, Link.item_id.in_(family("item_id")))
        .order_by(Link.created_at, Link.id)
        .limit(100)
    )


def _of_the_family() -> Any:
    return Link.organisation_id == ORGANISATION, Link.item_id.in_(family("item_id"))


_LINKS = Statement[Any](_links)
_DROP_URL = Statement[Link](
    lambda _: Link.__table__.delete().where(*_of_the_family(), Link.kind == "url", Link.url == param("url"))
)
_DROP_LINK = Statement[Link](
    lambda _: Link.__table__.delete().where(
        *_of_the_family(), Link.kind == param("kind"), Link.other_id.in_(family("other_id"))
    )
)
_ADD_EVIDENCE = Statement[Evidence](
    lambda insert: (
        insert(Evidence)
        .values(every(Evidence))
        .on_conflict_do_nothing(index_elements=["organisation_id", "item_id", "quote_id"])
        .returning(Evidence.quote_id)
    )
)
_DROP_EVIDENCE = Statement[Evidence](
    lambda _: Evidence.__table__.delete().where(
        Evidence.organisation_id == ORGANISATION,
        Evidence.item_id.in_(family("item_id")),
        Evidence.quote_id.in_(family("quote_id")),
    )
)


def _speaks_for(_: Any) -> Any:
    backed = aliased(Item)
    return (
        select(Item)
        .where(
            Item.organisation_id == ORGANISATION,
            Item.id.in_(
                select(root_of(backed))
                .select_from(Evidence)
                .join(
                    backed,
                    and_(backed.organisation_id == Evidence.organisation_id, backed.id == Evidence.item_id),
                )
                .where(Evidence.organisation_id == ORGANISATION, Evidence.quote_id.in_(family("quote_id")))
            ),
        )
        .order_by(Item.kind.desc(), Item.number)
        .limit(100)
    )


def _of_quotes(counted: Callable[[Any, Any], Any]) -> Any:
    """Something of the quotes that speak for an item: `counted` of those that were said, and of what they count for."""
    said, quote = aliased(Item), aliased(Item)
    return (
        select(counted(said, quote))
        .select_from(Evidence)
        .join(said, and_(said.organisation_id == Evidence.organisation_id, said.id == Evidence.quote_id))
        .join(quote, and_(quote.organisation_id == Evidence.organisation_id, quote.id == root_of(said)))
        .where(
            Evidence.organisation_id == ORGANISATION,
            Evidence.item_id.in_(family("id")),
            quote.removed_at.is_(None),
            quote.kind == "quote",
        )
    )


_SPEAKS_FOR = Statement[Item](_speaks_for)
_COUNT_EVIDENCE = Statement[Item](
    lambda _: (
        update(Item)
        .where(Item.organisation_id == ORGANISATION, Item.id == param("id"))
        .values(
            evidence=_of_quotes(lambda _, quote: func.count(quote.id.distinct())).scalar_subquery(),
            revision=param("at_revision"),
        )
    )
)
_CUSTOMERS = Statement[Any](
    lambda _: _of_quotes(
        lambda said, _: func.count(func.lower(said.speaker_account).distinct()).label("accounts")
    )
)
_TEAMS = Statement[Any](
    lambda _: (
        select(func.count(Person.team.distinct()).label("teams"))
        .select_from(Vote)
        .join(Person, and_(Person.organisation_id == Vote.organisation_id, Person.id == Vote.person_id))
        .where(Vote.organisation_id == ORGANISATION, Vote.root_id == param("id"), Vote.active)
    )
)


def _names(_: Any) -> Any:
    author = aliased(Person)
    return (
        select(
            Stage.name.label("stage"),
            JourneyMap.name.label("map"),
            JourneyMap.slug,
            JourneyMap.owner_id,
            Person.name.label("owner"),
            author.name.label("author"),
        )
        .select_from(Item)
        .join(Stage, and_(Stage.organisation_id == Item.organisation_id, Stage.id == Item.stage_id))
        .join(
            JourneyMap, and_(JourneyMap.organisation_id == Item.organisation_id, JourneyMap.id == Item.map_id)
        )
        .join(
            Person,
            and_(Person.organisation_id == Item.organisation_id, Person.id == Item.owner_id),
            isouter=True,
        )
        .join(
            author,
            and_(author.organisation_id == Item.organisation_id, author.id == Item.author_id),
            isouter=True,
        )
        .where(Item.organisation_id == ORGANISATION, Item.id == param("id"))
    )


_NAMES = Statement[Any](_names)


class Items(Queries):
    """The items of every map of the organisation."""

    __slots__ = ()

    def add(self, values: Values) -> None:
        """A new item; columns that are not given take their defaults."""
        self._later(_ADD, _PRESET | values)

    def get(self, item_id: str) -> Item | None:
        """The item of that id, removed ones too."""
        return self._first(_ITEM, id=item_id)

    def locked(self, item_id: str) -> Item | None:
        """The item of that id; nobody else changes it until the commit."""
        return self._first(_LOCKED, id=item_id)

    def by_number(self, map_id: str, kind: str, number: int) -> Item | None:
        """The item that people call P-12 on that map."""
        return self._first(_BY_NUMBER, map_id=map_id, kind=kind, number=number)

    def by_token(self, token: str) -> Item | None:
        """The item that a form or a draft became."""
        return self._first(_BY_TOKEN, token=token)

    def open(self, map_id: str, *, kind: str, stage_id: str = "", most: int = 10) -> list[Item]:
        """Living, unresolved items of a kind, on one stage or on all, most votes first."""
        if stage_id:
            return self._all(_TOP_OF_STAGE, map_id=map_id, stage_id=stage_id, kind=kind, most=most)
        return self._all(_TOP_OF_KIND, map_id=map_id, kind=kind, most=most)

    def save(self, item: Item, *, revision: int, **changes: Any) -> None:
        """The item with these columns changed, as of that revision of its map."""
        now = {name: changes.get(name, getattr(item, name)) for name in _EDITABLE} | {"revision": revision}
        self._run(_SAVE, id=item.id, **now)

    def count_votes(self, item_id: str, more: int, revision: int) -> None:
        """One vote more or less."""
        self._later(_COUNT_VOTES, {"id": item_id, "more": more, "at_revision": revision})

    def names(self, item_id: str) -> Any:
        """What a card calls things: stage, map, slug, the map's owner_id, and the item's owner and author."""
        return self._one(_NAMES, id=item_id)

    def add_link(
        self,
        new_id: str,
        item_id: str,
        kind: str,
        at: datetime,
        *,
        other_id: str | None = None,
        url: str | None = None,
    ) -> None:
        """A tie to another item or to a page."""
        self._run(_ADD_LINK, id=new_id, item_id=item_id, kind=kind, other_id=other_id, url=url, created_at=at)

    def drop_link(self, item_id: str, kind: str, other_id: str) -> None:
        """Takes back the tie of that kind to another item."""
        self._run(_DROP_LINK, item_id=item_id, kind=kind, other_id=other_id)

    def drop_url(self, item_id: str, url: str) -> None:
        """Takes back the tie to a page."""
        self._run(_DROP_URL, item_id=item_id, url=url)

    def links(self, item_id: str) -> list[Any]:
        """At most 100 ties of an item and of what was merged into it, the first first.

        Each with kind and url, or the other item while it lives, or what that was merged into.
        """
        return self._all(_LINKS, item_id=item_id)

    def add_evidence(self, item_id: str, quote_id: str, by: str | None, at: datetime) -> bool:
        """The quote speaks for the item; false where it did already. It is counted by `count_evidence`."""
        added = self._first(_ADD_EVIDENCE, item_id=item_id, quote_id=quote_id, added_by=by, added_at=at)
        return added is not None

    def drop_evidence(self, item_id: str, quote_id: str) -> None:
        """The quote speaks for the item no longer."""
        self._run(_DROP_EVIDENCE, item_id=item_id, quote_id=quote_id)

    def count_evidence(self, item_id: str, revision: int) -> None:
        """Counts the living quotes that speak for the item, or for what was merged into it, each once."""
        self._run(_COUNT_EVIDENCE, id=item_id, at_revision=revision)

    def speaks_for(self, quote_id: str) -> list[Item]:
        """At most 100 items that a quote is evidence for, removed ones too: pains, then ideas; no merged ones."""
        return self._all(_SPEAKS_FOR, quote_id=quote_id)

    def customers(self, item_id: str) -> int:
        """How many customer accounts its evidence comes from."""
        return int(self._one(_CUSTOMERS, id=item_id).accounts)

    def teams(self, item_id: str) -> int:
        """How many teams its voters belong to, as far as they said."""
        return int(self._one(_TEAMS, id=item_id).teams)
