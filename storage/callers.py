"""Who asks and from where: the first questions of every request, in one round trip, before an organisation is open.

Requests that come as a group are asked for together, by one statement for all of them; and who they come from, and
what their place shows, is asked only where it is not kept from an earlier one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import join, true
from sqlmodel import and_, insert, select, tuple_, update

from storage.connection import Connection
from storage.kept import EPOCH
from storage.maps import hold
from storage.models import (
    Account,
    Binding,
    Counter,
    Item,
    JourneyMap,
    Organisation,
    Person,
    Place,
    Seen,
    Stage,
    Workspace,
)
from storage.near import CANDIDATE, GROUPS, MOST, OPEN, Candidate
from storage.rounds import Asked, Round
from storage.slots import SLOTS, among, each, looked_up, slotted
from storage.statements import Statement, blank, every, number, param

_From = tuple[str, str, str, str]  # platform, workspace, user, channel
_Likely = tuple[str, str, str, str]  # platform, workspace, channel, kind


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

    map_id: str
    id: str
    slug: str
    name: str


class Coming(NamedTuple):
    """What a request tells of itself; `counts` where it takes a map's next number."""

    platform: str
    workspace: str
    user: str
    channel: str
    key: str
    counts: bool = False
    near: tuple[str, tuple[str, ...]] | None = (
        None  # a kind and gists: open items that have one of them come along
    )


class Arrival(NamedTuple):
    """What is known when a request comes in; items of nearly the same words where they were asked for.

    Those are all that there are, unless they are MOST or more.
    """

    caller: Caller | None
    answer: str | None
    place: list[BoundMap]
    stages: list[StageHere]
    near: list[Candidate]


_HERE = and_(Workspace.platform == param("platform"), Workspace.external_id == param("workspace"))
_PLACE = and_(
    Place.organisation_id == Workspace.organisation_id,
    Place.workspace_id == Workspace.id,
    Place.external_id == param("channel"),
)
_BOUND = and_(Binding.organisation_id == Place.organisation_id, Binding.place_id == Place.id)

