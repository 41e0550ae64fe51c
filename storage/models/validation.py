"""Whether things are still true: who was asked, what they said, how stages feel, and how long a word holds."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.models.base import within


class Prompt(SQLModel, table=True):
    """A person's part in one round of an item: asked by us or answered unasked, once for each round."""

    __tablename__ = "prompts"
    __table_args__ = (
        within("items", "item_id"),
        Index(None, "organisation_id", "person_id", "asked_at"),
        Index(None, "organisation_id", "bundle"),
    )
    organisation_id: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    round: int = Field(primary_key=True)
    bundle: str | None = None  # the message that asked; none where nobody did
    asked_at: datetime | None = None
    answer: str | None = None
    answered_at: datetime | None = None


class Pass(SQLModel, table=True):
    """Not my area: the person is not asked about that stage."""

    __tablename__ = "passes"
    __table_args__ = (within("stages", "stage_id"),)
    organisation_id: str = Field(primary_key=True)
    stage_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    at: datetime


class Pulse(SQLModel, table=True):
    """How a stage feels to a person in one week, -2 to +2; `week` is its Monday."""

    __tablename__ = "pulses"
    __table_args__ = (within("stages", "stage_id"),)
    organisation_id: str = Field(primary_key=True)
    stage_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    week: date = Field(primary_key=True)
    value: int
    at: datetime


class HalfLife(SQLModel, table=True):
    """For how many days a word holds, where the organisation has its own wish; `what` is a severity or `other`."""

    __tablename__ = "half_lives"
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    what: str = Field(primary_key=True)
    days: int
