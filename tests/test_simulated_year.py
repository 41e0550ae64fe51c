"""A year of an organisation of 40 people and 6 maps, played in seconds by chance that can be repeated."""

import re
import sys
from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.half_lives import half_life
from tests.snapshots import disagreements, read
from tests.year import PEOPLE, WEEK, AtOnce, Year


def unbelieved(year: Year) -> list[Any]:
    """Open items whose last word is older than twice its half-life, and that do not say so."""
    found = year.sql.execute(
        "SELECT items.kind, severity, number, max(changes.at) FROM items JOIN changes ON subject_id = items.id "
        "WHERE what IN ('logged', 'confirmed', 'reopened') AND removed_at IS NULL AND resolved_at IS NULL "
        "AND items.kind <> 'idea' AND trust NOT IN ('stale', 'disputed') GROUP BY items.id"
    )
    late = []
    for kind, severity, number, at in found:
        life = half_life("", kind, severity)
        assert life is not None
        if year.now - datetime.fromisoformat(f"{at}+00:00") > 2 * life:
            late.append((kind, severity, number, at))
    return late


def within_hours(year: Year, user: str, at: datetime) -> bool:
    """Is it a working day of theirs, and an hour of it, by their own clock?"""
    question = "SELECT zone, work_days, work_from, work_until FROM people WHERE name = ?"
    zone, days, start, end = year.sql.execute(question, (user,)).fetchone()
    local = at.astimezone(ZoneInfo(zone))
    return str(local.weekday()) in days and start <= f"{local:%H:%M}" < end


def most_in_a_week(moments: list[datetime]) -> int:
    """The most questions that came within any seven days."""
    return max(sum(moment - WEEK < other <= moment for other in moments) for moment in moments)


def misled(year: Year) -> list[Any]:
    """Digests that came without need, did not come, or say something else than what happened to their map."""
    wrong: list[Any] = []
    told = {
        (one.channel, one.at, one.ts): one
        for one in year.posts
        if re.match(r"Map \d, ", one.words) and not one.thread
    }
    for slot in year.slots:
        came = [one for one in told.values() if (one.channel, one.at) == (slot.channel, slot.at)]
        if len(came) != bool(slot.due.facts):
            wrong.append((slot, came))
        for digest in came:
            del told[digest.channel, digest.at, digest.ts]
            thread = "\n".join(one.words for one in year.posts if one.thread == digest.ts)
            if found := disagreements(read(digest.words, thread), slot.due):
                wrong.append((slot.name, slot.at, found, digest.words, thread))
    return [*wrong, *told.values()]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
async def test_a_year_asks_nobody_too_often_and_leaves_nothing_believed_by_habit(
    sqlite_url: str, seed: int
) -> None:
    database = AtOnce(sqlite_url)
    year = Year(database, sqlite_url, seed)
    late: list[Any] = []
    await year.begin()
    await year.play(lambda: late.extend(unbelieved(year)))
    busiest = max(map(most_in_a_week, year.asked.values()))
    outside = [
        (user, moment)
        for user, moments in year.asked.items()
        for moment in moments
        if not within_hours(year, user, moment)
    ]
    trust = dict(year.sql.execute("SELECT trust, count(*) FROM items GROUP BY trust"))
    changes = dict(year.sql.execute("SELECT what, count(*) FROM changes GROUP BY what"))
    wrong = misled(year)
    facts = Counter(sort for slot in year.slots for sort in slot.due.facts)
    threads = sum(bool(one.thread) for one in year.posts)
    year.sql.close()
    await database.close()
    sys.stdout.write(
        f"\nasked {sum(map(len, year.asked.values()))} questions of {len(year.asked)} people: {dict(year.did)}"
        f"\nmost in a week {busiest}, outside of hours {len(outside)}, believed too long {len(late)}"
        f"\n{len(year.slots)} slots, {sum(bool(slot.due.facts) for slot in year.slots)} digests, {threads} with a"
        f" thread, by what they tell {dict(facts)}; {len(wrong)} differ from the history"
        f"\nhistory {changes}\nitems by trust {trust}\n"
    )
    assert busiest <= 3
    assert outside == []
    assert late == []
    assert wrong == []
    assert set(facts) == {"new", "rising", "disputed", "fixed", "stale", "gaps"}, (
        "a year of which no digest told everything proves little"
    )
    assert threads > 5
    assert len(year.asked) > PEOPLE / 2, "it is not always the same few who are asked"
    for what in ("confirmed", "disputed", "stale", "resolved", "reopened"):
        assert changes.get(what, 0) > 0, f"a year without anything {what} proves little"
