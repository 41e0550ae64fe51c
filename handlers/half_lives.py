"""How long a word holds: after its half-life people are asked, and after half as long again it is stale."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from handlers.kinds import Kind, Severity
from storage.models import Item

# In days; an idea is no claim that could stop being true.
HALF_LIVES: Mapping[str, int] = {
    Severity.ABANDON: 30,
    Severity.WORKAROUND: 60,
    Severity.TRIVIAL: 120,
    Kind.QUOTE: 180,
    Kind.GAIN: 180,
}


@lru_cache(256)
def half_life(wishes: str, kind: str, severity: str | None) -> timedelta | None:
    """For how long an item of that kind is believed; `wishes` are the organisation's own, as they are stored."""
    what = (severity or Severity.TRIVIAL.value) if kind == Kind.PAIN else kind
    own = dict(pair.split("=") for pair in wishes.split())
    days = int(own.get(what, 0)) or HALF_LIVES.get(what)
    return timedelta(days=days) if days else None


def check_times(wishes: str, kind: str, severity: str | None, since: datetime) -> dict[str, datetime | None]:
    """The columns that say when an item is asked about and when it is stale, if nobody speaks up after `since`."""
    life = half_life(wishes, kind, severity)
    if life is None:
        return {"check_at": None, "stale_at": None}
    check_at = since + life
    return {"check_at": check_at, "stale_at": check_at + _half(life)}


@lru_cache(64)
def _half(life: timedelta) -> timedelta:
    return life / 2


def new_times(item: Item, now: datetime, wishes: str) -> dict[str, datetime | None]:
    """Its times by a half-life that changed; whom it makes late is asked first, and is stale half a life later."""
    times = check_times(wishes, item.kind, item.severity, item.confirmed_at or item.created_at)
    life = half_life(wishes, item.kind, item.severity)
    if life is None or times["check_at"] is None or times["check_at"] > now:
        return times
    return {"check_at": now, "stale_at": now + life / 2}
