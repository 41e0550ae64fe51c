"""The questions themselves, in private: one message for all that a person is asked at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers.answers import Button, Buttons, Card, Line, Part, Quiet, Words
from handlers.cards import ago
from handlers.kinds import Kind, mark, ref
from handlers.text import Text, UserText, plain, theirs
from handlers.words import say, word
from storage.store import Store

TRUE, CHANGED, FIXED, PASS = "true", "changed", "fixed", "pass"
GONE, BACK = "gone", "back"  # of what was marked as fixed
STANDS = (TRUE, CHANGED)  # it is there, perhaps in other words
OPEN_FOR = timedelta(days=90)  # what was asked earlier waits for nobody


def bundle_card(store: Store, person_id: str, bundle: str, now: datetime) -> Card | None:
    """What one message asks, with what was answered already; none where there is nothing left of it."""
    rows = store.asking.of_bundle(person_id, bundle)
    return questions_card(rows, person_id, now, bundle) if rows else None


def questions_card(rows: Sequence[Any], person_id: str, now: datetime, bundle: str) -> Card:
    """The questions about these items, those that are answered in a line each."""
    parts: list[Part] = []
    for row in rows:
        parts += _question(row, person_id, now, bundle)
    waits = [row for row in rows if _waits(row)]
    if waits:
        parts.append(Quiet(say("check pause")))
    first = (waits or rows)[0]
    summary = plain(_asks(first, person_id, now)) if waits else plain(_answered(first))
    return Card(tuple(parts), f"{summary} {first.text}"[:200])


def answer_buttons(item: Any, where: str) -> Buttons:
    """The four answers; `where` names the private message that a click replaces, if it is one."""
    value = f"{item.id} {where}".strip()
    return Buttons(
        (
            Button(word("check true"), "check.true", value, style="primary"),
            Button(word("check changed"), "check.changed", item.id),
            Button(word("check fixed" if item.kind != Kind.GAIN else "check gone"), "check.fixed", value),
            Button(word("check pass"), "check.pass", value),
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
