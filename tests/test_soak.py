"""A real `mapkeeper serve` under load, killed and stopped again and again: nothing acknowledged is lost or doubled."""

import random
from collections import Counter

import pytest

from bot.playground.slack import SlackStandIn
from tests.load import Crowd, rows, served
from tests.world import World

REDUCED, FULL = pytest.param(3), pytest.param(100, marks=pytest.mark.soak)


@pytest.mark.parametrize("kills", [REDUCED, FULL])
async def test_killed_under_load_nothing_acknowledged_is_lost_or_doubled(
    database_url: str, kills: int
) -> None:
    chance = random.Random(7)
    async with SlackStandIn() as slack:
        crowd = Crowd(slack)
        async with served(slack, database_url) as process:
            await World(slack, None, None, "").start_map()
            crowd.begin(typists=6, voters=3)
            crowd.open.set()
            for _ in range(kills):
                await crowd.until_told(chance.randint(1, 60))
                crowd.open.clear()
                await process.kill()
                await process.start()
                crowd.open.set()
            await crowd.until_told(20)
            await crowd.end()
            print(len(crowd.acknowledged), len(crowd.refused), len(crowd.doubtful), len(crowd.voted))
            print(rows(database_url, "SELECT state, kind, count(*) FROM deliveries GROUP BY state, kind"))
        print("\n".join(list(process.log)[-5:]))
    _check_items(database_url, crowd)


def _check_items(database_url: str, crowd: Crowd) -> None:
    kept = Counter(text for (text,) in rows(database_url, "SELECT text FROM items"))
    assert max(kept.values()) == 1
    lost = set(crowd.acknowledged) - set(kept)
    assert not lost
    assert not crowd.refused & set(kept), "they were told that nothing was saved"
    numbers = dict(rows(database_url, "SELECT text, number FROM items"))
    assert all(ref == f"P-{numbers[words]}" for words, ref in crowd.acknowledged.items())
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
