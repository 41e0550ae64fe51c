"""The stand-in for Slack: its Web API, its refusals, and its faults on order."""

import json
from typing import Any

import aiohttp
import pytest

from bot.playground.reading import plain
from bot.playground.slack import SlackStandIn
from tests.tiny_bot import TinyBot, bot, card, section, slack

__all__ = ["bot", "slack"]

# --- The Web API ---


async def test_tokens_are_checked(slack: SlackStandIn, bot: TinyBot) -> None:
    who = await bot.call("auth.test")
    assert (who["user_id"], who["team_id"], who["bot_id"]) == (slack.bot.id, "T0ACME", "B0MAPKEEPER")
    assert (await bot.call("auth.test", token="xoxb-wrong"))["error"] == "invalid_auth"
    async with bot.session.post(slack.api_url + "auth.test") as answer:
        assert (await answer.json())["error"] == "not_authed"
        assert answer.headers["x-oauth-scopes"]
    slack.revoke_token()
    assert (await bot.call("auth.test"))["error"] == "token_revoked"
    assert (await bot.call("no.such"))["error"] == "unknown_method"


async def test_a_missing_scope_is_named(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.world.scopes.discard("users:read")
    answer = await bot.call("users.info", user="U0ADA")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")


async def test_people_and_channels_are_told_as_slack_tells_them(slack: SlackStandIn, bot: TinyBot) -> None:
    ada = (await bot.call("users.info", user="U0ADA"))["user"]
    assert (ada["is_admin"], ada["is_owner"], ada["tz"]) == (True, True, "Europe/Berlin")
    assert (ada["profile"]["display_name"], ada["real_name"]) == ("ada", "Ada Berg")
    assert (await bot.call("users.info", user="U0GIL"))["user"]["is_restricted"]
    assert (await bot.call("users.info", user="U404"))["error"] == "user_not_found"
    assert (await bot.call("users.info"))["error"] == "invalid_arguments"
    product = (await bot.call("conversations.info", channel="C0PRODUCT"))["channel"]
    assert (product["is_member"], product["is_private"]) == (True, False)
    assert (await bot.call("conversations.info", channel="C0LEADS"))["error"] == "channel_not_found"


async def test_arguments_may_be_a_form_or_a_query(slack: SlackStandIn, bot: TinyBot) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    form = {"channel": "C0PRODUCT", "text": "x", "blocks": json.dumps([section("from a form")])}
    async with bot.session.post(slack.api_url + "chat.postMessage", data=form, headers=headers) as answer:
        assert (await answer.json())["ok"]
    async with bot.session.get(slack.api_url + "users.info?user=U0ADA", headers=headers) as answer:
        assert (await answer.json())["user"]["id"] == "U0ADA"
    assert plain(slack.channel("product").messages[-1]) == "from a form"


async def test_posting_meets_slacks_refusals(slack: SlackStandIn, bot: TinyBot) -> None:
    async def error(**args: Any) -> str:
        answer = await bot.call("chat.postMessage", **{"channel": "C0PRODUCT", "text": "x", **args})
        return str(answer.get("error", "ok"))

    slack.channel("general").archived = True
    assert await error(channel="C404") == "channel_not_found"
    assert await error(channel="C0LEADS") == "channel_not_found"
    assert await error(channel="C0RANDOM") == "not_in_channel"
    assert await error(channel="C0GENERAL") == "is_archived"
    assert await error(text="") == "no_text"
    assert await error(blocks="[") == "invalid_blocks_format"
    assert await error(blocks=[section("x" * 3001)]) == "invalid_blocks"
    assert await error(blocks=[section("x" * 2900)] * 5) == "msg_blocks_too_long"
    assert await error(blocks=[{"type": "divider"}] * 51) == "invalid_blocks"
    assert await error(thread_ts="1.1") == "thread_not_found"
    assert await error(metadata={"event_type": "x"}) == "invalid_metadata_schema"
    assert await error(channel="U0ADA") == "ok"
    assert [plain(one) for one in slack.direct("ada").messages] == ["x"]


async def test_messages_are_changed_and_deleted(slack: SlackStandIn, bot: TinyBot) -> None:
    message = await card(slack, bot)
    place = {"channel": "C0PRODUCT", "ts": message.ts}
    assert (await bot.call("chat.update", **place, text="new", blocks=[section("new")]))["ok"]
    assert (plain(message), message.edited) == ("new", True)
    assert (await bot.call("chat.update", **place, text="x" * 4001))["error"] == "msg_too_long"
    said = (await slack.say("ada", "product", "mine")).message
    assert said
    theirs = await bot.call("chat.update", channel="C0PRODUCT", ts=said.ts, text="x")
    assert theirs["error"] == "cant_update_message"
    assert (await bot.call("chat.delete", **place))["ok"]
    assert (await bot.call("chat.update", **place, text="x"))["error"] == "message_not_found"
    assert message not in slack.channel("product").messages


async def test_an_update_keeps_what_it_does_not_name(slack: SlackStandIn, bot: TinyBot) -> None:
    message = await card(slack, bot)
    place = {"channel": "C0PRODUCT", "ts": message.ts}
    await bot.call(
        "chat.update", **place, text="other words", metadata={"event_type": "a", "event_payload": {}}
    )
    assert (message.text, plain(message)) == ("other words", "*P-1* card declined\n[Vote]")
    assert message.metadata == {"event_type": "a", "event_payload": {}}
    await bot.call("chat.update", **place, text="x", blocks=[], metadata={})
    assert plain(message) == "x"
    assert not message.metadata
    slack.channel("product").archived = True
    assert (await bot.call("chat.update", **place, text="y"))["error"] == "is_inactive"


async def test_broken_json_is_named(slack: SlackStandIn, bot: TinyBot) -> None:
    headers = {"Content-Type": "application/json"}
    for body, error in (("{", "invalid_json"), ("[]", "json_not_object")):
        async with bot.session.post(slack.api_url + "auth.test", data=body, headers=headers) as answer:
            assert (await answer.json())["error"] == error


async def test_an_ephemeral_needs_the_person_in_the_channel(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.channel("product").members.discard("U0GIL")
    answer = await bot.call("chat.postEphemeral", channel="C0PRODUCT", user="U0GIL", text="x")
    assert answer["error"] == "user_not_in_channel"
    assert (await bot.call("chat.postEphemeral", channel="C0PRODUCT", user="U0BEN", text="psst"))["ok"]
    assert [plain(one) for one in slack.seen_by("ben", "product")] == ["psst"]


async def test_the_bot_joins_public_channels_only(slack: SlackStandIn, bot: TinyBot) -> None:
    assert (await bot.call("conversations.join", channel="C0RANDOM"))["ok"]
    assert (await bot.call("conversations.join", channel="C0RANDOM"))["warning"] == "already_in_channel"
    refused = await bot.call("conversations.join", channel="C0LEADS")
    assert refused["error"] == "method_not_supported_for_channel_type"
    assert (await bot.call("conversations.open", users="U0BEN"))["channel"]["id"] == slack.direct("ben").id


# --- Faults ---


async def test_faults_come_when_ordered(slack: SlackStandIn, bot: TinyBot) -> None:
    fault = slack.faults.add("chat.postMessage", "rate_limited", retry_after=7, after=1)
    assert (await bot.call("chat.postMessage", channel="C0PRODUCT", text="1"))["ok"]
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    body = {"channel": "C0PRODUCT", "text": "2"}
    url = slack.api_url + "chat.postMessage"
    async with bot.session.post(url, json=body, headers=headers) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
        assert await answer.json() == {"ok": False, "error": "ratelimited"}
    assert fault.hits == 1
    slack.faults.add("chat.postMessage", "server_error", status=500)
    async with bot.session.post(url, json=body, headers=headers) as answer:
        assert answer.status == 500
    slack.faults.add("*", "error", error="is_archived")
    assert (await bot.call("chat.postMessage", **body))["error"] == "is_archived"
    slack.faults.add("chat.postMessage", "slow", seconds=0.0)
    assert (await bot.call("chat.postMessage", **body))["ok"]
    assert [call.outcome for call in slack.calls] == [
        "ok",
        "ratelimited",
        "internal_error",
        "is_archived",
        "ok",
    ]


async def test_a_dropped_call_had_its_effect_or_not(slack: SlackStandIn, bot: TinyBot) -> None:
    for kind, effect in (("drop_before", 0), ("drop_after", 1)):
        slack.faults.add("chat.postMessage", kind)
        with pytest.raises(aiohttp.ClientError):
            await bot.call("chat.postMessage", channel="C0PRODUCT", text="x")
        assert len(slack.channel("product").messages) == effect
    assert [call.outcome for call in slack.calls] == ["dropped_before", "dropped_after"]


async def test_a_rate_limit_counts_each_channel(slack: SlackStandIn, bot: TinyBot) -> None:
    slack.faults.limit("chat.postMessage", 1, 60)
    posts = [await bot.call("chat.postMessage", channel=c, text="x") for c in ("C0PRODUCT", "C0PRODUCT")]
    assert [post["ok"] for post in posts] == [True, False]
    assert (await bot.call("chat.postMessage", channel="C0GENERAL", text="x"))["ok"]
