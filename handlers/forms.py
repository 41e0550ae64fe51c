"""Forms for items and maps, and what their fields say once they are checked."""

from datetime import date
from typing import Any, NamedTuple

from handlers.answers import Field, Form, Note, Option
from handlers.audience import told
from handlers.errors import FieldErrors
from handlers.grammar import parse_item_ref
from handlers.kinds import IDEA_STATUSES, USUAL_SEVERITY, Kind, Severity, Status, ref
from handlers.numbers import numbered
from handlers.request import Value
from handlers.sight import hidden_from
from handlers.text import Text, blank, short
from handlers.turn import Turn
from handlers.words import word
from storage.models import Item

VERSION = 1  # of the item form: raised when its fields change their meaning
LONGEST = 3000
LINE = 200
LINKS = 10


def item_form(
    turn: Turn,
    kind: Kind,
    map_id: str,
    known: dict[str, Any],
    *,
    item: Item | None = None,
    note: Text | None = None,
    about: dict[str, str] | None = None,
) -> Form:
    """The form of an item of that kind, with what is known already filled in."""
    title = word("form edit", ref=ref(item.kind, item.number)) if item else word(f"form log {kind}")
    seen, carried = told(turn, map_id) if item is None else ([], {"item": item.id})
    fields: list[Field | Note] = [*([Note(note)] if note else []), *seen, _stage_field(turn, map_id, known)]
    fields += [text_field(kind, known), *_FIELDS_OF[kind](turn, map_id, known)]
    fields.append(line_field("touchpoint", "field touchpoint", known, hint=word("hint touchpoint")))
    if kind is not Kind.QUOTE:
        fields += speaker_fields(known, "field heard")
    fields.append(link_field(known))
    return Form(
        title=title,
        action="item.save" if item else "log.form",
        submit=word("save" if item else "log"),
        fields=tuple(fields),
        token=turn.store.new_id(),
        about={"kind": kind.value, "map": map_id} | carried | (about or {}),
        version=VERSION,
    )


class Checked(NamedTuple):
    """What a submitted item form says: the item's columns, the items it is tied to, and its links."""

    columns: dict[str, Any]
    answers: list[Item]
    evidence: list[Item]
    links: list[str]

    @property
    def ties(self) -> dict[str, list[str]]:
        """The ties by what people call them, as the history keeps them; nothing where there are none."""
        ties = {
            "answers": sorted_refs(self.answers),
            "evidence": sorted_refs(self.evidence),
            "link": self.links,
        }
        return {name: tied for name, tied in ties.items() if tied}


def checked_item(turn: Turn, kind: Kind, map_id: str) -> Checked:
    """What a submitted item form says; raises FieldErrors with a sentence for each wrong field."""
    values, wrong = turn.request.values, dict[str, str]()
    columns: dict[str, Any] = {}
    stage_id = _one(values, "stage")
    if stage_id not in {stage.id for stage in turn.store.maps.stage_names(map_id)}:
        wrong["stage"] = word("error stage gone")
    columns["stage_id"] = stage_id
    columns["text"] = _words(values, "text", wrong)
    columns["touchpoint"] = _line(values, "touchpoint")
    if kind is Kind.PAIN:
        severity = _one(values, "severity")
        columns["severity"] = severity if severity in set(Severity) else USUAL_SEVERITY
        columns["reach"] = _number(values, "reach", wrong, 0, None)
        columns["reach_source"] = _line(values, "reach_source")
        personas = {persona.id for persona in turn.store.maps.personas(map_id)}
        columns["persona_id"] = _one(values, "persona") if _one(values, "persona") in personas else None
    if kind is Kind.IDEA:
        _check_idea(turn, map_id, columns, wrong)
    for name, column in (("speaker", "speaker"), ("account", "speaker_account"), ("role", "speaker_role")):
        columns[column] = _line(values, name)
    if kind is Kind.QUOTE:
        sentiment = _one(values, "sentiment")
        columns["sentiment"] = int(sentiment) if sentiment in {"-2", "-1", "0", "1", "2"} else None
    answers = referred(turn, "answers", map_id, (Kind.PAIN,), wrong) if kind is Kind.IDEA else []
    both = (Kind.PAIN, Kind.IDEA)
    evidence = referred(turn, "evidence", map_id, both, wrong) if kind is Kind.QUOTE else []
    links = list(dict.fromkeys(_one(values, "link").split()))
    if not all(link.startswith(("https://", "http://")) for link in links) or len(links) > LINKS:
        wrong["link"] = word("error url", n=LINKS)
    if wrong:
        raise FieldErrors(wrong)
    return Checked(columns, answers, evidence, links)


