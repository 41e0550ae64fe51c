"""Maps and what belongs to their shape."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.base import only, within


class JourneyMap(SQLModel, table=True):
    """A journey map; its stages, items and history are found by its id."""

    __tablename__ = "maps"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slug"),
        within("people", "owner_id"),
        Index(None, "organisation_id", "look_at"),
    )
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    id: str = Field(primary_key=True)
    slug: str
    name: str
    kind: str
    persona_id: str | None = None
    scenario: str = ""
    goal: str = ""
    owner_id: str | None = None
    private: bool = False  # shows itself to its members only
    created_at: datetime
    archived_at: datetime | None = None
    look_at: datetime | None = None  # when the clock next looks for quiet stages and takes a pulse


class MapMember(SQLModel, table=True):
    """Somebody who sees a private map: as they were named, or as they are in a channel that shows it (`place_id`)."""

    __tablename__ = "map_members"
    __table_args__ = (
        within("maps", "map_id"),
        within("people", "person_id"),
        Index(None, "organisation_id", "person_id"),
    )
    organisation_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    place_id: str = Field(primary_key=True, default="")  # none: named
    added_by: str | None = None
    added_at: datetime


class Persona(SQLModel, table=True):
    """Who travels: name, who they are, what they want."""

    __tablename__ = "personas"
    __table_args__ = (within("maps", "map_id"), Index(None, "organisation_id", "map_id"))
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    map_id: str
    name: str
    about: str = ""
    wants: str = ""


class Counter(SQLModel, table=True):
    """The numbers of one map: its revision and the last number of each kind. Its row is the map's lock."""

    __tablename__ = "counters"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "map_id"], ["maps.organisation_id", "maps.id"]),
    )
    organisation_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    revision: int = 0
    last_at: datetime
    cards_until: datetime | None = None  # until then turns are given out to cards of new items
    pain: int = 0
    idea: int = 0
    quote: int = 0
    gain: int = 0


class Binding(SQLModel, table=True):
    """A channel shows and feeds a map."""

    __tablename__ = "bindings"
    __table_args__ = (
        within("places", "place_id"),
        within("maps", "map_id"),
        Index(None, "organisation_id", "map_id"),
    )
    organisation_id: str = Field(primary_key=True)
    place_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    noise: str = "every"  # card, or those with `from_votes` votes and more ("votes"), or "digest" only
    from_votes: int = 0
    default_stage_id: str | None = None
    capture: str = "world_map"  # the reaction that adds a message to the map; empty: none does
    from_revision: int = 0
    bound_by: str | None = None
    bound_at: datetime


class Stage(SQLModel, table=True):
    """A named step of the journey, in the order of `position`."""

    __tablename__ = "stages"
    __table_args__ = (
        within("maps", "map_id"),
        UniqueConstraint("organisation_id", "map_id", "id"),  # for the items' foreign key
        Index(
            "uq_stages_living_slug",
            "organisation_id",
            "map_id",
            "slug",
            unique=True,
            info=only("retired_at IS NULL"),
        ),
    )
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    map_id: str
    slug: str
    name: str
    position: int
    customer_goal: str = ""
    part: str = ""  # before, during or after
    actions: str = ""  # a line each
    thoughts: str = ""  # a line each
    owner_id: str | None = None
    moment_of_truth: bool = False
    quiet_at: datetime | None = None  # since then the clock knows that nothing was heard of it for long
    retired_at: datetime | None = None
    retired_revision: int | None = None  # of the map: the change that retired or merged it
    merged_into: str | None = None  # where its items went


class FormerName(SQLModel, table=True):
    """What a map or a stage was called before: people go on writing it. `subject_id` is the map's or the stage's."""

    __tablename__ = "former_names"
    __table_args__ = (within("maps", "map_id"), Index(None, "organisation_id", "slug"))
    organisation_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    subject_id: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    name: str
    at: datetime


class Touchpoint(SQLModel, table=True):
    """Where customer and company meet on a stage, and over which channel."""

    __tablename__ = "touchpoints"
    __table_args__ = (within("stages", "stage_id"), Index(None, "organisation_id", "stage_id", "position"))
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    stage_id: str
    position: int
    name: str
    channel: str = ""
