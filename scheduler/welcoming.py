"""A word for somebody new in a channel, unless many come at once: then nobody wants to be greeted by a machine."""

from datetime import datetime, timedelta

import structlog

from handlers.answers import Card
from handlers.chat import Limited, Refused, Revoked, Unsure
from handlers.colleagues import welcome_card
from scheduler.job import Job, Outcome
from storage.store import Store

log = structlog.get_logger("welcoming")

TOGETHER, MANY = timedelta(minutes=1), 5


async def send_welcome(job: Job, until: datetime) -> Outcome:
    """Shows the welcome to the person alone, within the channel; one that cannot be shown is not worth a word."""
    place_id, user = job.row.place_id or "", job.row.subject_id or ""

    def drawn(store: Store) -> tuple[str, Card] | None:
        address = store.places.address(place_id)
        if address is None or address.gone_why is not None:
            return None
        if store.posts.came_with(place_id, user, TOGETHER) > MANY:
            return None
        card = welcome_card(store, place_id, address.name)
        return (address.external_id, card) if card is not None else None

    ready = await job.read(drawn)
    if ready is not None:
        try:
            await job.chat.hint(job.workspace, ready[0], user, ready[1])
        except (Limited, Revoked):
            raise
        except (Refused, Unsure) as error:
            log.info("not welcomed", error=str(error))
    await job.done()
    return Outcome.SENT if ready is not None else Outcome.NEEDLESS
