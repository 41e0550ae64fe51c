"""Weekly slots fire once, at the wished wall time, whatever a zone does to its clocks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.slots import Slot, known_zone, latest_slot_before, next_slot

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
NINE = time(9)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def slot_after(zone: str, weekday: int, at: time, after: str) -> Slot:
    return next_slot(weekday, at, zone, 1, date(2011, 1, 3), utc(after))


def test_the_digest_comes_on_monday_at_nine_where_the_team_is() -> None:
    assert slot_after("Europe/Berlin", MON, NINE, "2026-11-18T12:00") == Slot(
        "2026-11-23T09:00", utc("2026-11-23T08:00")
    )


def test_the_next_slot_is_later_than_the_moment_and_the_latest_may_be_the_moment_itself() -> None:
    due = utc("2026-11-23T08:00")
    anchor = date(2026, 1, 5)
    assert next_slot(MON, NINE, "Europe/Berlin", 1, anchor, due).local == "2026-11-30T09:00"
    assert latest_slot_before(MON, NINE, "Europe/Berlin", 1, anchor, due) == Slot("2026-11-23T09:00", due)
    earlier = latest_slot_before(MON, NINE, "Europe/Berlin", 1, anchor, due - timedelta(microseconds=1))
    assert earlier == Slot("2026-11-16T09:00", utc("2026-11-16T08:00"))


def test_nine_stays_nine_when_the_clocks_change() -> None:
    assert slot_after("Europe/Berlin", MON, NINE, "2026-03-23T09:00").at == utc("2026-03-30T07:00")
    assert slot_after("America/New_York", MON, NINE, "2026-03-05T09:00").at == utc("2026-03-09T13:00")
    assert slot_after("America/New_York", MON, NINE, "2026-10-30T09:00").at == utc("2026-11-02T14:00")


@pytest.mark.parametrize(
    ("zone", "weekday", "at", "after", "fires"),
    [
        ("Europe/Berlin", SUN, time(2, 30), "2026-03-28T00:00", "2026-03-29T01:00"),  # 02:00 becomes 03:00
        ("America/New_York", SUN, time(2, 15), "2026-03-07T12:00", "2026-03-08T07:00"),
        ("Australia/Lord_Howe", SUN, time(2, 10), "2026-10-03T00:00", "2026-10-03T15:30"),  # by half an hour
        ("Africa/Casablanca", SUN, time(2, 30), "2026-03-20T00:00", "2026-03-22T02:00"),  # Ramadan is over
        ("America/Havana", SUN, time(0, 30), "2026-03-07T00:00", "2026-03-08T05:00"),  # midnight is missing
    ],
)
def test_a_time_that_does_not_exist_moves_to_the_first_that_does(
    zone: str, weekday: int, at: time, after: str, fires: str
) -> None:
    slot = slot_after(zone, weekday, at, after)
    assert slot.at == utc(fires)
    assert slot.local.endswith(at.isoformat(timespec="minutes"))


@pytest.mark.parametrize(
    ("zone", "weekday", "at", "after", "fires"),
    [
        ("Europe/Berlin", SUN, time(2, 30), "2026-10-24T00:00", "2026-10-25T00:30"),
        ("America/New_York", SUN, time(1, 30), "2026-10-31T00:00", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", SUN, time(1, 45), "2026-04-04T00:00", "2026-04-04T14:45"),
        ("Africa/Casablanca", SUN, time(2, 30), "2026-02-14T00:00", "2026-02-15T01:30"),
    ],
)
def test_a_time_that_exists_twice_fires_at_the_first(
    zone: str, weekday: int, at: time, after: str, fires: str
) -> None:
    slot = slot_after(zone, weekday, at, after)
    assert slot.at == utc(fires)
    after_it = next_slot(weekday, at, zone, 1, date(2011, 1, 3), slot.at)
    assert after_it.at - slot.at > timedelta(days=6)


def test_a_day_that_a_country_skipped_moves_to_the_first_minute_after_it() -> None:
    skipped = slot_after("Pacific/Apia", FRI, NINE, "2011-12-29T00:00")
    assert skipped == Slot("2011-12-30T09:00", utc("2011-12-30T10:00"))
    assert skipped.at.astimezone(ZoneInfo("Pacific/Apia")).isoformat() == "2011-12-31T00:00:00+14:00"
    assert slot_after("Pacific/Apia", FRI, NINE, "2011-12-30T10:00").local == "2012-01-06T09:00"


def test_every_second_week_keeps_its_rhythm_from_the_anchor() -> None:
    anchor, moment, found = date(2026, 11, 4), utc("2026-11-04T00:00"), []
    for _ in range(4):
        slot = next_slot(THU, NINE, "Europe/Berlin", 2, anchor, moment)
        found.append(slot.local[:10])
        moment = slot.at
    assert found == ["2026-11-05", "2026-11-19", "2026-12-03", "2026-12-17"]
    # A change of the weekday keeps the weeks: the 19th and the 17th stay digest weeks.
    assert (
        next_slot(TUE, NINE, "Europe/Berlin", 2, anchor, utc("2026-11-06T00:00")).local[:10] == "2026-11-17"
    )


def test_no_slot_lies_before_the_day_the_schedule_began() -> None:
    began = date(2026, 11, 18)  # a Wednesday
    assert latest_slot_before(MON, NINE, "UTC", 1, began, utc("2026-11-18T12:00")) is None
    assert next_slot(MON, NINE, "UTC", 1, began, utc("2020-01-01T00:00")).local == "2026-11-23T09:00"
    assert next_slot(WED, NINE, "UTC", 3, began, utc("2020-01-01T00:00")).local == "2026-11-18T09:00"
    assert next_slot(MON, NINE, "UTC", 3, began, utc("2026-11-18T00:00")).local == "2026-12-07T09:00"


def test_a_clock_that_was_down_for_two_months_catches_up_with_the_newest_slot_alone() -> None:
    anchor, now = date(2026, 9, 7), utc("2026-11-25T10:00")
    caught_up = latest_slot_before(MON, NINE, "Europe/Berlin", 1, anchor, now)
    assert caught_up is not None
    assert caught_up.local == "2026-11-23T09:00"
    assert next_slot(MON, NINE, "Europe/Berlin", 1, anchor, now).local == "2026-11-30T09:00"


def test_the_week_is_the_zones_own_not_that_of_utc() -> None:
    # Monday 00:30 in Auckland is still Sunday noon in UTC.
    slot = next_slot(MON, time(0, 30), "Pacific/Auckland", 2, date(2026, 11, 16), utc("2026-11-14T00:00"))
    assert slot == Slot("2026-11-16T00:30", utc("2026-11-15T11:30"))


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "Europe", "../etc/passwd", "/etc/passwd", "x" * 5000])
def test_an_unknown_zone_is_refused_with_its_name(name: str) -> None:
    with pytest.raises(ValueError, match="There is no time zone called"):
        known_zone(name)
    with pytest.raises(ValueError, match="There is no time zone called"):
        next_slot(MON, NINE, name, 1, date(2026, 1, 5), utc("2026-01-05T00:00"))


def test_wishes_that_cannot_be_are_refused() -> None:
    day, now = date(2026, 1, 5), utc("2026-01-05T00:00")
    with pytest.raises(ValueError, match="weekday"):
        next_slot(7, NINE, "UTC", 1, day, now)
    with pytest.raises(ValueError, match="every 0 weeks"):
        latest_slot_before(MON, NINE, "UTC", 0, day, now)
    with pytest.raises(ValueError, match="whole minutes"):
        next_slot(MON, time(9, 0, 1), "UTC", 1, day, now)
    with pytest.raises(ValueError, match="time zone"):
        next_slot(MON, NINE, "UTC", 1, day, now.replace(tzinfo=None))


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"]),
    st.integers(0, 6),
    st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    st.integers(1, 9),
    st.dates(date(2010, 1, 1), date(2012, 12, 31)),
    st.integers(-1_000_000, 10_000_000).map(
        lambda minutes: utc("2010-01-01T00:00") + timedelta(minutes=minutes)
    ),
)
def test_latest_and_next_are_neighbours_one_interval_apart(
    zone: str, weekday: int, at: time, weeks: int, anchor: date, now: datetime
) -> None:
    latest = latest_slot_before(weekday, at, zone, weeks, anchor, now)
    following = next_slot(weekday, at, zone, weeks, anchor, now)
    assert following.at > now
    assert following.at.tzinfo is UTC
    if latest is not None:
        assert latest.at <= now
        assert next_slot(weekday, at, zone, weeks, anchor, latest.at) == following
        apart = datetime.fromisoformat(following.local) - datetime.fromisoformat(latest.local)
        assert apart == timedelta(weeks=weeks)


# --- every zone, every change of its clocks, 2024-2030 -----------------------------------------------------


def offset(at: datetime, zone: ZoneInfo) -> timedelta:
    shift = at.astimezone(zone).utcoffset()
    assert shift is not None
    return shift


def change_moments(zone: ZoneInfo) -> Iterator[datetime]:
    """The instants at which the zone's offset changes; looked for week by week, then to the minute."""
    start, week = datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=7)
    for number in range(7 * 53):
        early, late = start + number * week, start + (number + 1) * week
        if offset(early, zone) == offset(late, zone):
            continue
        old = offset(early, zone)
        while late - early > timedelta(minutes=1):
            middle = early + (late - early) // 2
            early, late = (middle, late) if offset(middle, zone) == old else (early, middle)
        yield late.replace(second=0, microsecond=0)


