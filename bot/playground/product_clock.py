"""Product time: real time and what was skipped. Signatures, leases and retries stay on real time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Jump = Literal["minutes", "monday", "weeks"]
MONDAY_AT = 9
FEW_MINUTES, FEW_WEEKS = timedelta(minutes=10), timedelta(weeks=4)


def real_now() -> datetime:
    """The time on the wall."""
    return datetime.now(UTC)


class ProductClock:
    """A clock that can be moved."""

    def __init__(self, skipped: timedelta = timedelta(), real: Callable[[], datetime] = real_now) -> None:
        self.skipped = skipped
        self._real = real

    def __call__(self) -> datetime:
        return self._real() + self.skipped

    def to(self, moment: datetime) -> None:
        """Moves product time to that moment."""
        self.skipped += moment - self()

    def jump(self, how: Jump, zone: str) -> datetime:
        """Moves product time forward: ten minutes, to Monday's digest in that zone, or four weeks."""
        now = self()
        match how:
            case "minutes":
                self.skipped += FEW_MINUTES
            case "weeks":
                self.skipped += FEW_WEEKS
            case "monday":
                self.to(next_monday(now, zone))
        return self()


def next_monday(now: datetime, zone: str) -> datetime:
    """The next Monday, nine o'clock in that zone."""
    local = now.astimezone(ZoneInfo(zone))
    at = local.replace(hour=MONDAY_AT, minute=0, second=0, microsecond=0)
    days = (7 - local.weekday()) % 7
    monday = at + timedelta(days=days)
    return (monday if monday > local else monday + timedelta(days=7)).astimezone(UTC)


def mornings(after: datetime, before: datetime, zone: str) -> Iterator[datetime]:
    """Shortly after nine in that zone, on each day between two moments."""
    local = after.astimezone(ZoneInfo(zone)).replace(hour=MONDAY_AT, minute=2, second=0, microsecond=0)
    days = (before - after).days + 1
    each = ((local + timedelta(days=day)).astimezone(UTC) for day in range(days + 1))
    return (morning for morning in each if after < morning < before)
