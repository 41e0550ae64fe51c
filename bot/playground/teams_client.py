"""Microsoft 365 Agents Playground, Microsoft's own local Teams client, as a process beside the bot.

https://www.npmjs.com/package/@microsoft/m365agentsplayground ; it needs Node, and opens no dialogs.
"""

import asyncio
import contextlib
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import aiohttp

PACKAGE = "@microsoft/m365agentsplayground@0.2.28"
COMMAND = "agentsplayground"  # where somebody has installed it
PORT = 56150
START_SECONDS = 120.0  # the first time it may have to be fetched
TENANT, TEAM, PERSONAL, GROUP = "osteria-nove", "19:osteria@thread.tacv2", "a:lea", "19:group@thread.v2"
CHANNEL = "19:customer-journey@thread.tacv2"
BOT, ME_ID = "28:mapkeeper", "29:lea"
ME, TEAM_NAME = "Lea Brandt", "Osteria Nove"
OTHERS = ("Ben Okafor", "Chen Liu", "Dana Rossi", "Emil Novak", "Nora Winter")


class NoNode(Exception):
    """Neither the Playground nor npx is there."""


class Client(NamedTuple):
    """A running Playground."""

    address: str
    session: aiohttp.ClientSession

    async def mock(self, who: str, kind: str, conversation: str = "", **more: Any) -> None:
        """Sends the bot an activity as if it came from somebody in the channel, or in a thread of it."""
        activity = {
            "id": uuid4().hex,
            "type": kind,
            "channelId": "msteams",
            "timestamp": datetime.now(UTC).isoformat(),
            "serviceUrl": f"{self.address}/_connector",
            "from": {"id": f"29:{who}", "aadObjectId": f"aad-{who}", "name": who.title()},
            "recipient": {"id": BOT, "name": "Mapkeeper"},
            "conversation": {
                "id": conversation or CHANNEL,
                "conversationType": "channel",
                "isGroup": True,
                "tenantId": TENANT,
            },
            "channelData": {"tenant": {"id": TENANT}, "team": {"id": TEAM}, "channel": {"id": CHANNEL}},
        }
        await self._ask("_internal/v1/customActivities", activity | more)

    async def post(self, words: str) -> None:
        """We write a message in the channel, and mention the bot."""
        called = {"mentioned": {"id": BOT}, "text": "<at>Mapkeeper</at>"}
        body = {"from": {"id": ME_ID}, "text": f"<at>Mapkeeper</at> {words}", "textFormat": "plain"}
        await self._ask(f"_conversation/v1/conversations/{CHANNEL}/messages", body | {"mentions": [called]})

    async def invoke(self, name: str, value: dict[str, Any]) -> Any:
        """We press something in the channel that is no button of a message; the bot's answer."""
        body = {"name": name, "value": value, "from": {"id": ME_ID}, "conversation": {"id": CHANNEL}}
        return await self._ask("_conversation/v1/invoke", body)

    async def _ask(self, path: str, body: dict[str, Any]) -> Any:
        async with self.session.post(f"{self.address}/{path}", json=body) as response:
            response.raise_for_status()
            return await response.json(content_type=None)


@asynccontextmanager
async def playground(bot_url: str, folder: Path, port: int = PORT) -> AsyncIterator[Client]:
    """The Playground with our people in it, talking to the bot; raises NoNode. Its files go into the folder."""
    config = folder / "playground.yml"
    await asyncio.to_thread(config.write_text, json.dumps(configuration()))
    environment = {
        **os.environ,
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(config),
        "M365_AGENTS_PLAYGROUND_LOGFILE": str(folder / "playground.log"),
        "TEAMSAPPTESTER_BROWSER": "none",
    }
    options = ["-c", "msteams", "-e", f"{bot_url}/api/messages", "-p", str(port), "--disable-telemetry"]
    process = await asyncio.create_subprocess_exec(
        *command(),
        "start",
        *options,
        env=environment,
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with aiohttp.ClientSession() as session:
            client = Client(f"http://localhost:{port}", session)
            await _answers(client, process)
            yield client
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        await process.wait()


def command() -> list[str]:
    """What starts it; raises NoNode."""
    if shutil.which(COMMAND):
        return [COMMAND]
    if shutil.which("npx"):
        return ["npx", "--yes", PACKAGE]
    raise NoNode


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def configuration() -> dict[str, Any]:
    """The people and chats of the sample organisation, as the Playground reads them."""
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT, "name": "Mapkeeper"},
        "currentUser": _person(ME),
        "users": [_person(name) for name in OTHERS],
        "personalChat": {"id": PERSONAL},
        "groupChat": {"id": GROUP, "name": "Kitchen and floor"},
        "team": {
            "id": TEAM,
            "name": TEAM_NAME,
            "aadGroupId": "osteria-nove-group",
            "channels": [{"id": CHANNEL, "name": "customer-journey"}],
        },
    }


def _person(name: str) -> dict[str, str]:
    given, surname = name.split()
    known = {"id": f"29:{given.lower()}", "aadObjectId": f"aad-{given.lower()}", "name": name}
    address = f"{given.lower()}@osteria-nove.example"
    return known | {"givenName": given, "surname": surname, "email": address, "userPrincipleName": address}


async def _answers(client: Client, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_SECONDS):
        while process.returncode is None:
            with contextlib.suppress(aiohttp.ClientError):
                async with client.session.get(f"{client.address}/_debug/ping") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise NoNode
