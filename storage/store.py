"""The memory of one organisation: there is no way to ask it for another's rows."""

from collections.abc import Callable
from functools import cached_property

from storage.connection import Connection
from storage.database import new_id
from storage.deliveries import Deliveries
from storage.digests import Digests
from storage.items import Items
from storage.maps import Maps
from storage.memory import History, Memory
from storage.people import People, Places
from storage.votes import Votes


class Store:
    """A room of queries per noun, all for one organisation, all in one transaction."""

    def __init__(
        self, connection: Connection, organisation_id: str, new_id: Callable[[], str] = new_id
    ) -> None:
        self.connection = connection
        self.organisation_id = organisation_id
        self.new_id = new_id

    @cached_property
    def people(self) -> People:
        return People(self.connection, self.organisation_id)

    @cached_property
    def places(self) -> Places:
        return Places(self.connection, self.organisation_id)

    @cached_property
    def maps(self) -> Maps:
        return Maps(self.connection, self.organisation_id)

    @cached_property
    def items(self) -> Items:
        return Items(self.connection, self.organisation_id)

    @cached_property
    def votes(self) -> Votes:
        return Votes(self.connection, self.organisation_id)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.connection, self.organisation_id)

    @cached_property
    def memory(self) -> Memory:
        return Memory(self.connection, self.organisation_id)

    @cached_property
    def history(self) -> History:
        return History(self.connection, self.organisation_id)

    @cached_property
    def digests(self) -> Digests:
        return Digests(self.connection, self.organisation_id)
