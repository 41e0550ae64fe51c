"""The form of a stage: a new one, or one that is changed."""

from typing import Any

from handlers.answers import Answer, Card, Done, Field, Form, Line, Note, Open
from handlers.choosing import meant_map
from handlers.errors import FieldErrors, Refusal
from handlers.form_merge import clash_note, marks, merged
from handlers.forms import LONGEST, options
from handlers.history import record
from handlers.likeness import key_of, slugify
from handlers.map_form import living_map, name_of, owner_column
from handlers.stages import PARTS, changeable_stage, set_order, stages_card
from handlers.text import Text, UserText, blank, plain
from handlers.touchpoints import LONGEST as LONGEST_TOUCHPOINT
from handlers.touchpoints import MOST as MOST_TOUCHPOINTS
from handlers.touchpoints import Touch, read, written
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap, Stage

VERSION = 1
NAME = 150  # characters
MOST = 20  # stages of a map
FIRST, YES, NO_PART = "first", "yes", "none"
LABELS = {
    "name": "field stage name",
    "place": "field stage place",
    "goal": "field stage goal",
    "touchpoints": "field touchpoints",
    "actions": "field actions",
    "thoughts": "field thoughts",
    "part": "field part",
    "owner": "field stage owner",
    "moment": "field moment",
}
_COLUMNS = {"goal": "customer_goal", "actions": "actions", "thoughts": "thoughts"}


def edit(turn: Turn) -> Answer:
    """The Edit button of a stage: the form with it."""
    stage, journey = changeable_stage(turn, turn.request.value())
    shown = _shown(turn, stage)
    return Open(_form(turn, journey, shown, _about(stage, shown), stage))


def add(turn: Turn) -> Answer:
    """The button for a new stage: the empty form, at the end of the map."""
    journey = meant_map(turn)
    turn.need_edit(journey)
    stages = turn.store.maps.stage_names(journey.id)
    if len(stages) >= MOST:
        raise Refusal(say("stages enough", n=MOST))
    known = dict.fromkeys(LABELS, "") | {"place": stages[-1].id if stages else FIRST}
    return Open(_form(turn, journey, known, {"map": journey.id}))


def save(turn: Turn) -> Answer:
    """The form was sent: what this person changed is written, whatever others changed meanwhile."""
    request = turn.request
    stage, journey = changeable_stage(turn, request.about.get("stage", ""))
    shown, sent = _shown(turn, stage), _sent(turn)
    if request.about.get("version") != str(VERSION):
        about = _about(stage, shown)
        return Open(_form(turn, journey, shown | sent, about, stage, note=say("old form")))
    now = merged(shown, sent, request.about.get("marks", ""))
    if now.clashes:
        note = clash_note({word(LABELS[name]): _said(turn, name, shown[name]) for name in now.clashes})
        return Open(_form(turn, journey, now.values, _about(stage, shown), stage, note=note))
    changed = {name: value for name, value in now.values.items() if value != shown[name]}
    columns, touchpoints = _checked(turn, journey, changed, stage)
    if not changed:
        text = say("stage unchanged", stage=UserText(stage.name))
        return Done(Card((Line(text),), plain(text)))
    if columns or touchpoints is not None:
        _write(turn, stage, columns, touchpoints)
    if "place" in changed:
        _put_after(turn, journey.id, stage.id, changed["place"])
    name = UserText(columns.get("name", stage.name))
    if "name" in columns and key_of(columns["name"]) != key_of(stage.name):
        text = say("stage renamed", before=UserText(stage.name), stage=name, slug=UserText(stage.slug))
    else:
        text = say("stage saved", stage=name)
    return Done(Card((Line(text),), plain(text)))


def make(turn: Turn) -> Answer:
    """The form of a new stage was sent."""
    request = turn.request
    journey = living_map(turn, request.about.get("map", ""))
    sent = dict.fromkeys(LABELS, "") | _sent(turn)
    if request.about.get("version") != str(VERSION):
        return Open(_form(turn, journey, sent, {"map": journey.id}, note=say("old form")))
    columns, touchpoints = _checked(turn, journey, sent, None)
    new_stage(turn, journey.id, columns, touchpoints or [], "added", sent["place"])
    text = say("stage added", stage=UserText(columns["name"]), slug=UserText(columns["slug"]))
    return Done(stages_card(turn, journey, text))


