"""Slack's payloads, translated once into requests. What does not look as expected is None: answered 200, not done."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.payloads import Payload, cleaned
from bot.payloads import dict_in as _dict
from bot.payloads import text_in as _text
from bot.slack_blocks import BETWEEN
from handlers.grammar import parse_command
from handlers.request import Actor, Request, Spot, Value
from handlers.router import action_of

ADD_MESSAGE = "add_to_map"  # the callback of the message shortcut
_MARKED = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
SHORT_COMMANDS = {"/pain": "log.pain", "/idea": "log.idea", "/quote": "log.quote", "/gain": "log.gain"}


class Carried(msgspec.Struct, frozen=True):
    """What a modal carried unseen."""

    token: str = ""
    about: dict[str, str] = {}
    where: dict[str, str] = {}


def command(body: Payload) -> Request | None:
    """A slash command."""
    actor = actor_in(body.get("team_id"), body.get("user_id"), body.get("user_name"))
    key, text = _text(body, "trigger_id"), unescaped(_text(body, "text"))
    if actor is None or not key:
        return None
    action = SHORT_COMMANDS.get(_text(body, "command"))
    if action is None:
        verb, rest = parse_command(text)
        action = action_of(verb)
        text = text if action == "unknown" else rest
    return Request(
        actor=actor,
        spot=_spot(_text(body, "channel_id"), _text(body, "channel_name")),
        action=action,
        key=f"c:{key}",
        surface="command",
        text=text,
    )


def click(body: Payload) -> Request | None:
    """A button, menu or overflow of a message or modal."""
    actor = _actor_of(body)
    clicked = _first(body.get("actions"))
    key = _text(body, "trigger_id")
    if actor is None or clicked is None or not key:
        return None
    action = _text(clicked, "action_id").partition(BETWEEN)[0]
    value = _text(clicked, "value") or _text(_dict(clicked, "selected_option"), "value")
    if action == "more":
        action, _, value = value.partition(" ")
    return Request(
        actor=actor,
        spot=_spot_of(body),
        action=action,
        key=f"c:{key}",
        surface="click",
        values={"value": value},
        message=_text(_dict(body, "container"), "message_ts"),
    )


def shortcut(body: Payload) -> Request | None:
    """The shortcut on a message; Slack leaves the message's address out, and it is made from what is there."""
    actor, message = _actor_of(body), _dict(body, "message")
    key, at = _text(body, "trigger_id"), _text(body, "message_ts")
    spot, domain = _spot_of(body), _text(_dict(body, "team"), "domain")
    if actor is None or spot is None or not key or not at or _text(body, "callback_id") != ADD_MESSAGE:
        return None
    author = _text(message, "user")
    known = domain and (domain + at.replace(".", "") + spot.channel).replace("-", "").isalnum()
    url = f"https://{domain}.slack.com/archives/{spot.channel}/p{at.replace('.', '')}" if known else ""
    return Request(
        actor=actor,
        spot=spot,
        action="message.add",
        key=f"c:{key}",
        surface="click",
        values={
            "text": as_read(_text(message, "text")),
            "link": url,
            "author": author if author != actor.user else "",
        },
        message=at,
    )


def form(body: Payload) -> Request | None:
    """A submitted modal."""
    actor, sent = _actor_of(body), _dict(body, "view")
    carried = carried_by(sent)
    action = _text(sent, "callback_id")
    if actor is None or not action or not carried.token:
        return None
    return Request(
        actor=actor,
        spot=spot_from(carried.where),
        action=action,
        key=f"f:{carried.token}",
        surface="form",
        values=_values(_dict(_dict(sent, "state"), "values")),
        about=carried.about,
    )


