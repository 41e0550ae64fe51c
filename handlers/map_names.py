"""Maps by what people call them, also by what they were called before."""

from collections import Counter
from collections.abc import Sequence

from handlers.likeness import key_of, slugify
from handlers.text import Text, ours
from handlers.turn import Here, Turn
from handlers.words import say
from storage.models import JourneyMap

NAMELESS = "map"  # the slug of a name without a letter
OFFERED = 100  # maps at most, of which one is picked


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


def labels(maps: Sequence[JourneyMap | Here]) -> list[str]:
    """Their names, to pick one by; two of one name are told apart by their slugs, which can be typed."""
    named = Counter(one.name for one in maps)
    return [one.name if named[one.name] == 1 else f"{one.name} ({one.slug})" for one in maps]


def offering(text: Text, maps: Sequence[JourneyMap | Here]) -> Text:
    """A question with these maps to pick from; where more may be there than are offered, it says what to do."""
    return text if len(maps) < OFFERED else (*text, *ours(" "), *say("maps first", n=OFFERED))


def no_maps_said(turn: Turn, never: Text) -> Text:
    """What is said where no map is to be had: `never` where there was none at all, else how one comes back."""
    return say("no maps but archived") if turn.store.reshaping.archived() else never
