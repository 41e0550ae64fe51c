"""Requests through the product against the same through a bare Bolt, in alternating rounds."""

import itertools
import statistics
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from handlers.router import ACTIONS, Mode
from tests.bench import payloads
from tests.bench.growth import typed
from tests.bench.load import Load, WrongAnswer, load
from tests.bench.processes import SERVER, Server, serving
from tests.bench.product import Product, products
from tests.bench.slack_api import FORM
from tests.bench.table import Row, at_least, at_most

CONNECTIONS = 16
SHARE = 0.40  # of what the framework alone can do
SLOWER = 4.0  # than the framework alone, at the most, where one waits for one
WARM_UP, EACH = 500, 2000
ALONE, SHORT = (
    150,
    4,
)  # of one at a time few, in more rounds: so bare Bolt and we meet the same moments of the machine
OF_EACH = 40

Make = Callable[[int], list[bytes]]


class Subject(NamedTuple):
    """A server, how its requests are made, and what stands in every right answer."""

    name: str
    server: Server
    make: Make
    expected: bytes


class Round(NamedTuple):
    """One subject's turn, with the processor time of its server per request, in µs."""

    load: Load
    cpu: float


async def log(folder: Path, rounds: int) -> list[Row]:
    """The full log of a pain: verified, parsed, deduplicated, committed with history and queue, receipt rendered."""
    async with bare() as baseline, products(folder) as made:
        subjects = [_logging(product) for product in made]
        before = [await product.number(ITEMS) for product in made]
        found = await alternating([baseline, *subjects], rounds, EACH, CONNECTIONS)
        for product, earlier in zip(made, before, strict=True):
            saved = await product.number(ITEMS) - earlier
            assert saved == WARM_UP + rounds * EACH, f"{product.kind}: {saved} items were saved"
        return [
            at_least(f"log a pain, {one.name}", _shares(found, one), SHARE, _behind(found, one))
            for one in subjects
        ]


async def latency(folder: Path, rounds: int) -> list[Row]:
    """The wait for the same log where one waits for one."""
    async with bare() as baseline, products(folder) as made:
        subjects = [_logging(product) for product in made]
        found = await alternating([baseline, *subjects], SHORT * rounds, ALONE, 1)
        return [
            at_most(
                f"p50 of a log alone, {one.name}",
                [
                    mine.load.p50 / bare.load.p50
                    for mine, bare in zip(found[one.name], found[BASELINE], strict=True)
                ],
                SLOWER,
                _behind(found, one),
            )
            for one in subjects
        ]


async def vote(folder: Path, rounds: int) -> list[Row]:
    """A vote by reaction: each person once on each card."""
    async with bare() as baseline, products(folder, users=EACH, cards=rounds + 1) as made:
        subjects = [_voting(product) for product in made]
        found = await alternating([baseline, *subjects], rounds, EACH, CONNECTIONS)
        for product in made:
            counted = await product.number("SELECT sum(votes) FROM items")
            assert counted == WARM_UP + rounds * EACH, f"{product.kind}: {counted} votes were counted"
        return [
            at_least(f"vote by reaction, {one.name}", _shares(found, one), SHARE, _behind(found, one))
            for one in subjects
        ]


