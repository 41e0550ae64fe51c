"""The life of an item: added, edited, fixed and reopened; each with its history."""

from collections.abc import Mapping
from typing import Any

import msgspec

from handlers import closing
from handlers.answers import Answer, Button, Buttons, Card, Line, Part, Replace, Tell
from handlers.cards import reference
from handlers.effects import redraw
from handlers.errors import Refusal
from handlers.half_lives import check_times
from handlers.kinds import Kind, Status, Trust, first_status, ref
from handlers.near import gist
from handlers.text import Text, UserText, plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.maps import Step
from storage.models import Item
from storage.paces import CARDS

_NEW: Mapping[str, dict[str, str]] = {
    kind: {"status": first_status(kind).value, "trust": Trust.HYPOTHESIS.value} for kind in Kind
}
_json = msgspec.json.Encoder()


class Added(msgspec.Struct, frozen=True):
    """A new item's id and what people call it."""

    id: str
    ref: str


class Ties(msgspec.Struct, frozen=True):
    """What an item is tied to beside its columns (links, what it answers or speaks for), before and after."""

    before: dict[str, Any] = {}
    after: dict[str, Any] = {}


UNTIED = Ties()


def add(
    turn: Turn,
    map_id: str,
    kind: Kind,
    fields: dict[str, Any],
    form_token: str | None = None,
    ties: dict[str, Any] | None = None,
) -> Added:
    """Puts an item on the map, tells the history, and queues its card; its `ties` are written by the caller."""
    store, now, name = turn.store, turn.now, str(kind)
    store.maps.lock(map_id)
    item_id, places = store.new_id(), store.deliveries.card_places(map_id)
    step = store.maps.step(map_id, name, now, cards=CARDS if places and turn.paced else None)
    columns = _NEW[kind] | fields
    times = check_times(turn.half_lives, kind, fields.get("severity"), step.at)
    store.items.add(
        {
            "id": item_id,
            "map_id": map_id,
            "kind": name,
            "number": step.number,
            "author_id": turn.who.id,
            "source_place_id": turn.place_id,
            "form_token": form_token,
            "created_at": step.at,
            "revision": step.revision,
            "gist": gist(columns["text"]),
            **times,
            **columns,
        }
    )
    after = _json.encode({"kind": name, "number": step.number} | columns | (ties or {})).decode()
    store.history.write(map_id, step.revision, step.at, turn.who.id, "logged", "item", item_id, after=after)
    # By the map's own time, which never runs back: cards come in the order of their numbers.
    for place in places:
        store.deliveries.queue_card(store.new_id(), item_id, place, step.turn, first=True)
    return Added(item_id, ref(kind, step.number))


def change(turn: Turn, item: Item, what: str, fields: dict[str, Any], ties: Ties = UNTIED) -> bool:
    """Writes what differs, with its history, and queues the redraw; false where nothing differs.

    `ties` are what the item is tied to, before and after: they are in the history, and written by the caller.
    """
    before = {name: getattr(item, name) for name in fields if getattr(item, name) != fields[name]}
    after = {name: fields[name] for name in before}
    untied = {name: tied for name, tied in ties.before.items() if ties.after.get(name) != tied}
    tied = {name: tied for name, tied in ties.after.items() if ties.before.get(name) != tied}
    if not (after or untied or tied):
        return False
    step = turn.store.maps.step(item.map_id, None, turn.now)
    derived = _times(turn, item, what, after) | ({"gist": gist(after["text"])} if "text" in after else {})
    turn.store.items.save(item, revision=step.revision, **after, **derived)
    tell(turn, item, step, what, before | untied, after | tied)
    if what == "resolved":
        closing.tell(turn, item)
    if item.kind == Kind.QUOTE and "removed_at" in after and "merged_into" not in after:
        more = 1 if after["removed_at"] is None else -1
        for spoken in turn.store.items.speaks_for(item.id):
            count_evidence(turn, spoken, item, more)
    return True


def _times(turn: Turn, item: Item, what: str, after: dict[str, Any]) -> dict[str, Any]:
    """When the clock looks at the item from now on, where that changes; it is no part of the history."""
    severity = after.get("severity", item.severity)
    if what in ("resolved", "declined"):
        watched = turn.now + closing.WATCH_AFTER if what == "resolved" else None
        return {"check_at": watched, "stale_at": None, "round": item.round + 1}
    if what == "reopened":
        again = check_times(turn.half_lives, item.kind, severity, turn.now)
        return {**again, "round": item.round + 1}
    if "severity" in after:
        since = item.confirmed_at or item.created_at
        return check_times(turn.half_lives, item.kind, severity, since)
    return {}


def count_evidence(turn: Turn, item: Item, quote: Item, more: int) -> None:
    """One quote more or less speaks for the item; on a removed one it is only counted, as nothing shows it."""
    quoted = {"quote": reference(quote)}
    before, after = ({}, quoted) if more > 0 else (quoted, {})
    recount_evidence(turn, item, before, after)


