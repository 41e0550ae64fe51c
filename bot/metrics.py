"""`/metrics` for Prometheus: what every room counted of its own work, and how the queue and the clock stand now.

The library is loaded when somebody first asks. No label holds a person, a channel, a workspace or what anybody said.
"""

import asyncio
import hmac
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from aiohttp import web

from bot.door import Answering
from scheduler.clock import Clock
from scheduler.measures import SendingMeasures
from storage.database import Database
from storage.errors import StorageError
from storage.measures import Spread
from storage.standing import Standing, standing

ASK_SECONDS = 2.0

Values = Mapping[tuple[str, ...], float]
Spreads = Mapping[tuple[str, ...], Spread]


class Watched(NamedTuple):
    """Whose numbers are told; `doors` by their platform."""

    doors: Mapping[str, Answering]
    sending: SendingMeasures
    database: Database
    ticks: Clock
    clock: Callable[[], datetime]
    real: Callable[[], datetime]


class Metrics:
    """Answers `GET /metrics` to whoever has the token; without one set there is no such page."""

    def __init__(self, watched: Watched, token: str) -> None:
        self._watched = watched
        self._token = token
        self._now: Standing | None = None
        self._registry: Any = None

    async def handle(self, request: web.Request) -> web.Response:
        """The metrics as text."""
        if not self._token:
            return web.Response(status=404)
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(
            given.encode(errors="replace"), self._token.encode()
        ):
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        self._now = await self._standing()
        return web.Response(
            body=self._text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    async def _standing(self) -> Standing | None:
        watched = self._watched
        try:
            async with asyncio.timeout(ASK_SECONDS):
                return await watched.database.read(
                    lambda connection: standing(connection, watched.clock(), watched.real())
                )
        except (StorageError, TimeoutError):
            return None

    def _text(self) -> bytes:
        from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
        from prometheus_client.exposition import generate_latest

        if self._registry is None:
            self._registry = CollectorRegistry(auto_describe=False)
            self._registry.register(self)
            for collector in (ProcessCollector, PlatformCollector, GCCollector):
                collector(registry=self._registry)
        return bytes(generate_latest(self._registry))

    def collect(self) -> Iterator[Any]:
        """What Prometheus's library asks of a collector."""
        yield from self._requests()
        yield from self._deliveries()
        yield from self._database()
        yield from self._ticks()
        yield from self._standing_now()

    def _requests(self) -> Iterator[Any]:
        doors = self._watched.doors
        done: Values = {
            (platform, *key): count for platform, door in doors.items() for key, count in door.done.items()
        }
        took: Spreads = {
            (platform, action): spread
            for platform, door in doors.items()
            for action, spread in door.took.items()
        }
        what = "Requests carried out, by what they asked for and how they ended."
        yield _counter("requests", what, ("platform", "action", "outcome"), done)
        what = "From a request's arrival to its answer, committed."
        yield _histogram("request_seconds", what, ("platform", "action"), took)

    def _deliveries(self) -> Iterator[Any]:
        sending = self._watched.sending
        yield _counter(
            "deliveries",
            "Attempts to send, by what and how they ended.",
            ("kind", "outcome"),
            sending.done,
        )
        yield _histogram(
            "delivery_seconds",
            "How long one attempt to send took.",
            ("kind",),
            {(kind,): spread for kind, spread in sending.took.items()},
        )
        yield _counter(
            "limited",
            "How often a platform asked to be left alone (429).",
            ("method",),
            {(method,): count for method, count in sending.limited.items()},
        )

    def _database(self) -> Iterator[Any]:
        measures = self._watched.database.measures
        yield _histogram(
            "commit_seconds", "How long a commit of the writer took.", (), {(): measures.commits}
        )
        yield _histogram(
            "commit_units", "How many units of work shared one commit.", (), {(): measures.units}
        )
        yield _counter(
            "database_errors",
            "Errors of the database, by their kind.",
            ("error",),
            {(error,): count for error, count in measures.errors.items()},
        )

    def _ticks(self) -> Iterator[Any]:
        now = time.monotonic()
        ages: Values = {(name,): now - at for name, at in self._watched.ticks.last.items()}
        yield _gauge(
            "tick_age_seconds", "Since each tick of the clock last came to its end.", ("tick",), ages
        )

    def _standing_now(self) -> Iterator[Any]:
        now = self._now
        yield _gauge("database_up", "Does the database answer?", (), {(): float(now is not None)})
        if now is None:
            return
        yield _gauge("queue", "Deliveries by kind and state.", ("kind", "state"), now.queue)
        yield _gauge(
            "queue_oldest_seconds",
            "How long the oldest that could have left is waiting.",
            ("kind",),
            {(kind,): age for kind, age in now.oldest.items()},
        )
        yield _gauge(
            "pauses",
            "Workspaces that asked for a pause of the method.",
            ("method",),
            {(method,): count for method, count in now.pauses.items()},
        )
        yield _gauge(
            "digests_late", "Organisations for which something is due and not done.", (), {(): now.late}
        )
        yield _gauge(
            "digest_late_seconds",
            "For how long the oldest of those has been due.",
            (),
            {(): now.late_seconds},
        )
        yield _gauge("workspaces", "Workspaces, served or stopped.", ("platform", "state"), now.workspaces)


def _family(kind: str) -> Callable[..., Any]:
    from prometheus_client import core

    return getattr(core, f"{kind}MetricFamily")  # type: ignore[no-any-return]


def _counter(name: str, what: str, labels: tuple[str, ...], values: Values) -> Any:
    return _filled(_family("Counter")(f"mapkeeper_{name}", what, labels=labels), values)


def _gauge(name: str, what: str, labels: tuple[str, ...], values: Values) -> Any:
    return _filled(_family("Gauge")(f"mapkeeper_{name}", what, labels=labels), values)


def _filled(family: Any, values: Values) -> Any:
    for labels, value in sorted(values.items()):
        family.add_metric(labels, value)
    return family


def _histogram(name: str, what: str, labels: tuple[str, ...], values: Spreads) -> Any:
    family = _family("Histogram")(f"mapkeeper_{name}", what, labels=labels)
    for key, spread in sorted(values.items()):
        family.add_metric(key, buckets=spread.buckets(), sum_value=spread.total)
    return family
