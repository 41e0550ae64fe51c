"""Teams opens a form only from a button that says so beforehand: every action that may open one declares it."""

import ast
import dis
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

from handlers.answers import Open
from handlers.router import ACTIONS, Action
from tests.test_teams import Both, both

__all__ = ["both"]

# A click that mostly does something; where a form is needed after all, a button for it is offered.
SELDOM = {"log.stage", "log.map", "map.bind", "map.bind.sure", "near.anyway", "eyes.there"}


def sent_by_forms() -> set[str]:
    """What forms send: they open, where they do, from the dialog that is there; its next page, or itself again."""
    calls = [
        node
        for file in Path("handlers").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and (
            getattr(node.func, "id", "") == "Form"
            or getattr(node.func, "attr", "") == "replace"
            or _makes_form(node)
        )
    ]
    named = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "action"]
    named += [value for call in calls if _makes_form(call) for value in call.args]
    return {
        str(node.value) for value in named for node in ast.walk(value) if isinstance(node, ast.Constant)
    } & set(ACTIONS)


def _makes_form(call: ast.Call) -> bool:
    """Is it of one of our own functions that make a form for the action they are given?"""
    return getattr(call.func, "id", "").endswith("_form")


def functions(function: Callable[..., object], seen: set[object]) -> Iterator[FunctionType]:
    """The function and every function of the handlers that it names."""
    if not isinstance(function, FunctionType) or function in seen:
        return
    if not function.__module__.startswith("handlers."):
        return
    seen.add(function)
    yield function
    for name in names(function.__code__):
        named = function.__globals__.get(name)
        # A table of functions is as good as their names.
        for one in named.values() if isinstance(named, dict) else (named,):
            yield from functions(one, seen)  # type: ignore[arg-type]


@cache
def names(code: CodeType) -> set[str]:
    """The global names in a function's code, those of what is written inside it included."""
    inner = {name for one in code.co_consts if isinstance(one, CodeType) for name in names(one)}
    used = {str(one.argval) for one in dis.get_instructions(code) if one.opname == "LOAD_GLOBAL"}
    return used | inner


def may_open(action: Action) -> bool:
    """Does its handler, or what that calls, make an answer that opens a form?"""
    return any(
        function.__globals__.get(name) is Open
        for function in functions(action.handler, set())
        for name in names(function.__code__)
    )


def test_an_action_that_may_open_a_form_says_so() -> None:
    excused = sent_by_forms() | SELDOM
    wrong = [name for name, one in ACTIONS.items() if one.opens != (may_open(one) and name not in excused)]
    assert wrong == [], "declare `opens` in handlers/router.py, or answer without a form"


def test_no_action_is_excused_without_need() -> None:
    assert all(may_open(ACTIONS[name]) for name in SELDOM)


async def test_a_click_that_needs_a_form_after_all_offers_a_button_that_opens_it(both: Both) -> None:
    await both.teams_map()
    await both.teams.say("ben", "pain discovery desk:")
    await both.teams.until(lambda: both.teams.to("ben"))
    await both.teams.press("ben", both.teams.to("ben")[0], "Discover")
    await both.teams.until(lambda: len(both.teams.to("ben")) == 2)
    opened = await both.teams.press("ben", both.teams.to("ben")[1], "Open the form")
    assert opened["task"]["value"]["title"] == "Log a pain point"
