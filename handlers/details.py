"""One item with all that belongs to it: who says so, what it is tied to, what became part of it, and its history."""

from collections.abc import Sequence
from typing import Any

from handlers.answers import (
    Answer,
    Button,
    Buttons,
    Card,
    Line,
    Menu,
    Option,
    Part,
    Quiet,
    Replace,
    Rows,
    Tell,
)
from handlers.cards import item_card, reference, speaker, worth
from handlers.chronicle import chronicle
from handlers.comments import last_said
from handlers.errors import Refusal
from handlers.items import card_of, ways_back
from handlers.kinds import CLOSED, Kind, mark, ref
from handlers.text import Text, UserText, joined, plain, short
from handlers.ties import backed_by, pains_of
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item

SHOWN = 5  # of each sort
LINES = 5  # of the history
PAGE = 20
SHORT = 100  # characters of a tied item


def details(turn: Turn, item: Item, called: str = "") -> Answer:
    """Everything about an item, in private; `called` is how it was asked for, where it has another name by now."""
    asked, root = item, turn.store.items.get(item.root_id) if item.root_id else None
    notes: list[Part] = []
    if root is not None:
        notes.append(Line(say("is part", ref=reference(item), root=reference(root))))
        item = root
    if called and called not in (reference(item), *(() if root is None else (called,))):
        notes.append(Line(say("was called", former=called, ref=reference(item))))
    card = item_card(turn.store, item, turn.now).card
    if item.removed_at is not None or card is None:
        gone = card or card_of(say("is off", ref=reference(item)))
        return Tell(_removed(gone, notes, ways_back(turn, asked, item)))
    head = [part for part in card.parts if not isinstance(part, Buttons)]
    said = last_said(turn.store, item)
    parts = (*notes, *head, *_around(turn, item), *said, *_history(turn, item), _buttons(item))
    return Tell(Card(parts, card.summary))


def _removed(card: Card, notes: Sequence[Part], back: tuple[Button, ...]) -> Card:
    """What is said of an item that was removed, with the way back for those who may take it."""
    said = tuple(part for part in card.parts if not isinstance(part, Buttons))
    return Card((*notes, *said, *((Buttons(back),) if back else ())), card.summary)


def show(turn: Turn) -> Answer:
    """*More* on a card, or a choice from a list: all about an item, and all that can be done."""
    item = turn.store.items.get(turn.request.value())
    if item is None:
        raise Refusal(say("not found anywhere"))
    return details(turn, item)


def history(turn: Turn) -> Answer:
    """What became of an item, a page of it, the latest first: `item before` is the click's value."""
    item_id, _, before = turn.request.value().partition(" ")
    item = turn.store.items.get(item_id)
    if item is None:
        raise Refusal(say("not found anywhere"))
    known = before.isascii() and before.isdigit() and len(before) < 10
    lines, older = chronicle(turn, item, PAGE, int(before) if known else None)
    title = say("history of", ref=reference(item), words=UserText(short(item.text)))
    parts: list[Part] = [Line(title), Rows(tuple(lines))]
    if older:
        parts.append(Buttons((Button(word("history older"), "item.history", f"{item.id} {older}"),)))
    card = Card(tuple(parts), plain(title))
    return Replace(card) if known else Tell(card)


def _around(turn: Turn, item: Item) -> list[Part]:
    store = turn.store
    parts: list[Part] = []
    if item.kind in (Kind.PAIN, Kind.IDEA) and item.evidence:
        quotes = store.merges.quotes(item.id, SHOWN)
        parts += _section(say("details evidence"), [_quote(one) for one in quotes], item.evidence)
    if item.kind == Kind.PAIN:
        ideas = store.merges.answered_by(item.id)
        parts += _section(say("details answered"), [_tied(one) for one in ideas[:SHOWN]], len(ideas))
    tied = pains_of(turn, item) if item.kind == Kind.IDEA else backed_by(turn, item)
    head = say("details answers" if item.kind == Kind.IDEA else "details speaks")
    parts += _section(head, [_tied(one) for one in tied[:SHOWN]], len(tied))
    merged = store.merges.merged(item.id)
    return parts + _section(say("details merged"), [_tied(one) for one in merged[:SHOWN]], len(merged))


def _section(head: Text, rows: Sequence[Text], total: int) -> list[Part]:
    if not rows:
        return []
    rest = (say("digest rest", n=total - len(rows)),) if total > len(rows) else ()
    return [Quiet(head), Rows((*rows, *rest))]


def _quote(one: Item) -> Text:
    words = say("details quote", ref=reference(one), words=UserText(short(one.text, SHORT)))
    said = speaker(one)
    return joined([words, said], " ") if said else words


def _tied(one: Any) -> Text:
    words = say(
        "details item",
        mark=mark(one.kind, one.severity),
        ref=ref(one.kind, one.number),
        words=UserText(short(one.text, SHORT)),
    )
    stands = worth(one) if one.kind == Kind.IDEA else word("closed") if one.status in CLOSED else ""
    return joined([words, say("a word", word=stands)]) if stands else words


def _history(turn: Turn, item: Item) -> list[Part]:
    lines, older = chronicle(turn, item, LINES)
    parts: list[Part] = [Quiet(say("details history")), Rows(tuple(lines))]
    if older:
        parts.append(Buttons((Button(word("history all"), "item.history", item.id),)))
    return parts


def _buttons(item: Item) -> Buttons:
    buttons = [Button(word("vote"), "vote", item.id, style="primary")]
    if item.kind in (Kind.PAIN, Kind.IDEA):
        buttons.append(Button(word("add evidence"), "item.evidence", item.id))
    buttons.append(Button(word("edit"), "item.edit", item.id))
    return Buttons((*buttons, Menu(word("do"), "item.do", deeds(item))))


def deeds(item: Item) -> tuple[Option, ...]:
    """What can be done about an item: each option's value is `what item`."""
    names = ["owner", "merge", "stage", "kind", "remove"]
    if item.kind in (Kind.IDEA, Kind.QUOTE):
        names.insert(0, "link")
    if item.kind == Kind.IDEA:
        names = ["status", "worth", *names]
    else:
        names.insert(0, "reopen" if item.status in CLOSED else "resolve")
    return tuple(Option(word(f"do {name}"), f"{name} {item.id}") for name in names)
