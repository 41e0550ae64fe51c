"""Every card that the product can send, as Teams shows it: read by Microsoft's own package, small, and inert."""

import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.teams_cards import PRIMARY, card, message, weight
from bot.teams_forms import form, told
from bot.teams_inline import inline, inline_form
from handlers.answers import Answer, Card, Done, Errors, Field, Form, Open, Replace, Silent, Tell
from handlers.cards import item_card
from storage.store import Store
from tests.peek import rows
from tests.teams_window import PACKAGES, fetch, missing
from tests.test_sizes import Large, answers, large
from tests.test_teams_cards import elements, live
from tests.world import World

__all__ = ["large"]

KB_28 = 28 * 1024
HOSTILE = (
    "**[your bank](https://evil.example)** <at>Ada</at> <img src=x> {{DATE(2026-11-23)}} `c` | a | # _it_ "
)
# Teams looks people up on cards of every version:
# https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/people-picker
PEOPLE = 'Property "choices.data" is supported in version 1.6, but you are using version 1.5.'
EACH = 4  # drawn cards of each action and kind of answer that Microsoft's package reads
needs_node = pytest.mark.skipif(bool(missing()), reason=missing())


async def test_every_card_of_the_product_is_read_by_microsofts_package_small_and_inert(large: Large) -> None:
    _make_hostile(large.world)
    drawn: dict[tuple[str, str], dict[str, Any]] = {}
    async for action, _, answer in answers(large):
        for content in _drawn(answer):
            assert live(content) == [], action.name
            assert weight(content) < KB_28, f"{action.name}: {weight(content)}"
            assert _most_beside_each_other(content) <= PRIMARY, action.name
            known = drawn.setdefault((action.name, type(answer).__name__), {})
            if len(known) < EACH:
                known[json.dumps(content)] = content
    found = [content for known in drawn.values() for content in known.values()]
    async for content in _item_cards(large.world):
        assert live(content) == []
        assert weight(content) < KB_28
        found.append(content)
    assert len(found) > 200, "there was something to look at"
    if not missing():
        assert _troubles(found) == []


@needs_node
def test_microsofts_package_finds_what_is_wrong() -> None:
    wrong = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Input.Text"}, {"type": "Nothing"}]}
    assert len(_troubles([wrong])) == 2


def _most_beside_each_other(content: dict[str, Any]) -> int:
    rows: list[list[dict[str, Any]]] = [one.get("actions", []) for one in elements(content)]
    return max((sum(action.get("mode") != "secondary" for action in row) for row in rows), default=0)


def _make_hostile(world: World) -> None:
    """The longest names and words, all of them trying to come alive."""
    rows(world, "UPDATE stages SET name = substr(? || position || ?, 1, 150)", HOSTILE, HOSTILE * 2)
    rows(
        world,
        "UPDATE maps SET name = substr(? || id, 1, 80), goal = ?, scenario = ?",
        HOSTILE,
        *[HOSTILE * 9] * 2,
    )
    rows(world, "UPDATE items SET text = ?, speaker = ?", (HOSTILE * 30)[:3_000], HOSTILE[:150])
    rows(world, "UPDATE people SET name = ? WHERE name <> 'ada'", HOSTILE)


def _drawn(answer: Answer) -> Iterator[dict[str, Any]]:
    match answer:
        case Tell(shown) | Replace(shown) | Done(shown):
            yield from _cards(shown)
        case Open(asked):
            yield from _forms(asked)
        case Errors() | Silent():
            pass


def _cards(shown: Card) -> Iterator[dict[str, Any]]:
    yield card(shown)
    yield inline(card(shown))
    yield told(shown)["task"]["value"]["card"]["content"]
    assert live(message(shown)) == []


def _forms(asked: Form) -> Iterator[dict[str, Any]]:
    names = [field.name for field in asked.fields if isinstance(field, Field)]
    yield form(asked)
    yield form(asked, dict.fromkeys(names, "Please look at this once more."))
    yield inline_form(asked)


async def _item_cards(world: World) -> AsyncIterator[dict[str, Any]]:
    """What stands in channels: one of each kind, open, resolved and gone."""
    keeper = world.keeper
    for row in rows(
        world, "SELECT organisation_id, id FROM items GROUP BY kind, resolved_at IS NULL, removed_at IS NULL"
    ):

        def unit(connection: Any, row: Any = row) -> Any:
            store = Store(connection, row["organisation_id"])
            item = store.items.get(row["id"])
            assert item is not None
            return item_card(store, item, keeper.clock()).card

        shown = await keeper.database.read(unit)
        if shown is not None:
            for content in _cards(shown):
                yield content


def _troubles(cards: list[dict[str, Any]]) -> list[str]:
    """What Microsoft's reader says against them."""
    fetch()
    read = subprocess.run(
        ["node", PACKAGES / "read.cjs"], input=json.dumps(cards), capture_output=True, text=True, check=True
    )
    told = [line.split(": ", 1) for line in read.stdout.splitlines()]
    return [f"{what} in {json.dumps(cards[int(at)])[:300]}" for at, what in told if what != PEOPLE]
