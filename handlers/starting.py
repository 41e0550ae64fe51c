"""A new map: its form, its template, and the channel in which it was asked for."""

import msgspec

from handlers.answers import Answer, Card, Done, Field, Form, Line, Note, Open, Part
from handlers.capture import next_after_map
from handlers.channels import bind, private_note
from handlers.errors import FieldErrors
from handlers.forms import LINE, options
from handlers.likeness import slugify
from handlers.map_names import NAMELESS
from handlers.maps import free_slug
from handlers.templates import TEMPLATES, Template, template
from handlers.text import Text, UserText, blank, plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.due import LOOK_EVERY

VERSION = 1


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
        lines += private_note(turn)
    else:
        lines.append(say("map made direct", slug=UserText(slug)))
    parts: list[Part] = [Line(line) for line in lines]
    if draft_id := request.about.get("draft", ""):
        parts += next_after_map(turn, draft_id, journey_id)
    return Done(Card(tuple(parts), plain(lines[0])))


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
    slug = slugify(name, NAMELESS)
    if blank(name):
        wrong["name"] = word("error empty")
    elif len(name) > 80:
        wrong["name"] = word("error long", n=80, typed=len(name))
    else:
        slug = free_slug(turn, slug, wrong)
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
    store.digests.wake(turn.now + LOOK_EVERY)
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
