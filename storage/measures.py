"""Plain numbers that each room keeps of its own work, for whoever asks how we are."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
UNITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


class Spread:
    """How often a value fell below each of the bounds, and what all of them are together."""

    __slots__ = ("_below", "bounds", "total")

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self.bounds = bounds
        self.total = 0.0
        self._below = [0] * (len(bounds) + 1)

    def note(self, value: float) -> None:
        """One value more."""
        self._below[bisect_left(self.bounds, value)] += 1
        self.total += value

    def buckets(self) -> list[tuple[str, float]]:
        """How many values were at most each bound, the last bound being without end."""
        found, so_far = [], 0
        for bound, count in zip([*map(str, self.bounds), "+Inf"], self._below, strict=True):
            so_far += count
            found.append((bound, float(so_far)))
        return found


class DatabaseMeasures:
    """Of the writer's transactions: units in each and seconds that its commit took; and errors by their kind."""

    def __init__(self) -> None:
        self.units = Spread(UNITS)
        self.commits = Spread()
        self.errors: Counter[str] = Counter()
