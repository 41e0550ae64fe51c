"""What a test sees behind the product's back: the rows of its SQLite database, and forged requests."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from io import BytesIO
from typing import Any

import aiohttp

from bot.playground.blocks import elements_of
from bot.playground.replies import Reply
from bot.playground.things import Message, View
from storage.database import sqlite_path
from tests.world import World

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def rows(world: World, sql: str, *values: object) -> list[dict[str, Any]]:
    """The rows of a question, or none after a change; it is committed at once."""
    with closing(sqlite3.connect(sqlite_path(world.keeper.database.url), timeout=5)) as connection:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(sql, values)]
        connection.commit()
        return found


def count(world: World, table: str) -> int:
    """How many rows a table has."""
    return int(rows(world, f"SELECT count(*) AS n FROM {table}")[0]["n"])


def give_role(world: World, user: str, role: str) -> None:
    """Somebody known may do more or less from now on."""
    rows(world, "UPDATE people SET role = ? WHERE name = ?", role, user)


def history(world: World) -> list[dict[str, Any]]:
    """Every change of every map, oldest first."""
    return rows(world, "SELECT * FROM changes ORDER BY map_id, revision")


async def post(
    world: World,
    body: bytes | BytesIO,
    headers: Mapping[str, str],
    *,
    session: aiohttp.ClientSession | None = None,
) -> tuple[int, str]:
    """A request to Slack's door exactly as given: its status and body."""
    if session is None:
        async with aiohttp.ClientSession() as fresh:
            return await post(world, body, headers, session=fresh)
    async with session.post(f"{world.url}/slack/events", data=body, headers=headers) as answer:
        return answer.status, await answer.text()


def signed(
    world: World, body: bytes, content_type: str = JSON, *, at: float | None = None, secret: str | None = None
) -> dict[str, str]:
    """The headers of a request that Slack signed."""
    return world.slack.sender.signed(body, content_type, at, secret)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a piece of JSON."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inside:
        yield from places(part, (*path, name))


def with_value(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy of a piece of JSON in which one value is another."""
    if not path:
        return new
    if isinstance(value, dict):
        return {**value, path[0]: with_value(value[path[0]], path[1:], new)}
    copy = list(value)
    copy[path[0]] = with_value(copy[path[0]], path[1:], new)
    return copy


async def press(world: World, user: str, where: Message | View, name: str, *, option: Any = None) -> Reply:
    """Somebody presses a button by its words or chooses in a menu by its action, and sees what comes of it."""
    ids = [
        element["action_id"]
        for block in where.blocks
        for element in elements_of(block)
        if block["type"] == "actions" and element["type"] != "button"
    ]
    action_id = next((one for one in ids if one.partition("|")[0] == name), name)
    reply = await world.slack.click(user, where, action_id, option=option)
    # Cards and Home tabs that come meanwhile are put down to the click as well.
    await world.until(lambda: any(one.what not in ("message", "home") for one in reply.seen))
    return reply


def buttons(where: Message | View) -> list[str]:
    """The words on the buttons of a message or form."""
    elements = [element for block in where.blocks for element in elements_of(block)]
    return [element["text"]["text"] for element in elements if element["type"] == "button"]


def offered(where: Message | View, action: str) -> list[str]:
    """The words in the menu that does this action; in an overflow, `more`."""
    for block in where.blocks:
        for element in elements_of(block):
            if element["action_id"].partition("|")[0] == action and "options" in element:
                return [option["text"]["text"] for option in element["options"]]
    raise LookupError(f"no menu does {action!r}")


def retire_stage(world: World, slug: str) -> None:
    """A stage leaves its map."""
    rows(world, "UPDATE stages SET retired_at = '2026-01-01 00:00:00.000000' WHERE slug = ?", slug)


def tampered(world: World, view: View, **about: str) -> None:
    """A form that carries other things than we put into it."""
    carried = json.loads(view.content["private_metadata"])
    carried["about"] |= about
    view.content["private_metadata"] = json.dumps(carried)


def hurry(world: World) -> None:
    """What waits to be drawn together with later changes is drawn now."""
    world.clock.skip(seconds=1)
    world.keeper.sender.wake()


async def kept(world: World, sql: str, within: float = 30.0) -> None:
    """Returns as soon as the question has an answer: what is only written rings no bell."""
    async with asyncio.timeout(within):
        while not rows(world, sql):  # noqa: ASYNC110  # another thread writes, and nothing tells of it
            await asyncio.sleep(0.02)
