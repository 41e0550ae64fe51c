"""What a person does on the page, as JSON, done through the stand-in's own hands."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.playground.hands import Where
from bot.playground.house import MOST_TEXT, House
from bot.playground.replies import Reply
from bot.playground.schema import Json
from bot.playground.things import Message, Person, View

Deed = Callable[[House, Person, Json], Awaitable[Json]]


class NotPossible(Exception):
    """What was asked for cannot be done; the sentence says why."""


async def done(house: House, name: str, body: Json) -> Json:
    """Does one deed for the person named by `as`; raises NotPossible."""
    deed = DEEDS.get(name)
    if deed is None:
        raise NotPossible(f"Nothing here is called {name}.")
    try:
        who = house.slack.person(str(body.get("as", "")))
        answer = await deed(house, who, body)
    except (LookupError, TypeError, ValueError) as error:
        raise NotPossible(f"That is not possible any more: {error}") from error
    house.changed()
    return answer


async def _say(house: House, who: Person, body: Json) -> Json:
    text = _text(body, "text")
    if len(text) > MOST_TEXT:
        raise NotPossible(f"A message holds {MOST_TEXT:,} characters; this one has {len(text):,}.")
    await house.slack.say(who, body["channel"], text, body.get("thread") or None)
    house.marks.reach(who.id, house.slack.channel(body["channel"]))
    return {}


async def _command(house: House, who: Person, body: Json) -> Json:
    name, text = _text(body, "name"), _text(body, "text")
    if name not in {command["name"] for command in house.offers["commands"]}:
        return {
            "failure": f"{name[:80]} is not a command here. Type / to see the ones there are.",
            "back": True,
        }
    reply = await house.slack.command(who, body["channel"], name, text)
    if reply.ok:
        house.tour.heard_command(name, text.strip())
        _hear_answer(house, reply)
    return _outcome(reply)


async def _react(house: House, who: Person, body: Json) -> Json:
    message = _message(house, who, body)
    name = _text(body, "name")
    if body.get("on"):
        await house.slack.react(who, message, name)
        house.tour.heard_reaction(name)
    else:
        await house.slack.unreact(who, message, name)
    return {}


async def _click(house: House, who: Person, body: Json) -> Json:
    value = body.get("value")
    action_id = _text(body, "action")
    reply = await house.slack.click(
        who, _place(house, who, body), action_id, value, block_id=body.get("block")
    )
    if reply.ok:
        house.tour.heard_click(action_id)
        _hear_answer(house, reply)
    return _outcome(reply)


async def _suggest(house: House, who: Person, body: Json) -> Json:
    place = _place(house, who, body)
    typed = _text(body, "typed")
    reply = await house.slack.suggest(who, place, _text(body, "action"), typed, block_id=body.get("block"))
    return {**_outcome(reply), "options": reply.options}


async def _fill(house: House, who: Person, body: Json) -> Json:
    house.slack.fill(who, _view(house, who, body), dict(body["values"]))
    return {}


async def _submit(house: House, who: Person, body: Json) -> Json:
    view = _view(house, who, body)
    name = view.callback_id  # the answer may turn it into another
    reply = await house.slack.submit(who, view, dict(body["values"]))
    if reply.ok and not reply.errors:
        house.tour.heard_form(name)
        if not name.startswith("message."):  # another step's
            _hear_answer(house, reply)
    return _outcome(reply)


def _hear_answer(house: House, reply: Reply) -> None:
    for shown in (reply.ephemeral, reply.view):
        house.tour.heard_answer(shown.blocks if shown is not None else ())


async def _close(house: House, who: Person, body: Json) -> Json:
    view = _view(house, who, body)
    return _outcome(await house.slack.close_view(who, view, everything=bool(body.get("everything"))))


async def _shortcut(house: House, who: Person, body: Json) -> Json:
    return _outcome(await house.slack.shortcut(who, _message(house, who, body), _text(body, "callback")))


async def _home(house: House, who: Person, _body: Json) -> Json:
    await house.slack.open_home(who)
    return {}


async def _read(house: House, who: Person, body: Json) -> Json:
    house.marks.reach(who.id, house.slack.channel(body["channel"]))
    return {}


async def _clock(house: House, who: Person, body: Json) -> Json:
    jump = body.get("jump")
    if jump not in ("minutes", "monday", "weeks"):
        raise NotPossible("Time goes on by ten minutes, to Monday, or by four weeks.")
    await house.jump(who, jump)
    if jump == "monday":
        house.tour.tick("monday")
    return {}


async def _tour(house: House, _who: Person, body: Json) -> Json:
    house.tour.dismissed = bool(body.get("dismissed"))
    return {}


DEEDS: dict[str, Deed] = {
    "say": _say,
    "command": _command,
    "react": _react,
    "click": _click,
    "suggest": _suggest,
    "fill": _fill,
    "submit": _submit,
    "close": _close,
    "shortcut": _shortcut,
    "home": _home,
    "read": _read,
    "clock": _clock,
    "tour": _tour,
}


def _outcome(reply: Reply) -> Json:
    return {"failure": reply.failure} if reply.failure else {}


def _text(body: Json, name: str) -> str:
    found = body.get(name, "")
    if not isinstance(found, str):
        raise NotPossible(f"{name} is words.")
    return found


def _message(house: House, who: Person, body: Json) -> Message:
    where: dict[str, Any] = body.get("message") or {}
    for message in house.slack.seen_by(who, str(where.get("channel", ""))):
        if message.ts == where.get("ts"):
            return message
    raise NotPossible("That message is gone.")


def _view(house: House, who: Person, body: Json) -> View:
    view = house.slack.world.view(str(body.get("view", "")))
    if view is None or view.user != who.id:
        raise NotPossible("That form is closed already.")
    return view


def _place(house: House, who: Person, body: Json) -> Where:
    return _view(house, who, body) if body.get("view") else _message(house, who, body)
