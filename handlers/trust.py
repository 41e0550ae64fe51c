"""How far an item is believed: each change of it is stored, in the history, and on the cards."""

from datetime import datetime

import msgspec

from handlers.effects import redraw
from handlers.half_lives import check_times, half_life
from handlers.kinds import Trust
from storage.models import Item
from storage.store import Store

_json = msgspec.json.Encoder()


def confirm(store: Store, item: Item, by: str, now: datetime, wishes: str, *, settles: bool = False) -> None:
    """Somebody says that it is still true; one who `settles` a dispute closes the round of its answers."""
    times = check_times(wishes, item.kind, item.severity, now)
    changed = {"confirmed_at": now, "round": item.round + settles, **times}
    _become(store, item, Trust.CONFIRMED, by, now, changed)


def dispute(store: Store, item: Item, by: str, now: datetime, wishes: str) -> None:
    """People say the opposite of each other: after another half-life the clock asks again."""
    life = half_life(wishes, item.kind, item.severity)
    _become(store, item, Trust.DISPUTED, by, now, {"check_at": now + life if life else None})


def grow_stale(store: Store, item: Item, now: datetime, wishes: str) -> None:
    """Nobody said that it is still true: silence is never a yes. After another half-life the clock asks again."""
    life = half_life(wishes, item.kind, item.severity)
    changed = {"check_at": now + life if life else None, "round": item.round + 1}
    _become(store, item, Trust.STALE, None, now, changed)


def _become(
    store: Store,
    item: Item,
    trust: Trust,
    by: str | None,
    now: datetime,
    changed: dict[str, datetime | int | None],
) -> None:
    step = store.maps.step(item.map_id, None, now)
    store.checks.believe(item, revision=step.revision, trust=trust.value, **changed)
    told = ("confirmed_at",) if trust is Trust.CONFIRMED else ()
    before = {"trust": item.trust} | {name: getattr(item, name) for name in told}
    after = {"trust": trust.value} | {name: changed[name] for name in told}
    store.history.write(
        item.map_id,
        step.revision,
        step.at,
        by,
        trust.value,
        "item",
        item.id,
        before=_json.encode(before).decode(),
        after=_json.encode(after).decode(),
    )
    # The card is drawn on every platform that shows it, whichever is asked first.
    post = next(iter(store.posts.of(item.id)), None)
    if post is not None:
        redraw(store, post.workspace_id, item.id, now)
