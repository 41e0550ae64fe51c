"""What the platform tells of people: another name, gone from the company, back, new in a channel."""

from itertools import groupby
from typing import Any

from handlers.answers import Answer, Buttons, Card, Line, Menu, Part, Rows, Silent
from handlers.effects import welcome, whisper
from handlers.forms import options
from handlers.installing import channels_in, check_event
from handlers.kinds import mark, ref
from handlers.text import Text, UserText, plain, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Person
from storage.store import Store

SHORT = 60  # characters of an item
MOST = 20  # items of one who left, on each map


def changed(turn: Turn) -> Answer:
    """Somebody has another name or zone, was deactivated, or is back: `user`, `name`, `zone` and `gone`."""
    check_event(turn)
    request, people = turn.request, turn.store.people
    account = people.by_external(turn.workspace_id, request.value("user"))
    person = people.get(account.person_id) if account is not None else None
    if person is None:
        return Silent()
    # Who has an account elsewhere is still with us there.
    leaves = bool(request.value("gone")) and not people.accounts_elsewhere(person.id, turn.workspace_id)
    name, zone = request.value("name") or person.name, request.value("zone") or person.zone
    gone_at = (person.gone_at or turn.now) if leaves else None
    if (name, zone, gone_at) != (person.name, person.zone, person.gone_at):
        people.set_known(person.id, name, zone, gone_at)
    if leaves and person.gone_at is None:
        _hand_over(turn, person)
    return Silent()


def joined(turn: Turn) -> Answer:
    """Somebody came into a channel: where it shows a map they are welcomed, once."""
    check_event(turn)
    user = turn.request.value("user")
    place = turn.store.places.by_external(turn.workspace_id, turn.request.value("channel"))
    maps = turn.store.maps.bindings(place.id) if place is not None else []
    if place is None or not user or not maps:
        return Silent()
    # Who comes into a channel sees its private maps; somebody we have never met, as soon as they do something there.
    if (account := turn.store.people.by_external(turn.workspace_id, user)) is not None:
        for row in maps:
            if row.private:
                turn.store.members.add(row.map_id, account.person_id, by=None, at=turn.now, place_id=place.id)
    if turn.store.posts.arrived(place.id, user, turn.now):
        welcome(turn.store, turn.workspace_id, place.id, user, turn.now)
    return Silent()


def left(turn: Turn) -> Answer:
    """Somebody went out of channels, `user` and `channels`: they see their private maps no more, unless named."""
    check_event(turn)
    account = turn.store.people.by_external(turn.workspace_id, turn.request.value("user"))
    if account is not None:
        for place in channels_in(turn):
            turn.store.members.left(place.id, account.person_id)
    return Silent()


def people(turn: Turn) -> Answer:
    """Who is in a channel, `users`: they see its private maps, and nobody else does through it where all are named."""
    check_event(turn)
    request, store = turn.request, turn.store
    place = store.places.by_external(turn.workspace_id, request.value("channel"))
    users = request.values.get("users") or ()
    if place is None or isinstance(users, str):
        return Silent()
    known = store.people.behind(turn.workspace_id)
    inside = {known[user] for user in users if user in known}
    for row in store.maps.bindings(place.id):
        if row.private:
            before = store.members.through(place.id, row.map_id)
            for person_id in sorted(inside - before):
                store.members.add(row.map_id, person_id, by=None, at=turn.now, place_id=place.id)
            for person_id in sorted(before - inside) if request.value("whole") else ():
                store.members.left(place.id, person_id)
    return Silent()


def welcome_card(store: Store, place_id: str, channel: str) -> Card | None:
    """What somebody new in a channel should know of it, in two sentences; none where it shows no map any more."""
    maps = store.maps.bindings(place_id)
    if not maps:
        return None
    stages = store.maps.stage_names(maps[0].map_id)
    stage = UserText(stages[0].slug if stages else "stage")
    text = say("welcome", channel=UserText(channel), map=UserText(maps[0].name))
    return Card((Line(text), Line(say("welcome how", stage=stage))), plain(text))


def _hand_over(turn: Turn, person: Person) -> None:
    """The owner of each map is shown what somebody who left looked after on it; for a map of theirs, an admin is."""
    owned = turn.store.owned.of(person.id, MOST)
    for map_id, found in groupby(owned, key=lambda row: row.map_id):
        rows = list(found)
        owner = rows[0].map_owner_id
        teller = owner if owner not in (None, person.id) else _admin(turn.store, person)
        if teller is not None:
            key = f"left {person.id} {map_id}"
            whisper(turn.store, turn.workspace_id, teller, key, _left_card(person, rows), turn.now)


def _admin(store: Store, gone: Person) -> str | None:
    return next((one.id for one in store.people.admins() if one.id != gone.id and one.gone_at is None), None)


def _left_card(person: Person, rows: list[Any]) -> Card:
    text = say("left", name=UserText(person.name), map=UserText(rows[0].map))
    items = [row for row in rows if row.kind not in ("map", "stage")]
    parts: list[Part] = [Line(text), Rows(tuple(_row(row) for row in rows))]
    if items:
        shown = [(row.id, f"{ref(row.kind, row.number)} {short(row.text, SHORT)}") for row in items]
        parts.append(Buttons((Menu(word("show one"), "item.show", options(shown)),)))
    return Card(tuple(parts), plain(text))


def _row(row: Any) -> Text:
    if row.kind == "map":
        return say("left map", map=UserText(row.text))
    if row.kind == "stage":
        return say("left stage", stage=UserText(row.text))
    return say(
        "home item",
        mark=mark(row.kind, row.severity),
        ref=ref(row.kind, row.number),
        stage=UserText(row.stage),
        words=UserText(short(row.text, SHORT)),
    )
