"""What a person is told in private about what they logged."""

from handlers.answers import Card, Line, Part
from handlers.cards import reference
from handlers.errors import Refusal
from handlers.items import Added, on_its_own, receipt_buttons, restore_button
from handlers.text import UserText, plain
from handlers.turn import Turn
from handlers.words import say
from storage.models import Item


def receipt(added: Added, stage: UserText, *more: Part, map_name: str = "") -> Card:
    """The private answer to a log, with the way back; `more` stands between the two."""
    if map_name:
        text = say("logged elsewhere", ref=added.ref, stage=stage, map=UserText(map_name))
    else:
        text = say("logged", ref=added.ref, stage=stage)
    return Card((Line(text), *more, receipt_buttons(added.id)), plain(text))


def receipt_again(turn: Turn, item: Item) -> Card:
    """The receipt of what was logged before, as it stands; raises Refusal where it is not on the map any more."""
    on_its_own(turn, item)
    if item.removed_at is not None:
        raise Refusal(say("is gone", ref=reference(item)), buttons=restore_button(item))
    names = turn.store.items.names(item.id)
    map_name = "" if shown_alone(turn, item.map_id) else names.map
    return receipt(Added(item.id, reference(item)), UserText(names.stage), map_name=map_name)


def shown_alone(turn: Turn, map_id: str) -> bool:
    """Does the place show that map and no other? Then a receipt need not name it."""
    return [bound.id for bound in turn.maps] == [map_id]
