"""When a weekly schedule is due: wall times in people's zones, turned into instants; the clock comes in."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


class Slot(NamedTuple):
    """One due moment: `local` is its key, the wished wall time; `at` is when it fires, in UTC."""

    local: str
    at: datetime


def next_slot(weekday: int, at: time, zone: str, weeks: int, anchor: date, after: datetime) -> Slot:
    """The first slot later than `after`, every `weeks` weeks from the anchor's week, Monday being day 0.

    No slot lies before the anchor's day. Raises ValueError for a weekday, time, zone or interval that cannot
    be, and for an `after` without a time zone.
    """
    rhythm = _Rhythm(weekday, at, known_zone(zone), weeks, anchor)
    rhythm.check()
    # One turn early: where clocks skip a Sunday's end, its slot fires on Monday, in the next week.
    turn = max(rhythm.first_turn(), rhythm.turn_around(after) - 1)
    while (slot := rhythm.slot(turn)).at <= _aware(after):
        turn += 1
    return slot


def latest_slot_before(
    weekday: int, at: time, zone: str, weeks: int, anchor: date, now: datetime
) -> Slot | None:
    """The newest slot at or before `now`, for a clock that was down to catch up once; None before the first.

    Raises ValueError as `next_slot` does.
    """
    rhythm = _Rhythm(weekday, at, known_zone(zone), weeks, anchor)
    rhythm.check()
    # One turn late: where clocks go back over midnight, Monday's slot may have fired and it is Sunday again.
    turn = rhythm.turn_around(now) + 1
    while turn >= rhythm.first_turn():
        if (slot := rhythm.slot(turn)).at <= _aware(now):
            return slot
        turn -= 1
    return None


def known_zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name; raises ValueError if there is none."""
    try:
        return ZoneInfo(name)
    # A folder such as "Europe" and an overlong name fail as files do, not as unknown keys.
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"There is no time zone called {name!r}; try one like 'Europe/Berlin'.") from error


class _Rhythm(NamedTuple):
    """A schedule's wishes; its turns are counted from 0, the anchor's week."""

    weekday: int
    at: time
    zone: ZoneInfo
    weeks: int
    anchor: date

    def check(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"A weekday is a number from 0 (Monday) to 6, not {self.weekday}.")
        if self.weeks < 1:
            raise ValueError(f"A schedule comes every week or every few, not every {self.weeks} weeks.")
        # The key of a slot is a plain wall time to the minute.
        if self.at.tzinfo is not None or self.at.second or self.at.microsecond:
            raise ValueError(f"A schedule's time is a plain wall time of whole minutes, not {self.at}.")

    def first_turn(self) -> int:
        """The first turn whose day is not before the anchor."""
        return 0 if self.weekday >= self.anchor.weekday() else 1

    def turn_around(self, moment: datetime) -> int:
        """The turn of the week in which that moment falls, by the zone's own calendar."""
        days = (_aware(moment).astimezone(self.zone).date() - _monday(self.anchor)).days
        return days // (7 * self.weeks)

    def slot(self, turn: int) -> Slot:
        day = _monday(self.anchor) + turn * self.weeks * WEEK + timedelta(days=self.weekday)
        wall = datetime.combine(day, self.at)
        return Slot(wall.isoformat(timespec="minutes"), _instant(wall, self.zone))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(UTC)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which that zone's clocks show that wall time or, if they skip it, a later one."""
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return at
    # PEP 495: in a gap, fold=0 reckons with the offset before it and lands after it; fold=1 lands before.
    return _change_between(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), at, zone)


def _change_between(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the zone's offset changes, given an instant on either side."""
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
