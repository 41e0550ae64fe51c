"""The HTTP side of Slack: /api/{method} and /response/{id}, with tokens, scopes, faults and a log."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.playground import chat_methods, people_methods, view_methods
from bot.playground.arguments import ApiError, Args
from bot.playground.credentials import Credentials
from bot.playground.faults import Fault, Faults, Kind
from bot.playground.responding import respond
from bot.playground.schema import Json
from bot.playground.world import World

Method = Callable[[World, Args], Json]
METHODS: dict[str, tuple[Method, str]] = {
    "auth.test": (people_methods.auth_test, ""),
    "users.info": (people_methods.users_info, "users:read"),
    "users.list": (people_methods.users_list, "users:read"),
    "conversations.info": (people_methods.conversations_info, "channels:read"),
    "conversations.members": (people_methods.conversations_members, "channels:read"),
    "conversations.join": (people_methods.conversations_join, "channels:join"),
    "conversations.open": (people_methods.conversations_open, "im:write"),
    "reactions.get": (people_methods.reactions_get, "reactions:read"),
    "reactions.add": (people_methods.reactions_add, "reactions:write"),
    "reactions.remove": (people_methods.reactions_remove, "reactions:write"),
    "chat.postMessage": (chat_methods.post_message, "chat:write"),
    "chat.update": (chat_methods.update, "chat:write"),
    "chat.delete": (chat_methods.delete, "chat:write"),
    "chat.postEphemeral": (chat_methods.post_ephemeral, "chat:write"),
    "chat.getPermalink": (chat_methods.get_permalink, ""),
    "views.open": (view_methods.views_open, ""),
    "views.push": (view_methods.views_push, ""),
    "views.update": (view_methods.views_update, ""),
    "views.publish": (view_methods.views_publish, ""),
}
CONNECTIONS_OPEN = "apps.connections.open"


@dataclass
class Call:
    """One call of the bot: when it came, with what, and what came of it ("ok", an error, "dropped_after" …)."""

    method: str
    args: Json
    at: float
    outcome: str = "under way"


@dataclass
class WebApi:
    """Answers the bot's calls out of the world."""

    world: World
    credentials: Credentials
    faults: Faults
    new_socket_url: Callable[[], str]
    calls: list[Call] = field(default_factory=list)

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Answer /api/{method}."""
        method = request.match_info["method"]
        try:
            given = await read_arguments(request)
        except ApiError as refusal:
            return self._ended(self._logged(method, {}), refusal.answer(), 200)
        call = self._logged(method, given)
        fault = self.faults.next(method, call.args.get("channel"))
        early = await self._before(fault, request, call)
        if early is not None:
            return early
        answer = self._answer(method, request, given)
        return self._after(fault, request, call, answer, 200)

    async def response_url(self, request: web.Request) -> web.StreamResponse:
        """Answer /response/{id}."""
        try:
            given = await read_arguments(request)
        except ApiError as refusal:
            return self._ended(self._logged("response_url", {}), refusal.answer(), 400)
        call = self._logged("response_url", given)
        fault = self.faults.next("response_url", None)
        early = await self._before(fault, request, call)
        if early is not None:
            return early
        status, answer = self._responded(request.match_info["id"], given)
        return self._after(fault, request, call, answer, status)

    def _logged(self, method: str, given: Json) -> Call:
        args = {name: value for name, value in given.items() if name != "token"}
        call = Call(method, args, time.time())
        self.calls.append(call)
        return call

    async def _before(
        self, fault: Fault | None, request: web.Request, call: Call
    ) -> web.StreamResponse | None:
        if fault is None or fault.kind is Kind.DROP_AFTER:
            return None
        if fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.seconds)
            return None
        if fault.kind is Kind.DROP_BEFORE:
            return self._dropped(request, call, "dropped_before")
        if fault.kind is Kind.RATE_LIMITED:
            headers = {"Retry-After": str(fault.retry_after)}
            return self._ended(call, {"ok": False, "error": "ratelimited"}, 429, headers)
        if fault.kind is Kind.SERVER_ERROR:
            return self._ended(call, {"ok": False, "error": "internal_error"}, fault.status)
        return self._ended(call, {"ok": False, "error": fault.error}, 200)

    def _after(
        self, fault: Fault | None, request: web.Request, call: Call, answer: Json, status: int
    ) -> web.StreamResponse:
        if fault is not None and fault.kind is Kind.DROP_AFTER:
            return self._dropped(request, call, "dropped_after")
        scopes = {"x-oauth-scopes": ",".join(sorted(self.world.scopes))}
        return self._ended(call, answer, status, scopes)

    def _dropped(self, request: web.Request, call: Call, outcome: str) -> web.StreamResponse:
        call.outcome = outcome
        self.world.changes.ring()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _ended(
        self, call: Call, answer: Json, status: int, headers: dict[str, str] | None = None
    ) -> web.StreamResponse:
        call.outcome = "ok" if answer["ok"] else str(answer["error"])
        self.world.changes.ring()
        return web.json_response(answer, status=status, headers=headers)

    def _answer(self, method: str, request: web.Request, given: Json) -> Json:
        try:
            if method not in METHODS and method != CONNECTIONS_OPEN:
                raise ApiError("unknown_method", req_method=method)
            self._admit(method, request, given)
            if method == CONNECTIONS_OPEN:
                return {"ok": True, "url": self.new_socket_url()}
            return METHODS[method][0](self.world, Args(given))
        except ApiError as refusal:
            return refusal.answer()

    def _admit(self, method: str, request: web.Request, given: Json) -> None:
        """Check the token and the scope."""
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ").strip() if header else str(given.get("token") or "")
        wrong = self.credentials.refusal(token, app_level=method == CONNECTIONS_OPEN)
        if wrong:
            raise ApiError(wrong)
        needed = METHODS[method][1] if method in METHODS else ""
        if needed and needed not in self.world.scopes:
            provided = ",".join(sorted(self.world.scopes))
            raise ApiError("missing_scope", needed=needed, provided=provided)

    def _responded(self, url_id: str, given: Json) -> tuple[int, Json]:
        url = self.world.passes.url(url_id)
        over = "used_url" if url is None else self.world.passes.url_is_over(url)
        if url is None or over:
            return 404, {"ok": False, "error": over}
        url.used += 1
        try:
            channel = self.world.channels[url.channel]
            respond(self.world, url.user, channel, given, url.cause, url.original)
        except ApiError as refusal:
            return 400, refusal.answer()
        return 200, {"ok": True}


async def read_arguments(request: web.Request) -> Json:
    """The arguments of a call from its query and its body, JSON or form; ApiError for broken JSON."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise ApiError("invalid_json") from None
        if not isinstance(body, dict):
            raise ApiError("json_not_object")
        return given | body
    return given | dict(await request.post())
