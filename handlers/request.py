"""What a door hands in: one thing that one person wants, in one place, with the key that makes it count once."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

Value: TypeAlias = str | tuple[str, ...]


class Profile(msgspec.Struct, frozen=True):
    """What the platform knows of a person; `known` is false where it could not be asked in time."""

    name: str
    zone: str | None = None
    admin: bool = False
    guest: bool = False
    known: bool = True


class PlaceFacts(msgspec.Struct, frozen=True):
    """What the platform knows of a channel."""

    name: str
    private: bool


class Reactions(msgspec.Struct, frozen=True):
    """Who reacted to a message, by raw emoji; of an emoji in `cut` only some of the people are named."""

    people: Mapping[str, tuple[str, ...]]
    cut: frozenset[str] = frozenset()


class Crowd(msgspec.Struct, frozen=True):
    """Who is in a channel, by the platform's own ids; `whole` where all of them were named."""

    users: tuple[str, ...]
    whole: bool = True


class Heard(msgspec.Struct, frozen=True):
    """What the platform tells of a message: its words, its address, its author's id; nothing where not `found`."""

    text: str = ""
    link: str = ""
    author: str = ""
    found: bool = True


class Actor(msgspec.Struct, frozen=True):
    """Who asks: platform, its workspace and its user, by the platform's own ids; no user where it says so itself."""

    platform: str
    workspace: str
    user: str
    name: str = ""


class Spot(msgspec.Struct, frozen=True):
    """Where it is asked: a channel by the platform's own id; `name` is empty where the payload has none."""

    channel: str
    name: str = ""
    direct: bool = False
    private: bool | None = None


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `values` are a form's fields or a click's value; `about` is what the form carried unseen.

    What the door fetched comes with it: the `profile` of who asks, the `place`, the name of a message's `author`,
    a message that was `heard`.
    """

    actor: Actor
    spot: Spot | None
    action: str
    key: str
    surface: Literal["command", "click", "form", "event"]
    text: str = ""
    values: Mapping[str, Value] = msgspec.field(default_factory=dict)
    about: Mapping[str, str] = msgspec.field(default_factory=dict)
    message: str = ""
    profile: Profile | None = None
    place: PlaceFacts | None = None
    author: str | None = None
    heard: Heard | None = None
    said_later: bool = False  # the chat takes no answer: of what was written the person is told by the queue

    def value(self, name: str = "value") -> str:
        """The one value of that name; empty if it was not given."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else " ".join(value)
