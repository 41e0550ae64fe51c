"""The payloads of commands, interactions and events, field by field as Slack sends them."""

import secrets
import time

from bot.playground.inputs import State, state_of
from bot.playground.json_shapes import channel_place, message_json, view_json
from bot.playground.reading import escaped
from bot.playground.schema import Json
from bot.playground.things import Channel, Message, Person, View
from bot.playground.world import World


def command_form(
    world: World, token: str, who: Person, channel: Channel, name: str, text: str, trigger: str, url: str
) -> dict[str, str]:
    """The form fields of a slash command."""
    return {
        "token": token,
        "team_id": world.team_id,
        "team_domain": world.domain,
        "channel_id": channel.id,
        "channel_name": channel_place(channel)["name"],
        "user_id": who.id,
        "user_name": who.name,
        "command": name,
        "text": escaped(text),
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger,
    }


def interaction(world: World, token: str, kind: str, who: Person) -> Json:
    """What every interaction carries."""
    return {
        "type": kind,
        "user": {"id": who.id, "username": who.name, "name": who.name, "team_id": world.team_id},
        "api_app_id": world.app_id,
        "token": token,
        "team": {"id": world.team_id, "domain": world.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def shortcut_base(world: World, token: str, kind: str, who: Person) -> Json:
    """What a shortcut carries: as an interaction, but it leaves the app unnamed."""
    body = interaction(world, token, kind, who)
    del body["api_app_id"]
    del body["user"]["username" if kind == "message_action" else "name"]
    return body | {"action_ts": action_ts()}


def action_ts() -> str:
    """The time of a click."""
    return f"{time.time():.6f}"


def action(block: Json, element: Json, state: Json | None, option: Json | None) -> Json:
    """One entry of `actions`."""
    body: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts(),
    }
    shown = ("text", "value", "style", "url") if element["type"] == "button" else ("placeholder",)
    body |= {name: element[name] for name in shown if name in element}
    if option is not None:
        body["selected_option"] = option
    if state is not None:
        body |= state
    return body


def message_part(world: World, message: Message, touched: State, url: str) -> Json:
    """Where a click in a message happened; an ephemeral one is not shown to the bot again."""
    channel = world.channels[message.channel]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    body: Json = {
        "container": container,
        "channel": channel_place(channel),
        "state": {"values": state_of(message.blocks, touched)},
        "response_url": url,
    }
    if message.only_for is None:
        body["message"] = message_json(world, message)
    return body


def view_part(world: World, view: View) -> Json:
    """Where a click in a view happened."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view_json(world, view)}


def shortcut_part(world: World, message: Message, url: str) -> Json:
    """The message that a shortcut was chosen on."""
    return {
        "channel": channel_place(world.channels[message.channel]),
        "message_ts": message.ts,
        "message": message_json(world, message),
        "response_url": url,
    }


def event_envelope(world: World, token: str, event: Json) -> Json:
    """An event inside its envelope."""
    return {
        "token": token,
        "team_id": world.team_id,
        "context_team_id": world.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team_id,
                "user_id": world.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }


def message_event(world: World, channel: Channel, message: Message) -> Json:
    """A message that somebody wrote."""
    kind = "im" if channel.im_with else "group" if channel.private else "channel"
    event = message_json(world, message) | {
        "channel": channel.id,
        "channel_type": kind,
        "event_ts": message.ts,
        "client_msg_id": secrets.token_hex(16),
    }
    if message.thread_ts:
        parent = world.message(channel.id, message.thread_ts)
        event["parent_user_id"] = parent.user if parent else ""
    return event


def reaction_event(world: World, kind: str, who: Person, message: Message, name: str) -> Json:
    """A reaction added or removed."""
    return {
        "type": kind,
        "user": who.id,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": world.ts(),
    }


def home_event(world: World, who: Person) -> Json:
    """The Home tab opened."""
    event: Json = {
        "type": "app_home_opened",
        "user": who.id,
        "channel": world.direct(who.id).id,
        "tab": "home",
        "event_ts": world.ts(),
    }
    if who.id in world.homes:
        event["view"] = view_json(world, world.homes[who.id])
    return event
