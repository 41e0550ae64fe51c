"""Which map somebody means, and which stage of it: named, shown by their channel, the only one, or asked for."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import combinations

from handlers.answers import Button, Menu
from handlers.capture import stages_named
from handlers.errors import Refusal
from handlers.forms import options
from handlers.kinds import Role
from handlers.likeness import key_of, slugify
from handlers.map_names import labels, map_called, no_maps_said, offering
from handlers.stage_names import StageName
from handlers.text import Text, UserText, joined
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap

NAMED = 5
BUTTONS = 3  # of several maps; more stand in a menu
WORDS = 12  # among which a stage with a stroke in its name is looked for


def chosen_map(turn: Turn, typed: str) -> JourneyMap:
    """The map that is meant: named, or the one that the channel shows, or the only one; raises Refusal otherwise.

    Where it has to be picked, the click is the same action again, with the map's id as its value.
    """
    if typed:
        return named_map(turn, typed)
    maps = meant_maps(turn)
    if len(maps) > 1:
        raise which_map(turn, [(one.id, one) for one in maps])
    return maps[0]


def meant_map(turn: Turn) -> JourneyMap:
    """The map of a typed name or of a clicked id; a form that is asked for again carries what was typed."""
    typed, value = turn.request.text.strip(), turn.request.value().strip()
    if typed or not value:
        return chosen_map(turn, typed)
    journey = turn.store.maps.get(value)
    if journey is None:
        with suppress(Refusal):  # what it says repeats the value, which nobody typed
            return named_map(turn, value)
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    return journey


def meant_maps(turn: Turn) -> list[JourneyMap]:
    """The maps one of which is meant where none is named: those of the channel, or all; raises Refusal without any."""
    shown = [turn.store.maps.get(here.id) for here in turn.maps]
    maps = [journey for journey in shown if journey is not None] or turn.store.maps.all()
    if not maps:
        raise no_maps(turn)
    return maps


def which_map(turn: Turn, picks: Iterable[tuple[str, JourneyMap]], action: str = "") -> Refusal:
    """The question which map is meant, each with its value; a pick asks for the same again, or does `action`."""
    values, maps = zip(*picks, strict=True)
    pick, action = list(zip(values, labels(maps), strict=True)), action or turn.request.action
    choices: tuple[Button | Menu, ...] = tuple(Button(name, action, value) for value, name in pick)
    if len(pick) > BUTTONS:
        choices = (Menu(word("pick map"), action, options(pick)),)
    if turn.maps:
        return Refusal(say("which map read"), buttons=choices)
    if turn.request.spot is None or turn.request.spot.direct:
        return Refusal(offering(say("which map direct"), maps), buttons=choices)
    return Refusal(offering(say("which map here"), maps), buttons=(*choices, start_button()))


def meant_stage(turn: Turn) -> tuple[JourneyMap, StageName | None]:
    """The map and stage of `[map/][stage]` as typed, or of a click's `map [stage]`; raises Refusal for unknown ones."""
    typed, value = turn.request.text.strip(), turn.request.value()
    if value and not typed:
        return _clicked(turn, value)
    maps, words = maps_in_front(turn, typed)
    if not words:
        if len(maps) > 1:
            raise which_map(turn, [(one.id, one) for one in maps])
        return maps[0], None
    found = stages_named(turn, maps, words)
    if len(found) > 1:
        raise which_map(turn, [(f"{one.id} {stage.id}", one) for one, stage in found])
    if found:
        return found[0]
    if words == typed and (journey := living_map_called(turn, words)) is not None:
        return journey, None
    raise no_such_stage(turn, maps, words)


def maps_in_front(turn: Turn, typed: str) -> tuple[list[JourneyMap], str]:
    """The map of `map/words`, or those that may be meant, and the words; raises Refusal for an unknown map."""
    name, slash, words = typed.strip().partition("/")
    if not slash:
        return meant_maps(turn), name
    if not name.strip():
        return meant_maps(turn), words.strip()
    called = map_called(turn, name)
    maps = meant_maps(turn) if turn.maps or called is None else []
    stages = [stage.name for one in maps for stage in turn.stage_names(one.id)]
    if any("/" in stage and _names_stage(typed, stage) for stage in stages):
        return maps, typed.strip()
    return [called or named_map(turn, name.strip())], words.strip()


