"""What Prometheus is told: what happened and how things stand, to whoever has the token, and of nobody."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.playground.reading import plain
from tests.load import at_rest, later, told
from tests.world import World, running

ROOT = Path(__file__).parents[1]
TOKEN = "a-token-of-the-operator"
PLACES = ROOT / "docs" / "operations"


async def page(world: World, token: str | None = TOKEN) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{world.url}/metrics", headers=headers) as answer,
    ):
        return answer.status, await answer.text()


def value(text: str, name: str, **labels: str) -> float:
    """The one sample of that name and labels; 0 where there is none."""
    inside = ",".join(f'{label}="{said}"' for label, said in sorted(labels.items()))
    wanted = f"mapkeeper_{name}{{{inside}}} " if inside else f"mapkeeper_{name} "
    found = [line for line in text.splitlines() if line.startswith(wanted)]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


async def test_without_a_token_there_is_no_such_page_and_with_a_wrong_one_no_entry(sqlite_url: str) -> None:
    async with running(sqlite_url) as world:
        assert (await page(world))[0] == 404
        assert (await page(world, None))[0] == 404
    async with running(sqlite_url, more={"metrics_token": TOKEN}) as world:
        assert (await page(world, None))[0] == 401
        assert (await page(world, "a-token-of-somebody-else"))[0] == 401
        assert (await page(world))[0] == 200


async def test_a_token_that_is_no_text_is_a_wrong_one(sqlite_url: str) -> None:
    async with running(sqlite_url, more={"metrics_token": TOKEN}) as world:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(world.url).port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer \xff\xfe\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")
        writer.close()


async def test_what_happened_is_counted_and_nobody_is_named(database_url: str) -> None:
    async with running(database_url, more={"metrics_token": TOKEN}) as world:
        slack = world.slack
        await world.start_map()
        card = await world.log("pay: a secret complaint", user="ben")
        await slack.react("cleo", card, "+1")
        await slack.click("cleo", card, "Vote", forge={"action_id": "made.up|0", "value": "x"})
        slack.faults.add("chat.postMessage", "rate_limited", retry_after=30, channel="C0PRODUCT")
        await slack.command("ben", "product", "/pain", "pay: waits for its card")
        await world.until(lambda: [c for c in slack.calls if c.outcome == "ratelimited"])
        await at_rest(world)
        world.clock.skip(minutes=20)
        status, text = await page(world)
        assert status == 200
        assert value(text, "requests_total", platform="slack", action="log.pain", outcome="tell") == 2
        assert value(text, "requests_total", platform="slack", action="unknown", outcome="tell") == 1
        assert value(text, "request_seconds_count", platform="slack", action="mark") == 1
        assert value(text, "deliveries_total", kind="card", outcome="sent") == 1
        assert value(text, "deliveries_total", kind="card", outcome="limited") == 1
        assert value(text, "limited_total", method="post") == 1
        assert value(text, "pauses", method="post") == 1
        assert value(text, "queue", kind="card", state="waiting") == 1
        assert 1_200 <= value(text, "queue_oldest_seconds", kind="card") < 1_260
        assert value(text, "workspaces", platform="slack", state="served") == 1
        assert value(text, "database_up") == 1
        assert value(text, "commit_units_count") >= 5
        assert "process_resident_memory_bytes" in text
        for word in ("secret", "ben", "ada", "product", "T0ACME", "U0BEN", "made.up"):
            assert not re.search(rf'"[^"]*{word}[^"]*"', text), f"{word} is nobody's business"


async def test_a_digest_that_nobody_tells_is_late(sqlite_url: str) -> None:
    async with running(sqlite_url, more={"metrics_token": TOKEN}) as world:
        await world.start_map()
        assert value((await page(world))[1], "digests_late") == 0
        told(sqlite_url, "UPDATE due SET next_at = '2026-01-01 00:00:00.000000'")
        text = (await page(world))[1]
        assert value(text, "digests_late") == 1
        assert value(text, "digest_late_seconds") > 3_600


async def test_the_dashboard_and_the_alerts_ask_for_what_there_is_and_each_alert_says_what_to_do(
    sqlite_url: str,
) -> None:
    async with running(sqlite_url, more={"metrics_token": TOKEN}) as world:
        await world.start_map()
        card = await world.log("pay: no change")
        await world.slack.react("ben", card, "+1")
        await world.until(lambda: "▲ 1" in plain(card))
        later(world, seconds=1)
        text = (await page(world))[1]
    known = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    dashboard: Any = json.loads((PLACES / "grafana.json").read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    alerts = (PLACES / "alerts.yml").read_text()
    asked += re.findall(r"expr: (?:>\n)?(.+?)\n        \w+:", alerts, re.DOTALL)
    assert len(asked) > 25
    for expression in asked:
        names = re.findall(r"\b((?:mapkeeper|process)_\w+)", expression)
        assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in names} <= known, expression
    documented = set(re.findall(r"^## (\w+)", (PLACES / "alerts.md").read_text(), re.MULTILINE))
    assert set(re.findall(r"alert: (\w+)", alerts)) == documented
