"""Requests made, sent, sent again, and what comes of them."""

import asyncio
from dataclasses import replace

from bot.playground.answers import aftermath
from bot.playground.credentials import Credentials
from bot.playground.payloads import event_envelope
from bot.playground.replies import Reply, Request, What
from bot.playground.schema import Json
from bot.playground.sender import Sender, encoded
from bot.playground.things import Message, Person, View
from bot.playground.world import World


class Mail:
    """The way from the workspace to the bot."""

    def __init__(self, world: World, credentials: Credentials, sender: Sender) -> None:
        self.world, self.credentials, self.sender = world, credentials, sender
        self.retries: tuple[float, ...] = ()
        self.subscriptions: set[str] | None = None

    def request(
        self,
        what: What,
        name: str,
        payload: Json,
        *,
        user: str = "",
        channel: str = "",
        cause: str = "",
        view: View | None = None,
    ) -> Request:
        """A signed request that is not sent yet."""
        body, content_type = encoded(what, payload)
        headers = self.sender.signed(body, content_type)
        return Request(what, name, user, channel, cause, payload, body, headers, view)

    async def send(self, request: Request, to: str | None = None) -> Reply:
        """Send a request as it is, perhaps to another address, and let its answer take effect."""
        reply = Reply(request, journal=self.world.journal, since=len(self.world.journal))
        self.world.latest_cause[request.user] = request.cause
        found = await self.sender.deliver(request, to)
        reply.status, reply.headers, reply.body = found.status, found.headers, found.body
        reply.trouble, reply.took = found.trouble, found.took
        aftermath(self.world, reply)
        self.world.changes.ring()
        return reply

    async def redeliver(self, reply: Reply, to: str | None = None) -> Reply:
        """Send the very same bytes once more."""
        return await self.send(reply.request, to)

    def signed(self, request: Request, at: float | None = None, secret: str | None = None) -> Request:
        """The same request signed as of another time, or with another secret."""
        return self.sender.resigned(request, at, secret)

    def make_event(self, event: Json) -> Request:
        """An event as a request that is not sent yet."""
        payload = event_envelope(self.world, self.credentials.verification_token, event)
        user = event.get("user")
        return self.request(
            "event",
            event["type"],
            payload,
            user=user if isinstance(user, str) else "",
            cause=payload["event_id"],
        )

    async def event(self, type: str, **fields: object) -> Reply:
        """Send any event to the bot, again after each of the `retries` delays while it is not taken."""
        return await self.send_event({"type": type, "event_ts": self.world.ts(), **fields})

    async def send_event(self, event: Json) -> Reply:
        """Send an event if the app is subscribed to it."""
        request = self.make_event(event)
        if self.subscriptions is not None and subscription(event) not in self.subscriptions:
            return self.unsent(request)
        reply = await self.send(request)
        attempts = [reply]
        for number, delay in enumerate(self.retries, start=1):
            if reply.status == 200 or reply.headers.get("X-Slack-No-Retry") == "1":
                break
            await asyncio.sleep(delay)
            reply = await self.send(self._again(reply, number))
            attempts.append(reply)
        reply.attempts = attempts
        return reply

    def _again(self, reply: Reply, number: int) -> Request:
        reasons = {"timeout": "http_timeout", "connection": "connection_failed", "": "http_error"}
        request = self.sender.resigned(reply.request)
        marks = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reasons[reply.trouble]}
        return replace(request, headers={**request.headers, **marks})

    def unsent(self, request: Request) -> Reply:
        """A reply to a request that the client or Slack kept back."""
        return Reply(request, sent=False, journal=self.world.journal, since=len(self.world.journal))

    def response_url(self, who: Person, channel: str, cause: str, original: Message | None = None) -> str:
        """A fresh response url for an interaction."""
        url = self.world.passes.new_url(who.id, channel, cause, original)
        return f"{self.world.base_url}/response/{url.id}"


def subscription(event: Json) -> str:
    """The name under which an app subscribes to such an event: messages by the sort of their conversation."""
    kind = str(event["type"])
    sorts = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
    return f"message.{sorts[event['channel_type']]}" if kind == "message" else kind
