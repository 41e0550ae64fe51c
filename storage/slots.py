"""Questions for several values at once: with a few sizes of them, so that each is a statement that is compiled once.

SQLite looks up each value of a list by itself. PostgreSQL makes its plan once, perhaps while a table is small and to
read all of it seems cheaper; so there each value is looked up by a subquery of its own, which has but one good plan.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import FromClause, column, true, values
from sqlmodel import String, col, select

from storage.statements import number, param

SLOTS = (1, 8, 16, 32)  # the most is a group of the writer


@cache
def slots(name: str, many: int) -> tuple[str, ...]:
    """The names of so many parameters."""
    return tuple(f"{name}{place}" for place in range(many))


def slotted(name: str, given: Sequence[str], sizes: Sequence[int] = SLOTS) -> Iterator[dict[str, str]]:
    """The values by the names of the parameters; what is left over is empty. Too many are several questions."""
    for first in range(0, len(given), sizes[-1]):
        some = given[first : first + sizes[-1]]
        many = sizes[bisect_left(sizes, len(some))]
        yield dict(zip(slots(name, many), [*some, *[""] * (many - len(some))], strict=True))


def among(column_: Any, name: str, many: int) -> Any:
    """For SQLite: the condition that a column has one of the values."""
    return col(column_).in_(map(param, slots(name, many)))


def each(name: str, many: int) -> Any:
    """For PostgreSQL: the values as rows with one column, `value`."""
    rows = values(column("value", String()), name=f"each_{name}")
    return rows.data([(param(slot, String()),) for slot in slots(name, many)])


def looked_up(found: Any, around: FromClause) -> Any:
    """For PostgreSQL: what `found` answers for each row of `around`, which has the values in it."""
    # With an OFFSET it stays a subquery of its own, as a LIMIT keeps it too.
    rows = (found if found._limit_clause is not None else found.offset(number(0))).lateral("found")
    return select(*rows.c).select_from(around.join(rows, true()))
