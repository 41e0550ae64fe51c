"""The only module that knows botbuilder: what comes in and what goes out crosses its border as plain data.

botbuilder 4.17 as it comes makes new clients for each request, fetches tokens and keys on the event loop, and
answers 500 to a wrong token. Here the credentials are kept, what blocks runs beside the loop, requests are judged by
`teams_tokens`, and what we say is one plain HTTP request. https://github.com/microsoft/botbuilder-python
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import quote

import aiohttp
import msgspec
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticateRequestResult,
    AuthenticationConstants,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
    ManagedIdentityAppCredentials,
    MicrosoftAppCredentials,
)
from msrest.exceptions import ClientException
from yarl import URL

from bot.teams_connector import NotDone
from bot.teams_tokens import Keys, NotGenuine, Tokens

Json = dict[str, Any]
Handler = Callable[[Json], Awaitable[Json | None]]

TIMEOUT_SECONDS = 10.0
TOKEN_SECONDS = 240.0  # msal gives a new one where fewer than five minutes are left


class App(NamedTuple):
    """Who we are to Microsoft. Without an id everybody is let in: for a local client only."""

    id: str
    password: str = ""
    tenant_id: str = ""
    kind: str = "SingleTenant"


class Received(NamedTuple):
    """How a request is answered; `body` is None where there is nothing to say."""

    status: int
    body: Json | None = None


class TeamsSdk:
    """Takes activities in and sends them out; `fetch_token` blocks and runs in a thread of its own."""

    def __init__(self, app: App, openid_url: str, fetch_token: Callable[[], str] | None = None) -> None:
        self.app = app
        self._session: aiohttp.ClientSession | None = None
        self._keys = Keys(openid_url, self._get_json)
        self._tokens = Tokens(app.id, app.tenant_id if app.kind != "MultiTenant" else "", self._keys)
        self._token = _Token(fetch_token or (credentials_of(app).get_access_token if app.id else None))
        self._factory = _NoClients()
        self._adapter = _Adapter(_NothingMade())

    async def receive(self, authorization: str, body: bytes, handler: Handler) -> Received:
        """One request: judged, read, carried out by `handler`, which is asked for genuine activities only."""
        try:
            claims = await self._tokens.claims(authorization) if self.app.id else None
            payload, activity = _read(body)
            if claims is not None:
                self._tokens.check(claims, payload)
        except NotGenuine as error:
            return Received(error.status)
        except _Malformed:
            return Received(400)
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity(dict(claims or {}), True)
        result.audience = AuthenticationConstants.TO_CHANNEL_FROM_BOT_OAUTH_SCOPE
        result.connector_factory = self._factory

        async def turn(context: TurnContext) -> None:
            answer = await handler(payload)
            if payload["type"] == "invoke":
                self._adapter.answer(context, answer)

        answered = await self._adapter.process_activity(result, activity, turn)
        return Received(200, answered.body if answered is not None else None)

    async def send(self, service_url: str, conversation: str, activity: Json) -> str:
        """Sends an activity; the message's id."""
        sent = await self._call("POST", service_url, _activities(conversation), activity)
        return str(sent.get("id") or "")

    async def reply(self, service_url: str, conversation: str, message: str, activity: Json) -> None:
        """Answers a message in its thread."""
        await self._call("POST", service_url, _activities(conversation, message), activity)

    async def update(self, service_url: str, conversation: str, message: str, activity: Json) -> None:
        """Draws a message anew."""
        drawn = {**activity, "id": message}
        await self._call("PUT", service_url, _activities(conversation, message), drawn)

    async def delete(self, service_url: str, conversation: str, message: str) -> None:
        """Takes a message back."""
        await self._call("DELETE", service_url, _activities(conversation, message))

    async def begin(self, service_url: str, parameters: Json) -> tuple[str, str]:
        """Begins a conversation, or a thread in a channel: its id, and that of its first message."""
        made = await self._call("POST", service_url, "v3/conversations", parameters)
        return str(made.get("id") or ""), str(made.get("activityId") or "")

    async def ask(self, service_url: str, path: str) -> Any:
        """What the connector knows under that path of its own, like `v3/teams/…`."""
        return await self._call("GET", service_url, path)

    async def prove(self) -> None:
        """Microsoft gives us a token; raises what it says instead."""
        await self._token.headers()

    def session(self) -> aiohttp.ClientSession:
        """The HTTP session, made within the running loop when it is first needed."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        return self._session

    async def close(self) -> None:
        """Lets the connections go."""
        await self._keys.close()
        if self._session is not None:
            await self._session.close()

    async def _call(self, method: str, service_url: str, path: str, body: Json | None = None) -> Any:
        """One request to the connector, signed; what it answers, raises NotDone where it refuses.

        Not through botframework's client, which takes a millisecond of the loop for each.
        """
        headers = await self._token.headers()
        data = None if body is None else msgspec.json.encode(body)
        if data is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        url = URL(f"{service_url.rstrip('/')}/{path}", encoded=True)
        async with self.session().request(method, url, data=data, headers=headers) as response:
            read = await response.read()
            _check(response, read)
            answered = msgspec.json.decode(read) if read else {}
        return answered if isinstance(answered, dict | list) else {}

    async def _get_json(self, url: str) -> Any:
        async with self.session().get(url) as response:
            response.raise_for_status()
            return msgspec.json.decode(await response.read())


class _Malformed(Exception):
    """No activity."""


class _Adapter(CloudAdapter):  # type: ignore[misc]  # botbuilder has no types
    def answer(self, context: TurnContext, body: Json | None) -> None:
        """What an invoke is answered."""
        response = InvokeResponse(status=200, body=body)
        context.turn_state[self._INVOKE_RESPONSE_KEY] = Activity(type="invokeResponse", value=response)


class _NothingMade(BotFrameworkAuthentication):  # type: ignore[misc]
    """What the adapter would make anew for each request: requests come judged, and nobody signs in."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        raise PermissionError

    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        raise PermissionError

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        raise PermissionError

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        return None


