"""A small server that is a process of its own, as the benchmarks start them."""

import asyncio
import signal

from aiohttp import web


def serve(app: web.Application) -> None:
    """Serves until told to stop; the first line it prints is its address."""
    asyncio.run(_served(app))


async def _served(app: web.Application) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await stop.wait()
    await runner.cleanup()
