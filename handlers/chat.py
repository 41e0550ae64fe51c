"""The port to a chat platform: what the clock's side may ask of it, and what it may say went wrong."""

from typing import Protocol

from handlers.answers import Card
from handlers.request import Crowd, Heard, PlaceFacts, Profile, Reactions, Spot


class ChatError(Exception):
    """The platform did not do what it was asked."""


class Limited(ChatError):
    """Too much at once: not done, and the method to be left alone for `seconds`."""

    def __init__(self, seconds: float, method: str = "") -> None:
        super().__init__(f"limited for {seconds:g} s")
        self.seconds = seconds
        self.method = method  # where it is known: the word by which it is paced


class Unreachable(ChatError):
    """It did not reach the platform, or the platform says it did nothing: trying again is safe."""


class Unsure(ChatError):
    """Sent, but no answer came: it may have been done."""


class Refused(ChatError):
    """The platform said no, and will again."""


class NotInChannel(Refused):
    """We are not a member of the channel."""


class ChannelGone(Refused):
    """The channel is archived, deleted or closed to us; `why` is a word of the catalogue: archived or gone."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class MessageGone(Refused):
    """The message that was to change does not exist any more."""


class Revoked(Refused):
    """We are no longer installed there."""


class Chat(Protocol):
    """One platform. Channels, messages and users are the platform's own ids; every method may raise ChatError."""

    async def post(self, workspace: str, channel: str, card: Card, thread: str = "") -> str:
        """Posts a message, in the thread under that message if one is given; its id."""

    async def update(self, workspace: str, channel: str, message: str, card: Card) -> None:
        """Draws a message anew."""

    async def delete(self, workspace: str, channel: str, message: str) -> None:
        """Takes a message back."""

    async def whisper(self, workspace: str, user: str, card: Card, asked_in: Spot | None = None) -> None:
        """Sends a private message; where somebody asked for it in a channel, its buttons may go on about that."""

    async def hint(self, workspace: str, channel: str, user: str, card: Card) -> None:
        """Shows somebody a card within a channel that the others there do not see; Refused where that cannot be."""

    async def home(self, workspace: str, user: str, card: Card) -> None:
        """Shows the card on the person's Home tab; does nothing on a platform that has none."""

    async def join(self, workspace: str, channel: str) -> None:
        """Becomes a member of a public channel."""

    async def profile(self, workspace: str, user: str) -> Profile:
        """What is known of a person."""

    async def message(self, workspace: str, channel: str, message: str) -> Heard:
        """What is known of a message that somebody wrote."""

    async def place(self, workspace: str, channel: str) -> PlaceFacts:
        """What is known of a channel."""

    async def people(self, workspace: str, channel: str) -> Crowd:
        """Who is in a channel."""

    async def reactions(self, workspace: str, channel: str, message: str) -> Reactions | None:
        """Who reacted to a message as it stands now; none on a platform that does not tell."""
