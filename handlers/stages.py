"""The stages of a map: the list, each one by itself, and their order."""

from typing import Any

from handlers.answers import (
    Answer,
    Button,
    Buttons,
    Card,
    Line,
    Menu,
    More,
    Option,
    Part,
    Quiet,
    Replace,
    Rows,
    Tell,
    Title,
)
from handlers.choosing import meant_map
from handlers.errors import Refusal
from handlers.forms import options
from handlers.history import record
from handlers.kinds import Kind, Role
from handlers.map_form import living_map
from handlers.text import Run, Text, UserText, joined, plain, short
from handlers.touchpoints import written
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap, Stage

PARTS = ("before", "during", "after")
IN_ORDER = 30  # characters of a name among its neighbours
FACTS = 300  # characters of what customers do, think and meet


def show(turn: Turn) -> Answer:
    """`/journey stages [map]`: the stages in their order, and what can be done."""
    return Tell(stages_card(turn, meant_map(turn)))


def show_again(turn: Turn) -> Answer:
    """Back to the list: the map's id is the click's value."""
    return Replace(stages_card(turn, meant_map(turn)))


def show_one(turn: Turn) -> Answer:
    """A stage was picked from the list."""
    stage, journey = known_stage(turn, turn.request.value())
    return Replace(stage_card(turn, stage, journey))


def place(turn: Turn) -> Answer:
    """A stage goes to another place: `stage position` is the click's value, the first position is 0."""
    stage_id, _, wanted = turn.request.value().partition(" ")
    stage, journey = changeable_stage(turn, stage_id)
    order = [one.id for one in turn.store.maps.stage_names(journey.id)]
    if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 3:
        raise Refusal(say("unknown click"))
    set_order(turn, journey.id, stage.id, moved_to(order, stage.id, int(wanted)))
    return Replace(stage_card(turn, stage, journey))


def moved_to(order: list[str], stage_id: str, position: int) -> list[str]:
    """The order with one stage at another position."""
    others = [one for one in order if one != stage_id]
    return [*others[:position], stage_id, *others[position:]]


def set_order(turn: Turn, map_id: str, stage_id: str, order: list[str]) -> None:
    """The stages stand in this order, for the sake of one of them; its history says from where to where it went."""
    old = [one.id for one in turn.store.maps.stage_names(map_id)]
    if old == order:
        return
    before, after = ({"position": each.index(stage_id)} for each in (old, order))
    record(turn, map_id, "reordered", ("stage", stage_id), before, after)
    turn.store.stages.place(order)


def known_stage(turn: Turn, stage_id: str) -> tuple[Stage, JourneyMap]:
    """A living stage and its map; raises Refusal where either is gone."""
    stage = turn.store.maps.stage(stage_id)
    journey = turn.store.maps.get(stage.map_id) if stage else None
    if stage is None or stage.retired_at is not None or journey is None or journey.archived_at is not None:
        raise Refusal(say("error stage gone"))
    return stage, journey


def changeable_stage(turn: Turn, stage_id: str) -> tuple[Stage, JourneyMap]:
    """A living stage and its map, locked; raises Refusal for a person who may not change them."""
    stage, _ = known_stage(turn, stage_id)
    journey = living_map(turn, stage.map_id)
    stage, _ = known_stage(turn, stage_id)
    return stage, journey


def stages_card(turn: Turn, journey: JourneyMap, note: Text = ()) -> Card:
    """All stages, a line each, and the ways to change them for those who may."""
    stages = turn.store.maps.stages(journey.id)
    items = _open_items(turn, journey.id)
    title = say("stages title", map=UserText(journey.name))
    parts: list[Part] = [*([Line(note)] if note else []), Title(title)]
    parts.append(Rows(tuple(_row(stage, n, items.get(stage.id, 0)) for n, stage in enumerate(stages, 1))))
    pick = Menu(word("pick stage"), "stage.show", options([(stage.id, stage.name) for stage in stages]))
    buttons: list[Button | Menu] = [pick]
    if may_change(turn, journey):
        buttons.append(Button(word("add stage"), "stage.add", journey.id))
        retired = turn.store.stages.retired(journey.id)
        back = options([(stage.id, stage.name) for stage in retired])
        buttons += [Menu(word("bring back"), "stage.restore", back)] if back else []
    return Card((*parts, Buttons(tuple(buttons))), plain(title))


