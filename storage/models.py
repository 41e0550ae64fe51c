"""The tables. Every table but the global ones leads with `organisation_id` in its keys and indexes.

Enumerations are stored as their strings; payloads (answers, cards, before and after) as JSON text with the
version of their shape beside them. Times are aware and in UTC.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _within(table: str, *columns: str) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the organisation."""
    return ForeignKeyConstraint(["organisation_id", *columns], [f"{table}.organisation_id", f"{table}.id"])


# --- global tables -------------------------------------------------------------------------------------------


class Organisation(SQLModel, table=True):
    """Owns maps and people; one or more chat workspaces feed it."""

    __tablename__ = "organisations"
    id: str = Field(primary_key=True)
    name: str
    vote_emoji: str  # names, separated by spaces
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
    created_at: datetime


class Due(SQLModel, table=True):
    """The one cross-tenant table of the clock: which organisation has something due, and who is at it."""

    __tablename__ = "due"
    __table_args__ = (Index(None, "next_at"),)
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    next_at: datetime
    leased_until: datetime | None = None


class Pause(SQLModel, table=True):
    """A platform asked us to wait: no replica calls this method of this workspace before `until`."""

    __tablename__ = "pauses"
    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    method: str = Field(primary_key=True)
    until: datetime


# --- people and places ---------------------------------------------------------------------------------------


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
        _within("people", "person_id"),
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


# --- the map -------------------------------------------------------------------------------------------------


class JourneyMap(SQLModel, table=True):
    """A journey map; its stages, items and history are found by its id."""

    __tablename__ = "maps"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"), _within("people", "owner_id"))
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    id: str = Field(primary_key=True)
    slug: str
    name: str
    kind: str
    persona_id: str | None = None
    scenario: str = ""
    goal: str = ""
    owner_id: str | None = None
    created_at: datetime
    archived_at: datetime | None = None


class Persona(SQLModel, table=True):
    """Who travels: name, who they are, what they want."""

    __tablename__ = "personas"
    __table_args__ = (_within("maps", "map_id"), Index(None, "organisation_id", "map_id"))
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
    pain: int = 0
    idea: int = 0
    quote: int = 0
    gain: int = 0


class Binding(SQLModel, table=True):
    """A channel shows and feeds a map."""

    __tablename__ = "bindings"
    __table_args__ = (
        _within("places", "place_id"),
        _within("maps", "map_id"),
        Index(None, "organisation_id", "map_id"),
    )
    organisation_id: str = Field(primary_key=True)
    place_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    noise: str = "every"
    default_stage_id: str | None = None
    from_revision: int = 0
    bound_by: str | None = None
    bound_at: datetime


