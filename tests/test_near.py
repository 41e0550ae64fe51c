"""Nearly the same is offered before it is logged twice, and a quote is offered to the pain it speaks for."""

import pytest

from bot.playground.reading import plain
from bot.playground.replies import Reply
from handlers.near import gist, gists, likeness
from storage.near import FEW, MANY
from tests.peek import buttons, press, rows
from tests.world import World

LINE = "pay: Card declined twice for valid cards"
CLOSE = "pay: card was declined twice for a valid card"


async def offered(world: World, text: str, *, command: str = "/pain", user: str = "ben") -> Reply:
    """Somebody logs a line and is asked first."""
    reply: Reply = await world.slack.command(user, "product", command, text)
    assert reply.ephemeral, reply
    assert "Log mine anyway" in buttons(reply.ephemeral), reply.text
    return reply


async def test_who_says_nearly_the_same_is_offered_a_vote_for_it(each_world: World) -> None:
    world = each_world
    await world.start_map()
    card = await world.log(LINE)
    reply = await offered(world, CLOSE)
    assert (
        "P-1 says nearly the same: “Card declined twice for valid cards” ▲ 0. Is it the same?" in reply.text
    )
    assert f"> {CLOSE}" in reply.text
    assert reply.ephemeral
    voted = await press(world, "ben", reply.ephemeral, "+1 that one")
    assert "Your vote counts on P-1: ▲ 1." in voted.text
    await world.until(lambda: "▲ 1" in plain(card))
    assert len(world.messages()) == 2, "nothing was logged"


async def test_mine_anyway_is_logged_once_however_often_it_is_clicked(each_world: World) -> None:
    world = each_world
    await world.start_map()
    await world.log(LINE)
    reply = await offered(world, f"{CLOSE} !abandon")
    assert reply.ephemeral
    mine = await press(world, "ben", reply.ephemeral, "Log mine anyway")
    assert "Got it: P-2 on Pay." in mine.text
    await world.until(lambda: "P-2 · Pay · stops the journey" in plain(world.messages()[-1]))
    assert "card was declined twice for a valid card" in plain(world.messages()[-1])
    third = await offered(world, CLOSE, user="cleo")
    assert third.ephemeral
    assert buttons(third.ephemeral) == ["+1 P-2", "+1 P-1", "Log mine anyway"]


async def test_the_same_receipt_for_the_same_draft(world: World) -> None:
    await world.start_map()
    card = await world.log(LINE)
    reply = await offered(world, CLOSE)
    assert reply.ephemeral
    draft = rows(world, "SELECT id FROM drafts")[0]["id"]
    stage = rows(world, "SELECT stage_id FROM items")[0]["stage_id"]
    forge = {"action_id": "near.anyway|0", "value": f"{draft} {stage}"}
    for _ in range(2):
        again = await world.slack.click("ben", card, "Vote", forge=forge)
        await world.until(lambda again=again: again.seen)
        assert "Got it: P-2 on Pay." in again.text
    other = await world.slack.click("cleo", card, "Vote", forge=forge)
    await world.until(lambda: other.seen)
    assert "Those are somebody else's words." in other.text
    assert rows(world, "SELECT count(*) AS n FROM items") == [{"n": 2}]


async def test_other_numbers_another_stage_another_kind_or_a_fixed_one_are_not_the_same(world: World) -> None:
    await world.start_map()
    await world.log("pay: The terminal shows error 402")
    await world.log("pay: The terminal shows error 500")
    await world.log("order: The terminal shows error 402")
    await world.log("pay: The terminal shows error 402", command="/idea")
    await world.log(LINE)
    rows(world, "UPDATE items SET resolved_at = created_at, status = 'resolved' WHERE number = 4")
    await world.log(LINE)


async def test_a_form_is_asked_too_and_its_words_are_kept(each_world: World) -> None:
    world = each_world
    await world.start_map()
    await world.log(LINE)
    form = (await world.slack.command("ben", "product", "/pain")).view
    assert form
    asked = await world.slack.submit(
        "ben", form, {"stage": "Pay", "text": "Card declined twice for valid cards", "touchpoint": "terminal"}
    )
    assert "P-1 says nearly the same" in asked.text
    assert "> Card declined twice for valid cards" in asked.text
    assert asked.view
    mine = await press(world, "ben", asked.view, "Log mine anyway")
    assert "Got it: P-2 on Pay." in mine.text
    await world.until(lambda: "at terminal" in plain(world.messages()[-1]))


async def test_an_edited_item_is_found_by_its_new_words(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: Nobody takes cash")
    form = (await world.slack.click("ada", card, "Edit")).view
    assert form
    await world.slack.submit("ada", form, {"text": "Card declined twice for valid cards"})
    await offered(world, CLOSE)


async def test_a_quote_is_offered_to_the_pain_it_speaks_for(each_world: World) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: Card declined twice")
    said = "pay: “They declined my card twice in front of all my guests” — Dana, Acme"
    reply = await world.slack.command("ben", "product", "/quote", said)
    assert "Does this speak for P-1 “Card declined twice”?" in reply.text
    assert reply.ephemeral
    yes = await press(world, "ben", reply.ephemeral, "Yes, it does")
    assert yes.text == "Q-1 speaks for P-1 now.\n[Edit] [Undo]"
    await world.until(lambda: "1 account · 1 quote" in plain(card))
    other = await world.slack.command("ben", "product", "/quote", said.replace("Dana, Acme", "Eva, Initech"))
    assert "Got it: Q-2 on Pay." in other.text, (
        "another customer says the same: that is evidence, not a double"
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Card declined twice", "card declned twice", True),
        ("Le café est fermé", "le cafe est ferme", True),
        ("Error 402 at the terminal", "Error 500 at the terminal", False),
        ("Login works", "Login does not work", False),
        ("The waiter forgot our drinks", "The waiter forgot our dessert", False),
        ("カードが使えません", "カードが使えません。", True),
        ("🎉", "🎉", False),
    ],
)
def test_how_like_two_texts_are(one: str, other: str, same: bool) -> None:
    assert (likeness(one, other) >= 0.82) == same


def test_what_is_indexed_is_among_what_is_asked_for() -> None:
    assert gist("Card declined twice for valid cards") == "declin twice"
    assert gist("Card declined twice for valid cards") in gists("card was declined twice for a valid card")
    assert gist("🎉") is None
    assert gists("slow") == ("slow",)
    assert len(gists("one two three four five six seven")) == FEW
    assert len(gists("one two three four five six seven eight nine ten", MANY)) == MANY
