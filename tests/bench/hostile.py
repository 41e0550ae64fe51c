"""What a stranger can cost us: a body as long as we take them, signed by nobody."""

import hashlib
import hmac
import time
from pathlib import Path

from bot.slack import BODY_BYTES
from tests.bench.load import load
from tests.bench.payloads import SECRET
from tests.bench.processes import SERVER, on_core
from tests.bench.product import products
from tests.bench.table import Row, at_most

TIMES_ITS_HMAC = 5.0
EACH = 40  # bodies in a round


async def unsigned(folder: Path, rounds: int) -> list[Row]:
    """The server's processor time for a body of 1 MiB with a wrong signature, against the HMAC that tells it."""
    rows = []
    request = _request()
    async with products(folder) as made:
        for product in made:
            await load(product.server.address, [request] * EACH, 1, b"", status=401)
            ratios, costs = [], []
            for _ in range(rounds):
                spent = product.server.cpu()
                await load(product.server.address, [request] * EACH, 1, b"", status=401)
                costs.append((product.server.cpu() - spent) / EACH)
                ratios.append(costs[-1] / _hmac_seconds())
            behind = f"{min(costs) * 1000:.2f} ms of processor each"
            rows.append(at_most(f"an unsigned body of 1 MiB, {product.kind}", ratios, TIMES_ITS_HMAC, behind))
    return rows


def _hmac_seconds() -> float:
    """The processor time of that signature alone, on the server's core."""
    body = bytes(BODY_BYTES)
    with on_core(SERVER):
        began = time.process_time()
        for _ in range(EACH):
            hmac.new(SECRET.encode(), b"v0:1:" + body, hashlib.sha256).hexdigest()
        return (time.process_time() - began) / EACH


def _request() -> bytes:
    head = (
        "POST /slack/events HTTP/1.1\r\n"
        "Host: bot.example.com\r\n"
        f"X-Slack-Signature: v0={'0' * 64}\r\n"
        f"X-Slack-Request-Timestamp: {int(time.time())}\r\n"
        f"Content-Length: {BODY_BYTES}\r\n"
        "Content-Type: application/json\r\n"
        "\r\n"
    )
    return head.encode() + bytes(BODY_BYTES)
