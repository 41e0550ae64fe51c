"""A message becomes an item by the shortcut on it: two clicks."""

import pytest

from bot.playground.reading import plain
from bot.playground.things import Message
from bot.slack_payloads import as_read
from tests.peek import buttons, press, rows
from tests.world import World


async def said(world: World, text: str, *, user: str = "ben", channel: str = "product") -> Message:
    """Somebody wrote a message."""
    message = (await world.slack.say(user, channel, text)).posted
    assert message
    return message


async def test_a_message_becomes_an_item_in_two_clicks_and_is_known_from_then_on(each_world: World) -> None:
    world = each_world
    await world.start_map()
    message = await said(world, "Guests <wait> & leave before they can pay")
    form = (await world.slack.shortcut("ada", message, "add_to_map")).view
    assert form
    done = await world.slack.submit("ada", form)
    assert "Got it: P-1 on Pay." in done.text
    await world.until(lambda: "P-1 · Pay" in plain(world.messages()[-1]))
    card = plain(world.messages()[-1])
    assert "Guests <wait> & leave before they can pay" in card
    assert "heard from ben" in card
    assert f"/p{message.ts.replace('.', '')}" in card
    again = await world.slack.shortcut("ben", message, "add_to_map")
    await world.until(lambda: again.ephemeral)
    assert "This message is on the map already: P-1 on Pay." in again.text
    assert again.ephemeral
    assert buttons(again.ephemeral) == ["Show P-1", "Add it once more"]
    shown = await press(world, "ben", again.ephemeral, "Show P-1")
    assert "Guests <wait> & leave" in shown.text
    assert (await world.slack.click("ben", again.ephemeral, "Add it once more")).opened


async def test_the_form_knows_a_quote_its_speaker_and_the_stage_where_one_logged_last(world: World) -> None:
    await world.start_map()
    await world.log("order: the menu is long")
    message = await said(world, "“We could not find the vegan dishes.”")
    form = (await world.slack.shortcut("ada", message, "add_to_map")).view
    assert form
    done = await world.slack.submit("ada", form, {"account": "Acme"})
    assert "Got it: Q-1 on Order." in done.text
    await world.until(lambda: "Q-1 · Order" in plain(world.messages()[-1]))
    assert "— ben, Acme" in plain(world.messages()[-1])


async def test_ones_own_message_has_no_speaker(world: World) -> None:
    await world.start_map()
    message = await said(world, "Nobody at the door on arrive", user="ada")
    form = (await world.slack.shortcut("ada", message, "add_to_map")).view
    assert form
    await world.slack.submit("ada", form, {"kind": "gain", "stage": "Arrive"})
    assert rows(world, "SELECT kind, speaker FROM items") == [{"kind": "gain", "speaker": None}]


async def test_where_no_map_is_shown_the_form_offers_the_stages_of_all(world: World) -> None:
    await world.start_map()
    message = await said(world, "Lunch takes too long", channel="random")
    await world.start_map("Lunch", "general")
    form = (await world.slack.shortcut("ben", message, "add_to_map")).view
    assert form
    done = await world.slack.submit("ben", form, {"stage": "Lunch · Pay"})
    assert "Got it: P-1 on Pay of Lunch." in done.text
    assert rows(world, "SELECT name FROM maps JOIN items ON items.map_id = maps.id") == [{"name": "Lunch"}]


async def test_without_any_map_the_shortcut_says_how_to_start_one(world: World) -> None:
    message = await said(world, "Lunch takes too long")
    asked = await world.slack.shortcut("ada", message, "add_to_map")
    await world.until(lambda: asked.ephemeral)
    assert "There are no maps yet." in asked.text


async def test_somebody_elses_click_does_not_get_the_words(world: World) -> None:
    await world.start_map()
    message = await said(world, "Nobody at the door")
    form = (await world.slack.shortcut("ada", message, "add_to_map")).view
    assert form
    card = await world.log("pay: card declined")
    draft = rows(world, "SELECT id FROM drafts")[0]["id"]
    forged = await world.slack.click(
        "ben", card, "Vote", forge={"action_id": "message.form|0", "value": draft}
    )
    await world.until(lambda: forged.seen)
    assert "Those are somebody else's words." in forged.text


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@U1|ben> asks in <#C1|product>", "@ben asks in #product"),
        ("<@U1> and <!here>", "@U1 and @here"),
        ("see <https://a.example/x?a=1&amp;b=2|the page>", "see the page (https://a.example/x?a=1&b=2)"),
        ("<https://a.example> <mailto:a@a.example|a@a.example>", "https://a.example a@a.example"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
    ],
)
def test_the_words_of_a_message_come_without_slacks_marks(sent: str, read: str) -> None:
    assert as_read(sent) == read


@pytest.mark.parametrize("action", ["log.stage", "log.map", "eyes.there", "draft.form"])
async def test_a_message_that_waits_is_no_line_to_log(world: World, action: str) -> None:
    await world.start_map()
    await world.slack.shortcut("ada", await said(world, "Nobody at the door"), "add_to_map")
    card = await world.log("pay: card declined")
    draft = rows(world, "SELECT id FROM drafts")[0]["id"]
    ids = rows(world, "SELECT map_id, stage_id FROM items")[0]
    value = {
        "log.map": f"{draft} {ids['map_id']}",
        "draft.form": f"{draft} {ids['map_id']} {ids['stage_id']}",
    }.get(action, f"{draft} {ids['stage_id']}")
    forged = await world.slack.click("ada", card, "Vote", forge={"action_id": f"{action}|0", "value": value})
    await world.until(lambda: forged.seen)
    assert "That button is from an older version." in forged.text
    assert rows(world, "SELECT count(*) AS n FROM items") == [{"n": 1}]
