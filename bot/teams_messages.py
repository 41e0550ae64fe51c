"""What people type and press in Teams, and what becomes of teams and channels, translated once into requests."""

import html
import re
from datetime import UTC, datetime

import msgspec

from bot.payloads import Payload, cleaned, dict_in, text_in
from bot.teams_payloads import actor_of, key_of, spot_of
from handlers.grammar import parse_command
from handlers.request import Request
from handlers.router import action_of

LONGEST = 28_000
EMOJI_LENGTH = 255
# What Teams writes into a message beside the words; anything else in angles was typed.
_BREAK = re.compile(r"<br\s{0,3}/?>|</(?:p|div|li)>", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:at|p|div|span|strong|em|b|i|u|s|a|ul|ol|li|pre|code|blockquote|readonly|attachment|emoji)"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\s{0,9}@?mapkeeper\b[\s,:]{0,9}", re.IGNORECASE)
_TONE = re.compile(r"[-_]?(?:skin-?)?tone-?(\d)$", re.IGNORECASE)
# Teams names an emoji by a word of its own or by its code point; we know it by the name that the settings use.
EMOJI = {"like": "+1", "yes": "+1", "1f44d": "+1", "2764": "heart", "2b06": "arrow_up", "1f525": "fire"}


def command(activity: Payload) -> Request | None:
    """A message to us: in a channel with a mention, in the personal chat without."""
    actor, spot, key = actor_of(activity), spot_of(activity), key_of(activity)
    if actor is None or spot is None or not key:
        return None
    typed = words_of(activity)
    verb, rest = parse_command(typed)
    if verb.removeprefix("/") == "journey":
        typed = rest
        verb, rest = parse_command(rest)
    action = action_of(verb.removeprefix("/"))
    return Request(
        actor=actor,
        spot=spot,
        action=action,
        key=f"m:{spot.channel}:{key}",
        surface="command",
        text=typed if action == "unknown" else rest,
    )


def words_of(activity: Payload) -> str:
    """What was typed: without our name in front, markup, and spaces that do not break."""
    text = text_in(activity, "text")[:LONGEST]
    ours = text_in(dict_in(activity, "recipient"), "id")
    entities = activity.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        if not isinstance(entity, dict) or text_in(entity, "type") != "mention":
            continue
        if ours and text_in(dict_in(entity, "mentioned"), "id") == ours and text_in(entity, "text"):
            text = text.replace(text_in(entity, "text"), "", 1)
    text = html.unescape(_MARKUP.sub("", _BREAK.sub("\n", text)))
    text = cleaned(text.replace("\u00a0", " ").replace("\u200b", "")).strip()
    called = _CALLED.match(text)
    return text[called.end() :].strip() if called else text


def reactions(activity: Payload) -> list[Request]:
    """Reactions on a message of ours, added and removed."""
    actor, spot, key = actor_of(activity), spot_of(activity), key_of(activity)
    message = text_in(activity, "replyToId")
    if actor is None or spot is None or not key or not message:
        return []
    at = event_at(activity)
    found = []
    for name, active in (("reactionsAdded", "yes"), ("reactionsRemoved", "no")):
        listed = activity.get(name)
        for number, one in enumerate(listed if isinstance(listed, list) else []):
            emoji = emoji_of(text_in(one, "type")) if isinstance(one, dict) else ""
            if emoji:
                found.append(
                    Request(
                        actor=actor,
                        spot=spot,
                        action="mark",
                        key=f"e:{key}:{name}:{number}",
                        surface="event",
                        values={"emoji": emoji, "at": at, "active": active},
                        message=message,
                    )
                )
    return found


def emoji_of(kind: str) -> str:
    """The name by which settings know an emoji of Teams; its tone stays with it, as in Slack."""
    tone = _TONE.search(kind)
    bare = kind[: tone.start()] if tone else kind
    code, _, name = bare.partition("_")
    known = EMOJI.get(bare) or EMOJI.get(code.lower()) or name or bare
    return (f"{known}::skin-tone-{tone[1]}" if tone else known)[:EMOJI_LENGTH]


def event_at(activity: Payload) -> str:
    """When it happened, as text that sorts."""
    try:
        at = datetime.fromisoformat(text_in(activity, "timestamp"))
    except ValueError:
        at = datetime.now(UTC)
    return f"{(at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp():017.6f}"


def installed(activity: Payload) -> Request | None:
    """The app was added to a team, a chat or for somebody, or taken away again."""
    actor, key = actor_of(activity), key_of(activity)
    change = text_in(activity, "action")
    if actor is None or not key or not change.startswith(("add", "remove")):
        return None
    action = "installed" if change.startswith("add") else "uninstalled"
    return Request(actor=actor, spot=spot_of(activity), action=action, key=f"e:{key}", surface="event")


def place_changed(activity: Payload) -> Request | None:
    """A channel was renamed, deleted or brought back."""
    actor, key = actor_of(activity), key_of(activity)
    data = dict_in(activity, "channelData")
    happened, channel = text_in(data, "eventType"), dict_in(data, "channel")
    if actor is None or not key or happened not in ("channelRenamed", "channelDeleted", "channelRestored"):
        return None
    return Request(
        actor=actor,
        spot=None,
        action="place.changed",
        key=f"e:{key}",
        surface="event",
        values={
            "channel": text_in(channel, "id"),
            "name": text_in(channel, "name") if happened == "channelRenamed" else "",
            "gone": "gone" if happened == "channelDeleted" else "",
        },
    )


def team_of(activity: Payload) -> str:
    """The team that it happened in; empty outside of teams."""
    return text_in(dict_in(dict_in(activity, "channelData"), "team"), "id")


def about_channels(request: Request, channels: list[str]) -> Request:
    """The request, with the channels that it is about."""
    spot = request.spot
    known = {*channels, *([spot.channel] if spot is not None and not spot.direct else [])}
    return msgspec.structs.replace(request, values={"channels": tuple(sorted(known))})
