"""How people and channels of Teams are reached: heard with every activity, kept, and refreshed where it changed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bot.payloads import dict_in, text_in
from bot.teams_payloads import actor_of, spot_of
from storage import conversations
from storage.connection import Connection
from storage.database import Database

MOST = 20_000  # that one process remembers


class Reference(NamedTuple):
    """How somebody or a channel is reached; what is not known is empty. `seen_in` is where somebody was last."""

    service_url: str
    conversation: str = ""
    user: str = ""
    team: str = ""
    name: str = ""
    zone: str = ""
    seen_in: str = ""


class References:
    """What is known of whom, in this process and in the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[tuple[str, str], Reference] = {}

    async def hear(self, activity: Mapping[str, Any]) -> None:
        """Takes note of what came with an activity."""
        actor, spot = actor_of(activity), spot_of(activity)
        if actor is None:
            return
        url, person = text_in(activity, "serviceUrl"), dict_in(activity, "from")
        if text_in(activity, "name").startswith("composeExtension/"):
            # It comes from wherever the person is, also where we are not.
            await self.note((actor.workspace, actor.user), Reference(url, user=text_in(person, "id")))
            return
        zone = text_in(activity, "localTimezone")
        direct = spot.channel if spot is not None and spot.direct else ""
        seen_in = spot.channel if spot is not None else ""
        await self.note(
            (actor.workspace, actor.user),
            Reference(url, direct, text_in(person, "id"), "", actor.name, zone, seen_in),
        )
        if spot is not None and not spot.direct:
            team = text_in(dict_in(dict_in(activity, "channelData"), "team"), "id")
            await self.note(
                (actor.workspace, spot.channel), Reference(url, spot.channel, team=team, name=spot.name)
            )

    async def note(self, key: tuple[str, str], heard: Reference) -> None:
        """Keeps what is new in it."""
        before = self._known.get(key)
        kept = (
            heard
            if before is None
            else Reference(*(new or old for new, old in zip(heard, before, strict=True)))
        )
        if before is None or kept._replace(seen_in="") != before._replace(seen_in=""):
            values = kept._asdict()
            del values["seen_in"]
            now = self._clock()

            def unit(connection: Connection) -> None:
                conversations.note(connection, now, tenant=key[0], external_id=key[1], **values)

            await self._database.write(unit)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = kept

    async def find(self, tenant: str, external_id: str) -> Reference | None:
        """How that person or channel is reached."""
        key = (tenant, external_id)
        here = self._known.get(key)
        if here is not None and (here.conversation or not here.user):
            return here
        row = await self._database.read(
            lambda connection: conversations.find(connection, tenant, external_id)
        )
        if row is None:
            return here
        found = Reference(row.service_url, row.conversation, row.user, row.team, row.name, row.zone)
        self._known[key] = found._replace(seen_in=here.seen_in if here else "")
        return self._known[key]

    async def channels_of(self, tenant: str, team: str) -> list[str]:
        """The channels of a team that were heard of."""
        rows = await self._database.read(lambda connection: conversations.of_team(connection, tenant, team))
        return [row.external_id for row in rows]
