"""Items leave the map and come back; what was merged into one goes along only where that is said and allowed."""

from datetime import timedelta
from hashlib import blake2s

from handlers.answers import Answer, Button, Buttons, Card, Line, Part, Replace, Tell
from handlers.becoming import name_anew
from handlers.cards import reference
from handlers.effects import hear_again
from handlers.errors import Refusal
from handlers.items import (
    card_of,
    change,
    changeable,
    check_right,
    found,
    need_living_map,
    on_its_own,
    restore_button,
    told,
)
from handlers.merging import part
from handlers.text import Text, UserText, plain, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item

UNDO_FOR = timedelta(minutes=10)
NAMED = 60  # characters of what was merged into it


def undo(turn: Turn) -> Answer:
    """Takes back what the person just logged, within ten minutes; what was merged into it is others' and stays."""
    item = found(turn, turn.request.value())
    if item.author_id != turn.who.id:
        raise Refusal(say("undo not yours", ref=reference(item)))
    need_living_map(turn, item)
    on_its_own(turn, item)
    parted: list[Item] = []
    if item.removed_at is None:
        if turn.now - item.created_at > UNDO_FOR:
            take_off = Button(word("remove"), "item.remove", item.id)
            raise Refusal(say("undo late", ref=reference(item)), buttons=(take_off,))
        parted = _alone(turn, item, "undone")
    return Replace(_off(item, say("undone", ref=reference(item)), parted))


def remove(turn: Turn) -> Answer:
    """Takes an item off the map; it can come back. What becomes of what was merged into it is asked first."""
    item = changeable(turn, turn.request.value())
    merged = turn.store.merges.merged(item.id)
    if merged:
        return Tell(_question(turn, item, merged))
    _take_off(turn, item, "removed")
    return told(say("removed", ref=reference(item)), *restore_button(item))


def remove_alone(turn: Turn) -> Answer:
    """What was merged into it stays, each on its own again."""
    item = _asked_about(turn, turn.request.value())
    parted = _alone(turn, item, "removed")
    return Replace(_off(item, say("removed", ref=reference(item)), parted))


def remove_all(turn: Turn) -> Answer:
    """What was merged into it goes along, and comes back with it; asked again where that is not what it was."""
    item_id, _, asked = turn.request.value().partition(" ")
    item = _asked_about(turn, item_id)
    merged = turn.store.merges.merged(item.id)
    if merged and (asked != _mark(merged) or not _may_change_all(turn, item, merged)):
        return Replace(_question(turn, item, merged))
    _take_off(turn, item, "removed")
    text = say("removed all" if merged else "removed", ref=reference(item))
    return Replace(card_of(text, *restore_button(item)))


def _asked_about(turn: Turn, item_id: str) -> Item:
    """The item of the question, unless it was merged since: then another one would be meant."""
    on_its_own(turn, found(turn, item_id))
    return changeable(turn, item_id)


def restore(turn: Turn) -> Answer:
    """Brings a removed item back, with what is part of it."""
    item = found(turn, turn.request.value())
    check_right(turn, item)
    on_its_own(turn, item)
    if item.removed_at is not None:
        change(turn, item, "restored", {"removed_at": None})
        name_anew(turn, item)
        _queue_cards(turn, item)
    names = turn.store.items.names(item.id)
    return told(say("restored", ref=reference(item), stage=UserText(names.stage)))


def _queue_cards(turn: Turn, item: Item) -> None:
    """For every channel that wants every card, and for those that have it: what people did there meanwhile is heard."""
    store = turn.store
    store.deliveries.queue_cards(store.new_id, item.id, item.map_id, turn.now)
    for one in (item, *store.merges.merged(item.id)):
        hear_again(store, one.id, turn.now)


def _question(turn: Turn, item: Item, merged: list[Item]) -> Card:
    parts = _direct(item, merged)
    text = say("remove what", n=len(parts), refs=_refs(parts), ref=reference(item))
    buttons = [Button(word("remove alone", ref=reference(item)), "item.remove.alone", item.id)]
    if _may_change_all(turn, item, merged):
        buttons.append(Button(word("remove all"), "item.remove.all", f"{item.id} {_mark(merged)}"))
    return card_of(text, *buttons)


def _mark(merged: list[Item]) -> str:
    """Of what a question was asked: a click on it means that, and nothing that was merged into the item since."""
    return blake2s(" ".join(sorted(one.id for one in merged)).encode(), digest_size=5).hexdigest()


def _may_change_all(turn: Turn, item: Item, merged: list[Item]) -> bool:
    journey = turn.store.maps.get(item.map_id)
    return all(turn.may_change(one, journey.owner_id if journey else None) for one in merged)


def _alone(turn: Turn, item: Item, what: str) -> list[Item]:
    """It leaves, and what was merged into it stands on its own again: what that is."""
    parted = _direct(item, turn.store.merges.merged(item.id))
    for one in parted:
        part(turn, one, found(turn, item.id))
    _take_off(turn, found(turn, item.id), what)
    return parted


def _direct(item: Item, merged: list[Item]) -> list[Item]:
    """Without what was merged into those: that stays with them."""
    return [one for one in merged if one.merged_into == item.id]


def _take_off(turn: Turn, item: Item, what: str) -> None:
    change(turn, item, what, {"removed_at": turn.now})
    name_anew(turn, item)


def _off(item: Item, text: Text, parted: list[Item]) -> Card:
    parts: list[Part] = [Line(text)]
    if parted:
        parts.append(Line(say("parted", n=len(parted), refs=_refs(parted))))
    return Card((*parts, Buttons(restore_button(item))), plain(text))


def _refs(items: list[Item]) -> str:
    return short(", ".join(reference(one) for one in items), NAMED)
