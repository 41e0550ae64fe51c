"""Home tabs: drawn for those who opened theirs, published where they would show something else."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from handlers.answers import Card, frozen
from handlers.chat import Refused, Revoked
from handlers.effects import home as queue_home
from handlers.home_tab import home_card
from handlers.sight import as_seen_by
from scheduler.job import Job, Outcome
from storage.connection import Connection
from storage.database import Database
from storage.homes import OpenHome, homes_behind
from storage.store import Store

LOOKED_AT = timedelta(days=7)  # a tab that nobody opened for longer is drawn when somebody does
MOST = 200


async def send_home(job: Job, until: datetime) -> Outcome:
    """Publishes one person's Home tab, unless it shows the same already."""
    row, now = job.row, job.clock()

    def drawn(store: Store) -> tuple[str, str, str, Card] | None:
        account = store.people.account(row.workspace_id, row.person_id or "")
        person = store.people.get(row.person_id or "")
        tab = store.homes.get(account.id) if account is not None else None
        if account is None or person is None or tab is None or person.gone_at is not None:
            return None
        return account.id, account.external_id, tab.shown, home_card(as_seen_by(store, person), person, now)

    ready = await job.read(drawn)
    if ready is None:
        await job.done()
        return Outcome.NEEDLESS
    account_id, user, shown, card = ready
    digest = hashlib.blake2b(frozen(card).encode(), digest_size=16).hexdigest()
    if digest == shown:
        await job.done()
        return Outcome.NEEDLESS
    try:
        await job.chat.home(job.workspace, user, card)
    except Revoked:
        raise
    except Refused:
        digest = ""  # the manifest offers no tab, say: nobody is told, and the next change tries again
    await job.done(lambda store: store.homes.shown(account_id, digest))
    return Outcome.SENT


async def draw_homes(database: Database, now: datetime, new_id: Callable[[], str]) -> int:
    """Queues every Home tab on whose maps something changed; how many those were."""

    def behind(connection: Connection) -> list[OpenHome]:
        return homes_behind(connection, now - LOOKED_AT, MOST)

    found = await database.read(behind)
    if not found:
        return 0

    def unit(connection: Connection) -> None:
        for tab in found:
            store = Store(connection, tab.organisation_id, new_id)
            store.homes.looked_through(tab.account_id, tab.revisions)
            queue_home(store, tab.workspace_id, tab.person_id, now)

    await database.write(unit)
    return len(found)
