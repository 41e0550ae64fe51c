"""What falls due by itself: digests, and the pruning of what has had its time."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, time, timedelta
from itertools import chain, repeat
from time import monotonic
from typing import NamedTuple

import structlog

from handlers.answers import Mention, frozen
from handlers.difference import EACH, Difference, differences
from handlers.digest_card import digest_card, rest_card
from handlers.effects import digest as queue_digest
from handlers.effects import whisper
from handlers.sight import as_seen_by
from handlers.slots import Slot, known_zone, latest_slot_before, next_slot
from scheduler.checks import look_after
from scheduler.pace import DIGESTS
from storage import due
from storage.callers import organisations
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.linking import forget_codes
from storage.models import Schedule
from storage.store import Store
from storage.workspaces import digests_until, give_turns

log = structlog.get_logger("jobs")

LEASE = timedelta(seconds=60)
MOST_REST_SECONDS = 10.0  # where the database is slow it is no processor that is saved, and the lease runs
REMEMBERED = timedelta(hours=24)
SET_ASIDE = timedelta(days=30)
PUT_OFF = timedelta(hours=1)


async def tell_due(
    database: Database,
    clock: Callable[[], datetime],
    real: Callable[[], datetime],
    new_id: Callable[[], str],
    *,
    paced: bool = True,
) -> int:
    """Fires every digest that is due, of many organisations at a time; how many schedules that were.

    They are claimed, looked through and settled together; what is told of each is a transaction of its own, so that
    whoever types meanwhile is in between.
    """
    fired = 0
    for size in chain(due.SIZES, repeat(due.SIZES[-1])):
        claim = Claim(database, new_id(), clock, real, new_id, paced)
        if not await claim.take(size):
            break
        fired += await claim.tell()
    return fired


class Claim(NamedTuple):
    """Organisations that one worker has taken, under an id that only it knows."""

    database: Database
    id: str
    clock: Callable[[], datetime]
    real: Callable[[], datetime]
    new_id: Callable[[], str]
    paced: bool

    async def take(self, most: int) -> int:
        """Takes organisations that have something due; how many those are."""

        def unit(connection: Connection) -> int:
            real = self.real()
            return due.claim(connection, self.id, self.clock(), real, real + LEASE, most)

        return await self.database.write(unit)

    async def tell(self) -> int:
        """Tells all that is due in them, and gives them back; how many schedules that were."""
        now, renewed, fired = self.clock(), self.real(), 0
        wanted = await self.database.read(lambda connection: due.wanted(connection, self.id, now))
        ours: Collection[str] = {one.organisation_id for one in wanted}
        for one in wanted:
            if self.real() - renewed > LEASE / 2:
                renewed = self.real()
                ours = await self.database.write(lambda c: due.renew(c, self.id, self.real() + LEASE))
            if one.organisation_id not in ours:
                continue  # it took so long that somebody else has it by now
            began = monotonic()
            try:
                await _tell_organisation(self.database, one, now, self.new_id, self.paced)
            except StorageError:
                # What cannot be told now must not keep the others from being told: it waits, they do not.
                await self._give_back(one.organisation_id)
                raise
            fired += len(one.schedules)
            if self.paced:
                await _rest(monotonic() - began)
        await self.database.write(lambda connection: due.settle(connection, self.id, now))
        return fired

    async def _give_back(self, but: str) -> None:
        with suppress(StorageError):
            await self.database.write(lambda connection: due.give_back(connection, self.id, but))


async def _rest(worked: float) -> None:
    """Three quarters of the time belong to people, who type meanwhile, and to the posts that are on their way."""
    await asyncio.sleep(min(3 * worked, MOST_REST_SECONDS))


async def prune(database: Database, now: datetime, new_id: Callable[[], str]) -> None:
    """Forgets request keys, drafts, reactions on others' messages and codes after a day, what was not sent after 30."""
    for organisation_id in await database.read(organisations):

        def unit(connection: Connection, organisation_id: str = organisation_id) -> None:
            store = Store(connection, organisation_id, new_id)
            store.memory.forget(now - REMEMBERED)
            store.deliveries.forget(now - SET_ASIDE)
            store.votes.forget_strangers(f"{(now - REMEMBERED).timestamp():017.6f}")

        await database.write(unit)
    await database.write(lambda connection: forget_codes(connection, now - REMEMBERED))


