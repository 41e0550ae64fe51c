"""Where several maps may be meant: in a channel that shows two of them, and in a direct message."""

import copy

import pytest

from bot.playground.reading import plain
from bot.playground.things import Message
from tests.peek import buttons, offered, press, rows
from tests.world import World

BOTH = ["Dinner with friends", "Shop"]


@pytest.fixture
async def two(each_world: World) -> World:
    """#product shows both maps: the dinner, with P-1 on Pay, and the shop, with P-1 on Checkout and I-1."""
    await each_world.start_map()
    form = (await each_world.slack.command("ada", "product", "/journey", "new")).view
    assert form
    await each_world.slack.submit("ada", form, {"template": "ecommerce-purchase", "name": "Shop"})
    await each_world.log("dinner-with-friends/pay: card declined")
    await each_world.log("shop/checkout: voucher refused")
    await each_world.log("shop/checkout: pay later", command="/idea")
    return each_world


async def asked(world: World, typed: str, channel: str = "product") -> Message:
    """The question that a command is answered with."""
    reply = await world.slack.command("ada", channel, "/journey", typed)
    assert reply.ephemeral, reply.text
    return reply.ephemeral


async def asked_to_log(world: World, words: str) -> Message:
    """The question that a line to log is answered with."""
    reply = await world.slack.command("ada", "product", "/pain", words)
    assert reply.ephemeral, reply.text
    return reply.ephemeral


async def said(world: World, typed: str, channel: str = "product") -> str:
    """What is said to a command."""
    return (await world.slack.command("ada", channel, "/journey", typed)).text


@pytest.mark.parametrize("direct", [False, True])
async def test_a_list_asks_which_map_and_keeps_what_it_was_narrowed_to(two: World, direct: bool) -> None:
    channel = two.slack.direct("ada").id if direct else "product"
    question = await asked(two, "list ideas", channel)
    first = "There is more than one map." if direct else "This channel shows more than one map."
    assert plain(question).startswith(first)
    assert buttons(question) == BOTH
    listed = (await press(two, "ada", question, "Shop")).text
    assert "Shop: ideas, most wanted first" in listed
    assert "I-1 Checkout · pay later" in listed


async def test_a_stage_that_one_of_them_has_tells_the_map(two: World) -> None:
    assert "P-1 Checkout · voucher refused" in await said(two, "list checkout")
    assert "P-1 Pay · card declined" in await said(two, "top pains pay")
    assert "How does Pay feel" in await said(two, "pulse pay")
    assert "I don't know a stage called “parking” on Dinner with friends, Shop." in await said(
        two, "list parking"
    )
    assert "I don't know a stage called “parking” on Dinner with friends, Shop." in await said(
        two, "pulse parking"
    )


async def test_a_map_is_named_as_well_as_its_stage(two: World) -> None:
    assert "Shop: most wanted first" in await said(two, "top shop")
    assert "Shop: pains, most wanted first" in await said(two, "list shop pains")
    assert "Dinner with friends: most wanted first" in await said(two, "list dinner with friends", "random")
    assert "How does Checkout feel" in await said(two, "pulse shop/checkout")


async def test_a_number_that_both_have_is_asked_about_and_one_that_one_has_is_shown(two: World) -> None:
    question = await asked(two, "show P-1")
    assert buttons(question) == BOTH
    assert "voucher refused" in (await press(two, "ada", question, "Shop")).text
    assert "pay later" in await said(two, "show I-1")
    assert "card declined" in await said(two, "show dinner-with-friends/P-1")
    assert "I can't find P-9 on Dinner with friends, Shop" in await said(two, "show P-9")


