"""The product with Slack and Teams, a process of its own, as `mapkeeper serve` runs it; our own token is at hand."""

import asyncio
import gc
import os
import signal

from aiohttp import web

from bot.app import build_app
from bot.logs import set_up
from bot.settings import Settings
from tests.bench.payloads import SECRET, TOKEN
from tests.teams_stand_in import APP_ID, TENANT


async def main() -> None:
    """Serves until told to stop; the first line it prints is its address."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings(
        slack_bot_token=TOKEN,
        slack_signing_secret=SECRET,
        slack_api_url=f"{os.environ['BENCH_SLACK']}/api/",
        teams_app_id=APP_ID,
        teams_app_password="secret",
        teams_tenant_id=TENANT,
        teams_openid_url=os.environ["BENCH_OPENID"],
        database_url=os.environ["DATABASE_URL"],
    )
    runner = web.AppRunner(build_app(settings, teams_token=lambda: "out"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    gc.collect()
    gc.freeze()  # as `mapkeeper serve` does
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    set_up()
    asyncio.run(main())
