"""A question to one person within a channel; where it cannot be shown there, in their own chat with us."""

from datetime import datetime

import structlog

from handlers.answers import thawed
from handlers.chat import Limited, Refused, Revoked, Unsure
from scheduler.job import Job, Outcome

log = structlog.get_logger("hinting")


async def send_hint(job: Job, until: datetime) -> Outcome:
    """Asks once; what may have arrived is not asked again."""
    channel, _, user = (job.row.subject_id or "").partition(" ")
    card = thawed(job.row.payload or "")
    try:
        await job.chat.hint(job.workspace, channel, user, card)
    except (Limited, Revoked):
        raise
    except Unsure as error:
        log.info("perhaps not asked", error=str(error))
    except Refused:
        await job.chat.whisper(job.workspace, user, card)
    await job.done()
    return Outcome.SENT
