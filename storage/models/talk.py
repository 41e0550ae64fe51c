"""What is said around the items: the message that one was made from."""

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