class _NoClients(ConnectorFactory):  # type: ignore[misc]
    """What is said is said through `TeamsSdk`, not through the turn's own client."""

    async def create(self, service_url: str, audience: str) -> "_NoClients":
        return self  # botbuilder wants something to be there


class _Token:
    """The token that our requests are signed with: fetched once for all of them, in a thread."""

    def __init__(self, fetch: Callable[[], str] | None) -> None:
        self._fetch = fetch
        self._lock = asyncio.Lock()
        self._token, self._until = "", float("-inf")

    async def headers(self) -> dict[str, str]:
        """What signs a request."""
        token = await self.token()
        return {"Authorization": f"Bearer {token}"} if token else {}

    async def token(self) -> str:
        """A token that is good for some minutes more; empty for a local client, which asks for none."""
        if self._fetch is None:
            return ""
        if time.monotonic() >= self._until:
            async with self._lock:
                if time.monotonic() >= self._until:
                    try:
                        async with asyncio.timeout(TIMEOUT_SECONDS):
                            self._token = await asyncio.to_thread(self._fetch)
                    except TimeoutError as error:
                        raise NotDone(0, "no token in time", "") from error
                    except Exception as error:
                        raise NotDone(0, f"no token: {type(error).__name__}", "") from error
                    self._until = time.monotonic() + TOKEN_SECONDS
        return self._token


def _check(response: aiohttp.ClientResponse, body: bytes) -> None:
    """Raises NotDone for a refusal."""
    if response.status < 400:
        return
    try:
        told = msgspec.json.decode(body)["error"]["code"]
    except (msgspec.DecodeError, KeyError, TypeError):
        told = ""
    raise NotDone(response.status, str(told)[:80], response.headers.get("Retry-After", ""))


def _read(body: bytes) -> tuple[Json, Activity]:
    try:
        payload = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _Malformed from error
    if not isinstance(payload, dict) or not isinstance(payload.get("type"), str) or not payload["type"]:
        raise _Malformed
    if not isinstance(payload.get("conversation"), dict) or not isinstance(payload.get("serviceUrl"), str):
        raise _Malformed
    try:
        # Only what botbuilder itself looks at: everything else is read from the payload as it came.
        return payload, Activity(type=payload["type"], service_url=payload["serviceUrl"])
    except (ClientException, TypeError, ValueError) as error:
        raise _Malformed from error


def _activities(conversation: str, message: str = "") -> str:
    path = f"v3/conversations/{quote(conversation, safe='')}/activities"
    return f"{path}/{quote(message, safe='')}" if message else path


def credentials_of(app: App) -> Any:
    """What signs our requests: a secret of ours, or the identity that Azure manages."""
    if app.kind == "UserAssignedMSI":
        return ManagedIdentityAppCredentials(app.id, AuthenticationConstants.TO_CHANNEL_FROM_BOT_OAUTH_SCOPE)
    tenant = app.tenant_id if app.kind == "SingleTenant" else None
    return MicrosoftAppCredentials(app.id, app.password, tenant)
