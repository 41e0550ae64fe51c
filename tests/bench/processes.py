"""Servers as processes of their own, on a core of their own, measured from outside."""

import asyncio
import os
import re
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

SERVER, GENERATOR = (
    0,
    -1,
)  # places in the list of cores that we have: servers on the first, the rest on the last
START_SECONDS = 30
ADDRESS = re.compile(rb"http://127\.0\.0\.1:(\d+)")


class DidNotStart(Exception):
    """The process ended before it listened; its last words."""


class Server:
    """A server that listens on loopback."""

    def __init__(self, process: asyncio.subprocess.Process, port: int, words: deque[bytes]) -> None:
        self.address = ("127.0.0.1", port)
        self.last_words = words
        self._process = process

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.address[1]}"

    def freeze(self) -> None:
        """It stands still, so that another one has the core alone."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._process.send_signal(signal.SIGCONT)

    def cpu(self) -> float:
        """Seconds of processor time that its threads took so far."""
        spent = 0
        for task in Path(f"/proc/{self._process.pid}/task").iterdir():
            spent += int((task / "schedstat").read_text().split()[0])
        return spent / 1e9

    def memory(self) -> float:
        """What it holds in memory, in MiB (RSS)."""
        return resident(self._process.pid)


def resident(pid: int) -> float:
    """What a process holds in memory, in MiB (RSS)."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


@contextmanager
def on_core(place: int) -> Iterator[None]:
    """What is started inside runs on that core alone; without a choice of cores, anywhere."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CORES[place]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@asynccontextmanager
async def serving(
    module: str, *arguments: str, core: int, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Server]:
    """`python -m module …`, once it has told its address; stopped afterwards."""
    with on_core(core):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            env={**os.environ, **(settings or {})},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    words: deque[bytes] = deque(maxlen=20)
    try:
        async with asyncio.timeout(START_SECONDS):
            port = await _port(process, words)
        reading = asyncio.create_task(_listen(process, words))
        yield Server(process, port, words)
        process.send_signal(signal.SIGCONT)
        process.terminate()
        await process.wait()
        await reading
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _port(process: asyncio.subprocess.Process, words: deque[bytes]) -> int:
    assert process.stdout is not None
    async for line in process.stdout:
        words.append(line)
        if found := ADDRESS.search(line):
            return int(found[1])
    raise DidNotStart(b"".join(words).decode())


async def _listen(process: asyncio.subprocess.Process, words: deque[bytes]) -> None:
    """Keeps its pipe from filling up."""
    assert process.stdout is not None
    async for line in process.stdout:
        words.append(line)


CORES = sorted(os.sched_getaffinity(0))