async def outgoing(folder: Path, rounds: int) -> list[Row]:
    """Calls to the platform between a command's arrival and its answer.

    What a command queues leaves later and is no part of its answer: so the platform first asks to be left alone,
    and every call that still comes is one that an answer needed. A form is opened by a call, which is its answer.
    """
    rows = []
    verbs = [one.verb for one in typed() if one.action.startswith("log.")]
    reads = [one.words for one in typed() if ACTIONS[one.action].mode is Mode.READS]
    lines = [f"{verb} {payloads.line()}" for verb in verbs for _ in range(OF_EACH)]
    async with products(folder) as made:
        for product in made:
            await load(product.server.address, _pains(WARM_UP), CONNECTIONS, b"Got it")
            before, queued = await product.rest(), await product.number(WAITING)
            for words, expected in ((lines, b"Got it"), (OF_EACH * reads, b"")):
                commands = [payloads.command("/journey", text) for text in words]
                await load(product.server.address, commands, CONNECTIONS, expected)
            after = await product.calls()
            queued = await product.number(WAITING) - queued
            made_calls = {name: count - before.get(name, 0) for name, count in after.items()}
            forms = made_calls.pop(FORM, 0)
            behind = (
                f"in {OF_EACH} of each of {len(verbs) + len(reads)} commands, {forms} of which opened a form; "
                f"{queued:,} cards waited in the queue meanwhile"
            )
            assert queued == len(lines), f"{queued} cards were queued"
            rows.append(
                Row(
                    f"calls before a command is answered, {product.kind}",
                    ", ".join(f"{count} {name}" for name, count in made_calls.items() if count) or "0",
                    "0",
                    not any(made_calls.values()),
                    behind,
                )
            )
    return rows


@asynccontextmanager
async def bare() -> AsyncIterator[Subject]:
    """The baseline."""
    async with serving("tests.bench.bare_bolt", core=SERVER) as server:
        yield Subject(BASELINE, server, _pains, b"")


async def alternating(
    subjects: Sequence[Subject], rounds: int, each: int, connections: int
) -> dict[str, list[Round]]:
    """Every subject once a round, with the core to itself, after a warm-up; each round begins with another."""
    found: dict[str, list[Round]] = {subject.name: [] for subject in subjects}
    for subject in subjects:
        subject.server.freeze()
    for number in range(-1, rounds):
        turn = number % len(subjects)
        for subject in (*subjects[turn:], *subjects[:turn]):
            requests = subject.make(WARM_UP if number < 0 else each)
            subject.server.thaw()
            spent = subject.server.cpu()
            done = await _load(subject, requests, CONNECTIONS if number < 0 else connections)
            spent = subject.server.cpu() - spent
            subject.server.freeze()
            if number >= 0:
                found[subject.name].append(Round(done, spent / len(requests) * 1e6))
    for subject in subjects:
        subject.server.thaw()
    return found


async def _load(subject: Subject, requests: list[bytes], connections: int) -> Load:
    try:
        return await load(subject.server.address, requests, connections, subject.expected)
    except WrongAnswer as error:
        error.add_note(b"".join(subject.server.last_words).decode())
        raise


def _logging(product: Product) -> Subject:
    return Subject(product.kind, product.server, _pains, b"Got it")


def _voting(product: Product) -> Subject:
    cards = iter(product.cards)
    return Subject(
        product.kind,
        product.server,
        lambda many: [
            payloads.reaction(user, card)
            for card in itertools.islice(cards, 1)
            for user in product.users[:many]
        ],
        b"",
    )


def _pains(many: int) -> list[bytes]:
    return [payloads.pain() for _ in range(many)]


def _shares(found: dict[str, list[Round]], one: Subject) -> list[float]:
    return [
        mine.load.rate / bare.load.rate for mine, bare in zip(found[one.name], found[BASELINE], strict=True)
    ]


def _behind(found: dict[str, list[Round]], one: Subject) -> str:
    return f"{told(found[one.name])}; bare Bolt {told(found[BASELINE])}"


def told(rounds: list[Round]) -> str:
    """The rounds of one subject in words."""
    rate, p50, p99, cpu = (
        statistics.median(values)
        for values in zip(*((r.load.rate, r.load.p50, r.load.p99, r.cpu) for r in rounds), strict=True)
    )
    return f"{rate:,.0f}/s, p50 {p50:.2f} ms, p99 {p99:.2f} ms, {cpu:.0f} µs of processor each"


BASELINE = "bare Bolt"
ITEMS = "SELECT count(*) FROM items"
WAITING = "SELECT count(*) FROM deliveries WHERE state <> 'sending'"
