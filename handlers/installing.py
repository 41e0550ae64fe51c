"""What becomes of the app on a platform: installed, taken away, its channels renamed, gone or back."""

from handlers.answers import Answer, Card, Line, Silent, Tell
from handlers.errors import Refusal
from handlers.home import home
from handlers.kinds import Role
from handlers.places import found_again, lost
from handlers.text import plain
from handlers.turn import Turn
from handlers.words import say
from storage.callers import stop_workspace
from storage.models import Place


def installed(turn: Turn) -> Answer:
    """Says hello, in short where there is more than a chat; `channels` can be reached again.

    Where nobody is an admin yet, whoever installs becomes one.
    """
    check_event(turn)
    if not turn.store.people.admins():
        turn.store.people.set_role(turn.who.id, Role.ADMIN.value)
    for place in channels_in(turn):
        found_again(turn.store, turn.workspace_id, place, turn.now)
    spot = turn.request.spot
    if spot is None or spot.direct or not turn.store.maps.all():
        return home(turn)
    # Home was said in the personal chat already; a channel that shows a map needs nothing.
    text = say("installed here")
    return Silent() if turn.maps else Tell(Card((Line(text),), plain(text)))


def uninstalled(turn: Turn) -> Answer:
    """Nothing is sent to its `channels` any more."""
    check_event(turn)
    for place in channels_in(turn):
        lost(turn.store, turn.workspace_id, place, "not installed", turn.now)
    return Silent()


def stopped(turn: Turn) -> Answer:
    """The app was taken out of the whole workspace, or its token is worth nothing: `why` is the platform's word."""
    check_event(turn)
    stop_workspace(turn.store.connection, turn.workspace_id, turn.request.value("why"), turn.now)
    return Silent()


def place_changed(turn: Turn) -> Answer:
    """A channel has another name, is gone, or is back: `channel`, `name` and `gone` are the request's values."""
    check_event(turn)
    place = turn.store.places.by_external(turn.workspace_id, turn.request.value("channel"))
    if place is None:
        return Silent()
    if name := turn.request.value("name"):
        turn.store.places.rename(place.id, name)
    elif why := turn.request.value("gone"):
        lost(turn.store, turn.workspace_id, place, why, turn.now)
    else:
        found_again(turn.store, turn.workspace_id, place, turn.now)
    return Silent()


def check_event(turn: Turn) -> None:
    """Only the platform says so, no button."""
    if turn.request.surface != "event":
        raise Refusal(say("unknown click"))


def channels_in(turn: Turn) -> list[Place]:
    """The places of the `channels` that the platform named, as far as we know them."""
    channels = turn.request.values.get("channels", ())
    found = [
        turn.store.places.by_external(turn.workspace_id, channel)
        for channel in (channels if isinstance(channels, tuple) else ())
    ]
    return [place for place in found if place is not None]
