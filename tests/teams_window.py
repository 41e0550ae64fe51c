"""Microsoft 365 Agents Playground in a real browser, with the demo's sample map behind it."""

import asyncio
import base64
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bot.playground.demo import opened
from bot.playground.house import House
from bot.playground.teams_client import CHANNEL, COMMAND, Client, free_port
from bot.playground.teams_demo import beside
from tests.peek import rows

PACKAGES = Path(__file__).parent / "teams_playground"
EMOJI = Path(__file__).parent.parent / "bot/playground/static/fonts/noto-emoji.woff2"
FONTS = '"Segoe UI", "DejaVu Sans", Ubuntu, sans-serif, "Noto Emoji cut"'


def missing() -> str:
    """Why Microsoft's packages cannot run here, or nothing; where everything must run, they fail instead."""
    if os.environ.get("MAPKEEPER_TEST_EVERYTHING"):
        return ""
    if shutil.which("node") is None:
        return "Node is not installed (apt-get install nodejs npm)"
    return "" if (PACKAGES / "node_modules").is_dir() else f"not fetched yet (npm ci in {PACKAGES.name})"


def fetch() -> None:
    """Microsoft's packages, as they are locked."""
    if not (PACKAGES / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=PACKAGES, check=True)
    found = str(PACKAGES / "node_modules" / ".bin")
    if shutil.which(COMMAND) is None:
        os.environ["PATH"] = f"{found}{os.pathsep}{os.environ['PATH']}"


class Demo(NamedTuple):
    """A running demo with Teams beside it; like a test's world, it has the product as its keeper."""

    house: House
    client: Client

    @property
    def keeper(self) -> Any:
        """The product."""
        return self.house.keeper


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Demo]:
    """The demo in a folder, with its Teams."""
    fetch()
    async with (
        opened(folder, teams=True) as (house, bot_url),
        beside(house, bot_url, folder, free_port()) as client,
    ):
        yield Demo(house, client)


class Window:
    """The Playground's page, as Lea."""

    def __init__(self, page: Any) -> None:
        self.page = page

    async def open(self, address: str) -> "Window":
        """Waits for the greeting; emoji are drawn where the system has none."""
        await self.page.goto(address)
        font = base64.b64encode(EMOJI.read_bytes()).decode()
        source = f"url(data:font/woff2;base64,{font})"
        face = f'@font-face {{ font-family: "Noto Emoji cut"; src: {source} }}'
        await self.page.add_style_tag(content=f"{face} * {{ font-family: {FONTS} !important }}")
        await self.sees("What waits for you")
        log = self.page.get_by_text("Log Panel", exact=True).locator("xpath=..")
        await log.get_by_role("button").last.click()
        return self

    async def go(self, chat: str) -> None:
        """Opens a chat or a channel."""
        await self.page.get_by_text(chat, exact=True).first.click()

    async def post(self, words: str, *, mention: bool = True) -> None:
        """Starts a conversation in the channel, with our mention in front."""
        box = self.page.locator("[contenteditable=true]").first
        await box.click()
        if mention:
            await self.page.keyboard.type("@Mapk")
            await self.page.get_by_role("menuitem", name="Mapkeeper").click()
        await self.page.keyboard.type(f" {words}" if mention else words)
        await self.page.get_by_role("button", name="Post", exact=True).click()

    async def say(self, words: str) -> None:
        """Writes in the personal chat."""
        await self.page.locator("[contenteditable=true]").first.click()
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Enter")

    async def sees(self, words: str) -> Any:
        """Waits until the words stand there."""
        found = self.page.get_by_text(words).last
        await found.wait_for()
        return found

    def button(self, name: str) -> Any:
        """The last button of that name; in a channel the newest comes first."""
        return self.page.get_by_role("button", name=name, exact=True).last

    async def act_on(self, words: str) -> Any:
        """Picks our action in the menu of the message with those words; the dialog."""
        menus = self.page.get_by_role("button", name="Show more information")
        await self.page.get_by_text(words).first.hover()
        await menus.first.click()
        await self.page.get_by_text("Action Command").click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("textbox").first.fill("add_to_map")
        await dialog.get_by_role("button", name="Create").click()
        await dialog.get_by_text("What is it?").wait_for()
        return dialog

    async def unseen(self, name: str) -> None:
        """Takes no picture."""

    async def shot(self, path: str) -> None:
        """A picture of the window."""
        await self.page.wait_for_timeout(250)
        await self.page.screenshot(path=path)