def sorted_refs(items: list[Item]) -> list[str]:
    """Items as people call them: pains, then ideas, by number."""
    return [
        ref(item.kind, item.number)
        for item in sorted(items, key=lambda item: (item.kind != Kind.PAIN, item.number))
    ]


def referred(
    turn: Turn, field: str, map_id: str, kinds: tuple[Kind, ...], wrong: dict[str, str]
) -> list[Item]:
    """The living items that a field names by their numbers, each once."""
    items: dict[str, Item] = {}
    missing = []
    for typed in _one(turn.request.values, field).replace(",", " ").split():
        named = parse_item_ref(typed)
        item = numbered(turn, map_id, named) if named else None
        if item is not None and item.root_id is not None:
            item = turn.store.items.get(item.root_id)
        if item is None or item.removed_at is not None or item.kind not in kinds:
            missing.append(typed)
        else:
            items[item.id] = item
    if missing:
        wrong[field] = word(f"error {field}", refs=short(", ".join(missing)))
    return list(items.values())


def typed_so_far(turn: Turn) -> dict[str, Any]:
    """What a submitted form held, unchecked, to fill a newer form with."""
    names = {
        "stage": "stage_id",
        "persona": "persona_id",
        "account": "speaker_account",
        "role": "speaker_role",
        "due": "due_on",
    }
    return {names.get(name, name): value for name, value in turn.request.values.items() if value}


def options(pairs: list[tuple[str, str]]) -> tuple[Option, ...]:
    """Choices of a menu from values and labels."""
    return tuple(Option(label, value) for value, label in pairs)


def stage_options(turn: Turn, map_id: str) -> tuple[Option, ...]:
    """The stages of a map in their order."""
    return options([(stage.id, stage.name) for stage in turn.store.maps.stage_names(map_id)])


def text_field(what: str, known: dict[str, Any]) -> Field:
    """The words of an item of that kind, or of a message."""
    return Field(
        name="text",
        label=word(f"field {what}"),
        kind="words",
        value=str(known.get("text") or "")[:LONGEST],
        hint=word(f"hint {what}"),
        longest=LONGEST,
    )


def line_field(name: str, label: str, known: dict[str, Any], *, column: str = "", hint: str = "") -> Field:
    """A line that may stay empty."""
    value = _text(known, column or name)[:LINE]
    return Field(name=name, label=word(label), value=value, optional=True, hint=hint, longest=LINE)


def speaker_fields(known: dict[str, Any], label: str) -> list[Field | Note]:
    """Who said it: name, account, role, each of which may stay empty."""
    return [
        line_field("speaker", label, known),
        line_field("account", "field account", known, column="speaker_account"),
        line_field("role", "field role", known, column="speaker_role"),
    ]


def link_field(known: dict[str, Any]) -> Field:
    """Links, a line each."""
    return Field(
        name="link",
        label=word("field link"),
        kind="words",
        value=_text(known, "link")[:LONGEST],
        optional=True,
        hint=word("hint link"),
        longest=LONGEST,
    )


def _stage_field(turn: Turn, map_id: str, known: dict[str, Any]) -> Field:
    choices = stage_options(turn, map_id)
    chosen = known.get("stage_id", "")
    value = chosen if chosen in {option.value for option in choices} else ""
    return Field(name="stage", label=word("field stage"), kind="choice", options=choices, value=value)


def _pain_fields(turn: Turn, map_id: str, known: dict[str, Any]) -> list[Field | Note]:
    personas = [(persona.id, persona.name) for persona in turn.store.maps.personas(map_id)]
    fields: list[Field | Note] = [
        Field(
            name="severity",
            label=word("field severity"),
            kind="choice",
            options=options([(s, word(f"severity {s}")) for s in reversed(Severity)]),
            value=known.get("severity") or USUAL_SEVERITY,
        ),
        Field(
            name="reach",
            label=word("field reach"),
            kind="number",
            value=_text(known, "reach"),
            optional=True,
            hint=word("hint reach"),
            least=0,
        ),
        line_field("reach_source", "field reach source", known),
    ]
    if personas:
        chosen = known.get("persona_id") or ""
        fields.append(
            Field(
                name="persona",
                label=word("field persona"),
                kind="choice",
                options=options(personas),
                value=chosen if chosen in dict(personas) else "",
                optional=True,
            )
        )
    return fields


