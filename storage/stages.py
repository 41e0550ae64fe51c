"""The shape of a map while it is being changed: its stages, what they were called, and the items that move along."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Integer, String, and_, case, func, insert, literal, or_, select, text, update
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.models import (
    Change,
    Counter,
    Delivery,
    FormerName,
    Item,
    Post,
    Stage,
    Touchpoint,
)
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, columns, every, param

REDRAWN = 200  # cards of a stage that are redrawn at once; the others follow when they change next

_LOCK = Statement[Counter](
    select(Counter)
    .where(Counter.organisation_id == ORGANISATION, Counter.map_id == param("map_id"))
    .with_for_update()
)
_STEP_BY = Statement[Any](
    update(Counter)
    .where(Counter.organisation_id == ORGANISATION, Counter.map_id == param("map"))
    .values(
        revision=Counter.revision + param("steps"),
        last_at=case((Counter.last_at > param("at"), Counter.last_at), else_=param("at")),
    )
    .returning(Counter.revision, Counter.last_at)
)
_EDITABLE = [name for name in columns(Stage) if name not in ("organisation_id", "id", "map_id")]
_SAVE = Statement[Stage](
    update(Stage)
    .where(Stage.organisation_id == ORGANISATION, Stage.id == param("id"))
    .values({name: param(name) for name in _EDITABLE})
)
_PLACE = Statement[Stage](
    update(Stage)
    .where(Stage.organisation_id == ORGANISATION, Stage.id == param("id"))
    .values(position=param("position"))
)
_RETIRED = Statement[Stage](
    select(Stage)
    .where(
        Stage.organisation_id == ORGANISATION,
        Stage.map_id == param("map_id"),
        Stage.retired_at.is_not(None),
    )
    .order_by(Stage.retired_at.desc(), Stage.id)
    .limit(100)
)
_TOUCHPOINTS = Statement[Touchpoint](
    select(Touchpoint)
    .where(Touchpoint.organisation_id == ORGANISATION, Touchpoint.stage_id == param("stage_id"))
    .order_by(Touchpoint.position)
)
_ADD_TOUCHPOINT = Statement[Touchpoint](insert(Touchpoint).values(every(Touchpoint)))
_DROP_TOUCHPOINTS = Statement[Touchpoint](
    lambda _: Touchpoint.__table__.delete().where(
        Touchpoint.organisation_id == ORGANISATION, Touchpoint.stage_id == param("stage_id")
    )
)
_REMEMBER_NAME = Statement[FormerName](
    lambda insert: (
        lambda fresh: fresh.on_conflict_do_update(
            index_elements=["organisation_id", "map_id", "subject_id", "slug"],
            set_={"name": fresh.excluded.name, "at": fresh.excluded.at},
        )
    )(insert(FormerName).values(every(FormerName)))
)
_FORMER_NAMES = Statement[FormerName](
    select(FormerName)
    .where(FormerName.organisation_id == ORGANISATION, FormerName.map_id == param("map_id"))
    .order_by(FormerName.at.desc())
)
_MAPS_FORMERLY = Statement[FormerName](
    select(FormerName.map_id)
    .where(
        FormerName.organisation_id == ORGANISATION,
        FormerName.slug == param("slug"),
        FormerName.subject_id == FormerName.map_id,
    )
    .order_by(FormerName.at.desc())
)
_COUNTS = Statement[Any](
    select(
        Item.stage_id,
        func.count().label("items"),
        func.sum(case((Item.resolved_at.is_(None), 1), else_=0)).label("open"),
    )
    .where(Item.organisation_id == ORGANISATION, Item.map_id == param("map_id"), Item.removed_at.is_(None))
    .group_by(Item.stage_id)
)
_ITEMS = Statement[Item](
    select(Item)
    .where(
        Item.organisation_id == ORGANISATION,
        Item.map_id == param("map_id"),
        Item.stage_id == param("stage_id"),
        Item.removed_at.is_(None),
    )
    .order_by(Item.resolved_at.is_not(None), Item.votes.desc(), Item.number.desc())
    .limit(param("most"))
)

# Items that move with their stage: all of it, or those that an earlier change of stages had moved.
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
)
_COUNT_MOVING = Statement[Any](select(func.count().label("items")).where(*_MOVING))
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
    update(Item)
    .where(
        Item.organisation_id == ORGANISATION,
        Item.id.in_(select(_CARDS.subquery().c.id)),
        Item.revision < param("revision"),
    )
    .values(revision=param("revision"))
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
                literal("redraw:") + _NEWEST.c.id,
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


class Stages(Queries):
    """Stages while they are changed."""

    __slots__ = ()

    def lock(self, map_id: str) -> int:
        """Nobody else changes the map until the commit; its revision."""
        return self._one(_LOCK, map_id=map_id).revision

    def save(self, stage: Stage, **changes: Any) -> None:
        """The stage with these columns changed."""
        now = {name: changes.get(name, getattr(stage, name)) for name in _EDITABLE}
        self._run(_SAVE, id=stage.id, **now)

    def place(self, stage_ids: list[str]) -> None:
        """The living stages stand in this order."""
        for position, stage_id in enumerate(stage_ids):
            self._run(_PLACE, id=stage_id, position=position)

    def retired(self, map_id: str) -> list[Stage]:
        """Retired and merged stages, the last first, at most 100."""
        return self._all(_RETIRED, map_id=map_id)

    def touchpoints(self, stage_id: str) -> list[Touchpoint]:
        """The touchpoints of one stage in their order."""
        return self._all(_TOUCHPOINTS, stage_id=stage_id)

    def set_touchpoints(self, stage_id: str, wanted: list[tuple[str, str, str]]) -> None:
        """The touchpoints of a stage from now on: id, name and channel of each, in their order."""
        self._run(_DROP_TOUCHPOINTS, stage_id=stage_id)
        for position, (touchpoint_id, name, channel) in enumerate(wanted):
            self._run(
                _ADD_TOUCHPOINT,
                id=touchpoint_id,
                stage_id=stage_id,
                position=position,
                name=name,
                channel=channel,
            )

    def remember_name(self, map_id: str, subject_id: str, slug: str, name: str, at: datetime) -> None:
        """What the map or the stage was called until now."""
        self._run(_REMEMBER_NAME, map_id=map_id, subject_id=subject_id, slug=slug, name=name, at=at)

    def former_names(self, map_id: str) -> list[FormerName]:
        """What the map and its stages were called before, the latest first."""
        return self._all(_FORMER_NAMES, map_id=map_id)

    def maps_formerly(self, slug: str) -> list[str]:
        """The ids of the maps that had this slug, the latest first."""
        return [row.map_id for row in self._all(_MAPS_FORMERLY, slug=slug)]

    def counts(self, map_id: str) -> list[Any]:
        """Of every stage with items: stage_id, how many `items` are not removed, and how many are `open`."""
        return self._all(_COUNTS, map_id=map_id)

    def items(self, map_id: str, stage_id: str, most: int) -> list[Item]:
        """Items on a stage that are not removed: open ones first, most votes first."""
        return self._all(_ITEMS, map_id=map_id, stage_id=stage_id, most=most)

    def move_items(
        self,
        map_id: str,
        stages: tuple[str, str],
        actor_id: str | None,
        at: datetime,
        told: tuple[str, str],
        moved: tuple[int, int] = (0, 0),
    ) -> Moved:
        """Every item of the first stage moves to the second, each with its history, removed ones too.

        `told` is before and after as the history keeps them. With `moved`, only the items that those revisions
        (after, upto] had moved.
        """
        from_stage, to_stage = stages
        which = {"map_id": map_id, "from_stage": from_stage, "after": moved[0], "upto": moved[1]}
        items = int(self._one(_COUNT_MOVING, **which).items)
        step = self._one(_STEP_BY, map=map_id, steps=items, at=at)
        base = step.revision - items
        if items:
            self._run(
                _TELL_MOVED,
                base=base,
                at=step.last_at,
                actor=actor_id,
                before=told[0],
                now_on=told[1],
                **which,
            )
            self._run(
                _MOVE,
                map_id=map_id,
                from_stage=from_stage,
                to_stage=to_stage,
                base=base,
                last=step.revision,
            )
        return Moved(items, base, step.revision)

    def outdate(self, map_id: str, stage_id: str, revision: int) -> None:
        """The cards of a stage's items are behind that revision of the map."""
        self._run(_BEHIND, map_id=map_id, stage_id=stage_id, revision=revision)

    def redraw(self, new_id: str, workspace_id: str, map_id: str, stage_id: str, at: datetime) -> None:
        """The cards of a stage's items that show an older revision are drawn anew, the newest items first."""
        self._run(_REDRAW, id=new_id, workspace_id=workspace_id, map_id=map_id, stage_id=stage_id, at=at)
        self.connection.queued = True
