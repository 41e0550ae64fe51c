"""Teams' door: hands genuine activities in, and gives the answer in Teams' way.

Everything is committed before it is acknowledged. What is said in private to somebody in a channel goes to their
personal chat; what a click asks for is answered in the click's own response where that shows it to one person only.
"""

import asyncio
import ipaddress
from collections.abc import Coroutine
from typing import Any, assert_never

import msgspec
import structlog
from aiohttp import web

from bot import teams_messages, teams_payloads
from bot.door import Answering, form_button, said_errors
from bot.payloads import Payload, text_in
from bot.teams_actions import message_action
from bot.teams_cards import CONTENT_TYPE, opening
from bot.teams_cards import card as card_content
from bot.teams_chat import TeamsChat
from bot.teams_forms import dialog, told
from bot.teams_inline import form_message, inline, inline_form
from bot.teams_references import References
from bot.teams_text import spoken
from handlers.answers import Answer, Buttons, Card, Done, Errors, Form, Open, Replace, Silent, Tell
from handlers.chat import ChatError, Limited, Unreachable
from handlers.dispatch import Dispatch
from handlers.effects import whisper
from handlers.request import Request
from handlers.words import say, word
from storage.arrivals import Coming, arrivals
from storage.connection import Connection
from storage.database import Database, new_id
from storage.errors import StorageError
from storage.store import Store

log = structlog.get_logger("teams")

BODY_BYTES = 1024 * 1024
SAID = "application/vnd.microsoft.activity.message"

Json = dict[str, Any]


