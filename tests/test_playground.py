"""The stand-in for Slack, driven over real loopback HTTP against a tiny bot."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.blocks import problems, view_problems
from bot.playground.reading import entities, plain
from bot.playground.schema import Json
from bot.playground.slack import SlackStandIn
from bot.playground.things import Message

Answer = Callable[[Json], Awaitable[web.Response]]
SAMPLES = Path(__file__).parents[2] / "shared" / "data" / "slack-payloads"  # beside the project, where kept


class TinyBot:
    """Checks signatures, remembers what came, answers what the test says, and can call the Web API."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack
        self.heard: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Answer = self.nothing
        self.session = aiohttp.ClientSession()

    async def nothing(self, _payload: Json) -> web.Response:
        return web.Response()

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.read()
        stamp = request.headers["X-Slack-Request-Timestamp"]
        key = self.slack.signing_secret.encode()
        mark = hmac.new(key, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        if request.headers["X-Slack-Signature"] != f"v0={mark}" or abs(time.time() - int(stamp)) > 300:
            return web.Response(status=401)
        self.heard.append(read_payload(request.content_type, body))
        self.headers.append(dict(request.headers))
        return await self.answer(self.heard[-1])

    async def call(self, method: str, token: str | None = None, **args: Any) -> Json:
        url = self.slack.api_url + method
        headers = {"Authorization": f"Bearer {token or self.slack.bot_token}"}
        async with self.session.post(url, json=args, headers=headers) as answer:
            found: Json = await answer.json()
            return found

    async def respond(self, url: str, **body: Any) -> tuple[int, Json]:
        async with self.session.post(url, json=body) as answer:
            return answer.status, await answer.json()

    def answers(self, status: int = 200, **body: Any) -> None:
        async def answer(_payload: Json) -> web.Response:
            return web.json_response(body, status=status) if body else web.Response(status=status)

        self.answer = answer


def read_payload(content_type: str, body: bytes) -> Json:
    if content_type == "application/json":
        found: Json = json.loads(body)
        return found
    form = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    return json.loads(form["payload"]) if "payload" in form else form


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as standing:
        yield standing


@pytest.fixture
async def bot(slack: SlackStandIn) -> AsyncIterator[TinyBot]:
    tiny = TinyBot(slack)
    app = web.Application()
    app.router.add_post("/slack/events", tiny.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.point_at(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    yield tiny
    await tiny.session.close()
    await runner.cleanup()


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": words(text), "action_id": action_id, **more}


def asks(name: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": words(name.title()),
        "element": {"action_id": name, **element},
        **more,
    }


TEXT = {"type": "plain_text_input"}
STAGES = [{"text": words(name.title()), "value": name} for name in ("checkout", "delivery")]


def form(*blocks: Json, **more: Any) -> Json:
    found = {"type": "modal", "title": words("Log a pain"), "submit": words("Save"), "callback_id": "pain"}
    return {**found, "blocks": list(blocks), **more}


async def open_form(slack: SlackStandIn, bot: TinyBot, view: Json) -> Any:
    """Ben types /pain and the bot opens the view."""

    async def answer(payload: Json) -> web.Response:
        opened = await bot.call("views.open", trigger_id=payload["trigger_id"], view=view)
        assert opened["ok"], opened
        return web.Response()

    bot.answer = answer
    reply = await slack.command("ben", "product", "/pain")
    bot.answer = bot.nothing
    assert reply.view is not None
    return reply.view


async def card(slack: SlackStandIn, bot: TinyBot, channel: str = "C0PRODUCT") -> Message:
    """A card of the bot with two buttons in a channel."""
    blocks = [
        section("*P-1* card declined"),
        {"type": "actions", "block_id": "acts", "elements": [button("Vote", "vote", value="P-1")]},
    ]
    posted = await bot.call("chat.postMessage", channel=channel, text="P-1", blocks=blocks)
    assert posted["ok"], posted
    return slack.channel(channel).messages[-1]


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


# --- Forms ---


async def test_a_form_opens_fills_and_closes(slack: SlackStandIn, bot: TinyBot) -> None:
    select = {"type": "static_select", "options": STAGES, "initial_option": STAGES[0]}
    view = await open_form(slack, bot, form(asks("words", TEXT), asks("stage", select), private_metadata="m"))
    reply = await slack.submit("ben", view, {"words": "declined"})
    payload = bot.heard[-1]
    values = payload["view"]["state"]["values"]
    assert values["words"]["words"] == {"type": "plain_text_input", "value": "declined"}
    assert values["stage"]["stage"]["selected_option"]["value"] == "checkout"
    assert (payload["view"]["callback_id"], payload["view"]["private_metadata"]) == ("pain", "m")
    assert reply.closed
    assert slack.views["U0BEN"] == []


async def test_every_kind_of_input_has_its_own_shape(slack: SlackStandIn, bot: TinyBot) -> None:
    boxes = [{"text": {"type": "mrkdwn", "text": "*a*"}, "value": "a"}]
    view = await open_form(
        slack,
        bot,
        form(
            asks("n", {"type": "number_input", "is_decimal_allowed": False}),
            asks("many", {"type": "multi_static_select", "options": STAGES}),
            asks("box", {"type": "checkboxes", "options": boxes}, optional=True),
            asks("radio", {"type": "radio_buttons", "options": STAGES}),
            asks("who", {"type": "users_select"}),
            asks("where", {"type": "conversations_select"}),
            asks("day", {"type": "datepicker"}),
            asks("hour", {"type": "timepicker"}),
            asks("ext", {"type": "external_select"}),
            asks("empty", TEXT, optional=True),
        ),
    )
    filled = {"n": 3, "many": ["checkout"], "radio": "delivery", "who": "U0ADA", "where": "C0PRODUCT"}
    await slack.submit("ben", view, {**filled, "day": "2026-01-05", "hour": "09:00", "ext": "P-1"})
    values = {name: state[name] for name, state in bot.heard[-1]["view"]["state"]["values"].items()}
    assert values["n"]["value"] == "3"
    assert [one["value"] for one in values["many"]["selected_options"]] == ["checkout"]
    assert values["box"] == {"type": "checkboxes", "selected_options": []}
    assert values["radio"]["selected_option"]["value"] == "delivery"
    assert (values["who"]["selected_user"], values["where"]["selected_conversation"]) == (
        "U0ADA",
        "C0PRODUCT",
    )
    assert (values["day"]["selected_date"], values["hour"]["selected_time"]) == ("2026-01-05", "09:00")
    assert values["ext"]["selected_option"]["value"] == "P-1"
    assert values["empty"] == {"type": "plain_text_input", "value": None}


async def test_the_client_keeps_an_incomplete_form_back(slack: SlackStandIn, bot: TinyBot) -> None:
    view = await open_form(slack, bot, form(asks("words", {**TEXT, "max_length": 5})))
    heard = len(bot.heard)
    assert (await slack.submit("ben", view)).errors == {"words": "Please complete this required field."}
    assert "at most 5" in (await slack.submit("ben", view, {"words": "too long"})).errors["words"]
    assert len(bot.heard) == heard
    assert (await slack.submit("ben", view, {"words": "too long"}, unchecked=True)).closed


async def test_field_errors_keep_the_form_and_its_words(slack: SlackStandIn, bot: TinyBot) -> None:
    view = await open_form(slack, bot, form(asks("words", TEXT)))
    bot.answers(response_action="errors", errors={"words": "Say more"})
    reply = await slack.submit("ben", view, {"words": "x"})
    assert reply.errors == {"words": "Say more"}
    assert plain(view).splitlines() == ["Log a pain", "Words: [x]", "! Say more", "[Save]"]
    bot.answers(response_action="errors", errors={"nothing": "Say more"})
    assert "nothing is not the block_id" in ((await slack.submit("ben", view)).failure or "")


async def test_a_form_can_be_updated_pushed_and_cleared(slack: SlackStandIn, bot: TinyBot) -> None:
    view = await open_form(slack, bot, form(asks("words", TEXT)))
    bot.answers(response_action="push", view=form(section("Sure?")))
    pushed = await slack.submit("ben", view, {"words": "x"})
    assert pushed.pushed
    assert pushed.view
    assert pushed.view.previous_id == view.id
    bot.answers(response_action="update", view=form(section("Done")))
    updated = await slack.submit("ben", pushed.view)
    assert updated.updated
    assert "Done" in updated.text
    bot.answers(response_action="clear")
    assert (await slack.submit("ben", pushed.view)).closed
    assert slack.view_of("ben") is None


async def test_a_failed_submission_leaves_the_form_open(slack: SlackStandIn, bot: TinyBot) -> None:
    view = await open_form(slack, bot, form(asks("words", TEXT)))
    bot.answers(status=500)
    assert "trouble connecting" in ((await slack.submit("ben", view, {"words": "x"})).failure or "")
    assert slack.view_of("ben") is view


async def test_typed_words_survive_an_update_of_the_same_input(slack: SlackStandIn, bot: TinyBot) -> None:
    view = await open_form(slack, bot, form(asks("words", TEXT), asks("gone", TEXT, optional=True)))
    slack.fill("ben", view, {"words": "typed", "gone": "lost"})
    other = asks("gone", {**TEXT, "action_id": "other"}, optional=True)
    changed = form(section("New"), asks("words", {**TEXT, "initial_value": "first"}), other)
    assert (await bot.call("views.update", view_id=view.id, hash=view.hash, view=changed))["ok"]
    await slack.submit("ben", view)
    values = bot.heard[-1]["view"]["state"]["values"]
    assert values["words"]["words"]["value"] == "typed"
    assert values["gone"]["other"]["value"] is None


async def test_a_click_inside_a_form_names_the_view(slack: SlackStandIn, bot: TinyBot) -> None:
    select = {"type": "static_select", "options": STAGES}
    view = await open_form(slack, bot, form(asks("stage", select, dispatch_action=True), asks("words", TEXT)))
    await slack.click("ben", view, "stage", "delivery")
    payload = bot.heard[-1]
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert payload["view"]["hash"] == view.hash
    assert "response_url" not in payload
    with pytest.raises(LookupError, match="sent with its form"):
        await slack.click("ben", view, "words", "x")


async def test_closing_is_told_only_to_those_who_asked(slack: SlackStandIn, bot: TinyBot) -> None:
    quiet = await open_form(slack, bot, form(section("x")))
    assert not (await slack.close_view("ben", quiet)).sent
    told = await open_form(slack, bot, form(section("x"), notify_on_close=True))
    assert (await slack.close_view("ben", told)).sent
    assert bot.heard[-1]["type"] == "view_closed"
    assert bot.heard[-1]["is_cleared"] is False


async def test_options_are_suggested_while_typing(slack: SlackStandIn, bot: TinyBot) -> None:
    view = await open_form(slack, bot, form(asks("item", {"type": "external_select"})))
    bot.answers(options=STAGES)
    reply = await slack.suggest("ben", view, "item", "che")
    assert bot.heard[-1]["value"] == "che"
    assert [option["value"] for option in reply.options] == ["checkout", "delivery"]


async def test_slack_tells_the_person_when_the_bot_answers_nonsense(
    slack: SlackStandIn, bot: TinyBot
) -> None:
    view = await open_form(slack, bot, form(asks("item", {"type": "external_select"}, optional=True)))
    wrong: list[Json] = [
        {"text": "not an order"},
        {"response_action": "dance"},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"item": ""}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "push"},
    ]
    for body in wrong:
        bot.answers(**body)
        assert "We had some trouble connecting" in ((await slack.submit("ben", view)).failure or ""), body
    bot.answers(options=[{"text": words("x" * 76), "value": "v"}])
    assert (await slack.suggest("ben", view, "item", "x")).failure == "Couldn’t load results"
    bot.answers(status=500)
    assert (await slack.suggest("ben", view, "item", "x")).failure == "Couldn’t load results"
    message = await card(slack, bot)
    assert (await slack.click("ben", message, "vote")).failure == "We had some trouble connecting. Try again?"


# --- Triggers, hashes and other refusals of views ---


async def test_a_trigger_serves_once_and_three_seconds(slack: SlackStandIn, bot: TinyBot) -> None:
    view = form(section("x"))

    async def opened() -> str:
        trigger = bot.heard[-1]["trigger_id"]
        answer = await bot.call("views.open", trigger_id=trigger, view=view)
        return str(answer.get("error", "ok"))

    await slack.command("ben", "product", "/pain")
    assert [await opened(), await opened()] == ["ok", "exchanged_trigger_id"]
    slack.world.passes.trigger_life = -1
    await slack.command("ben", "product", "/pain")
    assert await opened() == "expired_trigger_id"
    answer = await bot.call("views.open", trigger_id="1.2.3", view=view)
    assert answer["error"] == "invalid_trigger_id"


async def test_a_view_changed_meanwhile_is_a_hash_conflict(slack: SlackStandIn, bot: TinyBot) -> None:
    view = await open_form(slack, bot, form(section("x")))
    old = view.hash
    assert (await bot.call("views.update", view_id=view.id, hash=old, view=form(section("y"))))["ok"]
    refused = await bot.call("views.update", view_id=view.id, hash=old, view=form(section("z")))
    assert refused["error"] == "hash_conflict"
    assert (await bot.call("views.update", view_id="V0", view=form(section("z"))))["error"] == "not_found"


async def test_a_wrong_view_is_refused_with_its_places(slack: SlackStandIn, bot: TinyBot) -> None:
    await slack.command("ben", "product", "/pain")
    wrong = {"type": "modal", "title": words("t" * 25), "blocks": [section("x", foo=1)]}
    answer = await bot.call("views.open", trigger_id=bot.heard[-1]["trigger_id"], view=wrong)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
        "[ERROR] invalid additional property: foo [json-pointer:/view/blocks/0]",
    ]


