"""`mapkeeper demo --teams`: the sample map, fed from the demo's Slack and from a Teams beside it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from bot.playground.house import House
from bot.playground.sample import HOME_ROOM, MAP_NAME
from bot.playground.teams_client import CHANNEL, ME, TENANT, Client, playground
from handlers.request import Actor, PlaceFacts, Profile, Request, Spot

LOOK_SECONDS = 0.2


@asynccontextmanager
async def beside(house: House, bot_url: str, folder: Path, port: int) -> AsyncIterator[Client]:
    """A Teams beside the demo's Slack, of the same organisation, with the map in its channel."""
    async with playground(bot_url, folder, port) as client:
        lea = _Lea(house)
        await client.mock("lea", "conversationUpdate")
        await lea.is_reached(CHANNEL)
        await lea.joins()
        showing = asyncio.ensure_future(lea.shows_the_map())
        try:
            yield client
        finally:
            showing.cancel()


class _Lea:
    """What Lea does in Teams, with the codes that she gets in Slack."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asked = 0

    async def joins(self) -> None:
        """Teams becomes a part of the organisation, and Lea the same person there."""
        await self._asks("installed", surface="event")
        await self._asks("link", text=await self._code("link"))
        await self._asks("link", text=await self._code("link me"))

    async def shows_the_map(self) -> None:
        """The channel shows the map as soon as somebody looks: the Playground forgets what came before."""
        await self.is_reached("aad-lea")
        await self._asks("map.use", text=MAP_NAME)

    async def is_reached(self, known: str) -> None:
        """Waits until the bot has heard of a person's chat, or of a channel."""
        teams = self._house.keeper.teams
        assert teams is not None
        while True:
            found = await teams.references.find(TENANT, known)
            if found is not None and found.conversation:
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _code(self, typed: str) -> str:
        said = await self._house.slack.command("lea", HOME_ROOM, "/journey", typed)
        return said.text.rpartition("link ")[2].split()[0]

    async def _asks(self, action: str, **more: str) -> None:
        self._asked += 1
        request = Request(
            actor=Actor("teams", TENANT, "aad-lea", ME),
            spot=Spot(CHANNEL, "customer-journey", private=False),
            action=action,
            key=f"demo {self._asked}",
            surface="command",
            profile=Profile(ME, "Europe/Berlin"),
            place=PlaceFacts("customer-journey", private=False),
        )
        await self._house.keeper.dispatch(msgspec.structs.replace(request, **more))
