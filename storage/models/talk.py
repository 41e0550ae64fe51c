"""What is said around the items: the message that one was made from, and the replies to its card."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.models.base import within


class Source(SQLModel, table=True):
    """The message that an item was made from; its address is the item's `source_url`."""

    __tablename__ = "sources"
    __table_args__ = (
        within("items", "item_id"),
        Index(None, "organisation_id", "workspace_id", "channel", "message"),
    )
    organisation_id: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    workspace_id: str
    channel: str  # the platform's ids: any channel may be a source, also one that shows no map
    message: str
    added_at: datetime


class Comment(SQLModel, table=True):
    """A reply in the thread of an item's card, as it stands now; what was taken back stays without its words."""

    __tablename__ = "comments"
    __table_args__ = (
        within("items", "item_id"),
        within("places", "place_id"),
        Index(None, "organisation_id", "item_id", "external_id"),
        Index(None, "organisation_id", "person_id"),
    )
    organisation_id: str = Field(primary_key=True)
    place_id: str = Field(primary_key=True)
    external_id: str = Field(primary_key=True)  # the platform's own id, by which replies have their order
    item_id: str
    person_id: str | None = None
    text: str
    event_at: str  # of the platform's newest event about it, comparable as text
    removed: bool = False