async def test_no_more_than_three_forms_stand_on_each_other(slack: SlackStandIn, bot: TinyBot) -> None:
    view = await open_form(slack, bot, form(section("1", accessory=button("More", "more"))))

    async def push(payload: Json) -> web.Response:
        await bot.call("views.push", trigger_id=payload["trigger_id"], view=form(section("2")))
        return web.Response()

    bot.answer = push
    for _ in range(3):
        await slack.click("ben", view, "more")
    assert len(slack.views["U0BEN"]) == 3
    assert slack.calls[-1].outcome == "push_limit_reached"


async def test_the_home_tab_is_published_and_opened(slack: SlackStandIn, bot: TinyBot) -> None:
    await slack.open_home("ada")
    assert "view" not in bot.heard[-1]["event"]
    home = {"type": "home", "blocks": [section("Your maps", accessory=button("Log", "log"))]}
    assert (await bot.call("views.publish", user_id="U0ADA", view=home))["ok"]
    await slack.open_home("ada")
    assert bot.heard[-1]["event"]["view"]["type"] == "home"
    shown = slack.home("ada")
    assert plain(shown) == "Your maps\n[Log]"
    assert shown
    await slack.click("ada", shown, "log")
    assert bot.heard[-1]["view"]["id"] == shown.id


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


