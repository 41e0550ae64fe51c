"""The digest: each slot fires once, whatever happens to the clock, to us, and to what it tells of."""

import asyncio
import random
import sys
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.playground.reading import plain
from handlers.kinds import Kind
from handlers.slots import next_slot
from storage import due
from storage.callers import add_workspace
from storage.connection import Connection
from storage.database import Database, connection_to, new_id
from storage.store import Store
from tests.load import PROJECT, at_rest, eventually, logged, one, replicas, rows, told
from tests.test_story import next_monday
from tests.world import World

ANCHOR = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday


def url(world: World) -> str:
    return world.keeper.settings.database_url


def digests(world: World, channel: str = "product", name: str = "Dinner with friends") -> list[str]:
    """The digests that stand in a channel."""
    found = (plain(message) for message in world.messages(channel))
    return [words for words in found if words.startswith(f"{name}, ")]


async def a_week_later(world: World, weeks: int = 1) -> int:
    """The clock strikes after that many weeks; how many schedules were due."""
    world.clock.skip(weeks=weeks)
    due = await world.keeper.tick()
    await at_rest(world)
    return due


def with_schedules(database: Database, organisation: str, workspace: str, count: int, now: datetime) -> Any:
    """So many channels, each with a map of its own on which something was logged, and a digest every Monday."""

    def schedule(store: Store, number: int) -> None:
        journey, stage, item, place = (new_id() for _ in range(4))
        slot = next_slot(0, time(9), "UTC", 1, ANCHOR.date(), now)
        store.maps.add(
            now, id=journey, slug=f"m{number}", name=f"Map {number}", kind="current state", owner_id=None
        )
        store.maps.add_stage(id=stage, map_id=journey, slug="pay", name="Pay", position=0)
        place = store.places.remember(place, workspace, f"C{number}", f"c{number}", private=False, at=now)
        store.maps.bind(place, journey, by=None, revision=0, at=now)
        store.digests.add_schedule(
            id=new_id(),
            place_id=place,
            weekday=0,
            at="09:00",
            zone="UTC",
            weeks=1,
            anchor=ANCHOR.date(),
            next_at=slot.at,
        )
        step = store.maps.step(journey, Kind.PAIN.value, now)
        store.items.add(
            {
                "id": item,
                "map_id": journey,
                "kind": "pain",
                "number": step.number,
                "stage_id": stage,
                "text": "it hurts",
                "status": "open",
                "trust": "hypothesis",
                "severity": "workaround",
                "revision": step.revision,
                "created_at": now,
            }
        )
        store.history.write(journey, step.revision, step.at, None, "logged", "item", item)

    def unit(connection: Connection) -> None:
        store = Store(connection, organisation)
        for number in range(count):
            schedule(store, number)

    return database.write(unit, patience=600)


async def schedules(world: World, count: int) -> None:
    """So many channels with a map and a digest each."""
    await world.slack.command("ada", "general", "/journey", "help")
    organisation, workspace = rows(url(world), "SELECT organisation_id, id FROM workspaces")[0]
    for number in range(count):
        world.slack.add_channel(f"c{number}", f"C{number}")
    await with_schedules(world.keeper.database, organisation, workspace, count, world.clock())


# --- each slot once ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.soak)])
async def test_ticks_at_the_same_moment_tell_each_slot_once(world: World, count: int) -> None:
    await schedules(world, count)
    for week in (1, 2):
        world.clock.to(next_monday(world.clock()))
        due = await asyncio.gather(*(world.keeper.tick() for _ in range(5)))
        assert sum(due) >= count
        await at_rest(world, 120)
        posted = [len(digests(world, f"c{number}", f"Map {number}")) for number in range(count)]
        assert posted == [1] * count, "the second week is an empty one"
        assert one(url(world), "SELECT count(*) FROM slots") == week * count


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.soak)])
async def test_three_replicas_tell_each_slot_once(postgresql_url: str, count: int) -> None:
    async with replicas(postgresql_url, 3) as worlds:
        first = worlds[0]
        await schedules(first, count)
        first.clock.to(next_monday(first.clock()))
        await asyncio.gather(*(world.keeper.tick() for world in worlds for _ in range(3)))
        for world in worlds:
            world.keeper.sender.wake()
        await at_rest(first, 120)
        posted = [len(digests(first, f"c{number}", f"Map {number}")) for number in range(count)]
        assert posted == [1] * count
        assert one(postgresql_url, "SELECT count(*) FROM slots") == count
        assert rows(postgresql_url, "SELECT * FROM deliveries") == []


