"""Replies in the thread of a card: each is a comment of its item, as it stands now."""

from typing import Any

from handlers.answers import Answer, Part, Quiet, Rows, Silent
from handlers.effects import redraw
from handlers.errors import Refusal
from handlers.history import record
from handlers.items import on_living_map
from handlers.text import UserText, blank, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item
from storage.store import Store

LONGEST = 3_000  # characters that are kept
SHOWN, WORDS = 5, 200  # of the last ones, and characters of each


def reply(turn: Turn) -> Answer:
    """Somebody replied, changed or took back a reply: `thread`, `text`, `at` and `gone` are the request's values."""
    request, store = turn.request, turn.store
    if request.surface != "event" or request.spot is None:
        raise Refusal(say("unknown click"))
    card = store.sources.card_at(turn.workspace_id, request.spot.channel, request.value("thread"))
    item = store.items.locked(card.subject_id) if card is not None else None
    if card is None or item is None:
        return Silent()
    text, at = request.value("text")[:LONGEST], request.value("at")
    gone = request.value("gone") == "yes" or blank(text)
    before = store.comments.get(card.place_id, request.message)
    # Events come in any order: the newest wins, and a reply that is known as taken back does not return.
    if before is not None and before.event_at >= at:
        return Silent()
    now: dict[str, Any] = {"text": "" if gone else text, "event_at": at, "removed": gone}
    if before is None:
        store.comments.add(
            place_id=card.place_id,
            external_id=request.message,
            item_id=item.id,
            person_id=turn.who.id,
            **now,
        )
    else:
        store.comments.change(card.place_id, request.message, **now)
    _count(turn, item, (not gone) - (before is not None and not before.removed))
    return Silent()


def last_said(store: Store, item: Item) -> tuple[Part, ...]:
    """The last comments of an item, the newest at the end."""
    if not item.comments:
        return ()
    newest = store.comments.newest(item.id, SHOWN)
    rows = tuple(
        say("comment", name=UserText(one.name or word("somebody")), words=UserText(short(one.text, WORDS)))
        for one in reversed(newest)
    )
    return (Quiet(say("details comments")), Rows(rows))


def _count(turn: Turn, item: Item, more: int) -> None:
    """The item has more or fewer comments; that its words changed is in the history alone, which rests with the map."""
    store, revision, removed = turn.store, item.revision, item.removed_at is not None
    if not removed and on_living_map(turn, item):
        revision = record(turn, item.map_id, "commented", ("item", item.id), None, {"more": more}).revision
    store.comments.count(item.id, more, revision)
    if more and not removed:
        if revision == item.revision:
            store.posts.outdated(item.id)
        redraw(store, turn.workspace_id, item.id, turn.now)
