"""Stages that become one, that leave the map, and that come back; their items move along."""

from typing import Any

import msgspec

from handlers.answers import (
    Answer,
    Button,
    Buttons,
    Card,
    Done,
    Field,
    Form,
    Line,
    Note,
    Open,
    Replace,
)
from handlers.errors import FieldErrors, Refusal
from handlers.forms import options
from handlers.history import record
from handlers.likeness import key_of
from handlers.map_form import living_map
from handlers.stages import changeable_stage, known_stage, stage_card
from handlers.text import Text, UserText, plain
from handlers.touchpoints import MOST as MOST_TOUCHPOINTS
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap, Stage

_LINES = ("actions", "thoughts")

_encode = msgspec.json.encode


def merge(turn: Turn) -> Answer:
    """*Merge into…*: the form that asks into which stage."""
    return _ask_where(turn, "merge")


def retire(turn: Turn) -> Answer:
    """*Retire…*: the form that asks where its items go."""
    return _ask_where(turn, "retire")


def merged(turn: Turn) -> Answer:
    """The form was sent: all that one stage holds is another's now."""
    stage, into, journey = _asked(turn)
    moved = take_off(turn, stage, into, "merged")
    text = say(
        "stage merged",
        stage=UserText(stage.name),
        into=UserText(into.name),
        items=say("items moved", n=moved),
        slug=UserText(stage.slug),
    )
    return Done(with_undo(journey, text, _undo(stage)))


def retired(turn: Turn) -> Answer:
    """The form was sent: the stage leaves the map, and its items are on another."""
    stage, into, journey = _asked(turn)
    moved = take_off(turn, stage, into, "retired")
    text = say(
        "stage retired",
        stage=UserText(stage.name),
        into=UserText(into.name),
        items=say("items moved", n=moved),
    )
    return Done(with_undo(journey, text, _undo(stage)))


def restore(turn: Turn) -> Answer:
    """*Undo*, or *Restore a stage…*: a merged or retired stage is where it was, with the items that had left it."""
    stage = turn.store.maps.stage(turn.request.value())
    if stage is None:
        raise Refusal(say("error stage gone"))
    journey = living_map(turn, stage.map_id)
    stage = turn.store.maps.stage(stage.id)
    assert stage is not None, "stages are never deleted"
    if stage.retired_at is None:
        return Replace(stage_card(turn, stage, journey))
    moved = _bring_back(turn, stage)
    fresh, _ = known_stage(turn, stage.id)
    text = say("stage back", stage=UserText(stage.name), items=say("items back", n=moved))
    return Replace(stage_card(turn, fresh, journey, text))


def with_undo(journey: JourneyMap, text: Text, undo: Button) -> Card:
    """What was done, the way back, and the way to the list."""
    stages = Button(word("all stages"), "stages.back", journey.id)
    return Card((Line(text), Buttons((undo, stages))), plain(text))


def moving_told(from_id: str, to_id: str) -> tuple[str, str]:
    """Before and after of an item that moves, as the history keeps them."""
    return _encode({"stage_id": from_id}).decode(), _encode({"stage_id": to_id}).decode()


def _ask_where(turn: Turn, how: str) -> Answer:
    stage, journey = changeable_stage(turn, turn.request.value())
    others = [(one.id, one.name) for one in turn.store.maps.stage_names(journey.id) if one.id != stage.id]
    if not others:
        raise Refusal(say("stage last"))
    items = sum(line.items for line in turn.store.maps.stage_lines(journey.id) if line.stage_id == stage.id)
    name, held, merging = UserText(stage.name), say("open items", n=items), how == "merge"
    if merging:
        note = say("merge about", slug=UserText(stage.slug), stage=name, items=held)
    else:
        note = say("retire about", stage=name, items=held)
    into = Field(
        name="into",
        label=word("field merge into" if merging else "field retire into"),
        kind="choice",
        options=options(others),
    )
    return Open(
        Form(
            title=word("form merge" if merging else "form retire"),
            action="stage.merged" if merging else "stage.retired",
            submit=word("merge" if merging else "retire stage"),
            fields=(Note(note), into),
            token=turn.store.new_id(),
            about={"stage": stage.id},
        )
    )


def _asked(turn: Turn) -> tuple[Stage, Stage, JourneyMap]:
    """The stage that goes, the one that takes its items, and their map, locked."""
    stage, journey = changeable_stage(turn, turn.request.about.get("stage", ""))
    into = turn.store.maps.stage(turn.request.value("into"))
    if into is None or into.retired_at is not None or into.map_id != journey.id or into.id == stage.id:
        raise FieldErrors({"into": word("error stage gone")})
    return stage, into, journey


