"""Turns given out ahead: what may leave only so fast is told when, as it is queued."""

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


# The new cards of a map: about a post a second and channel is what Slack likes, with room for a burst.
# https://docs.slack.dev/apis/web-api/rate-limits/
CARDS = Pace(burst=4, rate=1)
