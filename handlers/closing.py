"""What follows when something is fixed or shipped: its people are told, and two weeks later asked whether it holds."""

from datetime import timedelta

from handlers.answers import Button, Buttons, Card, Line, Words
from handlers.cards import reference
from handlers.effects import tell_closed
from handlers.kinds import Kind, Status
from handlers.text import UserText, plain, theirs
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item
from storage.store import Store

WATCH_AFTER = timedelta(days=14)
TOLD_AFTER = timedelta(minutes=10)  # who marked it by mistake has reopened it by then
MOST_TOLD = 1000


def tell(turn: Turn, item: Item) -> None:
    """Who logged the item and who voted for it are told, once, that it is closed."""
    for person in turn.store.asking.concerned(item.id, turn.who.id, MOST_TOLD):
        at = turn.now + TOLD_AFTER
        tell_closed(turn.store, person.workspace_id, person.person_id, item.id, at)


def closed_card(store: Store, item_id: str, person_id: str) -> Card | None:
    """Good news for one person; none where the item is open again, or was never closed for good."""
    item = store.items.get(item_id)
    if item is None or item.removed_at is not None or item.status not in (Status.RESOLVED, Status.SHIPPED):
        return None
    what = "shipped" if item.kind == Kind.IDEA else "fixed"
    heard = f"{what} yours" if item.author_id == person_id else f"{what} voted"
    text = say(f"closed {heard}", ref=reference(item), stage=UserText(store.items.names(item.id).stage))
    show = Buttons((Button(word("closed show"), "item.show", item.id),))
    return Card((Line(text), Words(theirs(item.text), quoted=item.kind == Kind.QUOTE), show), plain(text))
