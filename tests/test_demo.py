"""The demo without a browser: its sample organisation, its clock, its memory, and whom its page obeys."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.playground.demo import running
from bot.playground.page import STATIC, packed
from bot.playground.product_clock import ProductClock, next_monday
from bot.playground.reading import plain

MOST_WEIGHT = 300 * 1024


class Page:
    """A page without a screen: what it is told, and what it does."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address

    async def told(self, who: str) -> Any:
        """The first event of the stream."""
        async with self._session.get(f"{self._address}/stream?as={who}") as answer:
            async for line in answer.content:
                if line.startswith(b"data: "):
                    return json.loads(line[6:])
        raise AssertionError("the stream ended before it began")

    async def does(self, deed: str, who: str, **body: Any) -> Any:
        """One deed, as the page sends it."""
        headers = {"Origin": self._address}
        async with self._session.post(
            f"{self._address}/do/{deed}", json={"as": who, **body}, headers=headers
        ) as answer:
            return await answer.json(content_type=None)

    async def messages(self, who: str, room: str = "C0JOURNEY") -> list[Any]:
        """What a person sees in a room after a reload, oldest first."""
        shown = (await self.told(who))["set"]
        return [shown[key] for key in sorted(shown) if key.startswith(f"m {room} ")]


@asynccontextmanager
async def page(folder: Path) -> AsyncIterator[Page]:
    """A running demo and a page of it."""
    async with (
        running(0, folder) as address,
        aiohttp.ClientSession(read_bufsize=2**22, timeout=aiohttp.ClientTimeout(total=10)) as session,
    ):
        yield Page(session, address)


async def test_the_sample_is_eight_weeks_of_a_map_by_five_people(folder: Path) -> None:
    async with page(folder) as demo:
        messages = await demo.messages("lea")
        cards = [plain(message["blocks"]) for message in messages]
        first, last = (datetime.fromtimestamp(float(messages[end]["ts"]), UTC) for end in (0, -1))
        assert timedelta(days=52) < last - first < timedelta(days=55)
        assert datetime.now(UTC) > last
        for words in (
            "🔴 P-4 · Pay · stops the journey",
            "▲ 4 · 1 account · 1 quote",
            "✔ resolved",
            "in progress",
            "⚡ disputed",
            "◌ stale",
            "Chen: fixed.",
        ):
            assert any(words in card for card in cards), words
        assert sum("Pay hurts most." in card for card in cards) >= 2, "a digest for each Monday that passed"
        people = [one for one in (await demo.told("lea"))["set"]["people"]["list"] if not one["bot"]]
        assert len(people) == 5


async def test_four_weeks_later_each_mondays_digest_has_come_once(folder: Path) -> None:
    async with page(folder) as demo:
        before = sum("hurts most" in plain(one["blocks"]) for one in await demo.messages("lea"))
        await demo.does("clock", "lea", jump="weeks")
        for _ in range(100):
            after = sum("hurts most" in plain(one["blocks"]) for one in await demo.messages("lea"))
            if after > before:
                break
        assert before < after <= before + 4, "one each Monday, and none on an empty week"


async def test_what_was_done_is_still_there_after_a_restart(folder: Path) -> None:
    async with page(folder) as demo:
        await demo.does("command", "ben", channel="C0JOURNEY", name="/gain", text="eat: The olives")
        await demo.does("say", "ben", channel="C0SUPPORT", text="See you tomorrow")
        await demo.does("clock", "ben", jump="minutes")
        for _ in range(100):
            if "G-3" in plain((await demo.messages("ben"))[-1]["blocks"]):
                break
    async with page(folder) as demo:
        shown = (await demo.told("lea"))["set"]
        assert "See you tomorrow" in plain((await demo.messages("lea", "C0SUPPORT"))[-1]["blocks"])
        assert 600 <= shown["clock"]["skipped"] < 660
        reply = await demo.does("command", "lea", channel="C0JOURNEY", name="/journey", text="show G-3")
        assert reply == {}, "the bot still knows what it logged"


