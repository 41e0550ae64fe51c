"""What happens with the body of an answer to a command, or of a post to a response url."""

from typing import Any

from bot.playground.arguments import ApiError
from bot.playground.content import checked
from bot.playground.schema import Json
from bot.playground.things import Channel, Message
from bot.playground.world import World


def respond(
    world: World, user: str, channel: Channel, body: Any, cause: str, original: Message | None = None
) -> None:
    """Show, replace or delete what the body says; ApiError where Slack would refuse it."""
    if not isinstance(body, dict):
        raise ApiError("invalid_payload")
    known = original if original and not original.deleted else None
    if body.get("delete_original") is True:
        if known:
            world.remove(known, cause=cause)
        return
    text, blocks = checked(body.get("text"), body.get("blocks"))
    if body.get("replace_original") is True and known:
        world.rewrite(known, text, blocks, cause=cause)
        return
    _show(world, user, channel, body, (text, blocks), cause)


def _show(
    world: World, user: str, channel: Channel, body: Json, words: tuple[str, list[Json]], cause: str
) -> None:
    text, blocks = words
    thread = body.get("thread_ts")
    if body.get("response_type") == "in_channel":
        world.post(channel, world.bot, text, blocks, thread_ts=thread, cause=cause)
    else:
        world.whisper(channel, user, text, blocks, thread_ts=thread, cause=cause)