async def test_a_number_of_another_map_is_not_read_as_one_of_this(two: World) -> None:
    await two.log("dinner-with-friends/pay: the terminal takes cash alone")
    await two.log("shop/checkout: parcels arrive wet")
    details = await asked(two, "show dinner-with-friends/P-1")
    form = (await press(two, "ada", details, "item.do", option="Merge it into another…")).view
    assert form
    wrong = await two.slack.submit("ada", form, {"number": "shop/P-2"})
    assert wrong.errors == {"number": "I can't find that one on this map. Numbers look like P-12."}
    merged = await two.slack.submit("ada", form, {"number": "Dinner-with-friends/P-2"})
    assert "P-1 is part of P-2 now" in merged.text

    idea = (await two.slack.command("ada", "product", "/idea", "dinner-with-friends/pay:")).view
    assert idea
    wrong = await two.slack.submit("ada", idea, {"text": "take vouchers", "answers": "shop/P-1, P-2"})
    assert "I can't find shop/P-1 among the pains of this map." in wrong.errors["answers"]
    quote = (await two.slack.command("ada", "product", "/quote", "dinner-with-friends/pay:")).view
    assert quote
    wrong = await two.slack.submit("ada", quote, {"text": "they took none", "evidence": "shop/P-1"})
    assert "I can't find shop/P-1 among the pains and ideas of this map." in wrong.errors["evidence"]


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("map", "Shop\nCurrent state"),
        ("stages", "Checkout"),
        ("gaps", "Shop"),
        ("matrix", "Shop"),
        ("members", "Shop"),
        ("archive", "Archive Shop?"),
        ("pulse", "Which stage of Shop"),
        ("check", "Shop"),
        ("edit", "[Shop]"),
    ],
)
async def test_what_is_about_one_map_asks_which_and_goes_on_with_it(
    two: World, typed: str, then: str
) -> None:
    question = await asked(two, typed)
    assert "This channel shows more than one map. Which one do you mean?" in plain(question)
    assert buttons(question) == BOTH
    assert then in (await press(two, "ada", question, "Shop")).text


async def test_a_round_by_hand_is_about_the_stage_of_the_map_that_has_it(two: World) -> None:
    two.clock.skip(days=30)
    assert "I'll ask about one item on Checkout." in await said(two, "check checkout")


async def test_without_a_map_the_digest_of_a_channel_offers_one(two: World) -> None:
    question = await asked(two, "digest", "random")
    assert "This channel shows no map. Use one that exists" in plain(question)
    assert offered(question, "map.bind") == BOTH
    assert buttons(question) == ["Start from a template"]


async def test_a_stage_with_a_stroke_in_its_name_is_no_map(world: World) -> None:
    await world.start_map()
    rows(world, "UPDATE stages SET name = 'Sign-up/Login', slug = 'sign-up-login' WHERE slug = 'pay'")
    assert "How does Sign-up/Login feel" in await said(world, "pulse sign-up/login")
    assert "Sign-up/Login" in await said(world, "check Sign-up/Login")
    for typed in ("list Sign-up/Login", "list pains sign-up/login", "list dinner-with-friends/Sign-up/Login"):
        assert "Sign-up/Login, most wanted first" in await said(world, typed)
    assert "I don't know a map called “sign-up”." in await said(world, "list sign-up/pay")


async def test_of_more_than_three_maps_one_is_picked_from_a_menu(world: World) -> None:
    for name in ("One", "Two", "Three", "Four"):
        await world.start_map(name, "general" if name == "One" else "random")
    question = await asked(world, "map", world.slack.direct("ada").id)
    assert offered(question, "map") == ["Four", "One", "Three", "Two"]
    assert "Three\nCurrent state" in (await press(world, "ada", question, "map", option="Three")).text


async def test_a_question_answered_twice_tells_where_the_words_really_are(two: World) -> None:
    question = await asked_to_log(two, "nobody at the door")
    again = copy.deepcopy(question)
    which_stage = (await press(two, "ada", question, "Shop")).ephemeral
    assert which_stage
    stages_again = copy.deepcopy(which_stage)
    assert (
        "Got it: P-2 on Delivery of Shop."
        in (await press(two, "ada", which_stage, "log.stage", option="Delivery")).text
    )
    told = "Got it: P-2 on Delivery of Shop."
    assert told in (await press(two, "ada", stages_again, "log.stage", option="Checkout")).text
    other = await press(two, "ada", copy.deepcopy(again), "Dinner with friends")
    assert told in other.text
    assert other.ephemeral
    await press(two, "ada", other.ephemeral, "Undo")
    gone = await press(two, "ada", again, "Dinner with friends")
    assert "P-2 was removed from the map, so nothing changed." in gone.text
    assert gone.ephemeral
    assert buttons(gone.ephemeral) == ["Restore"]


