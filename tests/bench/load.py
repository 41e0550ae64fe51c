"""A load generator that costs little: keep-alive connections, each with one request under way, made of ready bytes."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SILENCE_SECONDS = 30


class Load(NamedTuple):
    """What came of it: all requests in `seconds`, and how long each waited for its answer."""

    seconds: float
    waits: list[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.waits) / self.seconds

    @property
    def p50(self) -> float:
        """Half of the answers came within that many milliseconds."""
        return statistics.median(self.waits) * 1000

    @property
    def p99(self) -> float:
        """All but one in a hundred came within that many milliseconds."""
        return sorted(self.waits)[len(self.waits) * 99 // 100] * 1000


class WrongAnswer(Exception):
    """A speed counts only where every answer is the right one."""


class _Client(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last one is whole."""

    def __init__(
        self, requests: Iterator[bytes], status: int, expected: bytes, done: asyncio.Future[None]
    ) -> None:
        self.waits: list[float] = []
        self._requests = requests
        self._status = b"HTTP/1.1 %d " % status
        self._expected = expected
        self._done = done
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error or ConnectionResetError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self.waits.append(time.perf_counter() - self._sent)
        if not head.startswith(self._status) or self._expected not in body:
            if not self._done.done():
                self._done.set_exception(WrongAnswer(self._received[:500].decode()))
            return
        self._received = b""
        self._send()

    def _send(self) -> None:
        request = next(self._requests, None)
        if request is None:
            if not self._done.done():
                self._done.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)


async def load(
    address: tuple[str, int],
    requests: Sequence[bytes],
    connections: int,
    expected: bytes,
    status: int = 200,
) -> Load:
    """Sends every request once; raises WrongAnswer unless each gets that status with `expected` in its body."""
    loop = asyncio.get_running_loop()
    waiting = iter(requests)
    clients: list[_Client] = []
    ends = [loop.create_future() for _ in range(connections)]
    started = time.perf_counter()
    for end in ends:
        client = _Client(waiting, status, expected, end)
        clients.append(client)
        await loop.create_connection(lambda client=client: client, *address)  # type: ignore[misc]
    async with asyncio.timeout(SILENCE_SECONDS + len(requests) / 100):
        await asyncio.gather(*ends)
    return Load(time.perf_counter() - started, [wait for client in clients for wait in client.waits])


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])
