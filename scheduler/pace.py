"""How fast a platform likes to be talked to: a bucket of tokens for each channel or workspace."""

from datetime import datetime, timedelta
from typing import NamedTuple


class Pace(NamedTuple):
    """`burst` at once, then `rate` a second."""

    burst: float
    rate: float

    def turn(self, until: datetime | None, now: datetime, calls: int) -> tuple[datetime, datetime]:
        """When that many calls may be made, where turns are given out `until` then; and until when they are now."""
        step = timedelta(seconds=1 / self.rate)
        until = max(until or now, now) + calls * step
        return max(now, until - self.burst * step), until


# About a post a second and channel, 50 redraws and 100 Home tabs a minute and workspace, with room for a burst.
# https://docs.slack.dev/apis/web-api/rate-limits/
POSTS = Pace(burst=5, rate=1)
REDRAWS = Pace(burst=20, rate=50 / 60)
HOMES = Pace(burst=20, rate=90 / 60)
# Of a whole workspace: a thousand channels may wish theirs on Monday at nine, and Slack takes some hundred a minute.
# A digest gets its turn when it is queued, from the workspace's row, so that all replicas together keep this pace.
DIGESTS = Pace(burst=100, rate=5)


class Buckets:
    """The buckets of one kind of call, by what they belong to."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._levels: dict[str, tuple[float, float]] = {}

    def wait(self, key: str, now: float) -> float:
        """Takes a token, of the future if need be: 0 to go now, or the seconds until one's turn, which is kept."""
        burst, rate = self._pace
        level, at = self._levels.get(key, (burst, now))
        level = min(burst, level + max(0.0, now - at) * rate) - 1
        if len(self._levels) > 10_000:
            self._levels.clear()  # what is forgotten is full again: a burst more, once
        self._levels[key] = (level, now)
        return 0.0 if level >= 0 else -level / rate