def reaction(body: Payload) -> Request | None:
    """A reaction on a message, added or removed."""
    event = _dict(body, "event")
    item = _dict(event, "item")
    actor = actor_in(body.get("team_id"), event.get("user"), "")
    fields = [_text(event, "reaction"), _text(event, "event_ts"), _text(item, "channel"), _text(item, "ts")]
    if actor is None or not all(fields) or not _text(body, "event_id") or _text(item, "type") != "message":
        return None
    emoji, at, channel, ts = fields
    added = _text(event, "type") == "reaction_added"
    return Request(
        actor=actor,
        spot=Spot(channel),
        action="mark",
        key=f"e:{_text(body, 'event_id')}",
        surface="event",
        values={"emoji": emoji[:255], "at": at, "active": "yes" if added else "no"},
        message=ts,
    )


def carried_by(view: Payload) -> Carried:
    """What the modal carried; empty where it is not ours or was tampered with."""
    try:
        return msgspec.json.decode(_text(view, "private_metadata") or "{}", type=Carried)
    except msgspec.MsgspecError:
        return Carried()


def where_of(request: Request) -> dict[str, str]:
    """The place of a request, for a modal to carry."""
    spot = request.spot
    if spot is None:
        return {}
    return {"channel": spot.channel, "name": _slack_name(spot)}


def spot_from(where: Mapping[str, str]) -> Spot | None:
    """The place that a modal carried."""
    return _spot(where.get("channel", ""), where.get("name", ""))


def unescaped(text: str) -> str:
    """What the person typed, before Slack escaped it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_read(text: str) -> str:
    """A message's words as people read them: links and mentions out of Slack's angle brackets."""
    return unescaped(_MARKED.sub(_marked, text))


def _marked(found: re.Match[str]) -> str:
    target, label = found["target"], found["label"]
    if target[0] in "@!#":
        sign = "#" if target[0] == "#" else "@"
        return sign + (label or target[1:]).lstrip("@#")
    bare = target.removeprefix("mailto:").removeprefix("tel:")
    return f"{label} ({bare})" if label and label != bare else bare


def _values(state: Payload) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, elements in state.items():
        element = next(iter(elements.values()), None) if isinstance(elements, dict) else None
        if isinstance(element, dict):
            values[name] = _value(element)
    return values


def _value(element: Payload) -> Value:
    for name in ("value", "selected_date", "selected_time", "selected_user"):
        if isinstance(element.get(name), str):
            return _text(element, name)
    if isinstance(element.get("selected_users"), list):
        return tuple(user for user in element["selected_users"] if isinstance(user, str))
    if isinstance(element.get("selected_option"), dict):
        return _text(element["selected_option"], "value")
    if isinstance(element.get("selected_options"), list):
        return tuple(_text(one, "value") for one in element["selected_options"] if isinstance(one, dict))
    return ""


def _actor_of(body: Payload) -> Actor | None:
    user = _dict(body, "user")
    team = _text(_dict(body, "team"), "id") or _text(user, "team_id")
    return actor_in(team, user.get("id"), user.get("username") or user.get("name"))


def actor_in(team: Any, user: Any, name: Any) -> Actor | None:
    """Who asks, as far as the payload says."""
    if not isinstance(team, str) or not isinstance(user, str):
        return None
    team, user, name = cleaned(team), cleaned(user), cleaned(name) if isinstance(name, str) else ""
    return Actor("slack", team, user, name) if team and user else None


def _spot_of(body: Payload) -> Spot | None:
    channel = _dict(body, "channel")
    if channel:
        return _spot(_text(channel, "id"), _text(channel, "name"))
    return spot_from(carried_by(_dict(body, "view")).where)


def _spot(channel: str, name: str) -> Spot | None:
    """A private channel's name comes as `privategroup`, a direct message's as `directmessage`."""
    if not channel:
        return None
    if name == "directmessage" or channel.startswith("D"):
        return Spot(channel, "", direct=True, private=True)
    if not name or name == "privategroup" or name.startswith("mpdm-"):
        return Spot(channel)
    return Spot(channel, name, private=False)


def _slack_name(spot: Spot) -> str:
    return "directmessage" if spot.direct else spot.name


def _first(values: Any) -> Payload | None:
    return values[0] if isinstance(values, list) and values and isinstance(values[0], dict) else None
