"""The stand-in for Slack: commands, messages, clicks, menus and shortcuts, as they reach a tiny bot."""

import asyncio
import time

import pytest
from aiohttp import web

from bot.playground.reading import plain
from bot.playground.schema import Json
from bot.playground.slack import SlackStandIn
from tests.tiny_bot import STAGES, TinyBot, bot, button, card, section, slack

__all__ = ["bot", "slack"]

# --- Commands ---


async def test_a_command_arrives_as_slack_sends_it(slack: SlackStandIn, bot: TinyBot) -> None:
    reply = await slack.command("ben", "#product", "/pain", "checkout: 2 < 3 & more")
    form = bot.heard[0]
    assert reply.ok
    assert form["text"] == "checkout: 2 &lt; 3 &amp; more"
    assert (form["user_id"], form["channel_name"], form["command"]) == ("U0BEN", "product", "/pain")
    assert (form["team_id"], form["is_enterprise_install"]) == ("T0ACME", "false")
    assert form["response_url"].startswith(slack.world.base_url)


async def test_a_private_channel_goes_without_its_name(slack: SlackStandIn, bot: TinyBot) -> None:
    await slack.command("ada", "leads", "/pain")
    await slack.command("ada", slack.direct("ada"), "/pain")
    assert [form["channel_name"] for form in bot.heard] == ["privategroup", "directmessage"]


async def test_a_json_answer_is_seen_by_the_person_alone(slack: SlackStandIn, bot: TinyBot) -> None:
    bot.answers(text="Logged", blocks=[section("Logged *P-1* &lt;3")])
    reply = await slack.command("ben", "product", "/pain")
    assert reply.text == "Logged *P-1* <3"
    assert reply.ephemeral in slack.seen_by("ben", "product")
    assert slack.seen_by("ada", "product") == []


async def test_a_plain_or_public_answer_is_shown_too(slack: SlackStandIn, bot: TinyBot) -> None:
    async def plainly(_payload: Json) -> web.Response:
        return web.Response(text="Which stage?")

    bot.answer = plainly
    assert (await slack.command("ben", "product", "/pain")).text == "Which stage?"
    bot.answers(text="For all", response_type="in_channel")
    reply = await slack.command("ben", "product", "/pain")
    assert reply.message
    assert [plain(one) for one in slack.seen_by("ada", "product")] == ["For all"]


async def test_a_failing_or_slow_command_is_told_to_the_person(slack: SlackStandIn, bot: TinyBot) -> None:
    bot.answers(status=500)
    assert (await slack.command("ben", "product", "/pain")).failure == (
        '/pain failed with the error "dispatch_failed"'
    )
    slack.patience = 0.02
    never = asyncio.Event()

    async def silent(_payload: Json) -> web.Response:
        await never.wait()
        return web.Response()

    bot.answer = silent
    reply = await slack.command("ben", "product", "/pain")
    assert reply.failure == '/pain failed with the error "operation_timeout"'
    never.set()


async def test_an_answer_slack_would_refuse_is_a_failure(slack: SlackStandIn, bot: TinyBot) -> None:
    bot.answers(blocks=[section("")])
    reply = await slack.command("ben", "product", "/pain")
    assert "must be more than 0 characters [json-pointer:/blocks/0/text/text]" in (reply.failure or "")


async def test_the_same_bytes_can_be_sent_again(slack: SlackStandIn, bot: TinyBot) -> None:
    reply = await slack.command("ben", "product", "/pain", "x")
    again = await slack.redeliver(reply)
    assert again.status == 200
    assert bot.heard[0] == bot.heard[1]
    assert bot.headers[0]["X-Slack-Signature"] == bot.headers[1]["X-Slack-Signature"]


async def test_a_request_can_be_signed_late_or_wrongly(slack: SlackStandIn, bot: TinyBot) -> None:
    reply = await slack.command("ben", "product", "/pain", "x")
    late = slack.signed(reply.request, at=time.time() - 600)
    wrong = slack.signed(reply.request, secret="guess")
    assert [(await slack.send(one)).status for one in (late, wrong)] == [401, 401]


async def test_nobody_listening_is_a_failed_dispatch(slack: SlackStandIn) -> None:
    slack.point_at("http://127.0.0.1:9/")
    reply = await slack.command("ben", "product", "/pain")
    assert (reply.trouble, reply.failure) == (
        "connection",
        '/pain failed with the error "dispatch_failed"',
    )


# --- Messages and clicks ---


async def test_a_click_on_a_card_brings_the_message_and_the_value(slack: SlackStandIn, bot: TinyBot) -> None:
    message = await card(slack, bot)
    await slack.click("cleo", message, "vote")
    payload = bot.heard[0]
    assert payload["actions"][0]["value"] == "P-1"
    assert payload["actions"][0]["text"] == {"type": "plain_text", "text": "Vote", "emoji": True}
    assert payload["message"]["ts"] == payload["container"]["message_ts"] == message.ts
    assert payload["channel"] == {"id": "C0PRODUCT", "name": "product"}
    assert payload["user"]["id"] == "U0CLEO"


