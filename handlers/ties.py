"""What an item is tied to: the pains that an idea answers, what a quote speaks for, and links to pages."""

from collections.abc import Iterable
from datetime import timedelta

from handlers.cards import answers, reference
from handlers.items import count_evidence
from handlers.kinds import Kind
from handlers.turn import Turn
from storage.models import Item

BACKED = (Kind.PAIN, Kind.IDEA)  # what a quote can speak for


def ties_of(turn: Turn, item: Item) -> dict[str, list[str]]:
    """The living items it answers or speaks for, by their numbers, and its links; nothing where there are none."""
    links = turn.store.items.links(item.id)
    ties = {
        "answers": answers(links) if item.kind == Kind.IDEA else [],
        "evidence": [reference(one) for one in backed_by(turn, item)],
        "link": urls(links),
    }
    return {name: tied for name, tied in ties.items() if tied}


def backed_by(turn: Turn, item: Item) -> list[Item]:
    """The living pains and ideas that a quote speaks for; none for any other kind."""
    if item.kind != Kind.QUOTE:
        return []
    spoken = turn.store.items.speaks_for(item.id)
    return [one for one in spoken if one.removed_at is None and one.kind in BACKED]


def pains_of(turn: Turn, item: Item) -> list[Item]:
    """The living pains that an idea answers."""
    tied = [link for link in turn.store.items.links(item.id) if link.kind == "answers"]
    ids = dict.fromkeys(link.other_id for link in tied if link.other_kind == Kind.PAIN)
    return [one for id_ in ids if (one := turn.store.items.get(id_)) is not None]


def urls(links: Iterable[object]) -> list[str]:
    """The pages among an item's ties, each once."""
    return list(dict.fromkeys(link.url for link in links if link.url))  # type: ignore[attr-defined]


def tie(turn: Turn, item: Item, answered: list[Item], spoken: list[Item], links: list[str]) -> None:
    """Makes the item's ties these; what stays is left as it is, also on what was merged into it."""
    _answer(turn, item, answered)
    speak_for(turn, item, spoken)
    _show_pages(turn, item, links)


def _show_pages(turn: Turn, item: Item, wanted: list[str]) -> None:
    store, known = turn.store, urls(turn.store.items.links(item.id))
    staying = [url for url in known if url in wanted]
    if staying != wanted[: len(staying)]:
        staying = []  # their order is another one: all anew
    for url in known:
        if url not in staying:
            store.items.drop_url(item.id, url)
    for place, url in enumerate(wanted):
        if url not in staying:
            at = turn.now + timedelta(microseconds=place)  # they keep their order
            store.items.add_link(store.new_id(), item.id, "url", at, url=url)


def _answer(turn: Turn, idea: Item, pains: list[Item]) -> None:
    store = turn.store
    known = {
        (link.other_kind, link.other_number): link.other_id
        for link in store.items.links(idea.id)
        if link.kind == "answers" and link.other_kind == Kind.PAIN
    }
    wanted = {(pain.kind, pain.number) for pain in pains}
    for called, other_id in known.items():
        if called not in wanted:
            store.items.drop_link(idea.id, "answers", other_id)
    for pain in pains:
        if (pain.kind, pain.number) not in known:
            store.items.add_link(store.new_id(), idea.id, "answers", turn.now, other_id=pain.id)


def speak_for(turn: Turn, quote: Item, spoken: list[Item]) -> None:
    """From now on a quote speaks for these pains and ideas, and for nothing else."""
    # What speaks for a removed item stays, for when that is restored.
    known = {one.id: one for one in backed_by(turn, quote)}
    wanted = {one.id for one in spoken}
    for one in known.values():
        if one.id not in wanted:
            turn.store.items.drop_evidence(one.id, quote.id)
            count_evidence(turn, one, quote, -1)
    for one in spoken:
        if one.id not in known:
            turn.store.items.add_evidence(one.id, quote.id, turn.who.id, turn.now)
            count_evidence(turn, one, quote, 1)
