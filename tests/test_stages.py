"""Stages: added, renamed, moved, merged, split, retired and brought back, and nothing is lost."""

from typing import Any

import pytest
from sqlmodel import func, select

from bot.playground.reading import plain
from bot.playground.replies import Reply
from bot.playground.things import Message, View
from handlers.touchpoints import read, written
from storage.connection import Connection
from storage.models import Item, Tally
from storage.statements import Statement
from tests.peek import buttons, give_role, history, hurry, offered, press, rows
from tests.world import World

ORDER = ["Discover", "Book", "Arrive", "Order", "Eat", "Pay", "Return"]
REFUSED = "Only editors of this map can do that. Ask ada, who owns it."


@pytest.fixture
async def dinner(each_world: World) -> World:
    """The restaurant's map in #product, which ada owns, on each kind of database."""
    await each_world.start_map()
    return each_world


async def listed(world: World, user: str = "ada") -> Message:
    """The list of stages."""
    reply = await world.slack.command(user, "product", "/journey", "stages")
    assert reply.ephemeral
    return reply.ephemeral


async def picked(world: World, name: str, user: str = "ada") -> Message:
    """One stage's card."""
    card = await listed(world, user)
    await press(world, user, card, "stage.show", option=name)
    return card


async def form_of(world: World, name: str, button: str, user: str = "ada") -> View:
    """A form that is opened on a stage's card: by a button, or from the menu."""
    card = await picked(world, name, user)
    if button in buttons(card):
        reply = await world.slack.click(user, card, button)
    else:
        reply = await press(world, user, card, "more", option=button)
    assert reply.view
    return reply.view


async def order(world: World) -> list[str]:
    """The stages in their order."""
    return offered(await listed(world), "stage.show")


async def says(world: World, typed: str) -> str:
    """What `/journey …` answers."""
    return (await world.slack.command("ada", "product", "/journey", typed)).text


async def merge(world: World, stage: str, into: str) -> Reply:
    """One stage becomes part of another."""
    return await world.slack.submit("ada", await form_of(world, stage, "Merge into…"), {"into": into})


async def holds(world: World) -> None:
    """The counts that the database keeps are those of the items."""
    counted = Statement[Any](
        select(Item.map_id, Item.stage_id, Item.kind, func.count().label("items"))
        .where(Item.removed_at.is_(None), Item.resolved_at.is_(None))  # type: ignore[union-attr]
        .group_by(Item.map_id, Item.stage_id, Item.kind)
        .order_by(Item.stage_id, Item.kind)
    )
    kept = Statement[Any](
        select(Tally.map_id, Tally.stage_id, Tally.kind, func.sum(Tally.items).label("items"))
        .group_by(Tally.map_id, Tally.stage_id, Tally.kind)
        .having(func.sum(Tally.items) != 0)
        .order_by(Tally.stage_id, Tally.kind)
    )

    def both(connection: Connection) -> tuple[list[Any], list[Any]]:
        return [tuple(row) for row in connection.all(counted)], [tuple(row) for row in connection.all(kept)]

    items, tallies = await world.keeper.database.read(both)
    assert [(*key, int(n)) for *key, n in tallies] == items


# --- the list, the form, the order ----------------------------------------------------------------------------


async def test_the_stages_are_listed_and_each_is_shown_with_what_is_known_of_it(dinner: World) -> None:
    await dinner.log("pay: card declined")
    card = await listed(dinner)
    assert "The stages of Dinner with friends" in plain(card)
    assert "6. Pay ★ · during · 1 open item" in plain(card)
    await press(dinner, "ada", card, "stage.show", option="Pay")
    shown = plain(card)
    for words in ("6. Pay ★", "Order › Eat › Pay › Return", "Touchpoints: ", "They do: ", "1 pain"):
        assert words in shown
    await press(dinner, "ada", card, "All stages")
    assert "7. Return" in plain(card)