# --- Reading ---


def test_what_is_live_in_a_text_is_found() -> None:
    blocks = [
        section("<!channel> <https://x.example|x> &lt;@U1&gt;"),
        {"type": "section", "text": words("<!here> is only text here")},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U2"}]}],
        },
    ]
    assert entities(blocks) == ["!channel", "https://x.example|x", "@U2"]
    assert plain(blocks) == "@channel x <@U1>\n<!here> is only text here\n@U2"


READ = """\
a
b
(a)
h
a b (a)
———
t (a)
**x**
[a] [⋯ Checkout] [ ▾] [Delivery ▾] [] (x) Checkout (x) Delivery ( ) Checkout ( ) Delivery [2026-01-05] [09:00]
a:tada:b@U1#C1@S1@herex
•\x20
> q
c
a"""


def test_every_kind_of_block_is_read() -> None:
    assert plain(GOOD) == READ


# --- The judge of Block Kit ---


def most(characters: int) -> str:
    return f"must be less than {characters} characters"


def acts(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(fields: Json) -> Json:
    return acts({"type": "static_select", **fields})


def sure(fields: Json) -> Json:
    return acts(button("x", "a", confirm={**CONFIRM, **fields}))


def typed(fields: Json) -> Json:
    return asks("a", {**TEXT, **fields})


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def line(*parts: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(parts)}


NOT_OFFERED = "initial_option does not match any of the options"
CROSSED = "min_length must not be greater than max_length"
TAKEN = '`action_id` "a" already exists for another element'
OTHER = {**STAGES[0], "text": words("Other")}
LINE = "/elements/0/elements/0"
BULLETS = {"type": "rich_text_list", "elements": [{"type": "rich_text_section", "elements": []}]}
LETTER = {"type": "text", "text": "a"}
MULTI = {"type": "multi_static_select", "options": STAGES}
MARKED = {"type": "mrkdwn", "text": "a"}
CONFIRM = {"title": words("Sure?"), "text": words("Really"), "confirm": words("Yes"), "deny": words("No")}
ADDRESS = "https://example.com/a.png"
IMAGE = {"type": "image", "image_url": ADDRESS, "alt_text": "a"}
GOOD = [
    section("a", fields=[words("b")], accessory=IMAGE, block_id="x", expand=True),
    {"type": "header", "text": words("h")},
    {"type": "context", "elements": [words("a"), {"type": "mrkdwn", "text": "b", "verbatim": True}, IMAGE]},
    {"type": "divider"},
    {**IMAGE, "title": words("t")},
    {"type": "markdown", "text": "**x**"},
    acts(
        button("a", "a", style="danger", confirm=CONFIRM, url=ADDRESS, value="", accessibility_label="l"),
        {"type": "overflow", "options": [{**STAGES[0], "url": ADDRESS, "description": words("d")}]},
        {"type": "static_select", "option_groups": [{"label": words("l"), "options": STAGES}]},
        {"type": "static_select", "options": STAGES, "initial_option": STAGES[1]},
        {"type": "conversations_select", "filter": {"include": ["public"]}},
        {"type": "checkboxes", "options": STAGES, "initial_options": STAGES},
        {"type": "radio_buttons", "options": STAGES},
        {"type": "datepicker", "initial_date": "2026-01-05"},
        {"type": "timepicker", "initial_time": "09:00", "placeholder": words("p")},
    ),
    rich(
        line(
            {"type": "text", "text": "a", "style": {"bold": True}},
            {"type": "emoji", "name": "tada"},
            {"type": "link", "url": ADDRESS, "text": "b"},
            {"type": "user", "user_id": "U1"},
            {"type": "channel", "channel_id": "C1"},
            {"type": "usergroup", "usergroup_id": "S1"},
            {"type": "broadcast", "range": "here"},
            {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "x"},
        ),
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [line()]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]},
        {"type": "rich_text_preformatted", "border": 0, "elements": [{"type": "text", "text": "c"}]},
    ),
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]], "column_settings": [{"align": "left"}]},
]


