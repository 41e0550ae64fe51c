"""When a channel's digest comes: every Monday at nine in the zone of who bound it, unless somebody wished otherwise."""

from datetime import datetime, time
from typing import Any

from handlers.answers import (
    Answer,
    Button,
    Buttons,
    Card,
    Line,
    Menu,
    More,
    Option,
    Part,
    Quiet,
    Replace,
    Rows,
    Rule,
    Tell,
    Title,
)
from handlers.cards import day
from handlers.choosing import no_map_here
from handlers.errors import Refusal
from handlers.forms import options
from handlers.kinds import Role
from handlers.slots import Slot, known_zone, next_slot
from handlers.text import Text, UserText, joined, ours, plain
from handlers.turn import Turn
from handlers.words import say, word
from handlers.zones import zone_of
from storage.models import Schedule
from storage.store import Store

DEFAULT_WEEKDAY = 0
DEFAULT_AT = "09:00"
COMING = 3  # dates that are shown ahead
MOST = 60


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


def show(turn: Turn) -> Answer:
    """`/journey schedule`: what comes to this channel and when; elsewhere, everything that is sent."""
    if turn.place_id is None or not turn.maps:
        return Tell(_everything(turn))
    return Tell(_channel_card(turn, turn.place_id))


def show_clicked(turn: Turn) -> Answer:
    """A schedule was picked from the list of all."""
    return Tell(_channel_card(turn, visible(turn, turn.request.value()).place_id))


def send_now(turn: Turn) -> Answer:
    """*Send it now*: one more, beside those that are due."""
    schedule = changeable(turn, turn.request.value())
    if schedule.paused_at is not None:
        raise Refusal(_state(turn, schedule))
    if not _something_new(turn.store, schedule):
        raise Refusal(say("schedule nothing new", place=_place_name(turn, schedule)))
    turn.store.schedules.save(schedule, wanted_at=turn.now, next_at=turn.now)
    turn.store.digests.wake(turn.now)
    return _done(turn, schedule, say("schedule now", place=_place_name(turn, schedule)))


def skip(turn: Turn) -> Answer:
    """*Skip the next one*: `schedule slot` is the click's value, so that a second click skips nothing more."""
    schedule_id, _, local = turn.request.value().partition(" ")
    schedule = changeable(turn, schedule_id)
    slot = _next(schedule, turn.now)
    if slot.local == local and schedule.next_at <= slot.at:
        coming = _next(schedule, slot.at)
        turn.store.schedules.save(schedule, next_at=coming.at)
    return _done(turn, schedule, say("schedule skipped", when=_moment(_fresh(turn, schedule))))


def unskip(turn: Turn) -> Answer:
    """*Send it after all*."""
    schedule = changeable(turn, turn.request.value())
    _comes_next(turn, schedule)
    return _done(turn, schedule, say("schedule next", when=_moment(_fresh(turn, schedule))))


def switch_off(turn: Turn) -> Answer:
    """*Pause*: nothing comes until somebody switches it on again."""
    schedule = changeable(turn, turn.request.value())
    if schedule.off_at is None:
        turn.store.schedules.save(schedule, off_at=turn.now)
    return _done(turn, schedule, say("schedule off", place=_place_name(turn, schedule)))


def switch_on(turn: Turn) -> Answer:
    """*Resume*: the next one comes at its time, and tells what changed since the last."""
    schedule = changeable(turn, turn.request.value())
    if schedule.off_at is not None:
        _comes_next(turn, schedule)
    return _done(turn, schedule, say("schedule next", when=_moment(_fresh(turn, schedule))))


def also_me(turn: Turn) -> Answer:
    """*Send it to me too*: the same digest in private, at a time of one's own."""
    place_id = turn.request.value()
    place = turn.store.places.get(place_id)
    if (
        place is None
        or not turn.store.maps.bindings(place_id)
        or (place.private and place_id != turn.place_id)
    ):
        raise Refusal(say("not found anywhere"))
    schedule = turn.store.schedules.of_person(place_id, turn.who.id)
    if schedule is None:
        turn.store.digests.add_schedule(**weekly(turn, place_id), person_id=turn.who.id)
        schedule = turn.store.schedules.of_person(place_id, turn.who.id)
        assert schedule is not None
    return _done(turn, schedule, say("schedule mine", place=UserText(place.name), when=_moment(schedule)))


