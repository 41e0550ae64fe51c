"""The clock under faults: it jumps, and of three replicas of `mapkeeper serve` one is killed in the middle."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from bot.playground.reading import plain
from bot.playground.slack import SlackStandIn
from scheduler import jobs
from scheduler.delivery import MOST_OUT
from scheduler.jobs import tell_due
from storage.callers import add_workspace
from storage.connection import Connection
from storage.database import Database, new_id
from tests.load import at_rest, beside, eventually, gone, later, one, served, told
from tests.peek import give_role, press
from tests.peek import rows as changed
from tests.test_digest import digests, schedules, with_schedules
from tests.test_soak import PAST, deliver_the_rest
from tests.test_story import next_monday
from tests.world import World


@pytest.mark.parametrize(
    "jump",
    [timedelta(seconds=1), timedelta(hours=1), timedelta(days=1), timedelta(days=10)],
    ids=["a second", "an hour", "a day", "ten days"],
)
async def test_a_clock_that_jumps_tells_everything_once_and_no_slot_twice(
    world: World, jump: timedelta
) -> None:
    world.keeper.ticks.stop()  # this test says when the clock ticks
    await world.start_map()
    changed(world, "UPDATE organisations SET half_lives = 'workaround=3650'")  # nothing grows stale meanwhile

    async def strikes(moment: datetime) -> None:
        world.clock.to(moment)
        await world.keeper.tick()
        await at_rest(world)

    words: list[str] = []
    for ahead in (jump / 2, jump * 0.95):
        for back_first in (False, True):
            due = next_monday(world.clock() + jump)  # so that nothing happens before the map was started
            early, late = due - jump + ahead, due + ahead
            await strikes(early - timedelta(minutes=1))
            words.append(f"soup number {len(words)} is cold")
            await world.log(f"eat: {words[-1]}")
            # Ahead and back again, or what was told by then and back: then time goes on as it should.
            for moment in (late, early, late) if back_first else (early, late, early):
                await strikes(moment)
            for days in (0, 7, 14):
                await strikes(due + timedelta(days=days, minutes=1))
    posted = digests(world)
    assert [sum(word in digest for digest in posted) for word in words] == [1] * len(words)
    assert len(posted) == len(words), "nothing else is news"
    told_slots = changed(world, "SELECT local FROM slots WHERE card IS NOT NULL")
    assert len({slot["local"] for slot in told_slots}) == len(posted)


@pytest.mark.parametrize(
    ("organisations", "channels"),
    [(24, 3), pytest.param(40, 25, marks=pytest.mark.soak)],
    ids=["reduced", "full"],
)
async def test_of_three_processes_one_is_killed_and_each_slot_is_told_once(
    postgresql_url: str, organisations: int, channels: int
) -> None:
    count, now = organisations * channels, datetime.now(UTC)
    async with SlackStandIn() as slack:
        for number in range(channels):
            slack.add_channel(f"c{number}", f"C{number}")
        async with AsyncExitStack() as stack:
            *others, killed = [
                await stack.enter_async_context(served(slack, postgresql_url, program="tests.hurried"))
                for _ in range(3)
            ]
            await _organisations(postgresql_url, organisations, channels, now)
            told(postgresql_url, f"UPDATE schedules SET next_at = '{PAST}'")
            with psycopg.connect(postgresql_url) as holding:
                # One of each organisation cannot be told yet, so that all three are in the middle of one.
                holding.execute(
                    "SELECT 1 FROM schedules WHERE id IN (SELECT max(id) FROM schedules GROUP BY organisation_id)"
                    " FOR UPDATE"
                )
                told(postgresql_url, f"UPDATE due SET next_at = '{PAST}'")
                leases = "SELECT count(DISTINCT claim) FROM due WHERE leased_until IS NOT NULL"
                await eventually(lambda: one(postgresql_url, leases) >= 3)
                await killed.kill()
            # As when the minute of the lease that it left is over; where another is still at it, both tell.
            told(postgresql_url, "UPDATE due SET leased_until = NULL")
            slots = "SELECT count(*) FROM slots"
            await eventually(lambda: one(postgresql_url, slots) == count, within=120)
            waiting = "SELECT count(*) FROM deliveries WHERE state = 'waiting'"
            await eventually(lambda: one(postgresql_url, waiting) == 0, within=120)
            assert [await other.stop() for other in others] == [0, 0]
        await deliver_the_rest(slack, postgresql_url)
        standing = [len(slack.channel(f"c{number}").messages) for number in range(channels)]
        unknown = one(postgresql_url, "SELECT count(*) FROM deliveries WHERE state = 'unknown'")
        assert max(standing) <= organisations, "none is there twice"
        assert sum(standing) >= count - unknown, (
            "what was sent, perhaps, is not sent again; all others are there"
        )
        assert one(postgresql_url, slots) == count


async def _organisations(database_url: str, organisations: int, channels: int, now: datetime) -> None:
    """Organisations that each have a digest in each of the channels."""
    database = Database(database_url)
    for number in range(organisations):
        ids = new_id(), new_id()

        def found(connection: Connection, ids: tuple[str, str] = ids, number: int = number) -> None:
            add_workspace(connection, ids, "slack", f"T0{number}", "acme", "+1", now)

        await database.write(found)
        await with_schedules(database, *ids, channels, now)
    await database.close()


async def test_a_command_is_answered_and_its_card_posted_before_300_digests_that_wait(world: World) -> None:
    await world.start_map()
    await schedules(world, 300)
    await at_rest(world)
    await gone(world)
    world.clock.to(next_monday(world.clock()))
    assert await tell_due(world.keeper.database, world.clock, world.clock, new_id) >= 300
    turns = [
        datetime.fromisoformat(turn["not_before"])
        for turn in changed(
            world, "SELECT not_before FROM deliveries WHERE kind = 'digest' ORDER BY not_before"
        )
    ]
    seconds = [(turn - turns[0]).total_seconds() for turn in turns]
    assert seconds == [0] * 100 + [number / 5 for number in range(1, 201)], (
        "a hundred at once, then five a second"
    )
    assert (await world.slack.command("ben", "product", "/pain", "pay: card declined")).ok
    before = len(world.slack.calls_to("chat.postMessage"))
    async with beside(world.slack, world.keeper.database.url, world.clock, paced=True) as second:
        reply = await second.slack.command("ben", "product", "/pain", "pay: and once more")
        assert reply.ok
        await at_rest(second)
        later(second, minutes=1)
        await at_rest(second)
    posts = [call.args["channel"] for call in world.slack.calls_to("chat.postMessage")][before:]
    assert posts.index("C0PRODUCT") < MOST_OUT, "with the first that are on their way together"
    assert posts.count("C0PRODUCT") == 2
    assert all(len(digests(world, f"c{number}", f"Map {number}")) == 1 for number in range(300))
    assert not [call for call in world.slack.calls_to("chat.postMessage") if call.outcome == "ratelimited"]


async def test_an_owner_who_left_is_not_told_and_another_is_once(world: World) -> None:
    world.keeper.ticks.stop()
    await world.start_map()
    await world.log("pay: card declined", user="ben")
    await at_rest(world)
    give_role(world, "ben", "admin")
    changed(world, "UPDATE people SET gone_at = created_at WHERE name = 'ada'")
    world.slack.channel("product").archived = True
    for _ in range(2):
        world.clock.to(next_monday(world.clock()))
        await world.keeper.tick()
        await at_rest(world)
    assert not world.slack.direct("ada").messages
    assert ["its digest rests" in plain(one) for one in world.slack.direct("ben").messages] == [True]


async def test_a_private_digest_of_somebody_who_left_stops_nobodys(world: World) -> None:
    world.keeper.ticks.stop()
    await world.start_map()
    await world.log("pay: card declined")
    card = (await world.slack.command("ben", "product", "/journey", "schedule")).ephemeral
    assert card is not None
    await press(world, "ben", card, "more", option="Send it to me too")
    await at_rest(world)
    before = len(world.slack.direct("ben").messages)
    changed(world, "UPDATE people SET gone_at = created_at WHERE name = 'ben'")
    world.clock.to(next_monday(world.clock()) + timedelta(hours=2))
    assert await world.keeper.tick() >= 1
    await at_rest(world)
    assert len(digests(world)) == 1
    assert len(world.slack.direct("ben").messages) == before
    assert changed(world, "SELECT state FROM deliveries WHERE state = 'dead'") == []


@pytest.mark.parametrize(
    ("fault", "why"),
    [("archived", "the channel is archived"), ("without us", "the channel is gone or closed to me")],
)
async def test_a_digest_that_rests_says_why(world: World, fault: str, why: str) -> None:
    world.keeper.ticks.stop()
    leads = world.slack.channel("leads")
    leads.members.add(world.slack.bot.id)
    await world.start_map(channel="leads")
    await at_rest(world)
    await world.log("pay: card declined", channel="leads")
    if fault == "archived":
        leads.archived = True
    else:
        leads.members.discard(world.slack.bot.id)
    world.clock.to(next_monday(world.clock()) + timedelta(hours=2))
    await world.keeper.tick()
    await at_rest(world)
    reply = await world.slack.command("ada", "leads", "/journey", "schedule")
    card = reply.ephemeral
    assert card is not None
    assert f": {why}. It goes on by itself as soon as I can post there again." in plain(card)
    assert f": {why}." in (await press(world, "ada", card, "Send it now")).text
    assert len(world.slack.direct("ada").messages) == 1, "its owner is told, once"


async def test_after_a_slow_database_the_clock_rests_well_within_its_lease(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rested: list[float] = []

    async def sleep(seconds: float) -> None:
        rested.append(seconds)

    monkeypatch.setattr("scheduler.jobs.asyncio.sleep", sleep)
    for worked in (0.01, 45.0):
        await jobs._rest(worked)
    assert rested[0] == pytest.approx(0.03)
    assert rested[1] < jobs.LEASE.total_seconds() / 2
