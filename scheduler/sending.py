"""How each kind of delivery is drawn and sent, and what is left to say when it could not be."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
import structlog

from handlers.access import first_role
from handlers.answers import Button, Buttons, Card, Line, Part, thawed
from handlers.cards import item_card, reference
from handlers.chat import (
    ChannelGone,
    ChatError,
    Limited,
    MessageGone,
    NotInChannel,
    Refused,
    Revoked,
    Unreachable,
    Unsure,
)
from handlers.effects import Sent, redraw, reply, whisper
from handlers.kinds import Role
from handlers.places import lost as place_lost
from handlers.places import tell_owner
from handlers.request import Spot
from handlers.text import Text, UserText, plain
from handlers.votes import hear_waiting
from handlers.words import say, word
from scheduler.asking import send_closed, send_questions
from scheduler.crowds import send_people
from scheduler.hearing import send_unheard
from scheduler.hinting import send_hint
from scheduler.homes import send_home
from scheduler.job import Job, Outcome
from scheduler.recounting import send_recount
from scheduler.welcoming import send_welcome
from storage.callers import workspace
from storage.models import Delivery, Item
from storage.store import Store

log = structlog.get_logger("delivery")


async def send(job: Job, until: datetime) -> Outcome:
    """Sends one delivery and records it; raises ChatError. `until` is how long its last stretch is leased."""
    return await _SENDERS[Sent(job.row.kind)](job, until)


def lost(store: Store, row: Delivery, now: datetime) -> None:
    """Sent, perhaps: it stays as it is, and the person it belongs to is told."""
    store.deliveries.set_aside(row.id, "unknown", "no answer came")
    place = store.places.get(row.place_id) if row.place_id else None
    channel = UserText(place.name if place else "")
    if row.kind == Sent.CARD and row.subject_id and (item := store.items.get(row.subject_id)):
        text = say("card unsent", ref=reference(item), channel=channel)
        _tell_author(store, row, item, text, now)
    if row.kind == Sent.DIGEST and place is not None:
        tell_owner(
            store, row.workspace_id, place, f"unsent {row.id}", say("digest unsent", channel=channel), now
        )


def give_up(store: Store, row: Delivery, why: ChatError | str, now: datetime) -> None:
    """It cannot be sent: set aside, and the person it belongs to is told once."""
    store.deliveries.set_aside(row.id, "dead", str(why))
    place = store.places.get(row.place_id) if row.place_id else None
    if place is None:
        return
    channel, reason = UserText(place.name), _reason(why)
    if reason is not None:
        place_lost(store, row.workspace_id, place, reason, now)
    elif row.kind == Sent.DIGEST:
        tell_owner(
            store, row.workspace_id, place, f"unsent {row.id}", say("digest failed", channel=channel), now
        )
    if row.kind == Sent.CARD and row.subject_id and (item := store.items.get(row.subject_id)):
        text = say("card failed", ref=reference(item), channel=channel)
        if reason is not None:
            text = say("card no place", ref=reference(item), channel=channel, why=say(f"why {reason}"))
        _tell_author(store, row, item, text, now)


async def _send_card(job: Job, until: datetime) -> Outcome:
    row, now = job.row, job.clock()

    def drawn(store: Store) -> tuple[Any, Item, Card, int] | None:
        item = store.items.get(row.subject_id or "")
        address = store.places.address(row.place_id or "")
        if item is None or item.removed_at is not None or address is None or _post_of(store, row) is not None:
            return None
        card, revision = item_card(store, item, now)
        return (address, item, card, revision) if card is not None else None

    ready = await job.read(drawn)
    if ready is None:
        return await _needless(job, lambda store: _hear_again(store, row, job.clock()))
    address, item, card, revision = ready
    _check(address)
    if not await job.write(lambda store: store.deliveries.sending(row, until)):
        return Outcome.TAKEN
    message = await _posted(job, address, card)

    def recorded(store: Store) -> None:
        store.places.hold(address.id)
        store.digests.resume_place(address.id)
        store.posts.add(job.new_id(), address.id, message, "item", item.id, revision, job.clock())
        hear_waiting(store, row.workspace_id, address.external_id, message, item.id, job.clock())
        fresh = store.items.get(item.id)
        if fresh is not None and fresh.revision > revision:
            redraw(store, row.workspace_id, item.id, job.clock())

    await job.done(recorded)
    return Outcome.SENT


def _post_of(store: Store, row: Delivery) -> Any | None:
    """The card that is there already."""
    posts = store.posts.of(row.subject_id or "")
    return next((post for post in posts if post.place_id == row.place_id), None)


def _hear_again(store: Store, row: Delivery, now: datetime) -> None:
    """An item is back on its card: what people did there meanwhile counts from now on."""
    post = _post_of(store, row)
    if post is not None and row.subject_id is not None:
        hear_waiting(store, row.workspace_id, post.channel, post.external_id, row.subject_id, now)


async def _send_message(job: Job, until: datetime) -> Outcome:
    address = await job.read(lambda store: store.places.address(job.row.place_id or ""))
    return await _post_once(job, until, address, thawed(job.row.payload or ""))


async def _send_digest(job: Job, until: datetime) -> Outcome:
    row = job.row
    schedule_id, _, local = (row.subject_id or "").partition(" ")
    slot, address = await job.read(
        lambda store: (store.digests.slot(schedule_id, local), store.places.address(row.place_id or ""))
    )
    if slot is None or slot.card is None:
        return await _needless(job)
    return await _post_once(job, until, address, thawed(slot.card), thawed(slot.rest) if slot.rest else None)


async def _post_once(
    job: Job, until: datetime, address: Any, card: Card, rest: Card | None = None
) -> Outcome:
    """Posts the card and, where there is more, queues what belongs into its thread; without an address, nothing."""
    row = job.row
    if address is None:
        return await _needless(job)
    _check(address)
    if not await job.write(lambda store: store.deliveries.sending(row, until)):
        return Outcome.TAKEN
    message = await _posted(job, address, card)

    def recorded(store: Store) -> None:
        store.digests.resume_place(address.id)
        if rest is not None:
            key = row.subject_id or row.id
            reply(store, row.workspace_id, address.id, message, key, rest, job.clock())

    await job.done(recorded)
    return Outcome.SENT


async def _needless(job: Job, deed: Callable[[Store], object] = lambda store: None) -> Outcome:
    await job.done(deed)
    return Outcome.NEEDLESS


def _check(address: Any) -> None:
    """Raises what the first message that could not be posted there was told."""
    if address.gone_why is not None:
        raise ChannelGone(address.gone_why)


async def _posted(job: Job, address: Any, card: Card) -> str:
    thread = job.row.thread or ""
    try:
        return await job.chat.post(job.workspace, address.external_id, card, thread)
    except NotInChannel:
        if address.private:
            raise
    try:
        await job.chat.join(job.workspace, address.external_id)
    except Unsure as error:
        # Whether we are in or not: the message itself has not left.
        raise Unreachable(str(error)) from error
    return await job.chat.post(job.workspace, address.external_id, card, thread)


async def _send_redraw(job: Job, until: datetime) -> Outcome:
    row, now = job.row, job.clock()

    def drawn(store: Store) -> tuple[Card | None, int, list[Any], list[str], bool] | None:
        item = store.items.get(row.subject_id or "")
        if item is None:
            return None
        shown = item_card(store, item, now)
        behind = [
            post for post in store.posts.of(item.id) if post.shown < shown.revision and post.gone_why is None
        ]
        here = [post for post in behind if post.workspace_id == row.workspace_id]
        others = {post.workspace_id for post in behind} - {row.workspace_id}
        open_ones = [known for other in sorted(others) if (known := workspace(store.connection, other))]
        return (
            shown.card,
            shown.revision,
            here,
            [one.id for one in open_ones if one.stopped_at is None],
            bool(store.bindings.wanting(item.id)),
        )

    ready = await job.read(drawn)
    card, revision, posts, others, wanted = ready if ready is not None else (None, 0, [], [], False)
    for post in posts:
        try:
            if card is None:
                await job.chat.delete(job.workspace, post.channel, post.external_id)
                raise MessageGone("taken back")
            await job.chat.update(job.workspace, post.channel, post.external_id, card)
        except MessageGone:
            await job.write(lambda store, post=post: store.posts.drop(post.id))  # type: ignore[misc]
        except (Limited, Revoked):
            raise
        except Refused as error:
            # One channel that lets nothing be changed must not keep the others from being redrawn.
            log.warning("not redrawn", post=post.id, error=str(error))
        else:
            await job.write(lambda store, post=post: store.posts.shown(post.id, revision))  # type: ignore[misc]

    def recorded(store: Store) -> None:
        _pass_on(store, row, revision, others, job.clock())
        if wanted and row.subject_id:
            for place in store.bindings.wanting(row.subject_id):
                store.deliveries.queue_card(job.new_id(), row.subject_id, place, job.clock())

    await job.done(recorded)
    return Outcome.SENT if posts else Outcome.NEEDLESS


def _pass_on(store: Store, row: Delivery, revision: int, others: list[str], now: datetime) -> None:
    """The next platform that shows the item is drawn anew, until each was at its turn for this revision."""
    seen = (row.payload or "").split()
    done = {row.workspace_id, *(seen[1:] if seen[:1] == [str(revision)] else ())}
    waiting = [other for other in others if other not in done]
    if waiting and row.subject_id:
        redraw(store, waiting[0], row.subject_id, now, passed_on=" ".join([str(revision), *sorted(done)]))


def redraw_elsewhere(store: Store, row: Delivery, now: datetime) -> None:
    """One platform does not let us: the others that show the item are drawn anew without it."""
    shown_on = {post.workspace_id for post in store.posts.of(row.subject_id or "")}
    for other in sorted(shown_on - {row.workspace_id}):
        redraw(store, other, row.subject_id or "", now)


async def _send_whisper(job: Job, until: datetime) -> Outcome:
    row = job.row
    account = await job.read(lambda store: store.people.account(row.workspace_id, row.person_id or ""))
    person = await job.read(lambda store: store.people.get(row.person_id or ""))
    if person is not None and person.gone_at is not None:
        return await _needless(job)
    if account is None:
        return await _needless(job, lambda store: _elsewhere(store, row))
    if not await job.write(lambda store: store.deliveries.sending(row, until)):
        return Outcome.TAKEN
    asked_in = msgspec.json.decode(row.subject_id, type=Spot) if row.subject_id else None
    await job.chat.whisper(job.workspace, account.external_id, thawed(row.payload or ""), asked_in)
    await job.done()
    return Outcome.SENT


def _elsewhere(store: Store, row: Delivery) -> None:
    """Somebody who is not on this platform is told where they are."""
    other = store.people.any_account(row.person_id or "")
    if other is not None and row.person_id is not None:
        key = row.key.removeprefix("whisper:")
        whisper(store, other.workspace_id, row.person_id, key, thawed(row.payload or ""), row.not_before)


async def _send_join(job: Job, until: datetime) -> Outcome:
    row = job.row
    address = await job.read(lambda store: store.places.address(row.place_id or ""))
    if address is not None and not address.private:
        await job.chat.join(job.workspace, address.external_id)
    await job.done()
    return Outcome.SENT


async def _send_profile(job: Job, until: datetime) -> Outcome:
    """A person whose profile could not be asked for at first sight: now it is."""
    row = job.row
    account = await job.read(lambda store: store.people.account(row.workspace_id, row.person_id or ""))
    person = await job.read(lambda store: store.people.get(row.person_id or ""))
    if account is not None and person is not None and person.profile_at is None:
        profile = await job.chat.profile(job.workspace, account.external_id)
        # A role that somebody gave by hand meanwhile stays.
        role = first_role(profile) if person.role == Role.MEMBER else Role(person.role)
        await job.write(
            lambda store: store.people.set_profile(person.id, profile.name, profile.zone, role, job.clock())
        )
    await job.done()
    return Outcome.SENT


_SENDERS: dict[Sent, Callable[[Job, datetime], Awaitable[Outcome]]] = {
    Sent.CARD: _send_card,
    Sent.REDRAW: _send_redraw,
    Sent.MESSAGE: _send_message,
    Sent.WHISPER: _send_whisper,
    Sent.DIGEST: _send_digest,
    Sent.JOIN: _send_join,
    Sent.PROFILE: _send_profile,
    Sent.HOME: send_home,
    Sent.WELCOME: send_welcome,
    Sent.HINT: send_hint,
    Sent.RECOUNT: send_recount,
    Sent.UNHEARD: send_unheard,
    Sent.PEOPLE: send_people,
    Sent.ASK: send_questions,
    Sent.CLOSED: send_closed,
}


def _reason(why: ChatError | str) -> str | None:
    """Why nothing can be posted in the whole channel, in the catalogue's words; none where it is only this message."""
    if isinstance(why, NotInChannel):
        return "not in channel"
    return why.why if isinstance(why, ChannelGone) else None


def _tell_author(store: Store, row: Delivery, item: Item, text: Text, now: datetime) -> None:
    if item.author_id is not None:
        again = Button(word("post again"), "item.post", item.id)
        whisper(store, row.workspace_id, item.author_id, f"unsent {row.id}", _card(text, again), now)


def _card(text: Text, *buttons: Button) -> Card:
    parts: list[Part] = [Line(text)]
    if buttons:
        parts.append(Buttons(buttons))
    return Card(tuple(parts), plain(text))
