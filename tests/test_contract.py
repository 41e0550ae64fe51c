"""One suite over three doors: Slack's, Teams', and a bare one. The same sentences have the same results."""

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Protocol, cast

import pytest
from sqlalchemy import select

from bot.playground.replies import Reply
from bot.slack_payloads import unescaped
from bot.teams_text import inert, spoken
from handlers.answers import Answer, Done, Errors, Need, Replace, Tell
from handlers.grammar import parse_command
from handlers.request import Actor, PlaceFacts, Profile, Request, Spot
from handlers.router import action_of
from storage.models import Item, Stage, Workspace
from storage.statements import Statement
from tests.peek import press
from tests.teams_stand_in import TENANT, button, shown
from tests.test_teams import Both, on_both

SENTENCES = (
    "pain order: the menu has no prices !abandon",
    "pain ordr: the waiter never comes",
    "pain pay: card declined @card reader",
    "pain dessert and coffee: cold",
    "idea pay: pay at the table",
    "quote pay: “We gave up” — Dana, Acme",
    "gain eat: the crust",
    "pain order: the menu has no prices",
    "pain order: cold !trivial",
    "/journey pain arrive: nobody at the door",
    "PAIN eat: too salty",
    "top",
    "list order",
    "list mine",
    "show P-1",
    "show P-99",
    "search prices",
    "map",
    "gaps",
    "digest",
    "stages",
    "schedule",
    "help",
    "frobnicate",
    "use nothing",
)


ITEMS = Statement[Any](
    cast(Any, select)(
        Workspace.platform,
        Workspace.external_id,
        Item.kind,
        Item.number,
        Stage.slug,
        Item.text,
        Item.severity,
        Item.touchpoint,
        Item.speaker,
        Item.speaker_account,
        Item.votes,
        Item.id,
    )
    .select_from(Item)
    .join(Stage, Stage.id == Item.stage_id)
    .join(Workspace, Workspace.organisation_id == Item.organisation_id)
    .order_by(Item.kind, Item.number)
)


class Door(Protocol):
    """A way in."""

    platform: str
    team: str

    async def starts_a_map(self) -> None:
        """Ada starts one from the restaurant template."""

    async def says(self, text: str) -> str:
        """Ada types something; the sentence that she is answered with, empty for a form."""

    async def votes(self, *, up: bool) -> None:
        """Ada votes on P-1, or takes it back."""


class Bare:
    """No platform at all: requests as any door makes them."""

    platform, team = "bare", "T0BARE"

    def __init__(self, both: Both) -> None:
        self._both = both
        self._keys = itertools.count()

    async def starts_a_map(self) -> None:
        await self.asks("map.make", "form", values={"template": "restaurant-visit", "name": "Dinner"})

    async def says(self, text: str) -> str:
        verb, rest = parse_command(text)
        if verb == "/journey":
            text = rest
            verb, rest = parse_command(rest)
        action = action_of(verb)
        return _summary(await self.asks(action, "command", text=text if action == "unknown" else rest))

    async def votes(self, *, up: bool) -> None:
        item = next(
            one
            for one in await _items(self._both)
            if (one.external_id, one.kind, one.number) == (self.team, "pain", 1)
        )
        await self.asks("vote" if up else "unvote", "click", values={"value": item.id})

    async def asks(self, action: str, surface: Any, **more: Any) -> Answer:
        answer = await self._both.keeper.dispatch(
            Request(
                actor=Actor(self.platform, self.team, "U0ADA", "ada"),
                spot=Spot("C0BARE", "product", private=False),
                action=action,
                key=f"bare:{next(self._keys)}",
                surface=surface,
                about={"version": "1"},
                profile=Profile("ada"),
                place=PlaceFacts("product", private=False),
                **more,
            )
        )
        assert not isinstance(answer, Need)
        return answer


class InSlack:
    """Slack's door, through signed HTTP."""

    platform, team = "slack", "T0ACME"

    def __init__(self, both: Both) -> None:
        self._both = both

    async def starts_a_map(self) -> None:
        await self._both.start_map(name="Dinner")

    async def says(self, text: str) -> str:
        reply: Reply = await self._both.slack.command(
            "ada", "product", "/journey", text.removeprefix("/journey ")
        )
        assert reply.ok, reply
        return unescaped(reply.data["text"]) if reply.data else ""

    async def votes(self, *, up: bool) -> None:
        card = next(one for one in self._both.messages() if "P-1 ·" in str(one.blocks) or "P-1" in one.text)
        reply = await press(self._both, "ada", card, "Vote")
        if not up:
            assert reply.ephemeral
            await press(self._both, "ada", reply.ephemeral, "Take back")


class InTeams:
    """Teams' door, through tokens and a connector."""

    platform, team = "teams", TENANT

    def __init__(self, both: Both) -> None:
        self._both = both

    async def starts_a_map(self) -> None:
        await self._both.teams_map()

    async def says(self, text: str) -> str:
        teams = self._both.teams
        before = len(teams.to("ada"))
        await teams.say("ada", text)
        await teams.until(lambda: len(teams.to("ada")) > before)
        return str(teams.to("ada")[-1]["activity"]["summary"])

    async def votes(self, *, up: bool) -> None:
        teams = self._both.teams
        card = next(one for one in teams.in_channel() if "P-1" in shown(one["activity"]))
        before = len(teams.to("ada"))
        await teams.press("ada", card, "Vote")
        await teams.until(lambda: len(teams.to("ada")) > before)
        if not up:
            assert button(teams.to("ada")[-1]["activity"], "Take back")
            await teams.press("ada", teams.to("ada")[-1], "Take back")


@pytest.fixture
async def each_both(database_url: str) -> AsyncIterator[Both]:
    async with on_both(database_url) as made:
        yield made


async def test_the_same_sentences_have_the_same_results_at_every_door(each_both: Both) -> None:
    noon = (each_both.clock() + timedelta(days=1)).replace(hour=12, minute=0)
    each_both.clock.to(noon)  # so that no midnight comes between two doors
    bare = Bare(each_both)
    doors: tuple[Door, ...] = (bare, InSlack(each_both), InTeams(each_both))
    for door in doors:
        await door.starts_a_map()
    for sentence in SENTENCES:
        meant, in_slack, in_teams = [await door.says(sentence) for door in doors]
        assert in_slack == meant, sentence
        if meant:
            # The channel of the stand-in for Teams is called Product.
            assert in_teams.lower() == inert(spoken(meant)).lower(), sentence
    await _seen(each_both)
    for up in (True, False, True):
        for door in doors:
            await door.votes(up=up)
    found = [await _results(each_both, door) for door in doors]
    assert len(found[0]) == 9, "there is something to compare"
    assert found[0] == found[1] == found[2]


async def _seen(both: Both) -> None:
    """Waits until every card stands in both channels."""
    await both.until(lambda: sum("P-1" in one.text for one in both.messages()) >= 1)
    await both.teams.until(lambda: any("P-1" in shown(one["activity"]) for one in both.teams.in_channel()))


async def _results(both: Both, door: Door) -> list[Any]:
    """What stands on the door's map."""
    return [
        tuple(row)[2:-1]
        for row in await _items(both)
        if (row.platform, row.external_id) == (door.platform, door.team)
    ]


async def _items(both: Both) -> list[Any]:
    return await both.keeper.database.read(lambda connection: connection.all(ITEMS))


def _summary(answer: Answer) -> str:
    match answer:
        case Tell(card) | Replace(card) | Done(card):
            return card.summary
        case Errors(fields):
            return " ".join(fields.values())
        case _:
            return ""