def stop_mine(turn: Turn) -> Answer:
    """*Stop it*: the private digest comes no more."""
    schedule = turn.store.schedules.get(turn.request.value())
    if schedule is not None and schedule.person_id == turn.who.id:
        turn.store.schedules.drop(schedule.id)
    text = say("schedule stopped")
    return Replace(Card((Line(text),), plain(text)))


def visible(turn: Turn, schedule_id: str) -> Schedule:
    """The schedule of that id; raises Refusal where there is none, or none that this person may know of."""
    schedule = turn.store.schedules.get(schedule_id)
    place = turn.store.places.get(schedule.place_id) if schedule else None
    if schedule is None or place is None or schedule.person_id not in (None, turn.who.id):
        raise Refusal(say("not found anywhere"))
    if place.private and place.id != turn.place_id and schedule.person_id is None:
        raise Refusal(say("not found anywhere"))
    return schedule


def changeable(turn: Turn, schedule_id: str) -> Schedule:
    """The same, for those who may change it: its person, who set it up, the owners of its maps, and editors."""
    schedule = visible(turn, schedule_id)
    schedule = turn.store.schedules.locked(schedule.id) or schedule
    theirs = turn.who.id in (schedule.person_id, schedule.owner_id)
    if not theirs and not turn.may(Role.EDITOR) and not _owns_a_map(turn, schedule.place_id):
        raise turn.refuse_right(say("who schedules"))
    return schedule


def rhythm(schedule: Schedule) -> Text:
    """When it comes, in words."""
    zone = schedule.zone.replace("_", " ")
    weekday = say(f"weekday {schedule.weekday}")
    return say("schedule every", n=schedule.weeks, weekday=weekday, at=schedule.at, zone=zone)


def coming(schedule: Schedule, now: datetime, first: datetime | None = None) -> Text:
    """The next three dates, in the schedule's zone; from `first` on, where that is known."""
    slots = [_next(schedule, now)]
    while first is not None and slots[0].at < first:
        slots = [_next(schedule, slots[0].at)]
    while len(slots) < COMING:
        slots.append(_next(schedule, slots[-1].at))
    dates = [ours(_date(slot.at, schedule.zone)) for slot in slots]
    return say("schedule coming", dates=joined(dates))


def _owns_a_map(turn: Turn, place_id: str) -> bool:
    maps = (turn.store.maps.get(row.map_id) for row in turn.store.maps.bindings(place_id))
    return any(journey is not None and journey.owner_id == turn.who.id for journey in maps)


def _everything(turn: Turn) -> Card:
    found = turn.store.schedules.all(turn.who.id, MOST)
    if not found:
        raise no_map_here(turn)
    by_id: dict[str, list[Any]] = {}
    for row in found:
        by_id.setdefault(row.id, []).append(row)
    rows = [
        say(
            "schedule row mine" if same[0].person_id else "schedule row",
            place=UserText(same[0].place),
            maps=joined([(say("map title", map=UserText(row.map))) for row in same], ", "),
            rhythm=rhythm(same[0]),
            when=_state(turn, same[0]),
        )
        for same in by_id.values()
    ]
    menu = Menu(
        word("schedule pick"),
        "schedule.show",
        options([(key, f"#{same[0].place}") for key, same in by_id.items()]),
    )
    title = say("schedule title all")
    return Card((Title(title), Rows(tuple(rows)), Buttons((menu,))), plain(title))


def _channel_card(turn: Turn, place_id: str) -> Card:
    place = turn.store.places.get(place_id)
    title = say("schedule title", place=UserText(place.name if place else ""))
    parts: list[Part] = [Title(title)]
    for schedule in turn.store.digests.schedules(place_id):
        parts += _parts(turn, schedule)
    mine = turn.store.schedules.of_person(place_id, turn.who.id)
    if mine is not None:
        parts += [Rule(), *_parts(turn, mine)]
    return Card(tuple(parts), plain(title))