def found(made: Demo, sql: str) -> list[dict[str, Any]]:
    """Rows of the demo's database."""
    return rows(made, sql)  # type: ignore[arg-type]  # of a world, a keeper is enough


async def until(made: Demo, sql: str) -> dict[str, Any]:
    """Waits for a row."""
    async with asyncio.timeout(30):
        while True:
            if known := found(made, sql):
                return known[0]
            await asyncio.sleep(0.05)


IN_TEAMS = f"""SELECT p.external_id AS id, i.votes, i.revision AS wanted, p.shown
    FROM posts p JOIN items i ON i.id = p.subject_id JOIN places l ON l.id = p.place_id
    WHERE l.external_id = '{CHANNEL}' AND i.text = 'No signal'"""


async def through_the_day(lea: Window, made: Demo, shot: Callable[[Window, str], Awaitable[None]]) -> None:
    """What Lea does with Mapkeeper in Teams, with a picture of each."""
    await lea.go("customer-journey")
    await lea.sees("now lives in this channel")
    await lea.post("pain pay: No signal !workaround")
    await lea.sees("Pay · needs a workaround")
    await lea.page.get_by_role("button", name="Vote").first.click()
    await lea.sees("▲ 1 ·")
    posted = found(made, IN_TEAMS)[0]["id"]
    reacted = {"replyToId": posted, "reactionsAdded": [{"type": "like"}]}
    await made.client.mock("ben", "messageReaction", f"{CHANNEL};messageid={posted}", **reacted)
    await lea.sees("▲ 2 ·")
    await shot(lea, "teams-vote")
    await lea.post("idea pay: A signal booster")
    await lea.sees("A signal booster")
    await lea.post("quote pay: “We gave up” — Dana, Acme")
    await lea.sees("— Dana, Acme")
    await shot(lea, "teams-log")

    await lea.post("We saw guests who could not pay in the garden.", mention=False)
    dialog = await lea.act_on("We saw guests who")
    await shot(lea, "teams-action")
    await dialog.get_by_role("textbox", name="Links").fill("ticket 4711")
    await dialog.get_by_role("button", name="Log it").click()
    await dialog.get_by_text("Almost there").wait_for()
    await shot(lea, "teams-action-error")
    await dialog.get_by_role("textbox", name="Links").fill("")
    await dialog.get_by_role("button", name="Log it").click()
    await dialog.get_by_text("Got it:").wait_for()
    await dialog.get_by_role("button", name="Close").click()

    await lea.go("Personal Chat")
    await lea.button("Log an idea").click()
    await lea.sees("What would be better?")
    await lea.page.get_by_role("textbox", name="What would be better?").fill("Pay at the door")
    await lea.page.get_by_role("textbox", name="Links").fill("ticket 4711")
    await lea.button("Log it").click()
    await lea.sees("Please fill this in.")
    await shot(lea, "teams-form-error")
    await lea.page.get_by_role("combobox", name="Stage").click()
    await lea.page.get_by_role("option", name="Pay").click()
    await lea.button("Log it").click()
    await lea.sees("Almost there")
    await lea.page.get_by_role("textbox", name="Links").fill("")
    await lea.button("Log it").click()
    await until(made, "SELECT 1 FROM items WHERE text = 'Pay at the door'")

    await lea.go("customer-journey")
    await made.house.jump(made.house.slack.person("lea"), "monday")
    await lea.sees("hurts most")
    await shot(lea, "teams-digest")
