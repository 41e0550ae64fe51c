"""What a person sees: a map that is hidden from them is not there, wherever they ask."""

from datetime import datetime

from handlers.kinds import Role
from handlers.request import Request
from handlers.words import word
from storage.callers import BoundMap
from storage.models import Person
from storage.store import Store
from storage.visible import EVERYTHING


class Unwritten(Exception):
    """Somebody is to be written down as one of a channel's people, and this only reads."""


def viewer_of(person_id: str, role: Role) -> str:
    """As whom the person looks at the store; nothing is hidden from admins, nor from the platform itself."""
    return EVERYTHING if role is Role.ADMIN else person_id


def as_seen_by(store: Store, person: Person) -> Store:
    """The store as that person sees it."""
    return store.seen_by(viewer_of(person.id, Role(person.role)))


def hidden_from(store: Store, map_id: str, person_id: str) -> str:
    """What is said where that person is to own something on a map that they do not see; nothing where they do."""
    if store.members.sees(map_id, person_id):
        return ""
    person = store.people.get(person_id)
    return word("error hidden", name=person.name if person else word("somebody"))


def seen_here(
    store: Store, place: list[BoundMap], request: Request, now: datetime, *, writes: bool
) -> list[BoundMap]:
    """What the place shows, as far as the person sees it.

    Who does something in a channel is one of its people, and sees its private maps from then on; raises Unwritten
    where that cannot be written down. A form only says where it was opened, and that may be made up.
    """
    hidden = {row.map_id for row in place if row.hidden and row.map_id and row.owner_id != store.viewer}
    if not hidden or store.viewer == EVERYTHING:
        return place
    place_id = place[0].place_id
    known = store.members.here(place_id, store.viewer)
    if _is_there(request):
        for map_id in sorted(hidden - {map_id for map_id, through in known if through == place_id}):
            if not writes:
                raise Unwritten
            store.members.add(map_id, store.viewer, by=None, at=now, place_id=place_id)
        return place
    hidden -= {map_id for map_id, _ in known}
    return [row for row in place if row.map_id not in hidden] or [place[0]._replace(map_id=None)]


def _is_there(request: Request) -> bool:
    """Does the platform itself say where it happened?"""
    return request.surface in ("command", "event") or (request.surface == "click" and request.message != "")
