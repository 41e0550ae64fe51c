"""Lists of items: what matters most, what is mine, what is over, a page at a time; and one item by its number."""

from typing import Any

import msgspec

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
    Title,
)
from handlers.cards import trust_in_words
from handlers.details import details
from handlers.errors import Refusal
from handlers.grammar import parse_item_ref
from handlers.kinds import CLOSED, Kind, mark, ref
from handlers.maps import chosen_map
from handlers.numbers import numbered
from handlers.text import Text, UserText, joined, plain, short
from handlers.turn import Turn
from handlers.wishes import FURTHEST, Wish, carried, read_wish, wish_of
from handlers.words import say, word
from storage.models import JourneyMap

MOST = 10  # on one page


def list_items(turn: Turn) -> Answer:
    """`/journey list …`, `/journey top …`: what is wanted most, or what else the words ask for."""
    return Tell(_listed(turn, read_wish(turn, turn.request.text)))


def list_page(turn: Turn) -> Answer:
    """Another page of a list was asked for."""
    return Replace(_listed(turn, wish_of(turn)))


def list_stage(turn: Turn) -> Answer:
    """A stage was picked on the map's card."""
    stage = turn.store.maps.stage(turn.request.value())
    journey = turn.store.maps.get(stage.map_id) if stage else None
    if stage is None or journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    return Tell(_listed(turn, Wish(stage.map_id, stage.id)))


def show_item(turn: Turn) -> Answer:
    """`/journey show P-12`: one item, in private."""
    named = parse_item_ref(turn.request.text)
    if named is None:
        raise Refusal(say("not a ref"))
    journey = chosen_map(turn, named.map_slug or "")
    item = numbered(turn, journey.id, named)
    if item is None:
        typed = f"{named.letter}-{named.number}"
        raise Refusal(say("not found", ref=typed, map=UserText(journey.name)))
    return details(turn, item, f"{named.letter}-{named.number}")


def item_row(item: Any, stage: str | Text) -> Text:
    """An item in one line: mark, number, stage, words, and its votes or that it is over."""
    values = {
        "mark": mark(item.kind, item.severity),
        "ref": ref(item.kind, item.number),
        "stage": UserText(stage) if isinstance(stage, str) else stage,
        "words": UserText(short(item.text)),
        "n": item.votes,
    }
    if item.resolved_at is not None:
        return say("list row closed", **values)
    return say("list row", trust=trust_in_words(item.trust), **values)


def show_menu(items: list[Any]) -> Menu:
    """One of them, to be seen whole."""
    choices = tuple(Option(f"{ref(item.kind, item.number)} {short(item.text)}", item.id) for item in items)
    return Menu(word("show one"), "item.show", choices)


def leafing(action: str, before: str | None, after: str | None) -> tuple[Button, ...]:
    """The buttons to the pages around this one, with what each carries."""
    back = (Button(word("previous"), action, before),) if before is not None else ()
    return (*back, Button(word("next"), action, after)) if after is not None else back


def _listed(turn: Turn, wish: Wish) -> Card:
    journey = turn.store.maps.get(wish.map_id)
    assert journey is not None
    stages = {stage.id: stage for stage in turn.store.maps.stages(journey.id)}
    found = _found(turn, wish, wish.start + MOST + 1)[wish.start :]
    items, more = found[:MOST], len(found) > MOST
    title = _title(turn, journey, wish)
    parts: list[Part] = [Title(title)]
    if not items:
        return _nothing(wish, parts, stages, title)
    parts.append(Rows(tuple(item_row(item, item.stage) for item in items)))
    pages = _pages(wish, more)
    if more or wish.start:
        first, last = wish.start + 1, wish.start + len(items)
        parts.append(Quiet(say("list page", first=first, last=last)))
    if more and wish.start + MOST > FURTHEST:
        parts.append(Quiet(say("list furthest")))
    parts.append(Buttons((*pages, show_menu(items))))
    return Card(tuple(parts), plain(title))


