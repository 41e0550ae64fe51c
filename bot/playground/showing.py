"""What one person's page shows, piece by piece: a key, and what stands there."""

from dataclasses import dataclass, field
from typing import Any

from bot.playground.schema import Json
from bot.playground.things import Channel, Message, Person, View
from bot.playground.tour import Tour
from bot.playground.world import World


@dataclass
class Marks:
    """How far everybody has read each channel: user id, channel id, timestamp."""

    read: dict[str, dict[str, str]] = field(default_factory=dict)

    def upto(self, user: str, channel: str) -> str:
        """The last message that the person has seen there."""
        return self.read.get(user, {}).get(channel, "")

    def reach(self, user: str, channel: Channel) -> None:
        """The person has seen everything there."""
        if channel.messages:
            self.read.setdefault(user, {})[channel.id] = max(one.ts for one in channel.messages)


def pieces(world: World, marks: Marks, tour: Tour, skipped: float, user: str) -> dict[str, Json]:
    """Everything for one person; messages as `m CHANNEL TIMESTAMP`, private ones last as `p CHANNEL TIMESTAMP`."""
    who = world.person(user)
    rooms = [room for room in world.channels.values() if _in_sight(room, who)]
    found: dict[str, Json] = {
        "team": {"name": world.team_name, "bot": world.bot.id},
        "people": {"list": [_person(one) for one in world.people.values()]},
        "rooms": {"list": [_room(world, marks, room, who) for room in rooms]},
        "clock": {"skipped": skipped},
        "tour": tour.shown(),
        "views": {"list": [_view(view) for view in world.views[who.id]]},
        "home": _home(world, who),
    }
    for room in rooms:
        for message in room.messages:
            found[f"m {room.id} {message.ts}"] = message_shown(message)
    for message in world.ephemerals:
        if message.only_for == who.id:
            found[f"p {message.channel} {message.ts}"] = message_shown(message)
    return found


def state_of_views(world: World, user: str) -> dict[str, Any]:
    """What stands in the inputs of a person's open forms, by view id."""
    return {view.id: view.touched for view in world.views[user]}


def message_shown(message: Message) -> Json:
    """A message as the page draws it."""
    shown: Json = {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
    }
    if message.thread_ts and message.thread_ts != message.ts:
        shown["thread"] = message.thread_ts
    if message.only_for:
        shown["only"] = True
    if message.edited and not message.by_bot:
        shown["edited"] = True
    if message.reactions:
        shown["reactions"] = [{"name": name, "users": users} for name, users in message.reactions.items()]
    return shown


def _in_sight(room: Channel, who: Person) -> bool:
    if room.im_with:
        return room.im_with == who.id
    return not room.private or who.id in room.members


def _person(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "full": person.real_name,
        "title": person.title,
        "zone": person.tz,
        "bot": person.bot,
    }


def _room(world: World, marks: Marks, room: Channel, who: Person) -> Json:
    seen = marks.upto(who.id, room.id)
    unread = sum(
        1
        for one in room.messages
        if one.ts > seen and one.user != who.id and (not one.thread_ts or one.thread_ts == one.ts)
    )
    return {
        "id": room.id,
        "name": room.name,
        "topic": room.topic,
        "private": room.private,
        "direct": bool(room.im_with),
        "members": sum(1 for member in room.members if not world.people[member].bot),
        "unread": unread,
    }


def _view(view: View) -> Json:
    content = {name: view.content.get(name) for name in ("title", "submit", "close", "blocks")}
    return {"id": view.id, "hash": view.hash, "errors": view.errors, **content}


def _home(world: World, who: Person) -> Json:
    view = world.homes.get(who.id)
    return {} if view is None else {"id": view.id, "blocks": view.blocks}
