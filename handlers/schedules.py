"""When a channel's digest comes: every Monday at nine, in the time zone of the person who bound it."""

from datetime import time
from typing import Any

from handlers.slots import known_zone, next_slot
from handlers.turn import Turn

DEFAULT_WEEKDAY = 0
DEFAULT_AT = "09:00"
FALLBACK_ZONE = "UTC"


def weekly(turn: Turn, place_id: str) -> dict[str, Any]:
    """A new weekly schedule of a place."""
    zone = zone_of(turn.who.zone)
    anchor = turn.now.astimezone(known_zone(zone)).date()
    slot = next_slot(DEFAULT_WEEKDAY, time.fromisoformat(DEFAULT_AT), zone, 1, anchor, turn.now)
    return {
        "id": turn.store.new_id(),
        "place_id": place_id,
        "weekday": DEFAULT_WEEKDAY,
        "at": DEFAULT_AT,
        "zone": zone,
        "weeks": 1,
        "anchor": anchor,
        "next_at": slot.at,
        "owner_id": turn.who.id,
    }


def zone_of(name: str | None) -> str:
    """The zone of that name, or UTC where nobody knows it."""
    try:
        known_zone(name or FALLBACK_ZONE)
    except ValueError:
        return FALLBACK_ZONE
    return name or FALLBACK_ZONE
