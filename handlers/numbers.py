"""Items by what people call them, also by the number they had before their kind changed."""

from handlers.grammar import ItemRef
from handlers.kinds import LETTER, Kind
from handlers.map_names import map_called
from handlers.turn import Turn
from storage.models import Item


def numbered(turn: Turn, map_id: str, named: ItemRef) -> Item | None:
    """The item of that number on a map, removed and merged ones too; none where another map stands in front."""
    if named.map_slug and ((journey := map_called(turn, named.map_slug)) is None or journey.id != map_id):
        return None
    kind = next(kind for kind in Kind if LETTER[kind] == named.letter)
    item = turn.store.items.by_number(map_id, kind.value, named.number)
    return item or turn.store.merges.formerly(map_id, kind.value, named.number)
