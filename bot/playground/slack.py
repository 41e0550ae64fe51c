"""A stand-in for Slack's servers: one workspace, driven in process, that talks to the bot over HTTP."""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.playground.credentials import Credentials
from bot.playground.faults import Faults
from bot.playground.life import Life
from bot.playground.sender import Sender
from bot.playground.socket_mode import Sockets
from bot.playground.things import Channel, Message, Person, View
from bot.playground.web_api import Call, WebApi
from bot.playground.world import World


class SlackStandIn(Life):
    """A workspace with a default cast: start it, point it at the bot, then act as its people.

    People: ada (owner), ben, cleo, gil (guest). Channels: general and product with the bot, random without
    it, and the private leads (ada and ben) without it.
    """

    def __init__(self, team_id: str = "T0ACME", domain: str = "acme", *, cast: bool = True) -> None:
        world, credentials = World(team_id, domain), Credentials()
        self.sockets = Sockets(world.app_id, world.changes)
        super().__init__(world, credentials, Sender(credentials, self.sockets))
        self.faults = Faults()
        self.web_api = WebApi(world, credentials, self.faults, self.sockets.new_url)
        self._runner: web.AppRunner | None = None
        if cast:
            self._cast()

    def _cast(self) -> None:
        self.add_person("ada", owner=True, tz="Europe/Berlin", real_name="Ada Berg")
        self.add_person("ben", tz="America/New_York", real_name="Ben Cole")
        self.add_person("cleo", tz="Asia/Kolkata", real_name="Cleo Das")
        self.add_person("gil", guest=True, real_name="Gil Ek")
        self.add_channel("general")
        self.add_channel("product")
        self.add_channel("random", bot=False)
        self.add_channel("leads", private=True, members=["ada", "ben"], bot=False)

    async def start(self, port: int = 0) -> Self:
        """Listen on 127.0.0.1."""
        app = web.Application(client_max_size=16 * 1024**2)
        app.router.add_route("*", "/api/{method}", self.web_api.api)
        app.router.add_post("/response/{id}", self.web_api.response_url)
        app.router.add_get("/socket", self.sockets.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, taken = self._runner.addresses[0][:2]
        self.world.base_url = self.sockets.base_url = f"http://{host}:{taken}"
        return self

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        await self.sockets.close()
        await self.sender.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def point_at(self, bot_url: str, signing_secret: str | None = None) -> None:
        """Send everything to this address from now on; "" goes back to Socket Mode."""
        self.sender.bot_url = bot_url
        if signing_secret is not None:
            self.credentials.signing_secret = signing_secret

    @property
    def api_url(self) -> str:
        """The base address for the bot's Web API client."""
        return f"{self.world.base_url}/api/"

    @property
    def bot_token(self) -> str:
        """The bot's xoxb token."""
        return self.credentials.bot_token

    @property
    def app_token(self) -> str:
        """The app's xapp token, for Socket Mode."""
        return self.credentials.app_token

    @property
    def signing_secret(self) -> str:
        """What requests are signed with."""
        return self.credentials.signing_secret

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return self.world.team_id

    @property
    def bot(self) -> Person:
        """The bot's own user."""
        return self.world.bot

    @property
    def calls(self) -> list[Call]:
        """Every call of the bot, oldest first; answers to response urls as "response_url"."""
        return self.web_api.calls

    def calls_to(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    @property
    def patience(self) -> float:
        """How many seconds Slack waits for the bot: 3, unless a test sets it lower."""
        return self.sender.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self.sender.patience = seconds

    @property
    def views(self) -> dict[str, list[View]]:
        """The stack of open modals of each person, by user id."""
        return self.world.views

    def add_person(
        self,
        name: str,
        id: str | None = None,
        *,
        admin: bool = False,
        owner: bool = False,
        guest: bool = False,
        tz: str = "UTC",
        real_name: str | None = None,
        email: str = "",
        title: str = "",
    ) -> Person:
        """Somebody new in the workspace, who joins every public channel."""
        new = Person(id or f"U0{name.upper()}", name, real_name or name.title(), tz, admin, owner, guest)
        new.email = email or f"{name}@{self.world.domain}.example"
        new.title = title
        self.world.people[new.id] = new
        for channel in self.world.channels.values():
            if not channel.private:
                channel.members.add(new.id)
        return new

    def add_channel(
        self,
        name: str,
        id: str | None = None,
        *,
        private: bool = False,
        members: Iterable[str | Person] | None = None,
        bot: bool = True,
        topic: str = "",
    ) -> Channel:
        """A new channel with everybody in it unless `members` says who."""
        everybody = [person for person in self.world.people.values() if not person.bot]
        people = everybody if members is None else [self.world.person(member) for member in members]
        inside = {person.id for person in people} | ({self.world.bot.id} if bot else set())
        new = Channel(id or f"C0{name.upper()}", name, inside, private)
        new.topic = topic
        self.world.channels[new.id] = new
        return new

    def person(self, who: str | Person) -> Person:
        """A person by id or name."""
        return self.world.person(who)

    def channel(self, where: str | Channel) -> Channel:
        """A channel by id or name, with its `messages`."""
        return self.world.channel(where)

    def direct(self, user: str | Person) -> Channel:
        """A person's direct conversation with the bot."""
        return self.world.direct(self.world.person(user).id)

    def seen_by(self, user: str | Person, channel: str | Channel) -> list[Message]:
        """What one person sees in a channel: its messages and their own ephemerals, oldest first."""
        who, room = self.world.person(user), self.world.channel(channel)
        if room.private and who.id not in room.members:
            return []
        own = [one for one in self.world.ephemerals if (one.only_for, one.channel) == (who.id, room.id)]
        return sorted([*room.messages, *own], key=lambda message: message.ts)

    def home(self, user: str | Person) -> View | None:
        """A person's Home tab."""
        return self.world.homes.get(self.world.person(user).id)

    async def wait_until(self, predicate: Callable[[], object], within: float = 30.0) -> None:
        """Return as soon as the predicate holds, looked at whenever something happens here."""
        await self.world.changes.until(predicate, within)

    def revoke_token(self) -> None:
        """The bot's token is worth nothing from now on."""
        self.credentials.revoked = True
