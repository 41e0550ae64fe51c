"""Turns given out ahead: what may leave only so fast is told when, as it is queued."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple


class Pace(NamedTuple):
    """`burst` at once, then `rate` a second."""

    burst: float
    rate: float

    def turn(self, until: datetime | None, now: datetime, calls: int) -> tuple[datetime, datetime]:
        """When that many calls may be made, where turns are given out `until` then; and until when they are now."""
        until = max(until or now, now) + _lasting(calls, self.rate)
        return max(now, until - _lasting(self.burst, self.rate)), until


@lru_cache(64)  # of each pace the same few
def _lasting(calls: float, rate: float) -> timedelta:
    return calls * timedelta(seconds=1 / rate)


# The new cards of a map: about a post a second and channel is what Slack likes, with room for a burst.
# https://docs.slack.dev/apis/web-api/rate-limits/
CARDS = Pace(burst=4, rate=1)
