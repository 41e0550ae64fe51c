"""A store is kept with the connection: what it knows is whom it speaks for, and nothing of a transaction."""

from pathlib import Path

import pytest

from storage.sqlite import SqliteConnection
from storage.store import MOST_KEPT, Room, Store

ROOMS = sorted(name for name, found in vars(Store).items() if isinstance(found, Room))


def an_id() -> str:
    return "1"


@pytest.fixture
def connection(tmp_path: Path) -> SqliteConnection:
    return SqliteConnection(str(tmp_path / "kept.db"))


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_knows_whom_it_speaks_for_and_nothing_else(connection: SqliteConnection, name: str) -> None:
    room = getattr(Store(connection, "org", an_id, "ada"), name)
    assert (room.connection, room.organisation_id, room.viewer) == (connection, "org", "ada")
    assert not hasattr(room, "__dict__")  # nowhere to keep more


def test_the_same_viewer_finds_the_same_store_with_its_rooms_open(connection: SqliteConnection) -> None:
    store = Store.kept(connection, "org", an_id, "ada")
    assert Store.kept(connection, "org", an_id, "ada") is store
    assert Store.kept(connection, "org", an_id, "ada").maps is store.maps


def test_another_organisation_viewer_or_connection_has_a_store_of_its_own(
    connection: SqliteConnection, tmp_path: Path
) -> None:
    store = Store.kept(connection, "org", an_id, "ada")
    beside = SqliteConnection(str(tmp_path / "kept.db"))
    others = [
        Store.kept(connection, "other", an_id, "ada"),
        Store.kept(connection, "org", an_id, "bob"),
        Store.kept(beside, "org", an_id, "ada"),
    ]
    assert [(one.connection, one.organisation_id, one.viewer) for one in others] == [
        (connection, "other", "ada"),
        (connection, "org", "bob"),
        (beside, "org", "ada"),
    ]
    assert all(one is not store and one.maps is not store.maps for one in others)


def test_however_many_look_a_connection_keeps_a_bounded_number_of_stores(
    connection: SqliteConnection,
) -> None:
    for number in range(2 * MOST_KEPT + 1):
        Store.kept(connection, "org", an_id, f"person {number}")
        assert len(connection.stores) <= MOST_KEPT


def test_a_closed_connection_is_held_on_to_by_no_store(connection: SqliteConnection) -> None:
    store = Store.kept(connection, "org", an_id, "ada")
    connection.close()
    assert Store.kept(connection, "org", an_id, "ada") is not store
