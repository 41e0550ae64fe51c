"""The memory of one organisation, as far as one viewer sees it: there is no way to ask it for other rows."""

from collections.abc import Callable
from typing import Generic, TypeVar

from storage.asking import Asking
from storage.bindings import Bindings
from storage.checks import Checks
from storage.comments import Comments
from storage.connection import Connection
from storage.database import new_id
from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.homes import Homes
from storage.items import Items
from storage.lists import Lists
from storage.maps import Maps
from storage.members import Members
from storage.memory import History, Memory
from storage.merges import Merges
from storage.moving import Moving
from storage.near import Near
from storage.owned import Ownership
from storage.people import People, Places
from storage.posts import Posts
from storage.pulses import Pulses
from storage.ratings import Ratings
from storage.reshaping import Reshaping
from storage.schedules import Schedules
from storage.search import Search
from storage.sources import Sources
from storage.stages import Stages
from storage.visible import EVERYTHING
from storage.votes import Votes

Opened = TypeVar("Opened")

MOST_KEPT = 200  # stores of one connection; with one more all are forgotten


class Room(Generic[Opened]):
    """Opened when it is first entered, and the store's own from then on: a request needs a few of them."""

    def __init__(self, opens: Callable[[Connection, str, str], Opened]) -> None:
        self._opens = opens

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, store: "Store", owner: type) -> Opened:
        opened = self._opens(store.connection, store.organisation_id, store.viewer)
        store.__dict__[self._name] = opened
        return opened


class Store:
    """A room of queries per noun, all for one organisation and one viewer, and on one connection."""

    people = Room(People)
    places = Room(Places)
    maps = Room(Maps)
    reshaping = Room(Reshaping)
    stages = Room(Stages)
    moving = Room(Moving)
    bindings = Room(Bindings)
    members = Room(Members)
    items = Room(Items)
    merges = Room(Merges)
    ratings = Room(Ratings)
    votes = Room(Votes)
    deliveries = Room(Deliveries)
    memory = Room(Memory)
    history = Room(History)
    digests = Room(Digests)
    schedules = Room(Schedules)
    lists = Room(Lists)
    search = Room(Search)
    near = Room(Near)
    comments = Room(Comments)
    sources = Room(Sources)
    homes = Room(Homes)
    posts = Room(Posts)
    owned = Room(Ownership)
    checks = Room(Checks)
    pulses = Room(Pulses)
    asking = Room(Asking)

    def __init__(
        self,
        connection: Connection,
        organisation_id: str,
        new_id: Callable[[], str] = new_id,
        viewer: str = EVERYTHING,
    ) -> None:
        self.connection = connection
        self.organisation_id = organisation_id
        self.new_id = new_id
        self.viewer = viewer

    def seen_by(self, viewer: str) -> "Store":
        """The same memory, as far as a person sees it."""
        return Store(self.connection, self.organisation_id, self.new_id, viewer)

    @classmethod
    def kept(
        cls, connection: Connection, organisation_id: str, new_id: Callable[[], str], viewer: str
    ) -> "Store":
        """The same as an earlier one, with the rooms that are open: it holds nothing of a transaction."""
        whose = (organisation_id, viewer, new_id)
        store: Store | None = connection.stores.get(whose)
        if store is None:
            if len(connection.stores) >= MOST_KEPT:
                connection.stores.clear()
            store = connection.stores[whose] = cls(connection, organisation_id, new_id, viewer)
        return store
