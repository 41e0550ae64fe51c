"""Which channel shows which map, and how much of it."""

from typing import Any

from sqlmodel import and_, select, update

from storage.models import Binding, Item, JourneyMap, Place, Post
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, param

_KEPT = ("noise", "from_votes", "default_stage_id", "capture")
_ME = (
    Binding.organisation_id == ORGANISATION,
    Binding.place_id == param("place_id"),
    Binding.map_id == param("map_id"),
)
_BINDING = Statement[Binding](lambda _: select(Binding).where(*_ME))
_SAVE = Statement[Binding](
    lambda _: update(Binding).where(*_ME).values({name: param(name) for name in _KEPT})
)
_DROP = Statement[Binding](lambda _: Binding.__table__.delete().where(*_ME))
_REPLACE_DEFAULT = Statement[Binding](
    lambda _: (
        update(Binding)
        .where(
            Binding.organisation_id == ORGANISATION,
            Binding.map_id == param("map_id"),
            Binding.default_stage_id == param("old"),
        )
        .values(default_stage_id=param("new"))
        .returning(Binding.place_id)
    )
)


# Channels that take cards from so many votes on, and have none of the item yet.
_WANTING = Statement[Place](
    lambda _: (
        select(Place.id, Place.workspace_id)
        .select_from(Item)
        .join(Binding, and_(Binding.organisation_id == Item.organisation_id, Binding.map_id == Item.map_id))
        .join(Place, and_(Place.organisation_id == Binding.organisation_id, Place.id == Binding.place_id))
        .join(
            JourneyMap,
            and_(JourneyMap.organisation_id == Item.organisation_id, JourneyMap.id == Item.map_id),
        )
        .where(
            Item.organisation_id == ORGANISATION,
            Item.id == param("item_id"),
            Item.removed_at.is_(None),
            JourneyMap.archived_at.is_(None),
            Binding.noise == "votes",
            Binding.from_votes <= Item.votes,
            Place.gone_why.is_(None),
            ~select(1)
            .where(
                Post.organisation_id == Item.organisation_id,
                Post.subject_id == Item.id,
                Post.place_id == Place.id,
            )
            .exists(),
        )
    )
)


class Bindings(Queries):
    """Channels and their maps."""

    __slots__ = ()

    def get(self, place_id: str, map_id: str) -> Binding | None:
        """How that channel shows that map, if it does."""
        return self._first(_BINDING, place_id=place_id, map_id=map_id)

    def save(self, binding: Binding, **changes: Any) -> None:
        """Noise mode, votes, default stage and capturing reaction from now on."""
        now = {name: changes.get(name, getattr(binding, name)) for name in _KEPT}
        self._run(_SAVE, place_id=binding.place_id, map_id=binding.map_id, **now)

    def drop(self, place_id: str, map_id: str) -> None:
        """The channel shows the map no longer."""
        self._run(_DROP, place_id=place_id, map_id=map_id)

    def replace_default(self, map_id: str, old: str, new: str) -> list[str]:
        """Channels whose default stage is the old one default to the new one; their ids."""
        return [row.place_id for row in self._all(_REPLACE_DEFAULT, map_id=map_id, old=old, new=new)]

    def wanting(self, item_id: str) -> list[Place]:
        """The channels (id, workspace_id) for which the item has its votes now, and that have no card of it yet."""
        return self._all(_WANTING, item_id=item_id)
