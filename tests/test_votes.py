"""A vote is one person's, whatever they press, in whatever order we hear of it."""

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from bot.playground.reading import plain
from bot.playground.things import Message
from scheduler import hearing
from storage.connection import Connection
from storage.database import connection_to, new_id
from storage.store import Store
from tests.load import at_most, at_rest, eventually, one, people, reaction, rows, told
from tests.peek import press
from tests.world import World, running


class Story(NamedTuple):
    """What one person did with the reactions of a card, in this order, and whether a vote is left in the end."""

    name: str
    deeds: tuple[tuple[str, bool], ...]
    votes: bool


LIGHT, DARK, FIRE = "+1::skin-tone-2", "thumbsup::skin-tone-6", "fire"
STORIES = [
    Story("one of two skin tones stays", ((LIGHT, True), (DARK, True), (LIGHT, False), (FIRE, True)), True),
    Story("both emoji taken back", ((LIGHT, True), (FIRE, True), (LIGHT, False), (FIRE, False)), False),
    Story("changed their mind twice", ((DARK, True), (DARK, False), (DARK, True), (DARK, False)), False),
    Story("the other emoji came last", ((FIRE, True), (FIRE, False), (LIGHT, False), (DARK, True)), True),
]


def deliveries(events: int, times: int) -> list[tuple[int, ...]]:
    """Every order in which so many events, each delivered so often, can arrive."""

    def orders(left: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if not any(left):
            yield ()
        for event, count in enumerate(left):
            if count:
                rest = (*left[:event], count - 1, *left[event + 1 :])
                yield from ((event, *order) for order in orders(rest))

    return list(orders((times,) * events))


def voters(world: World) -> set[str]:
    """Who has a vote that counts, by Slack's ids."""
    question = (
        "SELECT accounts.external_id FROM votes JOIN accounts ON accounts.organisation_id = votes.organisation_id"
        " AND accounts.id = votes.account_id WHERE votes.active"
    )
    return {user for (user,) in rows(world.keeper.settings.database_url, question)}


def count(world: World) -> int:
    """What the one item shows, checked against the votes themselves."""
    votes = one(world.keeper.settings.database_url, "SELECT votes FROM items")
    assert votes == len(voters(world))
    return int(votes)


def unanswered(world: World) -> tuple[list[Message], asyncio.Event]:
    """From now on Slack posts at once, but its answers reach us only when the event is set."""
    chat: Any = world.keeper.chats["slack"]
    genuine, arrived = chat.post, asyncio.Event()
    posted: list[Message] = []

    async def post(workspace: str, channel: str, card: Any, thread: str = "") -> str:
        ts: str = await genuine(workspace, channel, card, thread)
        message = world.slack.world.message(channel, ts)
        assert message is not None
        posted.append(message)
        await arrived.wait()
        return ts

    chat.post = post
    return posted, arrived


@pytest.mark.parametrize("every", [180, pytest.param(4, marks=pytest.mark.soak)])
@pytest.mark.parametrize("known", [True, False], ids=["known post", "post not known yet"])
async def test_every_order_of_events_ends_in_the_same_votes(
    each_world: World, known: bool, every: int
) -> None:
    world = each_world
    await world.start_map()
    posted, arrived = unanswered(world)
    if known:
        arrived.set()
    await world.slack.command("ada", "product", "/pain", "pay: card declined twice")
    await eventually(lambda: posted)
    if known:
        await at_rest(world)
    expected: set[str] = set()

    async def live(who: str, story: Story, order: tuple[int, ...]) -> None:
        events = [reaction(world.slack, who, posted[0], emoji, added=added) for emoji, added in story.deeds]
        for event in order:
            assert (await world.slack.send(events[event])).status == 200

    orders = deliveries(events=4, times=2)
    assert len(orders) == 2520
    lives = []
    for number, story in enumerate(STORIES):
        chosen = orders[number::every]  # by every fourth one, the four stories take all of them
        for who, order in zip(people(world.slack, len(chosen), f"story{number}-"), chosen, strict=True):
            lives.append(live(who, story, order))
            expected |= {who} if story.votes else set()
    await at_most(32, lives)
    if not known:
        assert not voters(world), "nobody knows yet what the message is about"
        arrived.set()
        await at_rest(world, 60)
    assert voters(world) == expected
    assert count(world) == len(expected)
    await world.until(lambda: f"▲ {len(expected):,}" in plain(posted[0]))


@pytest.mark.parametrize("people_count", [12, pytest.param(200, marks=pytest.mark.soak)])
async def test_button_and_reactions_together_are_one_vote(each_world: World, people_count: int) -> None:
    """Against a model: the button sets a vote, any reaction that stands is one, Take back ends all of it."""
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined twice")
    await at_rest(world)
    expected: set[str] = set()

    async def live(who: str, chance: random.Random) -> None:
        pressed, standing = False, set[str]()
        take_back = None
        for _ in range(12):
            emoji = chance.choice((LIGHT, DARK, FIRE))
            match chance.choice(("press", "add", "add", "remove", "take back")):
                case "press":
                    told = await world.slack.click(who, card, "Vote")
                    await world.until(lambda told=told: told.ephemeral is not None)
                    take_back, pressed = told.ephemeral, True
                case "take back" if take_back is not None:
                    await world.slack.click(who, take_back, "Take back")
                    take_back, pressed, standing = None, False, set()
                case "remove":
                    await world.slack.send(reaction(world.slack, who, card, emoji, added=False))
                    standing.discard(emoji)
                case "add":
                    await world.slack.send(reaction(world.slack, who, card, emoji))
                    standing.add(emoji)
        if pressed or standing:
            expected.add(who)

    crowd = people(world.slack, people_count)
    await at_most(8, [live(who, random.Random(number)) for number, who in enumerate(crowd)])
    assert voters(world) == expected
    assert 0 < count(world) < people_count


async def test_a_vote_by_button_stays_when_the_reaction_goes(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    await world.slack.react("ben", card, "+1")
    await world.slack.click("ben", card, "Vote")
    assert count(world) == 1
    await world.slack.unreact("ben", card, "+1")
    assert count(world) == 1


async def test_take_back_counts_even_while_the_reaction_stands(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    await world.slack.react("ben", card, "+1")
    voted = await world.slack.click("ben", card, "Vote")
    await world.until(lambda: voted.ephemeral)
    assert voted.ephemeral
    taken = await world.slack.click("ben", voted.ephemeral, "Take back")
    await world.until(lambda: "Taken back" in taken.text)
    assert count(world) == 0
    await world.slack.unreact("ben", card, "+1")
    assert count(world) == 0
    await world.slack.react("ben", card, "+1")
    assert count(world) == 1


@pytest.mark.parametrize("times", [20, pytest.param(500, marks=pytest.mark.soak)])
async def test_voting_again_and_again_is_one_vote(each_world: World, times: int) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined twice")
    clicks = [world.slack.click("ben", card, "Vote") for _ in range(times)]
    events = [
        world.slack.send(reaction(world.slack, "U0BEN", card, emoji)) for emoji in (LIGHT, FIRE) * times
    ]
    assert {reply.status for reply in await at_most(16, [*clicks, *events])} == {200}
    assert count(world) == 1


async def test_what_people_did_while_an_item_was_removed_counts_when_it_is_back(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    await world.slack.react("ben", card, "+1")
    await world.slack.click("ada", card, "more|3", option="Remove")
    await world.until(lambda: "was removed by" in plain(card))
    await world.slack.unreact("ben", card, "+1")
    await world.slack.react("cleo", card, "+1")
    await world.slack.click("ada", card, "Restore")
    await at_rest(world)
    assert voters(world) == {"U0CLEO"}
    assert count(world) == 1


async def test_what_people_did_while_an_item_was_removed_counts_where_new_cards_are_not_posted(
    each_world: World,
) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined twice")
    form = (await world.slack.command("ada", "product", "/journey", "channel")).view
    assert form
    await world.slack.submit("ada", form, {"noise": "None, only the weekly digest"})
    await world.slack.click("ada", card, "more|3", option="Remove")
    await world.until(lambda: "was removed by" in plain(card))
    await world.slack.react("cleo", card, "+1")
    await world.slack.click("ada", card, "Restore")
    await at_rest(world)
    assert voters(world) == {"U0CLEO"}


async def archived(world: World) -> Message:
    """ada puts the map away; what she is told, with the way back."""
    asked = (await world.slack.command("ada", "product", "/journey", "archive")).ephemeral
    assert asked
    await press(world, "ada", asked, "Archive it")
    return asked


async def test_what_people_did_while_a_map_was_archived_counts_when_it_is_back(each_world: World) -> None:
    world = each_world
    await world.start_map()
    world.slack.add_person("dana")
    first, second = await world.log("pay: card declined twice"), await world.log("order: cold soup")
    await world.slack.react("ben", first, "+1")
    await world.slack.click("cleo", first, "Vote")
    await world.slack.react("cleo", first, "fire")
    put_away = await archived(world)
    await world.slack.unreact("ben", first, "+1")
    await world.slack.unreact("cleo", first, "fire")
    for who, emoji in (("ada", LIGHT), ("ada", FIRE), ("dana", "eyes")):
        await world.slack.react(who, first, emoji)
    await world.slack.react("ben", second, "heart")
    await at_rest(world)
    assert voters(world) == {"U0BEN", "U0CLEO"}, "as long as it rests, nothing changes"
    await press(world, "ada", put_away, "Restore")
    await at_rest(world)
    counted = "SELECT number, votes FROM items ORDER BY number"
    assert rows(world.keeper.settings.database_url, counted) == [(1, 2), (2, 1)]
    assert voters(world) == {"U0ADA", "U0BEN", "U0CLEO"}
    await world.until(lambda: "▲ 1" in plain(second))


async def test_a_vote_on_a_merged_item_while_the_map_was_archived_counts_for_both(world: World) -> None:
    await world.start_map()
    root, card = await world.log("pay: card declined twice"), await world.log("pay: no cards at all")
    form = (await world.slack.click("ada", card, "more|3", option="Merge…")).view
    assert form
    await world.slack.submit("ada", form, {"number": "P-1"})
    put_away = await archived(world)
    await world.slack.react("ben", card, "+1")
    await world.slack.react("cleo", root, "+1")
    await press(world, "ada", put_away, "Restore")
    await world.until(lambda: "▲ 2" in plain(root))


async def test_a_restored_map_is_looked_through_a_few_cards_at_a_time(
    each_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = each_world
    monkeypatch.setattr(hearing, "FEW", 2)
    await world.start_map()
    cards = [await world.log(f"pay: it hurts {number}") for number in range(5)]
    put_away = await archived(world)
    for card in cards:
        await world.slack.react("ben", card, "eyes")
        await world.slack.react("cleo", card, "+1")
    await press(world, "ada", put_away, "Restore")
    await at_rest(world)
    assert rows(world.keeper.settings.database_url, "SELECT votes FROM items") == [(1,)] * 5


async def test_a_map_that_is_archived_again_at_once_rests_as_it_is(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    put_away = await archived(world)
    await world.slack.react("ben", card, "+1")
    url = world.keeper.settings.database_url
    until = "2100-01-01 00:00:00.000000"
    told(
        url, f"INSERT INTO pauses (workspace_id, method, until) SELECT id, 'hear', '{until}' FROM workspaces"
    )
    await press(world, "ada", put_away, "Restore")
    put_away = await archived(world)
    told(url, "DELETE FROM pauses")
    world.keeper.sender.wake()
    await at_rest(world)
    assert count(world) == 0
    await press(world, "ada", put_away, "Restore")
    await world.until(lambda: "▲ 1" in plain(card))


async def test_an_emoji_that_is_no_vote_is_none(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    for emoji in ("eyes", "-1", "tada::skin-tone-2"):
        assert (await world.slack.react("ben", card, emoji)).status == 200
    assert count(world) == 0


@pytest.mark.parametrize("first", ["the reaction", "the message"])
async def test_a_reaction_on_one_replica_meets_its_message_on_another(
    postgresql_url: str, first: str
) -> None:
    """The message's id is written down by one of us while another takes the reaction."""
    async with running(postgresql_url) as world:
        await world.start_map()
        card = await world.log("pay: card declined twice")
        await world.slack.command("ben", "product", "/journey", "new")
        await at_rest(world)
    told(postgresql_url, "DELETE FROM posts")
    organisation, workspace, place = rows(
        postgresql_url, "SELECT organisation_id, workspace_id, id FROM places WHERE external_id = 'C0PRODUCT'"
    )[0]
    item_id = one(postgresql_url, "SELECT id FROM items")

    def reacts(connection: Connection) -> bool:
        votes = Store(connection, organisation).votes
        at = f"{time.time():.6f}"
        news, item = votes.mark(workspace, "C0PRODUCT", card.ts, "U0BEN", "+1", at, active=True)
        return news and item is not None

    def records(connection: Connection) -> bool:
        store = Store(connection, organisation)
        store.places.hold(place)
        store.posts.add(new_id(), place, card.ts, "item", item_id, 1, datetime.now(UTC))
        return bool(store.votes.marked(workspace, "C0PRODUCT", card.ts))

    heard: list[bool] = []
    one_of_us, other = connection_to(postgresql_url, False), connection_to(postgresql_url, False)
    deeds = (reacts, records) if first == "the reaction" else (records, reacts)

    def second() -> None:
        with other.transaction(writes=True):
            heard.append(deeds[1](other))

    with one_of_us.transaction(writes=True):
        heard.append(deeds[0](one_of_us))
        waiting = asyncio.ensure_future(asyncio.to_thread(second))
        question = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        await eventually(lambda: waiting.done() or one(postgresql_url, question) == 1)
    await waiting
    one_of_us.close()
    other.close()
    assert heard == [False, True], "who comes second hears of it"
