"""Listening: as long as we hear a workspace nothing is missed; after a gap its reactions are asked for, one by one."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog

from handlers.chat import Limited, Refused, Revoked
from handlers.dispatch import Carrying
from handlers.effects import recount
from handlers.request import Actor, Reactions, Request, Spot
from scheduler.job import Job, Outcome
from storage.callers import workspace
from storage.connection import Connection
from storage.database import Database
from storage.store import Store
from storage.workspaces import heard, open_workspaces

log = structlog.get_logger("listening")

MISSED = timedelta(minutes=6)  # Slack sends an event again after one minute and after five, and then no more
RECENT = timedelta(days=30)
EVERY = timedelta(seconds=1.5)  # 40 a minute of the 50 that Slack's third tier allows
NEWEST = "~"  # an id after all others


async def listen(
    database: Database,
    platforms: Iterable[str],
    clock: Callable[[], datetime],
    real: Callable[[], datetime],
    new_id: Callable[[], str],
) -> int:
    """Notes that we hear every workspace now; those that we did not for long are recounted: how many those are."""

    def unit(connection: Connection) -> int:
        now, missed = real(), 0
        for platform in platforms:
            for known in open_workspaces(connection, platform):
                if known.heard_at is not None and now - known.heard_at > MISSED:
                    recount(Store(connection, known.organisation_id, new_id), known.id, NEWEST, clock())
                    log.info("recount", workspace=known.id, since=known.heard_at.isoformat())
                    missed += 1
                heard(connection, known.id, now)
        return missed

    return await database.write(unit)


async def send_recount(job: Job, until: datetime) -> Outcome:
    """Asks how one message's reactions stand and counts them; then the next older message is at its turn."""
    row, since = job.row, job.clock() - RECENT

    def sought(store: Store) -> tuple[Any, str] | None:
        post = store.posts.older(row.workspace_id, row.payload or NEWEST, since)
        known = workspace(store.connection, row.workspace_id)
        return (post, known.platform) if post is not None and known is not None else None

    found = await job.read(sought)
    if found is None:
        await job.done()
        return Outcome.NEEDLESS
    post, platform = found
    # What happens while we ask is told by events of its own, which are newer than this moment.
    at = f"{job.real().timestamp():017.6f}"
    try:
        seen = await job.chat.reactions(job.workspace, post.channel, post.external_id)
    except (Limited, Revoked):
        raise
    except Refused as error:
        log.info("not recounted", post=post.id, error=str(error))
        seen = None
    else:
        if seen is None:  # this platform tells no bot
            await job.done()
            return Outcome.NEEDLESS

    def recorded(store: Store) -> None:
        if seen is not None:
            request = _request(Actor(platform, job.workspace, ""), post, seen, at)
            Carrying(request, job.clock(), job.new_id)(store.connection)
        recount(store, row.workspace_id, post.id, job.clock() + EVERY)

    await job.done(recorded)
    return Outcome.SENT


def _request(actor: Actor, post: Any, seen: Reactions, at: str) -> Request:
    return Request(
        actor=actor,
        spot=Spot(post.channel),
        action="votes.recounted",
        key=f"recount:{post.id}:{at}",
        surface="event",
        values=seen.people,
        about={"at": at, "cut": " ".join(sorted(seen.cut))},
        message=post.external_id,
    )