def test_good_blocks_have_no_problems() -> None:
    assert problems(GOOD, "message") == []


REFUSED: list[tuple[Any, str, str]] = [
    ({"type": "section"}, "missing required field: text", ""),
    ({}, "missing required field: type", ""),
    ("text", "must provide an object", ""),
    ({"type": "sektion"}, "unsupported type: sektion", "/type"),
    ({"type": ["x"]}, "unsupported type: ['x']", "/type"),
    (section("x" * 3001), most(3001), "/text/text"),
    (section(""), "must be more than 0 characters", "/text/text"),
    ({"type": "section", "text": "x"}, "must provide an object", "/text"),
    (section("x", colour="red"), "invalid additional property: colour", ""),
    (section("x", block_id="b" * 256), most(256), "/block_id"),
    (section("x", fields=[]), "no less than 1 items allowed", "/fields"),
    (section("x", fields=[words("a")] * 11), "no more than 10 items allowed", "/fields"),
    (section("x", fields=[words("a" * 2001)]), most(2001), "/fields/0/text"),
    (section("x", accessory=TEXT), "unsupported type: plain_text_input", "/accessory/type"),
    ({"type": "section", "text": {**words("a"), "verbatim": True}}, "invalid additional property: verbatim", "/text"),
    ({"type": "section", "text": {**MARKED, "emoji": True}}, "invalid additional property: emoji", "/text"),
    ({"type": "header", "text": words("x" * 151)}, most(151), "/text/text"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn", "/text/type"),
    ({"type": "context", "elements": [words("a")] * 11}, "no more than 10 items allowed", "/elements"),
    ({"type": "context", "elements": [button("a", "a")]}, "unsupported type: button", "/elements/0/type"),
    ({"type": "divider", "text": words("x")}, "invalid additional property: text", ""),
    ({"type": "image", "image_url": ADDRESS}, "missing required field: alt_text", ""),
    ({"type": "image", "alt_text": "a"}, "must provide exactly one of image_url or slack_file", ""),
    ({**IMAGE, "alt_text": "a" * 2001}, most(2001), "/alt_text"),
    ({**IMAGE, "image_url": "ftp://x"}, "must be a valid URL", "/image_url"),
    ({**IMAGE, "title": words("a" * 2001)}, most(2001), "/title/text"),
    ({"type": "markdown", "text": "x" * 12001}, most(12001), "/text"),
    (acts(*[{"type": "users_select"}] * 26), "no more than 25 items allowed", "/elements"),
    (acts(), "no less than 1 items allowed", "/elements"),
    (acts(button("x" * 76, "a")), most(76), "/elements/0/text/text"),
    (acts(button("x", "a" * 256)), most(256), "/elements/0/action_id"),
    (acts(button("x", "a", value="v" * 2001)), most(2001), "/elements/0/value"),
    (acts(button("x", "a", value=1)), "must provide a string", "/elements/0/value"),
    (acts(button("x", "a", url="https://" + "u" * 3000)), most(3001), "/elements/0/url"),
    (acts(button("x", "a", style="default")), "must be a valid enum value", "/elements/0/style"),
    (acts(button("x", "a", block_id="b")), "invalid additional property: block_id", "/elements/0"),
    (sure({"title": words("t" * 101)}), most(101), "/elements/0/confirm/title/text"),
    (sure({"text": words("t" * 301)}), most(301), "/elements/0/confirm/text/text"),
    (sure({"deny": words("t" * 31)}), most(31), "/elements/0/confirm/deny/text"),
    (acts(button("x", "a"), button("y", "a")), TAKEN, "/elements/1/action_id"),
    (acts({"type": "overflow", "options": STAGES * 3}), "no more than 5 items allowed", "/elements/0/options"),
    (acts({"type": "radio_buttons", "options": STAGES * 6}), "no more than 10 items allowed", "/elements/0/options"),
    (select({"options": STAGES * 51}), "no more than 100 items allowed", "/elements/0/options"),
    (select({"options": []}), "no less than 1 items allowed", "/elements/0/options"),
    (select({}), "must provide exactly one of options or option_groups", "/elements/0"),
    (select({"options": STAGES, "initial_option": OTHER}), NOT_OFFERED, "/elements/0/initial_option"),
    (select({"options": [{"text": words("x" * 76), "value": "v"}]}), most(76), "/elements/0/options/0/text/text"),
    (select({"options": [{"text": words("x"), "value": "v" * 151}]}), most(151), "/elements/0/options/0/value"),
    (select({"options": [{**STAGES[0], "url": ADDRESS}]}), "invalid additional property: url", "/elements/0/options/0"),
    (acts({"type": "users_select", "placeholder": words("p" * 151)}), most(151), "/elements/0/placeholder/text"),
    (acts(MULTI), "unsupported type: multi_static_select", "/elements/0/type"),
    (acts({"type": "datepicker", "initial_date": "5.1.2026"}), "must be a valid date", "/elements/0/initial_date"),
    (asks("words", TEXT), "unsupported type: input", "/type"),
    (rich(), "no less than 1 items allowed", "/elements"),
    (rich(line({"type": "text", "text": ""})), "must be more than 0 characters", LINE + "/text"),
    (rich(line({**LETTER, "style": {"big": True}})), "invalid additional property: big", LINE + "/style"),
    (rich({**BULLETS, "style": "dash"}), "must be a valid enum value", "/elements/0/style"),
    (rich({"type": "rich_text_quote", "elements": [line()]}), "unsupported type: rich_text_section", LINE + "/type"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]}, "no more than 20 items allowed", "/rows/0"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "words", "place"), REFUSED)
