"""What people typed and we could not take yet: kept whole, given back to them alone."""

import msgspec

from handlers.errors import Refusal
from handlers.request import Request
from handlers.turn import Turn
from handlers.words import say

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)


def keep_draft(turn: Turn) -> None:
    """Keeps the request under the turn's draft id."""
    turn.store.memory.keep(turn.draft_id, turn.who.id, _encoder.encode(turn.request).decode(), turn.now)


def draft_of(turn: Turn, draft_id: str) -> Request:
    """What this person typed before; raises Refusal where it is gone or somebody else's."""
    draft = turn.store.memory.draft(draft_id)
    if draft is None:
        raise Refusal(say("draft gone"))
    if draft.person_id != turn.who.id:
        raise Refusal(say("draft not yours"))
    return _decoder.decode(draft.request)
