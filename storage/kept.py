"""What nearly every request asks and seldom changes, kept in memory while it holds: who asks, what a place shows.

An answer holds while the epoch is the one in which it was asked for. A transaction asks for the epoch before it uses
an answer, and once it has the lock of a map: what was changed under that lock is known then. One that takes it for
granted (storage/presumed.py) has its rows refused where the epoch is another once that lock is its own.

SQLite counts by itself what other connections commit. On PostgreSQL whoever writes what answers are made of (KEPT, in
storage/statements.py) counts the epoch up in the same transaction, in whatever process; what somebody writes there by
hand shows within a minute. A transaction that writes such things itself keeps nothing.
"""

import time
from collections.abc import Hashable
from typing import Any

from sqlmodel import Integer, column, select, text

from storage.models import Epoch
from storage.statements import Statement

MOST = 4000  # answers, most of them people of a kilobyte each; with one more all are forgotten
LONGEST_SECONDS = 60.0

EPOCH = Statement[Epoch](
    lambda _: text("PRAGMA data_version").columns(column("number", Integer())),
    postgresql=lambda _: select(Epoch.number).where(Epoch.id == 1),
)
NEXT_EPOCH = Statement[Epoch](
    lambda insert: (
        insert(Epoch)
        .values(id=1, number=1)
        .on_conflict_do_update(index_elements=["id"], set_={"number": Epoch.number + 1})
    )
)


class Kept:
    """The answers that one connection keeps."""

    __slots__ = ("_answers", "_since", "epoch", "spoilt", "sure")

    def __init__(self) -> None:
        self._answers: dict[Hashable, Any] = {}
        self.epoch = -1
        self._since = 0.0
        self.sure = False  # this transaction has asked for the epoch
        self.spoilt = False  # this transaction has written what answers are made of

    def begin(self) -> None:
        """A transaction begins."""
        self.sure = self.spoilt = False

    def get(self, key: Hashable) -> Any:
        """What was kept, if anything; it counts only once `holds` has said so."""
        return self._answers.get(key)

    def holds(self, rows: list[Any]) -> bool:
        """Is it still the epoch in which these were asked for? Else they are forgotten. `rows` answer EPOCH."""
        self.sure = True
        number = rows[0][0] if rows else 0
        if number == self.epoch and self.fresh():
            return True
        self._answers.clear()
        self.epoch, self._since = number, time.monotonic()
        return False

    def fresh(self) -> bool:
        """Was the epoch learnt within the last minute? Later nothing counts before it is asked for."""
        return time.monotonic() - self._since < LONGEST_SECONDS

    def put(self, key: Hashable, answer: Any) -> None:
        """Keeps an answer that was asked for after the epoch."""
        if self.spoilt:
            return
        if len(self._answers) >= MOST:
            self._answers.clear()
        self._answers[key] = answer

    def spoil(self) -> None:
        """Nothing holds any more, and nothing is kept until the transaction has ended."""
        self.spoilt = True
        self._answers.clear()