def walls_around(change: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Wall times at the edges and in the middle of what the change skips or repeats."""
    one = (change + offset(change - timedelta(minutes=1), zone)).replace(tzinfo=None)
    other = (change + offset(change, zone)).replace(tzinfo=None)
    yield from {one, other, min(one, other) + abs(other - one) // 2}


def first_shown(wall: datetime, zone: ZoneInfo, near: datetime) -> datetime:
    """The rule, spelled out: the first minute at which the zone's clocks show that time or a later one."""
    minute = near.replace(second=0, microsecond=0) - timedelta(hours=5)
    while minute.astimezone(zone).replace(tzinfo=None) < wall:
        minute += timedelta(minutes=1)
    return minute


def assert_one_slot_a_week(name: str, wall: datetime, weeks: int = 1) -> None:
    """From two weeks before that wall time to two after it, each week has its one slot, in order."""
    anchor, moment = date(2023, 1, 2), (wall - timedelta(days=18)).replace(tzinfo=UTC)
    at = wall.time()
    wished = [(wall + timedelta(days=7 * number)).isoformat(timespec="minutes") for number in range(-2, 3)]
    found = []
    for _ in wished:
        slot = next_slot(wall.weekday(), at, name, weeks, anchor, moment)
        assert slot.at > moment
        assert latest_slot_before(wall.weekday(), at, name, weeks, anchor, slot.at) == slot
        found.append(slot.local)
        moment = slot.at
    assert found == wished, name


def assert_fires_when_first_shown(name: str, wall: datetime, change: datetime) -> None:
    slot = next_slot(
        wall.weekday(), wall.time(), name, 1, date(2023, 1, 2), change - timedelta(days=3, hours=12)
    )
    assert slot == (f"{wall:%Y-%m-%dT%H:%M}", first_shown(wall, ZoneInfo(name), change)), name


def test_every_zone_has_one_slot_in_each_week_of_a_change() -> None:
    seen: set[tuple[datetime, timedelta, timedelta]] = set()
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for change in change_moments(zone):
            shape = (change, offset(change - timedelta(minutes=1), zone), offset(change, zone))
            if shape in seen:  # many names share their changes; the long proof takes them all
                continue
            seen.add(shape)
            for wall in walls_around(change, zone):
                assert_one_slot_a_week(name, wall)
                assert_fires_when_first_shown(name, wall, change)
    assert len(seen) > 100


@pytest.mark.soak
def test_every_zone_and_wall_time_has_one_slot_in_each_week_of_a_change() -> None:
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for change in change_moments(zone):
            for wall in walls_around(change, zone):
                assert_fires_when_first_shown(name, wall, change)
            midnight = change.astimezone(zone).replace(tzinfo=None, hour=0, minute=0)
            for half_hours in range(-48, 96):
                assert_one_slot_a_week(name, midnight + timedelta(minutes=30 * half_hours))
