"""One request to the bot, kept byte for byte, and everything that came of it."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.playground.reading import plain
from bot.playground.schema import Json
from bot.playground.things import Message, Seen, View

What = Literal[
    "command",
    "block_actions",
    "view_submission",
    "view_closed",
    "message_action",
    "shortcut",
    "block_suggestion",
    "event",
]


@dataclass(frozen=True)
class Request:
    """A request as it goes over the wire; `cause` is what everything it leads to is known by."""

    what: What
    name: str
    user: str
    channel: str
    cause: str
    payload: Json
    body: bytes
    headers: dict[str, str]
    view: View | None = None


@dataclass(eq=False)
class Reply:
    """What the bot answered, and what the person saw because of it, later answers included."""

    request: Request
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: str = ""
    took: float = 0.0
    sent: bool = True
    options: list[Json] = field(default_factory=list)
    attempts: list["Reply"] = field(default_factory=list)
    posted: Message | None = None
    journal: list[Seen] = field(default_factory=list)
    since: int = 0

    @property
    def ok(self) -> bool:
        """Whether the bot answered 200 in time and nobody was told of a failure."""
        return self.status == 200 and self.failure is None

    @property
    def data(self) -> Any:
        """The body read as JSON, None where it is empty."""
        return json.loads(self.body) if self.body else None

    @property
    def seen(self) -> list[Seen]:
        """What the person saw because of it, in order."""
        return [one for one in self.journal[self.since :] if one.cause == self.request.cause]

    def _last(self, *kinds: str) -> Seen | None:
        return next((one for one in reversed(self.seen) if one.what in kinds), None)

    @property
    def ephemeral(self) -> Message | None:
        """The last message that only this person sees."""
        return next(
            (one.message for one in reversed(self.seen) if one.message and one.message.only_for), None
        )

    @property
    def message(self) -> Message | None:
        """The last message it put into the conversation, or the one that the person wrote."""
        found = self._last("message")
        return found.message if found else self.posted

    @property
    def view(self) -> View | None:
        """The last view that was opened, pushed or changed."""
        found = self._last("opened", "pushed", "updated", "home")
        return found.view if found else None

    @property
    def errors(self) -> dict[str, str]:
        """What stands beside the fields of the form, by block_id."""
        found = self._last("errors")
        return dict(found.view.errors) if found and found.view else {}

    @property
    def closed(self) -> bool:
        """Whether a form was closed."""
        return self._last("closed") is not None

    @property
    def opened(self) -> bool:
        """Whether a form was opened."""
        return self._last("opened") is not None

    @property
    def pushed(self) -> bool:
        """Whether a form was put on top of another."""
        return self._last("pushed") is not None

    @property
    def updated(self) -> bool:
        """Whether a form changed in place."""
        return self._last("updated") is not None

    @property
    def failure(self) -> str | None:
        """What Slack itself told the person, such as `/pain failed with the error "dispatch_failed"`."""
        found = self._last("failure")
        return found.words if found else None

    @property
    def text(self) -> str:
        """All the person read because of it, as plain text."""
        parts = (plain(one.message or one.view) or one.words for one in self.seen if one.what != "closed")
        return "\n".join(part for part in parts if part)
