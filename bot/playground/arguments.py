"""What a call of the Web API says, and the answer that refuses it."""

import json
from typing import Any

from bot.playground.schema import Json


class ApiError(Exception):
    """The call is refused: the error's name, the messages beside it, and whatever else the answer holds."""

    def __init__(self, error: str, messages: list[str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error, self.messages, self.more = error, messages or [], more

    def answer(self) -> Json:
        """The body of the refusal."""
        body: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


class Args:
    """The arguments of one call, form-encoded or JSON."""

    def __init__(self, given: Json) -> None:
        self.given = given

    def text(self, name: str) -> str:
        """A needed string."""
        value = self.given.get(name)
        if value is None or value == "":
            raise ApiError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return str(value)

    def maybe(self, name: str) -> str | None:
        """A string that may be missing."""
        value = self.given.get(name)
        return None if value is None or value == "" else str(value)

    def flag(self, name: str) -> bool:
        """A boolean, false where it is missing."""
        return self.given.get(name) in (True, "true", "True", "1", 1)

    def structure(self, name: str, error: str) -> Any:
        """A JSON value, plain or encoded as a string; ApiError(error) when it cannot be read."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(error) from None
