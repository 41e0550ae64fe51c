"""People, channels, messages and views as Slack writes them into answers and payloads."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.playground.inputs import state_of
from bot.playground.keeping import kept_text
from bot.playground.schema import Json
from bot.playground.things import Channel, Message, Person, View
from bot.playground.world import World


def person_json(world: World, person: Person) -> Json:
    """A user object, as users.info answers it."""
    zone = ZoneInfo(person.tz)
    offset = datetime.now(UTC).astimezone(zone).utcoffset()
    profile = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.display or person.name,
        "display_name_normalized": person.display or person.name,
        "status_text": "",
        "status_emoji": "",
        "team": world.team_id,
    }
    if "users:read.email" in world.scopes and person.email:
        profile["email"] = person.email
    if person.bot:
        profile |= {"bot_id": world.bot_id, "api_app_id": world.app_id}
    return {
        "id": person.id,
        "team_id": world.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": person.admin or person.owner,
        "is_owner": person.owner,
        "is_primary_owner": person.owner,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_bot": person.bot,
        "is_app_user": False,
        "updated": int(time.time()),
    }


def channel_json(world: World, channel: Channel) -> Json:
    """A conversation object, as conversations.info answers it."""
    if channel.im_with:
        return {
            "id": channel.id,
            "created": 1_700_000_000,
            "is_im": True,
            "is_org_shared": False,
            "user": channel.im_with,
            "is_archived": False,
            "is_user_deleted": False,
            "is_open": True,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "is_member": world.bot.id in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "created": 1_700_000_000,
        "creator": "U0ADA",
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def channel_place(channel: Channel) -> Json:
    """The channel as an interaction names it: a private one without its name."""
    name = "privategroup" if channel.private and not channel.im_with else channel.name
    return {"id": channel.id, "name": name}


def message_json(world: World, message: Message) -> Json:
    """A message object."""
    body: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": world.team_id,
    }
    if message.by_bot:
        body |= {"bot_id": world.bot_id, "app_id": world.app_id}
    if message.blocks:
        body["blocks"] = message.blocks
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    if message.metadata:
        body["metadata"] = message.metadata
    if message.edited:
        body["edited"] = {"user": message.user, "ts": message.ts}
    if message.reactions:
        body["reactions"] = reactions_json(message, None)
    return body


def reactions_json(message: Message, shown: int | None) -> list[Json]:
    """The reactions on a message; Slack may name only the first `shown` people of each."""
    return [
        {"name": name, "users": users[:shown], "count": len(users)}
        for name, users in message.reactions.items()
    ]


def view_json(world: World, view: View) -> Json:
    """A view object with its state."""
    content = view.content
    return {
        "id": view.id,
        "team_id": world.team_id,
        "type": content["type"],
        "blocks": view.blocks,
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": state_of(view.blocks, view.touched)},
        "hash": view.hash,
        "title": kept_text(content.get("title"))
        or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "close": kept_text(content.get("close")),
        "submit": kept_text(content.get("submit")),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": world.app_id,
        "external_id": content.get("external_id", ""),
        "app_installed_team_id": world.team_id,
        "bot_id": world.bot_id,
    }
