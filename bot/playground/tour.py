"""The short guided tour: what a newcomer may try, and what of it has been done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.playground.blocks import elements_of
from bot.playground.schema import Json


class Step(NamedTuple):
    """One thing to try: `words` with *bold* and `code`; `typed` goes into the composer, `become` changes the person."""

    name: str
    words: str
    typed: str = ""
    become: str = ""
    room: str = ""


ROOM, ELSEWHERE = "customer-journey", "support"
STEPS = (
    Step(
        "pain",
        "Log something that hurts: `/pain`",
        "/pain pay: The terminal loses its signal in the garden",
        room=ROOM,
    ),
    Step("change", "Change your mind: *Edit* or *Undo* on the private answer", room=ROOM),
    Step("vote", "Become *Ben* and vote: react with 👍 or press *Vote*", become="ben", room=ROOM),
    Step(
        "message",
        "Put a guest’s message on the map: ⋯ on it, *Add to journey map*, *Log it*",
        room=ELSEWHERE,
    ),
    Step("top", "Ask what matters most: `/journey top`", "/journey top", room=ROOM),
    Step("true", "Say whether it holds: ⋯ on a card, *Is it still true?*", room=ROOM),
    Step("monday", "Jump to *Monday 09:00*: the week’s digest comes", room=ROOM),
    Step("map", "*Open the map* from the digest", room=ROOM),
)
VOTES = {"+1", "thumbsup", "arrow_up", "heart", "fire"}


@dataclass
class Tour:
    """What has been done, and whether the tour was sent away."""

    done: set[str] = field(default_factory=set)
    dismissed: bool = False

    def tick(self, name: str) -> None:
        """That step is done."""
        self.done.add(name)

    def shown(self) -> Json:
        """The tour as the page draws it."""
        steps = [{**step._asdict(), "done": step.name in self.done} for step in STEPS]
        return {"steps": steps, "dismissed": self.dismissed}

    def heard_command(self, name: str, text: str) -> None:
        """A slash command went through."""
        if name == "/journey" and text.split()[:1] in (["top"], ["list"]):
            self.tick("top")

    def heard_answer(self, shown: Iterable[Json]) -> None:
        """A command, click or form was answered with these blocks: what can be undone was logged."""
        actions = (one.get("action_id", "") for block in shown for one in elements_of(block))
        if any(action.startswith("item.undo") for action in actions):
            self.tick("pain")

    def heard_click(self, action: str) -> None:
        """A button or menu of the bot was used."""
        for start, step in (
            ("map.show", "map"),
            ("item.edit", "change"),
            ("item.undo", "change"),
            ("vote", "vote"),
            ("check.true", "true"),
            ("check.fixed", "true"),
            ("check.changed", "true"),
        ):
            if action.startswith(start):
                self.tick(step)

    def heard_form(self, name: str) -> None:
        """A form of the bot was sent and taken."""
        if name.startswith("message.save"):
            self.tick("message")

    def heard_reaction(self, emoji: str) -> None:
        """Somebody reacted."""
        if emoji.partition("::")[0] in VOTES:
            self.tick("vote")
