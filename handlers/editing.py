"""The forms of items: sent for the first time, opened on an item that exists, and saved."""

from typing import Any

from handlers.answers import Answer, Card, Done, Line, Open
from handlers.capture import receipt
from handlers.cards import reference
from handlers.effects import redraw
from handlers.errors import Refusal
from handlers.forms import VERSION, checked_item, item_form, referred, typed_so_far
from handlers.items import add, change, changeable, living
from handlers.kinds import Kind, Status, Trust
from handlers.text import UserText, plain
from handlers.turn import Turn
from handlers.words import say
from storage.models import Item


def submit_form(turn: Turn) -> Answer:
    """The log form was sent."""
    kind, map_id = _form_is_about(turn)
    if turn.request.about.get("version") != str(VERSION):
        return Open(item_form(turn, kind, map_id, typed_so_far(turn), note=say("old form")))
    fields = checked_item(turn, kind, map_id)
    answers = referred(turn, "answers", map_id, (Kind.PAIN,)) if kind is Kind.IDEA else []
    speaks_for = referred(turn, "evidence", map_id, (Kind.PAIN, Kind.IDEA)) if kind is Kind.QUOTE else []
    added = add(turn, map_id, kind, fields, turn.request.key)
    _tie(turn, added.id, answers, speaks_for)
    stage = turn.store.maps.stage(fields["stage_id"])
    return Done(receipt(added, UserText(stage.name if stage else "")))


def edit(turn: Turn) -> Answer:
    """The Edit button: the form with the item in it."""
    item = changeable(turn, turn.request.value())
    return Open(item_form(turn, Kind(item.kind), item.map_id, known_of(turn, item), item=item))


def save(turn: Turn) -> Answer:
    """The edit form was sent."""
    item = changeable(turn, turn.request.about.get("item", ""))
    kind = Kind(item.kind)
    if turn.request.about.get("version") != str(VERSION):
        known = typed_so_far(turn)
        return Open(item_form(turn, kind, item.map_id, known, item=item, note=say("old form")))
    fields = checked_item(turn, kind, item.map_id)
    fields |= _status_fields(turn, item, fields)
    answers = referred(turn, "answers", item.map_id, (Kind.PAIN,)) if kind is Kind.IDEA else []
    speaks_for = referred(turn, "evidence", item.map_id, (Kind.PAIN, Kind.IDEA)) if kind is Kind.QUOTE else []
    if kind is Kind.IDEA:
        turn.store.items.drop_links(item.id, "answers")
    _tie(turn, item.id, answers, speaks_for)
    what = "resolved" if fields.get("resolved_at") and item.resolved_at is None else "edited"
    change(turn, item, what, fields)
    stage = turn.store.maps.stage(fields["stage_id"])
    text = say("updated", ref=reference(item), stage=UserText(stage.name if stage else ""))
    return Done(Card((Line(text),), plain(text)))


def add_evidence(turn: Turn) -> Answer:
    """The Add evidence button: a quote's form that names the item."""
    item = living(turn, turn.request.value())
    known = {"stage_id": item.stage_id, "evidence": reference(item)}
    return Open(item_form(turn, Kind.QUOTE, item.map_id, known))


def known_of(turn: Turn, item: Item) -> dict[str, Any]:
    """An item's columns as its form takes them."""
    known = {name: getattr(item, name) for name in item._fields}  # type: ignore[attr-defined]
    if item.owner_id:
        account = turn.store.people.account(turn.workspace_id, item.owner_id)
        known["owner"] = account.external_id if account else ""
    if item.kind == Kind.IDEA:
        pains = [
            turn.store.items.get(link.other_id)
            for link in turn.store.items.links(item.id)
            if link.kind == "answers" and link.other_id
        ]
        known["answers"] = ", ".join(reference(pain) for pain in pains if pain is not None)
    return known


def _form_is_about(turn: Turn) -> tuple[Kind, str]:
    kind, map_id = turn.request.about.get("kind", ""), turn.request.about.get("map", "")
    journey = turn.store.maps.get(map_id)
    if kind not in set(Kind) or journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    return Kind(kind), map_id


def _status_fields(turn: Turn, item: Item, fields: dict[str, Any]) -> dict[str, Any]:
    """An idea that ships is resolved, with its time; one that goes on is open."""
    if item.kind != Kind.IDEA:
        return {}
    if fields["status"] == Status.SHIPPED:
        return {"resolved_at": item.resolved_at or turn.now, "trust": Trust.RESOLVED.value}
    open_again = Trust.HYPOTHESIS.value if item.trust == Trust.RESOLVED else item.trust
    return {"resolved_at": None, "trust": open_again}


def _tie(turn: Turn, item_id: str, answers: list[Item], speaks_for: list[Item]) -> None:
    store = turn.store
    for pain in answers:
        store.items.add_link(store.new_id(), item_id, "answers", turn.now, other_id=pain.id)
    for spoken in speaks_for:
        step = store.maps.step(spoken.map_id, None, turn.now)
        if store.items.add_evidence(spoken.id, item_id, turn.who.id, step.revision, turn.now):
            redraw(store, turn.workspace_id, spoken.id, turn.now)
        store.history.write(spoken.map_id, step.revision, step.at, turn.who.id, "evidence", "item", spoken.id)
    link = turn.request.value("link").strip()
    if link and link not in {old.url for old in store.items.links(item_id)}:
        store.items.add_link(store.new_id(), item_id, "url", turn.now, url=link)
