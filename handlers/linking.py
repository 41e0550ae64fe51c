"""One organisation on two platforms, one person with two accounts: joined by a code that works once."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta

from handlers.answers import Answer, Card, Line, Part, Tell, Words
from handlers.effects import redraw
from handlers.errors import Refusal
from handlers.kinds import Role
from handlers.text import Text, UserText, ours, plain
from handlers.turn import Turn
from handlers.words import say
from storage import linking
from storage.models import LinkCode

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
ORGANISATION, PERSON = "organisation", "person"


def link(turn: Turn) -> Answer:
    """`/journey link` makes a code for a workspace, `link me` one for an account, and `link CODE` uses it."""
    typed = turn.request.text.strip()
    if not typed:
        _check_admin(turn)
        return _issue(turn, ORGANISATION)
    if typed.lower() == "me":
        return _issue(turn, PERSON)
    return _use(turn, typed)


def _issue(turn: Turn, joins: str, chance: Callable[[int], str] = secrets.token_hex) -> Answer:
    code_id, secret = chance(4), chance(16)
    linking.add_code(
        turn.store.connection,
        id=code_id,
        organisation_id=turn.store.organisation_id,
        person_id=turn.who.id,
        joins=joins,
        hash=_hashed(secret),
        expires_at=turn.now + GOOD_FOR,
    )
    command = f"link {code_id}-{secret}"
    other = say("link other teams" if turn.request.actor.platform == "slack" else "link other slack")
    text = say("link code" if joins == ORGANISATION else "link code me", other=other)
    return _told(text, Words(ours(command), quoted=True))


def _use(turn: Turn, typed: str) -> Answer:
    code_id, _, secret = typed.strip("“”\"'` ").lower().partition("-")
    connection = turn.store.connection
    code = linking.find_code(connection, code_id[:64])
    if code is None or not _is_good(turn, code):
        raise Refusal(say("link wrong"))
    if not hmac.compare_digest(code.hash, _hashed(secret)):
        linking.count_try(connection, code.id)
        # Said, not refused: a refusal would take the counted try back.
        return _told(say("link wrong"))
    if code.joins == PERSON:
        return _join_person(turn, code)
    _check_admin(turn)
    return _join_organisation(turn, code)


def _join_organisation(turn: Turn, code: LinkCode) -> Answer:
    connection, here, there = turn.store.connection, turn.store.organisation_id, code.organisation_id
    if here == there:
        return _told(say("link one already"))
    holds_here, holds_there = linking.has_map(connection, here), linking.has_map(connection, there)
    if holds_here and holds_there:
        raise Refusal(say("link both maps"))
    linking.use_code(connection, code.id, turn.now)
    source, target = (there, here) if holds_here else (here, there)
    linking.move_organisation(connection, source, target)
    return _told(say("linked"))


def _join_person(turn: Turn, code: LinkCode) -> Answer:
    store = turn.store
    if code.organisation_id != store.organisation_id:
        raise Refusal(say("link organisations first"))
    person = store.people.get(code.person_id)
    if person is None or person.id == turn.who.id:
        return _told(say("link one already"))
    linking.use_code(store.connection, code.id, turn.now)
    for item_id in linking.join_people(store.connection, store.organisation_id, turn.who.id, person.id):
        item = store.items.locked(item_id)
        if item is not None:
            step = store.maps.step(item.map_id, None, turn.now)
            store.items.count_votes(item.id, -1, step.revision)
            store.history.write(item.map_id, step.revision, step.at, person.id, "unvoted", "item", item.id)
            redraw(store, turn.workspace_id, item.id, turn.now)
    return _told(say("linked me", name=UserText(person.name)))


def _is_good(turn: Turn, code: LinkCode) -> bool:
    return code.used_at is None and code.expires_at > turn.now and code.tries < TRIES


def _check_admin(turn: Turn) -> None:
    if not turn.may(Role.ADMIN):
        raise turn.refuse_right(say("who admins"))


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _told(text: Text, *more: Part) -> Answer:
    return Tell(Card((Line(text), *more), plain(text)))
