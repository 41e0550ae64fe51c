"""When somebody may be asked: on their working days, within their hours, by their own clock, and not on leave."""

from datetime import UTC, datetime, time, timedelta

from handlers.slots import known_zone
from handlers.zones import zone_of
from storage.models import Person

DAYS_AHEAD = 8  # a week and a day: any working day comes within it


def welcome_from(person: Person, now: datetime) -> datetime | None:
    """The first moment from now on at which a question is welcome; None for somebody who is gone or never works."""
    if person.gone_at is not None:
        return None
    zone = known_zone(zone_of(person.zone))
    after = max(now, person.paused_until) if person.paused_until else now
    start, end = (time.fromisoformat(wall) for wall in (person.work_from, person.work_until))
    first = after.astimezone(zone).date()
    for day in (first + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)):
        if str(day.weekday()) not in person.work_days:
            continue
        # Compared in UTC: on a day on which the clocks change, wall times are not apart what they seem.
        opens, closes = (datetime.combine(day, wall, zone).astimezone(UTC) for wall in (start, end))
        if after < closes:
            return max(after, opens)
    return None