def _parts(turn: Turn, schedule: Schedule) -> list[Part]:
    names = [say("map title", map=UserText(row.name)) for row in turn.store.maps.bindings(schedule.place_id)]
    head = say("schedule for you" if schedule.person_id else "schedule digest", maps=joined(names, ", "))
    lines: list[Part] = [Line((*head, *ours(" "), *rhythm(schedule))), Quiet(_state(turn, schedule))]
    return [*lines, Buttons(_buttons(turn, schedule))]


def _buttons(turn: Turn, schedule: Schedule) -> tuple[Button | More, ...]:
    change = Button(word("schedule change"), "schedule.edit", schedule.id)
    if schedule.off_at is not None:
        return Button(word("schedule go on"), "schedule.on", schedule.id, style="primary"), change
    now = Button(word("schedule send"), "schedule.now", schedule.id, confirm=word("schedule send sure"))
    slot = _next(schedule, turn.now)
    more = [
        Option(word("schedule unskip"), f"schedule.unskip {schedule.id}")
        if schedule.next_at > slot.at
        else Option(word("schedule skip"), f"schedule.skip {schedule.id} {slot.local}"),
        Option(word("schedule pause"), f"schedule.off {schedule.id}"),
    ]
    if schedule.person_id is not None:
        more.append(Option(word("schedule stop"), f"schedule.stop {schedule.id}"))
    elif turn.store.schedules.of_person(schedule.place_id, turn.who.id) is None:
        more.append(Option(word("schedule also me"), f"schedule.mine {schedule.place_id}"))
    return change, now, More(tuple(more))


def _state(turn: Turn, schedule: Schedule) -> Text:
    """What comes next, or why nothing does."""
    if schedule.off_at is not None:
        return say("schedule is off", date=day(schedule.off_at.date()))
    if schedule.paused_at is not None:
        since, place = day(schedule.paused_at.date()), turn.store.places.get(schedule.place_id)
        if place is not None and place.gone_why is not None:
            return say("schedule rests why", date=since, why=say(f"why {place.gone_why}"))
        return say("schedule rests", date=since)
    return coming(schedule, turn.now, schedule.next_at if schedule.wanted_at is None else None)


def _done(turn: Turn, schedule: Schedule, text: Text) -> Answer:
    parts: list[Part] = [Line(text)]
    fresh = turn.store.schedules.get(schedule.id)
    if fresh is not None:
        parts += [Quiet(_state(turn, fresh)), Buttons(_buttons(turn, fresh))]
    return Tell(Card(tuple(parts), plain(text)))


def _comes_next(turn: Turn, schedule: Schedule) -> None:
    """It goes on at its next slot from now."""
    at = _next(schedule, turn.now).at
    turn.store.schedules.save(schedule, off_at=None, next_at=at)
    turn.store.digests.wake(at)


def _something_new(store: Store, schedule: Schedule) -> bool:
    told = store.digests.told(schedule.id)
    return any(
        row.revision > max(told.get(row.map_id, 0), row.from_revision)
        for row in store.maps.bindings(schedule.place_id)
    )


def _next(schedule: Schedule, after: datetime) -> Slot:
    at = time.fromisoformat(schedule.at)
    return next_slot(schedule.weekday, at, schedule.zone, schedule.weeks, schedule.anchor, after)


def _fresh(turn: Turn, schedule: Schedule) -> Schedule:
    return turn.store.schedules.get(schedule.id) or schedule


def _moment(schedule: Schedule) -> str:
    return f"{_date(schedule.next_at, schedule.zone)}, {schedule.next_at.astimezone(known_zone(schedule.zone)):%H:%M}"


def _date(at: datetime, zone: str) -> str:
    local = at.astimezone(known_zone(zone)).date()
    return f"{word(f'weekday {local.weekday()}')} {day(local)}"


def _place_name(turn: Turn, schedule: Schedule) -> UserText:
    place = turn.store.places.get(schedule.place_id)
    return UserText(place.name if place else "")
