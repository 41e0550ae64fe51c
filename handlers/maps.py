"""Maps: started from a template, bound to channels, and shown as one line per stage."""

from datetime import time
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
    Menu,
    Note,
    Open,
    Part,
    Quiet,
    Replace,
    Rows,
    Tell,
    Title,
)
from handlers.capture import next_after_map
from handlers.cards import ago, worst_pain
from handlers.effects import join, message
from handlers.errors import FieldErrors, Refusal
from handlers.forms import LINE, options
from handlers.kinds import SEVERITY_MARK, Kind, Severity, Trust
from handlers.likeness import slugify
from handlers.schedules import DEFAULT_AT, DEFAULT_WEEKDAY, weekly
from handlers.templates import TEMPLATES, Template, template
from handlers.text import Text, UserText, blank, joined, plain, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap, Persona, Stage

VERSION = 1
MOST = 100


def new(turn: Turn) -> Answer:
    """`/journey new [name]`: the form of a new map."""
    # A form that did not open in time is asked for again by a button that carries what was typed.
    typed = turn.request.text or turn.request.value()
    return Open(_form(turn, {"name": typed.strip()[:LINE]}, draft_id=""))


def start(turn: Turn) -> Answer:
    """The Start button: the same form; the click's value may name words that wait for the map."""
    return Open(_form(turn, {}, draft_id=turn.request.value()))


def make(turn: Turn) -> Answer:
    """The form was sent: makes the map, binds the channel and joins it."""
    request = turn.request
    if request.about.get("version") != str(VERSION):
        known = {name: request.value(name) for name in request.values}
        return Open(_form(turn, known, draft_id=request.about.get("draft", ""), note=say("old form")))
    chosen, name, slug = _checked(turn)
    journey_id = _add_map(turn, chosen, name, slug)
    stages = turn.store.maps.stages(journey_id)
    lines: list[Text] = [say("map made", map=UserText(name), stages=say("stages", n=len(stages)))]
    if request.spot is not None and not request.spot.direct:
        bind(turn, journey_id, name, announce=True)
        lines.append(say("map made next", stage=UserText(stages[0].slug)))
        lines += _private_note(turn)
    else:
        lines.append(say("map made direct", slug=UserText(slug)))
    parts: list[Part] = [Line(line) for line in lines]
    if draft_id := request.about.get("draft", ""):
        parts += next_after_map(turn, draft_id, journey_id)
    return Done(Card(tuple(parts), plain(lines[0])))


def use(turn: Turn) -> Answer:
    """`/journey use [map]`: this channel shows a map that exists."""
    typed = turn.request.text.strip()
    maps = turn.store.maps.all()
    if not maps:
        raise Refusal(say("no maps"), buttons=(_start_button(),))
    if typed:
        return Tell(_bound(turn, _named(turn, typed)))
    if len(maps) == 1:
        return Tell(_bound(turn, maps[0]))
    menu = Menu(word("use existing"), "map.bind", options([(m.id, m.name) for m in maps[:MOST]]))
    text = say("use which")
    return Tell(Card((Line(text), Buttons((menu, _start_button()))), plain(text)))


def bind_clicked(turn: Turn) -> Answer:
    """A map was picked for this channel: `map [draft]` is the click's value."""
    map_id, _, draft_id = turn.request.value().partition(" ")
    journey = turn.store.maps.get(map_id)
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    card = _bound(turn, journey)
    if draft_id:
        more = next_after_map(turn, draft_id, journey.id)
        card = Card((*card.parts, *more), card.summary)
    return Replace(card)


def bind(turn: Turn, map_id: str, name: str, *, announce: bool) -> bool:
    """This channel shows the map from now on, with a digest every Monday; false where it did already."""
    store, place_id = turn.store, turn.remembered_place()
    if any(bound.map_id == map_id for bound in store.maps.bindings(place_id)):
        return False
    counter = store.maps.counter(map_id)
    store.maps.bind(place_id, map_id, by=turn.who.id, revision=counter.revision, at=turn.now)
    join(store, turn.workspace_id, place_id, turn.now)
    if not store.digests.schedules(place_id):
        store.digests.add_schedule(**weekly(turn, place_id))
    if announce:
        message(
            store,
            turn.workspace_id,
            place_id,
            f"bound {place_id} {map_id}",
            _hello(turn, map_id, name),
            turn.now,
        )
    return True


