"""Teams against botbuilder as it comes, against a bare Bolt, and what its troubles cost Slack."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.bench import payloads
from tests.bench.load import Load, load
from tests.bench.processes import GENERATOR, SERVER, Server, serving
from tests.bench.product import databases, prepare
from tests.bench.table import Row, at_least, at_most
from tests.bench.traffic import BASELINE, CONNECTIONS, Subject, alternating, bare, told
from tests.teams_stand_in import APP_ID, CHANNEL, ISSUER, TEAM, TENANT

TIMES_STOCK, SHARE_NOTHING, SHARE_LOG, SLOWER = 20.0, 0.6, 0.40, 2.0
EACH, STOCK_EACH = 2000, 600
ENDPOINT = "/api/messages"

_numbers = itertools.count(time.time_ns())


class Bench:
    """The product with its Teams, and how its activities are made."""

    def __init__(self, server: Server, service: str, key: rsa.RSAPrivateKey) -> None:
        self.server = server
        self.service = service
        now = int(time.time())
        said = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 5, "exp": now + 7200, "serviceurl": service}
        self._token = jwt.encode(said, key, algorithm="RS256", headers={"kid": "key-1"})

    def nothing(self, many: int) -> list[bytes]:
        """Somebody is typing: nothing is to be done about it."""
        return [self._request(type="typing") for _ in range(many)]

    def unsigned(self, many: int) -> list[bytes]:
        """The same without a token, for who asks for none: that is less to do."""
        return [_without_token(one) for one in self.nothing(many)]

    def logs(self, many: int) -> list[bytes]:
        """A pain each, with our mention in front."""
        return [self._logged() for _ in range(many)]

    def map_form(self) -> bytes:
        """The form that starts the map."""
        data = {
            "mapkeeper": {"action": "map.make", "token": "t", "about": {"version": "1"}},
            "template": "restaurant-visit",
            "name": "Dinner",
        }
        return self._request(type="invoke", name="task/submit", value={"data": data})

    def _logged(self) -> bytes:
        called = {"type": "mention", "text": "<at>Mapkeeper</at>", "mentioned": {"id": f"28:{APP_ID}"}}
        return self._request(
            type="message", text=f"<at>Mapkeeper</at> pain {payloads.line()}", entities=[called]
        )

    def _request(self, **more: Any) -> bytes:
        number = next(_numbers)
        activity = {
            "id": str(number),
            "timestamp": datetime.now(UTC).isoformat(),
            "localTimezone": "Europe/Berlin",
            "serviceUrl": self.service,
            "channelId": "msteams",
            "from": {"id": "29:owner", "name": "Owner", "aadObjectId": "aad-owner"},
            "recipient": {"id": f"28:{APP_ID}", "name": "Mapkeeper"},
            "conversation": {
                "id": f"{CHANNEL};messageid={number}",
                "conversationType": "channel",
                "isGroup": True,
                "tenantId": TENANT,
            },
            "channelData": {"tenant": {"id": TENANT}, "channel": {"id": CHANNEL}, "team": {"id": TEAM}},
        }
        body = json.dumps(activity | more)
        return (
            f"POST {ENDPOINT} HTTP/1.1\r\nHost: bot.example.com\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
        ).encode()


async def teams(folder: Path, rounds: int) -> list[Row]:
    """A message that does nothing, and the full log."""
    async with (
        bare() as baseline,
        serving("tests.bench.stock_teams", core=SERVER) as stock,
        product(folder) as bench,
    ):
        server = bench.server
        await load(server.address, [bench.map_form()], 1, b"")
        idle = Subject("a Teams message that does nothing", server, bench.nothing, b"")
        usual = Subject(
            "the same in stock botbuilder", stock, lambda many: bench.unsigned(min(many, STOCK_EACH)), b""
        )
        logged = Subject("log a pain from Teams, SQLite", server, bench.logs, b"")
        found = await alternating([baseline, idle, usual, logged], rounds, EACH, CONNECTIONS)
    rates = {name: [one.load.rate for one in turns] for name, turns in found.items()}

    def shares(one: str, other: str) -> list[float]:
        return [mine / theirs for mine, theirs in zip(rates[one], rates[other], strict=True)]

    behind = {name: told(turns) for name, turns in found.items()}
    return [
        at_least(f"{idle.name}, × stock", shares(idle.name, usual.name), TIMES_STOCK, behind[usual.name]),
        at_least(f"{idle.name}, × bare Bolt", shares(idle.name, BASELINE), SHARE_NOTHING, behind[idle.name]),
        at_least(logged.name, shares(logged.name, BASELINE), SHARE_LOG, behind[logged.name]),
    ]


async def keys_hang(folder: Path, rounds: int) -> list[Row]:
    """Slack's slowest hundredth while Microsoft's keys do not come and Teams keeps sending, against without."""
    async with product(folder, hangs=True) as bench:
        await load(bench.server.address, [payloads.pain() for _ in range(500)], CONNECTIONS, b"Got it")
        ratios = []
        for _ in range(rounds):
            alone = await load(bench.server.address, _pains(), CONNECTIONS, b"Got it")
            sending = asyncio.ensure_future(_refused(bench))
            meanwhile = await load(bench.server.address, _pains(), CONNECTIONS, b"Got it")
            sending.cancel()
            ratios.append(meanwhile.p99 / alone.p99)
            last: tuple[Load, Load] = (alone, meanwhile)
    behind = f"p99 {last[1].p99:.1f} ms meanwhile, {last[0].p99:.1f} ms without"
    return [at_most("Slack's p99 while Microsoft's keys hang", ratios, SLOWER, behind)]


@asynccontextmanager
async def product(folder: Path, *, hangs: bool = False) -> AsyncIterator[Bench]:
    """The product on SQLite with a map in Slack, and Teams' connector beside it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = folder / "key.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with databases(folder) as urls:
        await prepare(urls["SQLite"], 0, 0)
        async with (
            serving("tests.bench.slack_api", core=GENERATOR) as slack,
            serving("tests.bench.teams_api", str(file), *(["hangs"] if hangs else []), core=GENERATOR) as api,
        ):
            known = {
                "DATABASE_URL": urls["SQLite"],
                "BENCH_SLACK": slack.url,
                "BENCH_OPENID": f"{api.url}/openid",
            }
            async with serving("tests.bench.teams_product", core=SERVER, settings=known) as server:
                yield Bench(server, f"{api.url}/", key)


def _without_token(request: bytes) -> bytes:
    before, _, after = request.partition(b"Authorization: ")
    return before + after.partition(b"\r\n")[2]


def _pains() -> list[bytes]:
    return [payloads.pain() for _ in range(EACH // 2)]


async def _refused(bench: Bench) -> None:
    """Teams keeps sending, whatever it is answered."""
    host, port = bench.server.address
    while True:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(bench.nothing(1)[0])
        await reader.readline()
        writer.close()
