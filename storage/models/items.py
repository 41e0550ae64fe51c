"""Items, what speaks for them, who voted on them, and the history of every change."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.base import only, within

_OPEN = "removed_at IS NULL AND resolved_at IS NULL"
_WORDY = f"{_OPEN} AND gist IS NOT NULL"
_CLOSED = "removed_at IS NULL AND resolved_at IS NOT NULL"
DOUBTED = "trust IN ('disputed', 'stale')"
# What most items are not: a list of these looks through them alone.
RARE = {
    "severity": "severity IN ('abandon', 'trivial')",
    "status": "status NOT IN ('open', 'new')",
    "trust": "trust <> 'hypothesis'",
}
_CONFIRMED = "removed_at IS NULL AND confirmed_at IS NOT NULL"
# Quotes alone have one. Did it say `kind = 'quote'`, SQLite would plan every question for `kind = ?` anew each time
# it is asked, to see whether this index serves now.
_FELT = f"sentiment IS NOT NULL AND {_OPEN}"
_TO_CHECK = "removed_at IS NULL AND check_at IS NOT NULL"
_RATED = f"{_OPEN} AND value IS NOT NULL AND effort IS NOT NULL"


TOLD = "what NOT IN ('voted', 'unvoted', 'logged', 'followed')"


def _only(condition: str, name: str, *columns: str) -> Index:
    """An index of those items alone."""
    return Index(name, "organisation_id", *columns, info=only(condition))


class Item(SQLModel, table=True):
    """A pain, an idea, a quote or a gain, numbered within its map. Columns of other kinds stay empty."""

    __tablename__ = "items"
    __table_args__ = (
        # On a stage of its own map: one question to ask for each item that is written.
        ForeignKeyConstraint(
            ["organisation_id", "map_id", "stage_id"],
            ["stages.organisation_id", "stages.map_id", "stages.id"],
        ),
        UniqueConstraint("organisation_id", "map_id", "kind", "number"),
        # Only forms have one: a line that is typed is not written into this index.
        Index(
            "uq_items_form_token",
            "organisation_id",
            "form_token",
            unique=True,
            info=only("form_token IS NOT NULL"),
        ),
        _only(_OPEN, "ix_items_top", "map_id", "kind", "votes", "number"),
        _only(_OPEN, "ix_items_stage", "map_id", "stage_id", "kind", "votes", "number"),
        _only(_WORDY, "ix_items_gist", "map_id", "kind", "gist", "stage_id"),
        _only(_CLOSED, "ix_items_closed", "map_id", "status", "resolved_at"),
        _only(_CONFIRMED, "ix_items_confirmed", "map_id", "stage_id", "confirmed_at"),
        _only(_FELT, "ix_items_felt", "stage_id", "created_at"),
        _only(_TO_CHECK, "ix_items_check", "check_at"),
        _only(f"{_OPEN} AND {DOUBTED}", "ix_items_doubted", "author_id", "trust", "id"),
        *(
            _only(f"{_OPEN} AND {rare}", f"ix_items_{name}", "map_id", "kind", name, "votes", "number")
            for name, rare in RARE.items()
        ),
        _only("owner_id IS NOT NULL", "ix_items_owned", "owner_id", "id"),
        _only(_RATED, "ix_items_rated", "map_id", "kind", "value", "effort", "votes", "number"),
        _only("root_id IS NOT NULL", "ix_items_merged", "root_id"),
        Index(None, "organisation_id", "author_id", "id"),
    )
    organisation_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    map_id: str
    kind: str
    number: int
    stage_id: str
    text: str
    gist: str | None = None  # its two longest words, by which nearly the same is found
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
    comments: int = 0
    revision: int = 0  # of the map, when this item last changed
    form_token: str | None = None
    created_at: datetime
    confirmed_at: datetime | None = None
    check_at: datetime | None = (
        None  # when the clock next looks at it: to ask whether it is still true, or still fixed
    )
    stale_at: datetime | None = None  # if nobody says so before
    round: int = 0  # of asking: what people answer counts together within one
    resolved_at: datetime | None = None
    removed_at: datetime | None = None  # off the map: removed, undone, or merged into another
    merged_into: str | None = None
    root_id: str | None = (
        None  # what counts for a merged one: where it went, however often that was merged again
    )


class FormerNumber(SQLModel, table=True):
    """What an item was called before its kind changed: it is still found by it, and gets it back."""

    __tablename__ = "former_numbers"
    __table_args__ = (within("items", "item_id"), Index(None, "organisation_id", "item_id"))
    organisation_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    item_id: str


class Link(SQLModel, table=True):
    """An item's tie to another (an idea answers a pain) or to a page (recording, ticket, document)."""

    __tablename__ = "links"
    __table_args__ = (
        within("items", "item_id"),
        Index(None, "organisation_id", "item_id"),
        Index(None, "organisation_id", "other_id"),
    )
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
    __table_args__ = (within("items", "item_id"), Index(None, "organisation_id", "quote_id"))
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
    """An account's vote on an item: by the button, by any of its reactions, or both.

    It never moves: where the item is merged, it counts for the root, each person once.
    """

    __tablename__ = "votes"
    __table_args__ = (within("items", "item_id"), Index(None, "organisation_id", "root_id", "person_id"))
    organisation_id: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)
    root_id: str  # the item that it counts for: this one, or the one this was merged into
    person_id: str
    by_button: bool
    active: bool
    at: datetime


class Change(SQLModel, table=True):
    """The history: who changed what on a map, and when, by the map's revision."""

    __tablename__ = "changes"
    # Votes and beginnings are most of the history, and nobody reads them one by one.
    __table_args__ = (_only(TOLD, "ix_changes_told", "map_id", "subject_id", "revision"),)
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
    votes: int | None = None  # what a merge, or its undoing, changed the count by
    version: int = 1
