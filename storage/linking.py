"""Codes that join, and what is rewritten when two organisations or two people become one."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlmodel import String, func, insert, select, update

from storage.connection import Connection
from storage.models import METADATA, Account, JourneyMap, LinkCode, MapMember, Vote
from storage.statements import Statement, columns, every, param

_ADD = Statement[LinkCode](lambda _: insert(LinkCode).values(every(LinkCode)))
_FIND = Statement[LinkCode](lambda _: select(LinkCode).where(LinkCode.id == param("id")).with_for_update())
_TRIED = Statement[LinkCode](
    lambda _: update(LinkCode).where(LinkCode.id == param("id")).values(tries=LinkCode.tries + 1)
)
_USED = Statement[LinkCode](
    lambda _: update(LinkCode).where(LinkCode.id == param("id")).values(used_at=param("used_at"))
)
_FORGET = Statement[LinkCode](
    lambda _: LinkCode.__table__.delete().where(LinkCode.expires_at < param("before"))
)
_HAS_MAP = Statement[JourneyMap](
    lambda _: select(JourneyMap.id).where(JourneyMap.organisation_id == param("organisation_id")).limit(1)
)
_ACCOUNTS = Statement[Account](
    lambda _: (
        update(Account)
        .where(Account.organisation_id == param("organisation_id"), Account.person_id == param("source"))
        .values(person_id=param("target"))
    )
)
_BOTH_VOTED = Statement[Any](
    lambda _: (
        select(Vote.root_id)
        .where(
            Vote.organisation_id == param("organisation_id"),
            Vote.active,
            Vote.person_id.in_([param("source"), param("target")]),
        )
        .group_by(Vote.root_id)
        .having(func.count(Vote.person_id.distinct()) == 2)
    )
)
_VOTES = Statement[Vote](
    lambda _: (
        update(Vote)
        .where(Vote.organisation_id == param("organisation_id"), Vote.person_id == param("source"))
        .values(person_id=param("target"))
    )
)


_MEMBERS = Statement[MapMember](
    lambda insert: (
        insert(MapMember)
        .from_select(
            columns(MapMember),
            select(
                *(
                    param("target", String()) if column.name == "person_id" else column
                    for column in MapMember.__table__.columns
                )
            ).where(
                MapMember.organisation_id == param("organisation_id"), MapMember.person_id == param("source")
            ),
        )
        .on_conflict_do_nothing()
    )
)
_NO_MEMBER = Statement[MapMember](
    lambda _: MapMember.__table__.delete().where(
        MapMember.organisation_id == param("organisation_id"), MapMember.person_id == param("source")
    )
)


def add_code(connection: Connection, **values: Any) -> None:
    """A new code; what is kept of it is its hash."""
    connection.run(_ADD, tries=0, used_at=None, **values)


def find_code(connection: Connection, code_id: str) -> LinkCode | None:
    """The code of that id, locked."""
    return connection.first(_FIND, id=code_id)


def count_try(connection: Connection, code_id: str) -> None:
    """Somebody tried it and was wrong."""
    connection.run(_TRIED, id=code_id)


def use_code(connection: Connection, code_id: str, at: datetime) -> None:
    """It served its purpose."""
    connection.run(_USED, id=code_id, used_at=at)


def forget_codes(connection: Connection, before: datetime) -> None:
    """Drops the codes that could not be used any more by then."""
    connection.run(_FORGET, before=before)


def has_map(connection: Connection, organisation_id: str) -> bool:
    """Does the organisation hold any map, be it an archived one?"""
    return connection.first(_HAS_MAP, organisation_id=organisation_id) is not None


def move_organisation(connection: Connection, source: str, target: str) -> None:
    """Everything that one organisation holds is another's from now on."""
    copies, deletes, updates = _moves()
    for statement in (*copies, *updates, *deletes):
        connection.run(statement, source=source, target=target)


def join_people(connection: Connection, organisation_id: str, source: str, target: str) -> list[str]:
    """One person's accounts and what they own are another's; the ids of items that both had voted for."""
    people = {"organisation_id": organisation_id, "source": source, "target": target}
    both = [row.root_id for row in connection.all(_BOTH_VOTED, **people)]
    connection.run(_ACCOUNTS, **people)
    connection.run(_VOTES, **people)
    connection.run(_MEMBERS, **people)
    connection.run(_NO_MEMBER, **people)
    for statement in _owned():
        connection.run(statement, **people)
    return both


@cache
def _moves() -> tuple[list[Statement[Any]], list[Statement[Any]], list[Statement[Any]]]:
    """What copies each table's rows, parents first, what drops the old ones, children first, and what only points."""
    copies: list[Statement[Any]] = []
    deletes: list[Statement[Any]] = []
    updates: list[Statement[Any]] = []
    for table in METADATA.sorted_tables:
        if "organisation_id" not in table.c:
            continue
        own = table.c.organisation_id == param("source")
        if "organisation_id" not in table.primary_key.columns:
            updates.append(Statement(update(table).where(own).values(organisation_id=param("target"))))
            continue
        others = [column for column in table.c if column.name != "organisation_id"]
        moved = select(param("target", String()), *others).where(own)
        names = ["organisation_id", *(column.name for column in others)]

        def copy(fresh: Any, table: Any = table, names: Any = names, moved: Any = moved) -> Any:
            return fresh(table).from_select(names, moved).on_conflict_do_nothing()

        copies.append(Statement(copy))
        deletes.insert(0, Statement(table.delete().where(own)))
    return copies, deletes, updates


@cache
def _owned() -> list[Statement[Any]]:
    """What rewrites each column that names a person.

    In a key, or where both get the same digest in private, the row of the one they become stays, and the other goes.
    """
    found: list[Statement[Any]] = []
    for table in METADATA.sorted_tables:
        if "organisation_id" not in table.c or table.name == "votes":
            continue  # votes are counted anew
        named = {
            element.parent.name
            for key in table.foreign_key_constraints
            if key.referred_table.name == "people"
            for element in key.elements
        } | (_NAMES & set(table.c.keys()))
        keys = set(table.primary_key.columns.keys())
        for name in sorted(named - {"organisation_id"}):
            mine = (table.c.organisation_id == param("organisation_id"), table.c[name] == param("source"))
            alone = keys - {name} if name in keys else _ONE_EACH.get((table.name, name))
            if alone:
                found.append(Statement(table.delete().where(*mine, _twin(table, name, alone))))
            found.append(Statement(update(table).where(*mine).values({name: param("target")})))
    return found


_NAMES = {"author_id", "owner_id", "mention_id", "person_id"}
_ONE_EACH = {("schedules", "person_id"): {"organisation_id", "place_id"}}


def _twin(table: Any, name: str, alone: set[str]) -> Any:
    """Has the other person such a row too?"""
    other = table.alias()
    same = (other.c[column] == table.c[column] for column in sorted(alone))
    return select(1).where(*same, other.c[name] == param("target")).exists()
