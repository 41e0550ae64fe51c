"""What a unit of work takes for granted while the server is still being asked about it.

A line that comes alone finds the same as a rule: it was not seen before, nobody has said nearly the same, and its
map's counter is as we left it. So it goes on, and its rows are on their way when the answers come. Before the next
question, at the latest before the commit, those are compared; where it was mistaken all of it is undone, and it runs
again and waits for them.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from storage.errors import StorageError

DOUBT_SECONDS = 1.0  # after a mistake nothing is taken for granted: somebody else is at the same map
MOST_LEFT = 1000  # maps

Counted = dict[tuple[str, str], dict[str, Any]]  # the counters of maps, by organisation and map


class Mistaken(StorageError):
    """What was taken for granted is not so: the same again, and with questions."""


class Presumed:
    """What one connection takes for granted."""

    __slots__ = ("_doubted_until", "_holds", "left", "may", "open")

    def __init__(self) -> None:
        self.may = False  # a unit of this transaction may still take something for granted
        self.open = False  # something was, and is still to be found out
        self.left: Counted = {}  # as our transactions left them
        self._holds: Callable[[], bool] = _mistaken
        self._doubted_until = 0.0

    def begin(self, may: bool) -> None:
        """A transaction begins, in which that may be done."""
        self.may = may and time.monotonic() >= self._doubted_until
        self.open = False

    def until(self, holds: Callable[[], bool]) -> None:
        """Something is taken for granted until `holds` tells whether it is so."""
        self.may, self.open, self._holds = False, True, holds

    def find_out(self) -> None:
        """Raises Mistaken where it is not so, now and whenever it is asked again."""
        holds, self._holds = self._holds, _mistaken
        if not holds():
            self._doubted_until = time.monotonic() + DOUBT_SECONDS
            raise Mistaken("it is not as it was taken for granted")
        self.open = False

    def remember(self, counted: Mapping[tuple[str, str], dict[str, Any]]) -> None:
        """These counters were just committed."""
        if len(self.left) + len(counted) > MOST_LEFT:
            self.left.clear()
        self.left.update(counted)


def _mistaken() -> bool:
    return False
