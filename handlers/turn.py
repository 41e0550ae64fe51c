"""One request being carried out: who asks, where, and the store in which it happens."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, NamedTuple

from handlers.errors import Missing, Refusal
from handlers.kinds import Role
from handlers.request import Request
from handlers.text import Text, theirs
from handlers.words import say
from storage.callers import BoundMap, StageHere
from storage.models import Item, JourneyMap
from storage.near import Candidate
from storage.noting import Heard
from storage.store import Store


class Who(NamedTuple):
    """The person behind a request."""

    id: str
    account_id: str
    name: str
    role: Role
    zone: str | None


class Here(NamedTuple):
    """A living map that the place shows."""

    id: str
    slug: str
    name: str
    owner_id: str | None
    default_stage_id: str | None


class Turn:
    """Everything that a handler may look at; it answers, and what it wrote is committed with its answer."""

    def __init__(
        self,
        store: Store,
        request: Request,
        now: datetime,
        who: Who,
        workspace_id: str,
        place: list[BoundMap],
        stages: Mapping[str, tuple[StageHere, ...]],
        vote_emoji: frozenset[str],
    ) -> None:
        self.store = store
        self.request = request
        self.now = now
        self.who = who
        self.workspace_id = workspace_id
        self.vote_emoji = vote_emoji
        self.half_lives = ""  # the organisation's own
        self.paced = True  # new cards leave as fast as a channel likes it
        # Gists that were asked for with the request, and what was found.
        self.near: tuple[frozenset[str], list[Candidate]] = frozenset(), []
        here = place[0] if place else None
        self.place_id = here.place_id if here else None
        self.place_private = here.private if here else None  # unknown where nothing is remembered of it
        self.place_name = here.place_name if here else ""
        self.place_gone = here is not None and here.gone_why is not None
        self._place = place
        self.maps = tuple(
            [
                Here(row.map_id, row.slug or "", row.map_name or "", row.owner_id, row.default_stage_id)
                for row in place
                if row.map_id
            ]
        )
        self.heard: Heard | None = None  # of a vote by reaction: what came of asking ahead
        self._stages = stages
        self._draft_id = ""

    @property
    def captures(self) -> set[str]:
        """The emoji by which messages here become items."""
        return {row.capture for row in self._place if row.map_id and row.capture}

    def stage_names(self, map_id: str) -> Sequence[Any]:
        """Id, slug and name of the map's living stages in their order."""
        return self._stages.get(map_id) or self.store.maps.stage_names(map_id)

    @property
    def draft_id(self) -> str:
        """Under this id the request is kept if it is refused with its words."""
        if not self._draft_id:
            self._draft_id = self.store.new_id()
        return self._draft_id

    def about(self, request: Request) -> "Turn":
        """The same turn, carrying out another request: a kept one, or one with other values."""
        turn = copy(self)
        turn.request, turn._draft_id = request, self.draft_id
        return turn

    def may(self, role: Role) -> bool:
        """Is the person's role enough?"""
        return self.who.role.covers(role)

    def may_edit(self, journey: JourneyMap | Here) -> bool:
        """Editors may, and the owner of the map."""
        return self.may(Role.EDITOR) or self.who.id == journey.owner_id

    def may_change(self, item: Item, map_owner_id: str | None) -> bool:
        """Editors, the map's owner, the item's author and its owner may."""
        return self.may(Role.EDITOR) or self.who.id in {map_owner_id, item.author_id, item.owner_id} - {None}

    def refuse_right(self, who: Text) -> Refusal:
        """The refusal of somebody who may see but not change."""
        return Refusal(say("not allowed", who=who, admins=self.admins()))

    def need_edit(self, journey: JourneyMap | Here) -> None:
        """Raises Refusal for somebody who may not change the map; it names whom to ask."""
        if self.may_edit(journey):
            return
        owner = self.store.people.get(journey.owner_id) if journey.owner_id else None
        if owner is None:
            raise self.refuse_right(say("who editors"))
        raise Refusal(say("not allowed map", owner=theirs(owner.name)))

    def admins(self) -> Text:
        """Whom to ask for a right."""
        names = [person.name for person in self.store.people.admins()]
        return theirs(names[0]) if names else say("an admin")

    def need_place(self) -> None:
        """Asks the platform for the channel's facts, unless they are here."""
        if self.request.place is None and (self.request.spot is None or self.request.spot.private is None):
            raise Missing("place")

    def remembered_place(self) -> str:
        """The id of this place's row, made where it is new; raises Missing while its facts are unknown."""
        if self.place_id is not None:
            return self.place_id
        spot, facts = self.request.spot, self.request.place
        if spot is None or spot.direct:
            raise Refusal(say("not here"))
        self.need_place()
        self.place_id = self.store.places.remember(
            self.store.new_id(),
            self.workspace_id,
            spot.channel,
            facts.name if facts else spot.name,
            private=facts.private if facts else bool(spot.private),
            at=self.now,
        )
        return self.place_id
