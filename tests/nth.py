"""A story of thirty steps in which one call fails, the n-th: nothing acknowledged is lost, everybody is answered."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from bot.playground.reading import plain
from bot.playground.replies import Reply
from bot.playground.things import Message, View
from storage.connection import Connection
from storage.database import connection_to
from storage.errors import Unavailable
from tests.load import cards, one, refs_in, rows
from tests.world import MovedClock, World

TRIES = 4
MAP = "Dinner with friends"


class NthCall:
    """Makes one call to the database fail, the n-th, as a disk that is away for a moment does; 0 only counts."""

    def __init__(self, n: int = 0) -> None:
        self.n = n
        self.count = 0
        self.said = ""

    @property
    def hit(self) -> bool:
        """Did a call fail?"""
        return 0 < self.n <= self.count

    def connect(self, url: str, readonly: bool) -> Connection:
        """For `Database(url, connect=…)`."""
        self._pass("connect")
        connection: Any = connection_to(url, readonly)
        verbs = ["all", "run", "run_many", "command", "_begin"] + (
            ["gather", "pose"] if connection.kind == "postgresql" else []
        )
        for verb in verbs:
            setattr(connection, verb, self._counted(verb, getattr(connection, verb)))
        commit = connection._commit

        def committed() -> None:
            self._pass("commit")
            commit()
            self._pass("committed")  # it is, but nobody hears of it

        connection._commit = committed
        return connection  # type: ignore[no-any-return]

    def _counted(self, verb: str, genuine: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **values: Any) -> Any:
            self._pass(verb)
            return genuine(*given, **values)

        return counted

    def _pass(self, verb: str) -> None:
        self.count += 1
        if self.count == self.n:
            self.said = verb
            raise Unavailable(f"call {self.n} fails: {verb}")


class Story:
    """What people do, how they were answered, and what must be true of it afterwards."""

    def __init__(self, world: World, real: MovedClock) -> None:
        self.world, self.slack, self.real = world, world.slack, real
        self.slack.retries = (0.0, 0.0, 0.05)  # an event that was not taken comes again
        self.kept: dict[str, str] = {}  # words -> the number that a receipt gave them
        self.undone: set[str] = set()
        self.voted: dict[str, set[str]] = {}  # number -> who was told that their vote counts
        self.steps = 0

    async def play(self) -> None:
        """Thirty steps, each insisted on until it is done."""
        await self.answered(lambda: self.slack.command("ada", "product", "/journey"), "journey")
        form = await self.opened(lambda: self.slack.command("ada", "product", "/journey", "new"))
        await self.submitted("ada", form, {"template": "restaurant-visit", "name": MAP}, "is ready")
        await self.logged("ada", "/pain", "pay: card declined twice !abandon")
        await self.logged("ben", "/pain", "pay: no change at the till")
        await self.logged("ben", "/idea", "book: show free tables")
        await self.logged("cleo", "/quote", "order: “nobody came” — Dana, Acme")
        await self.logged("cleo", "/gain", "discover: found us on the map")
        await self.logged("ada", "/pain", "order: the menu is wet")
        await self.kept_draft("ben", "/pain", "chekcuot: kept in spite of the stage", "pay")
        await self.opened_and_logged("cleo", "/pain", {"text": "typed into the form"})
        await self.react("ben", "P-1", "+1")
        await self.react("cleo", "P-1", "heart")
        await self.react("ben", "I-1", "fire")
        await self.unreact("ben", "I-1", "fire")
        await self.click("cleo", "I-1", "Vote", "Your vote counts on I-1")
        self.voted.setdefault("I-1", set()).add("cleo")
        await self.click("ada", "P-2", "Vote", "Your vote counts on P-2")
        self.voted.setdefault("P-2", set()).add("ada")
        form = await self.opened(lambda: self.pressed("ben", "P-2", "Edit"))
        await self.submitted("ben", form, {"text": "no change at the till, ever"}, "P-2")
        self.kept["no change at the till, ever"] = self.kept.pop("no change at the till")
        await self.undo("ada", "/pain", "pay: logged by mistake")
        await self.choose("ada", "P-3", "Mark as fixed", "P-3")
        for words in ("list pay", "top", "search declined", "show P-1", "map", "gaps", "digest", "help"):
            await self.answered(partial(self.slack.command, "ben", "product", "/journey", words), words)
        await self.slack.open_home("ben")
        await self.week()

    # --- steps ---------------------------------------------------------------------------------------------

    async def answered(self, deed: Callable[[], Any], what: str, wanted: str = "") -> Reply:
        """Somebody does it until it is done, and is answered each time."""
        for _ in range(TRIES):
            reply: Reply = await deed()
            assert reply.ok, f"{what}: {reply.status} {reply.failure}"
            await self._until_seen(reply)
            said = reply.text or (plain(reply.view) if reply.view else "")
            assert said, f"{what}: no answer"
            if wanted in said and "That did not go through" not in said:
                self.steps += 1
                return reply
        raise AssertionError(f"{what}: not done after {TRIES} attempts, but answered: {said}")

    async def _until_seen(self, reply: Reply) -> None:
        if not reply.seen and not reply.body:
            await self.world.until(lambda: reply.seen or reply.body)

    async def opened(self, deed: Callable[[], Any]) -> View:
        """A form, at once or by the button that is offered where Slack did not open it."""
        reply = await self.answered(deed, "a form")
        for _ in range(TRIES):
            if reply.view is not None:
                return reply.view
            asked = reply.ephemeral
            assert asked is not None, "neither a form nor a button"
            again = partial(self.slack.click, reply.request.user, asked, "Open the form")
            reply = await self.answered(again, "a form")
        raise AssertionError("no form")

    async def submitted(self, who: str, form: View, values: dict[str, Any], wanted: str) -> str:
        """Sends a form until it is taken; it stays open, with its words, where it was not."""
        for _ in range(TRIES):
            reply = await self.slack.submit(who, form, values)
            assert reply.status == 200, f"{form.callback_id}: {reply.status}"
            assert reply.failure is None
            if not form.errors:
                assert wanted in plain(form), plain(form)
                self.steps += 1
                return plain(form)
            assert "nothing was saved" in " ".join(form.errors.values()), form.errors
        raise AssertionError(f"{form.callback_id} was not taken")

    async def logged(self, who: str, command: str, line: str) -> str:
        reply = await self.answered(
            lambda: self.slack.command(who, "product", command, line), line, "Got it: "
        )
        return self._noted(reply.text, line)

    def _noted(self, said: str, line: str) -> str:
        words = re.sub(r"^\w+: |“|”| — .*$| !\w+$", "", line)
        found = re.search(r"Got it: ([A-Z]-\d+) on ", said)
        assert found, said
        assert words not in self.kept or self.kept[words] == found[1]
        self.kept[words] = found[1]
        return found[1]

    async def kept_draft(self, who: str, command: str, line: str, stage: str) -> None:
        reply = await self.answered(
            lambda: self.slack.command(who, "product", command, line), line, "I don't know a stage"
        )
        asked = reply.ephemeral
        assert asked is not None
        menu = asked.blocks[-1]["elements"][-1]
        option = next(one for one in menu["options"] if one["text"]["text"].lower() == stage)
        blocks = asked.blocks
        for _ in range(TRIES):
            asked.blocks = blocks
            clicked = await self.slack.click(who, asked, menu["action_id"], option=option["value"], forge={})
            await self._until_seen(clicked)
            if "Got it" in clicked.text:
                break
        self._noted(clicked.text, line)

    async def opened_and_logged(self, who: str, command: str, values: dict[str, Any]) -> None:
        form = await self.opened(lambda: self.slack.command(who, "product", command))
        block = next(one for one in form.blocks if one.get("block_id") == "stage")
        stage = block["element"]["options"][0]["value"]
        said = await self.submitted(who, form, {"stage": stage, **values}, "Got it: ")
        self._noted(said, values["text"])

    async def react(self, who: str, ref: str, emoji: str) -> None:
        reply = await self.slack.react(who, await self.card(ref), emoji)
        assert reply.status == 200, "it came again until it was taken"
        self.steps += 1

    async def unreact(self, who: str, ref: str, emoji: str) -> None:
        reply = await self.slack.unreact(who, await self.card(ref), emoji)
        assert reply.status == 200
        self.steps += 1

    async def pressed(self, who: str, ref: str, label: str) -> Reply:
        return await self.slack.click(who, await self.card(ref), label)

    async def click(self, who: str, ref: str, label: str, wanted: str) -> None:
        await self.answered(lambda: self.pressed(who, ref, label), f"{label} {ref}", wanted)

    async def choose(self, who: str, ref: str, option: str, wanted: str) -> None:
        card = await self.card(ref)
        more = next(e for b in card.blocks for e in b.get("elements", []) if e.get("type") == "overflow")
        await self.answered(
            lambda: self.slack.click(who, card, more["action_id"], option=option), option, wanted
        )

    async def undo(self, who: str, command: str, line: str) -> None:
        reply = await self.answered(
            lambda: self.slack.command(who, "product", command, line), line, "Got it: "
        )
        self.undone.add(self._noted(reply.text, line))
        receipt = reply.ephemeral
        assert receipt is not None
        blocks = receipt.blocks

        async def again() -> Reply:
            receipt.blocks = blocks
            return await self.slack.click(who, receipt, "Undo", forge={})

        await self.answered(again, "Undo")

    async def week(self) -> None:
        """Monday: the clock ticks until the digest is told. What concerns the last week was said within it."""
        await self.settled()
        self.world.clock.skip(weeks=1)
        await self.settled()
        self.steps += 1

    # --- what goes on beside it ----------------------------------------------------------------------------

    async def card(self, ref: str) -> Message:
        """The item's card; where its author was asked whether it arrived, and it did not, they post it again."""
        for _ in range(100):
            found: list[Message] = [
                m for m in self.world.messages() if plain(m).partition(" · ")[0].endswith(ref)
            ]
            if found:
                return found[-1]
            await self._help(ref)
        raise AssertionError(f"no card of {ref}")

    async def _help(self, ref: str) -> None:
        for room in [room for room in self.slack.world.channels.values() if room.im_with]:
            for message in room.messages:
                if ref in plain(message) and "[Post again]" in plain(message):
                    await self.slack.click(room.im_with or "", message, "Post again")
        try:
            await self.world.until(
                lambda: any(ref in plain(message) for message in self.world.messages()), within=0.05
            )
        except TimeoutError:
            await self._pass_time()

    async def _pass_time(self) -> None:
        """Pauses end, leases run out, and what is tried again falls due; who is at work has time to finish it."""
        busy = "SELECT count(*) FROM deliveries WHERE state IN ('leased', 'sending')"
        for _ in range(40):
            if one(self.world.keeper.settings.database_url, busy) == 0:
                break
            await self.slack.world.changes.until_rung(0.01)
        for clock in (self.world.clock, self.real):
            clock.skip(seconds=40)
        for tick in (self.world.keeper.sender.reclaim, self.world.keeper.tick):
            try:
                await tick()
            except Unavailable:
                continue  # the clock ticks again
        self.world.keeper.sender.wake()

    async def settled(self) -> None:
        """Everything that can be sent has been."""
        url = self.world.keeper.settings.database_url
        question = "SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'leased', 'sending')"
        for _ in range(100):
            await self._pass_time()
            for _ in range(20):
                if one(url, question) == 0:
                    break
                await self.slack.world.changes.until_rung(0.01)
            else:
                continue
            await self._pass_time()
            if one(url, question) == 0:
                return
        raise AssertionError(rows(url, "SELECT kind, state, attempts, error FROM deliveries"))

    # --- afterwards ----------------------------------------------------------------------------------------

    def check(self) -> None:
        """Nothing acknowledged is lost, nothing is doubled, and the counters agree."""
        url = self.world.keeper.settings.database_url
        stored = {
            text: f"{kind[0].upper()}-{number}"
            for text, kind, number in rows(url, "SELECT text, kind, number FROM items")
        }
        assert stored == self.kept, "what was acknowledged, and nothing else"
        removed = "SELECT kind, number FROM items WHERE removed_at IS NOT NULL"
        assert {f"{kind[0].upper()}-{number}" for kind, number in rows(url, removed)} == self.undone
        self._check_votes(url)
        unknown = self._asked_about(url)
        shown = cards(self.world.messages())
        for ref in set(stored.values()) - self.undone:
            assert shown[ref] <= 1 + (ref in unknown), f"{ref} is there {shown[ref]} times"
            assert shown[ref] == 1 or ref in unknown, f"{ref} is nowhere and nobody was asked"
        words = [plain(message) for message in self.world.messages()]
        assert sum("now lives in this channel" in said for said in words) <= 1
        assert sum("hurts most." in said for said in words) <= 1, words
        told = Counter(
            (room.im_with, plain(message))
            for room in self.slack.world.channels.values()
            if room.im_with
            for message in room.messages
        )
        assert set(told.values()) <= {1}, told

    def _check_votes(self, url: str) -> None:
        count = (
            "(SELECT count(DISTINCT person_id) FROM votes WHERE votes.item_id = items.id AND votes.active)"
        )
        assert rows(url, f"SELECT number FROM items WHERE votes <> {count}") == []
        question = (
            "SELECT items.kind, items.number, accounts.external_id FROM votes JOIN items ON items.id = item_id"
            " JOIN accounts ON accounts.id = account_id WHERE votes.active"
        )
        active = {
            (f"{kind[0].upper()}-{number}", self.slack.person(user).name)
            for kind, number, user in rows(url, question)
        }
        for ref, people in self.voted.items():
            assert {(ref, who) for who in people} <= active

    def _asked_about(self, url: str) -> set[str]:
        rooms = [room for room in self.slack.world.channels.values() if room.im_with]
        return refs_in("\n".join(plain(message) for room in rooms for message in room.messages))