def _idea_fields(turn: Turn, map_id: str, known: dict[str, Any]) -> list[Field | Note]:
    return [
        line_field("answers", "field answers", known, hint=word("hint answers")),
        scale_field("value", known),
        scale_field("effort", known),
        Field(
            name="status",
            label=word("field status"),
            kind="choice",
            options=options([(status, word(f"status {status}")) for status in IDEA_STATUSES]),
            value=known.get("status") or Status.NEW.value,
        ),
        line_field("reason", "field reason", known),
        Field(
            name="owner",
            label=word("field owner"),
            kind="person",
            value=known.get("owner") or "",
            optional=True,
        ),
        Field(name="due", label=word("field due"), kind="date", value=_text(known, "due_on"), optional=True),
    ]


def _quote_fields(turn: Turn, map_id: str, known: dict[str, Any]) -> list[Field | Note]:
    sentiments = [(str(n), word(f"sentiment {n}")) for n in (2, 1, 0, -1, -2)]
    return [
        *speaker_fields(known, "field speaker"),
        Field(
            name="sentiment",
            label=word("field sentiment"),
            kind="choice",
            options=options(sentiments),
            value=_text(known, "sentiment"),
            optional=True,
        ),
        line_field("evidence", "field evidence", known, hint=word("hint answers")),
    ]


def _gain_fields(turn: Turn, map_id: str, known: dict[str, Any]) -> list[Field | Note]:
    return []


_FIELDS_OF = {
    Kind.PAIN: _pain_fields,
    Kind.IDEA: _idea_fields,
    Kind.QUOTE: _quote_fields,
    Kind.GAIN: _gain_fields,
}


def scale_field(name: str, known: dict[str, Any]) -> Field:
    """A number from 1 to 5."""
    return Field(
        name=name,
        label=word(f"field {name}"),
        kind="number",
        value=_text(known, name),
        optional=True,
        least=1,
        most=5,
    )


def _check_idea(turn: Turn, map_id: str, columns: dict[str, Any], wrong: dict[str, str]) -> None:
    values = turn.request.values
    columns |= {name: rated(turn, name, wrong) for name in ("value", "effort")}
    status = _one(values, "status")
    columns["status"] = status if status in IDEA_STATUSES else Status.NEW.value
    columns["reason"] = _line(values, "reason")
    if columns["status"] == Status.DECLINED and not columns["reason"]:
        wrong["reason"] = word("error reason")
    columns |= {"owner_id": owner_id(turn, map_id, wrong), "due_on": due_on(turn, wrong)}


def rated(turn: Turn, name: str, wrong: dict[str, str]) -> int | None:
    """A value or an effort that a form says, from 1 to 5."""
    return _number(turn.request.values, name, wrong, 1, 5)


def owner_id(turn: Turn, map_id: str, wrong: dict[str, str]) -> str | None:
    """The person whom a form gives something on that map to, if anybody."""
    owner = _one(turn.request.values, "owner")
    account = turn.store.people.by_external(turn.workspace_id, owner) if owner else None
    if owner and account is None:
        wrong["owner"] = word("error person")
    elif account is not None and (hidden := hidden_from(turn.store, map_id, account.person_id)):
        wrong["owner"] = hidden
    return account.person_id if account else None


def due_on(turn: Turn, wrong: dict[str, str]) -> date | None:
    """The day until which a form wants something, if any."""
    due = _one(turn.request.values, "due")
    try:
        return date.fromisoformat(due) if due else None
    except ValueError:
        wrong["due"] = word("error date")
        return None


def _one(values: Any, name: str) -> str:
    value: Value = values.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


def _text(known: dict[str, Any], name: str) -> str:
    value = known.get(name)
    return "" if value is None else str(value)


def _line(values: Any, name: str) -> str | None:
    return _one(values, name).strip()[:LINE] or None


def _words(values: Any, name: str, wrong: dict[str, str]) -> str:
    words = _one(values, name).strip()
    if blank(words):
        wrong[name] = word("error empty")
    elif len(words) > LONGEST:
        wrong[name] = word("error long", n=LONGEST, typed=len(words))
    return words


def _number(values: Any, name: str, wrong: dict[str, str], least: int, most: int | None) -> int | None:
    typed = _one(values, name).strip()
    if not typed:
        return None
    # At most nine digits: what is longer is no estimate, and no column holds it.
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        wrong[name] = word("error count") if most is None else word("error number", least=least, most=most)
        return None
    number = int(typed)
    if number < least or (most is not None and number > most):
        wrong[name] = word("error number", least=least, most=most or 999_999_999)
    return number