class TeamsDoor:
    """Takes what Teams sends, and answers it."""

    def __init__(
        self,
        dispatch: Dispatch,
        database: Database,
        chat: TeamsChat,
        sdk: Any,
        references: References,
    ) -> None:
        self.answering = Answering(dispatch, chat)
        self._database = database
        self._chat = chat
        self._sdk = sdk
        self.references = references
        self._seal = chat.seal
        self._later: set[asyncio.Task[None]] = set()

    async def handle(self, request: web.Request) -> web.Response:
        """`POST /api/messages`: messages, clicks, forms, reactions, and what becomes of teams and channels."""
        # A page in a browser on this machine is not a client on this machine.
        if not self._sdk.app.id and (not _is_local(request.remote) or "Origin" in request.headers):
            return web.Response(status=403)
        if (request.content_length or 0) > BODY_BYTES:
            return web.Response(status=413)
        if request.headers.get("Content-Encoding"):
            return web.Response(status=400)
        try:
            body = await request.read()
        except web.RequestPayloadError:
            return web.Response(status=400)
        try:
            authorization = request.headers.get("Authorization", "")
            received = await self._sdk.receive(authorization, body, self._turn)
        except Exception:
            log.exception("activity not saved")
            return web.Response(status=500)
        if received.body is None:
            return web.Response(status=received.status)
        return web.json_response(received.body, status=received.status)

    async def drain(self) -> None:
        """Waits for the answers that are still on their way."""
        if self._later:
            await asyncio.wait(self._later, timeout=5)

    async def close(self) -> None:
        """Lets the connections to Teams go."""
        await self._chat.close()

    async def _turn(self, activity: Json) -> Json | None:
        try:
            await self.references.hear(activity)
        except StorageError as error:
            log.warning("reference not kept", error=type(error).__name__)
        match activity["type"]:
            case "message":
                await self._message(activity)
            case "invoke":
                return await self._invoke(activity)
            case "messageReaction":
                for reaction in teams_messages.reactions(activity):
                    await self.answering.carried_out(reaction)
            case "installationUpdate":
                await self._installed(activity)
            case "conversationUpdate":
                if changed := teams_messages.place_changed(activity):
                    await self.answering.carried_out(changed)
            case unknown:
                log.info("unknown", type=unknown[:80])
        return None

    async def _message(self, activity: Json) -> None:
        clicked = teams_payloads.click(activity)
        if clicked is not None:
            clicked = self._seal.opened(activity, clicked)
        request = clicked or teams_messages.command(activity)
        if request is not None:
            # What was written and what is said about it are committed together.
            request = msgspec.structs.replace(request, said_later=True)
            await self._say(request, await self.answering.for_person(request))

    async def _invoke(self, activity: Json) -> Json:
        chosen = text_in(activity, "name") == "composeExtension/fetchTask"
        request = (
            message_action(activity)
            if chosen
            else teams_payloads.form(activity) or teams_payloads.click(activity)
        )
        if request is None:
            log.info("unknown", invoke=text_in(activity, "name")[:80])
            return {}
        here = request.spot
        request = self._seal.opened(activity, request)
        answer = await self.answering.for_person(request)
        match text_in(activity, "name"):
            case "adaptiveCard/action":
                return self._executed(activity, request, answer, direct=here is not None and here.direct)
            case (
                "task/fetch" | "task/submit" | "composeExtension/fetchTask" | "composeExtension/submitAction"
            ):
                shown = _dialog(activity, answer)
                if request.spot is not None and request.spot != here:
                    shown = self._seal.sealed(shown, request.actor, request.spot)
                return dict(shown)
            case _:
                return {}

    def _executed(self, activity: Json, request: Request, answer: Answer, *, direct: bool) -> Json:
        """A click in a message: a card of one person's own is drawn anew, everything else is said beside it."""
        match answer:
            case Replace(card) | Done(card) if direct:
                shown = card_content(card)
                return self._instead(request, shown if self._chat.dialogs else inline(shown))
            case Tell(card) | Replace(card) | Done(card):
                if direct or len(card.parts) > 1 or any(isinstance(part, Buttons) for part in card.parts):
                    self._do_later(self._tell(request, card))
                return _said(card.summary)
            case Open(form, again):
                waiting = form_button(say("form waits"), request, again)
                self._do_later(self._offer(request, form, waiting.card))
                return _said(word("form there"))
            case Errors(fields):
                sent = teams_payloads.form_again(activity)
                if sent is not None and direct:
                    return self._instead(request, inline_form(sent, fields))
                return _said(" ".join(fields.values()))
            case Silent():
                return _said("")
            case _:
                assert_never(answer)

    async def _say(self, request: Request, answer: Answer) -> None:
        """The answer to what was typed."""
        match answer:
            case Tell(card) | Replace(card) | Done(card):
                self._do_later(self._tell(request, card))
            case Open(form, again):
                # Teams opens a form only from a click.
                waiting = form_button(say("form waits"), request, again)
                self._do_later(self._offer(request, form, waiting.card))
            case Errors():
                self._do_later(self._tell(request, said_errors(answer).card))
            case Silent():
                pass
            case _:
                assert_never(answer)

    async def _offer(self, request: Request, form: Form, button: Card) -> None:
        """The button that opens the form, or the form itself where no dialog opens."""
        drawn = opening(self._chat.drawn(button)) if self._chat.dialogs else form_message(form)
        await self._send(request, drawn, button)

    async def _tell(self, request: Request, card: Card) -> None:
        await self._send(request, self._chat.drawn(card), card)

    async def _send(self, request: Request, drawn: Json, card: Card) -> None:
        """Says it in the person's own chat: at once, and where Teams is busy, the card from the queue."""
        actor = request.actor
        try:
            await self._chat.tell(actor.workspace, actor.user, self._sealed(request, drawn))
        except (Limited, Unreachable) as error:
            log.info("told later", error=str(error))
            await self._queue(request, card)
        except ChatError as error:
            log.warning("not told", action=request.action, error=str(error))

    async def _queue(self, request: Request, card: Card) -> None:
        actor = request.actor

        def unit(connection: Connection) -> None:
            known = arrivals(connection, [Coming(actor.platform, actor.workspace, actor.user, "", "")])[
                0
            ].caller
            if known is not None and known.person_id is not None:
                store = Store(connection, known.organisation_id, new_id)
                now = self.answering.now()
                whisper(
                    store,
                    known.workspace_id,
                    known.person_id,
                    request.key,
                    card,
                    now,
                    asked_in=request.spot,
                )

        try:
            await self._database.write(unit)
        except StorageError as error:
            log.warning("not told", action=request.action, error=type(error).__name__)

    async def _installed(self, activity: Json) -> None:
        request = teams_messages.installed(activity)
        if request is None:
            return
        team = teams_messages.team_of(activity)
        channels = await self.references.channels_of(request.actor.workspace, team) if team else []
        request = teams_messages.about_channels(request, channels)
        await self._say(request, await self.answering.carried_out(request))

    def _instead(self, request: Request, content: Json) -> Json:
        return {"statusCode": 200, "type": CONTENT_TYPE, "value": self._sealed(request, content)}

    def _sealed(self, request: Request, content: Json) -> Json:
        if request.spot is None or request.spot.direct:
            return content
        return dict(self._seal.sealed(content, request.actor, request.spot))

    def _do_later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)


def _dialog(activity: Payload, answer: Answer) -> Json:
    match answer:
        case Open(form):
            return dialog(form)
        case Errors(fields):
            again = teams_payloads.form_again(activity)
            if again is not None:
                return dialog(again, fields)
            return {"task": {"type": "message", "value": " ".join(fields.values())}}
        case Tell(card) | Replace(card) | Done(card):
            return told(card)
        case Silent():
            return {}
        case _:
            assert_never(answer)


def _said(words: str) -> Json:
    return {"statusCode": 200, "type": SAID, "value": spoken(words)}


def _is_local(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