async def told_by_another(database_url: str, moment: datetime, later: timedelta, goal: int | None) -> int:
    """A process of its own tells what is due, and is killed when so many slots are told; how many are then."""
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.planner",
            database_url,
            moment.isoformat(),
            str(later.total_seconds()),
        ),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    question = "SELECT count(*) FROM slots"
    if goal is not None:
        await eventually(
            lambda: process.returncode is not None or one(database_url, question) >= goal, within=120
        )
        assert process.returncode is None, "there was more to tell"
        process.kill()
    await process.communicate()
    return int(one(database_url, question))


@pytest.mark.parametrize(
    ("count", "kills"), [(60, 2), pytest.param(10_000, 60, marks=pytest.mark.soak)], ids=["reduced", "full"]
)
async def test_killed_in_the_middle_of_telling_each_slot_is_queued_once(
    database_url: str, count: int, kills: int
) -> None:
    now, chance = datetime.now(UTC), random.Random(3)
    database = Database(database_url)
    organisation, workspace = new_id(), new_id()

    def found(connection: Connection) -> None:
        add_workspace(connection, (organisation, workspace), "slack", "T0ACME", "acme", "+1", now)

    await database.write(found)
    await with_schedules(database, organisation, workspace, count, now)
    await database.close()
    moment = next_monday(now)
    left = count
    for round in range(kills + 1):
        # A share of what is left, so that the last kill also meets something under way.
        goal = count - left + chance.randint(0, max(1, left // (kills - round))) if round < kills else None
        left = count - await told_by_another(database_url, moment, timedelta(seconds=61 * round), goal)
    assert left == 0
    assert one(database_url, "SELECT count(*) FROM slot_maps") == count
    assert one(database_url, "SELECT count(*) FROM deliveries WHERE kind = 'digest'") == count
    assert one(database_url, "SELECT count(DISTINCT subject_id) FROM deliveries") == count
    assert one(database_url, "SELECT count(*) FROM due WHERE next_at > CURRENT_TIMESTAMP") == 1


async def test_a_digest_that_was_being_sent_when_we_died_is_not_repeated_and_its_owner_told(
    world: World,
) -> None:
    await world.start_map()
    await world.log("pay: card declined twice")
    await at_rest(world)
    await world.keeper.sender.stop()
    world.clock.skip(weeks=1)
    await world.keeper.tick()
    told(url(world), "UPDATE deliveries SET state = 'sending', leased_until = '2020-01-01 00:00:00.000000'")
    await world.keeper.sender.reclaim()
    assert rows(url(world), "SELECT kind, state FROM deliveries ORDER BY kind") == [
        ("digest", "unknown"),
        ("whisper", "waiting"),
    ]


async def test_a_clock_that_was_down_for_three_weeks_catches_up_once(each_world: World) -> None:
    world = each_world
    await world.start_map()
    await world.log("pay: card declined twice")
    assert await a_week_later(world, weeks=4) == 1
    assert await world.keeper.tick() == 0
    assert len(digests(world)) == 1
    await world.log("pay: card declined again")
    assert await a_week_later(world) == 1
    assert len(digests(world)) == 2
    locals_ = [local for (local,) in rows(url(world), "SELECT local FROM slots ORDER BY local")]
    assert datetime.fromisoformat(locals_[1]) - datetime.fromisoformat(locals_[0]) == timedelta(weeks=1)


async def test_one_digest_that_cannot_be_told_stops_no_other(world: World) -> None:
    await schedules(world, 3)
    told(url(world), "UPDATE schedules SET zone = 'Nowhere/Gone' WHERE id = (SELECT min(id) FROM schedules)")
    world.clock.to(next_monday(world.clock()))
    assert await world.keeper.tick() == 3
    await at_rest(world)
    assert sum(len(digests(world, f"c{number}", f"Map {number}")) for number in range(3)) == 2
    assert await world.keeper.tick() == 0
    told(url(world), "UPDATE schedules SET zone = 'UTC'")
    world.clock.skip(hours=2)
    assert await world.keeper.tick() == 1
    await at_rest(world)
    assert sum(len(digests(world, f"c{number}", f"Map {number}")) for number in range(3)) == 3


@pytest.mark.parametrize("first", ["the clock", "the new schedule"])
async def test_a_schedule_that_is_made_while_the_clock_looks_is_not_overlooked(
    postgresql_url: str, first: str
) -> None:
    database = Database(postgresql_url)
    now = next_monday(datetime.now(UTC)) - timedelta(days=3)
    organisation, workspace = new_id(), new_id()

    def found(connection: Connection) -> None:
        add_workspace(connection, (organisation, workspace), "slack", "T0ACME", "acme", "+1", now)

    await database.write(found)
    await with_schedules(database, organisation, workspace, 1, now)
    place = one(postgresql_url, "SELECT id FROM places")
    await database.close()
    told(postgresql_url, "UPDATE due SET claim = 'ours'")
    sooner = now + timedelta(minutes=5)
    columns = {
        "place_id": place,
        "weekday": 0,
        "at": "09:00",
        "zone": "UTC",
        "weeks": 1,
        "anchor": now.date(),
    }

    def looks(connection: Connection) -> None:
        due.settle(connection, "ours", now)

    def adds(connection: Connection) -> None:
        Store(connection, organisation).digests.add_schedule(id=new_id(), next_at=sooner, **columns)

    one_of_us, other = connection_to(postgresql_url, False), connection_to(postgresql_url, False)
    deeds = (looks, adds) if first == "the clock" else (adds, looks)

    def second() -> None:
        with other.transaction(writes=True):
            deeds[1](other)

    with one_of_us.transaction(writes=True):
        deeds[0](one_of_us)
        assert Store(one_of_us, organisation).maps.all()  # an answer: the server has it all by now
        waiting = asyncio.ensure_future(asyncio.to_thread(second))
        question = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        await eventually(lambda: one(postgresql_url, question), lambda blocked: blocked == 1)
    await waiting
    assert one(postgresql_url, "SELECT next_at FROM due") == sooner
    one_of_us.close()
    other.close()


# --- what it tells -------------------------------------------------------------------------------------------


async def test_a_digest_tells_items_as_they_are_when_it_is_due(world: World) -> None:
    await world.start_map()
    edited = await world.log("pay: the first wording")
    removed = await world.log("pay: a mistake")
    await world.log("book: stays")
    form = (await world.slack.click("ada", edited, "Edit")).view
    assert form is not None
    await world.slack.submit("ada", form, {"text": "the second wording"})
    await world.slack.click("ada", removed, "more|3", option="Remove")
    world.slack.faults.add("chat.postMessage", "slow", seconds=0.5, channel="C0PRODUCT")
    world.clock.skip(weeks=1)
    await world.keeper.tick()
    form = (await world.slack.click("ada", edited, "Edit")).view
    assert form is not None
    await world.slack.submit("ada", form, {"text": "too late for this week"})
    await at_rest(world)
    (digest,) = digests(world)
    assert "2 new" in digest
    assert "the second wording" in digest
    assert "stays" in digest
    assert "a mistake" not in digest


async def test_an_empty_week_posts_nothing_and_the_next_digest_covers_both(world: World) -> None:
    await world.start_map()
    reply = await world.slack.command("ben", "product", "/pain", "pay: taken back at first")
    assert reply.ephemeral
    undone = await world.slack.click("ben", reply.ephemeral, "Undo")
    await world.until(lambda: "Undone" in undone.text)
    assert await a_week_later(world) == 1
    assert digests(world) == []
    assert undone.ephemeral or reply.ephemeral
    await world.slack.click("ben", reply.ephemeral, "Restore")
    await world.log("book: logged in the second week")
    assert await a_week_later(world) == 1
    (digest,) = digests(world)
    assert "2 new" in digest
    assert "taken back at first" in digest
    assert await a_week_later(world) == 1
    assert len(digests(world)) == 1


async def test_two_maps_in_a_channel_are_one_digest(world: World) -> None:
    await world.start_map()
    await world.start_map("Takeaway")
    for slug in ("dinner-with-friends", "takeaway"):
        reply = await world.slack.command("ben", "product", "/pain", f"{slug}/pay: hurts on {slug}")
        assert logged(reply)
    await at_rest(world)
    before = len(world.messages())
    assert await a_week_later(world) == 1
    (message,) = world.messages()[before:]
    words = plain(message)
    assert "Dinner with friends, " in words
    assert "Takeaway, " in words
    assert "hurts on dinner-with-friends" in words
    assert "hurts on takeaway" in words


async def test_votes_that_came_and_went_are_no_news(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    assert await a_week_later(world) == 1
    await world.slack.react("ben", card, "+1")
    await world.slack.unreact("ben", card, "+1")
    assert await a_week_later(world) == 1
    assert len(digests(world)) == 1
    await world.slack.react("cleo", card, "+1")
    assert await a_week_later(world) == 1
    assert "▲ 1 (+1)" in digests(world)[1]
