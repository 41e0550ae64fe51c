"""The memory of one organisation, as far as one viewer sees it: there is no way to ask it for other rows."""

from collections.abc import Callable
from typing import Any

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


class Store:
    """A room of queries per noun, all for one organisation and one viewer, all in one transaction."""

    people: People
    places: Places
    maps: Maps
    reshaping: Reshaping
    stages: Stages
    moving: Moving
    bindings: Bindings
    members: Members
    items: Items
    merges: Merges
    ratings: Ratings
    votes: Votes
    deliveries: Deliveries
    memory: Memory
    history: History
    digests: Digests
    schedules: Schedules
    lists: Lists
    search: Search
    near: Near
    comments: Comments
    sources: Sources
    homes: Homes
    posts: Posts
    owned: Ownership
    checks: Checks
    pulses: Pulses
    asking: Asking

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

    def __getattr__(self, name: str) -> Any:
        """A room is opened when it is first entered: a request needs a few of them."""
        room = _ROOMS.get(name)
        if room is None:
            raise AttributeError(name)
        opened = room(self.connection, self.organisation_id, self.viewer)
        setattr(self, name, opened)
        return opened


_ROOMS: dict[str, Callable[[Connection, str, str], Any]] = Store.__annotations__
