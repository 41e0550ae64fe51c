"""Who is in the channels that show private maps: asked when one is shown there, and once a day, as people leave."""

from datetime import datetime, timedelta

import structlog

from handlers.chat import Limited, Refused, Revoked
from handlers.dispatch import Carrying
from handlers.effects import ask_people
from handlers.request import Actor, Crowd, Request
from scheduler.job import Job, Outcome
from storage.store import Store

log = structlog.get_logger("crowds")

AGAIN = timedelta(days=1)


async def send_people(job: Job, until: datetime) -> Outcome:
    """Asks who is in the channel and writes it down; not any more where it shows no private map."""
    row = job.row
    place_id = row.place_id or ""
    address = await job.read(lambda store: store.places.address(place_id))
    maps = await job.read(lambda store: store.maps.bindings(place_id))
    if address is None or address.gone_why is not None or not any(one.private for one in maps):
        await job.done()
        return Outcome.NEEDLESS
    try:
        crowd = await job.chat.people(job.workspace, address.external_id)
    except (Limited, Revoked):
        raise
    except Refused as error:
        log.info("people not told", place=place_id, error=str(error))
        crowd = None

    def recorded(store: Store) -> None:
        if crowd is not None:
            actor = Actor(address.platform, job.workspace, "")
            request = _request(actor, address.external_id, crowd, row.id)
            Carrying(request, job.clock(), job.new_id)(store.connection)
        ask_people(store, row.workspace_id, place_id, job.clock() + AGAIN)

    await job.done(recorded)
    return Outcome.SENT


def _request(actor: Actor, channel: str, crowd: Crowd, key: str) -> Request:
    return Request(
        actor=actor,
        spot=None,
        action="place.people",
        key=f"people:{key}",
        surface="event",
        values={"channel": channel, "users": crowd.users, "whole": "yes" if crowd.whole else ""},
    )
