"""Lists of items: by stage and kind, what matters most, and one by its number."""

from typing import NamedTuple

from handlers.answers import Answer, Buttons, Card, Line, Menu, Option, Part, Quiet, Rows, Tell, Title
from handlers.capture import stage_named
from handlers.cards import reference
from handlers.errors import Refusal
from handlers.grammar import parse_item_ref
from handlers.items import show
from handlers.kinds import Kind, mark
from handlers.maps import chosen_map
from handlers.text import Text, UserText, joined, plain, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item, JourneyMap

MOST = 10


class _Wish(NamedTuple):
    stage_id: str | None = None
    stage: str = ""
    stage_slug: str = ""
    kind: Kind | None = None


def list_items(turn: Turn) -> Answer:
    """`/journey list [map/][stage] [pains|ideas|quotes|gains]`, `/journey top [pains|…]`: most votes first."""
    journey, wish = _read(turn, turn.request.text)
    return _listed(turn, journey, wish)


def list_stage(turn: Turn) -> Answer:
    """A stage was picked on the map's card."""
    stage = turn.store.maps.stage(turn.request.value())
    journey = turn.store.maps.get(stage.map_id) if stage else None
    if stage is None or journey is None:
        raise Refusal(say("not found anywhere"))
    return _listed(turn, journey, _Wish(stage.id, stage.name, stage.slug))


def show_item(turn: Turn) -> Answer:
    """`/journey show P-12`: one item, in private."""
    named = parse_item_ref(turn.request.text)
    if named is None:
        raise Refusal(say("not a ref"))
    journey = chosen_map(turn, named.map_slug or "")
    kind = next(kind for kind in Kind if kind.letter == named.letter)
    item = turn.store.items.by_number(journey.id, kind.value, named.number)
    if item is None:
        typed = f"{named.letter}-{named.number}"
        raise Refusal(say("not found", ref=typed, map=UserText(journey.name)))
    return show(turn, item)


def _read(turn: Turn, text: str) -> tuple[JourneyMap, _Wish]:
    words = text.split()
    kind = next((kind for kind in Kind if words and words[-1].lower() in (kind, f"{kind}s")), None)
    rest = " ".join(words[:-1] if kind else words)
    slug, _, stage_words = rest.partition("/") if "/" in rest else ("", "", rest)
    journey = chosen_map(turn, slug)
    if not stage_words:
        return journey, _Wish(kind=kind)
    stage = stage_named(turn, journey.id, stage_words)
    if stage is None:
        names = _joined_names(turn, journey)
        raise Refusal(
            say("list unknown", typed=UserText(stage_words[:80]), map=UserText(journey.name), stages=names)
        )
    return journey, _Wish(stage.id, stage.name, stage.slug, kind)


def _joined_names(turn: Turn, journey: JourneyMap) -> Text:
    return joined(
        [say("map title", map=UserText(row.name)) for row in turn.store.maps.stage_names(journey.id)], ", "
    )


def _listed(turn: Turn, journey: JourneyMap, wish: _Wish) -> Answer:
    items = turn.store.items.open(
        journey.id, stage_id=wish.stage_id, kind=wish.kind.value if wish.kind else None, most=MOST
    )
    title = say("list title", map=UserText(journey.name), what=_what(wish))
    parts: list[Part] = [Title(title)]
    names = {stage.id: stage for stage in turn.store.maps.stages(journey.id)}
    if not items:
        first = wish.stage_slug or next((stage.slug for stage in names.values()), "stage")
        parts.append(Line(say("list empty", kind=(wish.kind or Kind.PAIN).value, stage=UserText(first))))
        return Tell(Card(tuple(parts), plain(title)))
    parts.append(Rows(tuple(_row(item, turn.store.items.names(item.id).stage) for item in items)))
    if len(items) == MOST and not wish.stage_id:
        some = UserText(next(iter(names.values())).slug)
        parts.append(Quiet(say("list more", n=MOST, stage=some)))
    choices = tuple(Option(f"{reference(item)} {item.text}", item.id) for item in items)
    parts.append(Buttons((Menu(word("show one"), "item.show", choices),)))
    return Tell(Card(tuple(parts), plain(title)))


def _what(wish: _Wish) -> Text:
    if wish.kind and wish.stage:
        return say("list kind on stage", kind=word(wish.kind.value), stage=UserText(wish.stage))
    if wish.kind:
        return say("list kind", kind=word(wish.kind.value))
    return say("list on stage", stage=UserText(wish.stage)) if wish.stage else say("list everything")


def _row(item: Item, stage: str) -> Text:
    return say(
        "list row",
        mark=mark(item.kind, item.severity),
        ref=reference(item),
        stage=UserText(stage),
        words=UserText(short(item.text)),
        n=item.votes,
    )
