"""What an organisation sets for all its maps: how long a word holds, which reactions are votes, and who may hide."""

import re
from collections.abc import Mapping
from typing import Any

from handlers.access import VOTE_EMOJI
from handlers.answers import Answer, Card, Done, Field, Form, Line, Note, Open, Rows
from handlers.errors import FieldErrors
from handlers.forms import LINE, options
from handlers.half_lives import HALF_LIVES
from handlers.kinds import Kind, Severity
from handlers.text import Text, UserText, plain
from handlers.turn import Turn
from handlers.words import say, word

VERSION = 2
LEAST_DAYS, MOST_DAYS = 7, 730
MOST_EMOJI = 20
ALLOWED, FORBIDDEN = "allowed", "forbidden"
_NAME = re.compile(r"[a-z0-9_+'-]{1,60}")


def edit(turn: Turn) -> Answer:
    """`/journey organisation`, or the button: the form with what is set."""
    return Open(_form(turn, _known(turn)))


def save(turn: Turn) -> Answer:
    """The form was sent."""
    if turn.request.about.get("version") != str(VERSION):
        typed = {name: value for name, value in turn.request.values.items() if value}
        return Open(_form(turn, _known(turn) | typed, note=say("old form")))
    half_lives, emoji, all_open = _checked(turn)
    people = turn.store.people
    before, days = _days(people.settings().half_lives), _days(half_lives)
    people.set_organisation(half_lives=half_lives, vote_emoji=" ".join(emoji), all_open=all_open)
    for what in [one for one in days if days[one] != before[one]]:
        kind, severity = (Kind.PAIN, what) if what in set(Severity) else (Kind(what), Severity.TRIVIAL)
        turn.store.checks.reckon(kind, severity, turn.now)
        turn.store.digests.wake(turn.now)
    rows = [say("organisation holds", what=say(f"organisation {what}"), n=days[what]) for what in HALF_LIVES]
    text = say("organisation saved")
    votes = say("organisation votes", emoji=UserText(" ".join(f":{name}:" for name in emoji)))
    private = [say("organisation open" if all_open else "organisation private")]
    if all_open and (left := people.settings().private_maps):
        private.append(say("organisation private left", n=left))
    return Done(Card((Line(text), Rows(tuple(rows)), Line(votes), *map(Line, private)), plain(text)))


def _form(turn: Turn, known: Mapping[str, Any], note: Text | None = None) -> Form:
    lives = tuple(
        Field(
            name=what,
            label=word("field holds", what=word(f"organisation {what}")),
            kind="number",
            value=known[what],
            least=LEAST_DAYS,
            most=MOST_DAYS,
        )
        for what in HALF_LIVES
    )
    return Form(
        title=word("form organisation"),
        action="organisation.save",
        submit=word("save"),
        fields=(
            *([Note(note)] if note else []),
            Note(say("organisation about")),
            *lives,
            Field(
                name="emoji",
                label=word("field vote emoji"),
                value=known["emoji"],
                hint=word("hint vote emoji"),
                longest=LINE,
            ),
            Field(
                name="private",
                label=word("field private maps"),
                kind="choice",
                value=known["private"],
                options=options([(one, word(f"private maps {one}")) for one in (ALLOWED, FORBIDDEN)]),
                hint=word("hint private maps"),
            ),
        ),
        token=turn.store.new_id(),
        version=VERSION,
    )


def _known(turn: Turn) -> dict[str, Any]:
    kept = turn.store.people.settings()
    days = {str(what): str(days) for what, days in _days(kept.half_lives).items()}
    emoji = " ".join(f":{name}:" for name in kept.vote_emoji.split())
    return days | {"emoji": emoji, "private": FORBIDDEN if kept.all_open else ALLOWED}


def _days(half_lives: str) -> dict[str, int]:
    own = dict(pair.split("=") for pair in half_lives.split())
    return {what: int(own.get(what, days)) for what, days in HALF_LIVES.items()}


def _checked(turn: Turn) -> tuple[str, list[str], bool]:
    """The columns' values; raises FieldErrors."""
    wrong: dict[str, str] = {}
    pairs = []
    for what, usual in HALF_LIVES.items():
        typed = turn.request.value(what).strip()
        days = int(typed) if typed.isdecimal() and len(typed) < 5 else 0
        if not LEAST_DAYS <= days <= MOST_DAYS:
            wrong[what] = word("error days range", least=LEAST_DAYS, most=MOST_DAYS)
        elif days != usual:
            pairs.append(f"{what}={days}")
    typed_emoji = turn.request.value("emoji").replace("::", ": :").lower().split()
    emoji = list(dict.fromkeys(name.strip(":") for name in typed_emoji)) or VOTE_EMOJI.split()
    unknown = [name for name in emoji if not _NAME.fullmatch(name)]
    if unknown:
        wrong["emoji"] = word("error emoji", typed=UserText(unknown[0][:LINE]))
    elif len(emoji) > MOST_EMOJI:
        wrong["emoji"] = word("error many emoji", most=MOST_EMOJI)
    private = turn.request.value("private")
    if private not in (ALLOWED, FORBIDDEN):
        wrong["private"] = word("error choice")
    if wrong:
        raise FieldErrors(wrong)
    return " ".join(pairs), emoji, private == FORBIDDEN
