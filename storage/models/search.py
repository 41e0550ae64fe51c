"""What search looks through: the words of each item, the spellings of each word, and what is on each stage."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from storage.models.base import within


class Mention(SQLModel, table=True):
    """An item of a map says this word, in its text or in the names beside it."""

    __tablename__ = "mentions"
    __table_args__ = (within("items", "item_id"), Index(None, "organisation_id", "item_id"))
    organisation_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    word: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)


class Gram(SQLModel, table=True):
    """Three letters of a word that some item says, by which a misspelled one is found."""

    __tablename__ = "grams"
    organisation_id: str = Field(primary_key=True, foreign_key="organisations.id")
    gram: str = Field(primary_key=True)
    word: str = Field(primary_key=True)


class Reading(SQLModel, table=True):
    """Up to which revision a map's changes were read into mentions."""

    __tablename__ = "readings"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "map_id"], ["maps.organisation_id", "maps.id"]),
    )
    organisation_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    revision: int


class Tally(SQLModel, table=True):
    """How many open items of one sort a stage has; triggers on `items` keep it, whoever writes them."""

    __tablename__ = "tallies"
    organisation_id: str = Field(primary_key=True)
    map_id: str = Field(primary_key=True)
    stage_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    severity: str = Field(primary_key=True)  # empty where the kind has none
    trust: str = Field(primary_key=True)
    items: int
    newest_at: datetime  # when the last one was logged, open or not
