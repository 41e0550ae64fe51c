"""The way of one request: seen before? who is it? allowed? then the handler, then its answer is remembered.

Two savepoints: the inner one holds what the handler writes, so that a refusal undoes it; the outer one holds the
request's key, its answer and the draft of what was typed, so that nothing typed is lost and a request that is sent
again gets the same answer and does nothing twice.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
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
    Replace,
    Silent,
    Tell,
    Words,
    remembered,
    stored,
)
from handlers.drafts import keep_draft
from handlers.effects import whisper
from handlers.errors import FieldErrors, Missing, Refusal
from handlers.kinds import Kind, Role
from handlers.near import gists_of_line, own_gists
from handlers.request import Request
from handlers.router import ACTIONS, Action, Mode, Where
from handlers.sight import Unwritten, seen_here, viewer_of
from handlers.text import plain, theirs
from handlers.turn import Turn
from handlers.votes import reaction
from handlers.words import say
from storage.arrivals import Arrival, Coming, arrivals, presumed
from storage.callers import Caller
from storage.comments import is_card
from storage.connection import Connection
from storage.database import Database
from storage.errors import Busy, Conflict, StorageError
from storage.noting import Heard, Noting, Reaction
from storage.presumed import Mistaken
from storage.rounds import Round
from storage.store import Store
from storage.visible import EVERYTHING
from storage.writer import Grouped, Unit

_KINDS = frozenset(Kind)
TRACELESS = "what leaves no trace must ask whether it was seen before"
ECHO = 7000  # characters of what was typed that a refusal repeats


class Dispatch:
    """Carries out requests: readers beside the writer where the action only reads."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        *,
        paced: bool = True,
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._paced = paced

    def now(self) -> datetime:
        """Product time."""
        return self._clock()

    async def __call__(self, request: Request) -> Answer | Need:
        """The answer, committed; or what the door must fetch first. Raises Unavailable if the database is."""
        action, now = ACTIONS.get(request.action), self._clock()

        if action is not None and action.on_card and not await self._known(request):
            return Silent()
        # A person's first request writes them down, whatever they ask for.
        if action is not None and action.mode is Mode.READS and request.profile is None:
            with suppress(Unwritten):
                return await self._database.read(Carrying(request, now, self._new_id, writes=False))
        unit = Carrying(request, now, self._new_id, paced=self._paced)
        try:
            return await self._database.write(unit)
        except Conflict:
            # Another replica was at the same request, or at the same newcomer: what it wrote is there by now.
            return await self._database.write(unit)

    async def _known(self, request: Request) -> bool:
        """Is what happened there about a card of ours? Whether the platform says so is for the handler to judge."""
        actor, channel = request.actor, request.spot.channel if request.spot else ""
        thread = request.value("thread")
        return request.surface != "event" or await self._database.read(
            lambda connection: is_card(connection, actor.platform, actor.workspace, channel, thread)
        )


