"""The port to Teams: posts, redraws and questions through the connector, with every failure told apart.

Teams throttles each bot and thread: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
"""

from collections.abc import Awaitable
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp

from bot.payloads import text_in
from bot.teams_cards import message as rendered
from bot.teams_connector import NotDone
from bot.teams_inline import inline
from bot.teams_references import Reference, References
from bot.teams_where import Seal
from handlers.answers import Card
from handlers.chat import ChannelGone, ChatError, Limited, MessageGone, Refused, Unreachable, Unsure
from handlers.request import Actor, Crowd, Heard, PlaceFacts, Profile, Spot

T = TypeVar("T")

DID_NOTHING = {0, 401, 408, 412, 502, 503, 504}  # Microsoft: send it again
BUSY_SECONDS = 5.0
PAGE, PAGES = 500, 20  # of the people in a channel


class TeamsChat:
    """Teams as the delivery queue and the door see it; a client on this machine may have no `dialogs`."""

    def __init__(self, sdk: Any, references: References, seal: Seal, *, dialogs: bool = True) -> None:
        self.seal = seal
        self._sdk = sdk
        self._references = references
        self.dialogs = dialogs

    def drawn(self, card: Card) -> dict[str, Any]:
        """An activity with the card, as this client can use it."""
        activity = rendered(card)
        return activity if self.dialogs else dict(inline(activity))

    async def post(self, workspace: str, channel: str, card: Card, thread: str = "") -> str:
        there = await self._reference(workspace, channel)
        activity = self.drawn(card)
        if there.team and thread:
            within = _thread(channel, thread, there)
            made = await self._told_apart(self._sdk.send(there.service_url, within, activity))
        elif there.team:
            begun = await self._told_apart(
                self._sdk.begin(
                    there.service_url,
                    {
                        "isGroup": True,
                        "bot": self._bot(),
                        "tenantId": workspace,
                        "channelData": {"channel": {"id": channel}, "tenant": {"id": workspace}},
                        "activity": activity,
                    },
                )
            )
            made = begun[1] or begun[0].partition(";messageid=")[2]
        else:
            made = await self._told_apart(self._sdk.send(there.service_url, channel, activity))
        if not made:
            raise Unsure("no id in the answer")
        return str(made)

    async def update(self, workspace: str, channel: str, message: str, card: Card) -> None:
        there = await self._reference(workspace, channel)
        thread = _thread(channel, message, there)
        await self._told_apart(
            self._sdk.update(there.service_url, thread, message, self.drawn(card)), MessageGone
        )

    async def delete(self, workspace: str, channel: str, message: str) -> None:
        there = await self._reference(workspace, channel)
        thread = _thread(channel, message, there)
        await self._told_apart(self._sdk.delete(there.service_url, thread, message), MessageGone)

    async def whisper(self, workspace: str, user: str, card: Card, asked_in: Spot | None = None) -> None:
        activity = self.drawn(card)
        if asked_in is not None and not asked_in.direct:
            activity = self.seal.sealed(activity, Actor("teams", workspace, user), asked_in)
        await self.tell(workspace, user, activity)

    async def tell(self, workspace: str, user: str, activity: dict[str, Any]) -> None:
        """Sends an activity to somebody's personal chat, which is begun where it has not been seen."""
        person = await self._reference(workspace, user)
        conversation = person.conversation
        if not conversation:
            parameters = {
                "isGroup": False,
                "bot": self._bot(),
                "members": [{"id": person.user}],
                "tenantId": workspace,
                "channelData": {"tenant": {"id": workspace}},
            }
            conversation, _ = await self._told_apart(self._sdk.begin(person.service_url, parameters))
            await self._references.note((workspace, user), person._replace(conversation=conversation))
        await self._told_apart(self._sdk.send(person.service_url, conversation, activity))

    async def hint(self, workspace: str, channel: str, user: str, card: Card) -> None:
        raise Refused("in Teams a channel shows everything to everybody")

    async def reactions(self, workspace: str, channel: str, message: str) -> None:
        # Teams tells a bot only of each reaction as it happens.
        return None

    async def home(self, workspace: str, user: str, card: Card) -> None:
        # There is no Home tab: who asks for it gets it as a message.
        return None

    async def join(self, workspace: str, channel: str) -> None:
        # A bot of Teams is where it is installed.
        return None

    async def profile(self, workspace: str, user: str) -> Profile:
        person = await self._reference(workspace, user)
        path = f"v3/conversations/{quote(person.seen_in, safe='')}/members/{quote(person.user, safe='')}"
        known = await self._told_apart(self._sdk.ask(person.service_url, path))
        known = known if isinstance(known, dict) else {}
        # Teams tells no bot who is an admin: whoever installs first is one, and `mapkeeper grant` makes more.
        return Profile(
            name=text_in(known, "name") or person.name or user,
            zone=person.zone or None,
            guest=text_in(known, "userRole") in ("guest", "anonymous"),
        )

    async def message(self, workspace: str, channel: str, message: str) -> Heard:
        raise Refused("a bot of Teams reads no message that was not sent to it")

    async def place(self, workspace: str, channel: str) -> PlaceFacts:
        there = await self._reference(workspace, channel)
        if not there.team:
            return PlaceFacts(name=there.name or "chat", private=True)
        path = f"v3/teams/{quote(there.team, safe='')}/conversations"
        known = await self._told_apart(self._sdk.ask(there.service_url, path))
        listed = known.get("conversations") if isinstance(known, dict) else None
        found: Any = next(
            (
                one
                for one in (listed if isinstance(listed, list) else [])
                if isinstance(one, dict) and one.get("id") == channel
            ),
            {},
        )
        name = text_in(found, "name") or there.name or ("General" if channel == there.team else "channel")
        return PlaceFacts(name=name, private=text_in(found, "type").lower() in ("private", "shared"))

    async def people(self, workspace: str, channel: str) -> Crowd:
        there = await self._reference(workspace, channel)
        users: list[str] = []
        more = ""
        for _ in range(PAGES):
            path = f"v3/conversations/{quote(channel, safe='')}/pagedmembers?pageSize={PAGE}{more}"
            page = await self._told_apart(self._sdk.ask(there.service_url, path))
            page = page if isinstance(page, dict) else {}
            named = page.get("members")
            for one in named if isinstance(named, list) else []:
                if isinstance(one, dict):
                    users.append(
                        text_in(one, "aadObjectId") or text_in(one, "objectId") or text_in(one, "id")
                    )
            if not text_in(page, "continuationToken"):
                return Crowd(tuple(filter(None, users)))
            more = f"&continuationToken={quote(text_in(page, 'continuationToken'), safe='')}"
        return Crowd(tuple(filter(None, users)), whole=False)

    async def close(self) -> None:
        """Lets the connections go."""
        await self._sdk.close()

    async def _reference(self, workspace: str, external_id: str) -> Reference:
        found = await self._references.find(workspace, external_id)
        if found is None:
            raise ChannelGone("gone")
        return found

    def _bot(self) -> dict[str, str]:
        return {"id": f"28:{self._sdk.app.id}"}

    async def _told_apart(self, doing: Awaitable[T], gone: type[ChatError] | None = None) -> T:
        try:
            return await doing
        except NotDone as error:
            raise _told(error, gone) from error
        except (aiohttp.ClientConnectorError, ConnectionRefusedError) as error:
            raise Unreachable(type(error).__name__) from error
        except Exception as error:
            # A connection that broke, or an answer that nobody can read: it left, and that is all we know.
            raise Unsure(type(error).__name__) from error


def _told(error: NotDone, gone: type[ChatError] | None) -> ChatError:
    if error.status == 429:
        after = error.retry_after
        return Limited(float(after) if after.isascii() and after.isdigit() and int(after) else BUSY_SECONDS)
    if error.status in DID_NOTHING:
        return Unreachable(str(error))
    if error.status == 404 and gone is not None:
        return gone(str(error))
    if error.status in (403, 404) and gone is None:
        return ChannelGone("not installed" if error.status == 403 else "gone")
    return Unsure(str(error)) if error.status >= 500 else Refused(str(error))


def _thread(channel: str, message: str, there: Reference) -> str:
    """A message of a channel begins a thread of its own."""
    return f"{channel};messageid={message}" if there.team else channel
