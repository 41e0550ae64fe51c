"""`python -m tests.screenshots [FOLDER]`: plays the demo in a browser and writes its pictures into docs/pictures."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.logs import set_up
from bot.playground.demo import running
from tests import teams_window
from tests.browser import PHONE, Window, chromium, missing, window

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"


async def pictures(folder: Path) -> None:
    """Plays the demo and writes every picture into the folder."""
    async with running(0, None) as address, chromium() as browser:
        await _logging(browser, address, folder)
        await _capturing(browser, address, folder)
        await _voting(browser, address, folder)
        await _working(browser, address, folder)
        await _seeing(browser, address, folder)
        await _shaping(browser, address, folder)
        await _closing(browser, address, folder)
        await _on_a_phone(browser, address, folder)
        async with running(0, None) as untouched:
            await _validating(browser, untouched, folder)
        if not teams_window.missing():
            await _in_teams(browser, folder)


async def _in_teams(browser: Any, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as passing:
        async with teams_window.demo(Path(passing)) as made:
            page = await (await browser.new_context(viewport={"width": 1280, "height": 900})).new_page()
            lea = await teams_window.Window(page).open(made.client.address)

            async def shot(window: teams_window.Window, name: str) -> None:
                await window.shot(f"{folder}/{name}.png")

            await teams_window.through_the_day(lea, made, shot)


async def _logging(browser: Any, address: str, folder: Path) -> None:
    lea = await (await window(browser, address)).open("lea")
    await lea.write_box().press_sequentially("/")
    await lea.shot(f"{folder}/demo-commands.png")
    await lea.send("/pain pay: The terminal loses its signal in the garden !workaround")
    await lea.private("Got it").wait_for()
    await lea.sees("Pay · needs a workaround")
    await lea.shot(f"{folder}/demo-receipt.png")
    await lea.private("Got it").get_by_role("button", name="Edit").click()
    await lea.form().wait_for()
    await lea.form().get_by_label("What hurts?").fill(" ")
    await lea.form().get_by_label("Link").fill("ticket 4711")
    await lea.form().get_by_role("button", name="Save").click()
    await lea.page.locator(".wrong", has_text="https://").wait_for()
    await lea.shot(f"{folder}/demo-form-error.png")
    await lea.form().get_by_role("button", name="Cancel").click()
    await lea.send("/pain parking: Nowhere to park after seven")
    await lea.private("parking: Nowhere to park").wait_for()
    await lea.shot(f"{folder}/demo-unknown-stage.png")
    await lea.page.context.close()


async def _capturing(browser: Any, address: str, folder: Path) -> None:
    lea = await (await window(browser, address)).open("lea", "support")
    asks = lea.message("asks for one invoice")
    await asks.hover()
    await asks.get_by_role("button", name="More for this message").click()
    await lea.page.get_by_role("menuitem", name="Add to journey map").click()
    await lea.form().wait_for()
    await lea.shot(f"{folder}/demo-shortcut.png")
    await lea.form().get_by_role("button", name="Cancel").click()
    heard = lea.message("longer to pay than to eat")
    await heard.hover()
    await heard.get_by_role("button", name="Add a reaction").click()
    await lea.page.get_by_role("button", name="world map", exact=True).click()
    await lea.private("Shall it go on the map?").wait_for()
    await lea.shot(f"{folder}/demo-capture.png")
    await lea.page.context.close()
    lea = await (await window(browser, address)).open("lea")
    await lea.send("/pain pay: Terminal loses the signal in our garden")
    await lea.private("says nearly the same").wait_for()
    await lea.shot(f"{folder}/demo-near.png")
    await lea.page.context.close()


async def _voting(browser: Any, address: str, folder: Path) -> None:
    ben = await (await window(browser, address)).open("ben")
    card = ben.message("The allergy note")
    await card.hover()
    await card.get_by_role("button", name="Add a reaction").click()
    await ben.shot(f"{folder}/demo-reactions.png")
    await ben.page.keyboard.press("Escape")
    await ben.page.locator("#messages .replies").first.click()
    await ben.page.locator("#thread:not([hidden])").wait_for()
    await ben.shot(f"{folder}/demo-thread.png")
    await ben.page.context.close()


async def _working(browser: Any, address: str, folder: Path) -> None:
    lea = await (await window(browser, address)).open("lea")
    await lea.send("/journey show P-4")
    await lea.private("What became of it").wait_for()
    await lea.shot(f"{folder}/demo-item.png")
    await lea.send("/journey matrix")
    await lea.private("Quick wins").wait_for()
    await lea.shot(f"{folder}/demo-matrix.png")
    await lea.send("/pain pay: My card was declined twice, the card was fine")
    card = await lea.sees("My card was declined twice")
    await card.get_by_role("button", name="More", exact=True).click()
    await lea.page.get_by_text("Merge…", exact=True).last.click()
    await lea.form().get_by_label("Or its number").fill("P-4")
    await lea.form().get_by_role("button", name="Merge").click()
    await lea.form().get_by_text("is part of").wait_for()
    await lea.page.keyboard.press("Escape")
    await lea.sees("was merged into")
    await lea.shot(f"{folder}/demo-merged.png")
    await lea.message("was merged into").get_by_role("button", name="Undo the merge").click()
    await lea.page.context.close()


async def _seeing(browser: Any, address: str, folder: Path) -> None:
    for scheme in ("dark", "light"):
        lea = await (await window(browser, address, scheme=scheme)).open("lea")
        if scheme == "dark":
            await lea.page.get_by_role("button", name="Monday 09:00").click()
        await lea.sees("hurts most.")
        await lea.shot(f"{folder}/demo-{scheme}.png")
        await lea.send("/journey map")
        await lea.private("Goal:").wait_for()
        await lea.shot(f"{folder}/demo-map.png")
        await lea.send("/journey top")
        await lea.private("most wanted first").wait_for()
        await lea.shot(f"{folder}/demo-top.png")
        await lea.send("/journey search alergen")
        await lea.private("I read “alergen” as allergen.").wait_for()
        await lea.send("/journey gaps")
        await lea.private("quiet or unheard?").wait_for()
        await lea.shot(f"{folder}/demo-search.png")
        await lea.page.get_by_role("button", name="Home", exact=True).click()
        await lea.page.get_by_text("What you logged").wait_for()
        await lea.shot(f"{folder}/demo-home.png")
        await lea.page.context.close()


async def _shaping(browser: Any, address: str, folder: Path) -> None:
    lea = await (await window(browser, address)).open("lea")
    await lea.send("/journey stages")
    await lea.pick(lea.private("The stages of"), "Open a stage…", "Pay")
    card = lea.private("6. Pay")
    await card.wait_for()
    await lea.shot(f"{folder}/demo-stage.png")
    await lea.more(card, "Split…")
    await lea.form().get_by_label("Name of the new stage").fill("Tip")
    for words in ("P-8", "I-4"):
        await lea.form().get_by_label(words).check()
    await lea.shot(f"{folder}/demo-split.png")
    await lea.form().get_by_role("button", name="Cancel").click()
    await lea.page.context.close()


async def _closing(browser: Any, address: str, folder: Path) -> None:
    lea = await (await window(browser, address)).open("lea")
    await lea.send("/journey edit")
    await lea.form().get_by_label("Who sees this map?").select_option(label="Only its members")
    await lea.form().get_by_role("button", name="Save").click()
    await lea.form().get_by_role("button", name="Make it private").wait_for()
    await lea.form().get_by_label("Emil").check()
    await lea.shot(f"{folder}/demo-private.png")
    await lea.form().get_by_role("button", name="Cancel").click()
    await lea.page.context.close()


async def _on_a_phone(browser: Any, address: str, folder: Path) -> None:
    phone: Window = await window(
        browser, address, PHONE, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    await phone.open("dana")
    await phone.shot(f"{folder}/demo-phone.png")
    await phone.page.get_by_role("button", name="Channels and people").click()
    await phone.shot(f"{folder}/demo-phone-people.png")
    await phone.page.keyboard.press("Escape")
    await phone.page.get_by_role("button", name="Product time and tour").click()
    await phone.shot(f"{folder}/demo-phone-tour.png")
    await phone.page.keyboard.press("Escape")
    await phone.page.context.close()


async def _validating(browser: Any, address: str, folder: Path) -> None:
    lea = await (await window(browser, address)).open("lea")
    await lea.page.get_by_role("button", name="+4 weeks").click()
    await lea.page.get_by_text("28 days ahead").wait_for(timeout=30_000)
    await (await lea.sees("Quiet or unheard?")).scroll_into_view_if_needed()
    await lea.shot(f"{folder}/validation-gap.png")
    talked_about = lea.page.locator("#messages li").filter(has=lea.page.locator(".replies"))
    await talked_about.filter(has_text="disputed").first.locator(".replies").click()
    await lea.page.locator("#thread").get_by_text("is disputed.").wait_for()
    await lea.shot(f"{folder}/validation-dispute.png")
    await lea.page.context.close()
    for who, words, name in (("ben", "Still true?", "question"), ("emil", "Is it really gone?", "fixed")):
        person = await (await window(browser, address)).open(who)
        await person.page.get_by_role("button", name="Messages").first.click()
        await (await person.sees(words)).scroll_into_view_if_needed()
        await person.shot(f"{folder}/validation-{name}.png")
        await person.page.context.close()


if __name__ == "__main__":
    if why := missing():
        sys.exit(f"No pictures: {why}.")
    set_up(level="ERROR")
    into = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    into.mkdir(parents=True, exist_ok=True)
    asyncio.run(pictures(into))