def named_map(turn: Turn, typed: str) -> JourneyMap:
    """The living map of that slug or name, or the only one that begins so; raises Refusal otherwise."""
    called = living_map_called(turn, typed)
    if called is not None:
        return called
    maps = turn.store.maps.all()
    if not maps:
        raise no_maps(turn)
    slug = slugify(typed, "")
    begun = turn.store.maps.begun(slug) if slug else []
    if len(begun) == 1:
        return begun[0]
    raise Refusal(say("unknown map", typed=UserText(typed[:80]), maps=names_of(maps)))


def living_map_called(turn: Turn, typed: str) -> JourneyMap | None:
    """The map that is called exactly so; raises Refusal where it is archived."""
    called, slug = map_called(turn, typed), slugify(typed, "")
    away = turn.store.maps.by_slug(slug) if called is None and slug else None
    if away is not None:
        raise put_away(turn, away)
    return called


def no_such_stage(turn: Turn, maps: list[JourneyMap], typed: str) -> Refusal:
    """None of these maps has a stage that is called so."""
    said = UserText(typed[:80])
    if len(maps) > 1:
        return Refusal(say("no such stage", typed=said, maps=names_of(maps)))
    return Refusal(say("check which stage", typed=said, stages=stages_said(turn, maps[0])))


def no_map_here(turn: Turn) -> Refusal:
    """The channel shows no map: one that exists, or a new one."""
    maps = turn.store.maps.all()
    if not maps:
        return no_maps(turn)
    return Refusal(offering(say("no map here"), maps), buttons=(use_menu(maps), start_button()))


def use_menu(maps: list[JourneyMap]) -> Menu:
    """One of them to be shown by this channel."""
    pick = zip([journey.id for journey in maps], labels(maps), strict=True)
    return Menu(word("use existing"), "map.bind", options(list(pick)))


def no_maps(turn: Turn) -> Refusal:
    """There is no map, or none that is not archived."""
    return Refusal(no_maps_said(turn, say("no maps")), buttons=(start_button(),))


def put_away(turn: Turn, journey: JourneyMap) -> Refusal:
    """The map that is meant is archived; who may bring it back does so with one click."""
    may = turn.may(Role.MEMBER) and turn.may_edit(journey)
    restore = Button(word("restore"), "map.restore", journey.id)
    return Refusal(say("archived", map=UserText(journey.name)), buttons=(restore,) if may else ())


def stages_said(turn: Turn, journey: JourneyMap) -> Text:
    """The names of the map's stages, one after the other."""
    return joined([say("map title", map=UserText(row.name)) for row in turn.stage_names(journey.id)], ", ")


def names_of(maps: list[JourneyMap]) -> Text:
    """The names of the first few maps, one after the other."""
    return joined([say("map title", map=UserText(one.name)) for one in maps[:NAMED]], ", ")


def start_button() -> Button:
    """The way to a first map."""
    return Button(word("start from template"), "map.start", style="primary")


def _names_stage(typed: str, stage: str) -> bool:
    """Do some of the words, with their stroke, name that stage?"""
    words = typed.split()[:WORDS]
    runs = (" ".join(words[first:end]) for first, end in combinations(range(len(words) + 1), 2))
    return any("/" in run and key_of(run) == key_of(stage) for run in runs)


def _clicked(turn: Turn, value: str) -> tuple[JourneyMap, StageName | None]:
    map_id, _, stage_id = value.partition(" ")
    journey = turn.store.maps.get(map_id)
    rows = turn.store.maps.stage_names(map_id)
    stage = next((StageName(row.id, row.slug, row.name) for row in rows if row.id == stage_id), None)
    if journey is None or journey.archived_at is not None or (stage_id and stage is None):
        raise Refusal(say("not found anywhere"))
    return journey, stage
