"""Workspaces, and who asks from which place of them, before an organisation is open."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import and_, insert, select, tuple_, update

from storage.connection import Connection
from storage.models import (
    Account,
    Binding,
    JourneyMap,
    Organisation,
    Person,
    Place,
    Stage,
    Workspace,
)
from storage.rounds import Asked, Round
from storage.slots import SLOTS, among, each, looked_up, slotted
from storage.statements import Statement, blank, every, param

Key = tuple[str, str, str, str]  # of what is kept: "user" or "channel"; platform, workspace, and which


class Caller(NamedTuple):
    """The workspace, and the person behind the account if there is one."""

    workspace_id: str
    organisation_id: str
    account_id: str | None
    person_id: str | None
    name: str | None
    role: str | None
    zone: str | None
    vote_emoji: str
    half_lives: str
    private_maps: int


class BoundMap(NamedTuple):
    """The place, and one of the maps bound to it if there is any."""

    place_id: str
    place_name: str
    private: bool
    gone_why: str | None
    map_id: str | None
    slug: str | None
    map_name: str | None
    owner_id: str | None
    default_stage_id: str | None
    capture: str | None
    hidden: bool | None  # the map is private


class StageHere(NamedTuple):
    """A living stage of a map that the place shows."""

    id: str
    slug: str
    name: str


class Shown(NamedTuple):
    """What a place shows, as it is kept."""

    maps: list[BoundMap]
    stages: dict[str, tuple[StageHere, ...]]  # by map, in their order


_HERE = and_(Workspace.platform == param("platform"), Workspace.external_id == param("workspace"))
_PLACE = and_(
    Place.organisation_id == Workspace.organisation_id,
    Place.workspace_id == Workspace.id,
    Place.external_id == param("channel"),
)
_BOUND = and_(Binding.organisation_id == Place.organisation_id, Binding.place_id == Place.id)


def _callers(many: int) -> Statement[Any]:
    """The workspace with those of its users that we know; where we know none of them, the workspace alone."""

    def asked(is_user: Any) -> Any:
        return (
            select(
                Account.external_id.label("user"),
                Workspace.id.label("workspace_id"),
                Workspace.organisation_id,
                Account.id.label("account_id"),
                Account.person_id,
                Person.name,
                Person.role,
                Person.zone,
                Organisation.vote_emoji,
                Organisation.half_lives,
                Organisation.private_maps,
            )
            .select_from(Workspace)
            .join(Organisation, Organisation.id == Workspace.organisation_id)
            .join(
                Account,
                and_(
                    Account.organisation_id == Workspace.organisation_id,
                    Account.workspace_id == Workspace.id,
                    is_user,
                ),
                isouter=True,
            )
            .join(
                Person,
                and_(Person.organisation_id == Account.organisation_id, Person.id == Account.person_id),
                isouter=True,
            )
            .where(_HERE)
        )

    def on_postgresql(_: Any) -> Any:
        users = each("user", many)
        return looked_up(asked(Account.external_id == users.c.value), users)

    return Statement(lambda _: asked(among(Account.external_id, "user", many)), postgresql=on_postgresql)


_CALLERS = {many: _callers(many) for many in SLOTS}  # by how many users they ask for
_MAPS = Statement[BoundMap](
    lambda _: (
        select(
            Place.id.label("place_id"),
            Place.name.label("place_name"),
            Place.private,
            Place.gone_why,
            JourneyMap.id.label("map_id"),
            JourneyMap.slug,
            JourneyMap.name.label("map_name"),
            JourneyMap.owner_id,
            Binding.default_stage_id,
            Binding.capture,
            JourneyMap.private.label("hidden"),
        )
        .select_from(Workspace)
        .join(Place, _PLACE)
        .join(Binding, _BOUND, isouter=True)
        .join(
            JourneyMap,
            and_(
                JourneyMap.organisation_id == Binding.organisation_id,
                JourneyMap.id == Binding.map_id,
                JourneyMap.archived_at.is_(None),
            ),
            isouter=True,
        )
        .where(_HERE)
        .order_by(Binding.bound_at)
    )
)
_MAPS_HERE = (
    select(Binding.organisation_id, Binding.map_id)
    .select_from(Workspace)
    .join(Place, _PLACE)
    .join(Binding, _BOUND)
    .where(_HERE)
)

# As a list of maps: SQLite would rather look through all stages of the organisation than join from the place.
_STAGES = Statement[Any](
    lambda _: (
        select(Stage.map_id, Stage.id, Stage.slug, Stage.name)
        .where(tuple_(Stage.organisation_id, Stage.map_id).in_(_MAPS_HERE), Stage.retired_at.is_(None))
        .order_by(Stage.position)
    )
)


_ADD_ORGANISATION = Statement[Organisation](lambda _: insert(Organisation).values(every(Organisation)))
_ADD_WORKSPACE = Statement[Workspace](lambda _: insert(Workspace).values(every(Workspace)))
_WORKSPACE = Statement[Workspace](lambda _: select(Workspace).where(Workspace.id == param("id")))
_WORKSPACES = Statement[Workspace](lambda _: select(Workspace).where(_HERE))
_ORGANISATIONS = Statement[Organisation](lambda _: select(Organisation.id, Organisation.name))
_STOP = Statement[Workspace](
    lambda _: (
        update(Workspace)
        .where(Workspace.id == param("workspace_id"))
        .values(stopped_at=param("stopped_at"), stopped_why=param("stopped_why"))
    )
)


class Acquaintance:
    """Asks who somebody is and what a place shows, for many at once: of a workspace's users by one question."""

    def __init__(self, talk: Round, users: Iterable[Key], channels: Iterable[Key]) -> None:
        self._talk = talk
        self._asked: dict[tuple[str, str], list[Asked]] = {}
        self._callers: dict[tuple[str, str], dict[str | None, Caller]] = {}
        self._shown: dict[Key, tuple[Asked, Asked]] = {}
        of_workspace: dict[tuple[str, str], list[str]] = {}
        for _, platform, workspace, user in users:
            of_workspace.setdefault((platform, workspace), []).append(user)
        for (platform, workspace), wanted in of_workspace.items():
            self._asked[platform, workspace] = [
                talk.ask(_CALLERS[len(named)], platform=platform, workspace=workspace, **named)
                for named in slotted("user", wanted)
            ]
        for key in channels:
            here = dict(zip(("platform", "workspace", "channel"), key[1:], strict=True))
            self._shown[key] = talk.ask(_MAPS, **here), talk.ask(_STAGES, **here)

    def caller(self, key: Key) -> Caller | None:
        """Who one of the users is; nothing where the workspace is new."""
        _, platform, workspace, user = key
        found = self._callers.get((platform, workspace))
        if found is None:
            asked = self._asked[platform, workspace]
            rows = [row for question in asked for row in self._talk.rows(question)]
            found = self._callers[platform, workspace] = {row.user: Caller(*row[1:]) for row in rows}
        if user in found or not found:
            return found.get(user)
        nobody = dict.fromkeys(("account_id", "person_id", "name", "role", "zone"))
        return next(iter(found.values()))._replace(**nobody)

    def shown(self, key: Key) -> Shown:
        """What one of the channels shows."""
        maps, stages = map(self._talk.rows, self._shown[key])
        of_map: dict[str, list[StageHere]] = {}
        for map_id, *stage in stages:
            of_map.setdefault(map_id, []).append(StageHere(*stage))
        return Shown(maps, {map_id: tuple(found) for map_id, found in of_map.items()})


