"""Requests on their way to the bot: signed HTTP, or envelopes over Socket Mode."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.playground.credentials import Credentials
from bot.playground.replies import Request
from bot.playground.schema import Json
from bot.playground.socket_mode import Sockets

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass
class Delivered:
    """What came back, or why nothing did ("timeout", "connection")."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    trouble: str = ""
    took: float = 0.0


def encoded(what: str, payload: Json) -> tuple[bytes, str]:
    """The body of a request and its content type."""
    if what == "event":
        return json.dumps(payload).encode(), JSON
    form = payload if what == "command" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), FORM


class Sender:
    """Knows where the bot is and signs what goes there."""

    def __init__(self, credentials: Credentials, sockets: Sockets) -> None:
        self.credentials, self.sockets = credentials, sockets
        self.bot_url = ""
        self.patience = 3.0
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections to the bot."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def connected(self) -> bool:
        """Whether there is a bot to send to."""
        return bool(self.bot_url or self.sockets.open)

    def signed(
        self, body: bytes, content_type: str, at: float | None = None, secret: str | None = None
    ) -> dict[str, str]:
        """The headers of a request, signed now unless told otherwise."""
        stamp = str(int(time.time() if at is None else at))
        key = (self.credentials.signing_secret if secret is None else secret).encode()
        mark = hmac.new(key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "User-Agent": AGENT,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={mark}",
        }

    def resigned(self, request: Request, at: float | None = None, secret: str | None = None) -> Request:
        """The same request signed again, perhaps as of another time or with another secret."""
        headers = self.signed(request.body, request.headers["Content-Type"], at, secret)
        return replace(request, headers={**request.headers, **headers})

    async def deliver(self, request: Request, to: str | None = None) -> Delivered:
        """Send a request byte for byte and wait as long as Slack does."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.patience):
                found = await self._over_http(request, to or self.bot_url or None)
        except TimeoutError:
            found = Delivered(trouble="timeout")
        except (aiohttp.ClientError, OSError):
            found = Delivered(trouble="connection")
        found.took = time.monotonic() - began
        return found

    async def _over_http(self, request: Request, url: str | None) -> Delivered:
        if url is None:
            return await self._over_socket(request)
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        async with self._session.post(url, data=request.body, headers=request.headers) as answer:
            body = await answer.read()
            return Delivered(answer.status, dict(answer.headers), body)

    async def _over_socket(self, request: Request) -> Delivered:
        kind = {"command": "slash_commands", "event": "events_api"}.get(request.what, "interactive")
        more: Json = {"accepts_response_payload": request.what != "event"}
        if request.what == "event":
            retry = request.headers.get("X-Slack-Retry-Num", "0")
            reason = request.headers.get("X-Slack-Retry-Reason", "")
            more |= {"retry_attempt": int(retry), "retry_reason": reason}
        answer = await self.sockets.deliver(kind, request.payload, more)
        payload: Any = answer.get("payload")
        body = json.dumps(payload).encode() if payload else b""
        return Delivered(200, {"Content-Type": JSON}, body)
