"""Tells what is due in a process of its own, so that it can be killed in the middle: URL MOMENT SECONDS_LATER."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from scheduler.jobs import tell_due
from storage.database import Database, new_id
from storage.errors import StorageError


async def tell(database_url: str, now: datetime, later: timedelta) -> None:
    """One tick at that moment of product time; leases run in real time, which is `later` than it is."""
    database = Database(database_url)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    left = 1
    while left:
        try:
            left = await tell_due(database, lambda: now, lambda: datetime.now(UTC) + later, new_id)
        except StorageError:
            later += timedelta(seconds=61)  # as the clock does: again, once the lease is over
    await database.close()


if __name__ == "__main__":
    url, moment, seconds = sys.argv[1:]
    asyncio.run(tell(url, datetime.fromisoformat(moment), timedelta(seconds=float(seconds))))
