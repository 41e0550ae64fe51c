"""What becomes of the app on a platform: installed, taken away, its channels renamed or gone."""

from handlers.answers import Answer, Silent
from handlers.errors import Refusal
from handlers.home import home
from handlers.kinds import Role
from handlers.turn import Turn
from handlers.words import say


def installed(turn: Turn) -> Answer:
    """Says hello; where nobody is an admin yet, whoever installs becomes one. `channels` can be reached again."""
    _check_event(turn)
    if not turn.store.people.admins():
        turn.store.people.set_role(turn.who.id, Role.ADMIN.value)
    _set_gone(turn, None)
    return home(turn)


def uninstalled(turn: Turn) -> Answer:
    """Nothing is sent to its `channels` any more."""
    _check_event(turn)
    _set_gone(turn, "not installed")
    return Silent()


def place_changed(turn: Turn) -> Answer:
    """A channel has another name, is gone, or is back: `channel`, `name` and `gone` are the request's values."""
    _check_event(turn)
    place = turn.store.places.by_external(turn.workspace_id, turn.request.value("channel"))
    if place is not None:
        if name := turn.request.value("name"):
            turn.store.places.rename(place.id, name)
        else:
            turn.store.places.gone(place.id, turn.request.value("gone") or None)
    return Silent()


def _set_gone(turn: Turn, why: str | None) -> None:
    channels = turn.request.values.get("channels", ())
    for channel in channels if isinstance(channels, tuple) else ():
        place = turn.store.places.by_external(turn.workspace_id, channel)
        if place is not None:
            turn.store.places.gone(place.id, why)


def _check_event(turn: Turn) -> None:
    """Only the platform says so, no button."""
    if turn.request.surface != "event":
        raise Refusal(say("unknown click"))
