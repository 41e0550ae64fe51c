"""When something is fixed or shipped: its people are told once, and two weeks later asked whether it holds."""

import pytest

from bot.playground.reading import plain
from bot.playground.things import Message
from tests.peek import history, press, rows
from tests.test_asking import at_ten
from tests.test_trust import later, listed, shown, told
from tests.world import World


@pytest.fixture
async def monday(world: World) -> World:
    """The restaurant's map on a Monday morning, among people who all live in UTC."""
    await at_ten(world)
    await world.start_map()
    for user in ("ben", "cleo"):
        await world.slack.command(user, "product", "/journey")
    rows(world, "UPDATE people SET zone = 'UTC'")
    rows(world, "UPDATE maps SET look_at = NULL")  # nobody is asked how a stage feels
    return world


def news(world: World, user: str) -> list[str]:
    return [plain(message) for message in told(world, user) if "Good news" in plain(message)]


def watched(world: World, user: str) -> list[Message]:
    return [message for message in told(world, user) if "Is it really gone?" in plain(message)]


async def closed(world: World, card: Message, option: str = "Mark as fixed") -> None:
    await press(world, "ada", card, "more", option=option)
    await shown(world, card, "✔ resolved")


async def test_who_logged_it_and_who_voted_are_told_once_that_it_is_fixed(monday: World) -> None:
    card = await monday.log("pay: card declined", user="ben")
    await monday.slack.react("cleo", card, "+1")
    await monday.slack.react("ada", card, "+1")
    await closed(monday, card)
    await later(monday, minutes=5)
    assert news(monday, "ben") == [], "a mistake is taken back in ten minutes"
    await later(monday, minutes=6)
    assert "P-1 on Pay, which you logged, is marked as fixed." in news(monday, "ben")[0]
    assert "P-1 on Pay, which you voted for, is marked as fixed." in news(monday, "cleo")[0]
    assert news(monday, "ada") == [], "who closed it knows"
    await later(monday, days=7)
    assert [len(news(monday, user)) for user in ("ben", "cleo")] == [1, 1]


async def test_a_fix_that_was_a_mistake_is_told_to_nobody(monday: World) -> None:
    card = await monday.log("pay: card declined", user="ben")
    await closed(monday, card)
    await press(monday, "ada", card, "more", option="Reopen")
    await later(monday, minutes=11)
    assert news(monday, "ben") == []


async def test_an_idea_that_ships_is_told_to_who_wanted_it(monday: World) -> None:
    card = await monday.log("pay: bring the terminal", command="/idea", user="ben")
    await monday.slack.react("cleo", card, "+1")
    form = (await monday.slack.click("ada", card, "Edit")).view
    assert form
    await monday.slack.submit("ada", form, {"status": "shipped"})
    await later(monday, minutes=11)
    assert "I-1 on Pay, your idea, has shipped." in news(monday, "ben")[0]
    assert "which you voted for, has shipped." in news(monday, "cleo")[0]
    await later(monday, days=14)
    assert "was shipped 14 days ago. Does it work as it should?" in plain(told(monday, "ben")[-1])
    await press(monday, "ben", told(monday, "ben")[-1], "Yes, it works")
    assert "the fix of I-1 holds" in plain(told(monday, "ben")[-1])


async def test_a_declined_idea_is_no_good_news_and_is_not_watched(monday: World) -> None:
    card = await monday.log("pay: pay by song", command="/idea", user="ben")
    form = (await monday.slack.click("ada", card, "Edit")).view
    assert form
    await monday.slack.submit("ada", form, {"status": "declined", "reason": "loud"})
    await later(monday, minutes=11)
    await later(monday, days=30)
    assert told(monday, "ben") == []


async def test_two_weeks_later_the_reporter_is_asked_and_a_no_reopens_it(monday: World) -> None:
    card = await monday.log("pay: card declined !abandon", user="ben")
    await closed(monday, card)
    await later(monday, days=13)
    assert watched(monday, "ben") == []
    await later(monday, days=1, minutes=1)
    (asked,) = watched(monday, "ben")
    assert "🔴 P-1 on Pay was marked as fixed 14 days ago. Is it really gone?" in plain(asked)
    await press(monday, "ben", asked, "No, it is still there")
    assert "P-1 is open again, and its owner hears of it." in plain(asked)
    await shown(monday, card, "○ to check")
    assert history(monday)[-1]["what"] == "reopened"
    back = "ben says that P-1 is not gone, so it is open again."
    await monday.until(lambda: any(back in plain(message) for message in told(monday, "ada")))
    await later(monday, days=30)
    assert "Still true?" in plain(told(monday, "ben")[-1]), "its half-life runs anew"


async def test_a_yes_leaves_it_closed_and_nobody_is_asked_again(monday: World) -> None:
    card = await monday.log("pay: card declined", user="ben")
    form = (await monday.slack.click("cleo", card, "Add evidence")).view
    assert form
    await monday.slack.submit("cleo", form, {"text": "My card did not work"})
    await closed(monday, card)
    await later(monday, days=14, minutes=1)
    assert [len(watched(monday, user)) for user in ("ben", "cleo", "ada")] == [1, 1, 0]
    (asked,) = watched(monday, "ben")
    await press(monday, "ben", asked, "Yes, it is gone")
    assert "the fix of P-1 holds." in plain(asked)
    for _ in range(5):
        await later(monday, days=10)
    assert [len(watched(monday, user)) for user in ("ben", "cleo")] == [0, 1]
    assert "✔ resolved" in await listed(monday, "show P-1")


async def test_only_who_was_asked_or_may_change_it_reopens_it_by_that_button(monday: World) -> None:
    card = await monday.log("pay: card declined", user="ben")
    await closed(monday, card)
    item = rows(monday, "SELECT id FROM items")[0]["id"]
    forged = {"action_id": "check.back|0", "value": item}
    reply = await monday.slack.click("cleo", card, "Vote", forge=forged)
    await monday.until(lambda: reply.seen)
    assert "Only the author of P-1 and editors of this map can do that." in reply.text
    assert rows(monday, "SELECT status FROM items") == [{"status": "resolved"}]
