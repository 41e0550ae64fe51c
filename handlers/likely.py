"""The items that are most likely meant together with one: those that share most words, its own stage first."""

from collections.abc import Sequence

from handlers.kinds import Kind
from handlers.near import likeness
from handlers.turn import Turn
from storage.models import Item

WEIGHED = 60  # items of its stage, and of the map, of each kind


def likeliest(turn: Turn, item: Item, kinds: Sequence[Kind], most: int) -> list[Item]:
    """Open items of these kinds on the map, without the item itself."""
    others: dict[str, Item] = {}
    for kind in kinds:
        here = turn.store.items.open(item.map_id, kind=kind.value, stage_id=item.stage_id, most=WEIGHED)
        around = turn.store.items.open(item.map_id, kind=kind.value, most=WEIGHED)
        others |= {one.id: one for one in (*here, *around) if one.id != item.id}

    def promise(one: Item) -> tuple[float, bool, int, int]:
        return likeness(item.text, one.text), one.stage_id == item.stage_id, one.votes, one.number

    return sorted(others.values(), key=promise, reverse=True)[:most]
