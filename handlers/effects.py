"""What is sent after a change: rows queued in its transaction, which name subjects and are drawn when they leave."""

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

import msgspec

from handlers.answers import Card, frozen
from handlers.request import Spot
from storage.store import Store

REDRAW_AFTER = timedelta(milliseconds=150)  # a burst of votes is one redraw
REPUBLISH_AFTER = timedelta(milliseconds=500)  # the Home tab shows a burst of changes at once
WHISPER_FOR = timedelta(days=1)
WELCOME_AFTER, WELCOME_FOR = (
    timedelta(seconds=20),
    timedelta(minutes=10),
)  # by then we know who came with them


_json = msgspec.json.Encoder()


class Urgency(IntEnum):
    """What goes first when much waits."""

    PERSON = 1
    CARD = 2  # storage/deliveries.py queues cards under this number
    DIGEST = 3
    REDRAW = 4


class Sent(StrEnum):
    """What a queued delivery is."""

    CARD = "card"
    REDRAW = "redraw"
    MESSAGE = "message"
    WHISPER = "whisper"
    DIGEST = "digest"
    JOIN = "join"
    PROFILE = "profile"
    HOME = "home"
    WELCOME = "welcome"
    HINT = "hint"
    RECOUNT = "recount"
    UNHEARD = "unheard"
    PEOPLE = "people"
    ASK = "ask"
    CLOSED = "closed"


def redraw(
    store: Store, workspace_id: str, item_id: str, now: datetime, *, passed_on: str | None = None
) -> None:
    """Every message that shows the item is drawn anew, on that platform first; `passed_on` by the others."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.REDRAW.value,
        method="update",
        key=f"redraw:{workspace_id}:{item_id}",  # one platform that is stopped holds up no other
        subject_id=item_id,
        payload=passed_on,
        priority=Urgency.REDRAW.value,
        not_before=now + REDRAW_AFTER,
    )


def whisper(
    store: Store,
    workspace_id: str,
    person_id: str,
    key: str,
    card: Card,
    now: datetime,
    *,
    asked_in: Spot | None = None,
) -> None:
    """A private message to a person; its buttons go on about the channel that it was `asked_in`."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.WHISPER.value,
        method="post",
        key=f"whisper:{key}",
        person_id=person_id,
        subject_id=None if asked_in is None or asked_in.direct else _json.encode(asked_in).decode(),
        payload=frozen(card),
        priority=Urgency.PERSON.value,
        not_before=now,
        expires_at=now + WHISPER_FOR,
    )


def message(store: Store, workspace_id: str, place_id: str, key: str, card: Card, now: datetime) -> None:
    """A message of ours that stays as it is."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.MESSAGE.value,
        method="post",
        key=f"message:{key}",
        place_id=place_id,
        payload=frozen(card),
        priority=Urgency.CARD.value,
        not_before=now,
    )


def reply(
    store: Store, workspace_id: str, place_id: str, thread: str, key: str, card: Card, now: datetime
) -> None:
    """A message of ours in the thread under another; `thread` is the platform's id of that."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.MESSAGE.value,
        method="post",
        key=f"reply:{key}",
        place_id=place_id,
        thread=thread,
        payload=frozen(card),
        priority=Urgency.CARD.value,
        not_before=now,
    )


def reply_to_item(store: Store, item_id: str, key: str, card: Card, now: datetime) -> None:
    """A message of ours under every card of an item."""
    for post in store.posts.of(item_id):
        if post.gone_why is None:
            reply(
                store,
                post.workspace_id,
                post.place_id,
                post.external_id,
                f"{key} {post.place_id}",
                card,
                now,
            )


def join(store: Store, workspace_id: str, place_id: str, now: datetime) -> None:
    """We become a member of the channel, so that we hear its reactions."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.JOIN.value,
        method="join",
        key=f"join:{place_id}",
        place_id=place_id,
        priority=Urgency.PERSON.value,
        not_before=now,
    )


def digest(store: Store, workspace_id: str, place_id: str, slot: str, now: datetime) -> None:
    """The digest of a slot, whose card is kept with it; `slot` is `schedule local`."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.DIGEST.value,
        method="post",
        key=f"digest:{slot}",
        place_id=place_id,
        subject_id=slot,
        priority=Urgency.DIGEST.value,
        not_before=now,
    )


