"""Our own words: what the code asks for is in the catalogue, what is there is asked for, and all is fit to be read."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.teams_package import COMMANDS
from handlers.cards import quadrant
from handlers.chronicle import FIELDS, PLAIN
from handlers.difference import SORTS
from handlers.english import SUBJECTS
from handlers.half_lives import HALF_LIVES
from handlers.home import HELP
from handlers.kinds import IDEA_STATUSES, MAP_KINDS, Kind, Noise, Role, Severity, Trust
from handlers.map_form import LABELS as FIELDS_OF_A_MAP
from handlers.organisation import ALLOWED, FORBIDDEN
from handlers.privacy import EVERYBODY, MEMBERS
from handlers.schedule_form import INCLUDES
from handlers.stage_form import LABELS as FIELDS_OF_A_STAGE
from handlers.stages import PARTS
from handlers.templates import TEMPLATES
from handlers.text import Run, UserText, plain
from handlers.words import CATALOGUES, say, word

ROOT = Path(__file__).parents[1]
ENGLISH = CATALOGUES["en"]
SLOT = re.compile(r"\{(\w+)\}")

NUMBERS = [str(n) for n in range(-2, 13)]
# What fills the holes of the keys that are put together.
FILLED: Mapping[str, Iterable[str]] = {
    "status {}": [*(status.value for status in IDEA_STATUSES), "resolved", "open"],
    "form item {}": ["owner", "status", "stage", "kind", "worth", "link"],
    "do {}": ["status", "worth", "link", "owner", "merge", "stage", "kind", "remove", "resolve", "reopen"],
    "did {}": PLAIN,
    "did with {}": ["merged", "unmerged", "absorbed", "released"],
    "history {}": list(FIELDS.values()),
    "matrix {}": ["quick win", "big bet", "maybe", "time sink"],
    "matrix about {}": ["quick win", "big bet", "maybe", "time sink"],
    "month {}": NUMBERS[3:],
    "weekday {}": NUMBERS[2:9],
    "pulse {}": ["-2", "-1", "0", "1", "2"],
    "check said {}": ["true", "changed", "fixed", "pass", "gone", "back"],
    "closed {}": ["fixed yours", "fixed voted", "shipped yours", "shipped voted"],
    "digest {}": SORTS,
    "digest {} head": SORTS,
    "part {}": list(PARTS),
    "noise {}": list(Noise),
    "seen {}": [EVERYBODY, MEMBERS],
    "private maps {}": [ALLOWED, FORBIDDEN],
    "organisation {}": list(HALF_LIVES),
    "includes {}": INCLUDES,
    "who {}s": [role.value for role in Role if role is not Role.VIEWER],
    "form log {}": list(Kind),
    "field {}": [*Kind, "message", "value", "effort"],
    "hint {}": [*Kind, "message"],
    "kind pain {}": list(Severity),
    "error {}": ["answers", "evidence", "numbers"],
    "severity {}": list(Severity),
    "sentiment {}": NUMBERS[:5],
    "help {}": list(HELP),
    "{}s": list(Kind),
    "teams command {}": list(COMMANDS),
    "place {}": ["not in channel", "not installed", "archived", "gone"],
    "why {}": ["not in channel", "not installed", "archived", "gone"],
}
# Keys that a variable chooses, by the words in the code; most of them are written out beside it.
CHOSEN: Mapping[str, Iterable[str]] = {
    "quadrant(item.value, item.effort)": {quadrant(v, e) for v in (1, 5) for e in (1, 5)},
    "item.severity or 'trivial'": set(Severity),
    "trusted": set(Trust),
    "journey.kind": set(MAP_KINDS),
    "kind": set(MAP_KINDS),
    "LABELS[name]": {*FIELDS_OF_A_MAP.values(), *FIELDS_OF_A_STAGE.values()},
    "value": set(MAP_KINDS),
    "what": {"stage goal", "stage touchpoints", "stage actions", "stage thoughts"},
    "key": {"unknown stage", "unknown stage plain"},
    "by_age or 'most wanted first'": {"latest first", "newest first", "most wanted first"},
    "key_said": {"list which person", "list no person"},
    "query.severity": set(Severity),
    "query.trust": set(Trust),
    "query.kind": set(Kind),
    "kind.value": set(Kind),
    "root.kind": set(Kind),
    "heading": {"matrix group", "matrix group empty"},
    "done": {"resolved done", "shipped done"},
    "label": set(),  # of a field: its callers say it, see LABELS
}
LABELS = re.compile(r'(?:line_field|speaker_fields)\("?\w+"?, "([\w ]+)"')


class Use(NamedTuple):
    """One place in the code that asks for words."""

    where: str
    keys: set[str]
    given: set[str]
    more: bool


def uses() -> Iterator[Use]:
    for path in sorted(
        path for room in ("handlers", "bot", "scheduler") for path in (ROOT / room).rglob("*.py")
    ):
        if path.name == "words.py" or path.parent.name == "english":
            continue
        source = path.read_text(encoding="utf-8")
        for label in LABELS.findall(source):
            yield Use(f"{path.name}: {label}", {label}, set(), more=False)
        for node in ast.walk(ast.parse(source)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("say", "word")
            ):
                given = {keyword.arg for keyword in node.keywords if keyword.arg}
                where = f"{path.name}:{node.lineno}"
                more = any(keyword.arg is None for keyword in node.keywords)
                yield Use(where, set(keys_of(node.args[0])), given, more)


def keys_of(asked: ast.expr) -> Iterator[str]:
    """The keys that an expression may come to; fails for one that nobody can tell."""
    match asked:
        case ast.Constant(str(key)):
            yield key
        case ast.IfExp(body=body, orelse=other):
            yield from keys_of(body)
            yield from keys_of(other)
        case ast.JoinedStr(parts):
            pattern = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
            yield from (pattern.format(value) for value in FILLED[pattern])
        case _:
            yield from CHOSEN[ast.unparse(asked)]


def slots(key: str) -> set[str]:
    phrase = ENGLISH[key]
    forms = [phrase] if isinstance(phrase, str) else list(phrase.values())
    return {name for form in forms for name in SLOT.findall(form)} | (
        set() if isinstance(phrase, str) else {"n"}
    )


ALL = list(uses())


def test_every_phrase_that_is_asked_for_is_there() -> None:
    missing = {key: use.where for use in ALL for key in use.keys if key not in ENGLISH}
    assert missing == {}


def test_every_phrase_is_asked_for_somewhere() -> None:
    unused = ENGLISH.keys() - {key for use in ALL for key in use.keys}
    assert unused == set()


def test_every_phrase_gets_the_values_that_it_shows_and_no_others() -> None:
    missing = {
        use.where: slots(key) - use.given
        for use in ALL
        for key in use.keys
        if slots(key) - use.given and not use.more
    }
    assert missing == {}
    needless = {
        use.where: use.given - set().union(*map(slots, use.keys))
        for use in ALL
        if use.given - set().union(*map(slots, use.keys))
    }
    assert needless == {}


def test_every_language_has_the_same_phrases_with_the_same_values() -> None:
    for catalogue in CATALOGUES.values():
        assert catalogue.keys() == ENGLISH.keys()
        for key, phrase in catalogue.items():
            assert isinstance(phrase, str) == isinstance(ENGLISH[key], str), key
            assert isinstance(phrase, str) or {"one", "other"} <= phrase.keys(), key


@pytest.mark.parametrize("key", ENGLISH)
def test_a_phrase_is_fit_to_be_read(key: str) -> None:
    phrase = ENGLISH[key]
    for words in [phrase] if isinstance(phrase, str) else phrase.values():
        assert words.strip(), "no empty words"
        assert words == words.rstrip(), "no space at the end"
        assert words.count("**") % 2 == 0, "heavy type ends where it began"
        assert "!" not in re.sub(r"!(abandon|workaround|trivial)", "", words), "no exclamation marks"
        assert not re.search(r"(?i)\b(error|invalid|failed|oops|sorry|unfortunately)\b", words), (
            "a colleague, not a system"
        )
        assert not re.search(r'\.\.\.|"|’', words), "… and “ ”, as in print; ' as it is typed"


def test_labels_fit_where_slack_cuts_them() -> None:
    for kind in Kind:
        assert len(word(f"form log {kind}")) <= 24
    for key in ("log", "save", "start", "cancel", "close", "form new"):
        assert len(word(key)) <= 24


def test_one_is_one_and_two_are_more() -> None:
    assert [word("pains", n=n) for n in (0, 1, 2, 1_200)] == ["0 pains", "1 pain", "2 pains", "1,200 pains"]


def test_ours_is_heavy_and_theirs_stays_theirs() -> None:
    said = say("updated", ref="P-1", stage=UserText("**Pay** {ref}"))
    assert said == (
        Run("Saved: "),
        Run("P-1", bold=True),
        Run(" on "),
        Run("**Pay** {ref}", bold=True, theirs=True),
        Run("."),
    )
    assert plain(said) == "Saved: P-1 on **Pay** {ref}."


def test_words_from_right_to_left_turn_nothing_around_them() -> None:
    def row(words: str) -> str:
        values: dict[str, Any] = {"mark": "🔴", "ref": "P-1", "stage": UserText("Pay"), "n": 3}
        return plain(say("list row", words=UserText(words), trust=say("confirmed"), **values))

    assert row("הכרטיס נדחה").startswith("🔴 P-1 Pay · \u2068הכרטיס נדחה\u2069  ▲ 3")
    turned = row("\u202eabc \u2069הכרטיס\u2067")
    assert turned.startswith("🔴 P-1 Pay · \u2068abc הכרטיס\u2069  ▲ 3"), "marks of direction are left out"
    assert row("abc é 日本").startswith("🔴 P-1 Pay · abc é 日本  ▲ 3"), "other words stay as they are"


def test_a_kind_of_map_has_its_words() -> None:
    assert {found.kind for found in TEMPLATES} <= set(MAP_KINDS)


def test_no_phrase_stands_in_two_subjects() -> None:
    keys = [key for subject in SUBJECTS for key in subject.PHRASES]
    assert sorted(set(keys)) == sorted(keys)