def _found(turn: Turn, wish: Wish, most: int) -> list[Any]:
    lists = turn.store.lists
    if wish.closed:
        over = {"severity": wish.severity, "trust": wish.trust}
        statuses = CLOSED if wish.status == "closed" else (wish.status,)
        me = turn.who.id if wish.mine else ""
        return lists.closed(
            wish.map_id, wish.stage_id, statuses, wish.kind, over, most, owner_id=wish.owner_id, person_id=me
        )
    sort = {"severity": wish.severity, "status": wish.status, "trust": wish.trust}
    if wish.owner_id:
        return lists.owned(wish.owner_id, wish.map_id, wish.stage_id, wish.kind, sort, most)
    if wish.mine:
        return lists.of(turn.who.id, wish.map_id, wish.stage_id, wish.kind, sort, most)
    return lists.wanted(wish.map_id, wish.stage_id, _kinds(wish), sort, most)


def _kinds(wish: Wish) -> list[str]:
    """The kinds that can be what is asked for: only pains are severe, only ideas are planned."""
    if wish.kind:
        return [wish.kind]
    if wish.severity:
        return [Kind.PAIN.value]
    return [Kind.IDEA.value] if wish.status else [kind.value for kind in Kind]


def _pages(wish: Wish, more: bool) -> tuple[Button, ...]:
    def page(start: int) -> str:
        return carried(msgspec.structs.replace(wish, start=start))

    before = page(max(wish.start - MOST, 0)) if wish.start else None
    after = page(wish.start + MOST) if more and wish.start + MOST <= FURTHEST else None
    return leafing("list.page", before, after)


def _nothing(wish: Wish, parts: list[Part], stages: dict[str, Any], title: Text) -> Card:
    if wish.start:
        parts.append(Line(say("list end")))
        parts.append(Buttons(leafing("list.page", carried(msgspec.structs.replace(wish, start=0)), None)))
        return Card(tuple(parts), plain(title))
    stage = stages.get(wish.stage_id) or next(iter(stages.values()), None)
    if wish.narrowed and (wish.status or wish.severity or wish.trust or wish.owner_id or wish.mine):
        parts.append(Line(say("list none")))
        everything = Button(word("list all"), "list.page", carried(Wish(wish.map_id, wish.stage_id)))
        parts.append(Buttons((everything,)))
        return Card(tuple(parts), plain(title))
    slug = UserText(stage.slug if stage else "stage")
    parts.append(Line(say("list empty", kind=wish.kind or Kind.PAIN.value, stage=slug)))
    return Card(tuple(parts), plain(title))


def _title(turn: Turn, journey: JourneyMap, wish: Wish) -> Text:
    what = [part for part in (_subject(turn, wish), *_narrowings(turn, wish)) if part]
    by_age = "latest first" if wish.closed else "newest first" if wish.owner_id or wish.mine else ""
    what.append(say(by_age or "most wanted first"))
    return say("list title", map=UserText(journey.name), what=joined(what, ", "))


def _subject(turn: Turn, wish: Wish) -> Text:
    stage = turn.store.maps.stage(wish.stage_id) if wish.stage_id else None
    if wish.kind and stage:
        return say("list kind on stage", kind=word(wish.kind), stage=UserText(stage.name))
    if wish.kind:
        return say("list kind", kind=word(wish.kind))
    return say("list on stage", stage=UserText(stage.name)) if stage else ()


def _narrowings(turn: Turn, wish: Wish) -> list[Text]:
    said: list[Text] = [say(wish.severity)] if wish.severity else []
    said += (
        [say("list closed" if wish.status == "closed" else f"status {wish.status}")] if wish.status else []
    )
    said += [say(wish.trust)] if wish.trust else []
    if wish.owner_id:
        owner = turn.store.people.get(wish.owner_id)
        said.append(say("item owner", name=UserText(owner.name if owner else "?")))
    elif wish.mine:
        said.append(say("list mine"))
    return said
