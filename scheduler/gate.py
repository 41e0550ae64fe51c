"""A chat platform as a worker talks to it: what one call was told, the next ones know before they leave."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from handlers.answers import Card
from handlers.chat import Chat, ChatError, Limited, Revoked
from handlers.request import Crowd, Heard, PlaceFacts, Profile, Reactions, Spot

T = TypeVar("T")

REVOKED_FOR = timedelta(seconds=1)  # by then the database knows that the workspace is stopped
ANY = ""


class StillRevoked(Revoked):
    """The platform said so a moment ago: it was not asked again."""


class Gate:
    """Lets calls through until the platform asks to be left alone, then none of that method before its time."""

    def __init__(self, chat: Chat, real: Callable[[], datetime]) -> None:
        self._chat = chat
        self._real = real
        self._closed: dict[tuple[str, str], tuple[datetime, ChatError]] = {}

    async def post(self, workspace: str, channel: str, card: Card, thread: str = "") -> str:
        return await self._through(
            workspace, "post", lambda: self._chat.post(workspace, channel, card, thread)
        )

    async def update(self, workspace: str, channel: str, message: str, card: Card) -> None:
        await self._through(workspace, "update", lambda: self._chat.update(workspace, channel, message, card))

    async def delete(self, workspace: str, channel: str, message: str) -> None:
        await self._through(workspace, "delete", lambda: self._chat.delete(workspace, channel, message))

    async def whisper(self, workspace: str, user: str, card: Card, asked_in: Spot | None = None) -> None:
        await self._through(workspace, "post", lambda: self._chat.whisper(workspace, user, card, asked_in))

    async def hint(self, workspace: str, channel: str, user: str, card: Card) -> None:
        await self._through(workspace, "hint", lambda: self._chat.hint(workspace, channel, user, card))

    async def home(self, workspace: str, user: str, card: Card) -> None:
        await self._through(workspace, "publish", lambda: self._chat.home(workspace, user, card))

    async def join(self, workspace: str, channel: str) -> None:
        await self._through(workspace, "join", lambda: self._chat.join(workspace, channel))

    async def profile(self, workspace: str, user: str) -> Profile:
        return await self._through(workspace, "ask", lambda: self._chat.profile(workspace, user))

    async def message(self, workspace: str, channel: str, message: str) -> Heard:
        return await self._through(workspace, "ask", lambda: self._chat.message(workspace, channel, message))

    async def place(self, workspace: str, channel: str) -> PlaceFacts:
        return await self._through(workspace, "place", lambda: self._chat.place(workspace, channel))

    async def people(self, workspace: str, channel: str) -> Crowd:
        return await self._through(workspace, "people", lambda: self._chat.people(workspace, channel))

    async def reactions(self, workspace: str, channel: str, message: str) -> Reactions | None:
        return await self._through(
            workspace, "recount", lambda: self._chat.reactions(workspace, channel, message)
        )

    async def _through(self, workspace: str, method: str, call: Callable[[], Awaitable[T]]) -> T:
        self._check(workspace, ANY)
        self._check(workspace, method)
        try:
            return await call()
        except Limited as error:
            until = self._real() + timedelta(seconds=error.seconds)
            self._closed[workspace, method] = (until, error)
            raise Limited(error.seconds, method) from error
        except Revoked as error:
            self._closed[workspace, ANY] = (self._real() + REVOKED_FOR, error)
            raise

    def _check(self, workspace: str, method: str) -> None:
        """Raises what the platform said, while that holds."""
        until, error = self._closed.get((workspace, method), (None, None))
        if until is None or error is None:
            return
        left = (until - self._real()).total_seconds()
        if left <= 0:
            del self._closed[workspace, method]
        elif isinstance(error, Limited):
            raise Limited(left, method)
        else:
            raise StillRevoked(str(error))
