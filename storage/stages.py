"""The stages of a map while they are changed: what each is, in which order, and which have left the map."""

from typing import Any

from sqlmodel import insert, select, update

from storage.models import Stage, Touchpoint
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, columns, every, param

_EDITABLE = [name for name in columns(Stage) if name not in ("organisation_id", "id", "map_id")]
_SAVE = Statement[Stage](
    lambda _: (
        update(Stage)
        .where(Stage.organisation_id == ORGANISATION, Stage.id == param("id"))
        .values({name: param(name) for name in _EDITABLE})
    )
)
_PLACE = Statement[Stage](
    lambda _: (
        update(Stage)
        .where(Stage.organisation_id == ORGANISATION, Stage.id == param("id"))
        .values(position=param("position"))
    )
)
_RETIRED = Statement[Stage](
    lambda _: (
        select(Stage)
        .where(
            Stage.organisation_id == ORGANISATION,
            Stage.map_id == param("map_id"),
            Stage.retired_at.is_not(None),
        )
        .order_by(Stage.retired_at.desc(), Stage.id)
        .limit(100)
    )
)
_TOUCHPOINTS = Statement[Touchpoint](
    lambda _: (
        select(Touchpoint)
        .where(Touchpoint.organisation_id == ORGANISATION, Touchpoint.stage_id == param("stage_id"))
        .order_by(Touchpoint.position)
    )
)
_ADD_TOUCHPOINT = Statement[Touchpoint](lambda _: insert(Touchpoint).values(every(Touchpoint)))
_DROP_TOUCHPOINTS = Statement[Touchpoint](
    lambda _: Touchpoint.__table__.delete().where(
        Touchpoint.organisation_id == ORGANISATION, Touchpoint.stage_id == param("stage_id")
    )
)


class Stages(Queries):
    """Stages while they are changed."""

    __slots__ = ()

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
