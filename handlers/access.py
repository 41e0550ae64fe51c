"""Who is asking: workspaces, people and roles at first sight."""

from collections.abc import Callable
from datetime import datetime

from handlers.effects import ask_profile
from handlers.errors import Missing
from handlers.kinds import ROLES, Role
from handlers.request import Profile, Request
from handlers.turn import Who
from storage.callers import Caller, add_workspace
from storage.connection import Connection
from storage.store import Store

VOTE_EMOJI = "+1 arrow_up heart fire"
THE_PLATFORM = Who("", "", "", Role.VIEWER, None)  # itself says what happened, and no person


def recognised(
    connection: Connection,
    caller: Caller | None,
    request: Request,
    now: datetime,
    new_id: Callable[[], str],
) -> tuple[str, str, Who]:
    """The organisation's and the workspace's ids, and the person; somebody new is written down.

    Raises Missing("profile") for a person who is not known yet, until the door brings their profile.
    """
    if caller is not None and caller.person_id and caller.account_id:
        role = ROLES[caller.role or Role.VIEWER]
        who = Who(caller.person_id, caller.account_id, caller.name or "", role, caller.zone)
        return caller.organisation_id, caller.workspace_id, who
    if caller is not None and not request.actor.user:
        return caller.organisation_id, caller.workspace_id, THE_PLATFORM
    profile = request.profile
    if profile is None:
        raise Missing("profile")
    if caller is not None:
        organisation_id, workspace_id = caller.organisation_id, caller.workspace_id
    else:
        organisation_id, workspace_id = new_id(), new_id()
        actor = request.actor
        add_workspace(
            connection,
            (organisation_id, workspace_id),
            actor.platform,
            actor.workspace,
            actor.workspace,
            VOTE_EMOJI,
            now,
        )
    store = Store(connection, organisation_id, new_id)
    return organisation_id, workspace_id, met(store, workspace_id, request.actor.user, profile, now)


def met(store: Store, workspace_id: str, user: str, profile: Profile, now: datetime) -> Who:
    """Writes down somebody new; who could not be asked for is asked for later. `user` is the platform's own id."""
    person_id, account_id, role = store.new_id(), store.new_id(), first_role(profile)
    store.people.add(
        (person_id, account_id),
        workspace_id,
        user,
        name=profile.name,
        role=role,
        zone=profile.zone,
        known=profile.known,
        at=now,
    )
    if not profile.known:
        ask_profile(store, workspace_id, person_id, now)
    return Who(person_id, account_id, profile.name, role, profile.zone)


def first_role(profile: Profile) -> Role:
    """Workspace admins start as admins, guests as viewers, everybody else as members."""
    if profile.admin:
        return Role.ADMIN
    return Role.VIEWER if profile.guest else Role.MEMBER
