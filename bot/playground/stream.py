"""What one open page has been told, and what it is to be told next, as server-sent events."""

import asyncio

import msgspec
from aiohttp import web

from bot.playground.house import House
from bot.playground.schema import Json
from bot.playground.showing import pieces, state_of_views

BREATH = 0.004  # what happens in one breath is told at once
HEARTBEAT = 10.0


class Stream:
    """The difference between what a page shows and what its person should see."""

    def __init__(self, house: House, user: str) -> None:
        self._house = house
        self._user = user
        self._told: dict[str, bytes] = {}

    def first(self, since: str) -> bytes:
        """Everything; private messages from `since` on only, as a reload makes them vanish."""
        world = self._house.slack.world
        since = since or world.ts()
        self._told = self._now()
        shown = {
            key: value
            for key, value in self._told.items()
            if not key.startswith("p ") or key.rpartition(" ")[2] >= since
        }
        more = {"fresh": True, "boot": self._house.boot, "offers": self._house.offers, "me": self._user}
        more["since"] = since
        return self._event(shown, [], more)

    def change(self) -> bytes | None:
        """What has changed since, or None."""
        now = self._now()
        fresh = {key: value for key, value in now.items() if self._told.get(key) != value}
        gone = [key for key in self._told if key not in now]
        self._told = now
        return self._event(fresh, gone, {}) if fresh or gone else None

    def _now(self) -> dict[str, bytes]:
        house = self._house
        skipped = house.clock.skipped.total_seconds()
        found = pieces(house.slack.world, house.marks, house.tour, skipped, self._user)
        return {key: msgspec.json.encode(value) for key, value in found.items()}

    def _event(self, shown: dict[str, bytes], gone: list[str], more: Json) -> bytes:
        body = {"set": {key: msgspec.Raw(value) for key, value in shown.items()}, "gone": gone, **more}
        if "views" in shown:
            body["typed"] = state_of_views(self._house.slack.world, self._user)
        return b"data: " + msgspec.json.encode(body) + b"\n\n"


async def told(house: House, user: str, since: str, response: web.StreamResponse) -> None:
    """Tells a page everything, and then every change, until it goes away."""
    stream = Stream(house, user)
    await response.write(b"retry: 1000\n" + stream.first(since))
    while True:
        news = stream.change()
        if news is not None:
            await response.write(news)
            continue
        if await house.slack.world.changes.until_rung(HEARTBEAT):
            await asyncio.sleep(BREATH)
        else:
            await response.write(b": still here\n\n")
