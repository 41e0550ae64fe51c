"""The demo's page over HTTP: its files, its stream and its deeds, for this machine and this page alone."""

import gzip
import mimetypes
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from bot.playground.deeds import NotPossible, done
from bot.playground.house import House
from bot.playground.stream import told

STATIC = Path(__file__).parent / "static"
PACKED = {".html", ".css", ".js", ".svg"}
MOST_BODY = 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """The page of one house."""

    def __init__(self, house: House, bot_url: str) -> None:
        self._house = house
        self._bot_url = bot_url
        self._files = {path: packed(path) for path in sorted(STATIC.rglob("*")) if path.is_file()}
        self._streams: set[web.StreamResponse] = set()

    def app(self) -> web.Application:
        """Everything under one address."""
        app = web.Application(middlewares=[only_this_page], client_max_size=MOST_BODY)
        app.router.add_get("/", self._file)
        app.router.add_get("/stream", self._stream)
        app.router.add_post("/do/{deed}", self._do)
        app.router.add_get("/picture/{path:.+}", self._picture)
        app.router.add_get("/{path:.+}", self._file)
        return app

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = STATIC / (request.match_info.get("path") or "index.html")
        if path not in self._files:
            raise web.HTTPNotFound
        body, kind, packed = self._files[path]
        headers = {"Content-Type": kind}
        if packed:
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=body, headers=headers)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        try:
            who = self._house.slack.person(request.query.get("as", ""))
        except LookupError:
            raise web.HTTPNotFound from None
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **HEADERS})
        await response.prepare(request)
        with suppress(ConnectionError, aiohttp.ClientError):
            await told(self._house, who.id, request.query.get("since", ""), response)
        return response

    async def _do(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            body: Any = msgspec.json.decode(await request.read())
        except msgspec.DecodeError:
            raise web.HTTPBadRequest from None
        if not isinstance(body, dict):
            raise web.HTTPBadRequest
        try:
            return _json(await done(self._house, request.match_info["deed"], body))
        except NotPossible as refusal:
            return _json({"failure": str(refusal), "back": True})

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        """A picture that the bot serves, handed on so that the page loads from its own address alone."""
        address = f"{self._bot_url}/{request.match_info['path']}"
        async with aiohttp.ClientSession() as session, session.get(address, params=request.query) as answer:
            kind = answer.content_type
            if answer.status != 200 or not kind.startswith("image/"):
                raise web.HTTPNotFound
            # A picture may bring no script: SVG is drawn as an image only, under a policy of its own.
            headers = {
                "Content-Type": kind,
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            }
            return web.Response(body=await answer.read(), headers=headers)


@web.middleware
async def only_this_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses what another site, or another name for this machine, sends here."""
    port = request.transport.get_extra_info("sockname")[1] if request.transport else 0
    names = {f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"}
    host = request.headers.get("Host", "")
    if host not in names:
        raise web.HTTPForbidden(text="This page answers to 127.0.0.1 and localhost only.")
    origin = request.headers.get("Origin")
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    wrong = origin is not None and origin != f"http://{host}"
    if wrong or (foreign and request.path != "/") or (request.method == "POST" and origin is None):
        raise web.HTTPForbidden(text="This page takes orders from itself only.")
    try:
        response = await handler(request)
    except web.HTTPException as refusal:
        refusal.headers.update(HEADERS)
        raise
    if not response.prepared:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response


def packed(path: Path) -> tuple[bytes, str, bool]:
    """A file as it goes over the wire, its type, and whether it is compressed."""
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".js":
        kind = "text/javascript"
    if path.suffix in PACKED:
        return gzip.compress(body, 9), f"{kind}; charset=utf-8", True
    return body, "font/woff2" if path.suffix == ".woff2" else kind, False


def _json(body: Any) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), content_type="application/json")
