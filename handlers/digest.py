"""The digest: the difference between two revisions of a map, three items of each sort."""

from datetime import datetime, time
from typing import Any, NamedTuple

from handlers.answers import Answer, Button, Buttons, Card, Line, Part, Quiet, Rows, Rule, Tell, Title
from handlers.cards import day, worst_pain
from handlers.errors import Refusal
from handlers.kinds import mark, ref
from handlers.slots import known_zone, next_slot
from handlers.text import Run, Text, UserText, joined, plain, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Schedule
from storage.store import Store

EACH = 3


class Difference(NamedTuple):
    """What changed on a map in the revisions (after, upto]; `total` on each row counts its whole sort."""

    map_id: str
    name: str
    after: int
    upto: int
    since: datetime | None
    new: list[Any]
    rising: list[Any]
    fixed: list[Any]
    hurts: str | None

    @property
    def empty(self) -> bool:
        """Is there nothing to tell?"""
        return not (self.new or self.rising or self.fixed)


def differences(store: Store, place_id: str, schedule_id: str | None) -> list[Difference]:
    """What changed on each map of a place since its schedule last told, or since the map was bound."""
    told = store.digests.told(schedule_id) if schedule_id else {}
    return [
        difference(
            store, bound.map_id, bound.name, told.get(bound.map_id, bound.from_revision), bound.revision
        )
        for bound in store.maps.bindings(place_id)
    ]


def difference(store: Store, map_id: str, name: str, after: int, upto: int) -> Difference:
    """What changed on one map in the revisions (after, upto]."""
    if after >= upto:
        return Difference(map_id, name, after, upto, None, [], [], [], None)
    worst = worst_pain(store, map_id)
    stage = store.maps.stage(worst.stage_id) if worst else None
    return Difference(
        map_id,
        name,
        after,
        upto,
        store.digests.since(map_id, after, upto),
        store.digests.new(map_id, after, upto, EACH),
        store.digests.rising(map_id, after, upto, EACH),
        store.digests.fixed(map_id, after, upto, EACH),
        stage.name if stage else None,
    )


def digest_card(found: list[Difference], zone: str, until: datetime) -> Card | None:
    """The digest of all maps that changed; none on an empty week."""
    parts: list[Part] = []
    heads = []
    for one in found:
        if one.empty:
            continue
        if parts:
            parts.append(Rule())
        head = _head(one, zone, until)
        heads.append(plain(head))
        parts.append(Title(head))
        for key, rows in (("new", one.new), ("rising", one.rising), ("fixed", one.fixed)):
            parts += _section(key, rows)
        parts.append(Buttons((Button(word("open map"), "map.show", one.map_id),)))
    return Card(tuple(parts), " ".join(heads)) if parts else None


def show(turn: Turn) -> Answer:
    """`/journey digest`: what the next digest would tell now, in private."""
    if turn.place_id is None or not turn.maps:
        raise Refusal(say("no map here"))
    schedule = next(iter(turn.store.digests.schedules(turn.place_id)), None)
    zone = schedule.zone if schedule else "UTC"
    found = differences(turn.store, turn.place_id, schedule.id if schedule else None)
    card = digest_card(found, zone, turn.now)
    ending = (Quiet(_next(schedule, turn.now)),) if schedule else ()
    if card is None:
        names = joined([say("map title", map=UserText(here.name)) for here in turn.maps], ", ")
        text = say("digest nothing", map=names)
        return Tell(Card((Line(text), *ending), plain(text)))
    return Tell(Card((*card.parts, *ending), card.summary))


def _next(schedule: Schedule, now: datetime) -> Text:
    slot = next_slot(
        schedule.weekday, time.fromisoformat(schedule.at), schedule.zone, schedule.weeks, schedule.anchor, now
    )
    local = slot.at.astimezone(known_zone(schedule.zone))
    return say("digest next", weekday=say(f"weekday {local.weekday()}"), at=f"{local:%H:%M}")


def _head(one: Difference, zone: str, now: datetime) -> Text:
    facts = [
        say(f"digest {key}", n=rows[0].total)
        for key, rows in (("new", one.new), ("rising", one.rising), ("fixed", one.fixed))
        if rows
    ]
    head = say(
        "digest head",
        map=UserText(one.name),
        dates=_dates(one.since or now, now, zone),
        facts=joined(facts, ", "),
    )
    if one.hurts:
        head = (*head, Run(" "), *say("digest hurts", stage=UserText(one.hurts)))
    return head


def _dates(first: datetime, last: datetime, zone: str) -> str:
    start, end = (at.astimezone(known_zone(zone)).date() for at in (first, last))
    if start >= end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    return f"{day(start)} – {day(end)}"


def _section(key: str, rows: list[Any]) -> list[Part]:
    if not rows:
        return []
    lines = [_row(key, row) for row in rows]
    if rows[0].total > len(rows):
        lines.append(say("digest rest", n=rows[0].total - len(rows)))
    return [Quiet(say(f"digest {key} head")), Rows(tuple(lines))]


def _row(key: str, row: Any) -> Text:
    values = {
        "mark": mark(row.kind, row.severity),
        "ref": ref(row.kind, row.number),
        "stage": UserText(row.stage),
        "words": UserText(short(row.text)),
        "n": row.votes,
    }
    if key == "rising":
        return say("digest row rising", delta=row.delta, **values)
    return say("digest row", **values)
