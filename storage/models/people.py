"""People, their accounts, and the places where they talk."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
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
    language: str = "en"
    work_from: str = "09:00"  # wall time in their zone
    work_until: str = "17:00"
    work_days: str = "01234"  # Monday is 0
    paused_until: datetime | None = None  # no question before then
    gone_at: datetime | None = None  # deactivated by the platform: named still, asked nothing
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


class Home(SQLModel, table=True):
    """Somebody opened the Home tab of their account: it is kept up to date from then on."""

    __tablename__ = "homes"
    __table_args__ = (within("accounts", "account_id"), Index(None, "opened_at"))
    organisation_id: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)
    opened_at: datetime
    seen: int = 0  # the sum of the maps' revisions when it was last looked through
    shown: str = ""  # a digest of what was last published


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


class Arrival(SQLModel, table=True):
    """Somebody came into a channel that shows a map, perhaps before they ever used us: they are welcomed once."""

    __tablename__ = "arrivals"
    __table_args__ = (within("places", "place_id"), Index(None, "organisation_id", "place_id", "at"))
    organisation_id: str = Field(primary_key=True)
    place_id: str = Field(primary_key=True)
    user: str = Field(primary_key=True)  # the platform's own id
    at: datetime
