"""Questions and good news on their way: drawn when they leave, and only while their person is at work."""

from collections.abc import Callable
from datetime import datetime

from handlers.answers import Card
from handlers.closing import closed_card
from handlers.effects import home, tell_closed
from handlers.questions import bundle_card
from handlers.sight import as_seen_by
from handlers.working_hours import welcome_from
from scheduler.job import Job, Outcome
from storage.models import Person
from storage.store import Store


async def send_questions(job: Job, until: datetime) -> Outcome:
    """Sends what one bundle asks; outside its person's hours it is withdrawn, and the clock asks anew."""
    row, now = job.row, job.clock()
    person_id, bundle = row.person_id or "", row.subject_id or ""
    account = await job.read(lambda store: store.people.account(row.workspace_id, person_id))
    person = await job.read(lambda store: store.people.get(person_id))
    card = await job.read(
        lambda store: _seen(store, person, lambda seen: bundle_card(seen, person_id, bundle, now))
    )
    if account is None or person is None or card is None or welcome_from(person, now) != now:
        await job.done(lambda store: _withdraw(store, person_id, bundle, now))
        return Outcome.NEEDLESS
    if not await job.write(lambda store: store.deliveries.sending(row, until)):
        return Outcome.TAKEN
    await job.chat.whisper(job.workspace, account.external_id, card)
    await job.done(lambda store: home(store, row.workspace_id, person_id, now))
    return Outcome.SENT


def _seen(store: Store, person: Person | None, draw: Callable[[Store], Card | None]) -> Card | None:
    """A card as the person may see it."""
    return draw(as_seen_by(store, person)) if person is not None else None


def _withdraw(store: Store, person_id: str, bundle: str, now: datetime) -> None:
    for question in store.asking.of_bundle(person_id, bundle):
        if question.answer is None and question.check_at is not None:
            store.checks.look_again(question.id, now)
    store.asking.withdraw(person_id, bundle)
    store.digests.wake(now)


async def send_closed(job: Job, until: datetime) -> Outcome:
    """Tells somebody that what they wanted is fixed or shipped, in their working hours."""
    row, now = job.row, job.clock()
    person_id, item_id = row.person_id or "", row.subject_id or ""
    account = await job.read(lambda store: store.people.account(row.workspace_id, person_id))
    person = await job.read(lambda store: store.people.get(person_id))
    card = await job.read(
        lambda store: _seen(store, person, lambda seen: closed_card(seen, item_id, person_id))
    )
    welcome = welcome_from(person, now) if person is not None else None
    if account is None or card is None or welcome is None:
        await job.done()
        return Outcome.NEEDLESS
    if welcome > now:
        await job.done(lambda store: tell_closed(store, row.workspace_id, person_id, item_id, welcome))
        return Outcome.NEEDLESS
    if not await job.write(lambda store: store.deliveries.sending(row, until)):
        return Outcome.TAKEN
    await job.chat.whisper(job.workspace, account.external_id, card)
    await job.done()
    return Outcome.SENT
