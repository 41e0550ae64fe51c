"""The Home tab, and bare `/journey`: what waits for me, my maps, what became of what I logged, and how to log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.answers import Button, Buttons, Card, Line, Menu, Part, Quiet, Rows, Rule, Title, Words
from handlers.cards import day, trust
from handlers.forms import options
from handlers.kinds import Kind, Role, Status, mark, ref
from handlers.maps import stage_rows
from handlers.questions import waiting
from handlers.settings import in_words
from handlers.text import Text, UserText, joined, plain, short
from handlers.words import say, word
from storage.models import JourneyMap, Person
from storage.store import Store

WAITING = LOGGED = 6  # rows of each
MAPS = 3  # maps that are shown with their stages; the others are in the menu
MENU = 100
SHORT = 80  # characters of an item
CHOICE, MAP = 60, 20  # of an item in the menu, and of its map's name there


def home_card(store: Store, person: Person, now: datetime, here: Sequence[Text] = ()) -> Card:
    """Everything that concerns one person; `here` says what the place shows where they ask."""
    hello = say("home hello")
    start = Button(word("start from template"), "map.start", style="primary")
    maps = store.maps.all()
    several = len(maps) > 1
    if not maps:
        return Card((Words(hello), Line(say("home start")), Buttons((start,))), plain(hello))
    parts: list[Part] = [*map(Line, here)]
    parts += _waiting(store, person, now, several)
    parts += _how_to_log(store, person, maps)
    parts += [Rule(), *_maps(store, person, maps, now)]
    parts += _logged(store, person, now, several)
    parts += [Rule(), Quiet(in_words(person, now)), _ending(person)]
    return Card(tuple(parts), plain(hello))


def log_buttons() -> Buttons:
    """A form for each kind, one click away."""
    return Buttons(tuple(Button(word(f"form log {kind}"), "home.log", kind.value) for kind in Kind))


def _waiting(store: Store, person: Person, now: datetime, several: bool) -> list[Part]:
    owned = store.homes.owned(person.id, WAITING)
    doubted = store.homes.doubted(person.id, WAITING - len(owned)) if len(owned) < WAITING else []
    known = {item.id for item in owned}
    rows = [_row(item, several, _due(item, now)) for item in owned]
    rows += [_row(item, several, [trust(item, now)]) for item in doubted if item.id not in known]
    parts: list[Part] = [Words(say("home waits"))]
    if asked := waiting(store, person.id, now):
        parts.append(Line(say("check waits", n=asked)))
        parts.append(Buttons((Button(word("check answer"), "check.mine", style="primary"),)))
        if not rows:
            return parts
    if not rows:
        return [*parts, Line(say("home waits nothing"))]
    return [*parts, Rows(tuple(rows)), Buttons((_show_one([*owned, *doubted], several),))]


def _how_to_log(store: Store, person: Person, maps: list[JourneyMap]) -> list[Part]:
    if not Role(person.role).covers(Role.MEMBER):
        return []
    stages = store.maps.stage_names(maps[0].id)
    slug = UserText(stages[0].slug if stages else "checkout")
    return [Rule(), Words(say("home log")), Line(say("home how", stage=slug)), log_buttons()]


def _maps(store: Store, person: Person, maps: list[JourneyMap], now: datetime) -> list[Part]:
    """The person's own maps come first, each with a line per stage; the others are in the menu."""
    own = {journey.id for journey in store.homes.maps(person.id)}
    ordered = sorted(maps, key=lambda journey: journey.id not in own)
    parts: list[Part] = [Words(say("home maps"))]
    for journey in ordered[:MAPS]:
        rows, _ = stage_rows(store, journey.id, store.maps.stages(journey.id), now)
        show = Button(word("open map"), "map.show", journey.id)
        parts += [Title(_name(journey)), Rows(rows), Buttons((show,))]
    rest = ordered[MAPS:MENU]
    start = Button(word("start from template"), "map.start")
    menu = (Menu(word("show map"), "map.show", options([(m.id, m.name) for m in rest])),) if rest else ()
    return [*parts, Buttons((*menu, start))]


def _logged(store: Store, person: Person, now: datetime, several: bool) -> list[Part]:
    items = store.homes.logged(person.id, LOGGED)
    if not items:
        return []
    rows = tuple(_row(item, several, [say("item votes", n=item.votes), _became(item, now)]) for item in items)
    return [Rule(), Words(say("home logged")), Rows(rows), Buttons((_show_one(items, several),))]


def _row(item: Any, several: bool, facts: Sequence[Text]) -> Text:
    """An item in one line; where there are several maps, numbers alone do not tell which."""
    stage = UserText(item.stage)
    words = say(
        "home item",
        mark=mark(item.kind, item.severity),
        ref=ref(item.kind, item.number),
        stage=say("search row map", map=UserText(item.map), stage=stage) if several else stage,
        words=UserText(short(item.text, SHORT)),
    )
    return joined([words, *facts])


def _became(item: Any, now: datetime) -> Text:
    """Where it stands: an idea by its status, everything else by its trust."""
    if item.kind == Kind.IDEA or item.status == Status.DECLINED:
        return say(f"status {item.status}")
    return trust(item, now)


def _due(item: Any, now: datetime) -> list[Text]:
    if item.due_on is None:
        return [say("home yours")]
    late = item.due_on < now.date()
    return [say("home late" if late else "home due", date=day(item.due_on))]


def _show_one(items: Sequence[Any], several: bool) -> Menu:
    labels = {item.id: _choice(item, several) for item in items}
    return Menu(word("show one"), "item.show", options(list(labels.items())))


def _choice(item: Any, several: bool) -> str:
    where = f"{short(item.map, MAP)}: " if several else ""
    return f"{ref(item.kind, item.number)} {where}{short(item.text, CHOICE - len(where))}"


def _ending(person: Person) -> Buttons:
    admin = [Button(word("organisation"), "organisation")] if Role(person.role).covers(Role.ADMIN) else []
    return Buttons((Button(word("settings"), "settings"), *admin, Button(word("help"), "help")))


def _name(journey: JourneyMap) -> Text:
    """The map's name, and what to type for it."""
    return say("home map", map=UserText(journey.name), slug=UserText(journey.slug))
