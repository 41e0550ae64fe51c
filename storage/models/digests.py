"""When a channel gets its digest, and what it was told."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.models.base import only, within


class Schedule(SQLModel, table=True):
    """When a digest of a channel's maps comes: every `weeks` weeks, counted from the anchor's week.

    It comes to the channel, or in private to the person it names.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        within("places", "place_id"),
        Index(None, "organisation_id", "next_at", info=only("paused_at IS NULL AND off_at IS NULL")),
        Index(None, "organisation_id", "place_id"),
    )
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    place_id: str
    weekday: int  # Monday is 0
    at: str  # wall time, HH:MM
    zone: str
    weeks: int = 1
    anchor: date
    next_at: datetime
    paused_at: datetime | None = None  # as nothing can be posted there
    off_at: datetime | None = None  # somebody switched it off
    wanted_at: datetime | None = None  # somebody wants one now, beside those that are due
    person_id: str | None = None  # for them alone
    includes: str = "new rising disputed fixed stale gaps"
    mention_id: str | None = None  # a person who is called to it
    owner_id: str | None = None


class Slot(SQLModel, table=True):
    """One due moment of a schedule, by its wall time: it fires once."""

    __tablename__ = "slots"
    organisation_id: str = Field(primary_key=True)
    schedule_id: str = Field(primary_key=True)
    local: str = Field(primary_key=True)
    at: datetime
    card: str | None = None  # frozen; none on an empty week
    rest: str | None = None  # what stands in its thread, frozen


class SlotMap(SQLModel, table=True):
    """The revisions of one map that a slot's digest speaks of: (from, to]."""

    __tablename__ = "slot_maps"
    __table_args__ = (Index(None, "organisation_id", "schedule_id", "map_id", "to_revision"),)
    organisation_id: str = Field(primary_key=True)
    schedule_id: str = Field(primary_key=True)
    local: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    from_revision: int
    to_revision: int
