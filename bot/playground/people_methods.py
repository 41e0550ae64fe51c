"""auth.test, users.info, conversations.info, join and open, reactions.get, add and remove."""

from bot.playground.arguments import ApiError, Args
from bot.playground.chat_methods import permalink, room
from bot.playground.json_shapes import channel_json, message_json, person_json, reactions_json
from bot.playground.schema import Json
from bot.playground.things import Message
from bot.playground.world import World


def auth_test(world: World, _args: Args) -> Json:
    """Who the token speaks for."""
    return {
        "ok": True,
        "url": f"https://{world.domain}.slack.com/",
        "team": world.team_name,
        "user": world.bot.name,
        "team_id": world.team_id,
        "user_id": world.bot.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def users_info(world: World, args: Args) -> Json:
    """One person's profile."""
    person = world.people.get(args.text("user"))
    if person is None:
        raise ApiError("user_not_found")
    return {"ok": True, "user": person_json(world, person)}


def users_list(world: World, _args: Args) -> Json:
    """Everybody, on one page."""
    members = [person_json(world, person) for person in world.people.values()]
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": ""}}


def conversations_info(world: World, args: Args) -> Json:
    """One conversation, if the bot may know of it."""
    return {"ok": True, "channel": channel_json(world, room(world, args))}


def conversations_members(world: World, args: Args) -> Json:
    """Who is in a conversation, on one page."""
    members = sorted(room(world, args).members)
    return {"ok": True, "members": members, "response_metadata": {"next_cursor": ""}}


def conversations_join(world: World, args: Args) -> Json:
    """The bot walks into a public channel."""
    channel = world.channels.get(args.text("channel"))
    if channel is None:
        raise ApiError("channel_not_found")
    if channel.private:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    already = world.bot.id in channel.members
    channel.members.add(world.bot.id)
    world.changes.ring()
    answer: Json = {"ok": True, "channel": channel_json(world, channel)}
    if already:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


def conversations_open(world: World, args: Args) -> Json:
    """The direct conversation with one person."""
    user = args.text("users")
    person = world.people.get(user)
    if "," in user:
        raise ApiError("not_enough_users", ["[ERROR] the stand-in opens conversations of two only"])
    if person is None or person.bot:
        raise ApiError("cannot_dm_bot" if person else "user_not_found")
    if person.deleted:
        raise ApiError("user_disabled")
    channel = world.direct(user)
    return {"ok": True, "channel": {"id": channel.id}}


def reacted_to(world: World, args: Args) -> Message:
    """The message that a reactions method means."""
    channel = room(world, args)
    if args.maybe("timestamp") is None:
        raise ApiError("no_item_specified")
    message = world.message(channel.id, args.text("timestamp"))
    if message is None:
        raise ApiError("message_not_found")
    return message


def reactions_get(world: World, args: Args) -> Json:
    """A message with who reacted how; without `full` only some of the people may be named."""
    message = reacted_to(world, args)
    body = message_json(world, message)
    body.pop("metadata", None)
    if message.reactions:
        body["reactions"] = reactions_json(message, world.reactors_shown)
    body["permalink"] = permalink(world, message.channel, message.ts)
    return {"ok": True, "type": "message", "channel": message.channel, "message": body}


def reactions_add(world: World, args: Args) -> Json:
    """The bot's own reaction."""
    message = reacted_to(world, args)
    users = message.reactions.setdefault(args.text("name").strip(":"), [])
    if world.bot.id in users:
        raise ApiError("already_reacted")
    users.append(world.bot.id)
    world.changes.ring()
    return {"ok": True}


def reactions_remove(world: World, args: Args) -> Json:
    """The bot's own reaction, taken back."""
    message = reacted_to(world, args)
    name = args.text("name").strip(":")
    if world.bot.id not in message.reactions.get(name, []):
        raise ApiError("no_reaction")
    unreacted(message, name, world.bot.id)
    world.changes.ring()
    return {"ok": True}


def unreacted(message: Message, name: str, user: str) -> None:
    """Take one person's reaction off a message."""
    message.reactions[name].remove(user)
    if not message.reactions[name]:
        del message.reactions[name]
