"""How Bolt is used: tolerant of what nobody asked for, and with our listeners as steps of its chain."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.payloads import Payload
from bot.slack_body import read_body

log = structlog.get_logger("slack")

Listener = Callable[[Payload], Awaitable[BoltResponse]]


class NotSaved(Exception):
    """An event was understood and could not be saved: Slack is to send it again."""


class TolerantApp(AsyncApp):
    """Bolt, but what nobody listens to is answered 200: Slack counts anything else as a failed delivery.

    And with one client for all requests: Bolt makes one for each, in case that a listener changes its token.
    """

    def _init_context(self, req: AsyncBoltRequest) -> None:
        req.context["logger"] = self.logger
        req.context["token"] = self._token
        req.context["client"] = self._async_client
        req.context["listener_runner"] = self._async_listener_runner

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        try:
            response = await super().async_dispatch(req)
        except (
            Exception
        ) as error:  # Bolt's own error handling reads the payload once more, and may stumble again
            return await failed(error)
        if response.status == 404:
            log.info("unknown", type=kind_of(req.body), inner=kind_of(req.body.get("event")))
            return BoltResponse(status=200)
        return response


class OneToken(AsyncAuthorize):
    """The token of the one workspace; a plain function Bolt would offer a dozen arguments each time."""

    def __init__(self, token: str, bot_user: Callable[[], str | None]) -> None:
        self._token = token
        self._bot_user = bot_user
        self._known = self._as(None)

    async def __call__(self, **_: Any) -> AuthorizeResult:
        bot_user = self._bot_user()
        if bot_user != self._known.bot_user_id:
            self._known = self._as(bot_user)
        return self._known

    def _as(self, bot_user: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=self._token, bot_user_id=bot_user)


class FromPerson(AsyncBoltRequest):
    """What is no event: its listener asks the body itself, and Bolt looks through it for nothing."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body, self.raw_body, self.mode = body, "", "socket_mode"
        self.query, self.headers, self.content_type = {}, {}, None
        self.context = AsyncBoltContext({})
        self.lazy_only, self.lazy_function_name = False, None


class Listening(AsyncMiddleware):
    """Our listeners, as a step of Bolt's chain: the first for what comes from a person, the last for events.

    An event may be our own, which Bolt's steps in between find out. On its own way to a listener Bolt gathers two
    dozen arguments for each that it asks, and once more for the one that answers: a third of what a command costs in
    it, and half of what a reaction does.
    """

    def __init__(self, listener_of: Callable[[Payload], Listener | None]) -> None:
        self._listener_of = listener_of

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        listener = self._listener_of(req.body)
        return await (next() if listener is None else listener(req.body))


def bolt_app(
    listener_of: Callable[[Payload], Listener | None], token: str, bot_user: Callable[[], str | None]
) -> AsyncApp:
    """Bolt with these listeners: everything is committed before it is acknowledged."""

    # Bolt warns of each event that nobody asked for, with advice to programmers: TolerantApp has its own line.
    quiet = logging.getLogger("mapkeeper.bolt")
    quiet.setLevel(logging.ERROR)

    def from_person(body: Payload) -> Listener | None:
        return None if "event" in body else listener_of(body)

    app = TolerantApp(
        name="mapkeeper",  # else Bolt reads the source of every caller to make one up
        logger=quiet,
        before_authorize=Listening(from_person),
        authorize=OneToken(token, bot_user),
        process_before_response=True,
        request_verification_enabled=False,  # done on the raw body, before anything was parsed
        ssl_check_enabled=False,
        url_verification_enabled=True,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.middleware(Listening(listener_of))
    app.error(failed)
    return app


def bolt_request(body: bytes, content_type: str) -> AsyncBoltRequest | None:
    """The signed body as Bolt takes it; None for what is no request of Slack's, in whatever way."""
    payload = read_body(body, content_type)
    if payload is None:
        return None
    try:
        # What comes by Socket Mode is read already: so is this.
        return (
            AsyncBoltRequest(body=payload, mode="socket_mode") if "event" in payload else FromPerson(payload)
        )
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None


def acked(answer: Payload | None = None) -> BoltResponse:
    """200, with an answer in the body or without."""
    return BoltResponse(status=200, body=msgspec.json.encode(answer).decode() if answer else "")


async def failed(error: Exception) -> BoltResponse:
    """An event that was not saved comes again; a payload that Bolt stumbles over is not worth repeating."""
    if isinstance(error, NotSaved):
        log.warning("event not saved", error=str(error))
        return BoltResponse(status=500)
    log.warning("payload not understood", exc_info=True)
    return BoltResponse(status=400)


def kind_of(payload: Any) -> str:
    """The type of a payload or event; empty where it says none."""
    kind = payload.get("type") if isinstance(payload, dict) else None
    return kind[:80] if isinstance(kind, str) else ""
