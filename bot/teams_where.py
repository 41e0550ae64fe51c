"""Where a card in somebody's personal chat belongs: what was asked in a channel goes on about that channel.

What comes back from a client may have been changed on its way, so the place is sealed for that person.
"""

import hashlib
import hmac
from typing import Any

import msgspec

from bot.payloads import Payload, dict_in, text_in
from bot.teams_cards import OURS
from bot.teams_payloads import data_of
from handlers.request import Actor, Request, Spot

WHERE = "where"


class Seal:
    """Seals places and opens what comes back."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"mapkeeper where " + secret.encode()).digest()

    def sealed(self, content: Any, actor: Actor, spot: Spot) -> Any:
        """A copy of a card, or of a dialog, whose buttons carry the place."""
        where = {"channel": spot.channel, "name": spot.name, "private": _private(spot)}
        where["seal"] = self._seal(actor, where)
        return _carrying(content, where)

    def opened(self, activity: Payload, request: Request) -> Request:
        """The request, about the place that its button carried: there the person was once, and may be no more."""
        where = dict_in(dict_in(data_of(activity), OURS), WHERE)
        known = {name: text_in(where, name) for name in ("channel", "name", "private")}
        seal = text_in(where, "seal")
        if not known["channel"] or not hmac.compare_digest(
            seal.encode(), self._seal(request.actor, known).encode()
        ):
            return request
        private = {"yes": True, "no": False}.get(known["private"])
        spot = Spot(known["channel"], known["name"], private=private)
        return msgspec.structs.replace(request, spot=spot, message="")

    def _seal(self, actor: Actor, where: dict[str, str]) -> str:
        sealed = msgspec.json.encode(
            [actor.workspace, actor.user, where["channel"], where["name"], where["private"]]
        )
        return hmac.new(self._key, sealed, hashlib.sha256).hexdigest()[:40]


def _private(spot: Spot) -> str:
    return {True: "yes", False: "no", None: ""}[spot.private]


def _carrying(content: Any, where: dict[str, str]) -> Any:
    if isinstance(content, list):
        return [_carrying(one, where) for one in content]
    if not isinstance(content, dict):
        return content
    made = {name: _carrying(value, where) for name, value in content.items()}
    if made.get("type") in ("Action.Submit", "Action.Execute") and isinstance(made.get("data"), dict):
        ours = made["data"].get(OURS)
        if isinstance(ours, dict):
            made["data"] = {**made["data"], OURS: {**ours, WHERE: where}}
    return made
