"""What a person sets for themselves: language, team, working hours, and a pause from questions."""

from datetime import UTC, date, datetime, time, timedelta

from handlers.answers import Answer, Card, Done, Field, Form, Line, Note, Open
from handlers.effects import home
from handlers.errors import FieldErrors
from handlers.forms import LINE, options
from handlers.slots import known_zone
from handlers.text import Text, UserText, joined, plain
from handlers.turn import Turn
from handlers.words import CATALOGUES, say, word
from handlers.zones import zone_of
from storage.models import Person

VERSION = 1
LONGEST_PAUSE = timedelta(days=366)
DAYS = "0123456"  # Monday is 0


def settings(turn: Turn) -> Answer:
    """`/journey settings`, or the button: the form with what is set."""
    return Open(_form(turn, _known(turn)))


def save(turn: Turn) -> Answer:
    """The form was sent."""
    request = turn.request
    if request.about.get("version") != str(VERSION):
        typed = {name: value for name, value in request.values.items() if value}
        return Open(_form(turn, _known(turn) | typed, note=say("old form")))
    person = _person(turn)
    chosen = _checked(turn, person)
    turn.store.people.set_settings(person.id, **chosen)
    home(turn.store, turn.workspace_id, person.id, turn.now)
    fresh = _person(turn)
    text = say("settings saved")
    return Done(Card((Line(text), Line(in_words(fresh, turn.now))), plain(text)))


def in_words(person: Person, now: datetime) -> Text:
    """What is set, in a line."""
    zone = zone_of(person.zone)
    hours = say(
        "settings hours",
        days=_days(person.work_days),
        start=person.work_from,
        end=person.work_until,
        zone=zone.replace("_", " "),
    )
    team = [say("settings team", team=UserText(person.team))] if person.team else []
    pause = []
    if person.paused_until is not None and person.paused_until > now:
        pause = [say("settings paused", date=_day(person.paused_until.astimezone(known_zone(zone)).date()))]
    return joined([*team, hours, *pause])


def _days(chosen: str) -> Text:
    """Monday–Friday, or the days by name where they do not follow each other."""
    days = sorted(int(day) for day in chosen if day in DAYS)
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        first, last = (say(f"weekday {day}") for day in (days[0], days[-1]))
        return joined([first, last], "–")
    return joined([say(f"weekday {day}") for day in days], ", ")


def _day(on: date) -> str:
    return f"{on.day} {word(f'month {on.month}')} {on.year}"


def _person(turn: Turn) -> Person:
    person = turn.store.people.get(turn.who.id)
    assert person is not None, "who asks is written down"
    return person


def _known(turn: Turn) -> dict[str, str | tuple[str, ...]]:
    person = _person(turn)
    paused = person.paused_until
    zone = known_zone(zone_of(person.zone))
    return {
        "language": person.language,
        "team": person.team or "",
        "from": person.work_from,
        "until": person.work_until,
        "days": tuple(person.work_days),
        "pause": paused.astimezone(zone).date().isoformat() if paused and paused > turn.now else "",
    }


def _form(turn: Turn, known: dict[str, str | tuple[str, ...]], note: Text | None = None) -> Form:
    zone = zone_of(turn.who.zone).replace("_", " ")
    return Form(
        title=word("form settings"),
        action="settings.save",
        submit=word("save"),
        fields=(
            *([Note(note)] if note else []),
            Field(
                name="team",
                label=word("field team"),
                value=known["team"],
                optional=True,
                hint=word("hint team"),
                longest=LINE,
            ),
            Note(say("settings zone", zone=zone)),
            Field(
                name="days",
                label=word("field days"),
                kind="mark",
                value=known["days"],
                options=options([(day, word(f"weekday {day}")) for day in DAYS]),
            ),
            Field(name="from", label=word("field from"), kind="time", value=known["from"]),
            Field(name="until", label=word("field until"), kind="time", value=known["until"]),
            Field(
                name="pause",
                label=word("field pause"),
                kind="date",
                value=known["pause"],
                optional=True,
                hint=word("hint pause"),
            ),
            Field(
                name="language",
                label=word("field language"),
                kind="choice",
                value=known["language"],
                options=options([(code, word("language", code)) for code in CATALOGUES]),
            ),
        ),
        token=turn.store.new_id(),
        version=VERSION,
    )


def _checked(turn: Turn, person: Person) -> dict[str, str | datetime | None]:
    """The columns that the form means; raises FieldErrors."""
    request, wrong = turn.request, dict[str, str]()
    team = " ".join(request.value("team").split())[:LINE]
    days = "".join(day for day in DAYS if day in request.values.get("days", ()))
    if not days:
        wrong["days"] = word("error days")
    start, end = (_time(request.value(name)) for name in ("from", "until"))
    if start is None or end is None or start >= end:
        wrong["until"] = word("error hours")
    paused = _pause(request.value("pause"), person, turn.now, wrong)
    language = request.value("language")
    if wrong or start is None or end is None:
        raise FieldErrors(wrong)
    return {
        "team": team or None,
        "language": language if language in CATALOGUES else person.language,
        "work_from": f"{start:%H:%M}",
        "work_until": f"{end:%H:%M}",
        "work_days": days,
        "paused_until": paused,
    }


def _time(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed) if len(typed) == 5 else None
    except ValueError:
        return None


def _pause(typed: str, person: Person, now: datetime, wrong: dict[str, str]) -> datetime | None:
    """From the beginning of that day, in the person's zone, questions are welcome again."""
    if not typed:
        return None
    try:
        until = datetime.combine(date.fromisoformat(typed), time(), known_zone(zone_of(person.zone)))
    except ValueError:
        wrong["pause"] = word("error date")
        return None
    if not now < until < now + LONGEST_PAUSE:
        wrong["pause"] = word("error pause")
        return None
    return until.astimezone(UTC)
