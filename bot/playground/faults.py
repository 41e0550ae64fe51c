"""Faults on order: what the Web API does wrong, for which method, after how many calls, how often."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil


class Kind(StrEnum):
    """What can go wrong with a call."""

    SLOW = "slow"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    ERROR = "error"


@dataclass
class Fault:
    """One fault: the next `after` calls pass, then `times` calls meet it (None: every one)."""

    method: str
    kind: Kind
    times: int | None = 1
    after: int = 0
    seconds: float = 0.0
    retry_after: int = 1
    status: int = 503
    error: str = "fatal_error"
    channel: str | None = None
    hits: int = 0

    def strikes(self, method: str, channel: str | None) -> bool:
        """Whether this call meets the fault; each asking counts as a call."""
        if self.method not in ("*", method) or (self.channel and self.channel != channel):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        self.hits += 1
        return True


@dataclass
class Limit:
    """At most `calls` calls of a method within `seconds`: for each channel, or for what `of` makes of it."""

    method: str
    calls: int
    seconds: float
    of: Callable[[str], str] = str
    made: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, method: str, channel: str | None) -> float:
        """How many seconds this call is too early; 0 lets it pass and counts it."""
        if self.method not in ("*", method):
            return 0.0
        now = time.monotonic()
        times = self.made.setdefault(self.of(channel or ""), deque())
        while times and now - times[0] >= self.seconds:
            times.popleft()
        if len(times) >= self.calls:
            return self.seconds - (now - times[0])
        times.append(now)
        return 0.0


class Faults:
    """Every fault that was ordered, in order, and the rate limits, of which there are none at first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._limits: list[Limit] = []

    def add(
        self,
        method: str = "*",
        kind: Kind | str = Kind.SERVER_ERROR,
        *,
        times: int | None = 1,
        after: int = 0,
        seconds: float = 0.0,
        retry_after: int = 1,
        status: int = 503,
        error: str = "fatal_error",
        channel: str | None = None,
    ) -> Fault:
        """Order a fault for a method ("*": any, "response_url": answers), perhaps in one channel only."""
        fault = Fault(method, Kind(kind), times, after, seconds, retry_after, status, error, channel)
        self._faults.append(fault)
        return fault

    def limit(self, method: str, calls: int, seconds: float, of: Callable[[str], str] = str) -> Limit:
        """Order a rate limit."""
        limit = Limit(method, calls, seconds, of)
        self._limits.append(limit)
        return limit

    def clear(self) -> None:
        """Everything works again."""
        self._faults.clear()
        self._limits.clear()

    def next(self, method: str, channel: str | None) -> Fault | None:
        """The fault that this call meets, if any."""
        for limit in self._limits:
            early = limit.wait(method, channel)
            if early > 0:
                return Fault(method, Kind.RATE_LIMITED, retry_after=max(1, ceil(early)))
        return next((fault for fault in self._faults if fault.strikes(method, channel)), None)