def stage_card(turn: Turn, stage: Stage, journey: JourneyMap, note: Text = ()) -> Card:
    """One stage whole: where it stands, what is known of it, and what can be done with it."""
    store = turn.store
    order = store.maps.stage_names(journey.id)
    at = next(n for n, one in enumerate(order) if one.id == stage.id)
    title = say("stage title", n=at + 1, stage=UserText(stage.name), moment=_moment(stage))
    parts: list[Part] = [*([Line(note)] if note else []), Title(title), Line(_neighbours(order, stage.id))]
    touchpoints = written([(one.name, one.channel) for one in store.stages.touchpoints(stage.id)])
    for what, words in (
        ("stage goal", stage.customer_goal),
        ("stage touchpoints", touchpoints),
        ("stage actions", stage.actions),
        ("stage thoughts", stage.thoughts),
    ):
        if words.strip():
            facts = short(" · ".join(words.splitlines()), FACTS)
            parts.append(Line(say(what, facts=UserText(facts))))
    parts.append(Quiet(_facts(turn, stage)))
    if may_change(turn, journey):
        parts.append(Buttons(_changes(stage, at, len(order))))
    parts.append(Buttons((Button(word("all stages"), "stages.back", journey.id),)))
    return Card(tuple(parts), plain(title))


def may_change(turn: Turn, journey: JourneyMap) -> bool:
    """Are the buttons that change the map worth showing to this person?"""
    return turn.may(Role.MEMBER) and turn.may_edit(journey)


def _changes(stage: Stage, at: int, stages: int) -> tuple[Button | More, ...]:
    buttons: list[Button | More] = [Button(word("edit"), "stage.edit", stage.id)]
    if at > 0:
        buttons.append(Button(word("earlier"), "stage.place", f"{stage.id} {at - 1}"))
    if at < stages - 1:
        buttons.append(Button(word("later"), "stage.place", f"{stage.id} {at + 1}"))
    more = [Option(word("split"), f"stage.split {stage.id}")]
    if stages > 1:
        more.append(Option(word("merge into"), f"stage.merge {stage.id}"))
        more.append(Option(word("retire"), f"stage.retire {stage.id}"))
    return (*buttons, More(tuple(more)))


def _row(stage: Stage, number: int, items: int) -> Text:
    facts: list[Text] = [say(f"part {stage.part}")] if stage.part in PARTS else []
    facts += [say("open items", n=items)] if items else []
    head = say("stages row", n=number, stage=UserText(stage.name), moment=_moment(stage))
    return joined([head, *facts])


def _neighbours(order: list[Any], stage_id: str) -> Text:
    """The names in their order, with this one in heavy type."""
    names = [(Run(short(one.name, IN_ORDER), bold=one.id == stage_id, theirs=True),) for one in order]
    return joined(names, " › ")


def _facts(turn: Turn, stage: Stage) -> Text:
    counts = dict.fromkeys(Kind, 0)
    for line in turn.store.maps.stage_lines(stage.map_id):
        if line.stage_id == stage.id:
            counts[Kind(line.kind)] += line.items
    owner = turn.store.people.get(stage.owner_id) if stage.owner_id else None
    facts: list[Text] = [say(f"part {stage.part}")] if stage.part in PARTS else []
    facts += [say(f"{kind}s", n=count) for kind, count in counts.items() if count]
    facts += [say("item owner", name=UserText(owner.name))] if owner else []
    return joined(facts) if facts else say("map stage empty")


def _open_items(turn: Turn, map_id: str) -> dict[str, int]:
    items: dict[str, int] = {}
    for line in turn.store.maps.stage_lines(map_id):
        items[line.stage_id] = items.get(line.stage_id, 0) + line.items
    return items


def _moment(stage: Stage) -> Text | str:
    return say("moment") if stage.moment_of_truth else ""
