"""The demo in a real browser: Debian's Chromium, a window for each person, and what a test does in it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.playground.demo import running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
DESKTOP, PHONE = (1280, 800), (390, 844)
PATIENCE = 30_000  # Milliseconds a window may take on a machine that has other things to do.


def missing() -> str:
    """Why the browser tests cannot run here, or nothing; where everything must run, they fail instead."""
    if os.environ.get("MAPKEEPER_TEST_EVERYTHING"):
        return ""
    if CHROMIUM is None:
        return "Chromium is not installed (apt-get install chromium)"
    return "" if find_spec("playwright") else "playwright is not installed"


def play_sample(folder: Path) -> None:
    """A folder in which the sample organisation has been played, to be copied: that is quicker than playing it."""

    async def played() -> None:
        async with running(0, folder):
            pass

    asyncio.run(played())


class Window:
    """One open window of the demo, as one person."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.troubles: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda line: self.troubles.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    async def open(self, who: str, room: str = "customer-journey") -> "Window":
        """Goes to a room as that person."""
        await self.page.goto(f"{self.address}/?as={who}&in={room}")
        await self.page.wait_for_selector(
            "#frame:has(.being[aria-pressed=true]) #messages li", state="attached"
        )
        return self

    def write_box(self) -> Any:
        """Where one writes."""
        return self.page.locator("#composer-main")

    async def send(self, words: str) -> None:
        """Types a line and sends it, once no form lies over the box any more: what lies under one takes no words."""
        await self.form().wait_for(state="detached")
        await self.write_box().fill(words)
        await self.page.locator("#composer .send").click()

    async def still_holds(self, words: str) -> None:
        """Waits until the words stand where they were typed: they were not sent."""
        await self.page.wait_for_function(
            "words => document.getElementById('composer-main').value === words", arg=words
        )

    def message(self, words: str) -> Any:
        """The last message of the room with those words in it."""
        return self.page.locator("#messages .message", has_text=words).last

    def private(self, words: str) -> Any:
        """The last message that only this person sees, with those words in it."""
        return self.page.locator("#messages .message.private", has_text=words).last

    async def sees(self, words: str, within: float = PATIENCE) -> Any:
        """Waits for a message with those words."""
        found = self.message(words)
        await found.wait_for(timeout=within)
        return found

    def form(self) -> Any:
        """The open form."""
        return self.page.locator("#modal[open]")

    async def pick(self, where: Any, menu: str, option: str) -> None:
        """Chooses in a menu of a message."""
        await where.get_by_role("button", name=menu).click()
        await self.page.get_by_role("option", name=option, exact=True).click()

    async def more(self, where: Any, item: str) -> None:
        """Chooses in the quiet menu at the end of a message."""
        await where.get_by_role("button", name="More", exact=True).click()
        await self.page.get_by_role("menuitem", name=item).click()

    async def shot(self, path: str) -> None:
        """A picture of the window."""
        await self.page.wait_for_timeout(250)
        await self.page.screenshot(path=path)


@asynccontextmanager
async def chromium() -> AsyncIterator[Any]:
    """A running browser."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        try:
            yield browser
        finally:
            await browser.close()


async def window(
    browser: Any, address: str, size: tuple[int, int] = DESKTOP, scheme: str = "light", **more: Any
) -> Window:
    """A fresh window with a memory of its own."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce", **more
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    return Window(page, address)
