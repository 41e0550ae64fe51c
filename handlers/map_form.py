"""The form of a map itself: its name, kind, persona, scenario, goal, owner, and who sees it."""

from typing import Any

from handlers.answers import Answer, Button, Buttons, Card, Done, Field, Form, Line, Note, Open
from handlers.choosing import meant_map
from handlers.errors import FieldErrors, Refusal
from handlers.form_merge import Merged, clash_note, marks, merged
from handlers.forms import LINE, LONGEST, options
from handlers.history import record
from handlers.kinds import MAP_KINDS
from handlers.likeness import slugify
from handlers.map_names import NAMELESS
from handlers.maps import free_slug
from handlers.privacy import EVERYBODY, MEMBERS, asked, may_decide
from handlers.sight import hidden_from
from handlers.text import Text, UserText, blank, plain
from handlers.turn import Turn
from handlers.words import say, word
from storage.models import JourneyMap, Persona

VERSION = 1
NAME = 80  # characters
LABELS = {
    "name": "field name",
    "kind": "field map kind",
    "persona": "field persona name",
    "about": "field persona about",
    "wants": "field persona wants",
    "scenario": "field scenario",
    "goal": "field goal",
    "owner": "field owner",
    "seen": "field seen",
}
_LONGEST = {"name": NAME, "persona": LINE}
_PERSONA = ("persona", "about", "wants")


def edit(turn: Turn) -> Answer:
    """`/journey edit [map]`, or the button: the form with the map in it."""
    journey = meant_map(turn)
    turn.need_edit(journey)
    shown = _shown(turn, journey)
    return Open(_form(turn, journey, shown, marks(shown)))


def save(turn: Turn) -> Answer:
    """The form was sent: what this person changed is written, whatever others changed meanwhile."""
    request, store = turn.request, turn.store
    journey = living_map(turn, request.about.get("map", ""))
    shown = _shown(turn, journey)
    sent = {name: request.value(name).strip() for name in shown if name in request.values}
    if request.about.get("version") != str(VERSION):
        return Open(_form(turn, journey, shown | sent, marks(shown), say("old form")))
    now = merged(shown, sent, request.about.get("marks", ""))
    if now.clashes:
        note = clash_note({word(LABELS[name]): _said(turn, name, shown[name]) for name in now.clashes})
        return Open(_form(turn, journey, now.values, marks(shown), note))
    columns, persona = _checked(turn, journey, now, shown)
    if columns or persona:
        columns = _written(turn, journey, columns, persona, now.values, shown)
    seen = now.values.get("seen", "")
    if seen != shown.get("seen", ""):  # who sees it is asked once more
        return Open(asked(turn, store.maps.get(journey.id) or journey, seen))
    name = UserText(columns.get("name", journey.name))
    if "slug" in columns:
        text = say("map renamed", before=UserText(journey.name), map=name, slug=UserText(journey.slug))
    else:
        text = say("map saved" if columns or persona else "map unchanged", map=name)
    return Done(_told(text, journey))


def _written(
    turn: Turn,
    journey: JourneyMap,
    columns: dict[str, Any],
    persona: dict[str, str],
    values: dict[str, str],
    shown: dict[str, str],
) -> dict[str, Any]:
    """Writes what changed, with its history; the map's columns that did."""
    store = turn.store
    before = {name: getattr(journey, name) for name in columns}
    if persona:
        columns |= _save_persona(turn, journey, values)
        before |= {name: shown[name] for name in persona}
    step = record(turn, journey.id, "edited", ("map", journey.id), before, columns | persona)
    store.reshaping.save(journey, **columns)
    if "slug" in columns:
        store.reshaping.remember_name(journey.id, journey.id, journey.slug, journey.name, step.at)
    if journey.private and "owner_id" in columns and journey.owner_id:
        # Who hands it over goes on seeing it.
        store.members.add(journey.id, journey.owner_id, by=turn.who.id, at=turn.now)
    return columns


def living_map(turn: Turn, map_id: str) -> JourneyMap:
    """The map of that id, locked for changes; raises Refusal where there is none, or for a person who may not."""
    journey = turn.store.maps.get(map_id)
    if journey is None:
        raise Refusal(say("not found anywhere"))
    turn.need_edit(journey)
    turn.store.reshaping.lock(map_id)
    journey = turn.store.maps.get(map_id)
    assert journey is not None, "maps are never deleted"
    if journey.archived_at is not None:
        raise Refusal(say("map archived", map=UserText(journey.name)))
    return journey


def owner_column(turn: Turn, external_id: str, wrong: dict[str, str], on_map: str = "") -> dict[str, str]:
    """The column of the person who was picked as an owner; nothing where nobody was.

    Who is to own something on a map, `on_map`, must see that map.
    """
    if not external_id:
        return {}
    account = turn.store.people.by_external(turn.workspace_id, external_id)
    if account is None:
        wrong["owner"] = word("error person")
        return {}
    if on_map and (hidden := hidden_from(turn.store, on_map, account.person_id)):
        wrong["owner"] = hidden
    return {"owner_id": account.person_id}


def name_of(turn: Turn, external_id: str) -> str:
    """The name of the person with the platform's own id."""
    account = turn.store.people.by_external(turn.workspace_id, external_id)
    person = turn.store.people.get(account.person_id) if account else None
    return person.name if person else ""


