"""Maps that are put away, with everything on them, and brought back."""

from handlers.answers import Answer, Button, Buttons, Card, Line, Menu, Part, Replace, Tell, Title
from handlers.choosing import meant_map
from handlers.effects import ask_people, hear_unheard, message
from handlers.errors import Refusal
from handlers.forms import options
from handlers.history import record
from handlers.likeness import key_of
from handlers.map_form import living_map
from handlers.privacy import channels_of
from handlers.text import Text, UserText, plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap


def ask(turn: Turn) -> Answer:
    """`/journey archive [map]`, or ⋯: what will happen, and the button that does it."""
    journey = meant_map(turn)
    turn.need_edit(journey)
    title = say("archive ask", map=UserText(journey.name))
    parts: list[Part] = [Title(title), Line(say("archive what"))]
    if channels := channels_of(turn, journey):
        parts.append(Line(say("archive channels", channels=channels)))
    parts.append(Line(say("archive back")))
    parts.append(Buttons((Button(word("archive"), "map.archive", journey.id, style="danger"),)))
    return Tell(Card(tuple(parts), plain(title)))


def archive(turn: Turn) -> Answer:
    """It was confirmed: the map is put away, and its channels are told."""
    journey = _known(turn)
    if journey.archived_at is None:
        journey = living_map(turn, journey.id)
        _set(turn, journey, archived=True)
    text = say("archived", map=UserText(journey.name))
    return Replace(_told(text, Button(word("restore"), "map.restore", journey.id)))


def restore(turn: Turn) -> Answer:
    """Back where it was, and its channels are told."""
    journey = _known(turn)
    turn.store.reshaping.lock(journey.id)
    journey = _known(turn)
    if journey.archived_at is not None:
        _set(turn, journey, archived=False)
        hear_unheard(turn.store, turn.workspace_id, journey.id, turn.now)
    text = say("map restored", map=UserText(journey.name))
    return Replace(_told(text, Button(word("open map"), "map.show", journey.id)))


def archived(turn: Turn) -> Answer:
    """`/journey restore [map]`: the maps that were put away, or the one that is named."""
    maps = turn.store.reshaping.archived()
    if not maps:
        raise Refusal(say("archived none"))
    key = key_of(turn.request.text)
    named = [one for one in maps if key in (key_of(one.name), key_of(one.slug))]
    if len(named) == 1:
        text = say("restore ask", map=UserText(named[0].name))
        return Tell(_told(text, Button(word("restore"), "map.restore", named[0].id)))
    text = say("archived some", n=len(maps))
    menu = Menu(word("restore one"), "map.restore", options([(one.id, one.name) for one in maps]))
    return Tell(Card((Line(text), Buttons((menu,))), plain(text)))


def _known(turn: Turn) -> JourneyMap:
    """The map that was clicked, archived or not; raises Refusal for a person who may not change it."""
    journey = turn.store.maps.get(turn.request.value())
    if journey is None:
        raise Refusal(say("not found anywhere"))
    turn.need_edit(journey)
    return journey


def _set(turn: Turn, journey: JourneyMap, *, archived: bool) -> None:
    store = turn.store
    what = "archived" if archived else "restored"
    step = record(turn, journey.id, what, ("map", journey.id))
    store.reshaping.save(journey, archived_at=step.at if archived else None)
    values = {"map": UserText(journey.name), "name": UserText(turn.who.name)}
    told = say("channel archived", **values) if archived else say("channel restored", **values)
    for place in store.maps.bound_places(journey.id):
        key = f"{what} {place.id} {journey.id} {step.revision}"
        message(store, place.workspace_id, place.id, key, _told(told), turn.now)
        if journey.private and not archived:
            ask_people(store, place.workspace_id, place.id, turn.now)


def _told(text: Text, *buttons: Button) -> Card:
    return Card((Line(text), *((Buttons(buttons),) if buttons else ())), plain(text))
