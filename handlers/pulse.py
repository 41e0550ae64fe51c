"""The pulse of a stage: how it feels to customers right now, by one click, beside what the quotes on it say."""

from collections.abc import Sequence
from typing import Any

from handlers.answers import Answer, Buttons, Card, Line, Menu, Part, Quiet, Replace, Tell
from handlers.choosing import meant_stage
from handlers.errors import Refusal
from handlers.forms import options
from handlers.moods import SINCE, mood_words, week_of
from handlers.questions import IN_PRIVATE, pulse_buttons, rest_of
from handlers.text import UserText, plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Stage

VALUES = {"-2", "-1", "0", "1", "2"}


def ask(turn: Turn) -> Answer:
    """`/journey pulse [map/][stage]`: how does it feel now?"""
    journey, named = meant_stage(turn)
    if named is not None:
        return Tell(_question(_stage(turn, named.id)))
    stages = turn.store.maps.stages(journey.id)
    menu = Menu(word("pulse menu"), "pulse.ask", options([(stage.id, stage.name) for stage in stages]))
    text = say("pulse which", map=UserText(journey.name))
    return Tell(Card((Line(text), Buttons((menu,))), plain(text)))


def ask_picked(turn: Turn) -> Answer:
    """A stage was picked."""
    return Replace(_question(_stage(turn, turn.request.value())))


def feels(turn: Turn) -> Answer:
    """One click from -2 to +2: `stage value [message]` is the click's value."""
    stage_id, value, where = [*turn.request.value().split(" "), "", ""][:3]
    stage = _stage(turn, stage_id)
    known = where in ("", IN_PRIVATE) or turn.store.pulses.of_bundle(turn.who.id, where)
    if value not in VALUES or not known:
        raise Refusal(say("not found anywhere"))
    week, number = week_of(turn.now)
    turn.store.pulses.say(stage.id, turn.who.id, week, int(value), turn.now)
    turn.store.checks.answer(stage.id, _round(turn, stage.id, where, number), turn.who.id, value, turn.now)
    mood = turn.store.pulses.moods(stage.map_id, [stage.id], turn.now - SINCE)[stage.id]
    text = say("pulse thanks", stage=UserText(stage.name))
    parts: list[Part] = [
        Line(text),
        Quiet(mood_words(mood)),
        *rest_of(turn.store, turn.who.id, where, turn.now),
    ]
    return Replace(Card(tuple(parts), plain(text)))


def _round(turn: Turn, stage_id: str, where: str, number: int) -> int:
    """The week in which the person was asked, or else this one."""
    asked: Sequence[Any] = turn.store.pulses.of_bundle(turn.who.id, where) if where else ()
    return next((row.round for row in asked if row.subject_id == stage_id), number)


def _question(stage: Stage) -> Card:
    text = say("pulse question", stage=UserText(stage.name))
    return Card((Line(text), pulse_buttons(stage.id, IN_PRIVATE)), plain(text))


def _stage(turn: Turn, stage_id: str) -> Stage:
    stage = turn.store.maps.stage(stage_id)
    journey = turn.store.maps.get(stage.map_id) if stage else None
    if stage is None or stage.retired_at is not None or journey is None or journey.archived_at is not None:
        raise Refusal(say("error stage gone"))
    return stage
