"""Microsoft's own local Teams client against the product: through its HTTP endpoints, and in a real browser."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.playground.teams_client import CHANNEL, PACKAGE
from tests.browser import PATIENCE
from tests.browser import missing as no_browser
from tests.teams_window import IN_TEAMS, PACKAGES, Window, demo, missing, through_the_day, until

needs_node = pytest.mark.skipif(bool(missing()), reason=missing())
needs_browser = pytest.mark.skipif(bool(no_browser()), reason=no_browser())


@needs_node
async def test_the_playground_takes_our_cards_and_we_take_what_it_sends(folder: Path) -> None:
    async with demo(folder) as made:
        await made.client.mock("lea", "installationUpdate", "a:lea", action="add")
        await until(
            made,
            f"SELECT 1 FROM places JOIN bindings ON place_id = places.id WHERE external_id = '{CHANNEL}'",
        )
        await made.client.post("pain pay: No signal !workaround")
        posted = await until(made, IN_TEAMS)
        thread = f"{CHANNEL};messageid={posted['id']}"
        await made.client.mock(
            "ben", "messageReaction", thread, replyToId=posted["id"], reactionsAdded=[{"type": "like"}]
        )
        await until(made, f"SELECT 1 FROM ({IN_TEAMS}) WHERE votes = 1 AND shown = wanted")
        message = {"id": "17", "body": {"contentType": "html", "content": "<p>Nobody came to <b>pay</b></p>"}}
        opened = await made.client.invoke(
            "composeExtension/fetchTask",
            {"commandId": "add_to_map", "commandContext": "message", "messagePayload": message},
        )
        content = opened["task"]["value"]["card"]["content"]
        assert "Nobody came to pay" in json.dumps(content)
        inputs = {one["id"]: one["value"] for one in content["body"] if "id" in one and "value" in one}
        done = await made.client.invoke(
            "composeExtension/submitAction", {"data": content["actions"][0]["data"] | inputs}
        )
        assert "Got it" in json.dumps(done)


@needs_node
@needs_browser
@pytest.mark.asyncio(loop_scope="session")  # the browser's
async def test_everything_is_done_in_the_playground_in_a_browser(folder: Path, browser: Any) -> None:
    async with demo(folder) as made:
        page = await (await browser.new_context(viewport={"width": 1280, "height": 900})).new_page()
        page.set_default_timeout(PATIENCE)
        lea = await Window(page).open(made.client.address)
        await through_the_day(lea, made, Window.unseen)


def test_the_package_that_is_fetched_is_the_one_that_is_locked() -> None:
    wanted = json.loads((PACKAGES / "package.json").read_text())["dependencies"]
    name, _, version = PACKAGE.rpartition("@")
    assert wanted[name] == version
    locked = json.loads((PACKAGES / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in one for one in locked.values()), "from whatever registry is set up"
    assert all(one.get("integrity") for path, one in locked.items() if path)