async def test_a_click_on_an_ephemeral_replaces_and_deletes_it(slack: SlackStandIn, bot: TinyBot) -> None:
    bot.answers(text="?", blocks=[{"type": "actions", "elements": [button("Undo", "undo")]}])
    receipt = (await slack.command("ben", "product", "/pain")).ephemeral
    bot.answer = bot.nothing
    assert receipt
    reply = await slack.click("ben", receipt, "Undo")
    payload = bot.heard[-1]
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    assert await bot.respond(payload["response_url"], replace_original=True, text="Undone") == (
        200,
        {"ok": True},
    )
    assert reply.text == plain(receipt) == "Undone"
    await bot.respond(payload["response_url"], delete_original=True)
    assert slack.seen_by("ben", "product") == []


async def test_a_response_url_serves_five_times(slack: SlackStandIn, bot: TinyBot) -> None:
    await slack.command("ben", "product", "/pain")
    url = bot.heard[0]["response_url"]
    answers = [await bot.respond(url, text=f"{n}") for n in range(6)]
    assert [status for status, _ in answers] == [200] * 5 + [404]
    assert answers[-1][1] == {"ok": False, "error": "used_url"}
    assert len(slack.calls_to("response_url")) == 6


async def test_a_response_url_ends_after_its_time(slack: SlackStandIn, bot: TinyBot) -> None:
    await slack.command("ben", "product", "/pain")
    slack.world.passes.response_url_life = -1
    status, answer = await bot.respond(bot.heard[0]["response_url"], text="late")
    assert (status, answer["error"]) == (404, "expired_url")


async def test_another_person_cannot_click_what_only_ben_sees(slack: SlackStandIn, bot: TinyBot) -> None:
    bot.answers(text="?", blocks=[{"type": "actions", "elements": [button("Undo", "undo", value="7")]}])
    receipt = (await slack.command("ben", "product", "/pain")).ephemeral
    assert receipt
    with pytest.raises(LookupError, match="cleo cannot see"):
        await slack.click("cleo", receipt, "undo")
    await slack.click("cleo", receipt, "undo", forge={"value": "8"})
    assert bot.heard[-1]["actions"][0]["value"] == "8"


async def test_menus_send_what_was_chosen(slack: SlackStandIn, bot: TinyBot) -> None:
    select = {"type": "static_select", "action_id": "stage", "options": STAGES}
    more = {"type": "overflow", "action_id": "more", "options": STAGES}
    people = {"type": "users_select", "action_id": "owner"}
    day = {"type": "datepicker", "action_id": "due"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [select, more, people, day]}]
    await bot.call("chat.postMessage", channel="C0PRODUCT", text="x", blocks=blocks)
    message = slack.channel("product").messages[-1]
    await slack.click("ben", message, "stage", "Delivery")
    await slack.click("ben", message, "more", option="checkout")
    await slack.click("ben", message, "owner", "U0ADA")
    await slack.click("ben", message, "due", "2026-01-05")
    actions = [payload["actions"][0] for payload in bot.heard]
    assert [one.get("selected_option", {}).get("value") for one in actions[:2]] == ["delivery", "checkout"]
    assert (actions[2]["selected_user"], actions[3]["selected_date"]) == ("U0ADA", "2026-01-05")
    assert bot.heard[-1]["state"]["values"]["b"]["stage"]["selected_option"]["value"] == "delivery"
    with pytest.raises(LookupError, match="returns"):
        await slack.click("ben", message, "stage", "returns")


async def test_one_of_several_buttons_is_found_by_its_value(slack: SlackStandIn, bot: TinyBot) -> None:
    blocks = [
        section("a", block_id="a", accessory=button("+1", "join", value="P-1")),
        section("b", block_id="b", accessory=button("+1", "join", value="P-2")),
    ]
    await bot.call("chat.postMessage", channel="C0PRODUCT", text="x", blocks=blocks)
    message = slack.channel("product").messages[-1]
    await slack.click("ben", message, "join", "P-2")
    await slack.click("ben", message, "join", block_id="a")
    assert [payload["actions"][0]["value"] for payload in bot.heard] == ["P-2", "P-1"]
    with pytest.raises(LookupError):
        await slack.click("ben", message, "join", "P-3")


async def test_a_shortcut_brings_somebody_elses_message(slack: SlackStandIn, bot: TinyBot) -> None:
    said = (await slack.say("ada", "product", "the card <fails>")).message
    await slack.shortcut("ben", said, "add_to_map")
    payload = bot.heard[-1]
    assert (payload["type"], payload["callback_id"]) == ("message_action", "add_to_map")
    assert payload["message"]["text"] == "the card &lt;fails&gt;"
    assert payload["message"]["user"] == "U0ADA"
    assert payload["message_ts"] == payload["message"]["ts"]