def take_off(turn: Turn, stage: Stage, into: Stage, what: str) -> int:
    """The stage leaves the map, and its items move; merged, what is known of it moves too. How many items moved."""
    store, map_id = turn.store, stage.map_id
    order = [one.id for one in store.maps.stage_names(map_id)]
    told = moving_told(stage.id, into.id)
    moved = store.moving.move_items(map_id, (stage.id, into.id), turn.who.id, turn.now, told)
    gained = _give_all(turn, stage, into) if what == "merged" else {}
    after = {
        "into": into.id,
        "moved": [moved.after, moved.upto],
        "position": order.index(stage.id),
        "channels": store.bindings.replace_default(map_id, stage.id, into.id),
        **gained,
    }
    step = record(turn, map_id, what, ("stage", stage.id), {"name": stage.name}, after)
    store.stages.save(stage, retired_at=step.at, retired_revision=step.revision, merged_into=into.id)
    store.stages.place([one for one in order if one != stage.id])
    store.reshaping.remember_name(map_id, stage.id, stage.slug, stage.name, step.at)
    store.moving.redraw(store.new_id(), turn.workspace_id, map_id, into.id, turn.now)
    return moved.items


def _give_all(turn: Turn, stage: Stage, into: Stage) -> dict[str, Any]:
    """Touchpoints, actions and thoughts of the one stage are the other's too; what it had, and what it has now."""
    store = turn.store
    mine = [(one.id, one.name, one.channel) for one in store.stages.touchpoints(into.id)]
    known = {key_of(name) for _, name, _ in mine}
    more = [
        (store.new_id(), one.name, one.channel)
        for one in store.stages.touchpoints(stage.id)
        if key_of(one.name) not in known
    ][: max(0, MOST_TOUCHPOINTS - len(mine))]
    store.stages.set_touchpoints(into.id, [*mine, *more])
    had = {name: getattr(into, name) for name in _LINES}
    both = {name: "\n".join(filter(None, [had[name], getattr(stage, name)])) for name in _LINES}
    moment = into.moment_of_truth or stage.moment_of_truth
    had["moment_of_truth"] = into.moment_of_truth
    store.stages.save(into, **both, moment_of_truth=moment)
    return {
        "touchpoints": [name for _, name, _ in more],
        "had": had,
        "has": both | {"moment_of_truth": moment},
    }


def _bring_back(turn: Turn, stage: Stage) -> int:
    """Undoes what took the stage off the map, as far as nobody has changed it since; how many items moved."""
    store, map_id = turn.store, stage.map_id
    if any(one.slug == stage.slug for one in store.maps.stage_names(map_id)):
        raise Refusal(say("stage name used", stage=UserText(stage.name)))
    told = store.history.at(map_id, stage.retired_revision) if stage.retired_revision else None
    known = msgspec.json.decode(told.after) if told is not None and told.after else {}
    into = _where_it_is(turn, stage.merged_into)
    items = 0
    if into is not None and known.get("moved"):
        after, upto = known["moved"]
        told_so = moving_told(into.id, stage.id)
        if upto > after:
            items = store.moving.move_items(
                map_id, (into.id, stage.id), turn.who.id, turn.now, told_so, (after, upto)
            ).items
        _take_back(turn, into, known)
        for place_id in known.get("channels", ()):
            binding = store.bindings.get(place_id, map_id)
            if binding is not None and binding.default_stage_id == into.id:
                store.bindings.save(binding, default_stage_id=stage.id)
    record(turn, map_id, "restored", ("stage", stage.id))
    store.stages.save(stage, retired_at=None, retired_revision=None, merged_into=None)
    order = [one.id for one in store.maps.stage_names(map_id) if one.id != stage.id]
    at = known.get("position", len(order))
    store.stages.place([*order[:at], stage.id, *order[at:]])
    store.moving.redraw(store.new_id(), turn.workspace_id, map_id, stage.id, turn.now)
    return items


def _where_it_is(turn: Turn, stage_id: str | None) -> Stage | None:
    """The living stage that holds what that one took over, which may itself have been merged since."""
    stage = turn.store.maps.stage(stage_id) if stage_id else None
    while stage is not None and stage.retired_at is not None:
        stage = turn.store.maps.stage(stage.merged_into) if stage.merged_into else None
    return stage


def _take_back(turn: Turn, into: Stage, known: dict[str, Any]) -> None:
    """What a merge gave to the other stage, unless somebody has changed that since."""
    has, had = known.get("has", {}), known.get("had", {})
    same = {name: had[name] for name, value in has.items() if getattr(into, name) == value and name in had}
    if same:
        turn.store.stages.save(into, **same)
    gained = set(known.get("touchpoints", ()))
    if gained:
        kept = [
            (one.id, one.name, one.channel)
            for one in turn.store.stages.touchpoints(into.id)
            if one.name not in gained
        ]
        turn.store.stages.set_touchpoints(into.id, kept)


def _undo(stage: Stage) -> Button:
    return Button(word("undo"), "stage.restore", stage.id)
