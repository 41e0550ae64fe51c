"""`mapkeeper queue`: what waits to be sent, what was set aside and why; sends it again, or drops it."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bot.settings import Settings
from storage.aside import aside, drop, lines, send_again
from storage.connection import Connection
from storage.database import Database
from storage.migrate import need_tables

MOST = 1_000
STATES = {
    "waiting": "waits",
    "leased": "on its way",
    "sending": "being sent",
    "unknown": "sent, perhaps",
    "dead": "not sent",
}


def look(settings: Settings, *, as_json: bool = False) -> str:
    """The queue as it stands, for people or for programs; it holds no word that anybody wrote."""
    need_tables(settings.database_url)
    counted, found = asyncio.run(_read(settings))
    now = datetime.now(UTC)
    if as_json:
        return json.dumps(
            {
                "queue": [
                    {"kind": row.kind, "state": row.state, "rows": row.rows, "oldest": row.oldest.isoformat()}
                    for row in counted
                ],
                "set_aside": [
                    {
                        "id": row.id,
                        "kind": row.kind,
                        "state": row.state,
                        "platform": row.platform,
                        "workspace": row.workspace,
                        "place": row.place,
                        "since": row.not_before.isoformat(),
                        "attempts": row.attempts,
                        "error": row.error,
                    }
                    for row in found
                ],
            },
            indent=2,
        )
    said = [_line(row, now) for row in counted] or ["Nothing waits, and nothing was set aside."]
    if found:
        said += ["", "Set aside:"]
        said += [_aside_line(row, now) for row in found]
        said += [
            "",
            "mapkeeper queue retry ID…   send it again (what was sent, perhaps, may then stand there twice)",
            "mapkeeper queue drop ID…    never send it; ALL means each of them",
        ]
    return "\n".join(said)


def settle(settings: Settings, how: Literal["retry", "drop"], ids: Sequence[str]) -> tuple[str, bool]:
    """Sends what was set aside again, or drops it, by its ids or ALL; what was done, and was each of them there?"""
    need_tables(settings.database_url)
    done, missing = asyncio.run(_settle(settings, how, ids))
    verb = "waits to be sent" if how == "retry" else "dropped"
    said = [f"{done} {verb}."] if done or not missing else []
    said += [f"{one} was not set aside, or a newer one waits in its place." for one in missing]
    return "\n".join(said), not missing


async def _read(settings: Settings) -> tuple[list[Any], list[Any]]:
    database = Database(settings.database_url)
    try:
        return await database.read(lambda connection: (lines(connection), aside(connection, MOST)))
    finally:
        await database.close()


async def _settle(settings: Settings, how: str, ids: Sequence[str]) -> tuple[int, list[str]]:
    database = Database(settings.database_url)
    now = datetime.now(UTC)

    def unit(connection: Connection) -> tuple[int, list[str]]:
        organisations = {row.id: row.organisation_id for row in aside(connection, MOST)}
        wanted = list(organisations) if list(ids) == ["ALL"] else list(dict.fromkeys(ids))
        done = [
            one
            for one in wanted
            if one in organisations and _settled(connection, how, organisations[one], one, now)
        ]
        return len(done), [one for one in wanted if one not in done]

    try:
        return await database.write(unit)
    finally:
        await database.close()


def _settled(connection: Connection, how: str, organisation_id: str, delivery_id: str, now: datetime) -> bool:
    if how == "drop":
        return drop(connection, organisation_id, delivery_id)
    return send_again(connection, organisation_id, delivery_id, now)


def _line(row: Any, now: datetime) -> str:
    return f"{row.rows:>7,}  {row.kind:<10} {STATES.get(row.state, row.state):<14} {_since(row.oldest, now)}"


def _aside_line(row: Any, now: datetime) -> str:
    where = f"{row.platform} {row.workspace}" + (f" #{row.place}" if row.place else "")
    head = f"  {row.id}  {row.kind}, {STATES[row.state]}, {where}, {_since(row.not_before, now)}"
    return f"{head}\n      {row.error or 'no reason is known'}"


def _since(at: datetime, now: datetime) -> str:
    gone = now - at
    if gone < timedelta():
        return f"due in {_length(-gone)}"
    return f"since {_length(gone)}"


def _length(gone: timedelta) -> str:
    seconds = int(gone.total_seconds())
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"
