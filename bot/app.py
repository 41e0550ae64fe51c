"""The composition root: settings in, a running product out. Tests build the same, on a temporary database."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from aiohttp import web

from bot.metrics import Metrics, Watched
from bot.settings import Settings
from handlers.chat import Chat, ChatError
from handlers.dispatch import Dispatch
from scheduler.clock import Clock
from scheduler.delivery import Sender
from scheduler.homes import draw_homes
from scheduler.jobs import prune, tell_due
from scheduler.reading import read_changes
from scheduler.recounting import listen
from storage.callers import answers, find_workspace, stop_workspace
from storage.connection import Connection
from storage.database import Database, new_id
from storage.errors import StorageError
from storage.one_clock import OneClock

log = structlog.get_logger("app")

DIGESTS_SECONDS, HOMES_SECONDS, RECLAIM_SECONDS, READING_SECONDS = 15.0, 5.0, 5.0, 3.0
PRUNE_SECONDS, LISTEN_SECONDS = 3600.0, 60.0
AGAIN_SECONDS = 60.0
GREETING_SECONDS = 2.0  # Slack may be away: Teams and the probes do not wait for it
DRAIN_SECONDS = 10.0


def real_now() -> datetime:
    """The time on the wall."""
    return datetime.now(UTC)


class Mapkeeper:
    """The whole product: its doors on one aiohttp application, its queue and its clock."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = real_now,
        real: Callable[[], datetime] = real_now,
        database: Database | None = None,
        paced: bool = True,
        ticking: bool = True,
        teams_token: Callable[[], str] | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.real = real
        self.database = database or Database(settings.database_url)
        self.dispatch = Dispatch(self.database, clock, new_id, paced=paced)
        self.chats: dict[str, Chat] = {}
        self.slack = self._slack() if settings.slack_bot_token else None
        self.teams = self._teams(teams_token) if settings.teams else None
        self.sender = Sender(self.database, self.chats, clock=clock, real=real, new_id=new_id, paced=paced)
        self.ticks = Clock(
            {
                "digests": (DIGESTS_SECONDS, self.tick),
                "homes": (HOMES_SECONDS, self.draw_homes),
                "reclaim": (RECLAIM_SECONDS, self.sender.reclaim),
                "reading": (READING_SECONDS, lambda: read_changes(self.database, new_id)),
                "listen": (LISTEN_SECONDS, self.listen),
                "prune": (PRUNE_SECONDS, lambda: prune(self.database, self.clock(), new_id)),
            }
        )
        self._ticking = ticking
        self._paced = paced
        self.one_clock = OneClock(self.settings.database_url)
        self.stopping = False
        self._greeting: asyncio.Task[None] | None = None
        self._socket: Any = None

    async def tick(self) -> int:
        """What is due by the clock, now."""
        return await tell_due(self.database, self.clock, self.real, new_id, paced=self._paced)

    async def draw_homes(self) -> int:
        """Queues the Home tabs that show less than there is."""
        return await draw_homes(self.database, self.clock(), new_id)

    async def listen(self) -> int:
        """Notes that we hear what the platforms tell; how many workspaces are recounted, as we did not for long."""
        if self.settings.slack_app_token and (self._socket is None or not await self._socket.connected()):
            return 0
        return await listen(self.database, self.chats, self.clock, self.real, new_id)

    async def start(self) -> None:
        """Begins to send and, unless told not to, to tick; greets Slack, and goes on greeting it while we serve.

        Raises ClockHeld where another process keeps the clock of the same SQLite database.
        """
        if self._ticking:
            self.one_clock.take()
            if self.database.kind == "sqlite":
                await self._take_over()
            self.ticks.start()
        self.sender.start()
        if self.slack is not None:
            self._greeting = asyncio.create_task(self._greet(self.slack))
            await asyncio.wait({self._greeting}, timeout=GREETING_SECONDS)
        else:
            await self._note_listening()

    async def stop(self) -> None:
        """Takes nothing new, finishes what is on its way for at most ten seconds, and lets go."""
        self.stopping = True
        self.ticks.stop()
        if self._greeting is not None:
            self._greeting.cancel()
        if self._socket is not None:
            await self._socket.close()
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                for door in (self.slack, self.teams):
                    if door is not None:
                        await door.drain()
                await self.sender.stop()
        except TimeoutError:
            log.warning("stopped before everything was sent; the rest is taken up at the next start")
        for door in (self.slack, self.teams):
            if door is not None:
                await door.close()
        await self.database.close()
        self.one_clock.let_go()

    async def _greet(self, slack: Any) -> None:
        """Learns who we are, however long that takes, and connects by Socket Mode where it is set up."""
        try:
            await self._recognise(slack)
            if self.settings.slack_app_token:
                self._socket = slack.socket(self.settings.slack_app_token)
                await self._socket.connect()
            await self._note_listening()
            while not slack.recognised:
                await asyncio.sleep(AGAIN_SECONDS)
                await self._recognise(slack)
        except Exception:
            log.exception("slack not greeted")

    async def _recognise(self, slack: Any) -> None:
        try:
            known = await slack.recognise()
            log.info("slack", team=known.get("team"), bot=known.get("user"))
            await self._reopen(str(known.get("team_id")))
        except (ChatError, StorageError) as error:
            log.warning("slack does not know us yet", error=str(error))
        except Exception:  # an answer that is none; what else there is to do does not wait for a better one
            log.exception("slack does not know us yet")

    async def _note_listening(self) -> None:
        try:
            await self.listen()
        except StorageError as error:
            log.warning("not noted that we listen", error=str(error))

    async def _take_over(self) -> None:
        """On SQLite one process keeps the clock: what an earlier one took and had not begun is free at once."""
        try:
            await self.sender.release()
        except StorageError as error:
            log.warning("the queue waits for its leases", error=str(error))

    async def _reopen(self, team: str) -> None:
        """Slack knows our token: if the workspace was stopped for another one, it goes on."""

        def unit(connection: Connection) -> None:
            workspace = find_workspace(connection, "slack", team)
            if workspace is not None and workspace.stopped_at is not None:
                stop_workspace(connection, workspace.id, None, None)
                log.info("workspace goes on", workspace=workspace.id)

        await self.database.write(unit)
        self.sender.wake()

    def _slack(self) -> Any:
        from bot.slack import SlackDoor
        from bot.slack_chat import SlackChat

        chat = SlackChat(self.settings.slack_bot_token, self.settings.slack_api_url)
        self.chats["slack"] = chat
        return SlackDoor(
            self.dispatch,
            chat,
            token=self.settings.slack_bot_token,
            signing_secret=self.settings.slack_signing_secret,
        )

    def _teams(self, token: Callable[[], str] | None) -> Any:
        from bot.teams import TeamsDoor
        from bot.teams_chat import TeamsChat
        from bot.teams_references import References
        from bot.teams_sdk import App, TeamsSdk
        from bot.teams_where import Seal

        known = self.settings
        app = App(known.teams_app_id, known.teams_app_password, known.teams_tenant_id, known.teams_app_type)
        sdk = TeamsSdk(app, known.teams_openid_url, token)
        references = References(self.database, self.clock)
        seal = Seal(known.secret_key or known.teams_app_password or secrets.token_hex())
        chat = TeamsChat(sdk, references, seal, dialogs=not known.teams_local)
        self.chats["teams"] = chat
        return TeamsDoor(self.dispatch, self.database, chat, sdk, references)


