"""Short forms for single things about an item: its owner, status, stage, kind, worth, and what it is tied to."""

from collections.abc import Callable

import msgspec

from handlers.answers import Answer, Button, Buttons, Card, Done, Field, Form, Line, Note, Open, Option
from handlers.becoming import become
from handlers.cards import reference
from handlers.editing import closing, what_changed
from handlers.effects import whisper
from handlers.errors import FieldErrors, Refusal
from handlers.forms import (
    due_on,
    line_field,
    options,
    owner_id,
    rated,
    scale_field,
    sorted_refs,
    stage_options,
)
from handlers.items import Ties, change, changeable, item_of_form, reopen, resolve
from handlers.kinds import IDEA_STATUSES, Kind, Status
from handlers.likely import likeliest
from handlers.merging import ask as ask_merge
from handlers.removing import remove
from handlers.reverting import undo_button
from handlers.text import Text, UserText, plain, short
from handlers.ties import backed_by, pains_of, tie, ties_of
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item

OFFERED = 60  # items that can be tied by a click


def ask_owner(turn: Turn) -> Answer:
    """Who looks after it, and until when."""
    item = changeable(turn, turn.request.value())
    account = turn.store.people.account(turn.workspace_id, item.owner_id) if item.owner_id else None
    known = account.external_id if account else ""
    due = item.due_on.isoformat() if item.due_on else ""
    owner = Field(name="owner", label=word("field owner"), kind="person", value=known, optional=True)
    return _open(
        turn,
        item,
        "owner",
        owner,
        Field(name="due", label=word("field due"), kind="date", value=due, optional=True),
    )


def set_owner(turn: Turn) -> Answer:
    """The owner and the date were sent; somebody who gets an item hears of it."""
    item, wrong = item_of_form(turn), dict[str, str]()
    owned_by, due = owner_id(turn, item.map_id, wrong), due_on(turn, wrong)
    if wrong:
        raise FieldErrors(wrong)
    changed = change(turn, item, "edited", {"owner_id": owned_by, "due_on": due})
    owner = turn.store.people.get(owned_by) if owned_by else None
    if owner is not None and owner.id not in (item.owner_id, turn.who.id):
        _tell_owner(turn, item, owner.id)
    if owner is None:
        return _done(turn, item, changed, say("owner none", ref=reference(item)))
    return _done(turn, item, changed, say("owner set", ref=reference(item), name=UserText(owner.name)))


def ask_status(turn: Turn) -> Answer:
    """Where an idea stands; declined, with a reason."""
    item = _of_kind(changeable(turn, turn.request.value()), Kind.IDEA)
    choices = options([(status, word(f"status {status}")) for status in IDEA_STATUSES])
    return _open(
        turn,
        item,
        "status",
        Field(name="status", label=word("field status"), kind="choice", options=choices, value=item.status),
        line_field("reason", "field reason", {"reason": item.reason}),
    )


def set_status(turn: Turn) -> Answer:
    """The status was sent."""
    item = _of_kind(item_of_form(turn), Kind.IDEA)
    status, reason = turn.request.value("status"), turn.request.value("reason").strip()[:200] or None
    if status not in IDEA_STATUSES:
        raise FieldErrors({"status": word("error choice")})
    if status == Status.DECLINED and not reason:
        raise FieldErrors({"reason": word("error reason")})
    fields = {"status": status, "reason": reason}
    fields |= closing(turn, item, Kind.IDEA, fields)
    changed = change(turn, item, what_changed(item, fields), fields)
    if status == Status.DECLINED:
        told = say("declined why", ref=reference(item), reason=UserText(reason or ""))
    else:
        told = say("status set", ref=reference(item), status=word(f"status {status}"))
    return _done(turn, item, changed, told)


def ask_stage(turn: Turn) -> Answer:
    """To which stage it moves."""
    item = changeable(turn, turn.request.value())
    stages = stage_options(turn, item.map_id)
    stage = Field(name="stage", label=word("field stage"), kind="choice", options=stages, value=item.stage_id)
    return _open(turn, item, "stage", stage)


def set_stage(turn: Turn) -> Answer:
    """The stage was sent."""
    item = item_of_form(turn)
    stages = {stage.id: stage.name for stage in turn.store.maps.stage_names(item.map_id)}
    stage_id = turn.request.value("stage")
    if stage_id not in stages:
        raise FieldErrors({"stage": word("error stage gone")})
    changed = change(turn, item, "edited", {"stage_id": stage_id})
    return _done(turn, item, changed, say("moved", ref=reference(item), stage=UserText(stages[stage_id])))


def ask_kind(turn: Turn) -> Answer:
    """What it is instead."""
    item = changeable(turn, turn.request.value())
    kinds = options([(kind, word(kind).capitalize()) for kind in Kind if kind != item.kind])
    note = Note(say("kind note", ref=reference(item)))
    return _open(
        turn,
        item,
        "kind",
        note,
        Field(name="kind", label=word("field other kind"), kind="choice", options=kinds),
    )


def set_kind(turn: Turn) -> Answer:
    """The kind was sent: the item has a new number, and the old one still finds it."""
    item = item_of_form(turn)
    wished = turn.request.value("kind")
    if wished not in set(Kind):
        raise FieldErrors({"kind": word("error choice")})
    if wished == item.kind:
        return _done(turn, item, False, ())
    called = become(turn, item, Kind(wished))
    return _done(turn, item, True, say("kind set", ref=reference(item), now=called))


def ask_worth(turn: Turn) -> Answer:
    """What an idea is worth, and what it costs."""
    item = _of_kind(changeable(turn, turn.request.value()), Kind.IDEA)
    known = {"value": item.value, "effort": item.effort}
    return _open(turn, item, "worth", scale_field("value", known), scale_field("effort", known))


