"""Lists: what matters most, one stage, one kind, one item."""

import pytest

from bot.playground.reading import plain
from tests.peek import hurry, offered, press
from tests.world import World


@pytest.fixture
async def dinner(world: World) -> World:
    """A world with a few items on the restaurant's map."""
    await world.start_map()
    await world.log("pay: card declined")
    voted = await world.log("order: the menu is a PDF")
    await world.log("pay: by phone", command="/idea")
    await world.log("pay: “I gave up” — Dana", command="/quote")
    await world.log("eat: bread at once", command="/gain")
    await world.slack.react("ben", voted, "+1")
    await world.slack.react("cleo", voted, "heart")
    hurry(world)
    await world.until(lambda: "▲ 2" in plain(voted))
    return world


async def listed(world: World, text: str, channel: str = "product") -> str:
    """What `/journey …` answers."""
    reply = await world.slack.command("ada", channel, "/journey", text)
    assert reply.ok
    return reply.text


async def test_what_is_most_wanted_comes_first(dinner: World) -> None:
    text = await listed(dinner, "list")
    assert "Dinner with friends: most wanted first" in text
    lines = [line for line in text.splitlines() if "▲" in line]
    assert lines[0] == "🟠 P-2 Order · the menu is a PDF  ▲ 2 · ○ to check"
    assert len(lines) == 5
    assert await listed(dinner, "top") == text


@pytest.mark.parametrize(
    ("typed", "head", "refs"),
    [
        ("top pains", "pains, most wanted first", ["P-2", "P-1"]),
        ("list ideas", "ideas, most wanted first", ["I-1"]),
        ("list quote", "quotes, most wanted first", ["Q-1"]),
        ("list gains", "gains, most wanted first", ["G-1"]),
        ("list pay", "Pay, most wanted first", ["Q-1", "P-1", "I-1"]),
        ("list PAY pains", "pains on Pay, most wanted first", ["P-1"]),
        ("list pa", "Pay, most wanted first", ["Q-1", "P-1", "I-1"]),
        ("list oredr", "Order, most wanted first", ["P-2"]),
        ("list dinner-with-friends/eat", "Eat, most wanted first", ["G-1"]),
        ("list dinner with friends/eat gains", "gains on Eat, most wanted first", ["G-1"]),
        ("list dinner-with-friends/ ideas", "ideas, most wanted first", ["I-1"]),
    ],
)
async def test_a_stage_and_a_kind_narrow_the_list(
    dinner: World, typed: str, head: str, refs: list[str]
) -> None:
    text = await listed(dinner, typed)
    assert f"Dinner with friends: {head}" in text
    assert sorted(line.split()[1] for line in text.splitlines() if "▲" in line) == sorted(refs)


async def test_a_list_from_elsewhere_names_its_map(dinner: World) -> None:
    await dinner.start_map("Lunch", channel="general")
    assert "Lunch: most wanted first" in await listed(dinner, "list", "general")
    assert "Dinner with friends: Pay" in await listed(dinner, "list dinner/pay", "general")


async def test_a_stage_that_is_not_there_is_answered_with_those_that_are(dinner: World) -> None:
    text = await listed(dinner, "list parking")
    assert "I don't know a stage called “parking” on Dinner with friends." in text
    assert "Its stages are Discover, Book, Arrive, Order, Eat, Pay, Return." in text


async def test_an_empty_list_says_how_to_fill_it(dinner: World) -> None:
    assert "Nothing there yet. /pain return: … adds the first." in await listed(dinner, "list return")
    assert "Nothing there yet. /gain pay: … adds the first." in await listed(dinner, "list pay gains")


async def test_words_of_many_lines_stand_on_one_and_long_ones_are_cut(dinner: World) -> None:
    await dinner.log("return: no mail\n\n- no card\n- " + "nothing " * 30)
    text = await listed(dinner, "list return")
    line = next(line for line in text.splitlines() if "P-3" in line)
    assert line.startswith("🟠 P-3 Return · no mail - no card - nothing")
    assert line.endswith("…  ▲ 0 · ○ to check")


async def test_ten_are_shown_and_the_rest_is_one_click_away(dinner: World) -> None:
    for number in range(8):
        await dinner.log(f"book: no table number {number}")
    reply = await dinner.slack.command("ada", "product", "/journey", "list")
    assert reply.text.count("▲") == 10
    assert "1–10" in reply.text
    assert reply.ephemeral
    further = await press(dinner, "ada", reply.ephemeral, "Next")
    assert further.text.count("▲") == 3
    assert "11–13" in further.text
    back = await press(dinner, "ada", reply.ephemeral, "Previous")
    assert back.text.count("▲") == 10


async def test_a_list_is_narrowed_by_kind_severity_stage_status_and_person(dinner: World) -> None:
    await dinner.log("pay: the terminal freezes !abandon", user="ben")
    text = await listed(dinner, "list abandon pains on pay")
    assert "Dinner with friends: pains on Pay, stops the journey, most wanted first" in text
    assert [line for line in text.splitlines() if "▲" in line] == [
        "🔴 P-3 Pay · the terminal freezes  ▲ 0 · ○ to check"
    ]
    assert "P-3" not in await listed(dinner, "list mine")
    assert "P-1" in await listed(dinner, "list mine")
    assert "Nothing open fits that." in await listed(dinner, "list planned")
    assert "Nothing closed fits that." in await listed(dinner, "list declined")
    assert "I don't know anybody called “@zoe”" in await listed(dinner, "list owner @zoe")


async def test_one_item_is_picked_from_a_list_or_named(dinner: World) -> None:
    reply = await dinner.slack.command("ada", "product", "/journey", "list pay")
    assert reply.ephemeral
    assert len(offered(reply.ephemeral, "item.show")) == 3
    card = await press(dinner, "ada", reply.ephemeral, "item.show", option="P-1 card declined")
    assert "🟠 P-1 · Pay · needs a workaround" in card.text
    for typed in ("show P-1", "show p1", "show dinner-with-friends/P-1"):
        text = await listed(dinner, typed)
        assert "🟠 P-1 · Pay · needs a workaround\ncard declined\n▲ 0 · ○ to check · from ada" in text


async def test_an_item_that_is_not_there_is_answered_with_what_to_type(dinner: World) -> None:
    assert "I can't find P-9 on Dinner with friends. /journey list shows what is there." in await listed(
        dinner, "show P-9"
    )
    for typed in ("show", "show me", "show P-0", "show X-1"):
        assert "Which one? Write its number, like /journey show P-12." in await listed(dinner, typed)
    assert "I don't know a map called “lunch”." in await listed(dinner, "show lunch/P-1")
