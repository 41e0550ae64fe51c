"""The workspace: who and what is in it, and the few ways in which it changes."""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable

from bot.playground.changes import Changes
from bot.playground.keeping import kept
from bot.playground.passes import Passes
from bot.playground.schema import Json
from bot.playground.things import Channel, Message, Person, Seen, Shown, View

SCOPES = (
    "commands chat:write reactions:read reactions:write users:read users:read.email "
    "channels:read groups:read channels:join channels:history groups:history "
    "im:history im:write files:write links:read links:write"
)


class World:
    """One workspace of Slack with one installed app; all its changes go through the methods below."""

    def __init__(self, team_id: str, domain: str) -> None:
        self.team_id, self.domain, self.team_name = team_id, domain, domain.title()
        self.app_id, self.bot_id = "A0MAPKEEPER", "B0MAPKEEPER"
        self.bot = Person("U0MAPKEEPER", "mapkeeper", "Mapkeeper", bot=True)
        self.people: dict[str, Person] = {self.bot.id: self.bot}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Message] = []
        self.views: defaultdict[str, list[View]] = defaultdict(list)
        self.homes: dict[str, View] = {}
        self.journal: list[Seen] = []
        self.changes = Changes()
        self.passes = Passes()
        self.scopes: set[str] = set(SCOPES.split())
        self.reactors_shown: int | None = None
        self.base_url = ""
        self.latest_cause: dict[str, str] = {}
        self.clock: Callable[[], float] = time.time
        self._last_ts = 0

    def ts(self) -> str:
        """A message timestamp: unique, and later than every one before."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def resume(self, last_ts: str) -> None:
        """Go on after this timestamp: every new one is later."""
        self._last_ts = int(last_ts.replace(".", ""))

    def person(self, who: str | Person) -> Person:
        """A person by id, name or themselves; LookupError when there is nobody."""
        if isinstance(who, Person):
            return who
        for person in self.people.values():
            if who.lstrip("@") in (person.id, person.name):
                return person
        raise LookupError(f"nobody is called {who!r}")

    def channel(self, where: str | Channel) -> Channel:
        """A conversation by id, name or itself; LookupError when there is none."""
        if isinstance(where, Channel):
            return where
        for channel in self.channels.values():
            if where.lstrip("#") in (channel.id, channel.name):
                return channel
        raise LookupError(f"no channel is called {where!r}")

    def direct(self, user: str) -> Channel:
        """The direct conversation between a person and the bot, opened where it is not there yet."""
        for channel in self.channels.values():
            if channel.im_with == user:
                return channel
        new = Channel("D" + user[1:], "directmessage", {user, self.bot.id}, private=True, im_with=user)
        self.channels[new.id] = new
        return new

    def note(
        self,
        what: Shown,
        user: str,
        *,
        message: Message | None = None,
        view: View | None = None,
        cause: str | None = None,
        words: str = "",
    ) -> None:
        """Write into the journal what a person sees, and wake everyone who waits.

        What names no cause is put down to the person's latest request.
        """
        because = cause or self.latest_cause.get(user)
        self.journal.append(Seen(what, user, message, view, because, words))
        self.changes.ring()

    def message(self, channel: str, ts: str) -> Message | None:
        """The living message of a channel with this timestamp."""
        found = self.channels.get(channel)
        return next((one for one in found.messages if one.ts == ts), None) if found else None

    def post(
        self,
        channel: Channel,
        user: Person,
        text: str,
        blocks: list[Json],
        *,
        thread_ts: str | None = None,
        metadata: Json | None = None,
        cause: str | None = None,
    ) -> Message:
        """Put a message into a channel."""
        new = Message(self.ts(), channel.id, user.id, text, kept(blocks), thread_ts, metadata)
        new.by_bot = user.id == self.bot.id
        channel.messages.append(new)
        reader = channel.im_with or ""
        self.note("message", reader, message=new, cause=cause)
        return new

    def whisper(
        self,
        channel: Channel,
        to: str,
        text: str,
        blocks: list[Json],
        *,
        thread_ts: str | None = None,
        cause: str | None = None,
    ) -> Message:
        """Show an ephemeral message to one person."""
        new = Message(self.ts(), channel.id, self.bot.id, text, kept(blocks), thread_ts)
        new.only_for, new.by_bot = to, True
        self.ephemerals.append(new)
        self.note("ephemeral", to, message=new, cause=cause)
        return new

    def rewrite(
        self,
        message: Message,
        text: str | None,
        blocks: list[Json] | None,
        *,
        cause: str | None = None,
    ) -> None:
        """Change a message's words; None leaves them."""
        if text is not None:
            message.text = text
        if blocks is not None:
            message.blocks = kept(blocks)
        message.edited = True
        self.note("replaced", message.only_for or "", message=message, cause=cause)

    def remove(self, message: Message, *, cause: str | None = None) -> None:
        """Take a message away."""
        message.deleted = True
        shelf = self.ephemerals if message.only_for else self.channels[message.channel].messages
        if message in shelf:
            shelf.remove(message)
        self.note("deleted", message.only_for or "", message=message, cause=cause)

    def new_view(self, user: str, content: Json, under: View | None = None) -> View:
        """A view that is not shown yet."""
        new_id = f"V{secrets.token_hex(5).upper()}"
        root = under.root_id if under else new_id
        return View(new_id, user, view_content(content), self.new_hash(), root, under.id if under else None)

    def change_view(self, view: View, content: Json) -> None:
        """Give a view new content; what was put in stays where block_id and action_id stay."""
        view.content, view.hash = view_content(content), self.new_hash()
        view.errors = {}

    def new_hash(self) -> str:
        """The mark of one state of a view."""
        return f"{int(time.time())}.{secrets.token_hex(4)}"

    def view(self, view_id: str) -> View | None:
        """The view with this id that is still open."""
        shown = [view for stack in self.views.values() for view in stack] + list(self.homes.values())
        return next((view for view in shown if view.id == view_id), None)


def view_content(content: Json) -> Json:
    """A view's content with its blocks as Slack keeps them."""
    return {**content, "blocks": kept(content["blocks"])}
