"""Maps by what people call them, also by what they were called before."""

from handlers.likeness import slugify
from handlers.turn import Turn
from storage.models import JourneyMap


def map_called(turn: Turn, typed: str) -> JourneyMap | None:
    """The living map of exactly that name or slug, also a former one."""
    slug = slugify(typed, "map")
    exact = turn.store.maps.by_slug(slug)
    if exact is not None and exact.archived_at is None:
        return exact
    return turn.store.reshaping.map_formerly(slug)