async def test_a_stage_is_changed_by_its_form_and_its_cards_follow(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    form = await form_of(dinner, "Pay", "Edit")
    assert "[Pay]" in plain(form)
    sent = {
        "name": "Settle up",
        "place": "First",
        "touchpoints": "card terminal (store)\npayment app (mobile)\nreceipt (printed)",
        "goal": "pay fast",
        "owner": "U0ADA",
        "moment": ["★ Here it is decided whether they stay"],
    }
    done = await dinner.slack.submit("ada", form, sent)
    assert "Pay is called Settle up now, also on its cards." in done.text
    hurry(dinner)
    await dinner.until(lambda: "P-1 · Settle up" in plain(card))
    assert await order(dinner) == ["Settle up", *[name for name in ORDER if name != "Pay"]]
    shown = plain(await picked(dinner, "Settle up"))
    assert "1. Settle up ★" in shown
    assert "card terminal (store) · payment app (app) · receipt (printed)" in shown
    assert "owned by ada" in shown
    logged = await dinner.slack.command("ben", "product", "/pain", "settle up: no signal @payment app")
    assert "Got it: P-2 on Settle up." in logged.text


async def test_the_former_name_of_a_stage_still_works_and_says_so(dinner: World) -> None:
    await dinner.slack.submit("ada", await form_of(dinner, "Pay", "Edit"), {"name": "Settle up"})
    for typed in ("pay: card declined", "dinner-with-friends/Pay: no change given"):
        logged = await dinner.slack.command("ben", "product", "/pain", typed)
        assert "on Settle up." in logged.text
        assert "“Pay” is Settle up now." in logged.text
    assert "Dinner with friends: Settle up, most wanted first" in await says(dinner, "list pay")
    await dinner.slack.submit("ada", await form_of(dinner, "Settle up", "Edit"), {"name": "Bill"})
    await dinner.slack.submit("ada", await form_of(dinner, "Return", "Edit"), {"name": "Pay"})
    logged = await dinner.slack.command("ben", "product", "/pain", "pay: nobody answers")
    assert "Got it: P-3 on Pay." in logged.text, "a name that a stage has now comes first"
    assert "on Bill." in (await dinner.slack.command("ben", "product", "/pain", "settle up: slow")).text


async def test_a_stage_is_added_where_it_is_wanted(dinner: World) -> None:
    card = await listed(dinner)
    form = (await dinner.slack.click("ada", card, "Add a stage")).view
    assert form
    taken = await dinner.slack.submit("ada", form, {"name": "PAY"})
    assert taken.errors == {"name": "There is a stage of that name already. Please choose another."}
    done = await dinner.slack.submit("ada", form, {"name": "Tip", "place": "After Pay"})
    assert "Tip is on the map: /pain tip: …" in done.text
    assert await order(dinner) == [*ORDER[:6], "Tip", "Return"]
    assert "on Tip." in (await dinner.slack.command("ben", "product", "/pain", "tip: no coins")).text


async def test_stages_move_up_and_down_by_buttons_that_set(dinner: World) -> None:
    card = await picked(dinner, "Pay")
    await press(dinner, "ada", card, "Move up")
    assert "5. Pay" in plain(card)
    assert await order(dinner) == ["Discover", "Book", "Arrive", "Order", "Pay", "Eat", "Return"]
    await press(dinner, "ada", card, "Move down")
    assert await order(dinner) == ORDER
    assert "Move up" not in buttons(await picked(dinner, "Discover"))
    assert "Move down" not in buttons(await picked(dinner, "Return"))


async def test_two_people_with_one_stages_form_lose_nothing(dinner: World) -> None:
    await dinner.slack.command("ben", "product", "/journey")
    owned = (await dinner.slack.command("ada", "product", "/journey", "edit")).view
    assert owned
    await dinner.slack.submit("ada", owned, {"owner": "U0BEN"})
    first, second = await form_of(dinner, "Pay", "Edit"), await form_of(dinner, "Pay", "Edit", "ben")
    await dinner.slack.submit("ada", first, {"goal": "pay fast", "actions": "wave\nwait"})
    asked = await dinner.slack.submit("ben", second, {"goal": "split the bill", "thoughts": "So slow"})
    assert asked.view
    assert "What does the customer want here? “pay fast”" in plain(asked.view)
    await dinner.slack.submit("ben", asked.view, {})
    shown = plain(await picked(dinner, "Pay"))
    for words in ("Goal: split the bill", "They do: wave · wait", "They think: So slow"):
        assert words in shown


# --- merged, retired, split, and back -------------------------------------------------------------------------


async def test_two_stages_become_one_and_two_again(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    await dinner.log("pay: by phone", command="/idea")
    await dinner.log("eat: bread at once", command="/gain")
    before = plain(await picked(dinner, "Eat"))
    done = await merge(dinner, "Pay", "Eat")
    assert "Pay is part of Eat now: 2 items moved. Lines that begin with pay: go there." in done.text
    hurry(dinner)
    await dinner.until(lambda: "P-1 · Eat" in plain(card))
    assert await order(dinner) == [name for name in ORDER if name != "Pay"]
    logged = await dinner.slack.command("ben", "product", "/pain", "pay: no signal")
    assert "Got it: P-2 on Eat." in logged.text
    assert "“Pay” is Eat now." in logged.text
    await holds(dinner)
    assert done.view
    await press(dinner, "ada", done.view, "Undo")
    hurry(dinner)
    await dinner.until(lambda: "P-1 · Pay" in plain(card))
    assert await order(dinner) == ORDER
    listed_pay, listed_eat = await says(dinner, "list pay"), await says(dinner, "list eat")
    assert ("P-1" in listed_pay, "I-1" in listed_pay) == (True, True)
    assert ("G-1" in listed_eat, "P-2" in listed_eat) == (True, True), (
        "what came later stays where it was put"
    )
    after = plain(await picked(dinner, "Eat"))
    assert after.replace("1 pain · 1 gain", "1 gain") == before
    await holds(dinner)


async def test_a_stage_is_retired_its_items_stay_and_it_comes_back(dinner: World) -> None:
    await dinner.log("return: no mail")
    await dinner.slack.command("ada", "random", "/journey", "use dinner")
    form = (await dinner.slack.command("ada", "random", "/journey", "channel")).view
    assert form
    await dinner.slack.submit("ada", form, {"stage": "Return"})
    asked = await form_of(dinner, "Return", "Retire…")
    assert "Its 1 open item and all resolved ones go to another stage" in plain(asked)
    done = await dinner.slack.submit("ada", asked, {"into": "Pay"})
    assert "Return has left the map: 1 item moved to Pay." in done.text
    default = await dinner.slack.command("ben", "random", "/pain", "nothing came")
    assert "Got it: P-2 on Pay." in default.text, "the channel's default stage goes where the items went"
    card = await listed(dinner)
    assert offered(card, "stage.restore") == ["Return"]
    await press(dinner, "ada", card, "stage.restore", option="Return")
    assert "Return is back: 1 item is back on it." in plain(card)
    assert await order(dinner) == ORDER
    assert "P-1" in await says(dinner, "list return")
    default = await dinner.slack.command("ben", "random", "/pain", "nothing came again")
    assert "Got it: P-3 on Return." in default.text
    await holds(dinner)


async def test_a_stage_is_split_by_touchpoint_by_item_and_by_number(dinner: World) -> None:
    touched = {"touchpoints": "card terminal (store)\nbill (store)"}
    await dinner.slack.submit("ada", await form_of(dinner, "Pay", "Edit"), touched)
    card = await dinner.log("pay: declined @card terminal")
    for words in ("no change given", "the bill is wrong", "the tip is unclear"):
        await dinner.log(f"pay: {words}")
    form = await form_of(dinner, "Pay", "Split…")
    wrong = await dinner.slack.submit("ada", form, {"name": "Card", "numbers": "P-99 what"})
    assert wrong.errors == {"numbers": "I can't find P-99, what on this stage. Numbers look like P-12."}
    sent = {"touchpoints": ["card terminal"], "items": ["P-2 no change given"], "numbers": "p3"}
    done = await dinner.slack.submit("ada", form, {"name": "Card", **sent})
    assert "Pay is split: 3 items moved to Card. Log there with /pain card: …" in done.text
    hurry(dinner)
    await dinner.until(lambda: "P-1 · Card" in plain(card))
    assert await order(dinner) == [*ORDER[:6], "Card", "Return"]
    assert [ref in await says(dinner, "list card") for ref in ("P-1", "P-2", "P-3", "P-4")] == [True] * 3 + [
        False
    ]
    assert "Touchpoints: card terminal (store)" in plain(await picked(dinner, "Card"))
    assert "Touchpoints: bill (store)" in plain(await picked(dinner, "Pay"))
    await holds(dinner)
    assert done.view
    back = await press(dinner, "ada", done.view, "Undo")
    assert "Pay is whole again." in back.text
    assert await order(dinner) == ORDER
    assert "Touchpoints: bill (store) · card terminal (store)" in plain(await picked(dinner, "Pay"))
    whole = await says(dinner, "list pay")
    assert all(ref in whole for ref in ("P-1", "P-2", "P-3", "P-4"))
    assert "on Pay." in (await dinner.slack.command("ben", "product", "/pain", "card: again")).text
    await holds(dinner)


async def test_what_was_merged_twice_finds_its_way_back(dinner: World) -> None:
    await dinner.log("pay: card declined")
    await merge(dinner, "Pay", "Eat")
    await merge(dinner, "Eat", "Order")
    assert "on Order." in (await dinner.slack.command("ben", "product", "/pain", "pay: again")).text
    card = await listed(dinner)
    await press(dinner, "ada", card, "stage.restore", option="Pay")
    assert "Pay is back: 1 item is back on it." in plain(card)
    assert "P-1" in await says(dinner, "list pay")
    await holds(dinner)


async def test_every_change_of_a_stage_is_in_the_history_with_its_revision(world: World) -> None:
    await world.start_map()
    await world.log("pay: card declined")
    await world.slack.submit("ada", await form_of(world, "Pay", "Edit"), {"name": "Bill", "place": "First"})
    await merge(world, "Bill", "Eat")
    card = await listed(world)
    await press(world, "ada", card, "stage.restore", option="Bill")
    told = [(row["revision"], row["what"], row["subject"]) for row in history(world)]
    assert told == [
        (1, "started", "map"),
        (2, "logged", "item"),
        (3, "edited", "stage"),
        (4, "reordered", "stage"),
        (5, "moved", "item"),
        (6, "merged", "stage"),
        (7, "moved", "item"),
        (8, "restored", "stage"),
    ]


# --- who may, and what cannot be ------------------------------------------------------------------------------


async def test_those_who_may_not_change_a_stage_see_it_and_are_told_whom_to_ask(world: World) -> None:
    await world.start_map()
    card = await picked(world, "Pay", "ben")
    assert buttons(card) == ["All stages"]
    stage = rows(world, "SELECT id FROM stages WHERE slug = 'pay'")[0]["id"]
    journey = rows(world, "SELECT id FROM maps")[0]["id"]
    for action, value in (
        ("stage.edit", stage),
        ("stage.add", journey),
        ("stage.place", f"{stage} 0"),
        ("stage.merge", stage),
        ("stage.retire", stage),
        ("stage.split", stage),
        ("stage.restore", stage),
        ("stage.unsplit", f"{stage} {stage}"),
    ):
        forge = {"action_id": f"{action}|0", "value": value}
        reply = await world.slack.click("ben", card, "All stages", forge=forge)
        await world.until(lambda reply=reply: reply.seen)
        assert REFUSED in reply.text, action
    give_role(world, "ben", "editor")
    form = await form_of(world, "Pay", "Merge into…", "ben")
    give_role(world, "ben", "member")
    assert REFUSED in (await world.slack.submit("ben", form, {"into": "Eat"})).text
    assert await order(world) == ORDER


async def test_the_last_stage_of_a_map_cannot_leave_it(world: World) -> None:
    await world.start_map()
    stage = rows(world, "SELECT id FROM stages WHERE slug = 'pay'")[0]["id"]
    card = await listed(world)
    rows(world, "UPDATE stages SET retired_at = '2026-01-01 00:00:00.000000' WHERE slug <> 'pay'")
    forge = {"action_id": "stage.merge|0", "value": stage}
    reply = await world.slack.click("ada", card, "Add a stage", forge=forge)
    await world.until(lambda: reply.seen)
    assert "A map has one stage at least. Add another one first." in reply.text


async def test_a_stage_whose_name_is_used_again_does_not_come_back_before_that_one_is_renamed(
    world: World,
) -> None:
    await world.start_map()
    await merge(world, "Pay", "Eat")
    await world.slack.submit("ada", await form_of(world, "Order", "Edit"), {"name": "Pay"})
    card = await listed(world)
    reply = await press(world, "ada", card, "stage.restore", option="Pay")
    assert "Another stage is called Pay now." in reply.text


def test_touchpoints_are_written_with_their_channels_in_brackets() -> None:
    text = "coupon field (web)\n- hotline (Telephone)\n\nreceipt (printed)\nCoupon Field (app)"
    assert read(text) == [("coupon field", "web"), ("hotline", "phone"), ("receipt (printed)", "")]
    assert read(written(read(text))) == read(text)
