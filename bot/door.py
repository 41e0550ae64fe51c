"""What the door of every chat does in the same way: brings the facts that are missing, and always has an answer."""

import asyncio
import secrets
import time
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

import msgspec
import structlog

from handlers.answers import Answer, Button, Buttons, Card, Errors, Line, Need, Part, Silent, Tell, Words
from handlers.chat import Chat, ChatError
from handlers.dispatch import Dispatch
from handlers.request import Heard, PlaceFacts, Profile, Request
from handlers.router import ACTIONS
from handlers.text import Run, Text, plain, theirs
from handlers.words import say, word
from storage.errors import StorageError
from storage.measures import Spread

log = structlog.get_logger("door")

FETCH_SECONDS = 1.0
PRIVATE = "private-channel"  # what we call a channel whose name we may not know


class Answering:
    """Carries out requests; what a handler needs to know of a person or a place is asked of the platform once."""

    def __init__(self, dispatch: Dispatch, chat: Chat) -> None:
        self._dispatch = dispatch
        self._chat = chat
        self.done: Counter[tuple[str, str]] = Counter()  # by action and outcome
        self.took: defaultdict[str, Spread] = defaultdict(Spread)  # by action

    def now(self) -> datetime:
        """Product time."""
        return self._dispatch.now()

    async def for_person(self, request: Request) -> Answer:
        """The answer for a person: where nothing could be saved, a sentence that says so."""
        try:
            return await self.carried_out(request)
        except StorageError as error:
            ref = secrets.token_hex(2).upper()
            log.warning("unavailable", ref=ref, action=request.action, error=type(error).__name__)
        except Exception:
            ref = secrets.token_hex(2).upper()
            log.exception("broken", ref=ref, action=request.action)
        return _broken(request, ref)

    async def carried_out(self, request: Request) -> Answer:
        """The answer, committed; raises what went wrong."""
        began, outcome = time.perf_counter(), "broken"
        try:
            answer = await self._dispatch(request)
            while isinstance(answer, Need):
                request = await self._fetched(request, answer)
                answer = await self._dispatch(request)
            outcome = type(answer).__name__.lower()
            return answer
        except StorageError:
            outcome = "unavailable"
            raise
        finally:
            # A click may ask for anything: what nobody knows is one thing.
            action = request.action if request.action in ACTIONS else "unknown"
            self.done[action, outcome] += 1
            self.took[action].note(time.perf_counter() - began)

    async def _fetched(self, request: Request, need: Need) -> Request:
        actor = request.actor
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                if need.what == "profile":
                    profile = await self._chat.profile(actor.workspace, actor.user)
                    return _with(request, profile=profile)
                if need.what == "author":
                    author = await self._chat.profile(actor.workspace, need.of)
                    return _with(request, author=author.name)
                if need.what == "heard":
                    channel, _, message = need.of.partition(" ")
                    return _with(request, heard=await self._chat.message(actor.workspace, channel, message))
                place = await self._chat.place(actor.workspace, request.spot.channel if request.spot else "")
                return _with(request, place=place)
        except (ChatError, TimeoutError) as error:
            log.warning("not fetched", what=need.what, error=str(error))
        if need.what == "profile":
            return _with(request, profile=Profile(name=actor.name or actor.user, known=False))
        if need.what == "author":
            return _with(request, author="")
        if need.what == "heard":
            return _with(request, heard=Heard(found=False))
        spot = request.spot
        # Until we know better, what is said there is for nobody else.
        return _with(request, place=PlaceFacts(name=(spot.name if spot else "") or PRIVATE, private=True))


def form_button(text: Text, request: Request, again: str = "") -> Tell:
    """In a form's stead a sentence and the button that opens it."""
    action, _, value = again.partition(" ")
    if not action:
        action, value = request.action, request.text or request.value()
    button = Button(word("open form"), action, value, style="primary")
    return Tell(Card((Line(text), Buttons((button,))), plain(text)))


def said_errors(errors: Errors) -> Tell:
    """What is wrong, where no form is open that could show it at its fields."""
    words = tuple(theirs(sentence) for sentence in errors.fields.values())
    return Tell(Card(tuple(Line(text) for text in words), " ".join(map(plain, words))))


def _with(request: Request, **facts: Any) -> Request:
    return msgspec.structs.replace(request, **facts)


def _broken(request: Request, ref: str) -> Answer:
    """Nothing was saved: says so, and gives back what was typed."""
    text = say("broken", ref=ref)
    if request.surface == "form":
        first = next(iter(request.values), "")
        return Errors({first: plain(text)}) if first else Silent()
    parts: list[Part] = [Line(text)]
    if request.text:
        typed = (*say("broken words"), Run(" "), *theirs(request.text))
        parts.append(Words(typed, quoted=True))
    return Tell(Card(tuple(parts), plain(text)))
