"""A line that comes alone does not wait for answers that are nearly always the same; any other answer counts."""

import asyncio
from collections.abc import AsyncIterator, Callable

import msgspec
import psycopg
import pytest
from sqlmodel import update

from handlers.answers import Answer, Errors, Need, Tell
from handlers.errors import FieldErrors, Missing
from handlers.request import PlaceFacts, Request, Spot
from handlers.router import ACTIONS
from handlers.turn import Turn
from storage import presumed
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.models import Person
from storage.presumed import Mistaken, Presumed
from storage.statements import ORGANISATION, Statement
from tests.bench.payloads import OWNER
from tests.bench.product import prepare
from tests.test_grouped import Bench
from tests.units import PATIENCE

DEMOTE = Statement[Person](
    lambda _: update(Person).where(Person.organisation_id == ORGANISATION).values(role="viewer")
)


class Watched:
    """How often something was taken for granted, and how often that was a mistake."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.taken = self.mistaken = 0
        take, mistook = Presumed.take, Presumed.mistook

        def counted(presuming: Presumed) -> None:
            self.taken += 1
            take(presuming)

        def told(presuming: Presumed, trouble: StorageError) -> bool:
            mistaken = mistook(presuming, trouble)
            self.mistaken += mistaken
            return mistaken

        monkeypatch.setattr(Presumed, "take", counted)
        monkeypatch.setattr(Presumed, "mistook", told)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """What is taken for granted in this test, right after a mistake too."""
    monkeypatch.setattr(presumed, "DOUBT_SECONDS", 0.0)
    return Watched(monkeypatch)


@pytest.fixture
async def bench(database_url: str) -> AsyncIterator[Bench]:
    """A map on which its owner has just logged: by now everything is known that a line needs."""
    people, cards = await prepare(database_url, 1, 1)
    database = Database(database_url)
    bench = Bench(database, people, *cards)
    for _ in range(2):
        assert "Got it" in said(await alone(bench))
    yield bench
    await database.close()


@pytest.fixture
async def elsewhere(bench: Bench) -> AsyncIterator[Bench]:
    """Another process at the same database."""
    database = Database(bench.database.url)
    yield Bench(database, bench.people, bench.card)
    await database.close()


async def alone(bench: Bench, text: str = "", key: str = "") -> Answer:
    """The answer to a line that nothing else comes with."""
    answer = await carried_out(bench, bench.logs(key=key, text=text))
    assert not isinstance(answer, Need)
    return answer


async def carried_out(bench: Bench, request: Request) -> Answer | Need:
    """What comes of a request that nothing else comes with."""
    return await bench.database.write(bench.unit(request), patience=PATIENCE)


async def look_around(bench: Bench) -> None:
    """A request that notices what was changed elsewhere, and holds no map's counter."""
    await bench.database.write(bench.unit(msgspec.structs.replace(bench.logs(), action="help")))


def said(answer: Answer | Need) -> str:
    """What a private card says."""
    return answer.card.summary if isinstance(answer, Tell) else ""


def numbers(bench: Bench) -> list[object]:
    """The numbers of the pains, and how many changes were written for them."""
    logged = "SELECT count(*) FROM changes WHERE what = 'logged'"
    return [row[0] for row in [*bench.rows("SELECT number FROM items ORDER BY number"), *bench.rows(logged)]]


async def test_who_logs_alone_does_not_ask_what_is_as_ever(bench: Bench, watched: Watched) -> None:
    for number in (4, 5):
        assert f"P-{number}" in said(await alone(bench))
    assert (watched.taken, watched.mistaken) == (2, 0)
    assert numbers(bench) == [1, 2, 3, 4, 5, 5]


async def test_what_another_process_logged_meanwhile_has_its_number(
    bench: Bench, elsewhere: Bench, watched: Watched
) -> None:
    assert "P-4" in said(await alone(elsewhere, key="c:elsewhere1"))
    assert "P-5" in said(await alone(bench))
    assert "P-6" in said(await alone(bench))
    assert "P-7" in said(await alone(elsewhere, key="c:elsewhere2"))
    # SQLite tells at once that another process has written.
    on_a_server = bench.database.kind == "postgresql"
    assert (watched.taken, watched.mistaken) == ((3, 2) if on_a_server else (1, 0))
    assert numbers(bench) == [1, 2, 3, 4, 5, 6, 7, 7]


async def test_a_number_is_taken_once_where_nothing_told_of_the_other_process(
    bench: Bench, elsewhere: Bench, watched: Watched
) -> None:
    assert "P-4" in said(await alone(elsewhere, key="c:elsewhere"))
    await look_around(bench)
    assert "P-5" in said(await alone(bench))
    assert (watched.taken, watched.mistaken) == (1, 1)
    assert numbers(bench) == [1, 2, 3, 4, 5, 5]


async def test_a_line_that_is_sent_again_is_one_item_and_has_the_same_answer(
    bench: Bench, watched: Watched
) -> None:
    first = await alone(bench, "pay: 👎", "c:twice")
    assert await alone(bench, "pay: 👎", "c:twice") == first
    assert (watched.taken, watched.mistaken) == (2, 1)
    assert numbers(bench) == [1, 2, 3, 4, 4]


