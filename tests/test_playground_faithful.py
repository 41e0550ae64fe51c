"""The stand-in for Slack against what knows Slack better than we do: its own client, framework and samples."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.schema import Json
from bot.playground.slack import SlackStandIn
from tests.tiny_bot import TEXT, TinyBot, asks, bot, card, form, open_form, section, slack

__all__ = ["bot", "slack"]

SAMPLES = Path(__file__).parents[2] / "shared" / "data" / "slack-payloads"  # beside the project, where kept
# --- The official client and framework, which know Slack better than we do ---


async def test_the_official_client_talks_to_it(slack: SlackStandIn) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    assert (await client.auth_test())["bot_id"] == "B0MAPKEEPER"
    assert (await client.users_info(user="U0ADA"))["user"]["name"] == "ada"
    posted = await client.chat_postMessage(channel="C0PRODUCT", text="x", blocks=[section("x")])
    got = await client.reactions_get(channel="C0PRODUCT", timestamp=posted["ts"], full=True)
    assert got["message"]["ts"] == posted["ts"]
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.chat_postMessage(channel="C0RANDOM", text="x")


async def test_a_bolt_app_serves_it_over_socket_mode(slack: SlackStandIn) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)

    @app.command("/pain")
    async def open_the_form(ack: Any, command: Json) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=form(asks("words", TEXT)))
        await ack("Fill it in")

    @app.view("pain")
    async def refuse(ack: Any, view: Json) -> None:
        value = view["state"]["values"]["words"]["words"]["value"]
        await ack(response_action="errors", errors={"words": f"not {value}"})

    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        reply = await slack.command("ben", "product", "/pain")
        assert reply.text == "Log a pain\nWords: []\n[Save]\nFill it in"
        assert reply.view
        assert (await slack.submit("ben", reply.view, {"words": "this"})).errors == {"words": "not this"}
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


# --- Faithfulness ---


def missing(sample: Any, sent: Any, path: str = "") -> set[str]:
    """The paths we send that the official sample does not know."""
    if not isinstance(sample, dict) or not isinstance(sent, dict) or not sample:
        return set()
    unknown = {f"{path}/{name}" for name in sent.keys() - sample.keys()}
    shared = sent.keys() & sample.keys()
    return unknown.union(*(missing(sample[name], sent[name], f"{path}/{name}") for name in shared))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the official sample payloads are not at hand")
async def test_payloads_hold_only_fields_of_the_official_samples(slack: SlackStandIn, bot: TinyBot) -> None:
    message = await card(slack, bot)
    await slack.command("ben", "product", "/pain")
    await slack.click("ben", message, "vote")
    await slack.shortcut("ben", message, "add")
    view = await open_form(slack, bot, form(asks("a", TEXT), notify_on_close=True))
    await slack.submit("ben", view, {"a": "x"})
    view = await open_form(slack, bot, form(asks("a", TEXT), notify_on_close=True))
    await slack.close_view("ben", view)
    await slack.react("ben", message, "eyes")
    await slack.unreact("ben", message, "eyes")
    await slack.open_home("ben")
    names = {
        "block_actions": "BlockActionPayload",
        "message_action": "MessageShortcutPayload",
        "view_submission": "ViewSubmissionPayload",
        "view_closed": "ViewClosedPayload",
        "reaction_added": "ReactionAddedPayload",
        "reaction_removed": "ReactionRemovedPayload",
        "app_home_opened": "AppHomeOpenedPayload",
    }
    new_since_the_samples = {
        *(f"/{name}" for name in ("context_team_id", "context_enterprise_id", "response_urls")),
        "/view/blocks",
        "/event/view/blocks",
    }
    for payload in bot.heard:
        kind = payload.get("event", payload).get("type")
        name = names.get(kind, "SlashCommandPayload")
        sample = json.loads((SAMPLES / f"{name}.json").read_text())
        assert missing(sample, payload) - new_since_the_samples == set(), name
