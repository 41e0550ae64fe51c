"""Open items that may say nearly the same, by the gist of their words."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlmodel import col, select

from storage.models import Item
from storage.queries import Queries
from storage.slots import among, each, looked_up, slotted
from storage.statements import ORGANISATION, Statement, number, param

FEW, MANY = 6, 28  # gists that one question takes
GROUPS = (FEW, 4 * FEW, 8 * FEW, 16 * FEW, 32 * FEW)  # and one for several requests
MOST = 50  # candidates that it answers with


class Candidate(NamedTuple):
    """An open item that shares a gist."""

    id: str
    map_id: str
    stage_id: str
    kind: str
    gist: str
    number: int
    text: str
    votes: int
    speaker: str | None
    speaker_account: str | None


CANDIDATE = tuple(getattr(Item, name) for name in Candidate._fields)


def _near(many: int, *more: Any) -> Statement[Candidate]:
    here = (
        Item.organisation_id == ORGANISATION,
        Item.map_id == param("map_id"),
        Item.kind == param("kind"),
        col(Item.removed_at).is_(None),
        col(Item.resolved_at).is_(None),
        *more,
    )

    def on_postgresql(_: Any) -> Any:
        gists = each("gist", many)
        found = select(*CANDIDATE).where(*here, Item.gist == gists.c.value).limit(number(MOST))
        return looked_up(found, gists).limit(number(MOST))

    return Statement(
        lambda _: select(*CANDIDATE).where(*here, among(Item.gist, "gist", many)).limit(MOST),
        postgresql=on_postgresql,
    )


# By how many gists they ask for; those of a whole map are for several requests at once.
_ON_STAGE = {many: _near(many, Item.stage_id == param("stage_id")) for many in (FEW, MANY)}
ON_MAP = {many: _near(many) for many in GROUPS}


class Near(Queries):
    """Items that may say nearly the same."""

    __slots__ = ()

    def find(self, map_id: str, kind: str, stage_id: str, gists: Sequence[str]) -> list[Candidate]:
        """At most fifty open items of that kind on that stage with one of the gists."""
        if not gists:
            return []
        (named,) = slotted("gist", gists, tuple(_ON_STAGE))
        here = {"map_id": map_id, "kind": kind, "stage_id": stage_id}
        return self._all(_ON_STAGE[len(named)], **here, **named)