def show(turn: Turn) -> Answer:
    """`/journey map [name]`: one line per stage."""
    journey = chosen_map(turn, turn.request.text.strip())
    return Tell(map_card(turn, journey))


def show_clicked(turn: Turn) -> Answer:
    """A map was picked from a list."""
    journey = turn.store.maps.get(turn.request.value())
    if journey is None or journey.archived_at is not None:
        raise Refusal(say("not found anywhere"))
    return Tell(map_card(turn, journey))


def chosen_map(turn: Turn, typed: str) -> JourneyMap:
    """The map that is meant: named, or shown by this channel, or the only one; raises Refusal otherwise."""
    if typed:
        return _named(turn, typed)
    here = turn.store.maps.get(turn.maps[0].id) if turn.maps else None
    if here is not None:
        return here
    maps = turn.store.maps.all()
    if len(maps) == 1:
        return maps[0]
    if not maps:
        raise Refusal(say("no maps"), buttons=(_start_button(),))
    menu = Menu(word("use existing"), "map.show", options([(m.id, m.name) for m in maps[:MOST]]))
    raise Refusal(say("no map here"), buttons=(menu, _start_button()))


def map_card(turn: Turn, journey: JourneyMap) -> Card:
    """The map in words: who travels and to what end, what hurts most, and a line per stage."""
    store = turn.store
    stages = store.maps.stages(journey.id)
    lines: dict[str, list[Any]] = {}
    for line in store.maps.stage_lines(journey.id):
        lines.setdefault(line.stage_id, []).append(line)
    personas = store.maps.personas(journey.id)
    parts: list[Part] = [Title(say("map title", map=UserText(journey.name)))]
    about: list[Text] = [say(journey.kind)]
    about += [say("map persona", persona=UserText(_who_travels(personas[0])))] if personas else []
    about += [say("map goal", goal=UserText(journey.goal))] if journey.goal else []
    parts.append(Quiet(joined(about)))
    worst = worst_pain(store, journey.id)
    if worst is not None:
        stage = store.items.names(worst.id).stage
        words = UserText(short(worst.text))
        parts.append(Line(say("map hurts", stage=UserText(stage), words=words, n=worst.votes)))
    elif not lines and stages:
        parts.append(Line(say("map quiet", stage=UserText(stages[0].slug))))
    parts.append(Rows(tuple(_stage_row(stage, lines.get(stage.id, []), turn) for stage in stages)))
    parts.append(Quiet(say("map legend")))
    menu = Menu(word("show list"), "list.stage", options([(stage.id, stage.name) for stage in stages]))
    parts.append(Buttons((menu,)))
    return Card(tuple(parts), journey.name)


def _stage_row(stage: Stage, lines: list[Any], turn: Turn) -> Text:
    counts = {kind: sum(line.items for line in lines if line.kind == kind) for kind in Kind}
    facts = [say(f"{kind}s", n=counts[kind]) for kind in Kind if counts[kind]]
    stale = sum(line.items for line in lines if line.trust == Trust.STALE)
    facts += [say("map stale", n=stale)] if stale else []
    confirmed = max((line.confirmed_at for line in lines if line.confirmed_at), default=None)
    facts += [say("map confirmed", when=ago(confirmed, turn.now))] if confirmed else []
    severities = {line.severity for line in lines if line.kind == Kind.PAIN}
    heat = next((SEVERITY_MARK[s] for s in reversed(Severity) if s in severities), "🟢" if facts else "⚪")
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


def _form(turn: Turn, known: dict[str, str], *, draft_id: str, note: Text | None = None) -> Form:
    fields: list[Field | Note] = [Note(note)] if note else []
    choices = options([(one.slug, one.name) for one in TEMPLATES])
    fields += [
        Field(
            name="template",
            label=word("field template"),
            kind="choice",
            options=choices,
            value=known.get("template", ""),
        ),
        Field(
            name="name",
            label=word("field name"),
            value=known.get("name", ""),
            hint=word("hint name"),
            longest=80,
        ),
        Field(
            name="persona",
            label=word("field persona name"),
            value=known.get("persona", ""),
            optional=True,
            hint=word("hint persona name"),
            longest=LINE,
        ),
        Field(
            name="goal", label=word("field goal"), value=known.get("goal", ""), optional=True, longest=LINE
        ),
    ]
    return Form(
        title=word("form new"),
        action="map.make",
        submit=word("start"),
        fields=tuple(fields),
        token=turn.store.new_id(),
        about={"draft": draft_id} if draft_id else {},
        version=VERSION,
    )


