"""What the history keeps of a change: who, when, and what it was before and after."""

from collections.abc import Mapping
from typing import Any

import msgspec

from handlers.turn import Turn
from storage.maps import Step

_json = msgspec.json.Encoder()


def record(
    turn: Turn,
    map_id: str,
    what: str,
    subject: tuple[str, str],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Step:
    """Takes the map's next revision for a change of `subject`, its sort and its id, and tells the history."""
    step = turn.store.maps.step(map_id, None, turn.now)
    turn.store.history.write(
        map_id,
        step.revision,
        step.at,
        turn.who.id or None,  # the platform itself is nobody
        what,
        *subject,
        before=None if before is None else _json.encode(before).decode(),
        after=None if after is None else _json.encode(after).decode(),
    )
    return step