class Carrying(Grouped):
    """One request as a unit of work; in a group it asks its first questions together with the light ones behind it."""

    def __init__(
        self,
        request: Request,
        now: datetime,
        new_id: Callable[[], str],
        *,
        writes: bool = True,
        paced: bool = True,
    ) -> None:
        self.request = request
        self.action = ACTIONS.get(request.action)
        # Somebody new is written down, and that is what others ask for.
        self.light = self.action is not None and self.action.light and request.profile is None
        self._now = now
        self._new_id = new_id
        self._writes = writes
        self._paced = paced
        self._coming = _coming(request, counts=self.light)
        self._known: Arrival | None = None
        self._heard: Heard | None = None
        self._asked = 0  # in which transaction
        self._presumed = False  # it has, once

    def ask(self, connection: Connection, behind: Sequence[Unit]) -> None:
        if self._asked == connection.begun:
            return
        if connection.presumed.may and not self._presumed:
            self._presumed = True
            self._known = presumed(connection, self._coming)
            if self._known is not None:
                self._asked, self._heard = connection.begun, None
                return
        group = [self]
        if self.light and behind:
            keys, said = {self.request.key}, set(self._said())
            for other in behind:
                if not isinstance(other, Carrying) or not other.light or other.request.key in keys:
                    break  # what was sent twice must find what became of the first
                if other._says_one_of(said):
                    break  # and what says nearly the same must find it said
                keys.add(other.request.key)
                said.update(other._said())
                group.append(other)
        marks: dict[str, tuple[Carrying, Reaction]] = {}
        noted: list[Noting] = []

        def reactions(talk: Round, callers: list[Caller | None]) -> None:
            found: dict[str, tuple[Carrying, Reaction]] = {}
            for one, caller in zip(group, callers, strict=True):
                told = one._reaction(caller)
                if told is not None:
                    # Of one person's reactions the second one must find what became of the first.
                    found.setdefault(told.person_id, (one, told))
            if noted and found != marks:
                raise Busy("somebody has become somebody else meanwhile")  # what was noted is undone
            if found and not noted:
                marks.update(found)
                noted.append(Noting(connection, talk, [told for _, told in found.values()]))

        found = arrivals(connection, [one._coming for one in group], reactions)
        for one, known in zip(group, found, strict=True):
            one._known, one._asked, one._heard = known, connection.begun, None
        for noting in noted:
            for (one, _), told in zip(marks.values(), noting.heard(), strict=True):
                one._heard = told

    def __call__(self, connection: Connection) -> Answer | Need:
        if self._asked != connection.begun or self._known is None:
            (self._known,) = arrivals(connection, [self._coming])
            self._heard = None
        known, heard, self._known = self._known, self._heard, None
        connection.wrote += heard is not None  # where it goes wrong from here on, the mark is undone with it
        gists = frozenset(self._coming.near[1] if self._coming.near else ())
        try:
            answer = carry_out(
                connection,
                self.request,
                self._now,
                self._new_id,
                known,
                gists,
                heard,
                writes=self._writes,
                paced=self._paced,
            )
        except StorageError:
            raise
        except Exception as error:
            if known.sure:
                raise
            raise Mistaken(TRACELESS) from error
        if not known.sure and isinstance(answer, Need | Errors):
            raise Mistaken(TRACELESS)
        return answer

    def _said(self) -> list[tuple[str, str]]:
        """By which kind and gists others find the item that this may become."""
        if self._coming.near is None:
            return []
        kind, _ = self._coming.near
        return [(kind, gist) for gist in own_gists(self.request.text)]

    def _says_one_of(self, said: set[tuple[str, str]]) -> bool:
        """Would this be asked whether it is one of those items?"""
        kind, gists = self._coming.near or ("", ())
        return any((kind, gist) in said for gist in gists)

    def _reaction(self, caller: Caller | None) -> Reaction | None:
        """The vote by reaction that it is, of somebody who may; one that is sent again finds that it is no news."""
        if self.request.action != "mark" or caller is None or caller.person_id is None or self.action is None:
            return None
        if not Role(caller.role or Role.VIEWER).covers(self.action.role):
            return None
        ids = (caller.organisation_id, caller.workspace_id, caller.person_id)
        return reaction(self.request, ids, caller.vote_emoji.split())


def _coming(request: Request, *, counts: bool) -> Coming:
    """What a request tells of itself; one that logs may take its map's next number if it `counts`."""
    kind, actor = request.action.removeprefix("log."), request.actor
    logs = kind in _KINDS
    gists = gists_of_line(request.text) if request.text and logs else ()
    return Coming(
        actor.platform,
        actor.workspace,
        actor.user,
        request.spot.channel if request.spot else "",
        request.key,
        counts=counts and logs,
        near=(kind, gists) if gists else None,
    )


def carry_out(
    connection: Connection,
    request: Request,
    now: datetime,
    new_id: Callable[[], str],
    known: Arrival,
    gists: frozenset[str],
    heard: Heard | None,
    *,
    writes: bool,
    paced: bool,
) -> Answer | Need:
    """One request within the transaction of `connection`."""
    if known.answer is not None:
        before = remembered(known.answer)
        return before if _told_later(request, before) is None else Silent()
    if known.caller is None and not request.actor.user:
        return Silent()  # something happened in a workspace that has never used us
    try:
        organisation_id, workspace_id, who = recognised(connection, known.caller, request, now, new_id)
        hides = known.caller is not None and known.caller.private_maps
        viewer = viewer_of(who.id, who.role) if hides else EVERYTHING
        store = Store.kept(connection, organisation_id, new_id, viewer)
        place = seen_here(store, known.place, request, now, writes=writes) if hides else known.place
        vote_emoji = (known.caller.vote_emoji if known.caller else VOTE_EMOJI).split()
        turn = Turn(store, request, now, who, workspace_id, place, known.stages, frozenset(vote_emoji))
        turn.half_lives = known.caller.half_lives if known.caller else ""
        turn.near = gists, known.near
        turn.heard = heard
        turn.paced = paced
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
        told = _told_later(request, answer)
        if told is not None:
            whisper(store, workspace_id, who.id, request.key, told, now, asked_in=request.spot)
            return Silent()
    return answer


def _told_later(request: Request, answer: Answer) -> Card | None:
    """What the queue tells instead of the door."""
    return answer.card if request.said_later and isinstance(answer, Tell | Replace | Done) else None


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
