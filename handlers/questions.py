"""The questions themselves, in private: one message for all that a person is asked at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers.answers import Button, Buttons, Card, Line, Part, Quiet, Rule, Words
from handlers.cards import ago
from handlers.kinds import Kind, mark, ref
from handlers.text import Text, UserText, plain, theirs
from handlers.words import say, word
from storage.store import Store

TRUE, CHANGED, FIXED, PASS = "true", "changed", "fixed", "pass"
GONE, BACK = "gone", "back"  # of what was marked as fixed
STANDS = (TRUE, CHANGED)  # it is there, perhaps in other words
OPEN_FOR = timedelta(days=90)  # what was asked earlier waits for nobody
PULSE_FOR = timedelta(days=7)
IN_PRIVATE = "me"  # asked in private, by a card's menu or the Home tab
MOST = 8


def bundle_card(store: Store, person_id: str, bundle: str, now: datetime) -> Card | None:
    """What one message asks, with what was answered already; none where there is nothing left of it."""
    rows, pulses = store.asking.of_bundle(person_id, bundle), store.pulses.of_bundle(person_id, bundle)
    return _card(rows, pulses, person_id, now, bundle)


def open_card(store: Store, person_id: str, now: datetime) -> Card | None:
    """Everything that waits for the person's word; none where nothing does."""
    rows = store.asking.open(person_id, now - OPEN_FOR, now)[:MOST]
    pulses = store.pulses.open(person_id, now - PULSE_FOR, now)[:MOST]
    return _card(rows, pulses, person_id, now, IN_PRIVATE)


def waiting(store: Store, person_id: str, now: datetime) -> int:
    """How many questions wait for the person's word."""
    rows = store.asking.open(person_id, now - OPEN_FOR, now)
    return len(rows) + len(store.pulses.open(person_id, now - PULSE_FOR, now))


def rest_of(store: Store, person_id: str, where: str, now: datetime) -> list[Part]:
    """What else the message asks in which something was just answered, after a line."""
    if where == IN_PRIVATE:
        card = open_card(store, person_id, now)
    else:
        rows, pulses = store.asking.of_bundle(person_id, where), store.pulses.of_bundle(person_id, where)
        card = _card(rows, pulses, person_id, now, where) if len(rows) + len(pulses) > 1 else None
    return [Rule(), *card.parts] if card is not None else []


def _card(
    rows: Sequence[Any], pulses: Sequence[Any], person_id: str, now: datetime, bundle: str
) -> Card | None:
    parts: list[Part] = []
    sentences: list[str] = []
    for row in rows:
        parts += _question(row, person_id, now, bundle)
        sentences += [f"{plain(_asks(row, person_id, now))} {row.text}"] if _waits(row) else []
    for pulse in pulses:
        parts += _pulse(pulse, bundle)
        asks = pulse.answer is None
        sentences += [plain(say("pulse question", stage=UserText(pulse.name)))] if asks else []
    if sentences:
        parts.append(Quiet(say("check pause")))
    return Card(tuple(parts), (sentences or [plain(say("check none"))])[0][:200]) if parts else None


def pulse_buttons(stage_id: str, where: str) -> Buttons:
    """One click from -2 to +2."""
    return Buttons(
        tuple(
            Button(word(f"pulse {value}"), "pulse.set", f"{stage_id} {value} {where}")
            for value in range(-2, 3)
        )
    )


def _pulse(row: Any, where: str) -> list[Part]:
    if row.answer is not None:
        return [Line(say("pulse said", stage=UserText(row.name)))]
    return [Line(say("pulse question", stage=UserText(row.name))), pulse_buttons(row.subject_id, where)]


def answer_buttons(item: Any, where: str) -> Buttons:
    """The four answers; `where` names the private message that a click replaces, if it is one."""
    value = f"{item.id} {where}".strip()
    # Where everybody reads along, nobody is asked in person.
    not_mine = (Button(word("check pass"), "check.pass", value),) if where else ()
    return Buttons(
        (
            Button(word("check true"), "check.true", value, style="primary"),
            Button(word("check changed"), "check.changed", item.id),
            Button(word("check fixed" if item.kind != Kind.GAIN else "check gone"), "check.fixed", value),
            *not_mine,
        )
    )


def _waits(row: Any) -> bool:
    return row.answer is None and row.round == row.asked_round


def _question(row: Any, person_id: str, now: datetime, bundle: str) -> list[Part]:
    if not _waits(row):
        return [Line(_answered(row))]
    quoted = row.kind == Kind.QUOTE
    buttons = answer_buttons(row, bundle) if row.resolved_at is None else _watch_buttons(row, bundle)
    return [Line(_asks(row, person_id, now)), Words(theirs(row.text), quoted=quoted), buttons]


def _watch_buttons(row: Any, where: str) -> Buttons:
    idea = row.kind == Kind.IDEA
    value = f"{row.id} {where}"
    return Buttons(
        (
            Button(word("watch works" if idea else "watch gone"), "check.gone", value, style="primary"),
            Button(word("watch fails" if idea else "watch back"), "check.back", value),
        )
    )


def _asks(row: Any, person_id: str, now: datetime) -> Text:
    values: dict[str, Any] = {
        "mark": mark(row.kind, row.severity),
        "ref": ref(row.kind, row.number),
        "stage": UserText(row.stage),
        "when": ago(row.confirmed_at or row.created_at, now),
    }
    if row.resolved_at is not None:
        values["when"] = ago(row.resolved_at, now)
        return say("watch shipped" if row.kind == Kind.IDEA else "watch fixed", **values)
    if row.confirmed_at is not None:
        return say("check confirmed then", **values)
    return say("check you told" if row.author_id == person_id else "check somebody told", **values)


def _answered(row: Any) -> Text:
    """What became of a question."""
    named = ref(row.kind, row.number)
    if row.answer in (TRUE, CHANGED, FIXED, PASS, GONE, BACK):
        return say(f"check said {row.answer}", ref=named)
    return say("check settled without", ref=named)
