"""The two things Slack hands out that run out: trigger ids and response urls."""

import secrets
import time
from dataclasses import dataclass

from bot.playground.things import Message


@dataclass
class Trigger:
    """The right to open one view, for three seconds."""

    id: str
    user: str
    born: float
    spent: bool = False


@dataclass
class ResponseUrl:
    """The right to answer an interaction five times within thirty minutes."""

    id: str
    user: str
    channel: str
    born: float
    cause: str
    original: Message | None = None
    used: int = 0


class Passes:
    """Every trigger and response url that was handed out."""

    def __init__(self) -> None:
        self.trigger_life = 3.0
        self.response_url_life = 1800.0
        self.response_url_uses = 5
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def new_trigger(self, user: str) -> str:
        """A fresh trigger id."""
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(trigger_id, user, time.time())
        return trigger_id

    def trigger(self, trigger_id: str) -> Trigger | None:
        """The trigger with this id."""
        return self._triggers.get(trigger_id)

    def too_old(self, trigger: Trigger) -> bool:
        """Whether the three seconds are over."""
        return time.time() - trigger.born > self.trigger_life

    def new_url(self, user: str, channel: str, cause: str, original: Message | None = None) -> ResponseUrl:
        """A fresh response url."""
        new = ResponseUrl(secrets.token_urlsafe(24), user, channel, time.time(), cause, original)
        self._urls[new.id] = new
        return new

    def url(self, url_id: str) -> ResponseUrl | None:
        """The response url with this id."""
        return self._urls.get(url_id)

    def url_is_over(self, url: ResponseUrl) -> str | None:
        """Why a response url can no longer be used, or None."""
        if time.time() - url.born > self.response_url_life:
            return "expired_url"
        return "used_url" if url.used >= self.response_url_uses else None
