"""How much Python a log is: steps of its interpreter, which no busy machine changes, and where most of them are."""

import asyncio
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from aiohttp import web

from bot.app import KEEPER, build_app
from bot.settings import Settings
from tests.bench import bare_bolt, payloads
from tests.bench.load import load
from tests.bench.payloads import SECRET, TOKEN
from tests.bench.processes import GENERATOR, serving
from tests.bench.product import databases, prepare
from tests.bench.table import Row

WARM_UP, COUNTED, SHOWN = 200, 320, 12
CONNECTIONS = 16

Steps = Counter[CodeType]


async def steps(folder: Path, rounds: int) -> list[Row]:
    """Prints them; nothing is required of a function. What a group of logs takes is shared by them."""
    async with _listening(bare_bolt.served()) as address:
        bare = await _counted(address, CONNECTIONS, Counter(), b"")
        print(f"{sum(bare.values()):6,.0f} a log that bare Bolt only acks")
    with databases(folder) as urls:
        for kind, url in urls.items():
            await prepare(url, 0, 0)
            await _product(kind, url)
    return []


async def _product(kind: str, url: str) -> None:
    writing: Steps = Counter()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(serving("tests.bench.slack_api", core=GENERATOR))
        settings = Settings(
            slack_bot_token=TOKEN,
            slack_signing_secret=SECRET,
            slack_api_url=f"{slack.url}/api/",
            database_url=url,
        )
        threading.settrace(_counting(writing))  # for the threads that start now: the writer
        app = build_app(settings, ticking=False)
        threading.settrace(None)
        address = await stack.enter_async_context(_listening(app))
        await app[KEEPER].sender.stop()  # the cards of those logs are not what is counted
        for under_way in (1, CONNECTIONS):
            looping = await _counted(address, under_way, writing, b"Got it")
            loop, writer = sum(looping.values()), sum(writing.values()) / COUNTED
            where = f"{loop:,.0f} in the loop, {writer:,.0f} in the writer"
            print(f"{loop + writer:6,.0f} a log with {under_way} under way, {kind}: {where}")
        found = looping + Counter({code: many / COUNTED for code, many in writing.items()})
        for code, many in found.most_common(SHOWN):
            print(f"{many:6,.0f}   {'/'.join(Path(code.co_filename).parts[-2:])} {code.co_qualname}")


async def _counted(
    address: tuple[str, int], under_way: int, others: Steps, expected: bytes
) -> Counter[CodeType]:
    """The steps of this thread for one log, and in `others` those of all; the logs come from another thread."""
    await _sent(address, [payloads.pain() for _ in range(WARM_UP)], under_way, expected)
    logs = [payloads.pain() for _ in range(COUNTED)]
    mine: Steps = Counter()
    others.clear()
    sys.settrace(_counting(mine))
    try:
        await _sent(address, logs, under_way, expected)
    finally:
        sys.settrace(None)
    return Counter({code: many / COUNTED for code, many in mine.items()})


async def _sent(address: tuple[str, int], logs: list[bytes], under_way: int, expected: bytes) -> None:
    await asyncio.to_thread(lambda: asyncio.run(load(address, logs, under_way, expected)))


@asynccontextmanager
async def _listening(app: web.Application) -> AsyncIterator[tuple[str, int]]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield ("127.0.0.1", runner.addresses[0][1])
    await runner.cleanup()


def _counting(counted: Steps) -> Any:
    def step(frame: FrameType, event: str, _: Any) -> Any:
        if event == "opcode":
            counted[frame.f_code] += 1
        return step

    def call(frame: FrameType, event: str, _: Any) -> Any:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return step

    return call
