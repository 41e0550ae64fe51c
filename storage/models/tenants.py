"""Organisations and their workspaces, and what the clock and the platforms ask of all of them."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.base import only


class Organisation(SQLModel, table=True):
    """Owns maps and people; one or more chat workspaces feed it."""

    __tablename__ = "organisations"
    id: str = Field(primary_key=True)
    name: str
    vote_emoji: str  # names, separated by spaces
    half_lives: str = ""  # where they are not the usual ones: "abandon=30 trivial=90", in days
    private_maps: int = 0  # how many there are: where there are none, nobody asks who may see them
    all_open: bool = False  # no map becomes private from now on
    created_at: datetime


class Workspace(SQLModel, table=True):
    """A Slack team or a Teams tenant."""

    __tablename__ = "workspaces"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)
    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.id", index=True)
    platform: str
    external_id: str
    name: str
    bot_user: str | None = None
    stopped_at: datetime | None = None  # uninstalled or revoked: nothing is sent there
    stopped_why: str | None = None
    heard_at: datetime | None = None  # until then nothing of it was missed, as far as we know
    digests_until: datetime | None = None  # until then the turns to post digests there are given out
    created_at: datetime


class Due(SQLModel, table=True):
    """The one cross-tenant table of the clock: which organisation has something due, and who is at it."""

    __tablename__ = "due"
    __table_args__ = (Index(None, "next_at"), Index(None, "claim", info=only("claim IS NOT NULL")))
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    next_at: datetime
    leased_until: datetime | None = None
    claim: str | None = None  # by which a worker took it, with others


class Pause(SQLModel, table=True):
    """A platform asked us to wait: no replica calls this method of this workspace before `until`."""

    __tablename__ = "pauses"
    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    method: str = Field(primary_key=True)
    until: datetime


class Conversation(SQLModel, table=True):
    """How somebody or a channel of Teams is reached: what came with the last activity from there."""

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "tenant", "team"),)
    tenant: str = Field(primary_key=True)
    external_id: str = Field(primary_key=True)  # of the person or the channel
    service_url: str
    conversation: str = ""  # of a person the personal chat, where it was seen
    user: str = ""  # of a person the id under which Teams begins a chat
    team: str = ""  # of a channel
    name: str = ""
    zone: str = ""
    at: datetime


class Epoch(SQLModel, table=True):
    """One row, counted up with every change of what processes keep in memory; PostgreSQL's alone (storage/kept.py)."""

    __tablename__ = "epochs"
    id: int = Field(primary_key=True)
    number: int


class LinkCode(SQLModel, table=True):
    """A code by which, once, another workspace joins an organisation, or another account its person."""

    __tablename__ = "link_codes"
    id: str = Field(primary_key=True)  # the part of the code by which it is found
    organisation_id: str = Field(foreign_key="organisations.id", index=True)
    person_id: str
    joins: str  # organisation or person
    hash: str
    expires_at: datetime
    tries: int = 0
    used_at: datetime | None = None