def test_a_wrong_block_is_refused_where_it_is_wrong(block: Any, words: str, place: str) -> None:
    assert f"[ERROR] {words} [json-pointer:/blocks/0{place}]" in problems([block], "message")


def test_what_is_wrong_between_blocks_is_found() -> None:
    twice = problems([section("a", block_id="b"), section("c", block_id="b")], "message")
    assert twice == ['[ERROR] `block_id` "b" already exists [json-pointer:/blocks/1/block_id]']
    assert problems("no list", "message") == ["[ERROR] must provide an array [json-pointer:/blocks]"]
    assert "no more than 50" in problems([{"type": "divider"}] * 51, "message")[0]
    assert problems([{"type": "divider"}] * 100, "modal") == []


JUNK: list[Any] = [None, 1, "x", "", [], {}, True, [1], {"type": "button"}, {"type": 1}, ["a", {}]]


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a piece of JSON."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inside:
        yield from spots(part, (*path, name))


def spoilt(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """A copy with junk at one place."""
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = spoilt(value[path[0]], path[1:], junk)
    return copy


def test_the_judge_survives_any_junk_anywhere() -> None:
    view = form(*GOOD[:4], asks("a", TEXT), asks("b", MULTI))
    for path in spots(GOOD):
        for junk in JUNK:
            problems(spoilt(GOOD, path, junk), "message")
    for path in spots(view):
        for junk in JUNK:
            view_problems(spoilt(view, path, junk))


EAGER = {**TEXT, "focus_on_load": True}
REFUSED_VIEWS: list[tuple[Json, str, str]] = [
    ({"type": "modal", "blocks": []}, "missing required field: title", ""),
    ({"type": "modal", "title": words("t"), "blocks": [asks("a", TEXT)]}, "missing required field: submit", ""),
    (form(submit=words("s" * 25)), most(25), "/submit/text"),
    (form(close=words("s" * 25)), most(25), "/close/text"),
    (form(private_metadata="m" * 3001), most(3001), "/private_metadata"),
    (form(callback_id="c" * 256), most(256), "/callback_id"),
    (form(colour="red"), "invalid additional property: colour", ""),
    (form(*[{"type": "divider"}] * 101), "no more than 100 items allowed", "/blocks"),
    (form({"type": "markdown", "text": "x"}), "unsupported type: markdown", "/blocks/0/type"),
    (form(asks("a", button("x", "a"))), "unsupported type: button", "/blocks/0/element/type"),
    (form(asks("a", TEXT, label=words("l" * 2001))), most(2001), "/blocks/0/label/text"),
    (form(asks("a", TEXT, hint=words("l" * 2001))), most(2001), "/blocks/0/hint/text"),
    (form(typed({"max_length": 3001})), "must be less than or equal to 3000", "/blocks/0/element/max_length"),
    (form(typed({"min_length": 5, "max_length": 4})), CROSSED, "/blocks/0/element"),
    (form(typed({"max_length": 4, "initial_value": "12345"})), most(5), "/blocks/0/element/initial_value"),
    (form(asks("a", {"type": "number_input"})), "missing required field: is_decimal_allowed", "/blocks/0/element"),
    (form(asks("a", EAGER), asks("b", EAGER)), "only one element may have focus_on_load", "/blocks"),
    ({"type": "home", "blocks": [], "title": words("t")}, "invalid additional property: title", ""),
    ({"type": "page", "blocks": []}, "unsupported type: page", "/type"),
]  # fmt: skip


@pytest.mark.parametrize(("view", "words", "place"), REFUSED_VIEWS)
def test_a_wrong_view_is_refused_where_it_is_wrong(view: Json, words: str, place: str) -> None:
    assert f"[ERROR] {words} [json-pointer:/view{place}]" in view_problems(view)


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
