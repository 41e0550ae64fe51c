"""Requests of one group ask together, and each is answered as if it had come alone."""

from collections.abc import AsyncIterator

import psycopg
import pytest

from bot.app import real_now
from handlers.answers import Answer, Need, Tell
from handlers.dispatch import Carrying
from handlers.request import Actor, Request, Spot
from storage.connection import Connection
from storage.database import Database, new_id
from storage.postgresql import PostgresConnection
from tests.bench.payloads import CHANNEL, OWNER, TEAM, line
from tests.bench.product import prepare, rows_of
from tests.test_database import Mistake
from tests.units import together


class Bench:
    """A map with one card or more, three people, and requests of theirs."""

    def __init__(self, database: Database, people: list[str], card: str, *others: str) -> None:
        self.database = database
        self.people = people
        self.card = card
        self.others = others
        self._count = 0

    async def each(self, *requests: Request) -> list[Answer]:
        """The answers to requests that came as one group."""
        return await together(self.database, *[self.unit(request) for request in requests])

    def unit(self, request: Request) -> Carrying:
        """The request as the writer gets it."""
        return Carrying(request, real_now(), new_id)

    def reacts(self, user: str, *, added: bool = True, emoji: str = "+1", card: str = "") -> Request:
        """A reaction of that user on the card, or on another, later than those before."""
        self._count += 1
        at = f"1700000{self._count:03}.000000"
        values = {"emoji": emoji, "at": at, "active": "yes" if added else "no"}
        return self._request("mark", f"e:{at}", "event", user, values=values, message=card or self.card)

    def logs(self, user: str = OWNER, key: str = "", text: str = "") -> Request:
        """A pain, in words of its own unless they are given."""
        self._count += 1
        return self._request("log.pain", key or f"c:log{self._count}", "command", user, text=text or line())

    def clicks(self, action: str, user: str) -> Request:
        """A click on the card's item."""
        self._count += 1
        item = self.rows("SELECT id FROM items WHERE number = 1")[0][0]
        return self._request(action, f"c:click{self._count}", "click", user, values={"value": item})

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the database says."""
        return rows_of(self.database.url, sql)

    def votes(self) -> tuple[object, ...]:
        """How many votes the item counts, has, and has had in its history."""
        return self.rows(
            "SELECT (SELECT votes FROM items WHERE number = 1), (SELECT count(*) FROM votes WHERE active), "
            "(SELECT count(*) FROM changes WHERE what = 'voted') - "
            "(SELECT count(*) FROM changes WHERE what = 'unvoted')"
        )[0]

    @staticmethod
    def _request(action: str, key: str, surface: str, user: str, **more: object) -> Request:
        actor, spot = Actor("slack", TEAM, user, user), Spot(CHANNEL, "benches", private=False)
        return Request(actor=actor, spot=spot, action=action, key=key, surface=surface, **more)  # type: ignore[arg-type]


@pytest.fixture
async def bench(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """The bench on each kind of database."""
    people, cards = await prepare(database_url, 3, getattr(request, "param", 1))
    database = Database(database_url)
    yield Bench(database, people, *cards)
    await database.close()


async def test_logs_and_votes_of_one_group_all_count(bench: Bench) -> None:
    anna, ben, cem = bench.people
    answers = await bench.each(
        bench.reacts(anna), bench.logs(), bench.reacts(ben), bench.logs(ben), bench.reacts(cem)
    )
    assert [isinstance(answer, Tell) for answer in answers] == [False, True, False, True, False]
    assert bench.votes() == (3, 3, 3)
    assert bench.rows("SELECT number FROM items ORDER BY number") == [(1,), (2,), (3,)]
    revisions = bench.rows("SELECT c.revision, n.revision FROM changes c, counters n ORDER BY c.revision")
    assert revisions == [(number, len(revisions)) for number in range(1, len(revisions) + 1)]


async def test_the_same_line_twice_in_one_group_is_one_item(bench: Bench) -> None:
    once = bench.logs(key="c:once")
    first, other, again = await bench.each(once, bench.logs(), once)
    assert first == again != other
    assert bench.rows("SELECT count(*) FROM items") == [(3,)]


@pytest.mark.parametrize(
    "again",
    [
        "Card machine breaks at lunchtime",
        "card machines break at lunchtime!",
        "card machine breaks at lunchtime !abandon",
    ],
)
@pytest.mark.parametrize(
    "marked",
    ["", ". @reservations", " !abandon", " — from Alexandra, Microsoft, administrator", " (@reservations)"],
)
async def test_nearly_the_same_line_of_somebody_else_in_one_group_is_asked_about(
    bench: Bench, again: str, marked: str
) -> None:
    ada, ben, cleo = bench.people
    first = bench.logs(ada, text=f"pay: Card machine breaks at lunchtime{marked}")
    answers = await bench.each(first, bench.logs(cleo), bench.logs(ben, text=f"pay: {again}"))
    said = [answer.card.summary for answer in answers if isinstance(answer, Tell)]
    assert ["Got it" in one for one in said] == [True, True, False]
    assert "P-2 says nearly the same: “Card machine breaks at lunchtime" in said[2]
    assert bench.rows("SELECT count(*) FROM items WHERE text LIKE '%unchtime%'") == [(1,)]


async def test_what_one_person_does_in_one_group_counts_in_its_order(bench: Bench) -> None:
    anna, ben, _ = bench.people
    heart = bench.reacts(anna, emoji="heart")
    await bench.each(heart, bench.reacts(ben), bench.reacts(anna, added=False, emoji="heart"))
    assert bench.votes() == (1, 1, 1)
    await bench.each(bench.reacts(anna), bench.clicks("unvote", anna), bench.reacts(ben, added=False))
    assert bench.votes() == (0, 0, 0)
    await bench.each(bench.clicks("unvote", anna), bench.reacts(anna, emoji="fire"), bench.reacts(ben))
    assert bench.votes() == (2, 2, 2)


async def test_who_takes_one_of_two_reactions_back_still_votes_whatever_others_do_meanwhile(
    bench: Bench,
) -> None:
    anna, ben, carl = bench.people
    await bench.each(bench.reacts(anna, emoji="heart"))
    await bench.each(bench.reacts(anna))
    await bench.each(
        bench.reacts(ben),
        bench.reacts(anna, added=False),
        bench.reacts(carl, added=False),
        bench.reacts(OWNER),
    )
    assert bench.votes() == (3, 3, 3)
    await bench.each(bench.reacts(ben, added=False), bench.reacts(anna, added=False, emoji="heart"))
    assert bench.votes() == (1, 1, 1)


@pytest.mark.parametrize("bench", [2], indirect=True, ids=["two cards"])
async def test_reactions_to_two_cards_in_one_group_count_each_for_its_own(bench: Bench) -> None:
    anna, ben, carl = bench.people
    (other,) = bench.others
    await bench.each(
        bench.reacts(anna, card=other), bench.reacts(ben), bench.reacts(carl, card=other), bench.reacts(anna)
    )
    assert bench.rows("SELECT number, votes FROM items ORDER BY number") == [(1, 2), (2, 2)]
    voters = "SELECT count(*) FROM votes GROUP BY item_id"
    assert bench.rows(voters) == [(2,), (2,)]


async def test_a_vote_that_went_wrong_counts_when_it_is_sent_again(bench: Bench) -> None:
    class Mistaken(Carrying):
        def __call__(self, connection: Connection) -> Answer | Need:
            super().__call__(connection)
            raise Mistake("after it voted")

    anna, ben, _ = bench.people
    mistaken = bench.reacts(ben)
    results = await together(
        bench.database,
        bench.unit(bench.reacts(anna)),
        Mistaken(mistaken, real_now(), new_id),
        bench.unit(bench.logs()),
    )
    assert isinstance(results[1], Mistake)
    assert bench.votes() == (1, 1, 1)
    await bench.each(mistaken)
    assert bench.votes() == (2, 2, 2)


class Cut(Carrying):
    """A request in whose first run the server ends the connection, as a failover does."""

    url = ""

    def __call__(self, connection: Connection) -> Answer | Need:
        if self.url:
            cut_off(self.url, connection)
            self.url = ""
        return super().__call__(connection)


def cut_off(url: str, connection: Connection) -> None:
    """Ends the connection at the server."""
    assert isinstance(connection, PostgresConnection)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [connection._server.backend_pid])


async def test_what_was_asked_on_a_connection_that_is_gone_does_not_count(bench: Bench) -> None:
    if bench.database.kind == "sqlite":
        return  # nobody cuts us off
    anna, ben, _ = bench.people
    cut = Cut(bench.logs(anna), real_now(), new_id)
    cut.url = bench.database.url
    await together(bench.database, cut, bench.unit(bench.reacts(ben)))
    assert bench.rows("SELECT count(*) FROM marks WHERE active") == [(1,)]
    await bench.each(bench.reacts(ben, emoji="heart"))
    await bench.each(bench.reacts(ben, emoji="heart", added=False))
    assert bench.votes()[0] == 1, "the first reaction still stands"


async def test_an_item_removed_in_the_group_takes_no_vote(bench: Bench) -> None:
    anna, ben, _ = bench.people
    await bench.each(bench.reacts(anna), bench.clicks("item.remove", OWNER), bench.reacts(ben))
    assert bench.votes() == (1, 1, 1)
