"""The closed sets of the product, and the marks by which they are known everywhere."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What an item is."""

    PAIN = "pain"
    IDEA = "idea"
    QUOTE = "quote"
    GAIN = "gain"


class Severity(StrEnum):
    """Does a pain stop the journey?"""

    TRIVIAL = "trivial"
    WORKAROUND = "workaround"
    ABANDON = "abandon"


class Status(StrEnum):
    """Where an item stands. Pains, quotes and gains are open or resolved; ideas go their own way."""

    OPEN = "open"
    RESOLVED = "resolved"
    NEW = "new"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    SHIPPED = "shipped"
    DECLINED = "declined"


class Trust(StrEnum):
    """Can this be believed today?"""

    HYPOTHESIS = "hypothesis"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    STALE = "stale"
    RESOLVED = "resolved"


class Noise(StrEnum):
    """Which cards a channel gets: each as it is logged, those with enough votes, or none."""

    EVERY = "every"
    VOTES = "votes"
    DIGEST = "digest"


class Role(StrEnum):
    """What a person may do: each role may do what the ones before it may."""

    VIEWER = "viewer"
    MEMBER = "member"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, needed: "Role") -> bool:
        """Is this role enough where that one is needed?"""
        return _RANK[self] >= _RANK[needed]


_RANK = {role: rank for rank, role in enumerate(Role)}

# By what is stored: to look there takes a tenth of the time of calling the class.
KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
ROLES: Mapping[str, Role] = {role.value: role for role in Role}

MAP_KINDS = ("current state", "future state", "day in the life", "service blueprint")
USUAL_SEVERITY = Severity.WORKAROUND.value
IDEA_STATUSES = (Status.NEW, Status.PLANNED, Status.IN_PROGRESS, Status.SHIPPED, Status.DECLINED)
CLOSED = (Status.RESOLVED, Status.SHIPPED, Status.DECLINED)

SEVERITY_MARK = {Severity.ABANDON: "🔴", Severity.WORKAROUND: "🟠", Severity.TRIVIAL: "🟡"}
LETTER: Mapping[str, str] = {kind: kind[0].upper() for kind in Kind}  # the first part of an item's number
KIND_MARK = {Kind.IDEA: "💡", Kind.QUOTE: "💬", Kind.GAIN: "💚"}
TRUST_MARK = {
    Trust.HYPOTHESIS: "○",
    Trust.CONFIRMED: "✓",
    Trust.DISPUTED: "⚡",
    Trust.STALE: "◌",
    Trust.RESOLVED: "✔",
}


def mark(kind: str, severity: str | None) -> str:
    """The mark in front of an item: a pain's severity, or its kind."""
    if kind == Kind.PAIN:
        return SEVERITY_MARK[Severity(severity or Severity.TRIVIAL)]
    return KIND_MARK[Kind(kind)]


def ref(kind: str, number: int) -> str:
    """What people call an item: P-12."""
    return f"{LETTER[kind]}-{number}"


def first_status(kind: Kind) -> Status:
    """Where a new item stands."""
    return Status.NEW if kind is Kind.IDEA else Status.OPEN