class Stage(SQLModel, table=True):
    """A named step of the journey, in the order of `position`."""

    __tablename__ = "stages"
    __table_args__ = (
        _within("maps", "map_id"),
        Index(
            "uq_stages_living_slug",
            "organisation_id",
            "map_id",
            "slug",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
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
    retired_at: datetime | None = None


class Touchpoint(SQLModel, table=True):
    """Where customer and company meet on a stage, and over which channel."""

    __tablename__ = "touchpoints"
    __table_args__ = (_within("stages", "stage_id"), Index(None, "organisation_id", "stage_id", "position"))
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    stage_id: str
    position: int
    name: str
    channel: str = ""


# --- items ---------------------------------------------------------------------------------------------------


class Item(SQLModel, table=True):
    """A pain, an idea, a quote or a gain, numbered within its map. Columns of other kinds stay empty."""

    __tablename__ = "items"
    __table_args__ = (
        _within("maps", "map_id"),
        _within("stages", "stage_id"),
        UniqueConstraint("organisation_id", "map_id", "kind", "number"),
        UniqueConstraint("organisation_id", "form_token"),
        Index(None, "organisation_id", "map_id", "stage_id", "kind", "status"),
        Index(
            "ix_items_top",
            "organisation_id",
            "map_id",
            "votes",
            "number",
            sqlite_where=text("removed_at IS NULL AND resolved_at IS NULL"),
            postgresql_where=text("removed_at IS NULL AND resolved_at IS NULL"),
        ),
        Index(None, "organisation_id", "owner_id"),
    )
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    map_id: str
    kind: str
    number: int
    stage_id: str
    text: str
    status: str
    trust: str
    severity: str | None = None
    reach: int | None = None  # customers who meet it: an estimate
    reach_source: str | None = None
    touchpoint: str | None = None
    persona_id: str | None = None
    value: int | None = None  # 1 to 5
    effort: int | None = None  # 1 to 5
    owner_id: str | None = None
    due_on: date | None = None
    reason: str | None = None  # why declined
    speaker: str | None = None
    speaker_account: str | None = None
    speaker_role: str | None = None
    sentiment: int | None = None  # -2 to +2
    author_id: str | None = None  # nobody: anonymous
    source_place_id: str | None = None
    source_url: str | None = None
    votes: int = 0
    evidence: int = 0
    revision: int = 0  # of the map, when this item last changed
    form_token: str | None = None
    created_at: datetime
    confirmed_at: datetime | None = None
    resolved_at: datetime | None = None
    removed_at: datetime | None = None


class Link(SQLModel, table=True):
    """An item's tie to another (an idea answers a pain) or to a page (recording, ticket, document)."""

    __tablename__ = "links"
    __table_args__ = (_within("items", "item_id"), Index(None, "organisation_id", "item_id"))
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    item_id: str
    kind: str
    other_id: str | None = None
    url: str | None = None
    created_at: datetime


class Evidence(SQLModel, table=True):
    """A quote that speaks for a pain or an idea."""

    __tablename__ = "evidence"
    __table_args__ = (_within("items", "item_id"), Index(None, "organisation_id", "quote_id"))
    organisation_id: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    quote_id: str = Field(primary_key=True)
    added_by: str | None = None
    added_at: datetime


class Mark(SQLModel, table=True):
    """One raw emoji of one account on one message, the newest event winning; it may wait for our post's id."""

    __tablename__ = "marks"
    organisation_id: str = Field(primary_key=True)
    workspace_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)  # the platform's ids, as the post may not be known yet
    message: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    emoji: str = Field(primary_key=True)
    event_at: str  # the platform's event time, comparable as text
    active: bool


class Vote(SQLModel, table=True):
    """An account's vote on an item: by the button, by any of its reactions, or both."""

    __tablename__ = "votes"
    __table_args__ = (_within("items", "item_id"), Index(None, "organisation_id", "item_id", "person_id"))
    organisation_id: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)
    person_id: str
    by_button: bool
    active: bool
    at: datetime


class Change(SQLModel, table=True):
    """The history: who changed what on a map, and when, by the map's revision."""

    __tablename__ = "changes"
    organisation_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    at: datetime
    actor_id: str | None = None
    what: str
    subject: str
    subject_id: str
    before: str | None = None
    after: str | None = None
    version: int = 1


# --- chat ----------------------------------------------------------------------------------------------------


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
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_deliveries_next",
            "priority",
            "not_before",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_deliveries_leased",
            "leased_until",
            sqlite_where=text("state IN ('leased', 'sending')"),
            postgresql_where=text("state IN ('leased', 'sending')"),
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


# --- the digest ----------------------------------------------------------------------------------------------


class Schedule(SQLModel, table=True):
    """When a channel gets its digest: every `weeks` weeks, counted from the anchor's week."""

    __tablename__ = "schedules"
    __table_args__ = (
        _within("places", "place_id"),
        Index(None, "organisation_id", "next_at"),
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
    paused_at: datetime | None = None
    owner_id: str | None = None


class Slot(SQLModel, table=True):
    """One due moment of a schedule, by its wall time: it fires once."""

    __tablename__ = "slots"
    organisation_id: str = Field(primary_key=True)
    schedule_id: str = Field(primary_key=True)
    local: str = Field(primary_key=True)
    at: datetime
    card: str | None = None  # frozen; none on an empty week


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