def add_workspace(
    connection: Connection,
    ids: tuple[str, str],
    platform: str,
    external_id: str,
    name: str,
    vote_emoji: str,
    at: datetime,
) -> None:
    """A workspace seen for the first time, with an organisation of its own; `ids` are the two new ids."""
    organisation_id, workspace_id = ids
    connection.run(
        _ADD_ORGANISATION,
        **blank(Organisation)
        | {"id": organisation_id, "name": name, "vote_emoji": vote_emoji, "created_at": at},
    )
    connection.run(
        _ADD_WORKSPACE,
        **blank(Workspace)
        | {
            "id": workspace_id,
            "organisation_id": organisation_id,
            "platform": platform,
            "external_id": external_id,
            "name": name,
            "created_at": at,
        },
    )


def workspace(connection: Connection, workspace_id: str) -> Workspace | None:
    """The workspace of that id."""
    return connection.first(_WORKSPACE, id=workspace_id)


def find_workspace(connection: Connection, platform: str, external_id: str) -> Workspace | None:
    """The workspace of that platform's own id."""
    return connection.first(_WORKSPACES, platform=platform, workspace=external_id)


def stop_workspace(connection: Connection, workspace_id: str, why: str | None, at: datetime | None) -> None:
    """Nothing is sent there any more; with no time given, it is open again."""
    connection.run(_STOP, workspace_id=workspace_id, stopped_at=at, stopped_why=why)


def organisations(connection: Connection) -> list[str]:
    """The ids of all organisations."""
    return [row.id for row in connection.all(_ORGANISATIONS)]


def answers(connection: Connection) -> bool:
    """Does the database answer, with its tables in place?"""
    connection.first(_WORKSPACE, id="")
    return True
