"""Time zones as people write them: `Europe/Berlin`, `berlin`, or nearly."""

import difflib
from functools import lru_cache
from zoneinfo import available_timezones

from handlers.slots import known_zone

FALLBACK = "UTC"
NEAR = 3


def zone_of(name: str | None) -> str:
    """The zone of that name, or UTC where nobody knows it."""
    try:
        known_zone(name or FALLBACK)
    except ValueError:
        return FALLBACK
    return name or FALLBACK


def zone_called(typed: str) -> str | None:
    """The zone of that IANA name, whatever its case, or the only one whose city is called so; None otherwise."""
    wanted = "_".join(typed.split())
    if wanted in _names().values():
        return wanted
    lowered = wanted.lower()
    if lowered in _names():
        return _names()[lowered]
    cities = [name for low, name in _names().items() if low.rpartition("/")[2] == lowered]
    return cities[0] if len(cities) == 1 else None


def zones_near(typed: str) -> list[str]:
    """At most three zones that are called alike."""
    lowered = "_".join(typed.split()).lower()
    cities = {low.rpartition("/")[2]: name for low, name in _names().items()}
    near = difflib.get_close_matches(lowered, [*_names(), *cities], n=NEAR, cutoff=0.6)
    return list(dict.fromkeys(_names().get(one) or cities[one] for one in near))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The regions' zones and UTC by their names in small letters; no aliases of old systems."""
    regions = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    chosen = (name for name in sorted(available_timezones()) if name.partition("/")[0] in regions)
    return {name.lower(): name for name in (*chosen, FALLBACK)}