async def test_the_tours_first_step_is_done_once_something_is_logged(folder: Path) -> None:
    async def ticked() -> bool:
        steps = (await demo.told("lea"))["set"]["tour"]["steps"]
        return bool(next(step["done"] for step in steps if step["name"] == "pain"))

    async with page(folder) as demo:
        pain = {"channel": "C0JOURNEY", "name": "/pain"}
        await demo.does("command", "lea", **pain, text="parking: The garage is full by eight")
        assert not await ticked(), "it is asked for the stage first"
        await demo.does("command", "lea", **pain, text="pay: The garage is full by eight")
        assert await ticked()


async def test_a_command_that_is_not_there_says_so(folder: Path) -> None:
    async with page(folder) as demo:
        answer = await demo.does("command", "lea", channel="C0JOURNEY", name="/dance", text="")
        assert answer["failure"].startswith("/dance is not a command here.")
        assert (await demo.does("dance", "lea"))["failure"]
        assert (await demo.does("say", "nobody", channel="C0JOURNEY", text="hello"))["failure"]
        assert (await demo.does("say", "lea", channel="C0JOURNEY", text="x" * 40_001))["failure"]
        assert (await demo.does("clock", "lea", jump="back"))["failure"]


async def test_no_other_site_can_drive_the_page(folder: Path) -> None:
    async with running(0, folder) as address, aiohttp.ClientSession() as session:
        port = address.rpartition(":")[2]
        good = {"Origin": address, "Content-Type": "application/json"}
        body = '{"as": "lea", "channel": "support", "text": "hello"}'
        for headers, status in (
            (good, 200),
            ({**good, "Origin": "https://evil.example"}, 403),
            ({**good, "Origin": "null"}, 403),
            ({"Content-Type": "application/json"}, 403),
            ({**good, "Host": f"evil.example:{port}", "Origin": f"http://evil.example:{port}"}, 403),
            ({**good, "Sec-Fetch-Site": "cross-site"}, 403),
            ({**good, "Content-Type": "text/plain"}, 415),
        ):
            async with session.post(f"{address}/do/say", data=body, headers=headers) as answer:
                assert answer.status == status, headers
        for path, status in (("/", 200), ("/js/main.js", 200), ("/../demo.py", 404), ("/js", 404)):
            async with session.get(f"{address}{path}") as answer:
                assert answer.status == status, path
                assert "default-src 'none'" in answer.headers.get("Content-Security-Policy", "")
        async with session.get(
            f"{address}/stream?as=lea", headers={"Sec-Fetch-Site": "cross-site"}
        ) as answer:
            assert answer.status == 403


def test_the_page_weighs_less_than_300_kb() -> None:
    files = [path for path in STATIC.rglob("*") if path.is_file() and path.suffix != ".txt"]
    assert sum(len(packed(path)[0]) for path in files) <= MOST_WEIGHT


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-22T12:00+01:00", "2026-11-23T09:00+01:00"),
        ("2026-11-23T08:59+01:00", "2026-11-23T09:00+01:00"),
        ("2026-11-23T09:00+01:00", "2026-11-30T09:00+01:00"),
        ("2026-10-24T12:00+02:00", "2026-10-26T09:00+01:00"),
    ],
)
def test_monday_at_nine_is_the_next_one_also_when_the_clocks_change(now: str, monday: str) -> None:
    assert next_monday(datetime.fromisoformat(now), "Europe/Berlin") == datetime.fromisoformat(monday)


def test_product_time_moves_and_real_time_does_not() -> None:
    real = datetime(2026, 11, 22, 12, tzinfo=UTC)
    clock = ProductClock(real=lambda: real)
    clock.jump("minutes", "UTC")
    clock.jump("monday", "UTC")
    assert clock() == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert clock.jump("weeks", "UTC") == datetime(2026, 12, 21, 9, tzinfo=UTC)
