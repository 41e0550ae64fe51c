"""Slack's events, each translated once into what it asks for. What does not look as expected is None."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.payloads import Payload, cleaned, dict_in, text_in
from bot.slack_payloads import actor_in, as_read, reaction
from bot.slack_people import profile_in
from handlers.request import Actor, Request, Spot, Value

Read = Callable[[Payload], Request | None]


def home_opened(body: Payload) -> Request | None:
    """Somebody looks at their Home tab; the event also comes for the messages beside it."""
    event = dict_in(body, "event")
    who = actor_in(body.get("team_id"), event.get("user"), "")
    if who is None or not text_in(body, "event_id") or text_in(event, "tab") != "home":
        return None
    return Request(
        actor=who, spot=None, action="home.opened", key=f"e:{text_in(body, 'event_id')}", surface="event"
    )


def replied(body: Payload) -> Request | None:
    """A reply in a thread, written, changed or taken back by somebody; everything else that is said is not for us."""
    event = dict_in(body, "event")
    subtype = text_in(event, "subtype")
    inside = {"message_changed": "message", "message_deleted": "previous_message"}.get(subtype)
    if inside is None and subtype not in ("", "thread_broadcast", "file_share"):
        return None
    message = dict_in(event, inside) if inside else event
    who = actor_in(body.get("team_id"), message.get("user"), "")
    thread, ts = text_in(message, "thread_ts"), text_in(message, "ts")
    channel, at = text_in(event, "channel"), text_in(event, "event_ts")
    if who is None or who.user in _ourselves(body) or message.get("bot_id") or thread == ts:
        return None
    if not (thread and ts and channel and at and text_in(body, "event_id")):
        return None
    gone = subtype == "message_deleted" or text_in(message, "subtype") == "tombstone"
    return Request(
        actor=who,
        spot=Spot(channel),
        action="reply",
        key=f"e:{text_in(body, 'event_id')}",
        surface="event",
        values={
            "thread": thread,
            "text": as_read(text_in(message, "text")),
            "at": at,
            "gone": "yes" if gone else "",
        },
        message=ts,
    )


def said(body: Payload) -> Request | None:
    """A message was written, changed or deleted: a reply to a card, or what an item was made from."""
    return replied(body) or deleted(body)


def deleted(body: Payload) -> Request | None:
    """A message was deleted that is no reply in a thread."""
    event = dict_in(body, "event")
    channel, message = text_in(event, "channel"), text_in(event, "deleted_ts")
    if text_in(event, "subtype") != "message_deleted" or not channel or not message:
        return None
    return _happened(body, "source.gone", {"channel": channel, "message": message})


def stopped(body: Payload) -> Request | None:
    """The app was taken out of the workspace, or the bot's token was revoked; people's own tokens we have none of."""
    event = dict_in(body, "event")
    kind = text_in(event, "type")
    if kind == "tokens_revoked" and not dict_in(event, "tokens").get("bot"):
        return None
    return _happened(body, "workspace.stopped", {"why": kind})


def renamed(body: Payload) -> Request | None:
    """A channel has another name."""
    channel = dict_in(dict_in(body, "event"), "channel")
    found = text_in(channel, "id"), text_in(channel, "name")
    return _happened(body, "place.changed", {"channel": found[0], "name": found[1]}) if all(found) else None


def reached(body: Payload, gone: str) -> Request | None:
    """A channel is out of our reach (`gone` says why), or within it again (nothing)."""
    channel = text_in(dict_in(body, "event"), "channel")
    return _happened(body, "place.changed", {"channel": channel, "gone": gone}) if channel else None


def joined(body: Payload) -> Request | None:
    """Somebody came into a channel; where it is we who were invited, we can be heard there again."""
    event = dict_in(body, "event")
    channel, user = text_in(event, "channel"), text_in(event, "user")
    if not channel or not user:
        return None
    if user in _ourselves(body):
        return reached(body, "")
    return _happened(body, "place.joined", {"channel": channel, "user": user})


def left(body: Payload) -> Request | None:
    """Somebody went out of a channel; that it is we who did is told otherwise."""
    event = dict_in(body, "event")
    channel, user = text_in(event, "channel"), text_in(event, "user")
    if not channel or not user or user in _ourselves(body):
        return None
    return _happened(body, "place.left", {"channels": (channel,), "user": user})


def user_changed(body: Payload) -> Request | None:
    """Somebody has another name or time zone, was deactivated or is back."""
    user = dict_in(dict_in(body, "event"), "user")
    known, external = profile_in(user, ""), text_in(user, "id")
    values = {"user": external, "name": known.name, "zone": known.zone or ""}
    gone = "yes" if user.get("deleted") is True else ""
    return _happened(body, "person.changed", {**values, "gone": gone}) if external else None


def _happened(body: Payload, action: str, values: Mapping[str, Value]) -> Request | None:
    """What Slack itself says, and no person."""
    team, key = body.get("team_id"), text_in(body, "event_id")
    if not isinstance(team, str) or not cleaned(team) or not key:
        return None
    return Request(
        actor=Actor("slack", cleaned(team), ""),
        spot=None,
        action=action,
        key=f"e:{key}",
        surface="event",
        values=values,
    )


def _ourselves(body: Payload) -> set[str]:
    """The bot's own user ids: those in whose name Slack tells us."""
    told = body.get("authorizations")
    bots = (
        one for one in (told if isinstance(told, list) else []) if isinstance(one, dict) and one.get("is_bot")
    )
    return {text_in(one, "user_id") for one in bots}


EVENTS: Mapping[str, Read] = {
    "app_home_opened": home_opened,
    "app_uninstalled": stopped,
    "channel_archive": partial(reached, gone="archived"),
    "channel_deleted": partial(reached, gone="gone"),
    "channel_left": partial(reached, gone="not in channel"),
    "channel_rename": renamed,
    "channel_unarchive": partial(reached, gone=""),
    "group_archive": partial(reached, gone="archived"),
    "group_deleted": partial(reached, gone="gone"),
    "group_left": partial(reached, gone="not in channel"),
    "group_rename": renamed,
    "group_unarchive": partial(reached, gone=""),
    "member_joined_channel": joined,
    "member_left_channel": left,
    "message": said,
    "reaction_added": reaction,
    "reaction_removed": reaction,
    "tokens_revoked": stopped,
    "user_change": user_changed,
}
