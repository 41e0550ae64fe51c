"""A message becomes an item by the shortcut on it."""

import pytest

from bot.playground.reading import plain
from bot.slack_payloads import as_read
from tests.peek import buttons, press, rows
from tests.world import World


async def test_a_message_becomes_an_item_with_its_words_and_link_and_is_known_from_then_on(
    each_world: World,
) -> None:
    world = each_world
    await world.start_map()
    said = (await world.slack.say("ben", "product", "Guests <wait> & leave")).posted
    assert said
    asked = await world.slack.shortcut("ada", said, "add_to_map")
    await world.until(lambda: asked.ephemeral)
    assert asked.ephemeral
    assert buttons(asked.ephemeral) == ["Pain", "Idea", "Quote", "Gain"]
    form = (await press(world, "ada", asked.ephemeral, "Pain")).view
    assert form
    done = await world.slack.submit("ada", form, {"stage": "Pay"})
    assert "Got it: P-1 on Pay." in done.text
    await world.until(lambda: "P-1 · Pay" in plain(world.messages()[-1]))
    assert "Guests <wait> & leave" in plain(world.messages()[-1])
    assert f"/p{said.ts.replace('.', '')}" in plain(world.messages()[-1])
    again = await world.slack.shortcut("ben", said, "add_to_map")
    await world.until(lambda: again.ephemeral)
    assert "This message is on the map already: P-1 on Pay." in again.text
    assert again.ephemeral
    shown = await press(world, "ben", again.ephemeral, "Show P-1")
    assert "Guests <wait> & leave" in shown.text


async def test_somebody_elses_click_does_not_get_the_words(world: World) -> None:
    await world.start_map()
    said = (await world.slack.say("ben", "product", "Nobody at the door")).posted
    assert said
    asked = await world.slack.shortcut("ada", said, "add_to_map")
    await world.until(lambda: asked.ephemeral)
    assert asked.ephemeral
    value = {
        "value": next(
            e["value"] for b in asked.ephemeral.blocks for e in b.get("elements", []) if "value" in e
        )
    }
    forged = await world.slack.click("ben", asked.ephemeral, "Pain", forge=value)
    await world.until(lambda: forged.seen)
    assert "Those are somebody else's words." in forged.text
    assert rows(world, "SELECT id FROM items") == []


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
