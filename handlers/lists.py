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
from handlers.choosing import meant_maps, named_map, names_of, which_map
from handlers.details import details
from handlers.errors import Refusal
from handlers.grammar import parse_item_ref
from handlers.kinds import CLOSED, Kind, mark, ref
from handlers.list_query import FURTHEST, ListQuery, carried, query_of, read_query
from handlers.numbers import numbered
from handlers.text import Text, UserText, joined, plain, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap

MOST = 10  # on one page


def list_items(turn: Turn) -> Answer:
    """`/journey list …`, `/journey top …`: what is wanted most, or what else the words ask for."""
    return Tell(_listed(turn, read_query(turn, turn.request.text)))


def list_page(turn: Turn) -> Answer:
    """Another page of a list was asked for."""
    return Replace(_listed(turn, query_of(turn)))


def list_stage(turn: Turn) -> Answer:
    """A stage was picked on the map's card."""
    stage = turn.store.maps.stage(turn.request.value())
    journey = turn.store.maps.get(stage.map_id) if stage else None
    if stage is None or journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    return Tell(_listed(turn, ListQuery(stage.map_id, stage.id)))


def show_item(turn: Turn) -> Answer:
    """`/journey show P-12`: one item, in private."""
    named = parse_item_ref(turn.request.text)
    if named is None:
        raise Refusal(say("not a ref"))
    maps = [named_map(turn, named.map_slug)] if named.map_slug else meant_maps(turn)
    number = named._replace(map_slug=None)
    found = [(one, item) for one in maps if (item := numbered(turn, one.id, number))]
    called = f"{named.letter}-{named.number}"
    if not found:
        raise Refusal(say("not found", ref=called, map=names_of(maps)))
    if len(found) > 1:
        raise which_map(turn, [(item.id, one) for one, item in found], "item.show")
    return details(turn, found[0][1], called)


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


def _listed(turn: Turn, query: ListQuery) -> Card:
    journey = turn.store.maps.get(query.map_id)
    assert journey is not None
    stages = {stage.id: stage for stage in turn.store.maps.stages(journey.id)}
    found = _found(turn, query, query.start + MOST + 1)[query.start :]
    items, more = found[:MOST], len(found) > MOST
    title = _title(turn, journey, query)
    parts: list[Part] = [Title(title)]
    if not items:
        return _nothing(query, parts, stages, title)
    parts.append(Rows(tuple(item_row(item, item.stage) for item in items)))
    pages = _pages(query, more)
    if more or query.start:
        first, last = query.start + 1, query.start + len(items)
        parts.append(Quiet(say("list page", first=first, last=last)))
    if more and query.start + MOST > FURTHEST:
        parts.append(Quiet(say("list furthest")))
    parts.append(Buttons((*pages, show_menu(items))))
    return Card(tuple(parts), plain(title))


def _found(turn: Turn, query: ListQuery, most: int) -> list[Any]:
    lists = turn.store.lists
    if query.closed:
        over = {"severity": query.severity, "trust": query.trust}
        statuses = CLOSED if query.status == "closed" else (query.status,)
        me = turn.who.id if query.mine else ""
        return lists.closed(
            query.map_id,
            query.stage_id,
            statuses,
            query.kind,
            over,
            most,
            owner_id=query.owner_id,
            person_id=me,
        )
    sort = {"severity": query.severity, "status": query.status, "trust": query.trust}
    if query.owner_id:
        return lists.owned(query.owner_id, query.map_id, query.stage_id, query.kind, sort, most)
    if query.mine:
        return lists.of(turn.who.id, query.map_id, query.stage_id, query.kind, sort, most)
    return lists.wanted(query.map_id, query.stage_id, _kinds(query), sort, most)


def _kinds(query: ListQuery) -> list[str]:
    """The kinds that can be what is asked for: only pains are severe, only ideas are planned."""
    if query.kind:
        return [query.kind]
    if query.severity:
        return [Kind.PAIN.value]
    return [Kind.IDEA.value] if query.status else [kind.value for kind in Kind]


def _pages(query: ListQuery, more: bool) -> tuple[Button, ...]:
    def page(start: int) -> str:
        return carried(msgspec.structs.replace(query, start=start))

    before = page(max(query.start - MOST, 0)) if query.start else None
    after = page(query.start + MOST) if more and query.start + MOST <= FURTHEST else None
    return leafing("list.page", before, after)


def _nothing(query: ListQuery, parts: list[Part], stages: dict[str, Any], title: Text) -> Card:
    if query.start:
        parts.append(Line(say("list end")))
        parts.append(Buttons(leafing("list.page", carried(msgspec.structs.replace(query, start=0)), None)))
        return Card(tuple(parts), plain(title))
    stage = stages.get(query.stage_id) or next(iter(stages.values()), None)
    if query.narrowed and (query.status or query.severity or query.trust or query.owner_id or query.mine):
        parts.append(Line(say("list none closed" if query.closed else "list none")))
        everything = Button(word("list all"), "list.page", carried(ListQuery(query.map_id, query.stage_id)))
        parts.append(Buttons((everything,)))
        return Card(tuple(parts), plain(title))
    slug = UserText(stage.slug if stage else "stage")
    parts.append(Line(say("list empty", kind=query.kind or Kind.PAIN.value, stage=slug)))
    return Card(tuple(parts), plain(title))


def _title(turn: Turn, journey: JourneyMap, query: ListQuery) -> Text:
    what = [part for part in (_subject(turn, query), *_narrowings(turn, query)) if part]
    by_age = "latest first" if query.closed else "newest first" if query.owner_id or query.mine else ""
    what.append(say(by_age or "most wanted first"))
    return say("list title", map=UserText(journey.name), what=joined(what, ", "))


def _subject(turn: Turn, query: ListQuery) -> Text:
    stage = turn.store.maps.stage(query.stage_id) if query.stage_id else None
    if query.kind and stage:
        return say("list kind on stage", kind=word(query.kind), stage=UserText(stage.name))
    if query.kind:
        return say("list kind", kind=word(query.kind))
    return say("list on stage", stage=UserText(stage.name)) if stage else ()


def _narrowings(turn: Turn, query: ListQuery) -> list[Text]:
    said: list[Text] = [say(query.severity)] if query.severity else []
    said += (
        [say("list closed" if query.status == "closed" else f"status {query.status}")] if query.status else []
    )
    said += [say(query.trust)] if query.trust else []
    if query.owner_id:
        owner = turn.store.people.get(query.owner_id)
        said.append(say("item owner", name=UserText(owner.name if owner else "?")))
    elif query.mine:
        said.append(say("list mine"))
    return said