def new_stage(
    turn: Turn,
    map_id: str,
    columns: dict[str, Any],
    touchpoints: list[Touch],
    what: str,
    after_id: str,
    more: dict[str, Any] | None = None,
) -> str:
    """A stage that is new on the map, after another one, with its history; its id."""
    store, stage_id = turn.store, turn.store.new_id()
    order = [one.id for one in store.maps.stage_names(map_id)]
    store.maps.add_stage(id=stage_id, map_id=map_id, position=len(order), **columns)
    store.stages.set_touchpoints(stage_id, [(store.new_id(), *one) for one in touchpoints])
    told = columns | ({"touchpoints": touchpoints} if touchpoints else {}) | (more or {})
    record(turn, map_id, what, ("stage", stage_id), after=told)
    at = order.index(after_id) + 1 if after_id in order else 0
    store.stages.place([*order[:at], stage_id, *order[at:]])
    return stage_id


def name_and_slug(
    turn: Turn, map_id: str, typed: str, stage_id: str, wrong: dict[str, str]
) -> dict[str, str]:
    """The columns of a stage's name; what is wrong with it stands at the field `name`."""
    name = " ".join(typed.split())
    others = [one for one in turn.store.maps.stage_names(map_id) if one.id != stage_id]
    keys, slugs = {key_of(other.name) for other in others}, {other.slug for other in others}
    slug = slugify(name)
    if blank(name):
        wrong["name"] = word("error empty")
    elif len(name) > NAME:
        wrong["name"] = word("error long", n=NAME, typed=len(name))
    elif key_of(name) in keys:
        wrong["name"] = word("error stage name taken")
    # Names of which no letter is left, or that differ after the 60th character alone, share a slug.
    tries = (slug if n == 1 else f"{slug}-{n}" for n in range(1, len(slugs) + 2))
    return {"name": name, "slug": next(each for each in tries if each not in slugs)}


def _shown(turn: Turn, stage: Stage) -> dict[str, str]:
    """The stage as its form shows it."""
    store = turn.store
    owner = store.people.account(turn.workspace_id, stage.owner_id) if stage.owner_id else None
    order = [one.id for one in store.maps.stage_names(stage.map_id)]
    at = order.index(stage.id)
    touchpoints = [(one.name, one.channel) for one in store.stages.touchpoints(stage.id)]
    return {
        "name": stage.name[:NAME].strip(),
        "place": order[at - 1] if at else FIRST,
        "goal": stage.customer_goal[:LONGEST].strip(),
        "touchpoints": written(touchpoints)[:LONGEST],
        "actions": stage.actions[:LONGEST].strip(),
        "thoughts": stage.thoughts[:LONGEST].strip(),
        "part": stage.part if stage.part in PARTS else NO_PART,
        "owner": owner.external_id if owner else "",
        "moment": YES if stage.moment_of_truth else "",
    }


def _sent(turn: Turn) -> dict[str, str]:
    """What the form says; a mark that is not set may be missing."""
    request = turn.request
    sent = {name: request.value(name).strip() for name in LABELS if name in request.values}
    return sent | {"moment": request.value("moment")}


def _about(stage: Stage, shown: dict[str, str]) -> dict[str, str]:
    return {"stage": stage.id, "marks": marks(shown)}


def _form(
    turn: Turn,
    journey: JourneyMap,
    values: dict[str, str],
    about: dict[str, str],
    stage: Stage | None = None,
    note: Text | None = None,
) -> Form:
    def field(name: str, kind: Any, *, hint: str = "", **more: Any) -> Field:
        more = {"optional": True, "longest": LONGEST} | more
        return Field(name=name, label=word(LABELS[name]), kind=kind, value=values[name], hint=hint, **more)

    others = [one for one in turn.store.maps.stage_names(journey.id) if stage is None or one.id != stage.id]
    places = [(FIRST, word("place first"))]
    places += [(one.id, word("place after", stage=UserText(one.name))) for one in others]
    parts = [(NO_PART, word("part none")), *((part, word(f"part {part}")) for part in PARTS)]
    return Form(
        title=word("form stage" if stage else "form new stage"),
        action="stage.save" if stage else "stage.make",
        submit=word("save" if stage else "add"),
        fields=(
            *([Note(note)] if note else []),
            field("name", "line", optional=False, longest=NAME, hint=word("hint stage name")),
            field("place", "choice", optional=False, options=options(places)),
            field("goal", "words"),
            field("touchpoints", "words", hint=word("hint touchpoints")),
            field("actions", "words", hint=word("hint lines")),
            field("thoughts", "words", hint=word("hint lines")),
            field("part", "choice", options=options(parts)),
            field("owner", "person"),
            field("moment", "mark", options=options([(YES, word("moment yes"))])),
        ),
        token=turn.store.new_id(),
        about=about,
        version=VERSION,
    )