def _shown(turn: Turn, journey: JourneyMap) -> dict[str, str]:
    """The map as its form shows it."""
    persona = _persona(turn, journey)
    owner = turn.store.people.account(turn.workspace_id, journey.owner_id) if journey.owner_id else None
    whole = {
        "name": journey.name,
        "kind": journey.kind,
        "persona": persona.name if persona else "",
        "about": persona.about if persona else "",
        "wants": persona.wants if persona else "",
        "scenario": journey.scenario,
        "goal": journey.goal,
        "owner": owner.external_id if owner else "",
    }
    if may_decide(turn, journey) and (journey.private or not turn.store.people.settings().all_open):
        whole["seen"] = MEMBERS if journey.private else EVERYBODY
    return {name: value[: _LONGEST.get(name, LONGEST)].strip() for name, value in whole.items()}


def _persona(turn: Turn, journey: JourneyMap) -> Persona | None:
    personas = turn.store.maps.personas(journey.id)
    return next((one for one in personas if one.id == journey.persona_id), next(iter(personas), None))


def _form(
    turn: Turn, journey: JourneyMap, values: dict[str, str], carried: str, note: Text | None = None
) -> Form:
    def field(name: str, kind: Any, *, hint: str = "", optional: bool = True, **more: Any) -> Field:
        return Field(
            name=name,
            label=word(LABELS[name]),
            kind=kind,
            value=values[name],
            optional=optional,
            hint=hint,
            longest=_LONGEST.get(name, LONGEST),
            **more,
        )

    kinds = options([(kind, word(kind)) for kind in MAP_KINDS])
    return Form(
        title=word("form map"),
        action="map.save",
        submit=word("save"),
        fields=(
            *([Note(note)] if note else []),
            field("name", "line", optional=False, hint=word("hint name")),
            field("kind", "choice", optional=False, options=kinds),
            field("persona", "line", hint=word("hint persona name")),
            field("about", "words", hint=word("hint persona about")),
            field("wants", "words"),
            field("scenario", "words", hint=word("hint scenario")),
            field("goal", "words"),
            field("owner", "person", hint=word("hint map owner")),
            *([_seen_field(values["seen"])] if "seen" in values else []),
        ),
        token=turn.store.new_id(),
        about={"map": journey.id, "marks": carried},
        version=VERSION,
    )


def _seen_field(seen: str) -> Field:
    return Field(
        name="seen",
        label=word("field seen"),
        kind="choice",
        value=seen,
        options=options([(one, word(f"seen {one}")) for one in (EVERYBODY, MEMBERS)]),
        hint=word("hint seen"),
    )


def _checked(
    turn: Turn, journey: JourneyMap, now: Merged, shown: dict[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The map's columns that change, and the persona's fields that do; raises FieldErrors."""
    values, wrong = now.values, dict[str, str]()
    changed = {name: value for name, value in values.items() if value != shown[name]}
    for name, value in changed.items():
        longest = _LONGEST.get(name, LONGEST)
        if len(value) > longest:
            wrong[name] = word("error long", n=longest, typed=len(value))
    columns: dict[str, Any] = {name: changed[name] for name in ("scenario", "goal") if name in changed}
    if "name" in changed:
        columns |= _renamed(turn, journey, changed["name"], wrong)
    if "kind" in changed:
        columns["kind"] = changed["kind"]
        if changed["kind"] not in MAP_KINDS:
            wrong["kind"] = word("error choice")
    if changed.get("seen", EVERYBODY) not in (EVERYBODY, MEMBERS):
        wrong["seen"] = word("error choice")
    columns |= owner_column(turn, changed.get("owner", ""), wrong)
    if wrong:
        raise FieldErrors(wrong)
    return columns, {name: changed[name] for name in _PERSONA if name in changed}


def _renamed(turn: Turn, journey: JourneyMap, name: str, wrong: dict[str, str]) -> dict[str, str]:
    slug = slugify(name, NAMELESS)
    if blank(name):
        wrong["name"] = word("error empty")
    elif slug != journey.slug:
        slug = free_slug(turn, slug, wrong)
    return {"name": name} | ({"slug": slug} if slug != journey.slug else {})


def _save_persona(turn: Turn, journey: JourneyMap, values: dict[str, str]) -> dict[str, str]:
    """Writes who travels; the map's column where the persona is new."""
    fields = {"name": values["persona"], "about": values["about"], "wants": values["wants"]}
    persona = _persona(turn, journey)
    if persona is not None:
        turn.store.reshaping.save_persona(persona.id, **fields)
        return {}
    persona_id = turn.store.new_id()
    turn.store.maps.add_persona(id=persona_id, map_id=journey.id, **fields)
    return {"persona_id": persona_id}


def _said(turn: Turn, name: str, value: str) -> str:
    """A value as people read it."""
    if name == "kind":
        return word(value)
    if name == "seen":
        return word(f"seen {value}")
    return name_of(turn, value) if name == "owner" else value


def _told(text: Text, journey: JourneyMap) -> Card:
    return Card((Line(text), Buttons((Button(word("open map"), "map.show", journey.id),))), plain(text))