def set_worth(turn: Turn) -> Answer:
    """Value and effort were sent."""
    item, wrong = _of_kind(item_of_form(turn), Kind.IDEA), dict[str, str]()
    fields = {name: rated(turn, name, wrong) for name in ("value", "effort")}
    if wrong:
        raise FieldErrors(wrong)
    changed = change(turn, item, "edited", fields)
    return _done(turn, item, changed, say("saved", ref=reference(item)))


def ask_ties(turn: Turn) -> Answer:
    """Which pains an idea answers; which pains and ideas a quote speaks for."""
    item = changeable(turn, turn.request.value())
    tied = _tied(turn, item)
    near = [one for one in likeliest(turn, item, _tied_kinds(item), OFFERED) if one.id not in tied]
    offered = [*tied.values(), *near][: max(OFFERED, len(tied))]
    if not offered:
        raise Refusal(say("link nothing", ref=reference(item)))
    choices = tuple(Option(f"{reference(one)} {short(one.text)}", one.id) for one in offered)
    label = word("field answers" if item.kind == Kind.IDEA else "field evidence")
    several = Field(
        name="tied", label=label, kind="choices", options=choices, value=tuple(tied), optional=True
    )
    return _open(turn, item, "link", several)


def set_ties(turn: Turn) -> Answer:
    """What it is tied to was sent."""
    item = item_of_form(turn)
    sent = turn.request.values.get("tied", ())
    ids = [sent] if isinstance(sent, str) else list(sent)
    kinds = _tied_kinds(item)
    found = [one for id_ in dict.fromkeys(filter(None, ids)) if (one := turn.store.items.get(id_))]
    chosen = [
        one for one in found if one.map_id == item.map_id and one.kind in kinds and one.removed_at is None
    ]
    if len(chosen) < len(set(filter(None, ids))):
        raise FieldErrors({"tied": word("error link gone")})
    was = ties_of(turn, item)
    answered, spoken = (chosen, []) if item.kind == Kind.IDEA else ([], chosen)
    tie(turn, item, answered, spoken, was.get("link", []))
    changed = change(turn, item, "edited", {}, Ties(was, ties_of(turn, item)))
    refs = ", ".join(sorted_refs(chosen))
    if item.kind == Kind.IDEA:
        told = say("link answers" if refs else "link answers none", ref=reference(item), refs=refs)
    else:
        told = say("link speaks" if refs else "link speaks none", ref=reference(item), refs=refs)
    return _done(turn, item, changed, told)


def do(turn: Turn) -> Answer:
    """Something was picked from the menu of an item's details: `what item` is the click's value."""
    what, _, item_id = turn.request.value().partition(" ")
    if what not in _DEEDS:
        raise Refusal(say("unknown click"))
    asked = msgspec.structs.replace(turn.request, values={"value": item_id})
    return _DEEDS[what](turn.about(asked))


_DEEDS: dict[str, Callable[[Turn], Answer]] = {
    "status": ask_status,
    "worth": ask_worth,
    "link": ask_ties,
    "owner": ask_owner,
    "merge": ask_merge,
    "stage": ask_stage,
    "kind": ask_kind,
    "resolve": resolve,
    "reopen": reopen,
    "remove": remove,
}


# What the router offers of them: how each is asked for, and how it is saved.
FORMS: dict[str, tuple[Callable[[Turn], Answer], Callable[[Turn], Answer]]] = {
    "owner": (ask_owner, set_owner),
    "status": (ask_status, set_status),
    "stage": (ask_stage, set_stage),
    "kind": (ask_kind, set_kind),
    "worth": (ask_worth, set_worth),
    "link": (ask_ties, set_ties),
}


def _tied_kinds(item: Item) -> tuple[Kind, ...]:
    if item.kind == Kind.IDEA:
        return (Kind.PAIN,)
    if item.kind == Kind.QUOTE:
        return (Kind.PAIN, Kind.IDEA)
    raise Refusal(say("link kinds", ref=reference(item)))


def _tied(turn: Turn, item: Item) -> dict[str, Item]:
    tied = pains_of(turn, item) if item.kind == Kind.IDEA else backed_by(turn, item)
    return {one.id: one for one in tied}


def _of_kind(item: Item, kind: Kind) -> Item:
    if item.kind != kind:
        raise Refusal(say("only ideas", ref=reference(item)))
    return item


def _open(turn: Turn, item: Item, name: str, *fields: Field | Note) -> Answer:
    about = Note(say("item in short", ref=reference(item), words=UserText(short(item.text))))
    form = Form(
        title=word(f"form item {name}"),
        action=f"item.{name}.save",
        submit=word("save"),
        fields=(about, *fields),
        token=turn.store.new_id(),
        about={"item": item.id},
    )
    return Open(form)


def _done(turn: Turn, item: Item, changed: bool, text: Text) -> Answer:
    if not changed:
        text = say("nothing changed", ref=reference(item))
        return Done(Card((Line(text),), plain(text)))
    return Done(Card((Line(text), Buttons((undo_button(turn, item.id),))), plain(text)))


def _tell_owner(turn: Turn, item: Item, person_id: str) -> None:
    text = say(
        "owner told", name=UserText(turn.who.name), ref=reference(item), words=UserText(short(item.text))
    )
    show = Buttons((_show(item),))
    key = f"owner {item.id} {person_id} {turn.request.key}"
    whisper(turn.store, turn.workspace_id, person_id, key, Card((Line(text), show), plain(text)), turn.now)


def _show(item: Item) -> Button:
    return Button(word("show item", ref=reference(item)), "item.show", item.id)
