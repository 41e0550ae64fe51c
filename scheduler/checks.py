"""What time does to items: the clock asks about them, and shows as stale what nobody stands by."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from handlers.asking import Appointment, Round
from handlers.kinds import Trust
from handlers.trust import grow_stale
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.models import Item
from storage.store import Store

log = structlog.get_logger("checks")

AT_ONCE = 50  # items in one transaction
PUT_OFF = timedelta(hours=1)


async def look_after(
    database: Database, organisation_id: str, now: datetime, new_id: Callable[[], str]
) -> int:
    """Looks at every item of the organisation that is due; how many those were."""

    def opened(connection: Connection) -> Store:
        return Store(connection, organisation_id, new_id)

    looked, made = 0, dict[str, Appointment]()
    while due := await database.read(lambda connection: opened(connection).checks.due(now, AT_ONCE)):
        try:
            await database.write(lambda connection, due=due: _look_at_all(opened(connection), due, now, made))  # type: ignore[misc]
        except StorageError:
            raise
        except Exception:
            # One that cannot be looked at must not keep the others from it.
            log.exception("check broken", organisation=organisation_id)
            await database.write(lambda connection, due=due: _put_off(opened(connection), due, now + PUT_OFF))  # type: ignore[misc]
        looked += len(due)
    return looked


def _look_at_all(store: Store, due: list[Item], now: datetime, made: dict[str, Appointment]) -> None:
    wishes = store.people.settings().half_lives
    round_ = Round(store, now, made)
    for found in due:
        item = store.items.locked(found.id)
        # Somebody may have spoken up, or taken it off the map, since it was found.
        if (
            item is not None
            and item.check_at is not None
            and item.check_at <= now
            and item.removed_at is None
        ):
            _look_at(store, round_, item, now, wishes)


def _look_at(store: Store, round_: Round, item: Item, now: datetime, wishes: str) -> None:
    if item.stale_at is not None and item.stale_at <= now and item.trust not in (Trust.STALE, Trust.DISPUTED):
        grow_stale(store, item, now, wishes)
        return
    again = round_.ask_next(item, wishes) if item.resolved_at is None else round_.watch(item)
    store.checks.look_again(item.id, again)


def _put_off(store: Store, due: list[Item], until: datetime) -> None:
    for item in due:
        store.checks.look_again(item.id, until)
