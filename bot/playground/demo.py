"""`mapkeeper demo`: the real bot, a stand-in for Slack and a page for it, on loopback ports of this machine."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bot.app import KEEPER, build_app
from bot.logs import set_up
from bot.playground.house import House, local_zone
from bot.playground.page import Page
from bot.playground.product_clock import ProductClock
from bot.playground.rehearsal import play
from bot.playground.sample import DOMAIN, TEAM_ID, TEAM_NAME, people
from bot.playground.shelf import Shelf
from bot.playground.slack import SlackStandIn
from bot.playground.teams_client import PORT, NoNode
from bot.playground.teams_demo import beside
from bot.settings import Settings
from storage.migrate import ensure_current

HOST = "127.0.0.1"
START_AS = "lea"


class PortTaken(Exception):
    """Something else listens there."""


def demo(port: int, folder: Path | None, *, browser: bool, teams: bool = False) -> int:
    """Runs the demo until it is told to stop; the process's exit code."""
    set_up(level="ERROR")
    logging.disable(logging.WARNING)
    try:
        asyncio.run(_until_stopped(port, folder, browser=browser, teams=teams))
    except PortTaken:
        print(f"mapkeeper: port {port} is in use. Try --port {port + 1}.", file=sys.stderr)
        return 1
    except NoNode:
        print("mapkeeper: the local Teams client did not start. It needs Node 20 or later.", file=sys.stderr)
        return 1
    return 0


async def _until_stopped(port: int, folder: Path | None, *, browser: bool, teams: bool) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        passing = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mapkeeper-demo-")))
        if teams:
            address = await stack.enter_async_context(with_teams(port, passing if folder is None else folder))
        else:
            address = await stack.enter_async_context(running(port, folder))
        print(address, flush=True)
        print("A local demo: the bot is real, the chat around it is not. Ctrl+C ends it.", file=sys.stderr)
        if browser:
            await asyncio.to_thread(webbrowser.open, address)
        await stop.wait()


@asynccontextmanager
async def running(port: int, folder: Path | None) -> AsyncIterator[str]:
    """The demo, with its state in `folder` or in one that vanishes with it; its address."""
    with tempfile.TemporaryDirectory(prefix="mapkeeper-demo-") as passing:
        # The port is taken at once: a browser that comes early waits, and a port in use is told at once.
        door = _listening(port)
        async with (
            opened(Path(passing) if folder is None else folder) as (house, bot_url),
            served(house, bot_url, door) as address,
        ):
            yield address


@asynccontextmanager
async def with_teams(port: int, folder: Path, client_port: int = PORT) -> AsyncIterator[str]:
    """The demo with a Teams beside its Slack, both about one map; the address of that Teams."""
    door = _listening(port)
    async with (
        opened(folder, teams=True) as (house, bot_url),
        served(house, bot_url, door) as address,
        beside(house, bot_url, folder, client_port) as client,
    ):
        print(f"The same map in the demo's Slack: {address}", file=sys.stderr)
        yield client.address


@asynccontextmanager
async def served(house: House, bot_url: str, door: socket.socket) -> AsyncIterator[str]:
    """The page of a house on a listening socket; its address."""
    runner = web.AppRunner(Page(house, bot_url).app(), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.SockSite(runner, door).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def opened(
    folder: Path, *, sample: bool = True, teams: bool = False
) -> AsyncIterator[tuple[House, str]]:
    """The house as it was left in the folder, or a new one; and the bot's address."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    shelf, url = Shelf(folder), f"sqlite:///{folder / 'mapkeeper.db'}"
    known = shelf.holds
    await asyncio.to_thread(_ready, folder, url, known=known)
    clock, zone = ProductClock(), local_zone()
    slack = SlackStandIn(TEAM_ID, DOMAIN, cast=False)
    slack.world.team_name = TEAM_NAME
    slack.world.clock = lambda: clock().timestamp()
    async with slack:
        settings = Settings(
            slack_bot_token=slack.bot_token,
            slack_signing_secret=slack.signing_secret,
            slack_api_url=slack.api_url,
            database_url=url,
            teams_local=teams,
        )
        app = build_app(settings, clock=clock, paced=False)
        house = House(slack, app[KEEPER], clock)
        slack.subscriptions = set(house.offers["events"])
        if known:
            shelf.load(house)
        async with _bot(app, slack) as bot_url:
            if not known:
                people(slack, zone)
                if sample:
                    await play(house, zone)
                shelf.save(house)
            async with _saved(shelf, house):
                yield house, bot_url


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise PortTaken(port) from error


def _ready(folder: Path, url: str, *, known: bool) -> None:
    """A database of this release; one without its workspace makes place for a new one."""
    if not known:
        for left in folder.glob("mapkeeper.db*"):
            left.unlink()
    ensure_current(url)


@asynccontextmanager
async def _bot(app: web.Application, slack: SlackStandIn) -> AsyncIterator[str]:
    """The product listening on a port of its own, and Slack's requests going there."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    url = f"http://{HOST}:{runner.addresses[0][1]}"
    slack.point_at(f"{url}/slack/events")
    try:
        yield url
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _saved(shelf: Shelf, house: House) -> AsyncIterator[None]:
    saving = asyncio.ensure_future(shelf.keep_saving(house))
    try:
        yield
    finally:
        saving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await saving
        shelf.save(house)
