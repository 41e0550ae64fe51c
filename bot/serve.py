"""`mapkeeper serve`: migrates, listens, and stops gracefully on SIGTERM."""

import asyncio
import gc
import linecache
import os
import signal
import sys
from contextlib import suppress

import structlog
from aiohttp import web

from bot.app import build_app
from bot.logs import set_up
from bot.settings import Settings
from storage.migrate import ensure_current
from storage.one_clock import ClockHeld

log = structlog.get_logger("serve")

SHUTDOWN_SECONDS = 10.0


class CannotListen(Exception):
    """The address is another process's, or none of this machine's."""


def serve(settings: Settings, host: str, port: int, *, ticking: bool = True) -> int:
    """Serves until told to stop; the process's exit code, 2 where the address or the clock is another process's."""
    set_up()
    ensure_current(settings.database_url)
    _let_finish()
    try:
        asyncio.run(_serve(settings, host, port, ticking))
    except (ClockHeld, CannotListen) as error:
        log.error("not started", why=str(error))
        return 2
    return 0


def _let_finish() -> None:
    """Whoever of our threads wakes up lets the other one finish first, where the system offers that (Linux).

    At each call that lets go of Python's lock (to receive, to send, to look for the next request) the waiting writer
    would take the processor from the event loop, which wants it back an instant later; and the other way round.
    https://man7.org/linux/man-pages/man7/sched.7.html, SCHED_BATCH
    """
    if sys.platform != "linux":
        return
    with suppress(OSError):  # a container may forbid it
        if os.sched_getscheduler(0) == os.SCHED_OTHER:
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


async def _serve(settings: Settings, host: str, port: int, ticking: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    runner = web.AppRunner(
        build_app(settings, ticking=ticking), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except (OSError, UnicodeError) as error:  # the latter for a name that cannot be one
        await runner.cleanup()
        why = getattr(error, "strerror", None) or error
        raise CannotListen(f"{host}:{port} cannot be listened on: {why}") from error
    address = runner.addresses[0]
    linecache.clearcache()
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the collector need not look through it again and again
    log.info("listening", url=f"http://{address[0]}:{address[1]}")
    await stop.wait()
    log.info("stopping")
    await site.stop()
    await runner.cleanup()
    log.info("stopped")