def recount_evidence(turn: Turn, item: Item, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Other quotes speak for the item than before; on a removed one they are only counted."""
    if item.removed_at is not None:
        turn.store.items.count_evidence(item.id, item.revision)
        return
    step = turn.store.maps.step(item.map_id, None, turn.now)
    turn.store.items.count_evidence(item.id, step.revision)
    tell(turn, item, step, "evidence", before, after)


def tell(
    turn: Turn,
    item: Item,
    step: Step,
    what: str,
    before: dict[str, Any],
    after: dict[str, Any],
    votes: int | None = None,
) -> None:
    """The history of one step of an item, and the redraw of its messages."""
    turn.store.history.write(
        item.map_id,
        step.revision,
        step.at,
        turn.who.id,
        what,
        "item",
        item.id,
        before=_json.encode(before).decode(),
        after=_json.encode(after).decode(),
        votes=votes,
    )
    redraw(turn.store, turn.workspace_id, item.id, turn.now)


def found(turn: Turn, item_id: str) -> Item:
    """The item of that id, locked; raises Refusal where there is none."""
    item = turn.store.items.locked(item_id)
    if item is None:
        raise Refusal(say("not found anywhere"))
    return item


def living(turn: Turn, item_id: str) -> Item:
    """The item of that id, or what it was merged into, locked, on a living map.

    Raises Refusal where it is removed or unknown, or its map archived.
    """
    asked = item = found(turn, item_id)
    if item.root_id is not None:
        item = found(turn, item.root_id)
    need_living_map(turn, item)
    if item.removed_at is not None:
        gone = say("is gone", ref=reference(item))
        if asked is not item:
            gone = say("part is gone", ref=reference(asked), root=reference(item))
        raise Refusal(gone, buttons=ways_back(turn, asked, item))
    return item


def changeable(turn: Turn, item_id: str) -> Item:
    """The living item; raises Refusal for somebody who may not change it."""
    item = living(turn, item_id)
    check_right(turn, item)
    return item


def item_of_form(turn: Turn) -> Item:
    """The item that the sent form is about; raises Refusal also where it was merged while the form was open."""
    item_id = turn.request.about.get("item", "")
    on_its_own(turn, found(turn, item_id))
    return changeable(turn, item_id)


def on_living_map(turn: Turn, item: Item) -> bool:
    """Does it stand on a living map that the person sees? Where the place shows that map, it is known already."""
    if any(here.id == item.map_id for here in turn.maps):
        return True
    journey = turn.store.maps.get(item.map_id)
    return journey is not None and journey.archived_at is None


def need_living_map(turn: Turn, item: Item) -> None:
    """Raises Refusal where nothing changes any more, as the map was put away."""
    if not on_living_map(turn, item):
        journey = turn.store.maps.get(item.map_id)
        raise Refusal(say("map archived", map=UserText(journey.name if journey else "")))


def on_its_own(turn: Turn, item: Item) -> None:
    """Raises Refusal where the item was merged into another."""
    root = turn.store.items.get(item.root_id) if item.root_id else None
    if root is not None:
        raise Refusal(
            say("is merged", ref=reference(item), root=reference(root)), buttons=(unmerge_button(item),)
        )


def receipt_buttons(item_id: str) -> Buttons:
    """What the person who logged an item can do about it at once."""
    return Buttons((Button(word("edit"), "item.edit", item_id), Button(word("undo"), "item.undo", item_id)))


def restore_button(item: Item) -> tuple[Button, ...]:
    """The way back for a removed item."""
    return (Button(word("restore"), "item.restore", item.id),)


def ways_back(turn: Turn, asked: Item, root: Item) -> tuple[Button, ...]:
    """What the person can do about an item that is off the map, or is part of one that is."""
    restore = restore_button(root) if may_change(turn, root) else ()
    part = (unmerge_button(asked),) if asked.id != root.id and may_change(turn, asked) else ()
    return (*restore, *part)


def unmerge_button(item: Item) -> Button:
    """The way back for a merged item."""
    return Button(word("unmerge"), "item.unmerge", item.id)


def resolve(turn: Turn) -> Answer:
    """The pain is gone, the idea is out."""
    item = changeable(turn, turn.request.value())
    status = Status.SHIPPED if item.kind == Kind.IDEA else Status.RESOLVED
    if item.status != status:
        fields = {"status": status.value, "trust": Trust.RESOLVED.value, "resolved_at": turn.now}
        change(turn, item, "resolved", fields)
    done = "shipped done" if item.kind == Kind.IDEA else "resolved done"
    return told(say(done, ref=reference(item)), Button(word("reopen"), "item.reopen", item.id))


def reopen(turn: Turn) -> Answer:
    """It hurts again, or was never out."""
    item = changeable(turn, turn.request.value())
    opened_again(turn, item)
    return told(say("reopened", ref=reference(item)))


def opened_again(turn: Turn, item: Item) -> None:
    """What was closed is open, and to be checked."""
    if item.resolved_at is not None or item.status == Status.DECLINED:
        change(turn, item, "reopened", _NEW[item.kind] | {"resolved_at": None})


def post_again(turn: Turn) -> Answer:
    """The card may not have arrived: its person asks for it once more."""
    item = living(turn, turn.request.value())
    turn.store.places.seek_again(item.map_id)
    turn.store.deliveries.queue_cards(turn.store.new_id, item.id, item.map_id, turn.now)
    return Replace(card_of(say("posted again", ref=reference(item))))


def may_change(turn: Turn, item: Item) -> bool:
    """May the person change the item?"""
    journey = turn.store.maps.get(item.map_id)
    return turn.may_change(item, journey.owner_id if journey else None)


def check_right(turn: Turn, item: Item) -> None:
    """Raises Refusal for somebody who may not change the item, and for all where its map is archived."""
    need_living_map(turn, item)
    if not may_change(turn, item):
        raise turn.refuse_right(say("who author", ref=reference(item)))


def told(text: Text, *buttons: Button) -> Answer:
    """A sentence in private, with what can be done next."""
    return Tell(card_of(text, *buttons))


def card_of(text: Text, *buttons: Button) -> Card:
    """A sentence, with what can be done next."""
    parts: list[Part] = [Line(text)]
    if buttons:
        parts.append(Buttons(buttons))
    return Card(tuple(parts), plain(text))
