"""How stages feel, as people report it and as quotes say; and stages of which nothing is heard."""

import pytest

from bot.playground.reading import plain
from handlers.moods import in_figures
from tests.peek import buttons, history, press, rows
from tests.test_asking import at_ten
from tests.test_trust import later, listed, told
from tests.world import World


@pytest.fixture
async def monday(world: World) -> World:
    """The restaurant's map on a Monday morning, among people who all live in UTC."""
    await at_ten(world)
    await world.start_map()
    for user in ("ben", "cleo"):
        await world.slack.command(user, "product", "/journey")
    rows(world, "UPDATE people SET zone = 'UTC'")
    return world


async def felt(world: World, user: str, stage: str, button: str) -> str:
    asked = await world.slack.command(user, "product", "/journey", f"pulse {stage}")
    assert asked.ephemeral, asked.text
    return (await press(world, user, asked.ephemeral, button)).text


async def quoted(world: World, text: str, sentiment: str) -> None:
    form = (await world.slack.command("ada", "product", "/quote", "")).view
    assert form
    await world.slack.submit("ada", form, {"stage": "Pay", "text": text, "sentiment": sentiment})


async def test_what_people_report_stands_beside_what_quotes_say(monday: World) -> None:
    assert "feels" not in await listed(monday, "map")
    assert "feels −2 (1 person)" in await felt(monday, "ben", "pay", "−2 awful")
    assert "feels −0.5 (2 people)" in await felt(monday, "cleo", "pay", "+1 good")
    await quoted(monday, "We waited longer to pay than to eat.", "−2 angry")
    await quoted(monday, "I could pay by phone.", "+1 pleased")
    line = next(line for line in (await listed(monday, "map")).splitlines() if "Pay" in line)
    assert line.endswith("2 quotes · feels −0.5 (2 people) · quotes feel −0.5")


async def test_the_last_word_of_a_week_counts_and_each_week_anew(each_world: World) -> None:
    await each_world.start_map()
    await felt(each_world, "ben", "pay", "−2 awful")
    assert "feels +2 (1 person)" in await felt(each_world, "ben", "pay", "+2 great")
    each_world.clock.skip(weeks=1)
    assert "feels +1 (1 person)" in await felt(each_world, "ben", "pay", "0 so-so")
    each_world.clock.skip(weeks=14)
    assert "feels" not in await listed(each_world, "map"), "how it felt in another season says nothing now"


async def test_a_few_people_are_asked_each_week_in_turn(monday: World) -> None:
    for user in ("ada", "ben", "cleo"):
        await monday.log(f"pay: {user} has seen it", user=user)
    for _ in range(4):
        await later(monday, days=7, minutes=1)
        await later(monday, days=1)
    asked = [
        (user, plain(message).split("How does ")[1].split(" feel")[0])
        for user in ("ada", "ben", "cleo")
        for message in told(monday, user)
        if "How does " in plain(message)
    ]
    stages = [stage for _, stage in asked]
    assert {user for user, _ in asked} == {"ada", "ben", "cleo"}
    assert sorted(set(stages)) == ["Arrive", "Book", "Discover"], "another stage each week"
    assert max(stages.count(stage) for stage in stages) == 3


async def test_a_pulse_that_was_asked_is_answered_in_its_message(monday: World) -> None:
    await monday.log("pay: card declined", user="ben")
    await later(monday, days=11)
    message = next(one for one in told(monday, "ben") if "How does Discover feel" in plain(one))
    assert buttons(message) == ["−2 awful", "−1 poor", "0 so-so", "+1 good", "+2 great"]
    assert "One question waits for your word." in await listed(monday, "", "ben")
    await press(monday, "ben", message, "+1 good")
    assert "Thank you, that counts for Discover." in plain(message)
    assert "feels +1 (1 person)" in plain(message)
    assert "waits for your word" not in await listed(monday, "", "ben")


async def test_pulse_without_a_stage_offers_them(monday: World) -> None:
    asked = await monday.slack.command("ben", "product", "/journey", "pulse")
    assert asked.ephemeral
    assert "Which stage of Dinner with friends do you know best right now?" in asked.text
    await press(monday, "ben", asked.ephemeral, "pulse.ask", option="Eat")
    assert "How does Eat feel to customers right now?" in plain(asked.ephemeral)
    await press(monday, "ben", asked.ephemeral, "−1 poor")
    assert "feels −1 (1 person)" in await listed(monday, "map")
    unknown = await monday.slack.command("ben", "product", "/journey", "pulse zzz")
    assert "I don't know a stage called “zzz”." in unknown.text


async def test_a_stage_of_which_nothing_is_heard_is_quiet_in_the_history_once(monday: World) -> None:
    await monday.log("pay: card declined !trivial")

    def quiet() -> int:
        return len(rows(monday, "SELECT id FROM stages WHERE quiet_at IS NOT NULL"))

    for _ in range(8):
        await later(monday, days=7)
    assert quiet() == 0, "a new map is no gap"
    for _ in range(3):
        await later(monday, days=7)
    assert quiet() == 7
    await monday.log("pay: card declined again")
    await later(monday, days=7)
    assert quiet() == 6
    for _ in range(10):
        await later(monday, days=7)
    assert quiet() == 7
    assert [change["what"] for change in history(monday)].count("quiet") == 8


async def test_a_made_up_mood_is_refused(monday: World) -> None:
    card = await monday.log("pay: card declined")
    stage = rows(monday, "SELECT id FROM stages")[0]["id"]
    for value in (f"{stage} 7", f"{stage} 1e3 me", f"{stage}", f"{stage} 1 {'0' * 26}"):
        forged = {"action_id": "pulse.set|0", "value": value}
        reply = await monday.slack.click("ben", card, "Vote", forge=forged)
        await monday.until(lambda reply=reply: reply.seen)
        assert "I can't find that any more." in reply.text
    assert rows(monday, "SELECT * FROM pulses") == []


def test_figures_have_a_sign_and_one_digit() -> None:
    assert [in_figures(value) for value in (-2, -0.04, 0, 0.46, 1)] == ["−2", "0", "0", "+0.5", "+1"]
