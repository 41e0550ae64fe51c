"""The port to Slack: posts, redraws and questions through the Web API, with every failure told apart.

The SDK's own retries are off: it repeats a post whose answer was lost, and then the channel has it twice.
"""

from collections.abc import Awaitable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.payloads import text_in
from bot.slack_blocks import home_view
from bot.slack_blocks import message as rendered
from bot.slack_payloads import as_read
from bot.slack_people import profile_in, reactions_in
from handlers.answers import Card
from handlers.chat import (
    ChannelGone,
    ChatError,
    Limited,
    MessageGone,
    NotInChannel,
    Refused,
    Revoked,
    Unreachable,
    Unsure,
)
from handlers.request import Crowd, Heard, PlaceFacts, Profile, Reactions, Spot

PAGE, PAGES = 1000, 10  # of the people in a channel
REVOKED = {
    "token_revoked",
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "team_access_not_granted",
}
ARCHIVED = {"is_archived", "is_inactive"}
GONE = {"channel_not_found", "user_not_found", "restricted_action", "cannot_dm_bot"}
MESSAGE_GONE = {"message_not_found", "cant_update_message", "cant_delete_message", "edit_window_closed"}
DID_NOTHING = {"service_unavailable", "request_timeout", "team_added_to_org", "org_login_required"}


class SlackChat:
    """Slack as the delivery queue and the door see it; one HTTP session for everything."""

    def __init__(self, token: str, api_url: str, *, timeout: float = 10) -> None:
        self._token = token
        self._api_url = api_url
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    @property
    def client(self) -> AsyncWebClient:
        """Slack's client, made within the running loop when it is first needed."""
        if self._client is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout))
            self._client = AsyncWebClient(
                token=self._token, base_url=self._api_url, session=self._session, retry_handlers=[]
            )
        return self._client

    async def session(self) -> aiohttp.ClientSession:
        """The HTTP session, shared by everything that goes to Slack."""
        self.client  # noqa: B018  # makes the session
        assert self._session is not None
        return self._session

    async def close(self) -> None:
        """Lets the connections go."""
        if self._session is not None:
            await self._session.close()

    async def post(self, workspace: str, channel: str, card: Card, thread: str = "") -> str:
        under = {"thread_ts": thread} if thread else {}
        answer = await self.call(
            "chat.postMessage",
            channel=channel,
            unfurl_links=False,
            unfurl_media=False,
            **under,
            **rendered(card),
        )
        if not answer.get("ts"):
            raise Unsure("chat.postMessage: no ts in the answer")
        return str(answer["ts"])

    async def update(self, workspace: str, channel: str, message: str, card: Card) -> None:
        await self.call("chat.update", channel=channel, ts=message, **rendered(card))

    async def delete(self, workspace: str, channel: str, message: str) -> None:
        await self.call("chat.delete", channel=channel, ts=message)

    async def whisper(self, workspace: str, user: str, card: Card, asked_in: Spot | None = None) -> None:
        # A user's id as channel is the direct message with us: no scope more is needed.
        await self.post(workspace, user, card)

    async def hint(self, workspace: str, channel: str, user: str, card: Card) -> None:
        try:
            await self.call("chat.postEphemeral", channel=channel, user=user, **rendered(card))
        except ChannelGone as error:
            raise Refused(str(error)) from error  # it may be the person who is gone

    async def reactions(self, workspace: str, channel: str, message: str) -> Reactions:
        asked = {"channel": channel, "timestamp": message, "full": "true"}
        return reactions_in(await self.ask("reactions.get", **asked))

    async def people(self, workspace: str, channel: str) -> Crowd:
        users: list[str] = []
        cursor = ""
        for _ in range(PAGES):
            page = await self.ask(
                "conversations.members", channel=channel, limit=PAGE, **({"cursor": cursor} if cursor else {})
            )
            named = page.get("members")
            users += [user for user in (named if isinstance(named, list) else []) if isinstance(user, str)]
            cursor = text_in(page.get("response_metadata") or {}, "next_cursor")
            if not cursor:
                return Crowd(tuple(users))
        return Crowd(tuple(users), whole=False)

    async def home(self, workspace: str, user: str, card: Card) -> None:
        await self.call("views.publish", user_id=user, view=home_view(card))

    async def join(self, workspace: str, channel: str) -> None:
        await self.call("conversations.join", channel=channel)

    async def profile(self, workspace: str, user: str) -> Profile:
        known = (await self.ask("users.info", user=user)).get("user")
        return profile_in(known if isinstance(known, dict) else {}, user)

    async def place(self, workspace: str, channel: str) -> PlaceFacts:
        known = (await self.ask("conversations.info", channel=channel)).get("channel") or {}
        private = bool(known.get("is_private") or known.get("is_im") or known.get("is_mpim"))
        return PlaceFacts(name=str(known.get("name") or channel), private=private)

    async def message(self, workspace: str, channel: str, message: str) -> Heard:
        # Of all that reads a message this alone needs no scope for the history.
        known = (await self.ask("reactions.get", channel=channel, timestamp=message)).get("message") or {}
        return Heard(
            text=as_read(text_in(known, "text")),
            link=text_in(known, "permalink"),
            author=text_in(known, "user"),
        )

    async def call(self, method: str, **arguments: Any) -> Any:
        """One call of the Web API; raises ChatError, telling what is known of its effect."""
        return await self.told_apart(method, self.client.api_call(method, json=arguments))

    async def ask(self, method: str, **arguments: Any) -> Any:
        """One call of a method that only reads, which takes no JSON; raises ChatError."""
        asked = self.client.api_call(method, http_verb="GET", params=arguments)
        return await self.told_apart(method, asked)

    async def told_apart(self, method: str, answer: Awaitable[Any]) -> Any:
        """What the call answers; raises ChatError."""
        try:
            return await answer
        except SlackApiError as error:
            raise self._told(error) from error
        except (aiohttp.ClientConnectorError, ConnectionRefusedError) as error:
            raise Unreachable(str(error)) from error
        except Exception as error:
            # A connection that broke, or an answer that the SDK stumbles over: it left, and that is all we know.
            raise Unsure(f"{method}: {type(error).__name__}") from error

    @staticmethod
    def _told(error: SlackApiError) -> ChatError:
        response: Any = error.response
        # Where the body was no JSON, the SDK hands on aiohttp's response, which calls its status otherwise.
        status = getattr(response, "status_code", 0) or getattr(response, "status", 200)
        data = getattr(response, "data", None)
        why = str(data.get("error") or "") if isinstance(data, dict) else ""
        if status == 429 or why in ("ratelimited", "rate_limited"):
            return Limited(_seconds((response.headers or {}).get("Retry-After", "")))
        if status == 503 or why in DID_NOTHING:
            return Unreachable(why or str(status))
        if status >= 500 or why in ("internal_error", "fatal_error") or (status == 200 and not why):
            return Unsure(why or f"an answer with status {status} that says nothing")
        if why in REVOKED:
            return Revoked(why)
        if why == "not_in_channel":
            return NotInChannel(why)
        if why in ARCHIVED:
            return ChannelGone("archived")
        if why in GONE:
            return ChannelGone("gone")
        return MessageGone(why) if why in MESSAGE_GONE else Refused(why or str(status))


def _seconds(retry_after: str) -> float:
    """How long to wait; a second where Slack does not say it in digits."""
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() and int(retry_after) else 1.0
