"""Whom the clock asks about an item next, and when: never more than three questions a person and week."""

from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.effects import ask
from handlers.half_lives import half_life
from handlers.questions import STANDS
from handlers.working_hours import welcome_from
from storage.models import Item, Person, Prompt
from storage.store import Store

MOST_A_WEEK = 3
WEEK = timedelta(days=7)
LONGEST_WAIT = timedelta(days=7)  # for an answer, before the next one is asked
PULSE_WAITS = timedelta(days=3)
VOTERS, REPORTERS = 3, 3  # in one round
WATCH_FOR = timedelta(days=42)  # after it was closed nobody is asked about it any more


class Appointment(NamedTuple):
    """A message to a person that is on its way or waits for their morning: more questions may join it."""

    bundle: str
    at: datetime


class Round:
    """One look of the clock at an organisation: what it asks one person goes into one message."""

    def __init__(self, store: Store, now: datetime, made: dict[str, Appointment]) -> None:
        self._store = store
        self._now = now
        self._made = made

    def ask_next(self, item: Item, wishes: str) -> datetime:
        """Asks the next person about the item, if there is one to be asked; when the clock is to look again."""
        life = half_life(wishes, item.kind, item.severity) or LONGEST_WAIT
        wait = min(life / 8, LONGEST_WAIT)
        end = item.stale_at if item.stale_at and item.stale_at > self._now else self._now + life
        rows: list[Prompt] = self._store.checks.round(item.id, item.round)
        number = item.round
        if any(row.answer in STANDS for row in rows):
            self._store.checks.next_round(item.id)
            number, rows = item.round + 1, []
        busy: list[datetime] = []
        done = {row.person_id for row in rows}
        for person in self._to_ask(item, done):
            free, full = self._free_from(person)
            if free is None:
                continue
            if full or free > self._now + wait:
                busy.append(free)
                continue
            self._ask(person, item.id, number, free)
            return min(free + wait, end)
        return min([*busy, end])

    def watch(self, item: Item) -> datetime | None:
        """Asks who reported a closed item whether it is really gone; when to look again, if somebody is left."""
        done = {row.person_id for row in self._store.checks.round(item.id, item.round)}
        reporters = self._store.asking.reporters(item.id, REPORTERS)
        named = reporters or self._store.asking.voters(item.id, 1)
        busy: list[datetime] = []
        for person in self._willing([one for one in named if one not in done], item):
            free, full = self._free_from(person)
            if free is not None and not full and free <= self._now + LONGEST_WAIT:
                self._ask(person, item.id, item.round, free)
            elif free is not None:
                busy.append(free)
        soonest = min(busy, default=None)
        too_late = item.resolved_at is None or soonest is None or soonest > item.resolved_at + WATCH_FOR
        return None if too_late else soonest

    def ask_pulse(self, person_id: str, map_id: str, stage_id: str, week: int) -> bool:
        """Asks the person how a stage feels, in the week's question about it; false where that is no good time."""
        person = self._store.asking.may_ask(person_id, map_id, stage_id)
        if person is None:
            return False
        free, full = self._free_from(person)
        asked = self._store.asking.asked_since(person_id, self._now - WEEK)
        # What may have stopped being true comes first.
        if free is None or full or len(asked) >= MOST_A_WEEK - 1 or free > self._now + PULSE_WAITS:
            return False
        self._ask(person, stage_id, week, free)
        return True

    def _ask(self, person: Person, subject_id: str, number: int, at: datetime) -> None:
        """Puts a question to the person into the message of that moment."""
        store = self._store
        made = self._made.get(person.id)
        if made is None:
            made = self._made[person.id] = Appointment(store.new_id(), at)
            account = store.people.any_account(person.id)
            assert account is not None, "nobody else is free"
            ask(store, account.workspace_id, person.id, made.bundle, at)
        store.asking.ask(subject_id, number, person.id, made.bundle, made.at)

    def _free_from(self, person: Person) -> tuple[datetime | None, bool]:
        """When the person may be asked, and whether only then, as three questions a week are enough."""
        asked = self._store.asking.asked_since(person.id, self._now - WEEK)
        waiting = next((row for row in asked if row.asked_at > self._now and row.bundle), None)
        if waiting is not None:
            self._made.setdefault(person.id, Appointment(waiting.bundle, waiting.asked_at))
        if len(asked) >= MOST_A_WEEK:
            return welcome_from(person, asked[MOST_A_WEEK - 1].asked_at + WEEK), True
        if person.id in self._made:
            return self._made[person.id].at, False
        if self._store.people.any_account(person.id) is None:
            return None, False
        return welcome_from(person, self._now), False

    def _to_ask(self, item: Item, done: set[str]) -> list[Person]:
        """Owner, reporter, those who voted for it, and at last the map's owner."""
        journey = self._store.maps.get(item.map_id)
        named = [item.owner_id, item.author_id, *self._store.asking.voters(item.id, VOTERS)]
        named.append(journey.owner_id if journey else None)
        order = [person for person in dict.fromkeys(named) if person is not None and person not in done]
        return self._willing(order, item)

    def _willing(self, people: list[str], item: Item) -> list[Person]:
        known = (self._store.asking.willing(person, item.id) for person in people)
        return [person for person in known if person is not None]
