"""Items that move along when stages are merged, split or retired, each with its history; and their cards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import (
    Integer,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.maps import Maps
from storage.models import Change, Delivery, Item, Post, Tally
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, columns, param

REDRAWN = 200  # cards of a stage that are redrawn at once; the others follow when they change next

# Items that move: all of a stage, those that an earlier change of stages had moved, or those at one touchpoint.
_EARLIER = select(Change.subject_id).where(
    Change.organisation_id == ORGANISATION,
    Change.map_id == param("map_id"),
    Change.revision > param("after"),
    Change.revision <= param("upto"),
    Change.what == "moved",
    Change.subject == "item",
)
_MOVING = (
    Item.organisation_id == ORGANISATION,
    Item.map_id == param("map_id"),
    Item.stage_id == param("from_stage"),
    or_(param("upto", Integer()) == 0, Item.id.in_(_EARLIER)),
    or_(
        param("touchpoint", String()) == "",
        func.lower(Item.touchpoint) == func.lower(param("touchpoint", String())),
    ),
)
_COUNT_MOVING = Statement[Any](lambda _: select(func.count().label("items")).where(*_MOVING))
_TELL_MOVED = Statement[Change](
    lambda insert: insert(Change).from_select(
        columns(Change),
        select(
            Item.organisation_id,
            Item.map_id,
            param("base", Integer()) + func.row_number().over(order_by=(Item.kind, Item.number)),
            param("at", UTCDateTime()),
            param("actor", String()),
            literal("moved"),
            literal("item"),
            Item.id,
            param("before", String()),
            param("now_on", String()),
            cast(null(), Integer()),
            literal(1),
        ).where(*_MOVING),
    )
)
_TOLD = (
    Change.organisation_id == ORGANISATION,
    Change.map_id == param("map_id"),
    Change.revision > param("base"),
    Change.revision <= param("last"),
)
_MOVE = Statement[Item](
    lambda _: (
        update(Item)
        .where(
            Item.organisation_id == ORGANISATION,
            Item.map_id == param("map_id"),
            Item.stage_id == param("from_stage"),
            Item.id.in_(select(Change.subject_id).where(*_TOLD)),
        )
        .values(
            stage_id=param("to_stage"),
            # The card of a removed item says by whom it was removed, which its last revision tells.
            revision=case(
                (Item.removed_at.is_(None), param("last", Integer())),
                else_=Item.revision,
            ),
        )
    )
)
# PostgreSQL's triggers leave the counts of what moves to us, in this transaction, until they are told otherwise.
_COUNT = Statement[Any](
    lambda _: select(func.set_config("mapkeeper.counted", param("when", String()), True).label("counted"))
)
_BOTH = (
    Tally.organisation_id == ORGANISATION,
    Tally.map_id == param("map_id"),
    Tally.stage_id.in_((param("from_stage"), param("to_stage"))),
)
_COUNT_NONE = Statement[Tally](lambda _: update(Tally).where(*_BOTH).values(items=0))
_SORT = (
    Item.organisation_id,
    Item.map_id,
    Item.stage_id,
    Item.kind,
    func.coalesce(Item.severity, literal_column("''")),
    Item.trust,
)
_OPEN = and_(Item.removed_at.is_(None), Item.resolved_at.is_(None))
_COUNT_ALL = Statement[Tally](
    lambda insert: (
        lambda counted: counted.on_conflict_do_update(
            index_elements=["organisation_id", "map_id", "stage_id", "kind", "severity", "trust"],
            set_={
                "items": counted.excluded["items"],
                "newest_at": func.greatest(Tally.newest_at, counted.excluded.newest_at),
            },
        )
    )(
        insert(Tally).from_select(
            columns(Tally),
            select(*_SORT, func.count().filter(_OPEN), func.max(Item.created_at))
            .where(
                Item.organisation_id == ORGANISATION,
                Item.map_id == param("map_id"),
                Item.stage_id.in_((param("from_stage"), param("to_stage"))),
            )
            .group_by(*_SORT),
        )
    )
)
_CARDS = (
    select(Item.id, func.max(Item.number).label("number"))
    .join(Post, and_(Post.organisation_id == Item.organisation_id, Post.subject_id == Item.id))
    .where(
        Item.organisation_id == ORGANISATION,
        Item.map_id == param("map_id"),
        Item.stage_id == param("stage_id"),
        Item.removed_at.is_(None),
    )
    .group_by(Item.id)
)
_BEHIND = Statement[Item](
    lambda _: (
        update(Item)
        .where(
            Item.organisation_id == ORGANISATION,
            Item.id.in_(select(_CARDS.subquery().c.id)),
            Item.revision < param("revision"),
        )
        .values(revision=param("revision"))
    )
)
_NEWEST = (
    _CARDS.where(Post.shown < Item.revision).order_by(func.max(Item.number).desc()).limit(REDRAWN).subquery()
)
_REDRAW = Statement[Delivery](
    lambda insert: (
        insert(Delivery)
        .from_select(
            [
                "organisation_id",
                "id",
                "workspace_id",
                "kind",
                "method",
                "key",
                "subject_id",
                "priority",
                "not_before",
                "state",
                "attempts",
            ],
            select(
                ORGANISATION,
                param("id", String()) + "-" + _NEWEST.c.id,
                param("workspace_id", String()),
                literal("redraw"),
                literal("update"),
                literal("redraw:") + param("workspace_id", String()) + ":" + _NEWEST.c.id,
                _NEWEST.c.id,
                literal(4),
                param("at", UTCDateTime()),
                literal("waiting"),
                literal(0),
            ).where(literal(1) == 1),
        )
        .on_conflict_do_update(
            index_elements=["organisation_id", "key"],
            index_where=text("state = 'waiting'"),
            set_={"key": Delivery.key},
        )
    )
)


class Moved(NamedTuple):
    """Items that moved: how many, and the revisions (after, upto] of their map that tell it."""

    items: int
    after: int
    upto: int


class Moving(Queries):
    """Items on their way from one stage to another."""

    __slots__ = ()

    def move_items(
        self,
        map_id: str,
        stages: tuple[str, str],
        actor_id: str | None,
        at: datetime,
        told: tuple[str, str],
        moved: tuple[int, int] = (0, 0),
        touchpoint: str = "",
    ) -> Moved:
        """Every item of the first stage moves to the second, each with its history, removed ones too.

        `told` is before and after as the history keeps them. With `moved`, only the items that those revisions
        (after, upto] had moved; with `touchpoint`, only those at it.
        """
        from_stage, to_stage = stages
        which: dict[str, Any] = {"map_id": map_id, "from_stage": from_stage, "touchpoint": touchpoint}
        which |= {"after": moved[0], "upto": moved[1]}
        items = int(self._one(_COUNT_MOVING, **which).items)
        step = Maps(self.connection, self.organisation_id).step(map_id, None, at, by=items)
        base = step.revision - items
        if items:
            self._run(
                _TELL_MOVED,
                base=base,
                at=step.at,
                actor=actor_id,
                before=told[0],
                now_on=told[1],
                **which,
            )
            where = {"map_id": map_id, "from_stage": from_stage, "to_stage": to_stage}
            with self._counting(where):
                self._run(_MOVE, base=base, last=step.revision, **where)
        return Moved(items, base, step.revision)

    @contextmanager
    def _counting(self, where: dict[str, str]) -> Iterator[None]:
        """What moves inside is counted once at the end, where the database would count each item by itself."""
        if self.connection.kind == "sqlite":
            yield
            return
        self.connection.run(_COUNT, when="later")
        yield
        self.connection.run(_COUNT, when="each")
        self._run(_COUNT_NONE, **where)
        self._run(_COUNT_ALL, **where)

    def outdate(self, map_id: str, stage_id: str, revision: int) -> None:
        """The cards of a stage's items are behind that revision of the map."""
        self._run(_BEHIND, map_id=map_id, stage_id=stage_id, revision=revision)

    def redraw(self, new_id: str, workspace_id: str, map_id: str, stage_id: str, at: datetime) -> None:
        """The cards of a stage's items that show an older revision are drawn anew, the newest items first."""
        self._run(_REDRAW, id=new_id, workspace_id=workspace_id, map_id=map_id, stage_id=stage_id, at=at)
        self.connection.queue_from(at)
