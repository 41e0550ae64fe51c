"""What becomes of a workspace: channels renamed, archived, deleted, people in and out, the app taken away."""

from bot.playground.hands import Hands
from bot.playground.json_shapes import person_json
from bot.playground.replies import Reply
from bot.playground.schema import Json
from bot.playground.things import Channel, Person


class Life(Hands):
    """Changes of the workspace itself, and the events that tell of them."""

    async def rename_channel(self, channel: str | Channel, name: str) -> Reply:
        """Give a channel another name."""
        room = self.world.channel(channel)
        room.name = name
        return await self._of(room, "rename", {"id": room.id, "name": name, "created": 1_700_000_000})

    async def archive(self, channel: str | Channel, user: str | Person) -> Reply:
        """Put a channel away."""
        room = self.world.channel(channel)
        room.archived = True
        return await self._of(room, "archive", room.id, user=self.world.person(user).id)

    async def unarchive(self, channel: str | Channel, user: str | Person) -> Reply:
        """Bring a channel back."""
        room = self.world.channel(channel)
        room.archived = False
        return await self._of(room, "unarchive", room.id, user=self.world.person(user).id)

    async def delete_channel(self, channel: str | Channel) -> Reply:
        """Delete a channel for ever."""
        room = self.world.channel(channel)
        reply = await self._of(room, "deleted", room.id)
        del self.world.channels[room.id]
        self.world.changes.ring()
        return reply

    async def remove_bot(self, channel: str | Channel, user: str | Person) -> Reply:
        """Send the bot out of a channel; it is told."""
        room = self.world.channel(channel)
        reply = await self._of(room, "left", room.id, actor_id=self.world.person(user).id)
        room.members.discard(self.world.bot.id)
        return reply

    async def invite(self, channel: str | Channel, who: str | Person, inviter: str | Person) -> Reply:
        """Bring a person or the bot into a channel."""
        room, new = self.world.channel(channel), self.world.person(who)
        room.members.add(new.id)
        event: Json = {
            "type": "member_joined_channel",
            "user": new.id,
            "channel": room.id,
            "channel_type": "G" if room.private else "C",
            "team": self.world.team_id,
            "inviter": self.world.person(inviter).id,
            "event_ts": self.world.ts(),
        }
        return await self._told(room, event)

    async def leave(self, channel: str | Channel, who: str | Person) -> Reply:
        """Somebody goes out of a channel."""
        room, gone = self.world.channel(channel), self.world.person(who)
        room.members.discard(gone.id)
        event: Json = {
            "type": "member_left_channel",
            "user": gone.id,
            "channel": room.id,
            "channel_type": "G" if room.private else "C",
            "team": self.world.team_id,
            "event_ts": self.world.ts(),
        }
        self.world.changes.ring()
        return await self._told(room, event)

    async def change_person(
        self, who: str | Person, *, display: str = "", tz: str = "", deleted: bool | None = None
    ) -> Reply:
        """Another name or time zone, or an account that is closed or open again."""
        person = self.world.person(who)
        person.display, person.tz = display or person.display, tz or person.tz
        person.deleted = person.deleted if deleted is None else deleted
        return await self.event("user_change", user=person_json(self.world, person))

    async def uninstall(self) -> list[Reply]:
        """Take the app out of the workspace: its token is worth nothing, and it is told twice."""
        self.credentials.revoked = True
        bots = {"oauth": [], "bot": [self.world.bot.id]}
        return [await self.event("tokens_revoked", tokens=bots), await self.event("app_uninstalled")]

    async def _of(self, room: Channel, happened: str, channel: str | Json, **more: str) -> Reply:
        kind = "group" if room.private else "channel"
        event = {"type": f"{kind}_{happened}", "channel": channel, "event_ts": self.world.ts(), **more}
        self.world.changes.ring()
        return await self._told(room, event)
