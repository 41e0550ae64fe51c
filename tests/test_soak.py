"""A real `mapkeeper serve` under load, killed and stopped again and again: nothing acknowledged is lost or doubled."""

import random
import time
from collections import Counter

import pytest

from bot.playground.reading import plain
from bot.playground.slack import SlackStandIn
from tests.load import Crowd, Serving, at_rest, beside, cards, eventually, refs_in, rows, served, told
from tests.world import MovedClock

PAST = "2020-01-01 00:00:00.000000"
GRACE_SECONDS = 10


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.soak)])
async def test_killed_under_load_nothing_acknowledged_is_lost_or_doubled(
    database_url: str, kills: int
) -> None:
    chance = random.Random(7)
    async with SlackStandIn() as slack:
        crowd = Crowd(slack)
        async with served(slack, database_url) as process:
            await start_map(slack)
            crowd.begin(typists=6, voters=3)
            await eventually(lambda: len(crowd.voted) >= 3)
            for _ in range(kills):
                await crowd.until_told(chance.randint(1, 40))
                await process.kill()
                crowd.open.clear()
                await process.start()
                crowd.open.set()
            await crowd.until_told(20)
            await crowd.end()
            assert await process.stop() == 0
        check_items(database_url, crowd)
        await deliver_the_rest(slack, database_url)
        check_cards(database_url, crowd)
        check_votes(database_url, crowd)


@pytest.mark.parametrize("restarts", [1, pytest.param(50, marks=pytest.mark.soak)])
async def test_deployed_under_load_nothing_is_lost_or_doubled(database_url: str, restarts: int) -> None:
    async with SlackStandIn() as slack:
        crowd = Crowd(slack)
        async with served(slack, database_url) as process:
            await start_map(slack)
            crowd.begin(typists=6, voters=3)
            await eventually(lambda: len(crowd.voted) >= 3)
            for _ in range(restarts):
                await crowd.until_told(25)
                await stop_in_time(process)
                crowd.open.clear()
                on_their_way = rows(
                    database_url, "SELECT state FROM deliveries WHERE state IN ('leased', 'sending')"
                )
                assert on_their_way == [], "its leases are given back"
                await process.start()
                crowd.open.set()
            await crowd.until_told(10)
            await crowd.end()
            await stop_in_time(process)
        check_items(database_url, crowd)
        assert not crowd.refused
        assert rows(database_url, "SELECT id FROM deliveries WHERE state = 'unknown'") == []
        await deliver_the_rest(slack, database_url)
        check_cards(database_url, crowd)
        check_votes(database_url, crowd)


async def start_map(slack: SlackStandIn) -> None:
    """A map in #product, which its greeting tells."""
    form = (await slack.command("ada", "product", "/journey", "new")).view
    assert form is not None
    await slack.submit("ada", form, {"template": "restaurant-visit", "name": "Dinner"})
    await slack.wait_until(lambda: slack.channel("product").messages)


async def stop_in_time(process: Serving) -> None:
    """SIGTERM, as a deploy does."""
    began = time.monotonic()
    assert await process.stop() == 0, "\n".join(process.log)
    assert time.monotonic() - began < GRACE_SECONDS


async def deliver_the_rest(slack: SlackStandIn, database_url: str) -> None:
    """All leases are over, and somebody takes up what is left."""
    told(database_url, f"UPDATE deliveries SET leased_until = '{PAST}' WHERE leased_until IS NOT NULL")
    clock = MovedClock()
    clock.skip(hours=1)
    async with beside(slack, database_url, clock) as world:
        await world.keeper.sender.reclaim()
        await at_rest(world, 600)
        assert not rows(
            database_url, "SELECT state FROM deliveries WHERE state NOT IN ('unknown', 'waiting')"
        )


def check_items(database_url: str, crowd: Crowd) -> None:
    """What was acknowledged is there once, under its number; what was refused is not there."""
    kept = Counter(text for (text,) in rows(database_url, "SELECT text FROM items"))
    assert set(kept.values()) == {1}, "nothing is doubled"
    assert crowd.acknowledged.keys() <= kept.keys(), "nothing is lost"
    assert not crowd.refused & kept.keys(), "they were told that nothing was saved"
    assert kept.keys() <= crowd.acknowledged.keys() | crowd.doubtful
    numbers = dict(rows(database_url, "SELECT text, number FROM items"))
    assert all(ref == f"P-{numbers[words]}" for words, ref in crowd.acknowledged.items())
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))


def check_cards(database_url: str, crowd: Crowd) -> None:
    """Each item has one card; where that cannot be known it has one or none, and its author is asked, once."""
    posted = cards(crowd.slack.channel("product").messages)
    assert set(posted.values()) == {1}
    question = (
        "SELECT deliveries.id, items.number FROM deliveries JOIN items ON items.id = deliveries.subject_id"
        " WHERE deliveries.state = 'unknown' AND deliveries.kind = 'card'"
    )
    unknown = {row: f"P-{number}" for row, number in rows(database_url, question)}
    # Where we were killed while we asked, the question was sent, perhaps: it is not sent again either.
    lost = "SELECT key FROM deliveries WHERE state = 'unknown' AND kind = 'whisper'"
    unheard = {key.removeprefix("whisper:unsent ") for (key,) in rows(database_url, lost)}
    every = {f"P-{number}" for (number,) in rows(database_url, "SELECT number FROM items")}
    assert every - set(unknown.values()) <= posted.keys()
    asked = [channel for channel in crowd.slack.world.channels.values() if channel.im_with]
    words = "\n".join(plain(message) for channel in asked for message in channel.messages)
    assert {ref for row, ref in unknown.items() if row not in unheard} <= refs_in(words)


def check_votes(database_url: str, crowd: Crowd) -> None:
    """Every reaction that was taken, on a card that we know of, is one vote, and the counters agree."""
    question = (
        "SELECT accounts.external_id, posts.external_id FROM votes"
        " JOIN accounts ON accounts.id = votes.account_id"
        " JOIN posts ON posts.subject_id = votes.item_id WHERE votes.active"
    )
    known = {ts for (ts,) in rows(database_url, "SELECT external_id FROM posts")}
    taken = {(who, ts) for who, ts in crowd.voted if ts in known}
    assert taken, "they voted"
    assert taken <= set(rows(database_url, question))
    count = "(SELECT count(*) FROM votes WHERE votes.item_id = items.id AND votes.active)"
    assert rows(database_url, f"SELECT number FROM items WHERE votes <> {count}") == []
