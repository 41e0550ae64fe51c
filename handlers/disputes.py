"""What follows where people contradict each other, or agree that it is fixed: the thread, and the owner's say."""

from typing import NamedTuple

from handlers.answers import Button, Buttons, Card, Line, Words
from handlers.cards import reference
from handlers.effects import message, reply_to_item, whisper
from handlers.kinds import Role
from handlers.questions import FIXED, STANDS, answer_buttons
from handlers.text import Text, UserText, joined, plain, theirs
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item, Prompt
from storage.store import Store


class Said(NamedTuple):
    """What people said in an item's round: who sees it still, and who says that it is fixed."""

    stands: list[str]
    fixed: list[str]


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


def propose(turn: Turn, item: Item, people: list[str]) -> None:
    """Tells the item's owner, or else the map's, that people agree that it is fixed."""
    text = say("check proposed", ref=reference(item), names=_names_of(turn.store, people))
    close = Button(word("resolve"), "item.resolve", item.id, style="primary")
    tell_owner(turn, item, text, close, Button(word("check true"), "check.true", item.id))


def tell_owner(turn: Turn, item: Item, text: Text, *buttons: Button) -> None:
    """A private sentence about an item to its owner, or else to the map's."""
    store = turn.store
    journey = store.maps.get(item.map_id)
    owner = item.owner_id
    if owner is None or not store.members.sees(item.map_id, owner):
        owner = journey.owner_id if journey else None
    account = store.people.any_account(owner) if owner else None
    if owner is None or account is None or owner == turn.who.id:
        return
    more = (Buttons(buttons),) if buttons else ()
    card = Card((Line(text), Words(theirs(item.text)), *more), plain(text))
    whisper(store, account.workspace_id, owner, f"owner {item.id} {item.round}", card, turn.now)


def open_thread(turn: Turn, item: Item, said: Said) -> None:
    """Both sides meet under the item's cards, or in the map's channel where it has none."""
    store = turn.store
    text = say(
        "check disputed",
        ref=reference(item),
        stands=_names_of(store, said.stands),
        fixed=_names_of(store, said.fixed),
    )
    buttons = answer_buttons(item, "")
    key = f"disputed {item.id} {item.round}"
    if any(post.gone_why is None for post in store.posts.of(item.id)):
        reply_to_item(store, item.id, key, Card((Line(text), buttons), plain(text)), turn.now)
        return
    place = next(iter(store.maps.bound_places(item.map_id)), None)
    if place is not None:
        whole = Card((Line(text), Words(theirs(item.text)), buttons), plain(text))
        message(store, place.workspace_id, place.id, key, whole, turn.now)


def _names_of(store: Store, people: list[str]) -> Text:
    """Their names in a row."""
    known = [store.people.get(person) for person in people]
    return joined([say("a name", name=UserText(person.name)) for person in known if person], ", ")
