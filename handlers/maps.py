"""Maps, shown as one line per stage."""

from datetime import datetime
from itertools import chain, count
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
    Rows,
    Tell,
    Title,
)
from handlers.cards import ago, worst_pain
from handlers.choosing import meant_map
from handlers.errors import Refusal
from handlers.forms import options
from handlers.kinds import SEVERITY_MARK, Kind, Role, Severity, Trust
from handlers.moods import SINCE, mood_words
from handlers.text import Text, UserText, joined, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap, Persona, Stage
from storage.pulses import Mood
from storage.store import Store


def show(turn: Turn) -> Answer:
    """`/journey map [name]`: one line per stage."""
    return Tell(map_card(turn, meant_map(turn)))


def show_clicked(turn: Turn) -> Answer:
    """A map was picked from a list."""
    journey = turn.store.maps.get(turn.request.value())
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    return Tell(map_card(turn, journey))


def map_card(turn: Turn, journey: JourneyMap) -> Card:
    """The map in words: who travels and to what end, what hurts most, and a line per stage."""
    store = turn.store
    stages = store.maps.stages(journey.id)
    rows, empty = stage_rows(store, journey.id, stages, turn.now)
    personas = store.maps.personas(journey.id)
    parts: list[Part] = [Title(say("map title", map=UserText(journey.name)))]
    about: list[Text] = [say("private badge")] if journey.private else []
    about.append(say(journey.kind))
    about += [say("map persona", persona=UserText(_who_travels(personas[0])))] if personas else []
    about += [say("map goal", goal=UserText(journey.goal))] if journey.goal else []
    parts.append(Quiet(joined(about)))
    worst = worst_pain(store, journey.id)
    if worst is not None:
        stage = store.items.names(worst.id).stage
        words = UserText(short(worst.text))
        parts.append(Line(say("map hurts", stage=UserText(stage), words=words, n=worst.votes)))
    elif empty and stages:
        parts.append(Line(say("map quiet", stage=UserText(stages[0].slug))))
    parts.append(Rows(rows))
    parts.append(Quiet(say("map legend")))
    menu = Menu(word("show list"), "list.stage", options([(stage.id, stage.name) for stage in stages]))
    shape = Button(word("show stages"), "stages", journey.id)
    parts.append(Buttons((menu, shape, *_changes(turn, journey))))
    return Card(tuple(parts), journey.name)


def _changes(turn: Turn, journey: JourneyMap) -> tuple[Button | More, ...]:
    """What those who may change the map can do with it."""
    if not turn.may(Role.MEMBER) or not turn.may_edit(journey):
        return ()
    here = any(one.id == journey.id for one in turn.maps)
    more = (
        Option(word("channel settings"), f"channel.edit {journey.id}"),
        *([Option(word("unbind"), f"map.unbind.ask {journey.id}")] if here else []),
        Option(word("members"), f"map.members {journey.id}"),
        Option(word("archive map"), f"map.archive.ask {journey.id}"),
    )
    return (Button(word("edit map"), "map.edit", journey.id), More(more))


def stage_rows(
    store: Store, map_id: str, stages: list[Stage], now: datetime
) -> tuple[tuple[Text, ...], bool]:
    """A line for each of the map's stages; and is there nothing on any of them?"""
    lines: dict[str, list[Any]] = {}
    for line in store.maps.stage_lines(map_id):
        if line.items > 0:
            lines.setdefault(line.stage_id, []).append(line)
    confirmed = store.maps.confirmed(map_id)
    moods = store.pulses.moods(map_id, [stage.id for stage in stages], now - SINCE)
    rows = (
        _stage_row(stage, lines.get(stage.id, []), confirmed.get(stage.id), moods[stage.id], now)
        for stage in stages
    )
    return tuple(rows), not lines


def _stage_row(stage: Stage, lines: list[Any], confirmed: datetime | None, mood: Mood, now: datetime) -> Text:
    counts = {kind: sum(line.items for line in lines if line.kind == kind) for kind in Kind}
    facts = [say(f"{kind}s", n=counts[kind]) for kind in Kind if counts[kind]]
    stale = sum(line.items for line in lines if line.trust == Trust.STALE)
    disputed = sum(line.items for line in lines if line.trust == Trust.DISPUTED)
    facts += [say("map stale", n=stale)] if stale else []
    facts += [say("map disputed", n=disputed)] if disputed else []
    facts += [say("map confirmed", when=ago(confirmed, now))] if confirmed and lines else []
    severities = {line.severity for line in lines if line.kind == Kind.PAIN}
    heat = next((SEVERITY_MARK[s] for s in reversed(Severity) if s in severities), "🟢" if facts else "⚪")
    facts += [felt] if (felt := mood_words(mood)) else []
    return say(
        "map stage",
        heat=heat,
        stage=UserText(stage.name),
        moment=say("moment") if stage.moment_of_truth else "",
        facts=joined(facts) if facts else say("map stage empty"),
    )


def _who_travels(persona: Persona) -> str:
    about = persona.about.partition(". ")[0].rstrip(".")
    return f"{persona.name}, {about}" if about else persona.name


def free_slug(turn: Turn, slug: str, wrong: dict[str, str]) -> str:
    """The slug for a map of that name, `wrong` where a map has it; one that is hidden is not told of."""
    taken = turn.store.maps.by_slug(slug)
    if taken is not None:
        gone = taken.archived_at is not None
        wrong["name"] = (
            word("error name archived", slug=slug) if gone else word("error name taken", slug=slug)
        )
        return slug
    free = (f"{slug}-{number}" for number in count(2))
    return next(free for free in chain([slug], free) if not turn.store.maps.is_taken(free))
