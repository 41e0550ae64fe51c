"""What a unit of work takes for granted.

A line that comes alone finds the same as a rule: it was not seen before, its map's counter is as we left it, what is
kept still holds, and nobody has said nearly the same. The first three are not asked on a server, which refuses the
line's rows where one of them is not so; SQLite tells in a microsecond whether anybody else has written. The last a
server is still being asked while the rows are on their way; before the next question, at the latest before the commit,
its answer is looked at. Where the line was mistaken all of it is undone, and it runs again and asks.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from storage.errors import Conflict, StorageError

DOUBT_SECONDS = 1.0  # after rows were refused nothing is taken for granted: somebody else is at work
MOST_LEFT = 1000  # maps

Counted = dict[tuple[str, str], dict[str, Any]]  # the counters of maps, by organisation and map


class Mistaken(StorageError):
    """What was taken for granted is not so: the same again, and with questions."""


class Presumed:
    """What one connection takes for granted."""

    __slots__ = ("_doubted_until", "_holds", "left", "may", "open", "taken")

    def __init__(self) -> None:
        self.may = False  # a unit of this transaction may still take something for granted
        self.taken = False  # something was
        self.open = False  # something is still to be found out
        self.left: Counted = {}  # as our transactions left them
        self._holds: Callable[[], bool] = _mistaken
        self._doubted_until = 0.0

    def begin(self, may: bool) -> None:
        """A transaction begins, in which that may be done."""
        self.may = may and time.monotonic() >= self._doubted_until
        self.taken = self.open = False

    def take(self) -> None:
        """Something is taken for granted that the database refuses where it is not so."""
        self.may, self.taken = False, True

    def until(self, holds: Callable[[], bool]) -> None:
        """And something more, until `holds` tells whether it is so."""
        self.open, self._holds = True, holds

    def find_out(self) -> None:
        """Raises Mistaken where it is not so, now and whenever it is asked again."""
        holds, self._holds = self._holds, _mistaken
        if not holds():
            raise Mistaken("it is not as it was taken for granted")
        self.open = False

    def mistook(self, trouble: StorageError) -> bool:
        """Is that what was wrong? Where others are at work, nothing is taken for granted for a while."""
        if self.taken and isinstance(trouble, Conflict):
            self._doubted_until = time.monotonic() + DOUBT_SECONDS
            return True
        return isinstance(trouble, Mistaken)

    def remember(self, counted: Mapping[tuple[str, str], dict[str, Any]]) -> None:
        """These counters were just committed."""
        if len(self.left) + len(counted) > MOST_LEFT:
            self.left.clear()
        self.left.update(counted)


def _mistaken() -> bool:
    return False
