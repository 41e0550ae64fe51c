"""A stage that becomes two: what goes to the new one is chosen, and the items move along."""

from handlers.answers import Answer, Button, Done, Field, Form, Note, Open, Option, Replace
from handlers.errors import FieldErrors, Refusal
from handlers.forms import options, referred
from handlers.items import change
from handlers.kinds import Kind, ref
from handlers.regrouping import moving_told, take_off, with_undo
from handlers.stage_form import MOST, NAME, name_and_slug, new_stage
from handlers.stages import changeable_stage, known_stage, stage_card
from handlers.text import UserText, short
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import Item, Stage

OFFERED = 100  # items to choose from; Slack and Teams show no more
_ANY = {"severity": "", "status": "", "trust": ""}


def split(turn: Turn) -> Answer:
    """*Split…*: the form of the new stage, and what goes there."""
    stage, journey = changeable_stage(turn, turn.request.value())
    if len(turn.store.maps.stage_names(journey.id)) >= MOST:
        raise Refusal(say("stages enough", n=MOST))
    return Open(_split_form(turn, stage))


def parted(turn: Turn) -> Answer:
    """The form was sent: a new stage stands behind the old one, with what was chosen."""
    stage, journey = changeable_stage(turn, turn.request.about.get("stage", ""))
    wrong: dict[str, str] = {}
    columns = name_and_slug(turn, journey.id, turn.request.value("name"), "", wrong)
    named = _named(turn, stage, wrong)
    if wrong:
        raise FieldErrors(wrong)
    store = turn.store
    touchpoints = store.stages.touchpoints(stage.id)
    chosen = set(turn.request.value("touchpoints").split())
    going = [one for one in touchpoints if one.id in chosen]
    new_id = new_stage(
        turn,
        journey.id,
        columns | {"part": stage.part},
        [(one.name, one.channel) for one in going],
        "split",
        stage.id,
        {"from": stage.id},
    )
    if going:
        staying = [(one.id, one.name, one.channel) for one in touchpoints if one.id not in chosen]
        store.stages.set_touchpoints(stage.id, staying)
    told = moving_told(stage.id, new_id)
    moved = 0
    for one in going:
        at_it = store.moving.move_items(
            journey.id, (stage.id, new_id), turn.who.id, turn.now, told, touchpoint=one.name
        )
        moved += at_it.items
    store.moving.redraw(store.new_id(), turn.workspace_id, journey.id, new_id, turn.now)
    picked = {
        item_id: store.items.locked(item_id) for item_id in turn.request.value("items").split()[:OFFERED]
    }
    for item in {**picked, **{one.id: one for one in named}}.values():
        if item is not None and item.stage_id == stage.id and item.removed_at is None:
            moved += change(turn, item, "moved", {"stage_id": new_id})
    text = say(
        "stage split",
        stage=UserText(stage.name),
        new=UserText(columns["name"]),
        items=say("items moved", n=moved),
        slug=UserText(columns["slug"]),
    )
    back = Button(word("undo"), "stage.unsplit", f"{new_id} {stage.id}")
    return Done(with_undo(journey, text, back))


def unsplit(turn: Turn) -> Answer:
    """*Undo* of a split: `new old` is the click's value; what came to the new stage meanwhile goes along."""
    new_id, _, old_id = turn.request.value().partition(" ")
    new = turn.store.maps.stage(new_id)
    old, journey = changeable_stage(turn, old_id)
    if new is None or new.map_id != journey.id or new.id == old.id:
        raise Refusal(say("error stage gone"))
    if new.retired_at is None:
        take_off(turn, new, old, "merged")
    text = say("stage unsplit", stage=UserText(old.name))
    return Replace(stage_card(turn, known_stage(turn, old.id)[0], journey, text))


def _split_form(turn: Turn, stage: Stage) -> Form:
    store = turn.store
    items = store.lists.wanted(stage.map_id, stage.id, [kind.value for kind in Kind], _ANY, OFFERED + 1)
    touchpoints = store.stages.touchpoints(stage.id)
    fields: list[Field | Note] = [
        Note(say("split about", stage=UserText(stage.name))),
        Field(name="name", label=word("field new stage"), longest=NAME, hint=word("hint new stage")),
        Field(
            name="touchpoints",
            label=word("field split touchpoints"),
            kind="choices",
            options=options([(one.id, one.name) for one in touchpoints]),
            optional=True,
            hint=word("hint split touchpoints"),
        ),
        Field(
            name="items",
            label=word("field split items"),
            kind="choices",
            options=tuple(
                Option(f"{ref(item.kind, item.number)} {short(item.text)}", item.id)
                for item in items[:OFFERED]
            ),
            optional=True,
        ),
        Field(
            name="numbers",
            label=word("field split numbers"),
            optional=True,
            hint=word("hint split numbers"),
            longest=3000,
        ),
    ]
    return Form(
        title=word("form split"),
        action="stage.parted",
        submit=word("split stage"),
        fields=tuple(fields),
        token=store.new_id(),
        about={"stage": stage.id},
    )


def _named(turn: Turn, stage: Stage, wrong: dict[str, str]) -> list[Item]:
    """The items that were named by their numbers; what is not on the stage stands at the field."""
    named = referred(turn, "numbers", stage.map_id, tuple(Kind), wrong)
    elsewhere = [ref(item.kind, item.number) for item in named if item.stage_id != stage.id]
    if elsewhere:
        wrong.setdefault("numbers", word("error numbers", refs=short(", ".join(elsewhere))))
    return named
