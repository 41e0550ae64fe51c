"""Is this still true? What people can answer, asked or not, and what each answer does."""

from typing import NamedTuple

from handlers.answers import Answer, Button, Buttons, Card, Line, Part, Replace, Tell, Words
from handlers.cards import reference
from handlers.effects import message, reply_to_item, whisper
from handlers.errors import Refusal
from handlers.items import living
from handlers.kinds import Role, Trust
from handlers.text import Text, UserText, joined, plain, theirs
from handlers.trust import confirm, dispute
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item, Prompt
from storage.store import Store

TRUE, CHANGED, FIXED, PASS = "true", "changed", "fixed", "pass"
STANDS = (TRUE, CHANGED)  # it is there, perhaps in other words
IN_PRIVATE = "me"  # the question was asked in private, by the card's menu
AGREE = 2  # people who say fixed


class Said(NamedTuple):
    """What people said in an item's round: who sees it still, and who says that it is fixed."""

    stands: list[str]
    fixed: list[str]


def ask(turn: Turn) -> Answer:
    """*Is it still true?* on a card: the question, in private."""
    item = turn.store.items.get(turn.request.value())
    if item is None:
        raise Refusal(say("not found anywhere"))
    question = say("check asked", ref=reference(item), stage=UserText(turn.store.items.names(item.id).stage))
    parts = (Line(question), Words(theirs(item.text)), Buttons(answer_buttons(item, IN_PRIVATE)))
    return Tell(Card(parts, plain(question)))


def answer_buttons(item: Item, where: str) -> tuple[Button, ...]:
    """The answers; `where` names the private message that a click replaces."""
    value = f"{item.id} {where}".strip()
    return (
        Button(word("check true"), "check.true", value, style="primary"),
        Button(word("check fixed"), "check.fixed", value),
    )


def still_true(turn: Turn) -> Answer:
    """*Still true*: the item is confirmed, unless others say that it is fixed."""
    item, where = _asked(turn)
    if item.resolved_at is not None:
        return _closed(item, where)
    turn.store.checks.answer(item.id, item.round, turn.who.id, TRUE, turn.now)
    if item.trust == Trust.DISPUTED and may_settle(turn, item):
        confirm(turn.store, item, turn.who.id, turn.now, turn.half_lives, settles=True)
        return _told(where, say("check settled", ref=reference(item)))
    said = said_of(turn.store, item)
    if said.fixed:
        return _contradicted(turn, item, said, where)
    confirm(turn.store, item, turn.who.id, turn.now, turn.half_lives)
    return _told(where, say("check thanks true", ref=reference(item)))


def is_fixed(turn: Turn) -> Answer:
    """*Fixed*: once two people say so, whoever may close it is asked to; if others see it still, it is disputed."""
    item, where = _asked(turn)
    if item.resolved_at is not None:
        return _closed(item, where)
    turn.store.checks.answer(item.id, item.round, turn.who.id, FIXED, turn.now)
    said = said_of(turn.store, item)
    if said.stands:
        return _contradicted(turn, item, said, where)
    close = Button(word("resolve"), "item.resolve", item.id)
    if may_settle(turn, item):
        return _told(where, say("check fixed yours", ref=reference(item)), close)
    if len(said.fixed) >= AGREE:
        propose(turn, item, said.fixed)
        return _told(where, say("check thanks fixed twice", ref=reference(item)))
    return _told(where, say("check thanks fixed", ref=reference(item)))


def said_of(store: Store, item: Item) -> Said:
    """What people said so far in the item's round."""
    rows: list[Prompt] = store.checks.round(item.id, item.round)
    return Said(
        [row.person_id for row in rows if row.answer in STANDS],
        [row.person_id for row in rows if row.answer == FIXED],
    )


def may_settle(turn: Turn, item: Item) -> bool:
    """Editors, the map's owner and the item's own may end a dispute and close the item."""
    journey = turn.store.maps.get(item.map_id)
    owners = {item.owner_id, journey.owner_id if journey else None} - {None}
    return turn.may(Role.EDITOR) or turn.who.id in owners


def names_of(store: Store, people: list[str]) -> Text:
    """Their names in a row."""
    known = [store.people.get(person) for person in people]
    return joined([say("a name", name=UserText(person.name)) for person in known if person], ", ")


def propose(turn: Turn, item: Item, people: list[str]) -> None:
    """Tells the item's owner, or else the map's, that people agree that it is fixed."""
    store = turn.store
    journey = store.maps.get(item.map_id)
    owner = item.owner_id or (journey.owner_id if journey else None)
    account = store.people.any_account(owner) if owner else None
    if owner is None or account is None:
        return
    text = say("check proposed", ref=reference(item), names=names_of(store, people))
    buttons = (
        Button(word("resolve"), "item.resolve", item.id, style="primary"),
        Button(word("check true"), "check.true", item.id),
    )
    card = Card((Line(text), Words(theirs(item.text)), Buttons(buttons)), plain(text))
    whisper(store, account.workspace_id, owner, f"proposed {item.id} {item.round}", card, turn.now)


def _contradicted(turn: Turn, item: Item, said: Said, where: str) -> Answer:
    if item.trust != Trust.DISPUTED:
        dispute(turn.store, item, turn.who.id, turn.now, turn.half_lives)
        _open_thread(turn, item, said)
    return _told(where, say("check thanks disputed", ref=reference(item)))


def _open_thread(turn: Turn, item: Item, said: Said) -> None:
    """Both sides meet under the item's cards, or in the map's channel where it has none."""
    store = turn.store
    text = say(
        "check disputed",
        ref=reference(item),
        stands=names_of(store, said.stands),
        fixed=names_of(store, said.fixed),
    )
    buttons = Buttons(answer_buttons(item, ""))
    key = f"disputed {item.id} {item.round}"
    card = Card((Line(text), buttons), plain(text))
    if any(post.gone_why is None for post in store.deliveries.posts(item.id)):
        reply_to_item(store, item.id, key, card, turn.now)
        return
    place = next(iter(store.maps.bound_places(item.map_id)), None)
    if place is not None:
        whole = Card((Line(text), Words(theirs(item.text)), buttons), plain(text))
        message(store, place.workspace_id, place.id, key, whole, turn.now)


def _asked(turn: Turn) -> tuple[Item, str]:
    """The living item of a click, and the private message it came from: `item [message]` is its value."""
    item_id, _, where = turn.request.value().partition(" ")
    if where not in ("", IN_PRIVATE):
        raise Refusal(say("not found anywhere"))
    return living(turn, item_id), where


def _closed(item: Item, where: str) -> Answer:
    return _told(
        where, say("check closed", ref=reference(item)), Button(word("reopen"), "item.reopen", item.id)
    )


def _told(where: str, text: Text, *buttons: Button) -> Answer:
    parts: tuple[Part, ...] = (Line(text), *((Buttons(buttons),) if buttons else ()))
    card = Card(parts, plain(text))
    return Replace(card) if where else Tell(card)
