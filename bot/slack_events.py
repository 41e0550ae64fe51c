"""Slack's events, each translated once into what it asks for. What does not look as expected is None."""

from collections.abc import Callable, Mapping

from bot.payloads import Payload, dict_in, text_in
from bot.slack_payloads import actor_in, reaction
from handlers.request import Request


def home_opened(body: Payload) -> Request | None:
    """Somebody looks at their Home tab; the event also comes for the messages beside it."""
    event = dict_in(body, "event")
    who = actor_in(body.get("team_id"), event.get("user"), "")
    if who is None or not text_in(body, "event_id") or text_in(event, "tab") != "home":
        return None
    return Request(
        actor=who, spot=None, action="home.opened", key=f"e:{text_in(body, 'event_id')}", surface="event"
    )


EVENTS: Mapping[str, Callable[[Payload], Request | None]] = {
    "reaction_added": reaction,
    "reaction_removed": reaction,
    "app_home_opened": home_opened,
}
