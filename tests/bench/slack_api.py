"""Slack's Web API as far as the product needs it, a process of its own that says yes and counts."""

import asyncio
import itertools
from collections import Counter

from aiohttp import web

from tests.bench.alone import serve
from tests.bench.payloads import BOT

FORM = "views.open"


def slack_api() -> web.Application:
    """Every method answers at once; `GET /calls` tells how many calls there were of each.

    After `POST /limit` it asks to be left alone for an hour, but for the forms that people open.
    """
    calls: Counter[str] = Counter()
    messages = itertools.count(1)
    limited = asyncio.Event()

    async def method(request: web.Request) -> web.Response:
        calls[request.match_info["method"]] += 1
        await request.read()
        if limited.is_set() and request.match_info["method"] != FORM:
            headers = {"Retry-After": "3600"}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        return web.json_response(
            {
                "ok": True,
                "ts": f"1800000000.{next(messages):06}",
                "user_id": BOT,
                "user": {"id": "U0", "name": "somebody", "tz": "Europe/Berlin"},
                "channel": {"id": "C0", "name": "benches", "is_private": False},
            }
        )

    async def counted(_: web.Request) -> web.Response:
        return web.json_response(calls)

    async def limit(_: web.Request) -> web.Response:
        limited.set()
        return web.Response()

    app = web.Application()
    app.add_routes(
        [web.route("*", "/api/{method}", method), web.get("/calls", counted), web.post("/limit", limit)]
    )
    return app


if __name__ == "__main__":
    serve(slack_api())
