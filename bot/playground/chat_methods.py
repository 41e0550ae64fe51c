"""chat.postMessage, chat.update, chat.delete, chat.postEphemeral, chat.getPermalink."""

from bot.playground.arguments import ApiError, Args
from bot.playground.content import checked, checked_metadata
from bot.playground.json_shapes import message_json
from bot.playground.schema import Json
from bot.playground.things import Channel, Message
from bot.playground.world import World

MOST_UPDATED_TEXT = 4_000


def room(world: World, args: Args) -> Channel:
    """The conversation named by `channel`, as far as the bot may know of it."""
    channel = world.channels.get(args.text("channel"))
    if channel is None or (channel.private and world.bot.id not in channel.members):
        raise ApiError("channel_not_found")
    return channel


def addressed(world: World, args: Args) -> Channel:
    """The conversation named by `channel`, which may also be a person: then it is the one with them."""
    person = world.people.get(args.text("channel"))
    if person is None:
        return room(world, args)
    if person.bot or person.deleted:
        raise ApiError("cannot_dm_bot" if person.bot else "channel_not_found")
    return world.direct(person.id)


def writable(world: World, channel: Channel) -> Channel:
    """The conversation, if the bot may write there."""
    if channel.archived:
        raise ApiError("is_archived")
    if world.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def content(args: Args) -> tuple[str, list[Json]]:
    """The words of the message that the call brings."""
    if args.structure("attachments", "invalid_attachments"):
        raise ApiError("invalid_attachments", ["[ERROR] the stand-in shows no attachments"])
    return checked(args.given.get("text"), args.structure("blocks", "invalid_blocks_format"))


def thread(channel: Channel, args: Args) -> str | None:
    """The timestamp of the message to reply to."""
    wanted = args.maybe("thread_ts")
    if wanted and all(message.ts != wanted for message in channel.messages):
        raise ApiError("thread_not_found")
    return wanted


def post_message(world: World, args: Args) -> Json:
    """A message to a channel, or to a person's direct conversation with the bot."""
    channel = writable(world, addressed(world, args))
    text, blocks = content(args)
    metadata = checked_metadata(args.structure("metadata", "invalid_metadata_format"))
    message = world.post(channel, world.bot, text, blocks, thread_ts=thread(channel, args), metadata=metadata)
    return {
        "ok": True,
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(world, message),
    }


def own_message(world: World, args: Args, refusal: str) -> Message:
    """The bot's own message named by channel and ts."""
    channel = room(world, args)
    message = world.message(channel.id, args.text("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if message.user != world.bot.id:
        raise ApiError(refusal)
    return message


def update(world: World, args: Args) -> Json:
    """New words for one of the bot's messages; what is not given stays."""
    message = own_message(world, args, "cant_update_message")
    if world.channels[message.channel].archived:
        raise ApiError("is_inactive")
    if len(args.maybe("text") or "") > MOST_UPDATED_TEXT:
        raise ApiError("msg_too_long")
    text, blocks = content(args)
    given = args.given
    metadata = args.structure("metadata", "invalid_metadata_format")
    if metadata is not None:
        message.metadata = checked_metadata(metadata) if metadata != {} else None
    world.rewrite(
        message,
        text if given.get("text") is not None else None,
        blocks if given.get("blocks") is not None else None,
    )
    return {
        "ok": True,
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(world, message),
    }


def delete(world: World, args: Args) -> Json:
    """Take one of the bot's messages away."""
    message = own_message(world, args, "cant_delete_message")
    world.remove(message)
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def post_ephemeral(world: World, args: Args) -> Json:
    """A message that one person sees, where both the person and the bot are."""
    channel = writable(world, room(world, args))
    user = args.text("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    text, blocks = content(args)
    message = world.whisper(channel, user, text, blocks, thread_ts=thread(channel, args))
    return {"ok": True, "message_ts": message.ts}


def get_permalink(world: World, args: Args) -> Json:
    """The address of a message."""
    channel = room(world, args)
    ts = args.text("message_ts")
    if world.message(channel.id, ts) is None:
        raise ApiError("message_not_found")
    return {"ok": True, "channel": channel.id, "permalink": permalink(world, channel.id, ts)}


def permalink(world: World, channel: str, ts: str) -> str:
    """The address of a message in the browser."""
    return f"https://{world.domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"
