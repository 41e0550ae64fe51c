"""The memory of one organisation: there is no way to ask it for another's rows."""

from collections.abc import Callable

from storage.asking import Asking
from storage.bindings import Bindings
from storage.checks import Checks
from storage.connection import Connection
from storage.database import new_id
from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.homes import Homes
from storage.items import Items
from storage.lists import Lists
from storage.maps import Maps
from storage.memory import History, Memory
from storage.merges import Merges
from storage.moving import Moving
from storage.near import Near
from storage.owned import Ownership
from storage.people import People, Places
from storage.posts import Posts
from storage.pulses import Pulses
from storage.reshaping import Reshaping
from storage.schedules import Schedules
from storage.search import Search
from storage.sources import Sources
from storage.stages import Stages
from storage.votes import Votes


class Store:
    """A room of queries per noun, all for one organisation, all in one transaction."""

    def __init__(
        self, connection: Connection, organisation_id: str, new_id: Callable[[], str] = new_id
    ) -> None:
        self.connection = connection
        self.organisation_id = organisation_id
        self.new_id = new_id
        self.people = People(connection, organisation_id)
        self.places = Places(connection, organisation_id)
        self.maps = Maps(connection, organisation_id)
        self.reshaping = Reshaping(connection, organisation_id)
        self.stages = Stages(connection, organisation_id)
        self.moving = Moving(connection, organisation_id)
        self.bindings = Bindings(connection, organisation_id)
        self.items = Items(connection, organisation_id)
        self.merges = Merges(connection, organisation_id)
        self.votes = Votes(connection, organisation_id)
        self.deliveries = Deliveries(connection, organisation_id)
        self.memory = Memory(connection, organisation_id)
        self.history = History(connection, organisation_id)
        self.digests = Digests(connection, organisation_id)
        self.schedules = Schedules(connection, organisation_id)
        self.lists = Lists(connection, organisation_id)
        self.search = Search(connection, organisation_id)
        self.near = Near(connection, organisation_id)
        self.sources = Sources(connection, organisation_id)
        self.homes = Homes(connection, organisation_id)
        self.posts = Posts(connection, organisation_id)
        self.owned = Ownership(connection, organisation_id)
        self.checks = Checks(connection, organisation_id)
        self.pulses = Pulses(connection, organisation_id)
        self.asking = Asking(connection, organisation_id)