def build_app(settings: Settings, **changes: Any) -> web.Application:
    """The product as an aiohttp application that starts and stops with it; `changes` are Mapkeeper's."""
    keeper = Mapkeeper(settings, **changes)
    app = web.Application(client_max_size=1024 * 1024)
    app[KEEPER] = keeper
    app.add_routes([web.get("/healthz", _healthz), web.get("/readyz", _readyz)])
    app.router.add_get("/metrics", Metrics(_watched(keeper), settings.metrics_token).handle)
    if keeper.slack is not None:
        app.router.add_post("/slack/events", keeper.slack.handle)
    if keeper.teams is not None:
        app.router.add_post("/api/messages", keeper.teams.handle)

    async def living(_: web.Application) -> Any:
        await keeper.start()
        yield
        await keeper.stop()

    app.cleanup_ctx.append(living)
    return app


def _watched(keeper: Mapkeeper) -> Watched:
    doors = {"slack": keeper.slack, "teams": keeper.teams}
    return Watched(
        {platform: door.answering for platform, door in doors.items() if door is not None},
        keeper.sender.measures,
        keeper.database,
        keeper.ticks,
        keeper.clock,
        keeper.real,
    )


KEEPER: web.AppKey[Mapkeeper] = web.AppKey("keeper", Mapkeeper)


async def _healthz(_: web.Request) -> web.Response:
    """The process is alive."""
    return web.Response(text="ok")


async def _readyz(request: web.Request) -> web.Response:
    """The database answers and we are not stopping: send us requests."""
    keeper = request.app[KEEPER]
    if keeper.stopping:
        return web.Response(status=503, text="stopping")
    try:
        async with asyncio.timeout(2):
            await keeper.database.read(answers)
    except (StorageError, TimeoutError):
        return web.Response(status=503, text="database unavailable")
    return web.Response(text="ready")
