"""The clock's own table, over all organisations: who has something due, who is at it, and when it is due next.

A worker takes many organisations by one statement and names them by its claim: what is due in them is one statement
more, and that they are settled another. What was taken from it meanwhile, as its lease was over, bears the claim of
another worker, and is left alone.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlmodel import case, func, or_, select, text, update
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.connection import Connection
from storage.models import Due, Item, JourneyMap, Schedule
from storage.statements import ORGANISATION, Statement, number, param

LOOK_EVERY = timedelta(days=7)  # no half-life is shorter
MOST_SCHEDULES = 500  # due ones that are read at once, over all organisations of a claim
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

# As text: a plan made for any parameter could not use the partial indexes. What rests is not in theirs, as its moment
# passes by and would have to be read over at each look.
AWAKE = text("schedules.paused_at IS NULL AND schedules.off_at IS NULL")
_TO_CHECK = text("items.removed_at IS NULL AND items.check_at IS NOT NULL")


class earliest(GenericFunction[datetime]):  # noqa: N801  # it is written as a function
    """The earliest of several moments, none of which is missing."""

    type = UTCDateTime()
    inherit_cache = True


@compiles(earliest)
def _least(element: Any, compiler: Any, **how: Any) -> str:
    return f"least({compiler.process(element.clauses, **how)})"


@compiles(earliest, "sqlite")
def _min(element: Any, compiler: Any, **how: Any) -> str:
    return f"min({compiler.process(element.clauses, **how)})"


def _first_of(column: Any, model: Any, *conditions: Any) -> Any:
    """The earliest such moment of an organisation that is due."""
    return (
        select(func.min(column))
        .where(model.organisation_id == Due.organisation_id, *conditions)
        .correlate(Due)
        .scalar_subquery()
    )


_TELL = _first_of(Schedule.next_at, Schedule, AWAKE)
_CHECK = _first_of(Item.check_at, Item, _TO_CHECK)
_LOOK = _first_of(JourneyMap.look_at, JourneyMap)
_ANY_MAP = select(1).where(JourneyMap.organisation_id == Due.organisation_id).correlate(Due).exists()
_OURS = Due.claim == param("ours")

DUE_EARLIER = Statement[Due](
    lambda insert: (
        lambda fresh: fresh.on_conflict_do_update(
            index_elements=["organisation_id"],
            set_={"next_at": fresh.excluded.next_at, "leased_until": None},
            where=Due.next_at > fresh.excluded.next_at,
        )
    )(insert(Due).values(organisation_id=ORGANISATION, next_at=param("next_at"), leased_until=None))
)


def _claim(most: int) -> Statement[Due]:
    free = (
        select(Due.organisation_id)
        .where(
            Due.next_at <= param("now"),
            or_(Due.leased_until.is_(None), Due.leased_until < param("real")),
        )
        .order_by(Due.next_at)
        .limit(number(most))
        .with_for_update(skip_locked=True)
    )
    return Statement[Due](
        update(Due)
        .where(Due.organisation_id.in_(free))
        .values(leased_until=param("until"), claim=param("claim"))
        .returning(Due.organisation_id)
    )


# Few first, so that replicas that tick together share what there is; more where it turns out to be much.
SIZES = (8, 32, 128, 256)
_CLAIMS = {size: _claim(size) for size in SIZES}
_WANTED = Statement[Any](
    lambda _: (
        select(
            Due.organisation_id,
            _CHECK.label("check_at"),
            _LOOK.label("look_at"),
        )
        .where(_OURS)
        .order_by(Due.next_at, Due.organisation_id)
    )
)
_SCHEDULES = Statement[Schedule](
    lambda _: (
        select(Schedule)
        .join(Due, Due.organisation_id == Schedule.organisation_id)
        # Between two moments: before only one, PostgreSQL would think that a third of all are due, and read the table.
        .where(_OURS, Schedule.next_at.between(param("long_ago"), param("now")), AWAKE)
        .order_by(Schedule.next_at)
        .limit(number(MOST_SCHEDULES))
    )
)
_RENEW = Statement[Due](
    lambda _: update(Due).where(_OURS).values(leased_until=param("until")).returning(Due.organisation_id)
)
_LOCK = Statement[Due](
    lambda _: select(Due.organisation_id).where(_OURS).order_by(Due.organisation_id).with_for_update()
)
_DROP_IDLE = Statement[Due](
    lambda _: Due.__table__.delete().where(
        _OURS,
        ~_ANY_MAP,
        ~select(1).where(Schedule.organisation_id == Due.organisation_id, AWAKE).correlate(Due).exists(),
    )
)
_SETTLE = Statement[Due](
    lambda _: (
        update(Due)
        .where(_OURS)
        .values(
            next_at=earliest(
                *(func.coalesce(moment, param("never", UTCDateTime())) for moment in (_TELL, _CHECK, _LOOK)),
                # What is logged from now on wakes nobody: it falls due later than that.
                case((_ANY_MAP, param("later", UTCDateTime())), else_=param("never", UTCDateTime())),
            ),
            leased_until=None,
            claim=None,
        )
    )
)
_GIVE_BACK = Statement[Due](
    lambda _: (
        update(Due).where(_OURS, Due.organisation_id != param("but")).values(leased_until=None, claim=None)
    )
)


class Wanted(NamedTuple):
    """What a claimed organisation has for the clock: something to look at, and the schedules that are due."""

    organisation_id: str
    looks: bool
    schedules: list[Schedule]


def claim(
    connection: Connection, claim: str, now: datetime, real: datetime, until: datetime, most: int
) -> int:
    """Takes up to `most` organisations, one of SIZES, that have something due; how many. Leases run in real time."""
    return len(connection.all(_CLAIMS[most], claim=claim, now=now, real=real, until=until))


def wanted(connection: Connection, claim: str, now: datetime) -> list[Wanted]:
    """What is due in the organisations of a claim, the longest due first; of their schedules at most 500."""
    rows, schedules = connection.gather(
        [
            (_WANTED, {"ours": claim}),
            (_SCHEDULES, {"ours": claim, "long_ago": _LONG_AGO, "now": now}),
        ]
    )
    of: dict[str, list[Schedule]] = {}
    for schedule in schedules:
        of.setdefault(schedule.organisation_id, []).append(schedule)
    return [
        Wanted(
            row.organisation_id,
            any(moment is not None and moment <= now for moment in (row.check_at, row.look_at)),
            of.get(row.organisation_id, []),
        )
        for row in rows
    ]


def renew(connection: Connection, claim: str, until: datetime) -> Collection[str]:
    """Longer leases for the organisations that are still of this claim; which those are."""
    return {row.organisation_id for row in connection.all(_RENEW, ours=claim, until=until)}


def settle(connection: Connection, claim: str, now: datetime) -> None:
    """Gives the organisations of the claim back, each with the next moment of its schedules, items and maps."""
    # Under the lock, as a schedule that is being added meanwhile must not be overlooked for a week.
    connection.run(_LOCK, ours=claim)
    connection.run(_DROP_IDLE, ours=claim)
    connection.run(_SETTLE, ours=claim, never=_NEVER, later=now + LOOK_EVERY)


def give_back(connection: Connection, claim: str, but: str) -> None:
    """Gives the organisations of the claim back as they are, but for one: that waits until its lease is over."""
    connection.run(_GIVE_BACK, ours=claim, but=but)
