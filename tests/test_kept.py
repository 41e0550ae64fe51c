"""What is kept in memory of people, places and stages holds only while nobody, anywhere, has changed it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest
from sqlmodel import select, update

from bot.playground.reading import plain
from handlers.errors import Refusal
from handlers.words import say
from storage.arrivals import Arrival, Coming, arrivals
from storage.callers import _CALLERS, _MAPS, _STAGES, Caller
from storage.connection import Connection
from storage.database import Database, connection_to
from storage.deliveries import _CARD_PLACES, states
from storage.kept import MOST, Kept
from storage.linking import _moves
from storage.models import Account, Delivery
from storage.near import FEW, GROUPS
from storage.slots import SLOTS
from storage.statements import KEPT, ORGANISATION, RESTLESS, Statement, param
from storage.store import Store
from storage.writer import GROUP
from tests.bench.product import rows_of
from tests.test_database import statements
from tests.units import NOW, PATIENCE
from tests.world import World

LINE = "pay: card declined twice"
WAITING = Statement[Delivery](lambda _: select(Delivery.subject_id).where(Delivery.kind == "card"))
MOVED = Statement[Account](
    lambda _: (
        update(Account)
        .where(Account.organisation_id == ORGANISATION, Account.id == param("account"))
        .values(person_id=param("person"))
    )
)
SILENT = {"storage.pulses_LOOK_AT", "storage.workspaces_GIVE_TURNS", "storage.workspaces_HEARD"}


@pytest.fixture
async def walked(each_world: World) -> World:
    """Two people have logged: by now everything is kept that a line needs."""
    await each_world.start_map()
    await each_world.log(LINE)
    await each_world.log("pay: the terminal is slow at noon", user="ben")
    return each_world


@pytest.fixture
async def elsewhere(walked: World) -> AsyncIterator[Database]:
    """Another process at the same database."""
    opened = Database(walked.keeper.database.url)
    yield opened
    await opened.close()


def coming(world: World, user: str = "ben") -> Coming:
    """What somebody's request in the channel tells of itself."""
    slack = world.slack.world
    return Coming("slack", slack.team_id, slack.person(user).id, slack.channel("product").id, "")


def known(world: World, connection: Connection) -> tuple[Store, Caller, Arrival]:
    """The store, and what is known there of ben in the channel."""
    (found,) = arrivals(connection, [coming(world)])
    assert found.caller is not None
    return Store(connection, found.caller.organisation_id), found.caller, found


def queued(connection: Connection, item_id: str) -> bool:
    """Is a card of that item on its way?"""
    return any(row.subject_id == item_id for row in connection.all(WAITING))


def with_role(world: World, role: str) -> Callable[[Connection], None]:
    """Makes ben that."""

    def unit(connection: Connection) -> None:
        store, caller, _ = known(world, connection)
        assert caller.person_id
        store.people.set_role(caller.person_id, role)

    return unit


async def test_a_role_that_another_process_takes_is_missed_by_the_very_next_line(
    walked: World, elsewhere: Database
) -> None:
    await elsewhere.write(with_role(walked, "viewer"), patience=PATIENCE)
    refused = await walked.slack.command("ben", "product", "/pain", "pay: no receipt is printed")
    assert "You can look at the map, but not add to it yet." in refused.text
    await elsewhere.write(with_role(walked, "member"), patience=PATIENCE)
    taken = await walked.slack.command("ben", "product", "/pain", "pay: no receipt is printed")
    assert "Got it: P-3 on Pay." in taken.text