_CALLER = Statement[Any](
    lambda _: (
        select(
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
                Account.external_id == param("user"),
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
)
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
_STAGES = Statement[StageHere](
    lambda _: (
        select(Stage.map_id, Stage.id, Stage.slug, Stage.name)
        .where(tuple_(Stage.organisation_id, Stage.map_id).in_(_MAPS_HERE), Stage.retired_at.is_(None))
        .order_by(Stage.position)
    )
)


def _near(many: int) -> Statement[Candidate]:
    kind = Item.kind == param("item_kind")

    def on_postgresql(_: Any) -> Any:
        gists = each("gist", many)
        found = select(*CANDIDATE).where(
            Item.organisation_id == Binding.organisation_id,
            Item.map_id == Binding.map_id,
            kind,
            *OPEN,
            Item.gist == gists.c.value,
        )
        around = join(Workspace, Place, _PLACE).join(Binding, _BOUND).join(gists, true())
        return looked_up(found.limit(number(MOST)), around).where(_HERE)

    return Statement(
        lambda _: (
            select(*CANDIDATE)
            .where(
                tuple_(Item.organisation_id, Item.map_id).in_(_MAPS_HERE),
                kind,
                *OPEN,
                among(Item.gist, "gist", many),
            )
            .limit(MOST)
        ),
        postgresql=on_postgresql,
    )


def _seen(many: int) -> Statement[Seen]:
    of_the_organisation = Seen.organisation_id == Workspace.organisation_id

    def on_postgresql(_: Any) -> Any:
        keys = each("key", many)
        found = select(Seen.key, Seen.answer).where(of_the_organisation, Seen.key == keys.c.value)
        around = join(Workspace, keys, true())
        return looked_up(found, around).where(_HERE)

    return Statement(
        lambda _: (
            select(Seen.key, Seen.answer)
            .select_from(Workspace)
            .join(Seen, of_the_organisation)
            .where(_HERE, among(Seen.key, "key", many))
        ),
        postgresql=on_postgresql,
    )


_NEAR = {many: _near(many) for many in GROUPS}
_SEEN = {many: _seen(many) for many in SLOTS}
# In one order, so that two replicas at the same maps do not wait for each other.
_LOCK_COUNTERS = Statement[Counter](
    lambda _: (
        select(Counter)
        .where(tuple_(Counter.organisation_id, Counter.map_id).in_(_MAPS_HERE))
        .order_by(Counter.map_id)
        .with_for_update(key_share=True)
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


class _Place(NamedTuple):
    """What is kept of a person and the place that they come from."""

    callers: list[Any]
    maps: list[BoundMap]
    stages: list[StageHere]


def arrivals(connection: Connection, coming: Sequence[Coming]) -> list[Arrival]:
    """Caller, remembered answer and place of each request, and the stages of the place's maps, in their order."""
    kept, talk = connection.kept, Round(connection)
    now = talk.ask(EPOCH)
    places: dict[_From, _Place | None] = {one[:4]: kept.get(one[:4]) for one in coming}
    new = [place for place, known in places.items() if known is None]
    asked = [_ask_place(talk, place) for place in new]
    seen = _ask_seen(talk, coming)
    near = _ask_near(talk, coming)
    for one in coming:
        if one.counts:
            talk.ask(_LOCK_COUNTERS, platform=one.platform, workspace=one.workspace, channel=one.channel)
    talk.answer()
    hold(connection, talk.all_of(_LOCK_COUNTERS))
    answers = {(*of, row.key): row.answer for of, question in seen for row in talk.rows(question)}
    likely = {of: talk.rows(question) for of, question in near.items()}
    if not kept.holds(talk.rows(now)) and len(new) < len(places):
        new, talk = list(places), Round(connection)
        asked = [_ask_place(talk, place) for place in new]
        talk.answer()
    for place, questions in zip(new, asked, strict=True):
        places[place] = known = _Place(*map(talk.rows, questions))
        kept.put(place, known)
    return [_arrived(one, places[one[:4]], answers, likely) for one in coming]


def _ask_place(talk: Round, place: _From) -> tuple[Asked, Asked, Asked]:
    platform, workspace, user, channel = place
    here = {"platform": platform, "workspace": workspace}
    return (
        talk.ask(_CALLER, **here, user=user),
        talk.ask(_MAPS, **here, channel=channel),
        talk.ask(_STAGES, **here, channel=channel),
    )


def _ask_seen(talk: Round, coming: Sequence[Coming]) -> list[tuple[tuple[str, str], Asked]]:
    """Which of their keys were seen, by workspace."""
    keys: dict[tuple[str, str], list[str]] = {}
    for one in coming:
        keys.setdefault(one[:2], []).append(one.key)
    asked = []
    for (platform, workspace), wanted in keys.items():
        for named in slotted("key", wanted):
            question = talk.ask(_SEEN[len(named)], platform=platform, workspace=workspace, **named)
            asked.append(((platform, workspace), question))
    return asked


def _ask_near(talk: Round, coming: Sequence[Coming]) -> dict[_Likely, Asked]:
    """The open items of each place and kind that have one of their gists."""
    wanted: dict[_Likely, dict[str, None]] = {}
    for one in coming:
        if one.near:
            of = (one.platform, one.workspace, one.channel, one.near[0])
            wanted.setdefault(of, {}).update(dict.fromkeys(one.near[1]))
    asked = {}
    for of, gists in wanted.items():
        here = dict(zip(("platform", "workspace", "channel", "item_kind"), of, strict=True))
        (named,) = slotted("gist", list(gists), GROUPS)
        asked[of] = talk.ask(_NEAR[len(named)], **here, **named)
    return asked


def _arrived(
    one: Coming,
    place: _Place,
    answers: Mapping[tuple[str, str, str], str],
    likely: Mapping[_Likely, list[Candidate]],
) -> Arrival:
    if not place.callers:
        return Arrival(None, None, [], [], [])
    near: list[Candidate] = []
    if one.near:
        near = likely[one.platform, one.workspace, one.channel, one.near[0]]
        if len(near) < MOST:
            near = [row for row in near if row.gist in one.near[1]]
    answer = answers.get((one.platform, one.workspace, one.key))
    return Arrival(Caller(*place.callers[0]), answer, place.maps, place.stages, near)


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
