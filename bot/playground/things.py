"""The things of a workspace: people, channels, messages, views, and what was shown to whom."""

from dataclasses import dataclass, field
from typing import Literal

from bot.playground.inputs import State
from bot.playground.schema import Json


@dataclass
class Person:
    """Somebody in the workspace, the bot included."""

    id: str
    name: str
    real_name: str
    tz: str = "UTC"
    admin: bool = False
    owner: bool = False
    guest: bool = False
    bot: bool = False
    deleted: bool = False
    email: str = ""
    title: str = ""
    display: str = ""


@dataclass(eq=False)
class Message:
    """A message as it stands now; one with `only_for` is ephemeral and seen by that person alone."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json]
    thread_ts: str | None = None
    metadata: Json | None = None
    only_for: str | None = None
    by_bot: bool = False
    edited: bool = False
    deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    touched: dict[str, State] = field(default_factory=dict)


@dataclass(eq=False)
class Channel:
    """A conversation with its messages, oldest first."""

    id: str
    name: str
    members: set[str]
    private: bool = False
    im_with: str | None = None
    archived: bool = False
    topic: str = ""
    messages: list[Message] = field(default_factory=list)


@dataclass(eq=False)
class View:
    """A modal or a Home tab as one person sees it now."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    touched: State = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    closed: bool = False

    @property
    def blocks(self) -> list[Json]:
        """The blocks, with the ids that Slack gave them."""
        found: list[Json] = self.content["blocks"]
        return found

    @property
    def callback_id(self) -> str:
        """The name the bot gave the view."""
        return str(self.content.get("callback_id", ""))


Shown = Literal[
    "ephemeral",
    "message",
    "replaced",
    "deleted",
    "opened",
    "pushed",
    "updated",
    "closed",
    "errors",
    "failure",
    "home",
    "options",
]


@dataclass(frozen=True)
class Seen:
    """Something that became visible to one person, and the request that caused it where that is known."""

    what: Shown
    user: str
    message: Message | None = None
    view: View | None = None
    cause: str | None = None
    words: str = ""