@pytest.mark.parametrize("changed", ["role", "person"])
async def test_a_vote_counts_once_where_another_process_has_just_changed_what_is_kept(
    walked: World, elsewhere: Database, changed: str
) -> None:
    def moved(connection: Connection) -> None:
        store, caller, _ = known(walked, connection)
        (ada,) = arrivals(connection, [coming(walked, "ada")])
        assert ada.caller is not None
        connection.run(
            MOVED,
            organisation_id=store.organisation_id,
            account=caller.account_id,
            person=ada.caller.person_id,
        )

    card = walked.messages()[-1]
    await walked.slack.react("ben", card, "wave")  # no vote; by now ben is kept
    change = with_role(walked, "editor") if changed == "role" else moved
    await elsewhere.write(change, patience=PATIENCE)
    await walked.slack.react("ben", card, "+1")  # its questions write: they are not asked once more
    await walked.until(lambda: "▲ 1" in plain(card))
    began_anew = walked.keeper.database.measures.errors["Busy"]
    assert began_anew == (changed == "person"), "the vote is another person's by now"
    await walked.slack.unreact("ben", card, "+1")
    await walked.until(lambda: "▲ 0" in plain(card))


async def test_a_stage_and_a_channel_that_another_process_changes_are_known_by_the_next_line(
    walked: World, elsewhere: Database
) -> None:
    def renamed(connection: Connection) -> None:
        store, _, found = known(walked, connection)
        (stages,) = found.stages.values()
        stage = store.maps.stage(next(one.id for one in stages if one.slug == "pay"))
        assert stage is not None
        store.stages.save(stage, slug="settle-up", name="Settle up")

    def unbound(connection: Connection) -> None:
        store, _, found = known(walked, connection)
        assert found.place[0].map_id
        store.bindings.drop(found.place[0].place_id, found.place[0].map_id)

    await elsewhere.write(renamed, patience=PATIENCE)
    taken = await walked.slack.command("ben", "product", "/pain", "settle up: no receipt is printed")
    assert "Got it: P-3 on Settle up." in taken.text
    await walked.until(lambda: len(walked.messages()) == 4)
    await elsewhere.write(unbound, patience=PATIENCE)
    lost = await walked.slack.command("ben", "product", "/pain", "settle up: it takes too long")
    assert "Got it" not in lost.text
    assert await walked.keeper.database.read(states) == {}, "no card where nothing is bound"


async def test_a_change_is_seen_by_those_behind_it_in_the_same_transaction(walked: World) -> None:
    def unit(connection: Connection) -> list[str | None]:
        before = known(walked, connection)[1].role
        with_role(walked, "editor")(connection)
        return [before, known(walked, connection)[1].role]

    assert await walked.keeper.database.write(unit) == ["member", "editor"]


async def test_a_change_that_was_undone_leaves_nothing_behind(walked: World) -> None:
    seen: list[str | None] = []

    def unit(connection: Connection) -> None:
        with_role(walked, "editor")(connection)
        seen.append(known(walked, connection)[1].role)
        raise Refusal(say("map gone"))

    with pytest.raises(Refusal):
        await walked.keeper.database.write(unit)
    assert seen[-1] == "editor"
    assert await walked.keeper.database.write(lambda c: known(walked, c)[1].role) == "member"


