"""A Teams for tests: its connector on loopback, its people and channels, and tokens signed by a key of its own."""

import asyncio
import base64
import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

APP_ID, TENANT = "11111111-2222-3333-4444-555555555555", "tenant-1"
TEAM, CHANNEL = "19:team@thread.tacv2", "19:product@thread.tacv2"
ISSUER = "https://api.botframework.com"
PEOPLE = ("ada", "ben", "cleo")

Json = dict[str, Any]


class TeamsStandIn:
    """What the bot service does, as far as we use it."""

    def __init__(self) -> None:
        self.keys = {"key-1": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        self.url = ""
        self.door = ""
        self.sent: list[Json] = []  # every message that stands: conversation, id, activity
        self.refusals: list[tuple[int, Json, dict[str, str]]] = []  # the next calls are answered so
        self.inside = ["ada"]  # who is in every channel
        self.key_fetches = 0
        self.calls: list[tuple[str, str, str]] = []
        self._ids = itertools.count(1_700_000_000_000)
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "TeamsStandIn":
        app = web.Application()
        app.add_routes(
            [
                web.get("/openid", self._openid),
                web.get("/keys", self._keys),
                web.post("/v3/conversations", self._begin),
                web.post("/v3/conversations/{conversation}/activities", self._send),
                web.put("/v3/conversations/{conversation}/activities/{id}", self._update),
                web.delete("/v3/conversations/{conversation}/activities/{id}", self._delete),
                web.get("/v3/conversations/{conversation}/members/{user}", self._member),
                web.get("/v3/conversations/{conversation}/pagedmembers", self._members),
                web.get("/v3/teams/{team}/conversations", self._channels),
            ]
        )
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        assert self._runner is not None
        await self._session.close()
        await self._runner.cleanup()

    # --- what people do ---------------------------------------------------------------------------------------

    def activity(self, user: str, channel: str | None = CHANNEL, **more: Any) -> Json:
        """An activity of somebody in a channel, or with no channel in their personal chat."""
        made: Json = {
            "id": str(next(self._ids)),
            "timestamp": datetime.now(UTC).isoformat(),
            "localTimezone": "Europe/Berlin",
            "serviceUrl": self.url,
            "channelId": "msteams",
            "from": {"id": f"29:{user}", "name": user.title(), "aadObjectId": f"aad-{user}"},
            "recipient": {"id": f"28:{APP_ID}", "name": "Mapkeeper"},
            "channelData": {"tenant": {"id": TENANT}},
            "conversation": {"id": f"a:{user}", "conversationType": "personal", "tenantId": TENANT},
        }
        if channel is not None:
            made["conversation"] = {
                "id": f"{channel};messageid={made['id']}",
                "conversationType": "channel",
                "isGroup": True,
                "tenantId": TENANT,
            }
            made["channelData"] |= {"channel": {"id": channel}, "team": {"id": TEAM}}
        return made | more

    async def say(self, user: str, text: str, channel: str | None = CHANNEL) -> int:
        """Somebody types a message to us."""
        if channel is None:
            return (await self.post(self.activity(user, None, type="message", text=text)))[0]
        called = {"type": "mention", "text": "<at>Mapkeeper</at>", "mentioned": {"id": f"28:{APP_ID}"}}
        words = f"<at>Mapkeeper</at>&nbsp;{text}"
        return (await self.post(self.activity(user, channel, type="message", text=words, entities=[called])))[
            0
        ]

    async def react(self, user: str, message: Json, kind: str = "like", *, added: bool = True) -> int:
        """Somebody reacts on a message of ours."""
        name = "reactionsAdded" if added else "reactionsRemoved"
        made = self.activity(user, CHANNEL, type="messageReaction", replyToId=message["id"])
        return (await self.post(made | {name: [{"type": kind}]}))[0]

    async def press(self, user: str, message: Json, title: str, **inputs: Any) -> Json:
        """Somebody presses a button of a message; what Teams is answered."""
        action = button(message["activity"], title)
        channel = message["conversation"].partition(";")[0]
        more = {"type": "invoke", "replyToId": message["id"]}
        made = self.activity(user, channel if channel.startswith("19:") else None, **more)
        data = {**action["data"], **inputs}
        if data.get("msteams", {}).get("type") == "task/fetch":
            made |= {"name": "task/fetch", "value": {"data": data}}
        else:
            made |= {
                "name": "adaptiveCard/action",
                "value": {"action": {"type": "Action.Execute", "data": data}, "trigger": "manual"},
            }
        status, answer = await self.post(made)
        assert status == 200
        return dict(answer)

    async def submit(
        self,
        user: str,
        dialog: Json,
        channel: str | None = CHANNEL,
        invoke: str = "task/submit",
        **inputs: Any,
    ) -> Json:
        """Somebody sends the form of a dialog, with what stands in it and what they change."""
        content = dialog["task"]["value"]["card"]["content"]
        data = {**_typed_in(content["body"]), **content["actions"][0]["data"], **inputs}
        made = self.activity(user, channel, type="invoke", name=invoke, value={"data": data})
        status, answer = await self.post(made)
        assert status == 200
        return dict(answer)

    async def act_on(self, user: str, message: Json, channel: str | None = CHANNEL) -> Json:
        """Somebody picks "Add to journey map" in a message's menu; what Teams is answered."""
        value = {"commandId": "add_to_map", "commandContext": "message", "messagePayload": message}
        made = self.activity(user, channel, type="invoke", name="composeExtension/fetchTask", value=value)
        status, answer = await self.post(made)
        assert status == 200
        return dict(answer)

    async def post(self, activity: Any, token: str | None = None) -> tuple[int, Any]:
        """Sends an activity with a good token, or with that one; the status and what was answered."""
        headers = {"Content-Type": "application/json"}
        if token != "":
            headers["Authorization"] = token or f"Bearer {self.token()}"
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        assert self._session is not None
        async with self._session.post(self.door, data=body, headers=headers) as response:
            read = await response.read()
            return response.status, _json(read)

    def token(self, key: str = "key-1", **claims: Any) -> str:
        """A token as the bot service signs it; `claims` are others than it would say."""
        now = int(time.time())
        said = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 5,
            "exp": now + 600,
            "serviceurl": self.url,
        } | claims
        left = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(left, self.keys[key], algorithm="RS256", headers={"kid": key})

    # --- what we see ------------------------------------------------------------------------------------------

    def in_channel(self, channel: str = CHANNEL) -> list[Json]:
        """The messages of ours that stand in a channel."""
        return [one for one in self.sent if one["conversation"].partition(";")[0] == channel]

    def to(self, user: str) -> list[Json]:
        """What we said to somebody alone."""
        return [one for one in self.sent if one["conversation"] == f"a:{user}"]

    async def until(self, predicate: Callable[[], Any], within: float = 30.0) -> None:
        """Waits until something is seen."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(predicate)

    # --- the connector ----------------------------------------------------------------------------------------

    async def _openid(self, _: web.Request) -> web.Response:
        return web.json_response({"jwks_uri": f"{self.url}keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        self.key_fetches += 1
        return web.json_response({"keys": [_public(kid, key) for kid, key in self.keys.items()]})

    async def _begin(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if refused := self._refused(request):
            return refused
        if not asked.get("isGroup"):
            return web.json_response({"id": f"a:{asked['members'][0]['id'].removeprefix('29:')}"}, status=201)
        number = str(next(self._ids))
        channel = asked["channelData"]["channel"]["id"]
        await self._keep(f"{channel};messageid={number}", number, asked["activity"])
        return web.json_response({"id": f"{channel};messageid={number}", "activityId": number}, status=201)

    async def _send(self, request: web.Request) -> web.Response:
        activity = await request.json()
        if refused := self._refused(request):
            return refused
        number = str(next(self._ids))
        await self._keep(request.match_info["conversation"], number, activity)
        return web.json_response({"id": number}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        activity = await request.json()
        if refused := self._refused(request):
            return refused
        found = [one for one in self.sent if one["id"] == request.match_info["id"]]
        if not found or found[0]["conversation"] != request.match_info["conversation"]:
            return web.json_response({"error": {"code": "NotFound"}}, status=404)
        async with self._changed:
            found[0]["activity"] = activity
            self._changed.notify_all()
        return web.json_response({"id": found[0]["id"]})

    async def _delete(self, request: web.Request) -> web.Response:
        async with self._changed:
            self.sent = [one for one in self.sent if one["id"] != request.match_info["id"]]
            self._changed.notify_all()
        return web.Response()

    async def _member(self, request: web.Request) -> web.Response:
        user = request.match_info["user"].removeprefix("29:")
        return web.json_response({"id": f"29:{user}", "name": user.title(), "userRole": "user"})

    async def _members(self, request: web.Request) -> web.Response:
        """Who is in the conversation, one a page; the last page has no token for the next."""
        self.calls.append((request.method, request.path_qs, request.headers.get("Authorization", "")))
        place = int(request.query.get("continuationToken", "at 0").removeprefix("at "))
        page: Json = {
            "members": [
                {"id": f"29:{user}", "name": user.title(), "aadObjectId": f"aad-{user}"}
                for user in self.inside[place : place + 1]
            ]
        }
        if place + 1 < len(self.inside):
            page["continuationToken"] = f"at {place + 1}"
        return web.json_response(page)

    async def _channels(self, request: web.Request) -> web.Response:
        listed = [{"id": TEAM, "name": None}, {"id": CHANNEL, "name": "Product", "type": "standard"}]
        return web.json_response({"conversations": listed})

    async def _keep(self, conversation: str, number: str, activity: Json) -> None:
        async with self._changed:
            self.sent.append({"conversation": conversation, "id": number, "activity": activity})
            self._changed.notify_all()

    def _refused(self, request: web.Request) -> web.Response | None:
        self.calls.append((request.method, request.path, request.headers.get("Authorization", "")))
        if not self.refusals:
            return None
        status, body, headers = self.refusals.pop(0)
        return web.json_response(body, status=status, headers=headers)


def shown(activity: Json) -> str:
    """Everything that a message says, in one text."""
    found = " ".join(" ".join(_texts(one["content"])) for one in activity.get("attachments", []))
    return " ".join(found.split())


def in_dialog(answer: Json) -> str:
    """What stands in the dialog that Teams is answered with."""
    return shown({"attachments": [answer["task"]["value"]["card"]]})


def button(activity: Json, title: str) -> Json:
    """The button of that title."""
    found = [one for one in _actions(activity) if one.get("title") == title]
    assert found, f"no button {title!r} in {shown(activity)!r}"
    return found[0]


def _typed_in(body: list[Json]) -> Json:
    return {one["id"]: one["value"] for one in body if "id" in one and "value" in one}


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for name, one in value.items() if name != "data" for text in _texts(one)]


def _actions(value: Any) -> list[Json]:
    if isinstance(value, list):
        return [action for one in value for action in _actions(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if str(value.get("type", "")).startswith("Action.") and "data" in value else []
    return own + [action for name, one in value.items() if name != "fallback" for action in _actions(one)]


def _public(kid: str, key: rsa.RSAPrivateKey) -> Json:
    numbers = key.public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "kid": kid,
        "n": _base64(numbers.n),
        "e": _base64(numbers.e),
        "endorsements": ["msteams", "webchat"],
    }


def _base64(number: int) -> str:
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _json(read: bytes) -> Any:
    try:
        return json.loads(read)
    except ValueError:
        return None
