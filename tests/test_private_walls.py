"""A private map is not there for those who do not belong to it: every action is asked for all that is on it.

Every action that the router knows is asked as a command, a click and a form, by somebody of the organisation who may
not see the map, with the ids and the names of everything there is on it. No answer holds a word of it, every answer
is the one that ids get which never were, and nothing of it changes.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import pytest
from sqlmodel import select

from handlers.answers import Answer, Need, Tell, stored
from handlers.request import Actor, Heard, PlaceFacts, Profile, Request, Spot
from handlers.router import ACTIONS
from storage.models import (
    Binding,
    Change,
    Comment,
    Counter,
    Draft,
    Evidence,
    Item,
    JourneyMap,
    Link,
    MapMember,
    Person,
    Persona,
    Place,
    Post,
    Prompt,
    Schedule,
    Stage,
    Vote,
)
from storage.statements import Statement
from tests.test_access import SAID_BY_THE_PLATFORM
from tests.world import World

CANARIES = ("Quagga", "Okapi", "Numbat", "Fossa", "Dhole", "Serval")
NAME, SLUG, NOBODYS = "Zanzibar Quagga", "zanzibar-quagga", "zanzibar-quoggx"
KEPT: tuple[Any, ...] = (
    JourneyMap,
    Stage,
    Item,
    Persona,
    Counter,
    Change,
    Binding,
    MapMember,
    Link,
    Evidence,
    Comment,
    Vote,
)
SECRET = "C0SECRET"
CLEO = Actor("slack", "T0ACME", "U0CLEO", "cleo")
TESS = Actor("teams", "0b1f-tenant", "tess-object-id", "tess")
PRODUCT = Spot("C0PRODUCT", "product", private=False)
# What changes no map, by its own meaning: whom it asks for is the platform itself, which sees all.
OF_THE_PLATFORM = SAID_BY_THE_PLATFORM | {"uninstalled"}


class Walled(NamedTuple):
    """An organisation with an open map and ben's private one, what is on that, and a draft of cleo's own."""

    world: World
    ids: dict[str, str]
    cleos: str


def every(world: World, table: Any) -> Statement[Any]:
    """All rows of a table."""
    return Statement(select(table))


async def all_of(world: World, table: Any) -> list[Any]:
    """All rows of a table, in any order."""
    statement = every(world, table)
    found: list[Any] = await world.keeper.database.read(lambda connection: connection.all(statement))
    return found


@pytest.fixture
async def walled(each_world: World) -> Walled:
    """The private map lives in a private channel, and has something of everything."""
    world, slack = each_world, each_world.slack
    await world.start_map()
    slack.add_channel("secret", private=True, members=["ben"], bot=True)
    await world.start_map(NAME, "secret", "ben")
    form = (await slack.command("ben", "secret", "/journey", "edit")).view
    assert form
    persona = {"persona": "Okapi", "about": "an Okapi", "goal": "Okapi and Numbat"}
    sure = await slack.submit("ben", form, {**persona, "seen": "Only its members"})
    assert sure.view
    assert "is private now" in (await slack.submit("ben", sure.view, {})).text
    pain = await world.log("pay: Numbat walks in circles every night", user="ben", channel="secret")
    for command, words in (
        ("/quote", "pay: “the Fossa bit me” — Dhole, Serval"),
        ("/idea", "pay: a Serval for all"),
    ):
        await world.log(words, command=command, user="ben", channel="secret")
    await slack.react("ben", pain, "+1")
    stage = (await slack.command("ben", "secret", "/journey", "stages")).ephemeral
    assert stage
    await slack.command("ben", "secret", "/pain", "nowhere at all: the Numbat is lost")
    kept = await slack.command("cleo", "product", "/pain", "nowhere at all: cleo's own words")
    assert kept.ephemeral
    return Walled(world, await _ids(world), next(iter(await _drafts(world, "cleo"))))


async def _drafts(world: World, name: str) -> list[str]:
    people = {person.id: person.name for person in await all_of(world, Person)}
    return [draft.id for draft in await all_of(world, Draft) if people[draft.person_id] == name]


async def _ids(world: World) -> dict[str, str]:
    """One id of each thing on the private map."""
    (journey,) = [one for one in await all_of(world, JourneyMap) if one.private]
    stages = [one for one in await all_of(world, Stage) if one.map_id == journey.id]
    items = [one for one in await all_of(world, Item) if one.map_id == journey.id]
    (place,) = [one for one in await all_of(world, Place) if one.external_id == SECRET]
    (schedule,) = [one for one in await all_of(world, Schedule) if one.place_id == place.id]
    return {
        "map": journey.id,
        "stage": next(one.id for one in stages if one.slug == "pay"),
        "other": next(one.id for one in stages if one.slug != "pay"),
        **{item.kind: item.id for item in items},
        "draft": next(iter(await _drafts(world, "ben"))),
        "place": place.id,
        "schedule": schedule.id,
    }


async def what_is_there(world: World, map_id: str) -> list[Any]:
    """Every row that belongs to the private map, and whatever anybody was told of it."""
    items = {one.id for one in await all_of(world, Item) if one.map_id == map_id}
    found = []
    for table in KEPT:
        for row in await all_of(world, table):
            named = {getattr(row, name, None) for name in ("map_id", "item_id", "quote_id", "root_id", "id")}
            if named & {map_id, *items}:
                found.append((table.__name__, tuple(row)))
    for told in (Post, Prompt):
        rows = await all_of(world, told)
        found += [(told.__name__, row.subject_id) for row in rows if row.subject_id in items]
    return sorted(found, key=repr)


async def test_nothing_that_an_outsider_asks_for_tells_of_a_private_map(walled: Walled) -> None:
    world = walled.world
    before = await what_is_there(world, walled.ids["map"])
    asked = set()
    sqlite = world.keeper.database.url.startswith("sqlite")  # where it is quicker, all of it is asked
    for number, (name, request, twin) in enumerate(_asked(walled, CLEO)):
        if number % 3 and not sqlite:
            continue
        answer = await _answered(world, request, f"a{number}")
        said = stored(answer)
        assert not [word for word in CANARIES if word in said], f"{name} {_given(request)}: {said[:600]}"
        if twin is not None and sqlite:
            other = stored(await _answered(world, twin, f"b{number}"))
            assert _bare(said) == _bare(other), f"{name} {_given(request)}"
        asked.add(name)
    assert asked == set(ACTIONS) - OF_THE_PLATFORM
    assert await what_is_there(world, walled.ids["map"]) == before


async def test_the_same_from_teams(walled: Walled) -> None:
    world = walled.world
    await _join(world)
    before = await what_is_there(world, walled.ids["map"])
    for number, (name, request, _) in enumerate(_asked(walled, TESS)):
        if number % 6 == 0:
            said = stored(await _answered(world, request, f"t{number}"))
            assert not [word for word in CANARIES if word in said], f"{name} {_given(request)}: {said[:600]}"
    assert await what_is_there(world, walled.ids["map"]) == before
    people = {person.name for person in await all_of(world, Person)}
    assert {"tess", "cleo"} <= people, "she is of the same organisation"


async def test_whoever_belongs_to_it_is_told_all_of_it(walled: Walled) -> None:
    said = ""
    for person in ("ada", "ben"):  # an admin, and its owner
        for text in (f"map {SLUG}", f"show {SLUG}/P-1", f"search {SLUG}/numbat"):
            reply = await walled.world.slack.command(person, "random", "/journey", text)
            assert "Numbat" in reply.text, f"{person}: {text}"
            said += reply.text
    assert "Quagga" in said


async def _join(world: World) -> None:
    """A Teams tenant becomes part of the organisation."""
    code = (await world.slack.command("ada", "product", "/journey", "link")).text
    found = re.search(r"[0-9a-f]{8}-[0-9a-f]{32}", code)
    assert found
    head = Actor("teams", TESS.workspace, "the-head", "the head")
    request = Request(actor=head, spot=None, action="link", key="join", surface="command", text=found[0])
    answer = await world.keeper.dispatch(request)
    assert isinstance(answer, Need)
    joined = {"profile": Profile("the head", admin=True)}
    done = await world.keeper.dispatch(_with(request, joined))
    assert isinstance(done, Tell)
    assert "both sides share maps" in stored(done)


def _asked(walled: Walled, actor: Actor) -> Iterator[tuple[str, Request, Request | None]]:
    """Every action in many ways, each with the same about something that never was, where that can be told apart."""
    ids, cleos = walled.ids, walled.cleos
    # Somebody else's draft is no secret: its words are.
    missing = {name: f"{number:026}" for number, name in enumerate(ids)} | {"draft": ids["draft"]}
    texts = ("", "{name}", "zanzibar", "{name}/P-1", "{name}/pay: a word of mine", "numbat circles")
    values = (
        *(f"{{{name}}}" for name in ids),
        "{pain} {stage}",
        "{pain} {idea}",
        "{pain} me",
        "{draft} {map}",
        f"{cleos} {{map}}",
        f"{cleos} {{stage}}",
        f"{{map}} {cleos}",
        f"{cleos} {{map}} {{stage}}",
        "{map} {stage} {other}",
        '["{map}"]',
        '["{map}", "{stage}", "pain"]',
        '["numbat", "{map}"]',
    )
    for name in ACTIONS.keys() - OF_THE_PLATFORM:
        for text in texts:
            # What is logged is read for a close spelling: another name has other neighbours.
            twin = None if "pay" in text else _request(name, actor, "command", text=text.format(name=NOBODYS))
            yield name, _request(name, actor, "command", text=text.format(name=SLUG)), twin
        for value in values:
            asks, twin = (
                _request(name, actor, "click", values={"value": _filled(value, known)})
                for known in (ids, missing)
            )
            yield name, asks, twin
        # A modal tells where it was opened, and that may be made up.
        yield (
            name,
            _request(name, actor, "click", Spot(SECRET), message="", values={"value": ids["pain"]}),
            None,
        )
        for spot in (PRODUCT, Spot(SECRET)):
            for version in ("1", "2"):
                yield name, _form(name, actor, spot, ids, version), None


def _form(name: str, actor: Actor, spot: Spot, ids: dict[str, str], version: str) -> Request:
    """A form that was sent with everything that is hidden behind it."""
    about = {key: ids[key] for key in ("map", "stage", "draft", "schedule", "place")}
    about |= {"item": ids["pain"], "kind": "quote", "version": version}
    values = {
        "map": ids["map"],
        "stage": ids["stage"],
        "into": ids["other"],
        "target": ids["pain"],
        "number": "P-1",
        "answers": "P-1",
        "evidence": "P-1",
        "items": (ids["pain"],),
        "people": ("U0CLEO",),
        "seen": "everybody",
        "text": "a word of mine",
        "name": "mine",
        "owner": "U0CLEO",
        "status": "planned",
    }
    return _request(name, actor, "form", spot, values=values, about=about)


def _filled(value: str, ids: dict[str, str]) -> str:
    for name, known in ids.items():
        value = value.replace(f"{{{name}}}", known)
    return value


def _request(
    name: str,
    actor: Actor,
    surface: Literal["command", "click", "form"],
    spot: Spot = PRODUCT,
    message: str = "1700000000.000100",
    **more: Any,
) -> Request:
    if actor is TESS:
        spot = Spot("19:general@thread.tacv2", "General", private=False)
    return Request(
        actor=actor,
        spot=spot,
        action=name,
        key="",
        surface=surface,
        message=message if surface == "click" else "",
        **more,
    )


async def _answered(world: World, request: Request, key: str) -> Answer:
    request = _with(request, {"key": key})
    answer = await world.keeper.dispatch(request)
    while isinstance(answer, Need):
        facts = {
            "profile": Profile(request.actor.name),
            "place": PlaceFacts("product", private=False),
            "author": "somebody",
            "heard": Heard("a word of mine", "https://acme.slack.com/archives/C0PRODUCT/p1", "U0BEN"),
        }
        request = _with(request, {answer.what: facts[answer.what]})
        answer = await world.keeper.dispatch(request)
    return answer


def _with(request: Request, more: dict[str, Any]) -> Request:
    return Request(**{name: getattr(request, name) for name in request.__struct_fields__} | more)


def _given(request: Request) -> str:
    return json.dumps([request.surface, request.text, dict(request.values), request.about], default=str)[:400]


def _bare(said: str) -> str:
    """An answer without the ids in it and the name that was typed."""
    return re.sub(
        r"[0-9A-Za-z]{26}|[0-9a-f-]{32,36}", "ID", said.replace(SLUG, "TYPED").replace(NOBODYS, "TYPED")
    )