async def test_the_channels_default_stage_counts_also_where_the_map_is_picked(two: World) -> None:
    question = await asked(two, "channel")
    form = (await press(two, "ada", question, "channel.edit", option="Dinner with friends")).view
    assert form
    await two.slack.submit("ada", form, {"stage": "Pay"})
    question = await asked_to_log(two, "nobody at the door")
    done = await press(two, "ada", question, "Dinner with friends")
    assert "Got it: P-2 on Pay of Dinner with friends." in done.text
    bare = await asked_to_log(two, "")
    opened = (await press(two, "ada", bare, "Dinner with friends")).view
    assert opened
    assert "Stage: [Pay ▾]" in plain(opened)
    question = await asked_to_log(two, "nobody at the till")
    stages = (await press(two, "ada", question, "Shop")).text
    assert "Which stage of Shop is this about?" in stages, "it is the other map's"


async def test_of_two_stages_that_begin_alike_the_one_of_just_that_name_is_meant(world: World) -> None:
    await world.start_map()
    await world.start_map("Shop")
    shop = rows(world, "SELECT id FROM maps WHERE name = 'Shop'")[0]["id"]
    rows(
        world, "UPDATE stages SET name = 'Payment', slug = 'payment' WHERE slug = 'pay' AND map_id = ?", shop
    )
    line = await world.slack.command("ada", "product", "/pain", "pay: card declined")
    assert "Got it: P-1 on Pay of Dinner with friends." in line.text
    assert "How does Pay feel" in await said(world, "pulse pay")
    assert "Dinner with friends: Pay, most wanted first" in await said(world, "list pay")


async def test_a_map_that_stands_in_the_stages_place_is_a_map(two: World) -> None:
    question = await asked_to_log(two, "shop: parcels arrive wet")
    assert "Which stage of Shop is this about? Your words are safe." in plain(question)
    assert buttons(question) == [], "no stage is like a map's name"
    done = await press(two, "ada", question, "log.stage", option="Delivery")
    assert "Got it: P-2 on Delivery of Shop." in done.text
    await two.until(lambda: "parcels arrive wet" in plain(two.messages()[-1]))
    assert "shop:" not in plain(two.messages()[-1])


@pytest.mark.parametrize("typed", ["Shop/ parcels smell of fish", "shop /: parcels smell of fish"])
async def test_a_map_in_front_of_words_without_a_stage_is_not_kept_in_them(two: World, typed: str) -> None:
    question = await asked_to_log(two, typed)
    assert "Which stage of Shop is this about? Your words are safe." in plain(question)
    await press(two, "ada", question, "log.stage", option="Delivery")
    await two.until(lambda: "P-2 · Delivery" in plain(two.messages()[-1]))
    assert "\nparcels smell of fish" in plain(two.messages()[-1])


async def test_who_meant_no_map_by_what_stands_before_a_stroke_gets_back_to_the_channels(
    each_world: World,
) -> None:
    await each_world.start_map()
    await each_world.start_map("App", "random")
    question = await asked_to_log(each_world, "app/website prices differ")
    assert "Which stage of App is this about?" in plain(question)
    assert buttons(question) == ["Rather on Dinner with friends"]
    stages = (await press(each_world, "ada", question, "Rather on Dinner with friends")).ephemeral
    assert stages
    assert "Which stage of Dinner with friends is this about?" in plain(stages)
    await press(each_world, "ada", stages, "log.stage", option="Pay")
    await each_world.until(lambda: "app/website prices differ" in plain(each_world.messages()[-1]))
