"""What became of every attempt to send, and how long it took: plain numbers for whoever asks."""

import time
from collections import Counter, defaultdict
from collections.abc import Awaitable

from handlers.chat import ChatError, Limited
from scheduler.job import Outcome
from storage.errors import StorageError
from storage.measures import Spread
from storage.models import Delivery


class SendingMeasures:
    """Of one worker of the queue."""

    def __init__(self) -> None:
        self.done: Counter[tuple[str, ...]] = Counter()  # by kind and outcome
        self.took: defaultdict[str, Spread] = defaultdict(Spread)  # by kind
        self.limited: Counter[str] = Counter()  # by method

    async def of(self, row: Delivery, sending: Awaitable[Outcome]) -> Outcome:
        """The same outcome or error, counted."""
        began, ended = time.perf_counter(), "failed"
        try:
            outcome = await sending
            ended = outcome.name.lower()
            return outcome
        except ChatError as error:
            ended = type(error).__name__.lower()
            if isinstance(error, Limited):
                self.limited[error.method or row.method] += 1
            raise
        except StorageError:
            ended = "unavailable"
            raise
        finally:
            self.done[row.kind, ended] += 1
            self.took[row.kind].note(time.perf_counter() - began)
