"""An item becomes one of another kind: it gets that kind's number, and the one it had still finds it."""

from typing import Any

from handlers.effects import redraw
from handlers.half_lives import check_times
from handlers.items import recount_evidence, tell
from handlers.kinds import USUAL_SEVERITY, Kind, Status, first_status, ref
from handlers.turn import Turn
from storage.models import Item

# What only this kind has: it goes with the kind, and comes back with it.
OWN: dict[Kind, tuple[str, ...]] = {
    Kind.PAIN: ("severity", "reach", "reach_source", "persona_id"),
    Kind.IDEA: ("value", "effort", "reason"),
    Kind.QUOTE: ("sentiment",),
    Kind.GAIN: (),
}


def become(turn: Turn, item: Item, kind: Kind, brought: dict[str, Any] | None = None) -> str:
    """Makes it one of that kind, with the columns that are `brought` along; what it is called from now on."""
    store = turn.store
    spoken = store.items.speaks_for(item.id) if Kind.QUOTE in (kind, item.kind) else []
    number = store.merges.take_back_number(item.id, kind.value)
    step = store.maps.step(item.map_id, None if number else kind.value, turn.now)
    number = number or step.number
    fields = _at_first(item, kind) | (brought or {})
    changed = {name: value for name, value in fields.items() if getattr(item, name) != value}
    times = check_times(turn.half_lives, kind, fields.get("severity"), item.confirmed_at or item.created_at)
    store.merges.call(item, kind.value, number)
    store.items.save(item, revision=step.revision, **changed, **({} if item.resolved_at else times))
    before = {"kind": item.kind, "number": item.number} | {name: getattr(item, name) for name in changed}
    tell(turn, item, step, "became", before, {"kind": kind.value, "number": number} | changed)
    for one in spoken:
        was, is_ = {"quote": ref(item.kind, item.number)}, {"quote": ref(kind, number)}
        recount_evidence(turn, one, *((was, {}) if item.kind == Kind.QUOTE else ({}, is_)))
    name_anew(turn, item)
    return ref(kind, number)


def name_anew(turn: Turn, item: Item) -> None:
    """What names this item on its own card is drawn anew: what was merged into it, and ideas that answer it."""
    revision = turn.store.maps.counter(item.map_id).revision
    for one in (*turn.store.merges.merged(item.id), *turn.store.merges.answered_by(item.id)):
        turn.store.items.save(one, revision=revision)
        redraw(turn.store, turn.workspace_id, one.id, turn.now)


def _at_first(item: Item, kind: Kind) -> dict[str, Any]:
    fields: dict[str, Any] = {name: None for own in OWN.values() for name in own}
    fields |= {name: getattr(item, name) for name in OWN[kind]}
    if kind is Kind.PAIN and item.severity is None:
        fields["severity"] = USUAL_SEVERITY
    closed = item.status in (Status.RESOLVED, Status.SHIPPED)
    if closed:
        return fields | {"status": (Status.SHIPPED if kind is Kind.IDEA else Status.RESOLVED).value}
    status = {"status": first_status(kind).value}
    return fields | status | ({"resolved_at": None} if item.status == Status.DECLINED else {})
