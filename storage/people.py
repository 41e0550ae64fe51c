"""People, their accounts, and the places where they talk."""

from datetime import datetime
from typing import Any

from sqlmodel import and_, insert, select, update

from storage.connection import Connection
from storage.models import Account, Binding, Organisation, Person, Place, Workspace
from storage.queries import Queries
from storage.statements import ORGANISATION, Statement, blank, every, param

_ADD_PERSON = Statement[Person](lambda _: insert(Person).values(every(Person)))
_ADD_ACCOUNT = Statement[Account](lambda _: insert(Account).values(every(Account)))
_PERSON = Statement[Person](
    lambda _: select(Person).where(Person.organisation_id == ORGANISATION, Person.id == param("id"))
)
_SET_ROLE = Statement[Person](
    lambda _: (
        update(Person)
        .where(Person.organisation_id == ORGANISATION, Person.id == param("id"))
        .values(role=param("role"))
    )
)
_PROFILE = Statement[Person](
    lambda _: (
        update(Person)
        .where(Person.organisation_id == ORGANISATION, Person.id == param("id"))
        .values(name=param("name"), zone=param("zone"), role=param("role"), profile_at=param("profile_at"))
    )
)
_SETTINGS_OF = ("team", "language", "work_from", "work_until", "work_days", "paused_until")
_SET_SETTINGS = Statement[Person](
    lambda _: (
        update(Person)
        .where(Person.organisation_id == ORGANISATION, Person.id == param("id"))
        .values({name: param(name) for name in _SETTINGS_OF})
    )
)
_KNOWN = Statement[Person](
    lambda _: (
        update(Person)
        .where(Person.organisation_id == ORGANISATION, Person.id == param("id"))
        .values(name=param("name"), zone=param("zone"), gone_at=param("gone_at"))
    )
)
_ACCOUNT = Statement[Account](
    lambda _: select(Account).where(
        Account.organisation_id == ORGANISATION,
        Account.workspace_id == param("workspace_id"),
        Account.person_id == param("person_id"),
    )
)
_ANY_ACCOUNT = Statement[Account](
    lambda _: (
        select(Account)
        .where(Account.organisation_id == ORGANISATION, Account.person_id == param("person_id"))
        .limit(1)
    )
)
_ELSEWHERE = Statement[Account](
    lambda _: select(Account).where(
        Account.organisation_id == ORGANISATION,
        Account.person_id == param("person_id"),
        Account.workspace_id != param("workspace_id"),
    )
)
_BY_EXTERNAL = Statement[Account](
    lambda _: select(Account).where(
        Account.organisation_id == ORGANISATION,
        Account.workspace_id == param("workspace_id"),
        Account.external_id == param("external_id"),
    )
)
_BEHIND = Statement[Account](
    lambda _: select(Account.external_id, Account.person_id).where(
        Account.organisation_id == ORGANISATION, Account.workspace_id == param("workspace_id")
    )
)
_ADMINS = Statement[Person](
    lambda _: (
        select(Person)
        .where(Person.organisation_id == ORGANISATION, Person.role == "admin")
        .order_by(Person.created_at)
        .limit(3)
    )
)
_CALLED = Statement[Person](
    lambda _: (
        select(Person)
        .join(
            Account, and_(Account.organisation_id == Person.organisation_id, Account.person_id == Person.id)
        )
        .where(Account.external_id == param("external_id"))
    )
)
_SETTINGS = Statement[Organisation](lambda _: select(Organisation).where(Organisation.id == ORGANISATION))
_SET_ORGANISATION = Statement[Organisation](
    lambda _: (
        update(Organisation)
        .where(Organisation.id == ORGANISATION)
        .values({name: param(name) for name in ("half_lives", "vote_emoji", "all_open")})
    )
)
_ADD_PLACE = Statement[Place](
    lambda insert: (
        insert(Place)
        .values(every(Place))
        .on_conflict_do_update(
            index_elements=["organisation_id", "workspace_id", "external_id"],
            set_={"name": param("name"), "private": param("private"), "gone_why": None},
        )
        .returning(Place.id)
    )
)
_PLACE = Statement[Place](
    lambda _: select(Place).where(Place.organisation_id == ORGANISATION, Place.id == param("id"))
)
_GONE = Statement[Place](
    lambda _: (
        update(Place)
        .where(Place.organisation_id == ORGANISATION, Place.id == param("id"))
        .values(gone_why=param("gone_why"))
    )
)
_PLACE_BY_EXTERNAL = Statement[Place](
    lambda _: select(Place).where(
        Place.organisation_id == ORGANISATION,
        Place.workspace_id == param("workspace_id"),
        Place.external_id == param("external_id"),
    )
)
_RENAME_PLACE = Statement[Place](
    lambda _: (
        update(Place)
        .where(Place.organisation_id == ORGANISATION, Place.id == param("id"))
        .values(name=param("name"))
    )
)
_SEEK_AGAIN = Statement[Place](
    lambda _: (
        update(Place)
        .where(
            Place.organisation_id == ORGANISATION,
            Place.gone_why.is_not(None),
            Place.id.in_(
                select(Binding.place_id).where(
                    Binding.organisation_id == ORGANISATION, Binding.map_id == param("map_id")
                )
            ),
        )
        .values(gone_why=None)
    )
)
_HOLD = Statement[Place](
    lambda _: (
        select(Place.id)
        .where(Place.organisation_id == ORGANISATION, Place.id == param("id"))
        .with_for_update()
    )
)
_PLACE_AND_WORKSPACE = Statement[Any](
    lambda _: (
        select(
            Place.id,
            Place.external_id,
            Place.name,
            Place.private,
            Place.gone_why,
            Workspace.stopped_at,
            Workspace.id.label("workspace_id"),
            Workspace.platform,
            Workspace.external_id.label("workspace"),
        )
        .join(Workspace, and_(Workspace.id == Place.workspace_id))
        .where(Place.organisation_id == ORGANISATION, Place.id == param("id"))
    )
)


