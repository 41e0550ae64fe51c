"""The forms of items: sent for the first time, opened on an item that exists, and saved; and a stage corrected."""

from typing import Any

import msgspec
from msgspec import structs

from handlers import audience
from handlers.answers import Answer, Button, Buttons, Card, Done, Line, Open, Replace
from handlers.capture import Draft
from handlers.cards import reference
from handlers.errors import FieldErrors, Refusal
from handlers.forms import VERSION, checked_item, item_form, typed_so_far
from handlers.items import Ties, add, change, changeable, item_of_form, receipt_buttons
from handlers.kinds import CLOSED, Kind, Status, Trust
from handlers.messages import read_kind, remember
from handlers.near import offer, question
from handlers.receipts import receipt, shown_alone
from handlers.reverting import undo_button
from handlers.text import UserText, plain
from handlers.ties import tie, ties_of
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item, JourneyMap


def submit_form(turn: Turn, draft: Draft | None = None) -> Answer:
    """The log form was sent; as a draft, where it was asked about and sent once more."""
    kind, journey = _form_is_about(turn)
    if turn.request.about.get("version") != str(VERSION):
        return Open(item_form(turn, kind, journey.id, typed_so_far(turn), note=say("old form")))
    return _logged(turn, kind, journey, draft)


def submit_message(turn: Turn, draft: Draft | None = None) -> Answer:
    """The form of a message was sent: its stage tells the map."""
    if "stage" not in turn.request.values:
        raise Refusal(say("map gone"))
    kind, severity = read_kind(turn.request.value("kind"))
    stage = turn.store.maps.stage(turn.request.value("stage"))
    journey = turn.store.maps.get(stage.map_id) if stage is not None else None
    if journey is None or journey.archived_at is not None:
        raise FieldErrors({"stage": word("error stage gone")})
    values = {**turn.request.values, "severity": severity}
    return _logged(turn.about(structs.replace(turn.request, values=values)), kind, journey, draft)


def _logged(turn: Turn, kind: Kind, journey: JourneyMap, draft: Draft | None) -> Answer:
    map_id, draft = journey.id, draft or Draft(turn.draft_id)
    checked = checked_item(turn, kind, map_id)
    if not draft.there and not audience.was_told(turn, map_id):
        audience.check(turn, journey, draft.id, checked.columns["stage_id"], kept=draft.kept)
    if not draft.anyway:
        offer(turn, map_id, kind, checked.columns, draft.id, kept=draft.kept)
    fields = checked.columns | closing(turn, None, kind, checked.columns)
    added = add(turn, map_id, kind, fields, turn.request.key, checked.ties)
    item = turn.store.items.get(added.id)
    assert item is not None
    tie(turn, item, checked.answers, checked.evidence, checked.links)
    remember(turn, item.id)
    stage = turn.store.maps.stage(fields["stage_id"])
    asks = question(turn, item.id, map_id, fields) if kind is Kind.QUOTE and not checked.evidence else ()
    confirms = _confirming(checked.evidence)
    name = "" if shown_alone(turn, map_id) else journey.name
    return Done(receipt(added, UserText(stage.name if stage else ""), *asks, *confirms, map_name=name))


def edit(turn: Turn) -> Answer:
    """The Edit button: the form with the item in it."""
    item = changeable(turn, turn.request.value())
    return Open(item_form(turn, Kind(item.kind), item.map_id, known_of(turn, item), item=item))


def save(turn: Turn) -> Answer:
    """The edit form was sent."""
    return saved(turn, item_of_form(turn), "item.save")


