"""Channels: each shows and feeds the maps that are bound to it."""

from datetime import time

from handlers.answers import Answer, Button, Buttons, Card, Line, Menu, Quiet, Replace, Tell, Title
from handlers.capture import next_after_map
from handlers.effects import join, message
from handlers.errors import Refusal
from handlers.forms import options
from handlers.maps import MOST, named_map, start_button
from handlers.schedules import DEFAULT_AT, DEFAULT_WEEKDAY, weekly
from handlers.text import Text, UserText, joined, plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap


def use(turn: Turn) -> Answer:
    """`/journey use [map]`: this channel shows a map that exists."""
    typed = turn.request.text.strip()
    maps = turn.store.maps.all()
    if not maps:
        raise Refusal(say("no maps"), buttons=(start_button(),))
    if typed:
        return Tell(_bound(turn, named_map(turn, typed)))
    if len(maps) == 1:
        return Tell(_bound(turn, maps[0]))
    menu = Menu(word("use existing"), "map.bind", options([(m.id, m.name) for m in maps[:MOST]]))
    text = say("use which")
    return Tell(Card((Line(text), Buttons((menu, start_button()))), plain(text)))


def bind_clicked(turn: Turn) -> Answer:
    """A map was picked for this channel: `map [draft]` is the click's value."""
    map_id, _, draft_id = turn.request.value().partition(" ")
    journey = turn.store.maps.get(map_id)
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    card = _bound(turn, journey)
    if draft_id:
        more = next_after_map(turn, draft_id, journey.id)
        card = Card((*card.parts, *more), card.summary)
    return Replace(card)


def bind(turn: Turn, map_id: str, name: str, *, announce: bool) -> bool:
    """This channel shows the map from now on, with a digest every Monday; false where it did already."""
    store, place_id = turn.store, turn.remembered_place()
    if any(bound.map_id == map_id for bound in store.maps.bindings(place_id)):
        return False
    counter = store.maps.counter(map_id)
    store.maps.bind(place_id, map_id, by=turn.who.id, revision=counter.revision, at=turn.now)
    join(store, turn.workspace_id, place_id, turn.now)
    if not store.digests.schedules(place_id):
        store.digests.add_schedule(**weekly(turn, place_id))
    if announce:
        message(
            store,
            turn.workspace_id,
            place_id,
            f"bound {place_id} {map_id}",
            _hello(turn, map_id, name),
            turn.now,
        )
    return True


def _bound(turn: Turn, journey: JourneyMap) -> Card:
    stages = turn.store.maps.stage_names(journey.id)
    first = UserText(stages[0].slug if stages else "stage")
    if bind(turn, journey.id, journey.name, announce=True):
        text = say("map bound", map=UserText(journey.name), stage=first)
    else:
        text = say("map bound already", map=UserText(journey.name))
    settings = Button(word("channel settings"), "channel.edit", journey.id)
    return Card((Line(text), *(Line(note) for note in private_note(turn)), Buttons((settings,))), plain(text))


def private_note(turn: Turn) -> list[Text]:
    """Nobody can let us into a private channel but its members."""
    place = turn.store.places.get(turn.remembered_place())
    return [say("map private")] if place is not None and place.private else []


def _hello(turn: Turn, map_id: str, name: str) -> Card:
    text = say("map joined", map=UserText(name), name=UserText(turn.who.name))
    stages = [(UserText(stage.name),) for stage in turn.store.maps.stage_names(map_id)]
    named = joined([say("map title", map=stage[0]) for stage in stages])
    at = time.fromisoformat(DEFAULT_AT)
    how = say("map joined how", weekday=say(f"weekday {DEFAULT_WEEKDAY}"), at=f"{at:%H:%M}")
    return Card((Title(text), Line(how), Quiet(say("map stages", stages=named))), plain(text))