class People(Queries):
    """People and their accounts."""

    __slots__ = ()

    def settings(self) -> Organisation:
        """The organisation's own row."""
        return self._one(_SETTINGS)

    def set_organisation(self, *, half_lives: str, vote_emoji: str, all_open: bool) -> None:
        """What the organisation sets for all its maps."""
        self._run(_SET_ORGANISATION, half_lives=half_lives, vote_emoji=vote_emoji, all_open=all_open)

    def add(
        self,
        ids: tuple[str, str],
        workspace_id: str,
        external_id: str,
        *,
        name: str,
        role: str,
        zone: str | None,
        known: bool,
        at: datetime,
    ) -> None:
        """A person met for the first time, with the account that was used; `ids` are person's and account's."""
        person_id, account_id = ids
        self._run(
            _ADD_PERSON,
            **blank(Person)
            | {"id": person_id, "name": name, "role": role, "zone": zone, "created_at": at}
            | {"profile_at": at if known else None},
        )
        self._run(
            _ADD_ACCOUNT,
            id=account_id,
            workspace_id=workspace_id,
            external_id=external_id,
            person_id=person_id,
        )

    def get(self, person_id: str) -> Person | None:
        """The person of that id."""
        return self._first(_PERSON, id=person_id)

    def set_role(self, person_id: str, role: str) -> None:
        """What the person may do from now on."""
        self._run(_SET_ROLE, id=person_id, role=role)

    def set_settings(self, person_id: str, **settings: Any) -> None:
        """What the person set for themselves: team, language, work_from, work_until, work_days, paused_until."""
        self._run(_SET_SETTINGS, id=person_id, **settings)

    def set_profile(self, person_id: str, name: str, zone: str | None, role: str, at: datetime) -> None:
        """What the platform told about the person, later than at first sight."""
        self._run(_PROFILE, id=person_id, name=name, zone=zone, role=role, profile_at=at)

    def set_known(self, person_id: str, name: str, zone: str | None, gone_at: datetime | None) -> None:
        """What the platform tells of somebody we know; `gone_at` is when they were deactivated."""
        self._run(_KNOWN, id=person_id, name=name, zone=zone, gone_at=gone_at)

    def account(self, workspace_id: str, person_id: str) -> Account | None:
        """The person's account on that workspace."""
        return self._first(_ACCOUNT, workspace_id=workspace_id, person_id=person_id)

    def any_account(self, person_id: str) -> Account | None:
        """An account of the person, on whatever platform."""
        return self._first(_ANY_ACCOUNT, person_id=person_id)

    def accounts_elsewhere(self, person_id: str, workspace_id: str) -> list[Account]:
        """The person's accounts on other workspaces than that one."""
        return self._all(_ELSEWHERE, person_id=person_id, workspace_id=workspace_id)

    def by_external(self, workspace_id: str, external_id: str) -> Account | None:
        """The account with the platform's own user id."""
        return self._first(_BY_EXTERNAL, workspace_id=workspace_id, external_id=external_id)

    def behind(self, workspace_id: str) -> dict[str, str]:
        """The person behind every account of a workspace, by the platform's own user id."""
        rows = self._all(_BEHIND, workspace_id=workspace_id)
        return {row.external_id: row.person_id for row in rows}

    def admins(self) -> list[Person]:
        """Up to three admins, the longest known first."""
        return self._all(_ADMINS)


class Places(Queries):
    """Channels, groups and direct messages."""

    __slots__ = ()

    def remember(
        self, new_id: str, workspace_id: str, external_id: str, name: str, *, private: bool, at: datetime
    ) -> str:
        """The id of that channel's row, made with `new_id` where it is new."""
        return self._one(
            _ADD_PLACE,
            id=new_id,
            workspace_id=workspace_id,
            external_id=external_id,
            name=name,
            private=private,
            gone_why=None,
            created_at=at,
        ).id

    def get(self, place_id: str) -> Place | None:
        """The place of that id."""
        return self._first(_PLACE, id=place_id)

    def by_external(self, workspace_id: str, external_id: str) -> Place | None:
        """The place with the platform's own id."""
        return self._first(_PLACE_BY_EXTERNAL, workspace_id=workspace_id, external_id=external_id)

    def rename(self, place_id: str, name: str) -> None:
        """The place is called so from now on."""
        self._run(_RENAME_PLACE, id=place_id, name=name)

    def address(self, place_id: str) -> Any | None:
        """Where to send: the place with its workspace's and platform's own ids."""
        return self._first(_PLACE_AND_WORKSPACE, id=place_id)

    def hold(self, place_id: str) -> None:
        """Nobody else writes down what happens on its messages until the commit."""
        self._run(_HOLD, id=place_id)

    def gone(self, place_id: str, why: str | None) -> None:
        """Nothing can be sent there, and why; none when it can again."""
        self._run(_GONE, id=place_id, gone_why=why)

    def seek_again(self, map_id: str) -> None:
        """Somebody believes that the map's channels can be reached: the next message there will tell."""
        self._run(_SEEK_AGAIN, map_id=map_id)


def people_called(connection: Connection, external_id: str) -> list[Person]:
    """Everybody, in every organisation, whose account has that platform's own user id: for the operator."""
    return connection.all(_CALLED, external_id=external_id)
