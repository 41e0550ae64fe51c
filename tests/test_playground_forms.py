"""The stand-in for Slack: forms and the Home tab, what is sent from them, and what is refused."""

import pytest
from aiohttp import web

from bot.playground.reading import plain
from bot.playground.schema import Json
from bot.playground.slack import SlackStandIn
from tests.tiny_bot import (
    STAGES,
    TEXT,
    TinyBot,
    asks,
    bot,
    button,
    card,
    form,
    open_form,
    section,
    slack,
    words,
)

__all__ = ["bot", "slack"]

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