async def _tell_organisation(
    database: Database, wanted: due.Wanted, now: datetime, new_id: Callable[[], str], paced: bool
) -> None:
    organisation_id = wanted.organisation_id
    if wanted.looks:
        # First, so that the digest tells what grew stale until now.
        await look_after(database, organisation_id, now, new_id)
    for schedule in wanted.schedules:
        try:
            slot = _slot(schedule, now)
            found = await database.read(_changes_of(organisation_id, schedule, now, new_id)) if slot else []
            await database.write(_fire(organisation_id, schedule, slot, found, now, new_id, paced))
        except StorageError:
            raise
        except Exception:
            # One that cannot be told must not keep the others from being told.
            log.exception("digest broken", schedule=schedule.id)
            await database.write(_put_off(organisation_id, schedule, now + PUT_OFF, new_id))


def _slot(schedule: Schedule, now: datetime) -> Slot | None:
    """The newest slot that is due: a clock that was down catches up once; or the moment at which one was wanted."""
    if schedule.wanted_at is not None:
        local = schedule.wanted_at.astimezone(known_zone(schedule.zone)).replace(tzinfo=None)
        return Slot(local.isoformat(timespec="seconds"), schedule.wanted_at)
    at = time.fromisoformat(schedule.at)
    return latest_slot_before(schedule.weekday, at, schedule.zone, schedule.weeks, schedule.anchor, now)


def _changes_of(
    organisation_id: str, schedule: Schedule, now: datetime, new_id: Callable[[], str]
) -> Callable[[Connection], list[Difference]]:
    def found(connection: Connection) -> list[Difference]:
        store = Store(connection, organisation_id, new_id)
        person = store.people.get(schedule.person_id) if schedule.person_id else None
        seen = as_seen_by(store, person) if person is not None else store
        return differences(seen, schedule.place_id, schedule, now)

    return found


def _put_off(
    organisation_id: str, schedule: Schedule, until: datetime, new_id: Callable[[], str]
) -> Callable[[Connection], None]:
    return lambda connection: Store(connection, organisation_id, new_id).digests.advance(schedule.id, until)


def _fire(
    organisation_id: str,
    schedule: Schedule,
    slot: Slot | None,
    found: list[Difference],
    now: datetime,
    new_id: Callable[[], str],
    paced: bool,
) -> Callable[[Connection], None]:
    """Slot, told revisions, queued digest and the next moment: one transaction, once per slot."""
    at = time.fromisoformat(schedule.at)
    coming = next_slot(schedule.weekday, at, schedule.zone, schedule.weeks, schedule.anchor, now)

    def unit(connection: Connection) -> None:
        store = Store(connection, organisation_id, new_id)
        store.digests.advance(schedule.id, coming.at)
        address = store.places.address(schedule.place_id)
        # A workspace that is stopped is told everything at once when it is back, not a digest for each week.
        if slot is None or address is None or address.stopped_at is not None:
            return
        # On Monday it speaks of the week that ended on Sunday.
        until = slot.at - timedelta(days=1) if schedule.wanted_at is None else slot.at
        alone = schedule.person_id is not None
        rest = None if alone else rest_card(found, EACH)
        card = digest_card(
            found,
            schedule.zone,
            until,
            EACH,
            threaded=rest is not None,
            first=store.digests.last_told_at(schedule.id) is None,
            calls=_called(store, address.workspace_id, schedule),
        )
        # What an empty week kept quiet about (an item taken back, say) may be told by the next one.
        told = [(one.map_id, one.after, one.upto) for one in found] if card else []
        kept = [frozen(one) if one else None for one in (card, rest)]
        fires = store.digests.add_slot(schedule.id, slot.local, slot.at, kept[0], kept[1], told)
        if fires and card is not None:
            key = f"{schedule.id} {slot.local}"
            posts = 1 if rest is None else 2
            turn = _turn(connection, address.workspace_id, now, posts) if paced else now
            if schedule.person_id is not None:
                whisper(store, address.workspace_id, schedule.person_id, f"digest {key}", card, turn)
            else:
                queue_digest(store, address.workspace_id, schedule.place_id, key, turn)
            log.info("digest", schedule=schedule.id, slot=slot.local)

    return unit


def _turn(connection: Connection, workspace_id: str, now: datetime, posts: int) -> datetime:
    """When a digest of so many posts may leave, so that a workspace is not flooded, by however many of us."""
    turn, until = DIGESTS.turn(digests_until(connection, workspace_id), now, posts)
    give_turns(connection, workspace_id, until)
    return turn


def _called(store: Store, workspace_id: str, schedule: Schedule) -> Mention | None:
    """The person who is called to the digest, while they are there."""
    if schedule.mention_id is None or schedule.person_id is not None:
        return None
    person = store.people.get(schedule.mention_id)
    account = store.people.account(workspace_id, schedule.mention_id)
    if person is None or account is None or person.gone_at is not None:
        return None
    return Mention(account.external_id, person.name)