async def test_what_leaves_no_trace_asks_whether_it_was_seen_before(
    bench: Bench, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await alone(bench, key="c:twice")

    for wrong in (FieldErrors({"text": "say more"}), Missing("place"), KeyError("a mistake of ours")):

        def goes_wrong(turn: Turn, wrong: Exception = wrong) -> Answer:
            raise wrong

        with monkeypatch.context() as instead:
            instead.setitem(ACTIONS, "log.pain", ACTIONS["log.pain"]._replace(handler=goes_wrong))
            assert await alone(bench, key="c:twice") == first
            if isinstance(wrong, FieldErrors):
                assert isinstance(await alone(bench, key="c:other"), Errors)
            if isinstance(wrong, KeyError):
                with pytest.raises(KeyError):
                    await alone(bench, key="c:other")
    assert watched.mistaken == 5


async def test_a_line_to_another_map_is_answered_the_same_without_asking_for_its_place_again(
    bench: Bench, watched: Watched
) -> None:
    slug = bench.rows("SELECT slug FROM maps")[0][0]
    line = bench.logs(key="c:group", text=f"{slug}/pay: quite other wooden words")
    line = msgspec.structs.replace(line, spot=Spot("G0GROUP"))
    known = msgspec.structs.replace(line, place=PlaceFacts("secrets", private=False))
    assert await carried_out(bench, line) == Need("place")
    first = await carried_out(bench, known)
    assert "Got it" in said(first)
    assert await carried_out(bench, line) == first


@pytest.mark.parametrize("changed", ["right", "channel"])
async def test_what_is_changed_while_a_line_waits_for_its_maps_lock_counts_for_it(
    bench: Bench, elsewhere: Bench, watched: Watched, changed: str
) -> None:
    if bench.database.kind == "sqlite":
        return  # its lock is one for everything
    # Else a line that has waited too long on a busy machine would run again, and ask.
    await bench.database.write(lambda connection: connection.command("SET lock_timeout = '9s'"))
    with psycopg.connect(bench.database.url) as holder:
        holder.execute("SELECT * FROM counters FOR NO KEY UPDATE")
        line = asyncio.ensure_future(alone(bench))
        await asyncio.to_thread(_waits_for_a_lock, bench)
        if changed == "right":
            await elsewhere.database.write(_demoted(elsewhere), patience=PATIENCE)
        else:
            await carried_out(elsewhere, _binds_a_second_channel(bench))
        holder.rollback()
    answer = await line
    assert watched.mistaken == 1
    if changed == "right":
        assert "Got it" not in said(answer)
        assert numbers(bench) == [1, 2, 3, 3]
    else:
        assert "P-4" in said(answer)
        item = "(SELECT id FROM items WHERE number = 4)"
        cards = f"SELECT count(*) FROM deliveries WHERE kind = 'card' AND subject_id = {item}"
        assert bench.rows(cards) == [(2,)]


def _waits_for_a_lock(bench: Bench) -> None:
    waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while not bench.rows(waits):
        pass


def _demoted(bench: Bench) -> Callable[[Connection], None]:
    organisation = bench.rows("SELECT id FROM organisations")[0][0]
    return lambda connection: connection.run(DEMOTE, organisation_id=organisation)


def _binds_a_second_channel(bench: Bench) -> Request:
    maps = bench.rows("SELECT id FROM maps")[0][0]
    click = msgspec.structs.replace(
        bench.clicks("map.bind", OWNER), values={"value": str(maps)}, message="1.1"
    )
    return msgspec.structs.replace(click, spot=Spot("C0SECOND", "second", private=False))


async def test_what_was_said_before_is_offered_to_who_comes_alone(bench: Bench, watched: Watched) -> None:
    await alone(bench, "pay: the terminal is slow at noon")
    offered = await alone(bench, "pay: the terminal is slow at noon!")
    assert "P-4" in said(offered)
    assert "Got it" not in said(offered)
    assert numbers(bench) == [1, 2, 3, 4, 4]


async def test_a_right_that_another_process_took_is_missed_at_once(
    bench: Bench, elsewhere: Bench, watched: Watched
) -> None:
    await elsewhere.database.write(_demoted(elsewhere), patience=PATIENCE)
    assert "Got it" not in said(await alone(bench))
    assert numbers(bench) == [1, 2, 3, 3]


async def test_after_a_mistake_it_asks_for_a_while(
    bench: Bench, elsewhere: Bench, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presumed, "DOUBT_SECONDS", 3600.0)
    await alone(elsewhere, key="c:elsewhere")
    await look_around(bench)
    for number in (5, 6, 7):
        assert f"P-{number}" in said(await alone(bench))
    assert (watched.taken, watched.mistaken) == (1, 1)


def test_whoever_was_mistaken_cannot_go_on() -> None:
    presuming = Presumed()
    presuming.begin(True)
    presuming.until(lambda: False)
    for _ in range(2):
        assert presuming.open
        with pytest.raises(Mistaken):
            presuming.find_out()
    presuming.begin(True)
    assert not presuming.open
