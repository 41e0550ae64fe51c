"""Teams' connector and Microsoft's keys as far as the product needs them, a process of its own that says yes.

With `hangs` as its argument the keys never come.
"""

import asyncio
import base64
import itertools
import signal
import sys
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

HANGS_SECONDS = 3600


def teams_api(key_file: Path, *, hangs: bool) -> web.Application:
    """Everything is created; the key is the one in the file."""
    private = load_pem_private_key(key_file.read_bytes(), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    numbers = private.public_key().public_numbers()
    keys = [{"kty": "RSA", "kid": "key-1", "n": _base64(numbers.n), "e": _base64(numbers.e)}]
    ids = itertools.count(1_700_000_000_000)

    async def openid(request: web.Request) -> web.Response:
        if hangs:
            await asyncio.sleep(HANGS_SECONDS)
        return web.json_response({"jwks_uri": f"http://{request.host}/keys"})

    async def key(_: web.Request) -> web.Response:
        return web.json_response({"keys": keys})

    async def made(request: web.Request) -> web.Response:
        await request.read()
        number = next(ids)
        return web.json_response({"id": f"a:{number}", "activityId": str(number)}, status=201)

    async def member(_: web.Request) -> web.Response:
        return web.json_response({"id": "29:owner", "name": "Owner", "userRole": "user"})

    app = web.Application()
    app.add_routes([web.get("/openid", openid), web.get("/keys", key)])
    app.add_routes(
        [web.post("/v3/{rest:.*}", made), web.put("/v3/{rest:.*}", made), web.get("/v3/{rest:.*}", member)]
    )
    return app


async def main() -> None:
    """Serves until told to stop; the first line it prints is its address."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    app = teams_api(Path(sys.argv[1]), hangs="hangs" in sys.argv[2:])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await stop.wait()
    await runner.cleanup()


def _base64(number: int) -> str:
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


if __name__ == "__main__":
    asyncio.run(main())
