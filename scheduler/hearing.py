"""What people pressed while a map rested: it counts once the map is back, a few cards at a time."""

from datetime import datetime

from handlers.effects import hear_unheard
from handlers.votes import hear_waiting
from scheduler.job import Job, Outcome
from storage.store import Store

FEW = 20  # cards of one transaction: people click meanwhile


async def send_unheard(job: Job, until: datetime) -> Outcome:
    """Counts the reactions on the next few messages that say something else than the votes do; then on the next."""
    row, map_id = job.row, job.row.subject_id or ""
    unheard = await job.read(lambda store: store.votes.unheard(map_id, row.payload or "", FEW))
    if not unheard:
        await job.done()
        return Outcome.NEEDLESS

    def counted(store: Store) -> None:
        journey = store.maps.get(map_id)
        if journey is None or journey.archived_at is not None:
            return
        for post in unheard:
            hear_waiting(store, post.workspace_id, post.channel, post.message, post.item_id, job.clock())
        hear_unheard(store, row.workspace_id, map_id, job.clock(), after=unheard[-1].id)

    await job.done(counted)
    return Outcome.SENT
