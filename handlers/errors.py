"""How a handler says no: by raising, in the words that the person will read."""

from typing import Literal

from handlers.answers import Button, Menu
from handlers.text import Text


class Refusal(Exception):
    """Not done, and why, and what to do next. What was typed is kept as a draft when the request carried words."""

    def __init__(
        self, text: Text, *, buttons: tuple[Button | Menu, ...] = (), keeps_words: bool = False
    ) -> None:
        super().__init__("".join(run.text for run in text))
        self.text = text
        self.buttons = buttons
        self.keeps_words = keeps_words


class FieldErrors(Exception):
    """A form's fields are not right; each sentence stands at its field."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class Missing(Exception):
    """A fact is needed that the payload does not carry."""

    def __init__(self, what: Literal["profile", "place", "author", "heard"], of: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.of = of
