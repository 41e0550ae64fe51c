"""The form of a schedule: weekday, time, zone, interval, what is in it; the next dates are shown before it is saved."""

from datetime import date, datetime, time
from typing import Any, NamedTuple

from handlers.answers import Answer, Card, Done, Field, Form, Line, Note, Open
from handlers.errors import FieldErrors
from handlers.forms import LINE, options
from handlers.schedules import changeable, coming, rhythm
from handlers.slots import known_zone, next_slot
from handlers.text import Text, UserText, plain
from handlers.turn import Turn
from handlers.words import say, word
from handlers.zones import zone_called, zones_near
from storage.models import Schedule

VERSION = 1
MOST_WEEKS = 52
INCLUDES = ("new", "rising", "disputed", "fixed", "stale", "gaps")


class Wish(NamedTuple):
    """What the form says, checked."""

    weekday: int
    at: str
    zone: str
    weeks: int
    includes: str
    mention_id: str | None
    anchor: date
    next_at: datetime


def edit(turn: Turn) -> Answer:
    """*Change*: the form with what is set."""
    schedule = changeable(turn, turn.request.value())
    return Open(_form(turn, schedule, _known(turn, schedule)))


def save(turn: Turn) -> Answer:
    """The form was sent: first the dates that it means are shown, then the same again saves it."""
    schedule = changeable(turn, turn.request.about.get("schedule", ""))
    typed: dict[str, Any] = dict(turn.request.values)
    if turn.request.about.get("version") != str(VERSION):
        return Open(_form(turn, schedule, _known(turn, schedule) | typed, note=say("old form")))
    wish = _checked(turn, schedule)
    wished = _as_wished(schedule, wish)
    when = coming(wished, turn.now)
    wished_dates = _dates_of(wish)
    if wished_dates not in (turn.request.about.get("shown"), _dates_of(schedule)):
        typed = typed | {"zone": wish.zone}
        return Open(_form(turn, schedule, typed, note=say("schedule right", dates=when), shown=wished_dates))
    turn.store.schedules.save(schedule, **wish._asdict(), off_at=None, paused_at=None)
    turn.store.digests.wake(wish.next_at)
    text = say("schedule saved", rhythm=rhythm(wished))
    return Done(Card((Line(text), Line(when)), plain(text)))


def _form(
    turn: Turn, schedule: Schedule, known: dict[str, Any], note: Text | None = None, shown: str = ""
) -> Form:
    mention = (
        Field(
            name="mention",
            label=word("field mention"),
            kind="person",
            value=known.get("mention", ""),
            optional=True,
            hint=word("hint mention"),
        ),
    )
    return Form(
        title=word("form schedule"),
        action="schedule.save",
        submit=word("save" if shown else "schedule dates"),
        fields=(
            *([Note(note)] if note else []),
            Field(
                name="weekday",
                label=word("field weekday"),
                kind="choice",
                value=known.get("weekday", ""),
                options=options([(str(number), word(f"weekday {number}")) for number in range(7)]),
            ),
            Field(name="at", label=word("field time"), kind="time", value=known.get("at", "")),
            Field(
                name="zone",
                label=word("field zone"),
                value=known.get("zone", ""),
                hint=word("hint zone"),
                longest=LINE,
            ),
            Field(
                name="weeks",
                label=word("field weeks"),
                kind="number",
                value=known.get("weeks", ""),
                hint=word("hint weeks"),
                least=1,
                most=MOST_WEEKS,
            ),
            Field(
                name="includes",
                label=word("field includes"),
                kind="mark",
                value=known.get("includes", ()),
                options=options([(one, word(f"includes {one}")) for one in INCLUDES]),
            ),
            *(mention if schedule.person_id is None else ()),
        ),
        token=turn.store.new_id(),
        about={"schedule": schedule.id} | ({"shown": shown} if shown else {}),
        version=VERSION,
    )


def _known(turn: Turn, schedule: Schedule) -> dict[str, Any]:
    account = (
        turn.store.people.account(turn.workspace_id, schedule.mention_id) if schedule.mention_id else None
    )
    return {
        "weekday": str(schedule.weekday),
        "at": schedule.at,
        "zone": schedule.zone,
        "weeks": str(schedule.weeks),
        "includes": tuple(schedule.includes.split()),
        "mention": account.external_id if account else "",
    }


def _dates_of(one: Wish | Schedule) -> str:
    """The same for the same dates: only those that were shown are saved."""
    return "|".join(map(str, (one.weekday, one.at, one.zone, one.weeks)))


def _checked(turn: Turn, schedule: Schedule) -> Wish:
    """The wish; raises FieldErrors."""
    request, wrong = turn.request, dict[str, str]()
    weekday = request.value("weekday")
    if weekday not in {str(number) for number in range(7)}:
        wrong["weekday"] = word("error weekday")
    at = _time(request.value("at"), wrong)
    zone = _zone(request.value("zone"), wrong)
    weeks = _weeks(request.value("weeks"), wrong)
    chosen = request.values.get("includes", ())
    includes = " ".join(one for one in INCLUDES if one in chosen)
    if not includes:
        wrong["includes"] = word("error includes")
    mention_id = _mention(turn, request.value("mention"), wrong)
    if wrong or at is None:
        raise FieldErrors(wrong)
    # The same rhythm keeps its turns; another one begins anew.
    same = (int(weekday), weeks) == (schedule.weekday, schedule.weeks)
    anchor = schedule.anchor if same else turn.now.astimezone(known_zone(zone)).date()
    slot = next_slot(int(weekday), at, zone, weeks, anchor, turn.now)
    return Wish(int(weekday), f"{at:%H:%M}", zone, weeks, includes, mention_id, anchor, slot.at)


def _time(typed: str, wrong: dict[str, str]) -> time | None:
    try:
        at = time.fromisoformat(typed.strip().rjust(5, "0"))
    except ValueError:
        at = None
    if at is None or at.second or at.microsecond or at.tzinfo is not None:
        wrong["at"] = word("error time", typed=UserText(typed[:20]))
        return None
    return at


def _zone(typed: str, wrong: dict[str, str]) -> str:
    zone = zone_called(typed)
    if zone is None:
        near = ", ".join(zones_near(typed))
        shown = UserText(typed.strip()[:40])
        wrong["zone"] = (
            word("error zone near", typed=shown, near=near) if near else word("error zone", typed=shown)
        )
    return zone or ""


def _weeks(typed: str, wrong: dict[str, str]) -> int:
    weeks = int(typed) if typed.strip().isdecimal() and len(typed.strip()) < 4 else 0
    if not 1 <= weeks <= MOST_WEEKS:
        wrong["weeks"] = word("error weeks", most=MOST_WEEKS)
    return weeks


def _mention(turn: Turn, user: str, wrong: dict[str, str]) -> str | None:
    if not user:
        return None
    account = turn.store.people.by_external(turn.workspace_id, user)
    if account is None:
        wrong["mention"] = word("error mention")
        return None
    return account.person_id


def _as_wished(schedule: Schedule, wish: Wish) -> Schedule:
    changed: Schedule = schedule._replace(**wish._asdict())  # type: ignore[attr-defined]
    return changed
