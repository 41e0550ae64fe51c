"""Everything the demo's page stands on: the workspace, the product behind it, its clock, and what was read and done."""

import asyncio
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import Mapkeeper
from bot.playground.product_clock import Jump, ProductClock, mornings
from bot.playground.schema import Json
from bot.playground.showing import Marks
from bot.playground.slack import SlackStandIn
from bot.playground.things import Person
from bot.playground.tour import Tour
from bot.slack_manifest import manifest
from storage.deliveries import busy

MOST_TEXT = 40_000
SETTLE_SECONDS = 20.0


@dataclass
class House:
    """One running demo."""

    slack: SlackStandIn
    keeper: Mapkeeper
    clock: ProductClock
    marks: Marks = field(default_factory=Marks)
    tour: Tour = field(default_factory=Tour)
    offers: Json = field(default_factory=lambda: offered())
    boot: str = field(default_factory=lambda: secrets.token_hex(6))

    def changed(self) -> None:
        """Wakes every page."""
        self.slack.world.changes.ring()

    async def jump(self, who: Person, how: Jump) -> None:
        """Moves product time forward and lets everything that is due by then happen."""
        begun = self.clock()
        end = self.clock.jump(how, who.tz)
        if how == "weeks":
            # Day by day, so that questions, digests and news come as they would have come.
            for morning in mornings(begun, end, who.tz):
                self.clock.skipped += morning - self.clock()
                await self.keeper.tick()
                await self.settled()
            self.clock.to(end)
        self.changed()
        await self.keeper.tick()
        self.keeper.sender.wake()

    async def settled(self) -> None:
        """Returns when everything that is due by now has been sent."""
        self.keeper.sender.wake()
        async with asyncio.timeout(SETTLE_SECONDS):
            while await self.keeper.database.read(lambda connection: busy(connection, self.clock())):
                await self.slack.world.changes.until_rung(0.02)


def offered() -> Json:
    """What the app offers by its manifest: commands, message shortcuts, events and whether it has a Home tab."""
    made = json.loads(manifest(comments=True))
    features = made["features"]
    commands = [
        {
            "name": command["command"],
            "what": command["description"],
            "hint": command.get("usage_hint", ""),
        }
        for command in features.get("slash_commands", [])
    ]
    shortcuts = [
        {"name": shortcut["name"], "callback": shortcut["callback_id"]}
        for shortcut in features.get("shortcuts", [])
        if shortcut["type"] == "message"
    ]
    home = features.get("app_home", {})
    return {
        "commands": commands,
        "shortcuts": shortcuts,
        "home": bool(home.get("home_tab_enabled")),
        "events": made["settings"].get("event_subscriptions", {}).get("bot_events", []),
    }


def local_zone() -> str:
    """The time zone of this machine, or UTC where it does not say."""
    named = os.environ.get("TZ", "")
    if not named:
        _, found, named = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
        named = named if found else ""
    try:
        from zoneinfo import ZoneInfo

        ZoneInfo(named)
    except (ValueError, OSError, KeyError):
        return "UTC"
    return named
