"""How fast a platform likes to be talked to: a bucket of tokens for each channel or workspace."""

from storage.paces import CARDS, Pace

# About a post a second and channel, 50 redraws and 100 Home tabs a minute and workspace, with room for a burst.
# https://docs.slack.dev/apis/web-api/rate-limits/
# A map's new cards have their turns already, and leave a token over: so they find the bucket of their channel full.
POSTS = Pace(burst=CARDS.burst + 1, rate=CARDS.rate)
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
