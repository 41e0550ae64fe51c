"""The tables. Every table but the global ones leads with `organisation_id` in its keys and indexes.

Enumerations are stored as their strings; payloads (answers, cards, before and after) as JSON text with the
version of their shape beside them. Times are aware and in UTC.
"""

# The naming convention comes first: a table takes it when it is defined.
from storage.models.base import METADATA, aliased, lighten, unmap
from storage.models.chat import Delivery, Draft, Post, Seen
from storage.models.digests import Schedule, Slot, SlotMap
from storage.models.items import Change, Evidence, FormerNumber, Item, Link, Mark, Vote
from storage.models.maps import (
    Binding,
    Counter,
    FormerName,
    JourneyMap,
    MapMember,
    Persona,
    Stage,
    Touchpoint,
)
from storage.models.people import Account, Arrival, Home, Person, Place
from storage.models.search import Gram, Mention, Reading, Tally
from storage.models.talk import Comment, Source
from storage.models.tenants import Conversation, Due, Epoch, LinkCode, Organisation, Pause, Workspace
from storage.models.validation import Pass, Prompt, Pulse

lighten(METADATA)
unmap()

__all__ = [
    "METADATA",
    "Account",
    "Arrival",
    "Binding",
    "Change",
    "Comment",
    "Conversation",
    "Counter",
    "Delivery",
    "Draft",
    "Due",
    "Epoch",
    "Evidence",
    "FormerName",
    "FormerNumber",
    "Gram",
    "Home",
    "Item",
    "JourneyMap",
    "Link",
    "LinkCode",
    "MapMember",
    "Mark",
    "Mention",
    "Organisation",
    "Pass",
    "Pause",
    "Person",
    "Persona",
    "Place",
    "Post",
    "Prompt",
    "Pulse",
    "Reading",
    "Schedule",
    "Seen",
    "Slot",
    "SlotMap",
    "Source",
    "Stage",
    "Tally",
    "Touchpoint",
    "Vote",
    "Workspace",
    "aliased",
]
