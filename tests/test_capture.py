"""Logging when it does not go straight: every answer is private, says what to do next, and loses nothing typed."""

import pytest

from bot.playground.reading import plain
from tests.peek import buttons, count, kept, offered, press, retire_stage, rows, tampered
from tests.test_story import next_monday
from tests.world import World, running

RESTAURANT = "restaurant-visit"


async def test_an_unknown_stage_offers_the_nearest_and_the_click_logs_the_words_alone(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "paid: card declined twice !abandon")
    assert reply.ephemeral
    assert (
        "I don't know a stage called “paid” on Dinner with friends. Did you mean one of these? Your words are safe."
        in reply.text
    )
    assert "> paid: card declined twice !abandon" in reply.text
    assert "Pay" in buttons(reply.ephemeral)
    assert len(offered(reply.ephemeral, "log.stage")) == 7
    assert count(dinner, "items") == 0
    logged = await press(dinner, "ben", reply.ephemeral, "Pay")
    assert "Got it: P-1 on Pay." in logged.text
    assert logged.ephemeral is None or logged.ephemeral is reply.ephemeral, (
        "it takes the place of the question"
    )
    item = rows(dinner, "SELECT text, severity FROM items")
    assert item == [{"text": "card declined twice", "severity": "abandon"}]


async def test_any_other_stage_can_be_picked_from_the_menu(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/idea", "parking: show free lots")
    assert reply.ephemeral
    logged = await press(dinner, "ben", reply.ephemeral, "log.stage", option="Order")
    assert "Got it: I-1 on Order." in logged.text
    assert rows(dinner, "SELECT text FROM items") == [{"text": "show free lots"}]


async def test_a_channels_default_stage_is_taken_where_none_is_named(dinner: World) -> None:
    rows(dinner, "UPDATE bindings SET default_stage_id = (SELECT id FROM stages WHERE slug = 'pay')")
    plainly = await dinner.slack.command("ben", "product", "/pain", "the card was declined twice in a row")
    assert "Got it: P-1 on Pay." in plainly.text
    named = await dinner.slack.command("ben", "product", "/pain", "eat: the soup was cold")
    assert "Got it: P-2 on Eat." in named.text
    unknown = await dinner.slack.command("ben", "product", "/pain", "parking: no free lot")
    assert "I don't know a stage called “parking”" in unknown.text
    bare = await dinner.slack.command("ben", "product", "/pain")
    assert "Stage: [Pay ▾]" in bare.text
    retire_stage(dinner, "pay")
    asked = await dinner.slack.command("ben", "product", "/pain", "the card was declined twice in a row")
    assert "Which stage of Dinner with friends is this about?" in asked.text


async def test_words_without_a_stage_are_kept_whole(dinner: World) -> None:
    words = "nobody at the phone, not at noon: not even at 18:30"
    reply = await dinner.slack.command("ben", "product", "/pain", words)
    assert reply.ephemeral
    assert "Which stage of Dinner with friends is this about? Your words are safe." in reply.text
    logged = await press(dinner, "ben", reply.ephemeral, "log.stage", option="Book")
    assert "Got it: P-1 on Book." in logged.text
    assert rows(dinner, "SELECT text FROM items") == [{"text": words}]


async def test_a_sentences_beginning_that_was_taken_for_a_stage_is_told(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "nobody answers: not at noon, not at 18:30")
    assert reply.ephemeral
    logged = await press(dinner, "ben", reply.ephemeral, "log.stage", option="Book")
    assert "Got it: P-1 on Book." in logged.text
    assert (
        "I took “nobody answers” for the stage, so it is not in the words. Edit puts it back." in logged.text
    )


async def test_a_double_click_logs_once(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "paid: card declined")
    question = reply.ephemeral
    assert question
    first = await dinner.slack.click("ben", question, "Pay")
    again = await dinner.slack.redeliver(first)
    assert again.status == 200
    payload = first.request.payload | {"trigger_id": "another.click"}
    second = await dinner.slack.send(dinner.slack.request("block_actions", "Pay", payload))
    assert second.status == 200
    await dinner.until(lambda: len(dinner.slack.calls_to("response_url")) == 3)
    assert "Got it: P-1 on Pay." in plain(question)
    assert count(dinner, "items") == 1


async def test_a_close_spelling_is_taken_said_so_and_moved_by_one_click(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "oredr: the menu is a PDF")
    assert reply.ephemeral
    assert "Got it: P-1 on Order." in reply.text
    assert "I read “oredr” as Order. If that is wrong, one click moves it:" in reply.text
    near = [name for name in buttons(reply.ephemeral) if name not in ("Edit", "Undo")]
    assert len(near) == 2
    assert len(offered(reply.ephemeral, "item.move")) == 6, "every stage but the one that was taken"
    moved = await press(dinner, "ben", reply.ephemeral, "item.move", option="Pay")
    assert "P-1 is on Pay now." in moved.text
    assert buttons(reply.ephemeral) == ["Edit", "Undo"]
    undone = await press(dinner, "ben", reply.ephemeral, "Undo")
    assert "Undone. P-1 is off the map." in undone.text


async def test_a_moved_card_is_redrawn(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "oredr: the menu is a PDF")
    await dinner.until(lambda: "P-1 · Order" in plain(dinner.messages()[-1]))
    assert reply.ephemeral
    first = next(name for name in buttons(reply.ephemeral) if name not in ("Edit", "Undo"))
    await press(dinner, "ben", reply.ephemeral, first)
    await dinner.until(lambda: f"P-1 · {first}" in plain(dinner.messages()[-1]))
    assert len(dinner.messages()) == 2, "the greeting and one card"


async def test_no_words_open_the_form_and_a_stage_alone_opens_it_on_that_stage(dinner: World) -> None:
    for command, title in (
        ("/pain", "Log a pain point"),
        ("/idea", "Log an idea"),
        ("/quote", "Log a customer quote"),
        ("/gain", "Log a gain"),
    ):
        reply = await dinner.slack.command("ben", "product", command)
        assert reply.opened
        assert title in reply.text
    reply = await dinner.slack.command("ben", "product", "/pain", "pay: !abandon @coupon")
    assert reply.view
    assert "Stage: [Pay ▾]" in plain(reply.view)
    assert "[🔴 Yes: they give up ▾]" in plain(reply.view)
    assert "Touchpoint: [coupon]" in plain(reply.view)
    done = await dinner.slack.submit("ben", reply.view, {"text": "coupon never works"})
    assert "Got it: P-1 on Pay." in done.text


async def test_characters_that_nobody_sees_are_no_words(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "pay: \u200b\u2060 \u00a0")
    assert reply.opened
    assert reply.view
    sent = await dinner.slack.submit("ben", reply.view, {"text": "\u200b"})
    assert sent.errors == {"text": "Please write a few words here."}
    assert count(dinner, "items") == 0


async def test_three_thousand_and_one_characters_go_into_the_form_and_none_is_lost(dinner: World) -> None:
    words = "card declined " * 214 + "again"
    assert len(words) == 3_001
    reply = await dinner.slack.command("ben", "product", "/pain", f"pay: {words}")
    assert "That is 3,001 characters, and one item holds 3,000. Nothing is lost" in reply.text
    assert words in reply.text, "all of it is there to be copied"
    assert reply.ephemeral
    form = await press(dinner, "ben", reply.ephemeral, "Open the form")
    assert form.view
    assert "Stage: [Pay ▾]" in plain(form.view)
    assert words[:3_000] in plain(form.view)
    assert "What did not fit is here, to be logged in a second item: n" in plain(form.view)
    done = await dinner.slack.submit("ben", form.view, {"text": words[:2_990]})
    assert "Got it: P-1 on Pay." in done.text


async def test_words_that_are_too_long_go_into_the_form_of_the_map_they_named(dinner: World) -> None:
    direct = dinner.slack.direct("ben")
    reply = await dinner.slack.command("ben", direct, "/pain", "dinner-with-friends/pay: " + "long " * 700)
    assert reply.ephemeral
    form = await press(dinner, "ben", reply.ephemeral, "Open the form")
    assert form.view
    done = await dinner.slack.submit("ben", form.view, {"text": "shorter"})
    assert "Got it: P-1 on Pay of Dinner with friends." in done.text


@pytest.mark.parametrize(
    "words",
    [
        "😡😡 the 🗺️ sends us to a closed door 👩‍👩‍👧‍👦",
        "הכרטיס נדחה פעמיים, ואף אחד לא עוזר",
        "بطاقتي رُفضت مرتين",
        "两次刷卡都被拒绝",
        "<!channel> <@U0ADA> <https://evil.example|click> *b* `c` & &amp; &lt;",
        "line one\nline two\n\n- and a list",
    ],
)
async def test_words_of_every_sort_are_kept_as_they_were_typed(dinner: World, words: str) -> None:
    card = await dinner.log(f"pay: {words}")
    assert rows(dinner, "SELECT text FROM items") == [{"text": words}]
    assert words in plain(card)


async def test_several_maps_in_a_channel_ask_which_unless_only_one_knows_the_stage(dinner: World) -> None:
    form = (await dinner.slack.command("ada", "product", "/journey", "new")).view
    assert form
    await dinner.slack.submit("ada", form, {"template": "ecommerce-purchase", "name": "Shop"})
    sure = await dinner.slack.command("ben", "product", "/pain", "arrive: no table by the window")
    assert "Got it: P-1 on Arrive" in sure.text
    reply = await dinner.slack.command("ben", "product", "/pain", "somewhere: card declined")
    assert "This channel shows more than one map. Which one is this for? I kept what you wrote." in reply.text
    assert reply.ephemeral
    assert buttons(reply.ephemeral) == ["Dinner with friends", "Shop"]
    asked = await press(dinner, "ben", reply.ephemeral, "Shop")
    assert "I don't know a stage called “somewhere” on Shop." in asked.text
    assert asked.ephemeral
    logged = await press(dinner, "ben", asked.ephemeral, "log.stage", option="Checkout")
    assert "Got it: P-1 on Checkout of Shop." in logged.text
    assert "card declined" in [row["text"] for row in rows(dinner, "SELECT text FROM items")]


async def test_a_bare_command_where_several_maps_are_asks_which_and_opens_its_form(dinner: World) -> None:
    for name in ("Shop", "Second shop", "Third shop"):
        await dinner.start_map(name)
    reply = await dinner.slack.command("ben", "product", "/idea")
    assert "Which one is this for?" in reply.text
    assert "kept" not in reply.text
    assert reply.ephemeral
    assert len(buttons(reply.ephemeral)) == 3
    assert offered(reply.ephemeral, "log.map") == ["Third shop"]
    form = await press(dinner, "ben", reply.ephemeral, "log.map", option="Third shop")
    assert "Log an idea" in form.text


@pytest.mark.parametrize(
    "front", ["dinner-with-friends/pay", "Dinner with friends / Pay", "DINNER-WITH-FRIENDS/pa"]
)
async def test_a_map_in_front_of_the_stage_logs_from_anywhere(dinner: World, front: str) -> None:
    reply = await dinner.slack.command("ben", "general", "/pain", f"{front}: card declined")
    assert "on Pay of Dinner with friends." in reply.text
    asked = await dinner.slack.command(
        "ben", dinner.slack.direct("ben"), "/pain", f"{front}: no change given"
    )
    assert asked.ephemeral
    reply = await press(dinner, "ben", asked.ephemeral, "Log it there")
    assert "on Pay of Dinner with friends." in reply.text
    logged = {row["text"] for row in rows(dinner, "SELECT text FROM items")}
    assert logged == {"card declined", "no change given"}


async def test_in_a_direct_message_the_only_map_is_meant(dinner: World) -> None:
    direct = dinner.slack.direct("ben")
    assert "Log a pain point" in (await dinner.slack.command("ben", direct, "/pain")).text
    asked = await dinner.slack.command("ben", direct, "/pain", "pay: card declined")
    assert asked.ephemeral
    logged = await press(dinner, "ben", asked.ephemeral, "Log it there")
    assert "Got it: P-1 on Pay of Dinner with friends." in logged.text


async def test_in_a_direct_message_the_map_is_asked_for_and_a_pick_logs(dinner: World) -> None:
    await dinner.start_map("Lunch", "random")
    direct = dinner.slack.direct("ben")
    reply = await dinner.slack.command("ben", direct, "/pain", "pay: card declined")
    assert (
        "Which map is this for? Write it in front, like dinner-with-friends/stage: your words" in reply.text
    )
    assert "I kept what you wrote." in reply.text
    assert reply.ephemeral
    asked = await press(dinner, "ben", reply.ephemeral, "log.map", option="Dinner with friends")
    assert asked.ephemeral
    logged = await press(dinner, "ben", asked.ephemeral, "Log it there")
    assert "Got it: P-1 on Pay of Dinner with friends." in logged.text


async def test_in_a_direct_message_with_no_map_at_all_the_first_one_can_be_started(world: World) -> None:
    direct = world.slack.direct("ben")
    reply = await world.slack.command("ben", direct, "/pain", "pay: card declined")
    assert "There are no maps yet. Start one from a template" in reply.text
    assert reply.ephemeral
    form = await press(world, "ben", reply.ephemeral, "Start from a template")
    assert form.view
    done = await world.slack.submit("ben", form.view, {"template": RESTAURANT, "name": "Dinner"})
    assert "Show it in a channel: type /journey use dinner there." in done.text
    assert "Got it: P-1 on Pay" in done.text


async def test_a_form_of_an_older_version_comes_back_new_with_everything_typed_in_it(dinner: World) -> None:
    form = (await dinner.slack.command("ben", "product", "/idea")).view
    assert form
    tampered(dinner, form, version="-1")
    typed = {
        "stage": "Pay",
        "text": "split the bill by phone",
        "answers": "P-9",
        "value": "5",
        "effort": "2",
        "status": "planned",
        "owner": "U0BEN",
        "due": "2027-01-31",
        "touchpoint": "the till",
        "link": "https://example.org/ticket/1",
    }
    again = await dinner.slack.submit("ben", form, typed)
    assert again.updated
    assert again.view
    shown = plain(again.view)
    assert (
        "This form is from an older version of Mapkeeper. Here is the new one with your words in it" in shown
    )
    for words in (
        "[Pay ▾]",
        "split the bill",
        "P-9",
        "[5]",
        "[2]",
        "[planned ▾]",
        "U0BEN",
        "2027-01-31",
        "the till",
    ):
        assert words in shown
    assert "https://example.org/ticket/1" in shown
    done = await dinner.slack.submit("ben", again.view, {"answers": ""})
    assert "Got it: I-1 on Pay." in done.text


async def test_a_form_whose_stage_was_retired_says_so_and_stays_open(dinner: World) -> None:
    form = (await dinner.slack.command("ben", "product", "/pain")).view
    assert form
    retire_stage(dinner, "pay")
    reply = await dinner.slack.submit("ben", form, {"stage": "Pay", "text": "card declined"})
    assert reply.errors == {"stage": "That stage is not on the map any more. Please pick another."}
    done = await dinner.slack.submit("ben", form, {"stage": "Order"})
    assert "Got it: P-1 on Order." in done.text


async def test_a_button_for_a_stage_that_was_retired_says_so(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "paid: card declined")
    assert reply.ephemeral
    retire_stage(dinner, "pay")
    gone = await press(dinner, "ben", reply.ephemeral, "Pay")
    assert "That stage is not on the map any more. Please pick another." in gone.text
    assert "log.stage" in str(reply.ephemeral.blocks), "the question is still there, with its other stages"


async def test_a_form_whose_map_is_gone_gives_the_words_back(dinner: World) -> None:
    form = (await dinner.slack.command("ben", "product", "/pain")).view
    assert form
    rows(dinner, "UPDATE maps SET archived_at = '2026-01-01 00:00:00.000000'")
    reply = await dinner.slack.submit("ben", form, {"stage": "Pay", "text": "card declined twice"})
    assert "That map is not there any more, so nothing was logged." in reply.text
    assert "> card declined twice" in reply.text


async def test_a_form_that_did_not_open_in_time_is_one_click_away(dinner: World) -> None:
    dinner.slack.faults.add("views.open", "slow", seconds=2.9)
    reply = await dinner.slack.command("ben", "product", "/pain", "pay: !abandon")
    assert reply.took < 3
    assert "The form did not open in time. Nothing is lost: one more click opens it." in reply.text
    assert reply.ephemeral
    form = await press(dinner, "ben", reply.ephemeral, "Open the form")
    assert form.opened
    assert "Stage: [Pay ▾]" in form.text
    assert "[🔴 Yes: they give up ▾]" in form.text


@pytest.mark.parametrize("kind", ["rate_limited", "server_error", "drop_before", "error"])
async def test_a_form_that_slack_refused_to_open_is_one_click_away(dinner: World, kind: str) -> None:
    dinner.slack.faults.add("views.open", kind)
    reply = await dinner.slack.command("ben", "product", "/journey", "new Lunch with clients")
    assert reply.ok
    assert reply.ephemeral
    assert buttons(reply.ephemeral) == ["Open the form"]
    form = await press(dinner, "ben", reply.ephemeral, "Open the form")
    assert "[Lunch with clients]" in form.text, "the name that was typed is still there"


async def test_a_slow_profile_and_a_slow_form_are_still_answered_in_time(dinner: World) -> None:
    dinner.slack.faults.add("users.info", "slow", seconds=2.5)
    dinner.slack.faults.add("views.open", "slow", seconds=2.5)
    reply = await dinner.slack.command("cleo", "product", "/pain")
    assert reply.ok
    assert reply.took < 3
    assert "one more click opens it" in reply.text


@pytest.mark.parametrize(
    "fault", [("slow", {"seconds": 1.5}), ("server_error", {}), ("drop_before", {}), ("error", {})]
)
async def test_a_person_whom_slack_does_not_tell_us_about_is_served_and_asked_about_later(
    dinner: World, fault: tuple[str, dict[str, float]]
) -> None:
    kind, more = fault
    dinner.slack.faults.add("users.info", kind, **more)  # type: ignore[arg-type]
    reply = await dinner.slack.command("cleo", "product", "/pain", "pay: card declined")
    assert "Got it: P-1 on Pay." in reply.text
    await kept(dinner, "SELECT id FROM people WHERE name = 'cleo' AND zone = 'Asia/Kolkata'")


async def test_a_private_channel_that_slack_does_not_tell_us_about_stays_private(world: World) -> None:
    world.slack.faults.add("conversations.info", "server_error")
    form = (await world.slack.command("ada", "leads", "/journey", "new")).view
    assert form
    reply = await world.slack.submit("ada", form, {"template": RESTAURANT, "name": "Board"})
    assert "Board is ready, with 7 stages." in reply.text
    assert "This channel is private: invite me with /invite @Mapkeeper" in reply.text
    assert rows(world, "SELECT private FROM places") == [{"private": 1}]
    assert world.slack.calls_to("conversations.join") == []


async def test_an_unknown_word_after_journey_is_told_what_to_do_and_given_back(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/journey", "dance")
    assert (
        "I don't know “dance”. To log, begin with pain, idea, quote or gain; /journey help lists the rest."
        in reply.text
    )
    words = "checkout: card declined twice for valid cards, and nobody at the hotline could say why"
    reply = await dinner.slack.command("ben", "product", "/journey", words)
    assert f"> {words}" in reply.text
    assert count(dinner, "items") == 0


async def test_the_long_and_the_short_commands_are_the_same(dinner: World) -> None:
    for verb, words in (("pain", "card declined"), ("pains", "no change given"), ("PAIN", "nobody comes")):
        reply = await dinner.slack.command("ben", "product", "/journey", f"{verb} pay: {words}")
        assert "on Pay." in reply.text
    assert count(dinner, "items") == 3


async def test_names_of_maps_stages_and_people_are_only_words(sqlite_url: str) -> None:
    hostile = "<!channel> *b* <https://e.x|y> :tada: `c`"
    async with running(sqlite_url) as world:
        evil = world.slack.add_person(hostile, "U0EVIL")
        form = (await world.slack.command(evil, "product", "/journey", "new")).view
        assert form
        done = await world.slack.submit(evil, form, {"template": RESTAURANT, "name": hostile})
        assert f"{hostile} is ready" in done.text
        await world.until(lambda: len(world.messages()) == 1)
        rows(world, "UPDATE stages SET name = ? WHERE slug = 'pay'", hostile)
        card = await world.log(f"pay: {hostile} @here", user="U0EVIL")
        await world.slack.react("ada", card, "+1")
        for name, text in (
            ("/journey", ""),
            ("/journey", "map"),
            ("/journey", "list"),
            ("/journey", "top pains"),
            ("/journey", "show P-1"),
            ("/journey", "digest"),
            ("/journey", f"use {hostile}"),
            ("/journey", f"list {hostile}"),
            ("/journey", hostile),
            ("/pain", f"{hostile}: {hostile}"),
            ("/pain", f"nowhere: {hostile}"),
        ):
            reply = await world.slack.command(evil, "product", name, text)
            assert reply.ok, f"{name} {text}: {reply.failure}"
            assert reply.seen
        assert nothing_alive(world)
        await world.slack.click(evil, card, "Edit")
        world.clock.to(next_monday(world.clock()))
        before = len(world.messages())
        assert await world.keeper.tick() == 1
        await world.until(lambda: len(world.messages()) > before)
        assert hostile in plain(world.messages()[-1])
        assert nothing_alive(world)


def nothing_alive(world: World) -> bool:
    """Is no mention, link or channel of theirs alive in anything that anybody has seen?"""
    from bot.playground.reading import entities

    shown = [one.message or one.view for one in world.slack.world.journal]
    return all(entities(one) == [] for one in shown if one is not None)
