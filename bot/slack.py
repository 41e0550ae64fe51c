"""Slack's door: verifies, translates once, hands in, and gives the answer in Slack's way.

Everything acknowledged is committed first (`process_before_response`): an event that could not be saved is answered
500, so that Slack sends it again; a person always gets a 200 with a sentence.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, assert_never

import structlog
from aiohttp import web
from slack_bolt.response import BoltResponse

from bot import slack_payloads
from bot.door import Answering, form_button, said_errors
from bot.payloads import Payload
from bot.slack_answers import insist, respond
from bot.slack_blocks import done_view, private, view
from bot.slack_bolt import Listener, NotSaved, acked, bolt_app, bolt_request, kind_of
from bot.slack_chat import SlackChat
from bot.slack_events import EVENTS
from bot.slack_signature import is_genuine
from bot.slack_socket import SlackSocket
from handlers.answers import Answer, Card, Done, Errors, Open, Replace, Silent, Tell
from handlers.chat import ChatError
from handlers.dispatch import Dispatch
from handlers.request import Request
from handlers.words import say

log = structlog.get_logger("slack")

BODY_BYTES = 1024 * 1024
FORM_SECONDS = 2.0
ANSWER_SECONDS = 2.7  # Slack waits three


class SlackDoor:
    """Takes what Slack sends, over HTTP or Socket Mode, and answers it."""

    def __init__(
        self,
        dispatch: Dispatch,
        chat: SlackChat,
        *,
        token: str,
        signing_secret: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.answering = Answering(dispatch, chat)
        self._chat = chat
        self._secret = signing_secret
        self._clock = clock
        self._bot_user: str | None = None
        self._later: set[asyncio.Task[None]] = set()
        self.app = bolt_app(self._listener_of, token, lambda: self._bot_user)

    async def handle(self, request: web.Request) -> web.Response:
        """`POST /slack/events`: commands, forms, clicks and events, signed by Slack."""
        signature = request.headers.get("X-Slack-Signature", "")
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        if not signature or not timestamp:
            return web.Response(status=401)
        if (request.content_length or 0) > BODY_BYTES:
            return web.Response(status=413)
        if request.headers.get("Content-Encoding"):  # Slack compresses nothing, and signs what it sends
            return web.Response(status=400)
        try:
            body = await request.read()
        except web.RequestPayloadError:
            return web.Response(status=400)
        if not is_genuine(self._secret, timestamp, signature, body, self._clock()):
            return web.Response(status=401)
        received = bolt_request(body, request.headers.get("Content-Type", ""))
        if received is None:
            return web.Response(status=400)
        answer = await self.app.async_dispatch(received)
        kind = answer.headers["content-type"][0]
        return web.Response(status=answer.status, body=answer.body.encode(), headers={"Content-Type": kind})

    @property
    def recognised(self) -> bool:
        """Has Slack told us who we are?"""
        return self._bot_user is not None

    async def recognise(self) -> Any:
        """Who we are to Slack; raises ChatError where Slack does not know us, or is not there."""
        known = await self._chat.call("auth.test")
        self._bot_user = known.get("user_id")
        return known

    def socket(self, app_token: str) -> SlackSocket:
        """Socket Mode, to be connected: the same listeners, an envelope is acknowledged after its commit only."""
        return SlackSocket(self.app, app_token, self._chat.client)

    async def close(self) -> None:
        """Lets the connections to Slack go."""
        await self._chat.close()

    async def drain(self) -> None:
        """Waits for the answers that are still on their way."""
        if self._later:
            await asyncio.wait(self._later, timeout=5)

    def _listener_of(self, body: Payload) -> Listener | None:
        match body.get("type"):
            case None if "command" in body:
                return self._command
            case "block_actions":
                return self._click
            case "message_action":
                return self._shortcut
            case "view_submission":
                return self._form
            case "event_callback" if kind_of(body.get("event")) in EVENTS:
                return self._event
        return None

    async def _command(self, body: Payload) -> BoltResponse:
        request = slack_payloads.command(body)
        if request is None:
            return acked()
        until = asyncio.get_running_loop().time() + ANSWER_SECONDS
        answer = await self.answering.for_person(request)
        if isinstance(answer, Open):
            answer = await self._opened(answer, request, body, "views.open", until)
        match answer:
            case Tell(card) | Replace(card) | Done(card):
                return acked(private(card))
            case Errors():
                return acked(private(said_errors(answer).card))
            case Silent() | Open():
                return acked()
            case _:
                assert_never(answer)

    async def _click(self, body: Payload) -> BoltResponse:
        request = slack_payloads.click(body)
        if request is None:
            return acked()
        until = asyncio.get_running_loop().time() + ANSWER_SECONDS
        answer = await self.answering.for_person(request)
        in_modal, at_home = (kind_of(body.get("view")) == kind for kind in ("modal", "home"))
        if isinstance(answer, Open):
            method = "views.push" if in_modal else "views.open"
            answer = await self._opened(answer, request, body, method, until)
        answer = said_errors(answer) if isinstance(answer, Errors) else answer
        match answer:
            case Tell(card) | Replace(card) | Done(card):
                if in_modal or at_home:
                    self._do_later(self._show_view(body, request, card, anew=at_home))
                else:
                    self._do_later(self._respond(body, card, replaces=isinstance(answer, Replace)))
            case Silent() | Open():
                pass
            case _:
                assert_never(answer)
        return acked()

    async def _shortcut(self, body: Payload) -> BoltResponse:
        request = slack_payloads.shortcut(body)
        if request is None:
            return acked()
        until = asyncio.get_running_loop().time() + ANSWER_SECONDS
        answer = await self.answering.for_person(request)
        if isinstance(answer, Open):
            answer = await self._opened(answer, request, body, "views.open", until)
        answer = said_errors(answer) if isinstance(answer, Errors) else answer
        if isinstance(answer, Tell | Replace | Done):
            self._do_later(self._respond(body, answer.card, replaces=False))
        return acked()

    async def _form(self, body: Payload) -> BoltResponse:
        request = slack_payloads.form(body)
        if request is None:
            return acked()
        where = slack_payloads.where_of(request)
        answer = await self.answering.for_person(request)
        match answer:
            case Errors(fields):
                return acked({"response_action": "errors", "errors": fields})
            case Open(form):
                return acked({"response_action": "update", "view": view(form, where)})
            case Tell(card) | Replace(card) | Done(card):
                return acked({"response_action": "update", "view": done_view(card, where)})
            case Silent():
                return acked()
            case _:
                assert_never(answer)

    async def _event(self, body: Payload) -> BoltResponse:
        request = EVENTS[kind_of(body.get("event"))](body)
        if request is not None:
            try:
                await self.answering.carried_out(request)
            except Exception as error:
                raise NotSaved(type(error).__name__) from error
        return acked()

    async def _opened(
        self, opening: Open, request: Request, body: Payload, method: str, until: float
    ) -> Answer:
        """Opens the form while the trigger lives; where that fails, a card with the button to try again."""
        modal = view(opening.form, slack_payloads.where_of(request))
        try:
            left = until - asyncio.get_running_loop().time()
            async with asyncio.timeout(min(FORM_SECONDS, left)):
                await self._chat.call(method, trigger_id=body.get("trigger_id"), view=modal)
                return Silent()
        except (ChatError, TimeoutError) as error:
            log.warning("form not opened", error=str(error))
        return form_button(say("form failed"), request, opening.again)

    async def _respond(self, body: Payload, card: Card, *, replaces: bool) -> None:
        """Answers a click by its response_url, which is a secret: used at once, never kept."""
        url = body.get("response_url")
        if not isinstance(url, str):
            return
        answer = {**private(card), "replace_original": replaces and _is_private(body)}
        await respond(await self._chat.session(), url, answer)

    async def _show_view(self, body: Payload, request: Request, card: Card, *, anew: bool) -> None:
        """In the modal that was clicked, or in a new one: on a Home tab nothing can be said privately."""
        shown = done_view(card, slack_payloads.where_of(request))
        if anew:
            await insist(lambda: self._chat.call("views.open", trigger_id=body.get("trigger_id"), view=shown))
        else:
            await insist(lambda: self._chat.call("views.update", view_id=body["view"].get("id"), view=shown))

    def _do_later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)


def _is_private(body: Payload) -> bool:
    """Does only the person who clicked see that message? A channel's id begins with D where it is a direct one."""
    container = body.get("container")
    if not isinstance(container, dict):
        return False
    return bool(container.get("is_ephemeral")) or str(container.get("channel_id", "")).startswith("D")
