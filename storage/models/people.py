"""People, their accounts, and the places where they talk."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.base import within


class Person(SQLModel, table=True):
    """Somebody of the organisation, whatever accounts they have."""

    __tablename__ = "people"
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    id: str = Field(primary_key=True)
    name: str
    role: str
    zone: str | None = None
    team: str | None = None
    profile_at: datetime | None = None
    created_at: datetime


class Account(SQLModel, table=True):
    """A person's identity on one platform."""

    __tablename__ = "accounts"
    __table_args__ = (
        within("people", "person_id"),
        UniqueConstraint("organisation_id", "workspace_id", "external_id"),
    )
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id")
    external_id: str
    person_id: str


class Place(SQLModel, table=True):
    """A channel, group or direct message on one platform."""

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("organisation_id", "workspace_id", "external_id"),)
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id")
    external_id: str
    name: str
    private: bool = False
    gone_why: str | None = None  # archived, deleted or without us: nothing is sent there
    created_at: datetime
