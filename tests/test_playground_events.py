"""The stand-in for Slack: its events, over HTTP and over Socket Mode."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from bot.playground.schema import Json
from bot.playground.slack import SlackStandIn
from tests.tiny_bot import TinyBot, bot, card, slack

__all__ = ["bot", "slack"]

# --- Events ---


async def test_a_reaction_reaches_the_bot_where_it_is(slack: SlackStandIn, bot: TinyBot) -> None:
    message = await card(slack, bot)
    await slack.react("cleo", message, ":thumbsup:")
    event = bot.heard[-1]
    assert event["event"]["item"] == {"type": "message", "channel": "C0PRODUCT", "ts": message.ts}
    assert (event["event"]["reaction"], event["event"]["item_user"]) == ("thumbsup", slack.bot.id)
    assert event["authorizations"][0]["is_bot"]
    assert not (await slack.react("cleo", message, "thumbsup")).sent
    got = await bot.call("reactions.get", channel="C0PRODUCT", timestamp=message.ts, full=True)
    assert got["message"]["reactions"] == [{"name": "thumbsup", "users": ["U0CLEO"], "count": 1}]
    await slack.unreact("cleo", message, "thumbsup")
    assert bot.heard[-1]["event"]["type"] == "reaction_removed"
    assert message.reactions == {}
    far = (await slack.say("ada", "random", "far away")).message
    assert far
    assert not (await slack.react("ada", far, "eyes")).sent


async def test_reactions_may_name_only_some_people_and_the_bots_own_count(
    slack: SlackStandIn, bot: TinyBot
) -> None:
    message = await card(slack, bot)
    place = {"channel": "C0PRODUCT", "timestamp": message.ts, "name": "+1"}
    assert (await bot.call("reactions.add", **place))["ok"]
    assert (await bot.call("reactions.add", **place))["error"] == "already_reacted"
    await slack.react("ben", message, "+1")
    slack.world.reactors_shown = 1
    got = await bot.call("reactions.get", **place)
    assert got["message"]["reactions"] == [{"name": "+1", "users": [slack.bot.id], "count": 2}]
    assert got["message"]["permalink"].startswith("https://acme.slack.com/archives/C0PRODUCT/p")
    assert (await bot.call("reactions.remove", **place))["ok"]
    assert (await bot.call("reactions.remove", **place))["error"] == "no_reaction"
    assert (await bot.call("reactions.get", channel="C0PRODUCT"))["error"] == "no_item_specified"


async def test_an_event_not_taken_is_retried_with_its_number(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.retries = (0, 0, 0)
    failures = [500, 500]

    async def third_time(_payload: Json) -> web.Response:
        return web.Response(status=failures.pop() if failures else 200)

    bot.answer = third_time
    reply = await slack.event("app_uninstalled")
    assert reply.ok
    assert [one.status for one in reply.attempts] == [500, 500, 200]
    assert [one.get("X-Slack-Retry-Num") for one in bot.headers] == [None, "1", "2"]
    assert len({payload["event_id"] for payload in bot.heard}) == 1


async def test_events_that_nobody_subscribed_to_stay_away(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.subscriptions = {"reaction_added"}
    assert not (await slack.say("ada", "product", "hello")).sent
    assert bot.heard == []


async def test_a_reply_in_a_thread_names_its_parent(slack: SlackStandIn, bot: TinyBot) -> None:
    message = await card(slack, bot)
    await slack.say("ada", "product", "me too", message)
    event = bot.heard[-1]["event"]
    assert (event["thread_ts"], event["parent_user_id"]) == (message.ts, slack.bot.id)


async def test_waiting_ends_when_it_happens(slack: SlackStandIn, bot: TinyBot) -> None:
    waiting = asyncio.ensure_future(slack.wait_until(lambda: slack.channel("product").messages))
    await card(slack, bot)
    await waiting
    with pytest.raises(TimeoutError, match="still not true"):
        await slack.wait_until(lambda: False, 0.01)


async def test_a_reply_shows_what_came_later_too(slack: SlackStandIn, bot: TinyBot) -> None:
    reply = await slack.command("ben", "product", "/pain")
    assert reply.text == ""
    await bot.respond(bot.heard[-1]["response_url"], text="Here it is")
    assert reply.text == "Here it is"


async def test_what_comes_later_belongs_to_the_latest_deed(slack: SlackStandIn, bot: TinyBot) -> None:
    first = await slack.command("ben", "product", "/pain")
    second = await slack.command("ben", "product", "/idea")
    await bot.call("chat.postEphemeral", channel="C0PRODUCT", user="U0BEN", text="psst")
    assert (first.text, second.text) == ("", "psst")


# --- Socket Mode ---


async def test_envelopes_go_down_a_socket_and_answers_come_back(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session:
        url = slack.api_url + "apps.connections.open"
        async with session.post(url, headers={"Authorization": f"Bearer {slack.bot_token}"}) as answer:
            assert (await answer.json())["error"] == "not_allowed_token_type"
        async with session.post(url, headers={"Authorization": f"Bearer {slack.app_token}"}) as answer:
            address = (await answer.json())["url"]
        async with session.ws_connect(address) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            typed = asyncio.ensure_future(slack.command("ben", "product", "/pain", "x"))
            envelope = await socket.receive_json()
            assert (envelope["type"], envelope["payload"]["text"]) == ("slash_commands", "x")
            assert envelope["accepts_response_payload"]
            ack = {"envelope_id": envelope["envelope_id"], "payload": {"text": "Logged"}}
            await socket.send_json(ack)
            assert (await typed).text == "Logged"


async def test_a_socket_ticket_serves_once_and_sockets_are_refreshed(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session:
        address = slack.sockets.new_url()
        async with session.ws_connect(address) as socket:
            assert (await socket.receive_json())["connection_info"] == {"app_id": "A0MAPKEEPER"}
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(address)
            told = asyncio.ensure_future(slack.event("app_uninstalled"))
            envelope = await socket.receive_json()
            assert (envelope["type"], envelope["retry_attempt"]) == ("events_api", 0)
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
            assert (await told).ok
            closing = asyncio.ensure_future(slack.sockets.disconnect())
            assert await socket.receive_json() == {"type": "disconnect", "reason": "refresh_requested"}
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
            await closing
