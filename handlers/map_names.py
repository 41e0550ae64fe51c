"""Maps by what people call them, also by what they were called before."""

from handlers.likeness import key_of, slugify
from handlers.text import Text
from handlers.turn import Turn
from handlers.words import say
from storage.models import JourneyMap

NAMELESS = "map"  # the slug of a name without a letter


def map_called(turn: Turn, typed: str) -> JourneyMap | None:
    """The living map of that slug or name, else the one that was called so before.

    None where an archived map is called so: another one of that former name is not what is meant.
    """
    slug = slugify(typed, "")
    exact = turn.store.maps.by_slug(slug) if slug else None
    if exact is not None:
        return exact if exact.archived_at is None else None
    # A map that is hidden may have the slug, and this one, of the same name, another.
    key = key_of(typed)
    named = [one for one in turn.store.maps.begun(slug or NAMELESS) if key_of(one.name) == key]
    if len(named) == 1:
        return named[0]
    return turn.store.reshaping.map_formerly(slug) if slug else None


def no_maps_said(turn: Turn) -> Text:
    """What is said where no map is to be had."""
    return say("no maps but archived" if turn.store.reshaping.archived() else "no maps")
