"""Channels: each shows and feeds the maps that are bound to it."""

from datetime import time

from handlers.answers import Answer, Button, Buttons, Card, Line, Quiet, Replace, Tell, Title
from handlers.capture import next_after_map
from handlers.choosing import named_map, no_maps, start_button, use_menu
from handlers.effects import ask_people, join, message
from handlers.errors import Refusal
from handlers.map_names import offering
from handlers.privacy import may_decide, not_yours
from handlers.schedules import DEFAULT_AT, DEFAULT_WEEKDAY, weekly
from handlers.text import Text, UserText, joined, plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap


def use(turn: Turn) -> Answer:
    """`/journey use [map]`: this channel shows a map that exists."""
    typed = turn.request.text.strip()
    maps = [named_map(turn, typed)] if typed else turn.store.maps.all()
    if not maps:
        raise no_maps(turn)
    if len(maps) == 1:
        journey = maps[0]
        return Tell(_sure(turn, journey) or _bound(turn, journey))
    text = offering(say("use which"), maps)
    return Tell(Card((Line(text), Buttons((use_menu(maps), start_button()))), plain(text)))


def bind_clicked(turn: Turn) -> Answer:
    """A map was picked for this channel: `map [draft]` is the click's value."""
    journey, draft_id = _clicked(turn)
    return Replace(_sure(turn, journey, draft_id) or _shown(turn, journey, draft_id))


def bind_sure(turn: Turn) -> Answer:
    """That the people of this channel will see a private map was confirmed: `map [draft]` is the click's value."""
    journey, draft_id = _clicked(turn)
    if journey.private and not may_decide(turn, journey):
        raise not_yours(turn, journey)
    return Replace(_shown(turn, journey, draft_id))


def _clicked(turn: Turn) -> tuple[JourneyMap, str]:
    map_id, _, draft_id = turn.request.value().partition(" ")
    journey = turn.store.maps.get(map_id)
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    return journey, draft_id


def _sure(turn: Turn, journey: JourneyMap, draft_id: str = "") -> Card | None:
    """The question before this channel's people see a private map; none where it is open, or lives here already."""
    if not journey.private or journey.id in {here.id for here in turn.maps}:
        return None
    if not may_decide(turn, journey):
        raise not_yours(turn, journey)
    place = turn.store.places.get(turn.remembered_place())
    assert place is not None, "it was remembered just now"
    names = {"map": UserText(journey.name), "channel": UserText(place.name)}
    text = say("private bind", **names) if place.private else say("private bind public", **names)
    button = Button(word("bind private"), "map.bind.sure", f"{journey.id} {draft_id}".strip())
    return Card((Line(text), Buttons((button,))), plain(text))


def _shown(turn: Turn, journey: JourneyMap, draft_id: str) -> Card:
    card = _bound(turn, journey)
    if draft_id:
        more = next_after_map(turn, draft_id, journey.id)
        card = Card((*card.parts, *more), card.summary)
    return card


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
        if journey.private:
            ask_people(turn.store, turn.workspace_id, turn.remembered_place(), turn.now)
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
