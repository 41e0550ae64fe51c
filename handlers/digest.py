"""`/journey digest`: what the next digest would tell now."""

from handlers.answers import Answer, Card, Line, Quiet, Tell
from handlers.choosing import no_map_here
from handlers.difference import EACH, differences
from handlers.digest_card import digest_card
from handlers.schedules import coming
from handlers.text import UserText, joined, plain
from handlers.turn import Turn
from handlers.words import say


def show(turn: Turn) -> Answer:
    """`/journey digest`: what the next digest would tell now, in private."""
    if turn.place_id is None or not turn.maps:
        raise no_map_here(turn)
    schedule = next(iter(turn.store.digests.schedules(turn.place_id)), None)
    zone = schedule.zone if schedule else "UTC"
    found = differences(turn.store, turn.place_id, schedule, turn.now)
    card = digest_card(found, zone, turn.now, EACH)
    ending = (Quiet(coming(schedule, turn.now)),) if schedule and schedule.off_at is None else ()
    if card is None:
        names = joined([say("map title", map=UserText(here.name)) for here in turn.maps], ", ")
        text = say("digest nothing", map=names)
        return Tell(Card((Line(text), *ending), plain(text)))
    return Tell(Card((*card.parts, *ending), card.summary))