def ask_profile(store: Store, workspace_id: str, person_id: str, now: datetime) -> None:
    """The platform is asked who this is, as it could not be asked at first sight."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.PROFILE.value,
        method="ask",
        key=f"profile:{person_id}",
        person_id=person_id,
        priority=Urgency.PERSON.value,
        not_before=now,
    )


def home(store: Store, workspace_id: str, person_id: str, now: datetime, *, looks: bool = False) -> None:
    """The person's Home tab on that workspace, drawn anew; at once where somebody looks at it."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.HOME.value,
        method="publish",
        key=f"home:{workspace_id}:{person_id}:{looks:d}",
        person_id=person_id,
        priority=(Urgency.PERSON if looks else Urgency.REDRAW).value,
        not_before=now if looks else now + REPUBLISH_AFTER,
    )


def welcome(store: Store, workspace_id: str, place_id: str, user: str, now: datetime) -> None:
    """A word for somebody new in a channel, seen by them alone; `user` is the platform's own id."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.WELCOME.value,
        method="hint",
        key=f"welcome:{place_id}:{user}",
        place_id=place_id,
        subject_id=user,
        priority=Urgency.REDRAW.value,
        not_before=now + WELCOME_AFTER,
        expires_at=now + WELCOME_FOR,
    )


def hint(
    store: Store, workspace_id: str, channel: str, user: str, key: str, card: Card, now: datetime
) -> None:
    """A question that one person sees within a channel; both by the platform's own ids."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.HINT.value,
        method="hint",
        key=f"hint:{key}",
        subject_id=f"{channel} {user}",
        payload=frozen(card),
        priority=Urgency.PERSON.value,
        not_before=now,
        expires_at=now + WHISPER_FOR,
    )


def recount(store: Store, workspace_id: str, before: str, not_before: datetime) -> None:
    """The platform is asked who reacted to the newest message of ours that is older than the one of id `before`."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.RECOUNT.value,
        method="recount",
        key=f"recount:{workspace_id}",
        payload=before,
        priority=Urgency.REDRAW.value,
        not_before=not_before,
    )


def hear_unheard(store: Store, workspace_id: str, map_id: str, now: datetime, *, after: str = "") -> None:
    """Reactions on the map's cards that do not count yet are counted, on messages after the one of id `after`."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.UNHEARD.value,
        method="hear",
        key=f"hear:{map_id}:{after}",
        subject_id=map_id,
        payload=after,
        priority=Urgency.REDRAW.value,
        not_before=now,
    )


def hear_again(store: Store, item_id: str, now: datetime) -> None:
    """An item's messages are looked at: what people did there while it was away is heard."""
    for post in store.posts.of(item_id):
        place = store.places.get(post.place_id)
        if place is not None:
            store.deliveries.queue_card(store.new_id(), item_id, place, now)


def ask_people(store: Store, workspace_id: str, place_id: str, at: datetime) -> None:
    """The platform is asked who is in a channel: they are members of the private maps that it shows."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.PEOPLE.value,
        method="people",
        key=f"people:{place_id}",
        place_id=place_id,
        priority=Urgency.CARD.value,
        not_before=at,
    )


def ask(store: Store, workspace_id: str, person_id: str, bundle: str, at: datetime) -> None:
    """The questions of a bundle, in one private message, when they are welcome."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.ASK.value,
        method="post",
        key=f"ask:{person_id}:{bundle}",
        person_id=person_id,
        subject_id=bundle,
        priority=Urgency.DIGEST.value,
        not_before=at,
    )


def tell_closed(store: Store, workspace_id: str, person_id: str, item_id: str, at: datetime) -> None:
    """Somebody is told that what they wanted is fixed or shipped, if it is still by then."""
    store.deliveries.queue(
        id=store.new_id(),
        workspace_id=workspace_id,
        kind=Sent.CLOSED.value,
        method="post",
        key=f"closed:{item_id}:{person_id}",
        person_id=person_id,
        subject_id=item_id,
        priority=Urgency.DIGEST.value,
        not_before=at,
    )
