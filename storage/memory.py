"""What makes a request count once and lets nothing typed be lost: seen keys, drafts, and the history."""

from datetime import datetime
from typing import Any

from sqlmodel import Integer, String, case, func, insert, select, text
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.batches import Batch, Inserting
from storage.models import Change, Draft, Epoch, Seen
from storage.models.items import TOLD
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, every, param

_REMEMBER = Inserting(Seen)


def _if_kept(insert: Any) -> Any:
    epoch = select(func.coalesce(func.max(Epoch.number), 0)).where(Epoch.id == 1).scalar_subquery()
    answer = case((epoch == param("epoch", Integer()), param("answer", String())))
    given = select(
        param("organisation_id", String()), param("key", String()), param("at", UTCDateTime()), answer
    )
    return insert(Seen).from_select(["organisation_id", "key", "at", "answer"], given)


# Of a unit that took what is kept for granted: where that does not hold any more, the answer is nothing, which the
# table refuses. It is written after the map's counter, and so sees what was changed while that was waited for.
_REMEMBER_IF_KEPT = Batch(_if_kept)
_SEEN = Statement[Seen](
    lambda _: select(Seen.answer).where(Seen.organisation_id == ORGANISATION, Seen.key == param("key"))
)
LAST = 2**31 - 1  # no revision is later
_KEEP = Statement[Draft](lambda _: insert(Draft).values(every(Draft)))
_DRAFT = Statement[Draft](
    lambda _: select(Draft).where(Draft.organisation_id == ORGANISATION, Draft.id == param("id"))
)
_FORGET_SEEN = Statement[Seen](
    lambda _: Seen.__table__.delete().where(Seen.organisation_id == ORGANISATION, Seen.at < param("before"))
)
_FORGET_DRAFTS = Statement[Draft](
    lambda _: Draft.__table__.delete().where(
        Draft.organisation_id == ORGANISATION, Draft.at < param("before")
    )
)
_WRITE = Inserting(Change)
_AT = Statement[Change](
    lambda _: select(Change).where(
        Change.organisation_id == ORGANISATION,
        Change.map_id == param("map_id"),
        Change.revision == param("revision"),
    )
)
_HISTORY = Statement[Change](
    lambda _: (
        select(Change)
        .where(
            Change.organisation_id == ORGANISATION,
            Change.map_id == param("map_id"),
            Change.subject_id == param("id"),
            text(TOLD),
            Change.revision < param("before_revision"),
        )
        .order_by(Change.revision.desc())
        .limit(param("most"))
    )
)


class Memory(Queries):
    """Seen keys and drafts."""

    __slots__ = ()

    def remember(self, key: str, answer: str, at: datetime) -> None:
        """The request was carried out and got this answer."""
        row, connection = {"key": key, "answer": answer, "at": at}, self.connection
        if connection.apart and connection.presumed.taken:
            self._later(_REMEMBER_IF_KEPT, {**row, "epoch": connection.kept.epoch})
        else:
            self._later(_REMEMBER, row)

    def seen(self, key: str) -> str | None:
        """The answer that the request got, if it was carried out."""
        row = self._first(_SEEN, key=key)
        return row.answer if row else None

    def keep(self, new_id: str, person_id: str, request: str, at: datetime) -> None:
        """What a person typed, for when we can take it."""
        self._run(_KEEP, id=new_id, person_id=person_id, request=request, at=at)

    def draft(self, draft_id: str) -> Draft | None:
        """What was kept, while it is."""
        return self._first(_DRAFT, id=draft_id)

    def forget(self, before: datetime) -> None:
        """Drops seen keys and drafts older than that."""
        self._run(_FORGET_SEEN, before=before)
        self._run(_FORGET_DRAFTS, before=before)


class History(Queries):
    """Every change of every map."""

    __slots__ = ()

    def write(
        self,
        map_id: str,
        revision: int,
        at: datetime,
        actor_id: str | None,
        what: str,
        subject: str,
        subject_id: str,
        *,
        before: str | None = None,
        after: str | None = None,
        votes: int | None = None,
    ) -> None:
        """One change, at the revision that `Maps.step` gave out; `votes` is what a merge changed the count by."""
        self._later(
            _WRITE,
            {
                "map_id": map_id,
                "revision": revision,
                "at": at,
                "actor_id": actor_id,
                "what": what,
                "subject": subject,
                "subject_id": subject_id,
                "before": before,
                "after": after,
                "votes": votes,
                "version": 1,
            },
        )

    def at(self, map_id: str, revision: int) -> Change | None:
        """The change that made that revision of the map."""
        return self._first(_AT, map_id=map_id, revision=revision)

    def of(self, map_id: str, subject_id: str, before: int | None, most: int) -> list[Any]:
        """The changes of one subject but its votes and its beginning, the latest first, before that revision."""
        upto = before if before is not None else LAST
        return self._all(_HISTORY, map_id=map_id, id=subject_id, before_revision=upto, most=most)