async def test_while_nobody_changes_anything_a_line_asks_for_neither_person_nor_place(
    walked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connection_to(walked.keeper.database.url, False)
    asked: list[str] = []
    compiled = {statement.compiled(connection.kind).sql for statement in (_CALLERS[1], _MAPS, _STAGES)}
    gather = type(connection).gather

    def spied(self, questions):  # type: ignore[no-untyped-def]
        asked.extend(statement.compiled(self.kind).sql for statement, _ in questions)
        return gather(self, questions)

    monkeypatch.setattr(type(connection), "gather", spied)
    silent = False
    for _ in range(100):  # the product goes on beside it, and to SQLite each of its commits may be a change
        asked.clear()
        with connection.transaction(writes=True):
            assert known(walked, connection)[1].role == "member"
        assert asked
        silent = silent or not compiled.intersection(asked)
    assert silent
    asked.clear()
    connection.kept._since -= 61
    with connection.transaction(writes=True):
        known(walked, connection)
    assert compiled.issubset(asked), "after a minute everything is asked for again"
    connection.close()


def test_no_more_is_kept_than_fits() -> None:
    kept = Kept()
    for number in range(MOST + 10):
        kept.put(number, "answer")
    assert kept.get(MOST - 1) is None
    assert [kept.get(number) for number in range(MOST, MOST + 10)] == ["answer"] * 10


async def test_what_is_changed_while_a_line_waits_for_its_map_is_known_by_then(walked: World) -> None:
    url = walked.keeper.database.url
    if not url.startswith("postgresql"):
        return  # SQLite lets one begin after the other
    logging, unbinding = connection_to(url, False), connection_to(url, False)
    with logging.transaction(writes=True):
        store, _, found = known(walked, logging)
        assert found.place[0].map_id
        map_id, place_id = found.place[0].map_id, found.place[0].place_id
        store.deliveries.queue_cards(
            store.new_id, "early", map_id, NOW
        )  # the map's places are kept from now on
    began, asked = threading.Event(), threading.Event()

    def unbind() -> None:
        with unbinding.transaction(writes=True):
            other = Store(unbinding, store.organisation_id)
            other.maps.step(map_id, None, NOW)  # has the map's lock
            other.bindings.drop(place_id, map_id)
            began.set()
            asked.wait()

    def late() -> None:
        with logging.transaction(writes=True):
            (found,) = arrivals(logging, [coming(walked)._replace(counts=True)])
            assert found.place[0].map_id is None
            store.deliveries.queue_cards(store.new_id, "late", map_id, NOW)
            assert not queued(logging, "late")

    def let_go() -> None:
        while not rows_of(url, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            pass
        asked.set()

    unbound = asyncio.ensure_future(asyncio.to_thread(unbind))
    await asyncio.to_thread(began.wait)
    await asyncio.gather(asyncio.to_thread(late), asyncio.to_thread(let_go), unbound)
    logging.close()
    unbinding.close()


async def test_a_form_that_waits_for_its_map_posts_no_card_where_the_map_was_taken_off(walked: World) -> None:
    url = walked.keeper.database.url
    if not url.startswith("postgresql"):
        return  # SQLite lets one begin after the other
    form = (await walked.slack.command("ben", "product", "/pain")).view
    assert form is not None
    stage = next(iter(rows_of(url, "SELECT id FROM stages WHERE slug = 'pay'")))[0]
    began, asked = threading.Event(), threading.Event()
    unbinding = connection_to(url, False)

    def unbind() -> None:
        with unbinding.transaction(writes=True):
            store, _, found = known(walked, unbinding)
            assert found.place[0].map_id
            store.maps.step(found.place[0].map_id, None, NOW)  # has the map's lock
            store.bindings.drop(found.place[0].place_id, found.place[0].map_id)
            began.set()
            asked.wait()

    def let_go() -> None:
        while not rows_of(url, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            pass
        asked.set()

    unbound = asyncio.ensure_future(asyncio.to_thread(unbind))
    await asyncio.to_thread(began.wait)
    values = {"stage": stage, "text": "no receipt is printed"}
    sent = asyncio.ensure_future(walked.slack.submit("ben", form, values))
    await asyncio.to_thread(let_go)
    assert "P-3" in (await sent).text
    await unbound
    unbinding.close()
    assert not rows_of(url, "SELECT 1 FROM deliveries WHERE kind = 'card'")
    assert len(walked.messages()) == 3


def test_what_is_kept_is_of_tables_whose_changes_are_heard_of(database_url: str) -> None:
    kind = database_url.partition(":")[0]
    for statement in (*_CALLERS.values(), _MAPS, _STAGES, _CARD_PLACES):
        compiled = statement.compiled(kind)
        assert compiled.tables <= KEPT
        for _, restless in RESTLESS:
            assert restless not in compiled.sql


def test_whatever_writes_what_is_kept_says_so_but_for_what_nobody_keeps(database_url: str) -> None:
    kind = database_url.partition(":")[0]
    silent = {
        name
        for name, statement in statements()
        if statement.compiled(kind).changes & KEPT and not statement.compiled(kind).spoils
    }
    assert silent == SILENT
    moved = [
        statement for table in _moves() for statement in table if statement.compiled(kind).changes & KEPT
    ]
    assert moved
    assert all(statement.compiled(kind).spoils for statement in moved)


def test_a_whole_group_fits_into_one_question() -> None:
    assert SLOTS[-1] >= GROUP
    assert GROUPS[-1] >= GROUP * FEW
