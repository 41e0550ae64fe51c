"""What time does to items and maps: the clock asks about them, and shows as stale what nobody stands by."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from handlers.asking import Appointment, Round
from handlers.half_lives import new_times
from handlers.kinds import Trust
from handlers.trust import grow_stale
from handlers.weekly_look import look_at
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.models import Item, JourneyMap
from storage.store import Store

log = structlog.get_logger("checks")

AT_ONCE = 50  # items or maps in one transaction
IN_A_PASS = 500  # of one organisation, before others are at their turn
PUT_OFF = timedelta(hours=1)

Due = TypeVar("Due", bound=Item | JourneyMap)


async def look_after(
    database: Database, organisation_id: str, now: datetime, new_id: Callable[[], str]
) -> int:
    """Looks at items and maps of the organisation that are due, the longest due first; how many those were."""
    made: dict[str, Appointment] = {}

    def opened(connection: Connection) -> Store:
        return Store(connection, organisation_id, new_id)

    async def each(
        due: Callable[[Store], list[Due]],
        look: Callable[[Store, Round, Due], None],
        put_off: Callable[[Store, Due], None],
    ) -> int:
        looked = 0
        while looked < IN_A_PASS and (
            found := await database.read(lambda connection: due(opened(connection)))
        ):

            def unit(connection: Connection, found: list[Due] = found) -> None:
                store = opened(connection)
                round_ = Round(store, now, made)
                for one in found:
                    look(store, round_, one)

            def later(connection: Connection, found: list[Due] = found) -> None:
                for one in found:
                    put_off(opened(connection), one)

            try:
                await database.write(unit)
            except StorageError:
                raise
            except Exception:
                # One that cannot be looked at must not keep the others from it.
                log.exception("look broken", organisation=organisation_id)
                await database.write(later)
            looked += len(found)
        return looked

    return await each(
        lambda store: store.checks.due(now, AT_ONCE),
        lambda store, round_, item: _look_at_item(store, round_, item, now),
        lambda store, item: store.checks.look_again(item.id, now + PUT_OFF),
    ) + await each(
        lambda store: store.pulses.maps_due(now, AT_ONCE),
        lambda store, round_, journey: look_at(store, round_, journey, now),
        lambda store, journey: store.pulses.look_again(journey.id, now + PUT_OFF),
    )


def _look_at_item(store: Store, round_: Round, found: Item, now: datetime) -> None:
    item = store.items.locked(found.id)
    # Somebody may have spoken up, or taken it off the map, since it was found.
    if item is None or item.check_at is None or item.check_at > now or item.removed_at is not None:
        return
    wishes = store.people.settings().half_lives
    doubted = item.trust in (Trust.STALE, Trust.DISPUTED)
    if item.resolved_at is not None:
        store.checks.look_again(item.id, round_.watch(item))
    elif item.stale_at is None and not doubted:
        times = new_times(item, now, wishes)
        store.checks.set_times(item.id, times["check_at"], times["stale_at"])
    elif item.stale_at is not None and item.stale_at <= now and not doubted:
        grow_stale(store, item, now, wishes)
    else:
        store.checks.look_again(item.id, round_.ask_next(item, wishes))
