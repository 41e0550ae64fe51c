"""What was written in a private place is confirmed before more people see it."""

import pytest

from bot.playground.reading import plain
from tests.peek import buttons, press, rows
from tests.world import World

LINE = "dinner-with-friends/pay: card declined"


async def test_a_line_from_a_private_place_is_confirmed_first(each_world: World) -> None:
    world = each_world
    await world.start_map()
    direct = world.slack.direct("ben")
    asked = await world.slack.command("ben", direct, "/pain", LINE)
    assert "This was written in a private place, and Dinner with friends lives in #product" in asked.text
    assert f"> {LINE}" in asked.text
    assert asked.ephemeral
    assert buttons(asked.ephemeral) == ["Log it there", "Not now"]
    later = await press(world, "ben", asked.ephemeral, "Not now")
    assert "Not logged, and nobody saw it. I keep your words for a day." in later.text
    assert len(world.messages()) == 1
    assert later.ephemeral
    done = await press(world, "ben", later.ephemeral, "Log it there")
    assert "Got it: P-1 on Pay of Dinner with friends." in done.text
    await world.until(lambda: "P-1 · Pay" in plain(world.messages()[-1]))

    again = await world.slack.command("ben", direct, "/pain", f"{LINE} !")
    assert again.ephemeral
    near = await press(world, "ben", again.ephemeral, "Log it there")
    assert "P-1 says nearly the same" in near.text
    assert near.ephemeral
    assert "Got it: P-2" in (await press(world, "ben", near.ephemeral, "Log mine anyway")).text


async def test_a_private_channel_asks_only_where_others_see_it_and_no_public_one_asks(world: World) -> None:
    world.slack.channel("leads").members.add(world.slack.bot.id)
    await world.start_map("Board", "leads")
    here = await world.slack.command("ada", "leads", "/pain", "pay: only for us")
    assert "Got it: P-1 on Pay." in here.text
    await world.start_map()
    public = await world.slack.command("ben", "random", "/pain", LINE)
    assert "Got it: P-1 on Pay of Dinner with friends." in public.text
    asked = await world.slack.command("ada", "leads", "/pain", "dinner-with-friends/pay: a secret")
    assert "Shall I log it there?" in asked.text
    other = await world.slack.command("ada", world.slack.direct("ada"), "/pain", "board/pay: another secret")
    assert "Board lives in another channel" in other.text, "a private channel's name is not told"
    assert rows(world, "SELECT count(*) AS n FROM items") == [{"n": 2}]


async def test_a_form_says_where_its_card_goes(world: World) -> None:
    world.slack.channel("leads").members.add(world.slack.bot.id)
    await world.start_map("Board", "leads")
    await world.slack.command("ada", "product", "/journey", "use board")
    form = (await world.slack.command("ada", "leads", "/pain")).view
    assert form
    assert "Its card goes to #product, where more people see it than here." in plain(form)
    message = (await world.slack.say("ada", "leads", "a secret")).posted
    assert message
    form = (await world.slack.shortcut("ada", message, "add_to_map")).view
    assert form
    assert "Its card goes to #product, where more people see it than here." in plain(form)


@pytest.mark.parametrize("direct", [False, True])
async def test_each_form_that_logs_says_where_its_card_goes(each_world: World, direct: bool) -> None:
    world = each_world
    await world.start_map()
    place = world.slack.direct("ada").id if direct else "leads"
    if not direct:
        await world.slack.command("ada", place, "/journey", "use dinner-with-friends")
    goes = "Its card goes to #product, where more people see it than here."
    stage_alone = (await world.slack.command("ada", place, "/pain", "pay:")).view
    assert stage_alone
    assert goes in plain(stage_alone)
    long = await world.slack.command("ada", place, "/pain", "pay: " + "secret " * 500)
    assert long.ephemeral
    shortened = (await press(world, "ada", long.ephemeral, "Open the form")).view
    assert shortened
    assert goes in plain(shortened)
    await world.start_map("Lunch", "general")
    if not direct:
        await world.slack.command("ada", place, "/journey", "use lunch")
    which = (await world.slack.command("ada", place, "/pain")).ephemeral
    assert which
    lunch = (
        press(world, "ada", which, "log.map", option="Lunch")
        if direct
        else press(world, "ada", which, "Lunch")
    )
    form = (await lunch).view
    assert form
    assert "Its card goes to #general, where more people see it than here." in plain(form)
    assert "Got it" in (await world.slack.submit("ada", form, {"stage": "Pay", "text": "a secret"})).text


async def test_a_message_whose_map_its_form_leaves_open_is_confirmed_when_it_is_sent(
    each_world: World,
) -> None:
    world = each_world
    await world.start_map()
    await world.log("pay: we lay off the waiters")
    await world.start_map("Lunch", "general")
    message = (await world.slack.say("ben", "leads", "we lay off the waiters!")).posted
    assert message
    form = (await world.slack.shortcut("ada", message, "add_to_map")).view
    assert form
    asked = await world.slack.submit("ada", form, {"stage": "Dinner with friends · Pay"})
    assert "This was written in a private place, and Dinner with friends lives in #product" in asked.text
    assert "> we lay off the waiters!" in asked.text
    assert asked.view
    near = await press(world, "ada", asked.view, "Log it there")
    assert "P-1 says nearly the same" in near.text
    assert near.view
    done = await press(world, "ada", near.view, "Log mine anyway")
    assert "Got it: P-2 on Pay of Dinner with friends." in done.text
    again = await world.slack.shortcut("ada", message, "add_to_map")
    await world.until(lambda: again.ephemeral)
    assert "This message is on the map already: P-2 on Pay." in again.text


async def test_a_pain_is_logged_on_behalf_of_a_customer(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined — from Dana, Acme, office manager")
    assert "heard from Dana, office manager, Acme" in plain(card)
    assert rows(world, "SELECT text, speaker, speaker_account, speaker_role FROM items") == [
        {
            "text": "card declined",
            "speaker": "Dana",
            "speaker_account": "Acme",
            "speaker_role": "office manager",
        }
    ]


async def test_a_form_asks_where_its_card_would_go_somewhere_it_did_not_say(world: World) -> None:
    world.slack.add_channel("leads", private=True)
    await world.start_map("Board", "leads")
    form = (await world.slack.command("ada", "leads", "/pain")).view
    assert form
    assert "more people" not in plain(form)
    await world.slack.command("ada", "product", "/journey", "use board")
    asked = await world.slack.submit("ada", form, {"stage": "Pay", "text": "a secret about somebody"})
    assert "#product" in asked.text
    assert rows(world, "SELECT number FROM items") == []
