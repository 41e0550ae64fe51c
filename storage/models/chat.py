"""Messages of ours, what is queued to be sent, and what makes a request count once."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.base import only


class Post(SQLModel, table=True):
    """A message of ours: the projection of a subject, redrawn where `shown` is behind the subject's revision."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("organisation_id", "place_id", "external_id"),
        Index(None, "organisation_id", "subject_id"),
    )
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    place_id: str
    external_id: str
    subject: str
    subject_id: str
    shown: int
    created_at: datetime


class Delivery(SQLModel, table=True):
    """Something to be sent, queued with the change that caused it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "uq_deliveries_waiting_key",
            "organisation_id",
            "key",
            unique=True,
            info=only("state = 'waiting'"),
        ),
        Index(
            "ix_deliveries_next",
            "priority",
            "not_before",
            "id",  # as rows are claimed in this order, a claim reads no more of them than it takes
            info=only("state = 'waiting'"),
        ),
        Index(
            "ix_deliveries_leased",
            "leased_until",
            info=only("state IN ('leased', 'sending')"),
        ),
    )
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    workspace_id: str
    kind: str
    method: str  # what it asks of the platform, for pacing and pauses: post, update, join or ask
    key: str
    place_id: str | None = None
    person_id: str | None = None
    subject_id: str | None = None
    payload: str | None = None
    thread: str | None = None  # the platform's id of the message under which it belongs
    priority: int
    not_before: datetime
    expires_at: datetime | None = None
    state: str = "waiting"
    attempts: int = 0
    leased_until: datetime | None = None
    error: str | None = None


class Seen(SQLModel, table=True):
    """A request that was carried out, and the answer it got."""

    __tablename__ = "seen"
    __table_args__ = (Index(None, "organisation_id", "at"),)
    organisation_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime
    answer: str


class Draft(SQLModel, table=True):
    """What a person typed and we could not take yet."""

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "organisation_id", "at"),)
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    person_id: str
    request: str
    at: datetime
