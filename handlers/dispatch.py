"""The way of one request: seen before? who is it? allowed? then the handler, then its answer is remembered.

Two savepoints: the inner one holds what the handler writes, so that a refusal undoes it; the outer one holds the
request's key, its answer and the draft of what was typed, so that nothing typed is lost and a request that is sent
again gets the same answer and does nothing twice.
"""

from collections.abc import Callable
from datetime import datetime

from handlers.access import VOTE_EMOJI, recognised
from handlers.answers import (
    Answer,
    Buttons,
    Card,
    Done,
    Errors,
    Line,
    Need,
    Part,
    Silent,
    Tell,
    Words,
    remembered,
    stored,
)
from handlers.drafts import keep_draft
from handlers.errors import FieldErrors, Missing, Refusal
from handlers.kinds import Kind
from handlers.near import gists_of_line
from handlers.request import Request
from handlers.router import ACTIONS, Action, Mode, Where
from handlers.text import plain, theirs
from handlers.turn import Turn
from handlers.words import say
from storage.callers import arrival
from storage.connection import Connection
from storage.database import Database
from storage.errors import Conflict
from storage.store import Store

ECHO = 7000  # characters of what was typed that a refusal repeats


class Dispatch:
    """Carries out requests: readers beside the writer where the action only reads."""

    def __init__(self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    def now(self) -> datetime:
        """Product time."""
        return self._clock()

    async def __call__(self, request: Request) -> Answer | Need:
        """The answer, committed; or what the door must fetch first. Raises Unavailable if the database is."""
        action, now = ACTIONS.get(request.action), self._clock()

        def unit(connection: Connection) -> Answer | Need:
            return carry_out(connection, request, now, self._new_id)

        # A person's first request writes them down, whatever they ask for.
        if action is not None and action.mode is Mode.READS and request.profile is None:
            return await self._database.read(unit)
        try:
            return await self._database.write(unit)
        except Conflict:
            # Another replica was at the same request, or at the same newcomer: what it wrote is there by now.
            return await self._database.write(unit)


def carry_out(
    connection: Connection, request: Request, now: datetime, new_id: Callable[[], str]
) -> Answer | Need:
    """One request within the transaction of `connection`."""
    actor = request.actor
    kind = request.action.removeprefix("log.")
    asked = gists_of_line(request.text) if request.text and kind in set(Kind) else []
    known = arrival(
        connection,
        actor.platform,
        actor.workspace,
        actor.user,
        request.spot.channel if request.spot else "",
        request.key,
        stages=request.action.startswith("log."),
        near=(kind, asked) if asked else None,
    )
    if known.answer is not None:
        return remembered(known.answer)
    if known.caller is None and not actor.user:
        return Silent()  # something happened in a workspace that has never used us
    try:
        organisation_id, workspace_id, who = recognised(connection, known.caller, request, now, new_id)
        store = Store(connection, organisation_id, new_id)
        vote_emoji = (known.caller.vote_emoji if known.caller else VOTE_EMOJI).split()
        turn = Turn(store, request, now, who, workspace_id, known.place, known.stages, frozenset(vote_emoji))
        turn.half_lives = known.caller.half_lives if known.caller else ""
        turn.near = frozenset(asked), known.near
        action = ACTIONS.get(request.action)
        if (
            turn.place_gone
            and request.surface == "command"
            and action is not None
            and action.mode is Mode.WRITES
        ):
            # Nobody can type in a channel that is archived or deleted: we look again whether we may post there.
            store.places.gone(turn.place_id or "", None)
        answer = _attempt(turn, action)
    except Missing as missing:
        return Need(missing.what, missing.of)
    # Errors leave the form open, and it comes back under the same key.
    if (
        action is not None
        and action.mode is Mode.WRITES
        and not action.idempotent
        and not isinstance(answer, Errors)
    ):
        store.memory.remember(request.key, stored(answer), now)
    return answer


def _attempt(turn: Turn, action: Action | None) -> Answer:
    connection = turn.store.connection
    try:
        if action is None:
            raise Refusal(say("unknown click"))
        _allow(turn, action)
        if action.mode is Mode.READS:
            return action.handler(turn)
        with connection.savepoint("handler"):
            return action.handler(turn)
    except FieldErrors as wrong:
        return Errors(wrong.fields)
    except Refusal as refusal:
        if refusal.keeps_words:
            keep_draft(turn)
        return _refused(turn.request, refusal)


def _allow(turn: Turn, action: Action) -> None:
    if not turn.may(action.role):
        if turn.request.action.startswith("log."):
            raise Refusal(say("not allowed log", admins=turn.admins()))
        raise turn.refuse_right(say(f"who {action.role.value}s"))
    if action.where is Where.CHANNEL and (turn.request.spot is None or turn.request.spot.direct):
        raise Refusal(say("not here"))


def _refused(request: Request, refusal: Refusal) -> Answer:
    parts: list[Part] = [Line(refusal.text)]
    typed = request.value("text") if request.surface == "form" else request.text
    if typed and request.surface != "click":
        parts.append(Words(theirs(typed[:ECHO]), quoted=True))
    if refusal.buttons:
        parts.append(Buttons(refusal.buttons))
    card = Card(tuple(parts), plain(refusal.text))
    match request.surface:
        case "event":
            return Silent()
        case "form":
            return Done(card)
        case "command" | "click":
            return Tell(card)