def saved(turn: Turn, item: Item, action: str) -> Answer:
    """What the edit form says is written to the item; one of an older version is opened anew, for that action."""
    kind = Kind(item.kind)
    other_kind = turn.request.about.get("kind") != kind
    if other_kind or turn.request.about.get("version") != str(VERSION):
        known = typed_so_far(turn) if not other_kind else known_of(turn, item) | typed_so_far(turn)
        note = say("other kind" if other_kind else "old form")
        form = item_form(turn, kind, item.map_id, known, item=item, note=note)
        return Open(msgspec.structs.replace(form, action=action))
    checked = checked_item(turn, kind, item.map_id)
    fields = checked.columns | closing(turn, item, kind, checked.columns)
    ties = Ties(ties_of(turn, item), checked.ties)
    tie(turn, item, checked.answers, checked.evidence, checked.links)
    changed = change(turn, item, what_changed(item, fields), fields, ties)
    stage = turn.store.maps.stage(fields["stage_id"])
    values = {"ref": reference(item), "stage": UserText(stage.name if stage else "")}
    text = say("updated", **values) if changed else say("nothing changed", ref=reference(item))
    back = (Buttons((undo_button(turn, item.id),)),) if changed else ()
    return Done(Card((Line(text), *back), plain(text)))


def move(turn: Turn) -> Answer:
    """The stage was read wrongly and the right one picked: `item stage` is the click's value."""
    item_id, _, stage_id = turn.request.value().partition(" ")
    item, stage = changeable(turn, item_id), turn.store.maps.stage(stage_id)
    if stage is None or stage.retired_at is not None or stage.map_id != item.map_id:
        raise Refusal(say("error stage gone"))
    change(turn, item, "edited", {"stage_id": stage.id})
    text = say("moved", ref=reference(item), stage=UserText(stage.name))
    return Replace(Card((Line(text), receipt_buttons(item.id)), plain(text)))


def known_of(turn: Turn, item: Item) -> dict[str, Any]:
    """An item's columns and ties as its form takes them."""
    known = {name: getattr(item, name) for name in item._fields}  # type: ignore[attr-defined]
    if item.owner_id:
        account = turn.store.people.account(turn.workspace_id, item.owner_id)
        known["owner"] = account.external_id if account else ""
    for name, tied in ties_of(turn, item).items():
        known[name] = ("\n" if name == "link" else ", ").join(tied)
    return known


def _confirming(spoken: list[Item]) -> tuple[Buttons, ...]:
    """What a new quote speaks for may be true still: its author says so, with one click."""
    open_ones = [item for item in spoken if item.resolved_at is None and item.kind == Kind.PAIN]
    buttons = [
        Button(word("check evidence", ref=reference(item)), "check.true", item.id) for item in open_ones
    ]
    return (Buttons(tuple(buttons[:3])),) if buttons else ()


def _form_is_about(turn: Turn) -> tuple[Kind, JourneyMap]:
    kind, map_id = turn.request.about.get("kind", ""), turn.request.about.get("map", "")
    journey = turn.store.maps.get(map_id)
    if kind not in set(Kind) or journey is None or journey.archived_at is not None:
        raise Refusal(say("map gone"))
    return Kind(kind), journey


def closing(turn: Turn, item: Item | None, kind: Kind, columns: dict[str, Any]) -> dict[str, Any]:
    """An idea that is shipped or declined is closed, with its time; one that goes on is open."""
    if kind is not Kind.IDEA:
        return {}
    closed_at, trust = (item.resolved_at, item.trust) if item else (None, Trust.HYPOTHESIS.value)
    if columns["status"] == Status.SHIPPED:
        return {"resolved_at": closed_at or turn.now, "trust": Trust.RESOLVED.value}
    open_again = Trust.HYPOTHESIS.value if trust == Trust.RESOLVED else trust
    declined = columns["status"] == Status.DECLINED
    return {"resolved_at": (closed_at or turn.now) if declined else None, "trust": open_again}


def what_changed(item: Item, fields: dict[str, Any]) -> str:
    """What the history calls the change."""
    status = fields.get("status", item.status)
    if status == item.status:
        return "edited"
    if status in CLOSED:
        return "declined" if status == Status.DECLINED else "resolved"
    return "reopened" if item.status in CLOSED else "edited"
