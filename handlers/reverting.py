"""The last change of an item, taken back: what it was before, as long as nobody changed it again."""

from datetime import date, datetime
from typing import Any

import msgspec

from handlers.answers import Answer, Button, Replace
from handlers.becoming import become
from handlers.cards import reference
from handlers.errors import Refusal
from handlers.grammar import parse_item_ref
from handlers.items import Ties, card_of, change, check_right, found, on_its_own
from handlers.kinds import Kind
from handlers.numbers import numbered
from handlers.ties import tie, ties_of
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Change, Item

TIED = ("answers", "evidence", "link")
_TIMES: dict[str, Any] = {"due_on": date | None, "resolved_at": datetime | None}
REVERTED = {"edited", "resolved", "declined", "reopened", "became"}


def undo_button(turn: Turn, item_id: str) -> Button:
    """The way back from what was just done to an item."""
    item = turn.store.items.get(item_id)
    return Button(word("undo"), "item.revert", f"{item_id} {item.revision if item else 0}")


def revert(turn: Turn) -> Answer:
    """Undo was clicked under a change: `item revision` is the click's value."""
    item_id, _, revision = turn.request.value().partition(" ")
    item = found(turn, item_id)
    check_right(turn, item)
    on_its_own(turn, item)
    known = revision.isascii() and revision.isdigit() and len(revision) < 10
    told = turn.store.history.at(item.map_id, int(revision)) if known else None
    if told is None or told.subject_id != item.id or told.what not in REVERTED:
        raise Refusal(say("unknown click"))
    before, after = _states(told)
    if _stands(turn, item, before):
        return Replace(card_of(say("reverted", ref=reference(item))))
    if item.removed_at is not None or not _stands(turn, item, after):
        raise Refusal(say("revert late", ref=reference(item)))
    called = _take_back(turn, item, told, before)
    return Replace(card_of(say("reverted", ref=called)))


def _take_back(turn: Turn, item: Item, told: Change, before: dict[str, Any]) -> str:
    fields = {
        name: msgspec.convert(value, _TIMES[name], strict=False) if name in _TIMES else value
        for name, value in before.items()
        if name not in (*TIED, "kind", "number")
    }
    if told.what == "became":
        return become(turn, item, Kind(before["kind"]), fields)
    was = ties_of(turn, item)
    now = was | {name: before[name] for name in TIED if name in before}
    if now != was:
        answered, spoken = _items(turn, item, now, "answers"), _items(turn, item, now, "evidence")
        tie(turn, item, answered, spoken, now.get("link", []))
    what = {"resolved": "reopened", "declined": "reopened", "reopened": "resolved"}.get(told.what, told.what)
    ties = Ties(was, {name: tied for name, tied in now.items() if tied})
    change(turn, item, what, fields, ties)
    return reference(item)


def _states(told: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    """All that the change names, before and after."""
    before, after = (dict(msgspec.json.decode(state)) if state else {} for state in (told.before, told.after))
    untied: dict[str, Any] = {name: [] for name in TIED if name in before or name in after}
    return untied | before, untied | after


def _stands(turn: Turn, item: Item, state: dict[str, Any]) -> bool:
    """Is the item so, in all that is named there?"""
    ties = ties_of(turn, item) if any(name in TIED for name in state) else {}
    as_it_is = {
        name: ties.get(name, []) if name in TIED else msgspec.to_builtins(getattr(item, name))
        for name in state
    }
    return as_it_is == state


def _items(turn: Turn, item: Item, ties: dict[str, list[str]], name: str) -> list[Item]:
    """The living items of these numbers; one that is gone by now is left out."""
    named = [parse_item_ref(called) for called in ties.get(name, [])]
    items = [numbered(turn, item.map_id, one) for one in named if one]
    return [one for one in items if one is not None and one.removed_at is None]