def _checked(turn: Turn) -> tuple[Template, str, str]:
    wrong: dict[str, str] = {}
    chosen = template(turn.request.value("template"))
    if chosen is None:
        wrong["template"] = word("error template")
    name = turn.request.value("name").strip()
    slug = slugify(name, "map")
    if blank(name):
        wrong["name"] = word("error empty")
    elif len(name) > 80:
        wrong["name"] = word("error long", n=80, typed=len(name))
    elif turn.store.maps.by_slug(slug) is not None:
        wrong["name"] = word("error name taken", slug=slug)
    if wrong or chosen is None:
        raise FieldErrors(wrong)
    return chosen, name, slug


def _add_map(turn: Turn, chosen: Template, name: str, slug: str) -> str:
    store, journey_id = turn.store, turn.store.new_id()
    persona, goal = turn.request.value("persona").strip()[:LINE], turn.request.value("goal").strip()[:LINE]
    persona_id = store.new_id()
    store.maps.add(
        turn.now,
        id=journey_id,
        slug=slug,
        name=name,
        kind=chosen.kind,
        persona_id=persona_id,
        scenario=chosen.scenario,
        goal=goal or chosen.goal,
        owner_id=turn.who.id,
    )
    store.maps.add_persona(
        id=persona_id,
        map_id=journey_id,
        name=persona or chosen.persona.name,
        about="" if persona else chosen.persona.about,
        wants="" if persona else chosen.persona.wants,
    )
    for position, stage in enumerate(chosen.stages):
        stage_id = store.new_id()
        store.maps.add_stage(
            id=stage_id,
            map_id=journey_id,
            slug=slugify(stage.name),
            name=stage.name,
            position=position,
            customer_goal=stage.goal,
            part=stage.group,
            actions="\n".join(stage.actions),
            thoughts="\n".join(stage.thoughts),
            moment_of_truth=stage.moment_of_truth,
        )
        for place, touchpoint in enumerate(stage.touchpoints):
            store.maps.add_touchpoint(
                id=store.new_id(),
                stage_id=stage_id,
                position=place,
                name=touchpoint.name,
                channel=touchpoint.channel,
            )
    step = store.maps.step(journey_id, None, turn.now)
    after = msgspec.json.encode({"slug": slug, "name": name, "template": chosen.slug}).decode()
    store.history.write(
        journey_id, step.revision, step.at, turn.who.id, "started", "map", journey_id, after=after
    )
    return journey_id


def _bound(turn: Turn, journey: JourneyMap) -> Card:
    stages = turn.store.maps.stage_names(journey.id)
    first = UserText(stages[0].slug if stages else "stage")
    if bind(turn, journey.id, journey.name, announce=True):
        text = say("map bound", map=UserText(journey.name), stage=first)
    else:
        text = say("map bound already", map=UserText(journey.name))
    return Card((Line(text), *(Line(note) for note in _private_note(turn))), plain(text))


def _private_note(turn: Turn) -> list[Text]:
    """Nobody can let us into a private channel but its members."""
    place = turn.store.places.get(turn.remembered_place())
    return [say("map private")] if place is not None and place.private else []


def _hello(turn: Turn, map_id: str, name: str) -> Card:
    text = say("map joined", map=UserText(name), name=UserText(turn.who.name))
    stages = [(UserText(stage.name),) for stage in turn.store.maps.stage_names(map_id)]
    named = joined([say("map title", map=stage[0]) for stage in stages])
    at = time.fromisoformat(DEFAULT_AT)
    how = say("map joined how", weekday=say(f"weekday {DEFAULT_WEEKDAY}"), at=f"{at:%H:%M}")
    return Card((Title(text), Line(how), Quiet(say("map stages", stages=named))), plain(text))


def _named(turn: Turn, typed: str) -> JourneyMap:
    slug = slugify(typed, "map")
    exact = turn.store.maps.by_slug(slug)
    if exact is not None and exact.archived_at is None:
        return exact
    maps = turn.store.maps.all()
    found = [m for m in maps if m.slug.startswith(slug)]
    if len(found) == 1:
        return found[0]
    names = joined([say("map title", map=UserText(m.name)) for m in maps[:5]], ", ")
    raise Refusal(say("unknown map", typed=UserText(typed[:80]), maps=names))


def _start_button() -> Button:
    return Button(word("start from template"), "map.start", style="primary")
