"""What a handler can say: a small closed set of frozen values that every platform renders.

A part or an answer that a renderer forgets fails the type checker there (`assert_never`).
"""

from typing import Literal

import msgspec

from handlers.text import Text

# --- parts of a card -----------------------------------------------------------------------------------------


class Button(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """One click, one action; what it sets, it sets: clicked twice it does nothing twice."""

    label: str
    action: str
    value: str = ""
    style: Literal["plain", "primary", "danger"] = "plain"
    confirm: str = ""


class Option(msgspec.Struct, frozen=True, tag=True):
    """One choice; `label` may be people's words."""

    label: str
    value: str


class Menu(msgspec.Struct, frozen=True, tag=True):
    """A choice out of many that acts at once."""

    label: str
    action: str
    options: tuple[Option, ...]


class More(msgspec.Struct, frozen=True, tag=True):
    """The quiet menu at the end of a card: each option's value is `action value`."""

    options: tuple[Option, ...]


class Title(msgspec.Struct, frozen=True, tag=True):
    """The line on top, heavier than the rest."""

    text: Text


class Words(msgspec.Struct, frozen=True, tag=True):
    """What the card is about, the largest; `quoted` for somebody's verbatim words."""

    text: Text
    quoted: bool = False


class Line(msgspec.Struct, frozen=True, tag=True):
    """An ordinary line."""

    text: Text


class Quiet(msgspec.Struct, frozen=True, tag=True):
    """A small line of facts."""

    text: Text


class Rows(msgspec.Struct, frozen=True, tag=True):
    """A list, one row each."""

    rows: tuple[Text, ...]


class Mention(msgspec.Struct, frozen=True, tag=True):
    """Somebody who is called to the message: the only part that wakes a person. `user` is the platform's own id."""

    user: str
    name: str


class Rule(msgspec.Struct, frozen=True, tag=True):
    """A hairline."""


class Buttons(msgspec.Struct, frozen=True, tag=True):
    """What can be done next: at most three buttons and a menu."""

    items: tuple[Button | Menu | More, ...]


Part = Title | Words | Line | Quiet | Rows | Mention | Rule | Buttons


class Card(msgspec.Struct, frozen=True, tag=True):
    """A message: its parts from top to bottom, and the sentence that a notification shows."""

    parts: tuple[Part, ...]
    summary: str


# --- forms ---------------------------------------------------------------------------------------------------


class Field(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """One input; an empty string or tuple is no value."""

    name: str
    label: str
    kind: Literal[
        "line", "words", "number", "date", "time", "choice", "choices", "person", "people", "mark"
    ] = "line"
    value: str | tuple[str, ...] = ""
    options: tuple[Option, ...] = ()
    optional: bool = False
    hint: str = ""
    placeholder: str = ""
    longest: int = 3000
    least: int | None = None
    most: int | None = None


class Note(msgspec.Struct, frozen=True, tag=True):
    """A sentence between the inputs."""

    text: Text


class Form(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Inputs to be filled in. `token` makes its submission count once; `about` comes back with it, unseen."""

    title: str
    action: str
    submit: str
    fields: tuple[Field | Note, ...]
    token: str
    about: dict[str, str] = {}
    version: int = 1


# --- answers: exactly one per request ------------------------------------------------------------------------


class Silent(msgspec.Struct, frozen=True, tag=True):
    """Nothing to say."""


class Tell(msgspec.Struct, frozen=True, tag=True):
    """A private card for the person who asked."""

    card: Card


class Replace(msgspec.Struct, frozen=True, tag=True):
    """The private card that was clicked becomes this one."""

    card: Card


class Open(msgspec.Struct, frozen=True, tag=True):
    """A form for the person who asked; `again` is the click, `action value`, that opens it where this did not."""

    form: Form
    again: str = ""


class Errors(msgspec.Struct, frozen=True, tag=True):
    """The form stays open with a sentence at each field that is wrong, by its name."""

    fields: dict[str, str]


class Done(msgspec.Struct, frozen=True, tag=True):
    """The form closes with this card in its place."""

    card: Card


Answer = Silent | Tell | Replace | Open | Errors | Done


def in_its_place(answer: Answer) -> Answer:
    """The same where a private card was clicked: that makes place for it."""
    return Replace(answer.card) if isinstance(answer, Tell | Done) else answer


class Need(msgspec.Struct, frozen=True):
    """A fact that no payload carries: dispatch rolls back, the door fetches it once and asks again."""

    what: Literal["profile", "place", "author", "heard"]
    of: str = ""  # whose or which, by the platform's own ids: a person, or `channel message`


def stored(answer: Answer) -> str:
    """The answer as JSON, to be remembered with its request."""
    return _encoder.encode(answer).decode()


def remembered(stored_answer: str) -> Answer:
    """The answer that was stored."""
    return _decoder.decode(stored_answer)


def frozen(card: Card) -> str:
    """A card as JSON: the digest is kept as it was."""
    return _encoder.encode(card).decode()


def thawed(frozen_card: str) -> Card:
    """The card that was frozen."""
    return _card_decoder.decode(frozen_card)


_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)
_card_decoder = msgspec.json.Decoder(Card)
