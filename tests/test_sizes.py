"""Slack takes whatever any action answers, however large the map, the names and the words are.

Every action that the router knows is asked, as a command, a click and a form, with ids of everything there is and
with words without end; whatever it answers is drawn and judged by the stand-in's rules, which are Slack's.
"""

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any, Literal, NamedTuple, assert_never

import pytest

from bot.app import real_now
from bot.playground.blocks import problems, view_problems
from bot.slack_blocks import done_view, message, private, view
from handlers.answers import Answer, Card, Done, Errors, Form, Need, Open, Replace, Silent, Tell
from handlers.request import Actor, Heard, PlaceFacts, Profile, Request, Spot
from handlers.router import ACTIONS, VERBS, Action
from tests.peek import press, rows
from tests.world import World

STAGES, ITEMS, MAPS = 14, 500, 100
NAME = "Überlange Stufe & <!channel> mit שלום 🗺️ und so weiter "  # 150 characters of it
WORDS = "Card declined <@U0ADA> & again, https://example.com, zweimal 🗺️ "  # 3,000 characters of it
WHERE = {"channel": "C0PRODUCT", "name": "product"}


class Large(NamedTuple):
    """A world in which all is as large as it may be, and the ids in it."""

    world: World
    ids: dict[str, list[str]]


@pytest.fixture
async def large(world: World) -> Large:
    """A map of 14 stages with endless names, 500 items with endless words on one of them, and a hundred maps."""
    await world.start_map()
    for kind in ("pain", "idea", "quote", "gain"):
        await world.log("pay: something to begin with", command=f"/{kind}")
    for copy in range(STAGES - 7):
        _copied(
            world,
            "stages",
            "position = 6",
            {"id": f"stage{copy}", "slug": f"stage-{copy}", "position": 7 + copy},
        )
    rows(world, "UPDATE stages SET name = substr(? || position || ?, 1, 150)", NAME, NAME * 3)
    words = (WORDS * 60)[:3_000]
    rows(
        world,
        "UPDATE items SET text = ?, touchpoint = ?, speaker = ?, speaker_account = ?",
        words,
        *[NAME] * 3,
    )
    long_ago = f"{real_now() - timedelta(days=300):%Y-%m-%d %H:%M:%S.%f}"
    for number in range(2, ITEMS // 4 + 2):
        for kind in ("pain", "idea", "quote", "gain"):
            changed = {"id": f"{kind}{number:04}", "number": 10_000 + number, "votes": 99_999 + number}
            _copied(world, "items", f"kind = '{kind}' AND number = 1", {**changed, "form_token": None})
    rows(world, "UPDATE items SET resolved_at = ?, status = 'resolved' WHERE number % 5 = 0", long_ago)
    for copy in range(MAPS - 1):
        _copied(world, "maps", "slug = 'dinner-with-friends'", {"id": f"map{copy}", "slug": f"map-{copy}"})
        _copied(world, "counters", "rowid = 1", {"map_id": f"map{copy}"})
    rows(world, "UPDATE maps SET name = substr(? || id, 1, 80), goal = ?, scenario = ?", NAME, words, words)
    rows(world, "UPDATE people SET name = ? WHERE name <> 'ada'", NAME)
    ids = {
        table: [row["id"] for row in rows(world, f"SELECT id FROM {table} ORDER BY id")]
        for table in ("maps", "stages", "items", "people")
    }
    # The one with all the items comes first.
    pay = rows(world, "SELECT id FROM stages WHERE slug = 'pay'")[0]["id"]
    ids["stages"] = [pay, *(one for one in ids["stages"] if one != pay)]
    return Large(world, ids)


async def test_every_answer_of_every_action_is_one_that_slack_takes(large: Large) -> None:
    answered: dict[str, set[str]] = {}
    async for action, request, answer in answers(large):
        for drawn, wrong in _judged(answer):
            assert wrong == [], (
                f"{action.name} of {str(request.values or request.text)[:80]}: {wrong} in {drawn[:300]}"
            )
        answered.setdefault(action.name, set()).add(type(answer).__name__)
    assert set(answered) == set(ACTIONS), "no action goes without an answer here"
    assert "Open" in answered["item.edit"], "the forms are really filled"
    for name in ("map.edit", "channel.edit", "stage.edit", "stage.add", "stage.split", "stage.merge"):
        assert "Open" in answered[name], f"{name} opens its form"
    assert "Done" in answered["log.form"] | answered["item.save"], "and really sent"
    assert len(rows(large.world, "SELECT id FROM organisations")) == 1, "all of it happened on the large map"


async def test_a_stage_with_five_hundred_items_and_an_endless_name_is_split_merged_and_brought_back(
    large: Large,
) -> None:
    slack, pay = large.world.slack, large.ids["stages"][0]
    asked = await slack.command("ada", "product", "/journey", "stages dinner-with-friends")
    assert asked.ephemeral
    card = asked.ephemeral
    await press(large.world, "ada", card, "stage.show", option=pay)
    form = (await press(large.world, "ada", card, "more", option="Split…")).view
    assert form
    items = next(block for block in form.blocks if block["block_id"] == "items")["element"]["options"]
    assert len(items) == 100, "as many as Slack offers"
    chosen = [option["text"]["text"] for option in items[:3]]
    split = await slack.submit("ada", form, {"name": f"B{NAME * 3}"[:150], "items": chosen})
    assert "3 items moved" in split.text
    form = (await press(large.world, "ada", card, "more", option="Merge into…")).view
    assert form
    await slack.submit("ada", form, {"into": large.ids["stages"][-1]})
    (left,) = rows(large.world, "SELECT count(*) AS n FROM items WHERE stage_id = ?", pay)
    assert left["n"] == 0
    again = (await slack.command("ada", "product", "/journey", "stages dinner-with-friends")).ephemeral
    assert again
    await press(large.world, "ada", again, "stage.restore", option=pay)
    (back,) = rows(large.world, "SELECT count(*) AS n FROM items WHERE stage_id = ?", pay)
    assert back["n"] == ITEMS + 4 - 3


async def test_every_word_after_journey_gets_an_answer_in_the_chat_itself(large: Large) -> None:
    # The stand-in refuses what Slack refuses, so this is the whole way: drawn, sent, and shown.
    for verb in VERBS:
        if ACTIONS[VERBS[verb]].where.value == "anywhere":
            reply = await large.world.slack.command("ada", "product", "/journey", verb)
            assert reply.ok, verb
            assert reply.ephemeral or reply.opened, f"/journey {verb} says nothing"
    card = await large.world.slack.command("ada", "product", "/journey", "map")
    assert card.text.count("Überlange Stufe") > STAGES, "every stage is on the card, with its name as it fits"


async def answers(large: Large) -> AsyncIterator[tuple[Action, Request, Answer]]:
    """What every action answers when it is asked in many ways."""
    for action, request in _asked(large):
        answer = await large.world.keeper.dispatch(request)
        while isinstance(answer, Need):
            facts = {
                "profile": Profile("ada"),
                "place": PlaceFacts("product", private=False),
                "author": NAME,
                "heard": Heard(WORDS * 60, "https://acme.slack.com/archives/C0PRODUCT/p1", "U0BEN"),
            }
            request = _with(request, {answer.what: facts[answer.what]})
            answer = await large.world.keeper.dispatch(request)
        yield action, request, answer


def _copied(world: World, table: str, which: str, changed: dict[str, Any]) -> None:
    """A row of that table once more, with other values."""
    columns = [row["name"] for row in rows(world, f"PRAGMA table_info({table})")]
    values = ", ".join("?" if name in changed else name for name in columns)
    given = [changed[name] for name in columns if name in changed]
    rows(world, f"INSERT INTO {table} SELECT {values} FROM {table} WHERE {which} LIMIT 1", *given)


def _asked(large: Large) -> Iterator[tuple[Action, Request]]:
    """Every action in many ways; each with items of its own, as some take them off the map."""
    items = itertools.cycle(large.ids["items"])
    stages, maps, people = (large.ids[name] for name in ("stages", "maps", "people"))
    number = itertools.count()
    # The one that takes the map off the channel is the last: the others need it there.
    for action in sorted(ACTIONS.values(), key=lambda action: action.name == "map.unbind"):
        item, other = next(items), next(items)
        texts = ["", "pay", "mine", "P-1", WORDS * 40, f"pay: {WORDS * 10}", f"{NAME}: {WORDS}", "@ada"]
        values = [
            "",
            item,
            other,
            stages[0],
            stages[-1],
            maps[0],
            f"{item} {stages[0]}",
            people[0],
            WORDS * 20,
        ]
        kept = [row["id"] for row in rows(large.world, "SELECT id FROM drafts ORDER BY id DESC LIMIT 1")]
        values += (
            [f"{kept[0]} {stages[-1]}", f"{kept[0]} {maps[0]}", f"{kept[0]} {maps[0]} {stages[0]}"]
            if kept
            else []
        )
        values += [
            json.dumps(page)
            for page in ([maps[0]], [maps[0], stages[0], "pain"], ["card declined twice", ""])
        ]
        for text in texts:
            yield action, _request(action, "command", next(number), text=text)
        for value in values:
            yield action, _request(action, "click", next(number), values={"value": value})
        for about in (
            {"item": item, "version": "1"},
            {"map": maps[0], "kind": "quote"},
            {"stage": stages[0]},
        ):
            yield action, _request(action, "form", next(number), values=_filled(stages[0]), about=about)
            yield action, _request(action, "form", next(number), values={}, about={**about, "version": "1"})


def _request(
    action: Action, surface: Literal["command", "click", "form"], number: int, **more: Any
) -> Request:
    return Request(
        actor=Actor("slack", "T0ACME", "U0ADA", "ada"),
        spot=Spot("C0PRODUCT", "product", private=False),
        action=action.name,
        key=f"{surface}:{number}",
        surface=surface,
        **more,
    )


def _with(request: Request, more: dict[str, Any]) -> Request:
    return Request(**{name: getattr(request, name) for name in request.__struct_fields__} | more)


def _filled(stage_id: str) -> dict[str, str]:
    """A form in which all is too long and much is wrong."""
    names = (
        "name",
        "persona",
        "goal",
        "speaker",
        "account",
        "role",
        "touchpoint",
        "link",
        "answers",
        "evidence",
    )
    return {"stage": stage_id, "text": WORDS * 60, "reach": "many", "due": "soon"} | dict.fromkeys(
        names, WORDS * 20
    )


def _judged(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """The answer on each of Slack's surfaces where it may stand, and what Slack would say against it."""
    match answer:
        case Tell(card) | Replace(card):
            yield from _cards(card)
        case Done(card):
            yield from _cards(card)
            shown = done_view(card, WHERE)
            yield json.dumps(shown), view_problems(shown)
        case Open(form):
            yield from _forms(form)
        case Errors(fields):
            long = [name for name, said in fields.items() if not 0 < len(said) <= 2_000]
            yield json.dumps(fields), [f"{name}: no error is so long" for name in long]
        case Silent():
            yield "", []
        case _:
            assert_never(answer)


def _cards(card: Card) -> Iterator[tuple[str, list[str]]]:
    for drawn in (message(card), private(card)):
        wrong = problems(drawn["blocks"], "message")
        yield (
            json.dumps(drawn["blocks"]),
            wrong if len(drawn["text"]) <= 4_000 else [*wrong, "the text is too long"],
        )


def _forms(form: Form) -> Iterator[tuple[str, list[str]]]:
    shown = view(form, WHERE)
    yield json.dumps(shown), view_problems(shown)
