"""Every surface of each platform × every answer: what is shown, or why there is nothing to show.

The actions asked for here are the product's, with handlers that answer what is asked of them; the doors, the wire and
the stand-ins are the real ones.
"""

from collections.abc import Callable
from typing import Any

import pytest

from bot.playground.reading import plain
from bot.playground.replies import Reply
from bot.teams_cards import CONTENT_TYPE
from handlers.answers import (
    Answer,
    Buttons,
    Card,
    Done,
    Errors,
    Field,
    Form,
    Line,
    Open,
    Replace,
    Silent,
    Tell,
)
from handlers.answers import Button as Pressed
from handlers.kinds import Role
from handlers.router import ACTIONS, VERBS, Action, Mode
from handlers.text import ours
from handlers.turn import Turn
from tests.teams_stand_in import CHANNEL, shown
from tests.test_teams import Both, both
from tests.world import World

__all__ = ["both"]

SAID, ASKED, WRONG = "This is what is said", "What is asked", "That is not right"
CARD = Card((Line(ours(SAID)), Buttons((Pressed("Again", "test.Tell"),))), SAID)
ANSWERS: dict[str, Answer] = {
    "Silent": Silent(),
    "Tell": Tell(CARD),
    "Replace": Replace(CARD),
    "Done": Done(CARD),
    "Errors": Errors({"name": WRONG}),
    "Open": Open(
        Form(
            title=ASKED,
            action="test.form",
            submit="Send",
            fields=(Field(name="name", label=ASKED),),
            token="t",
        )
    ),
}
# What each surface shows of each answer; where that is not the rendering of its own, the reason stands beside it.
Shown = dict[str, dict[str, str]]
SLACK: Shown = {
    "command": {
        "Silent": "nothing",
        "Tell": "private",
        "Replace": "private",  # nothing of ours is there to be replaced
        "Done": "private",
        "Errors": "errors in private",  # no form is there: its sentences are said
        "Open": "opened",
    },
    "click": {
        "Silent": "nothing",
        "Tell": "private",
        "Replace": "private",  # a card that everybody sees stays
        "Done": "private",
        "Errors": "errors in private",
        "Open": "opened",
    },
    "private click": {
        "Silent": "nothing",
        "Tell": "private",
        "Replace": "instead",
        "Done": "private",
        "Errors": "errors in private",
        "Open": "opened",
    },
    "click in a form": {
        "Silent": "nothing",
        "Tell": "in the form",  # beside a form nothing can be said
        "Replace": "in the form",
        "Done": "in the form",
        "Errors": "errors in the form",
        "Open": "opened",
    },
    "click at home": {
        "Silent": "nothing",
        "Tell": "in a form",  # nor on a Home tab
        "Replace": "in a form",
        "Done": "in a form",
        "Errors": "errors in a form",
        "Open": "opened",
    },
    "form": {
        "Silent": "closed",
        "Tell": "in the form",
        "Replace": "in the form",
        "Done": "in the form",
        "Errors": "errors",
        "Open": "next form",
    },
    "shortcut": {
        "Silent": "nothing",
        "Tell": "private",
        "Replace": "private",
        "Done": "private",
        "Errors": "errors in private",
        "Open": "opened",
    },
    "event": dict.fromkeys(ANSWERS, "nothing"),  # nobody asked, so nobody is answered; it is acknowledged
}
TEAMS: Shown = {
    "message": {
        "Silent": "nothing",
        "Tell": "private",
        "Replace": "private",
        "Done": "private",
        "Errors": "errors in private",
        "Open": "a button",  # Teams opens a form only from a click
    },
    "click in a channel": {
        "Silent": "nothing",
        "Tell": "private",
        "Replace": "private",
        "Done": "private",
        "Errors": "errors beside",
        "Open": "a button",
    },
    "click in the personal chat": {
        "Silent": "nothing",
        "Tell": "private",
        "Replace": "instead",
        "Done": "instead",
        "Errors": "errors beside",
        "Open": "a button",
    },
    "click that opens": {
        "Silent": "nothing",
        "Tell": "in the form",
        "Replace": "in the form",
        "Done": "in the form",
        "Errors": "errors beside",
        "Open": "opened",
    },
    "form": {
        "Silent": "nothing",
        "Tell": "in the form",
        "Replace": "in the form",
        "Done": "in the form",
        "Errors": "errors in the form",
        "Open": "opened",
    },
    "message action": {
        "Silent": "nothing",
        "Tell": "in the form",
        "Replace": "in the form",
        "Done": "in the form",
        "Errors": "errors beside",
        "Open": "opened",
    },
    "reaction": dict.fromkeys(ANSWERS, "nothing"),
    "installation": {
        "Silent": "nothing",
        "Tell": "private",
        "Replace": "private",
        "Done": "private",
        "Errors": "errors in private",
        "Open": "a button",
    },
}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Makes the actions of a surface answer what is asked for."""

    def saying(answer: Answer) -> Callable[[Turn], Answer]:
        return lambda turn: answer

    for name, answer in ANSWERS.items():
        action = Action(f"test.{name}", saying(answer), Mode.READS, Role.VIEWER)
        monkeypatch.setitem(ACTIONS, action.name, action)
        monkeypatch.setitem(VERBS, f"test{name}".lower(), action.name)

    def answer_with(action: str, name: str) -> None:
        own = ACTIONS.get(action) or ACTIONS["test.Tell"]
        known = own._replace(name=action, handler=saying(ANSWERS[name]), idempotent=True)
        monkeypatch.setitem(ACTIONS, action, known)

    return answer_with


def test_every_answer_there_is_stands_in_the_table() -> None:
    assert set(ANSWERS) == {kind.__name__ for kind in Answer.__args__}
    for surface in (*SLACK.values(), *TEAMS.values()):
        assert surface.keys() == ANSWERS.keys()


async def test_slack_shows_every_answer_on_every_surface(
    world: World, answering: Callable[[str, str], None]
) -> None:
    await world.start_map()
    card = await world.log("pay: card declined")
    found: Shown = {surface: {} for surface in SLACK}
    for name in ANSWERS:
        for surface in SLACK:
            found[surface][name] = await _on_slack(world, card, surface, name, answering)
    assert _differing(found, SLACK) == {}


def _differing(found: Shown, wanted: Shown) -> dict[str, tuple[str, str]]:
    """Where something else is shown than stands in the table."""
    return {
        f"{surface}, {name}": (found[surface][name], shows)
        for surface, answers in wanted.items()
        for name, shows in answers.items()
        if found[surface][name] != shows
    }


async def _on_slack(world: World, card: Any, surface: str, name: str, answering: Any) -> str:
    slack = world.slack
    forged = {"action_id": f"test.{name}|0", "value": "x"}
    if surface == "command":
        return _seen(await slack.command("ada", "product", "/journey", f"test{name}".lower()))
    if surface == "click":
        return await _clicked(world, await slack.click("ada", card, "Vote", forge=forged), name)
    if surface == "private click":
        before = await slack.command("ada", "product", "/journey", "testtell")
        assert before.ephemeral
        reply = await slack.click("ada", before.ephemeral, "Again", forge=forged)
        return await _clicked(world, reply, name)
    if surface == "click in a form":
        asked = (await slack.command("ada", "product", "/journey", "testopen")).view
        assert asked
        answering("test.form", "Tell")
        told = (await slack.submit("ada", asked, {"name": "x"})).view
        assert told
        seen = await _clicked(world, await slack.click("ada", told, "Again", forge=forged), name)
        if not told.closed:
            await slack.close_view("ada", told, everything=True)
        return seen
    if surface == "click at home":
        await slack.open_home("ada")
        await world.until(lambda: slack.home("ada") is not None)
        home = slack.home("ada")
        assert home
        return await _clicked(world, await slack.click("ada", home, "Settings", forge=forged), name)
    if surface == "form":
        view = (await slack.command("ada", "product", "/journey", "testopen")).view
        assert view
        answering("test.form", name)
        reply = await slack.submit("ada", view, {"name": "x"})
        if reply.errors:
            return "errors"
        if reply.view is not None and "What is asked" in plain(reply.view):
            await slack.close_view("ada", reply.view, everything=True)
            return "next form"
        return "in the form" if SAID in reply.text else "closed"
    if surface == "shortcut":
        answering("message.add", name)
        return await _clicked(world, await slack.shortcut("ada", card, "add_to_map"), name)
    answering("mark", name)
    reply = await slack.send_event(
        {
            "type": "reaction_added",
            "user": "U0BEN",
            "reaction": "+1",
            "event_ts": slack.world.ts(),
            "item": {"type": "message", "channel": card.channel, "ts": card.ts},
        }
    )
    assert reply.status == 200
    return _seen(reply)


async def _clicked(world: World, reply: Reply, name: str) -> str:
    """What comes after the acknowledgement of a click, by its response_url."""
    assert reply.ok
    if name not in ("Silent",):
        await world.until(lambda: reply.seen)
    seen = _seen(reply)
    if reply.view is not None:
        await world.slack.close_view("ada", reply.view, everything=True)
    return seen


def _seen(reply: Reply) -> str:
    """What the person sees because of it."""
    kinds = {one.what for one in reply.seen}
    if reply.view is not None and ASKED in plain(reply.view):
        return "opened"
    where = (
        "in the form"
        if "updated" in kinds
        else "in a form"
        if "opened" in kinds
        else "instead"
        if "replaced" in kinds
        else "private"
    )
    if WRONG in reply.text:
        return f"errors {'in private' if where == 'private' else where}"
    return where if SAID in reply.text else "nothing"


async def test_teams_shows_every_answer_on_every_surface(
    both: Both,
    answering: Callable[[str, str], None],
) -> None:
    await both.teams_map()
    await both.teams.say("ada", "pain order: no prices")
    await both.teams.until(lambda: len(both.teams.in_channel()) == 2)
    found: Shown = {surface: {} for surface in TEAMS}
    for name in ANSWERS:
        for surface in TEAMS:
            before = len(both.teams.to("ada"))
            answer = await _on_teams(both, surface, name, answering)
            told = answer is None or bool(answer.get("value"))

            def grown(before: int = before) -> bool:
                return len(both.teams.to("ada")) > before

            if TEAMS[surface][name] in ("private", "a button", "errors in private") and told:
                await both.teams.until(grown)
            said = [shown(one["activity"]) for one in both.teams.to("ada")[before:]]
            found[surface][name] = _understood(answer, " ".join(said))
    assert _differing(found, TEAMS) == {}


async def _on_teams(both: Both, surface: str, name: str, answering: Any) -> Any:
    teams = both.teams
    clicked = {"mapkeeper": {"action": f"test.{name}", "value": "x"}}
    executed = {"action": {"type": "Action.Execute", "data": clicked}, "trigger": "manual"}
    match surface:
        case "message":
            await teams.say("ada", f"test{name}".lower(), None)
            return None
        case "click in a channel" | "click in the personal chat":
            channel = CHANNEL if surface == "click in a channel" else None
            made = teams.activity("ada", channel, type="invoke", name="adaptiveCard/action", value=executed)
        case "click that opens":
            made = teams.activity("ada", type="invoke", name="task/fetch", value={"data": clicked})
        case "form":
            asked = {"mapkeeper": {"action": "test.Open", "value": "x"}}
            made = teams.activity("ada", type="invoke", name="task/fetch", value={"data": asked})
            opened = (await teams.post(made))[1]
            answering("test.form", name)
            return await teams.submit("ada", opened, name="x")
        case "message action":
            answering("message.add", name)
            return await teams.act_on("ada", {"id": "1", "body": {"content": "words"}, "from": {}})
        case "reaction":
            answering("mark", name)
            await teams.react("ada", teams.in_channel()[1])
            return {}
        case _:
            answering("installed", name)
            await teams.post(teams.activity("ada", type="installationUpdate", action="add"))
            return None
    return (await teams.post(made))[1]


def _understood(answer: Any, said: str) -> str:
    """What the person sees: of the answer to a click, and of what came into their own chat."""
    task = (answer or {}).get("task")
    if task is not None:
        if task["type"] == "message":
            return "errors beside" if WRONG in task["value"] else "?"
        content = str(task["value"])
        if WRONG in content:
            return "errors in the form"
        return "in the form" if SAID in content else "opened" if ASKED in content else "?"
    if (answer or {}).get("type") == CONTENT_TYPE:
        return "instead"
    beside = str((answer or {}).get("value", ""))
    if "one click opens the form" in said:
        return "a button"
    if WRONG in said:
        return "errors in private"
    if SAID in said:
        return "private"
    return "errors beside" if WRONG in beside else "nothing" if not beside else "?"
