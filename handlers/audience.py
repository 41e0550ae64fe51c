"""Words from a private place are confirmed before more people see them.

A line is asked about. A form says where its card goes, and who sends it has read that; one that could not say so, as
it leaves the map open, is asked about like a line.
"""

from hashlib import sha256

from handlers.answers import Button, Note
from handlers.errors import Refusal
from handlers.text import Text, UserText, joined
from handlers.turn import Here, Turn
from handlers.words import say, word
from storage.models import JourneyMap, Place

NAMED = 3  # channels that the question names
TOLD = "told"  # of which map a form said it, and which places it had found


def check(turn: Turn, here: Here | JourneyMap, draft_id: str, stage_id: str, *, kept: bool) -> None:
    """Raises Refusal, the question, where a line from a private place would be on a card elsewhere."""
    where = elsewhere(turn, here.id)
    if where:
        there = Button(word("log there"), "eyes.there", f"{draft_id} {stage_id}", style="primary")
        not_now = Button(word("not now"), "eyes.not", f"{draft_id} {stage_id}")
        text = say("eyes", map=UserText(here.name), channels=where)
        raise Refusal(text, buttons=(there, not_now), keeps_words=not kept)


def told(turn: Turn, map_id: str) -> tuple[list[Note], dict[str, str]]:
    """What a form that logs to that map says of who sees its card, and that it looked, for the form to carry."""
    where = elsewhere(turn, map_id)
    return [Note(say("eyes note", channels=where))] if where else [], {TOLD: _found(turn, map_id)}


def was_told(turn: Turn, map_id: str) -> bool:
    """Did the form that was sent say of that map who sees its card, and are they still the same?"""
    return turn.request.about.get(TOLD) == _found(turn, map_id)


def elsewhere(turn: Turn, map_id: str) -> Text:
    """Where more people than in this private place would see a card of that map; nothing where nobody would.

    Raises Missing where the platform has to be asked whether this place is private.
    """
    places = _others(turn, map_id)
    # What a private channel is called is nothing for people who may not be in it.
    named = [say("channel name", name=UserText(place.name)) for place in places if not place.private]
    if len(named) > NAMED:
        named = [*named[:NAMED], say("channels more", n=len(named) - NAMED)]
    if not named and places:
        named = [say("another channel")]
    return joined(named, ", ")


def _found(turn: Turn, map_id: str) -> str:
    ids = " ".join(sorted(place.id for place in _others(turn, map_id)))
    return f"{map_id} {sha256(ids.encode()).hexdigest()[:16]}"


def _others(turn: Turn, map_id: str) -> list[Place]:
    """The other places of the map, where this one is private."""
    if not _is_private(turn):
        return []
    return [place for place in turn.store.maps.bound_places(map_id) if place.id != turn.place_id]


def _is_private(turn: Turn) -> bool:
    spot, facts = turn.request.spot, turn.request.place
    if turn.place_private is not None:
        return turn.place_private
    if spot is None:
        return False
    if facts is None and spot.private is None:
        turn.need_place()
    return facts.private if facts is not None else bool(spot.private)
