"""A channel that cannot be reached any more, and one that can again."""

from datetime import datetime

from handlers.answers import Card, Line
from handlers.effects import redraw, whisper
from handlers.text import Text, UserText, plain
from handlers.words import say
from storage.models import Place
from storage.store import Store


def lost(store: Store, workspace_id: str, place: Place, why: str, now: datetime) -> None:
    """Nothing is sent there any more and its digests rest, of which their owner is told once.

    `why` is a word of the catalogue: archived, gone, not in channel or not installed.
    """
    store.places.gone(place.id, why)
    if store.digests.pause_place(place.id, now):
        text = say(f"place {why}", channel=UserText(place.name))
        tell_owner(store, workspace_id, place, f"lost {place.id}", text, now)


def found_again(store: Store, workspace_id: str, place: Place, now: datetime) -> None:
    """It can be reached again: its digests go on, and its cards show what happened meanwhile."""
    if place.gone_why is None:
        return
    store.places.gone(place.id, None)
    store.digests.resume_place(place.id)
    for item_id in store.posts.behind(place.id):
        redraw(store, workspace_id, item_id, now)


def tell_owner(store: Store, workspace_id: str, place: Place, key: str, text: Text, now: datetime) -> None:
    """A private sentence to the person to whom the digest of that channel belongs.

    Where they left, to the owner of a map there, or else to an admin.
    """
    owner = next((schedule.owner_id for schedule in store.digests.schedules(place.id)), None)
    if owner is not None and _left(store, owner):
        maps = [store.maps.get(bound.map_id) for bound in store.maps.bindings(place.id)]
        others = [
            *(journey.owner_id for journey in maps if journey),
            *(one.id for one in store.people.admins()),
        ]
        owner = next((one for one in others if one is not None and not _left(store, one)), None)
    if owner is not None:
        whisper(store, workspace_id, owner, key, Card((Line(text),), plain(text)), now)


def _left(store: Store, person_id: str) -> bool:
    person = store.people.get(person_id)
    return person is None or person.gone_at is not None