def _checked(
    turn: Turn, journey: JourneyMap, changed: dict[str, str], stage: Stage | None
) -> tuple[dict[str, Any], list[Touch] | None]:
    """The stage's columns that change, and its touchpoints if they do; raises FieldErrors."""
    wrong: dict[str, str] = {}
    columns: dict[str, Any] = {column: changed[name] for name, column in _COLUMNS.items() if name in changed}
    for name, value in changed.items():
        if len(value) > LONGEST:
            wrong[name] = word("error long", n=LONGEST, typed=len(value))
    if "name" in changed:
        columns |= name_and_slug(turn, journey.id, changed["name"], stage.id if stage else "", wrong)
    if "part" in changed:
        columns["part"] = changed["part"] if changed["part"] in PARTS else ""
    if "moment" in changed:
        columns["moment_of_truth"] = changed["moment"] == YES
    if "owner" in changed:
        columns["owner_id"] = None
        columns |= owner_column(turn, changed["owner"], wrong, on_map=journey.id)
    places = {FIRST, *(one.id for one in turn.store.maps.stage_names(journey.id))}
    if changed.get("place", FIRST) not in places - {stage.id if stage else ""}:
        wrong["place"] = word("error stage gone")
    touchpoints = read(changed["touchpoints"]) if "touchpoints" in changed else None
    if touchpoints and len(touchpoints) > MOST_TOUCHPOINTS:
        wrong["touchpoints"] = word("error touchpoints", n=MOST_TOUCHPOINTS)
    elif touchpoints and (long := [name for name, _ in touchpoints if len(name) > LONGEST_TOUCHPOINT]):
        wrong["touchpoints"] = word("error long", n=LONGEST_TOUCHPOINT, typed=len(long[0]))
    if wrong:
        raise FieldErrors(wrong)
    return columns, touchpoints


def _write(turn: Turn, stage: Stage, columns: dict[str, Any], touchpoints: list[Touch] | None) -> None:
    store = turn.store
    before: dict[str, Any] = {name: getattr(stage, name) for name in columns}
    after = dict(columns)
    if touchpoints is not None:
        old = store.stages.touchpoints(stage.id)
        before["touchpoints"] = [(one.name, one.channel) for one in old]
        after["touchpoints"] = touchpoints
        ids = {key_of(one.name): one.id for one in old}
        wanted = [(ids.get(key_of(name)) or store.new_id(), name, channel) for name, channel in touchpoints]
        store.stages.set_touchpoints(stage.id, wanted)
    step = record(turn, stage.map_id, "edited", ("stage", stage.id), before, after)
    store.stages.save(stage, **columns)
    if "name" not in columns:
        return
    if key_of(columns["name"]) != key_of(stage.name):
        store.reshaping.remember_name(stage.map_id, stage.id, stage.slug, stage.name, step.at)
    store.moving.outdate(stage.map_id, stage.id, step.revision)
    store.moving.redraw(store.new_id(), turn.workspace_id, stage.map_id, stage.id, turn.now)


def _put_after(turn: Turn, map_id: str, stage_id: str, after_id: str) -> None:
    order = [one.id for one in turn.store.maps.stage_names(map_id) if one.id != stage_id]
    at = order.index(after_id) + 1 if after_id in order else 0
    set_order(turn, map_id, stage_id, [*order[:at], stage_id, *order[at:]])


def _said(turn: Turn, name: str, value: str) -> str:
    """A value as people read it."""
    if name == "owner":
        return name_of(turn, value)
    if name == "place":
        stage = turn.store.maps.stage(value)
        return word("place after", stage=UserText(stage.name)) if stage else word("place first")
    if name == "part":
        return word(f"part {value}" if value in PARTS else "part none")
    if name == "moment":
        return word("moment yes" if value else "moment no")
    return value
