"""Items of all four kinds, from the first line to the last change, and the history that keeps each step."""

import json
from typing import Any

import pytest

from bot.playground.reading import plain
from bot.playground.replies import Reply
from bot.playground.things import Message, View
from tests.peek import buttons, count, history, hurry, offered, press, rows, tampered
from tests.world import World

NOT_KNOWN = "I don't know that person yet. Once they have used Mapkeeper (a vote is enough), they can own it."


async def opened(world: World, user: str, command: str, text: str = "", channel: str = "product") -> View:
    """The form that a command opens."""
    view = (await world.slack.command(user, channel, command, text)).view
    assert view
    return view


async def editing(world: World, user: str, card: Message) -> View:
    """The form that Edit opens."""
    view = (await world.slack.click(user, card, "Edit")).view
    assert view
    return view


async def edited(world: World, user: str, card: Message, values: dict[str, Any]) -> Reply:
    """Somebody edits an item by its card."""
    return await world.slack.submit(user, await editing(world, user, card), values)


def field(view: View, name: str) -> Any:
    """What stands in a field of a form."""
    block = next(block for block in view.blocks if block["block_id"] == name)
    element = block["element"]
    first = next((element[key] for key in element if key.startswith("initial_")), None)
    return first["text"]["text"] if isinstance(first, dict) else first


async def shown(world: World, card: Message, *words: str) -> None:
    """The card says these words before long."""
    hurry(world)
    await world.until(lambda: all(one in plain(card) for one in words))


# --- by command and by form ----------------------------------------------------------------------------------


async def test_a_pain_by_form_has_everything_a_pain_can_have(dinner: World) -> None:
    form = await opened(dinner, "ben", "/pain")
    done = await dinner.slack.submit(
        "ben",
        form,
        {
            "stage": "Pay",
            "text": "card declined twice for valid cards",
            "severity": "🔴 Yes: they give up",
            "reach": "1200",
            "reach_source": "till reports",
            "touchpoint": "card terminal",
            "persona": "Eva",
            "link": "https://example.org/ticket/1\nhttps://example.org/call/2",
        },
    )
    assert "Got it: P-1 on Pay." in done.text
    await dinner.until(lambda: len(dinner.messages()) == 2)
    card = dinner.messages()[-1]
    text = plain(card)
    assert "🔴 P-1 · Pay · stops the journey" in text
    assert "▲ 0 · at card terminal · met by about 1,200 (till reports) · ○ to check · from ben" in text
    assert "link: https://example.org/ticket/1 · link: https://example.org/call/2" in text
    form = await editing(dinner, "ben", card)
    assert [
        field(form, name) for name in ("stage", "text", "severity", "reach", "reach_source", "touchpoint")
    ] == [
        "Pay",
        "card declined twice for valid cards",
        "🔴 Yes: they give up",
        "1200",
        "till reports",
        "card terminal",
    ]
    assert field(form, "persona") == "Eva"
    assert field(form, "link") == "https://example.org/ticket/1\nhttps://example.org/call/2"


async def test_an_idea_by_form_has_everything_an_idea_can_have(dinner: World) -> None:
    await dinner.log("pay: the bill takes ages")
    await dinner.log("pay: card declined")
    form = await opened(dinner, "ben", "/idea")
    values = {
        "stage": "Pay",
        "text": "pay by phone at the table",
        "answers": "p-2, P1",
        "value": "5",
        "effort": "2",
        "status": "planned",
        "owner": "U0BEN",
        "due": "2027-01-31",
        "touchpoint": "own phone",
    }
    done = await dinner.slack.submit("ben", form, values)
    assert "Got it: I-1 on Pay." in done.text
    await dinner.until(lambda: len(dinner.messages()) == 4)
    card = dinner.messages()[-1]
    assert "💡 I-1 · Pay · planned" in plain(card)
    facts = (
        "▲ 0 · at own phone · value 5 · effort 2 · answers P-1, P-2 · ○ to check · due 31 Jan · owned by ben"
    )
    assert facts in plain(card)
    form = await editing(dinner, "ben", card)
    names = ("stage", "text", "answers", "value", "effort", "status", "owner", "due", "touchpoint")
    assert {name: field(form, name) for name in names} == values | {"answers": "P-1, P-2"}


async def test_a_quote_by_form_has_everything_a_quote_can_have(dinner: World) -> None:
    pain = await dinner.log("pay: card declined")
    form = await opened(dinner, "ben", "/quote")
    values = {
        "stage": "Pay",
        "text": "I stood there like a thief",
        "speaker": "Dana",
        "account": "Acme",
        "role": "office manager",
        "sentiment": "−2 angry",
        "evidence": "P-1",
    }
    done = await dinner.slack.submit("ben", form, values)
    assert "Got it: Q-1 on Pay." in done.text
    await dinner.until(lambda: len(dinner.messages()) == 3)
    card = dinner.messages()[-1]
    assert "💬 Q-1 · Pay" in plain(card)
    assert "> I stood there like a thief" in plain(card)
    assert "— Dana, office manager, Acme" in plain(card)
    assert "feels −2" in plain(card)
    await shown(dinner, pain, "1 account · 1 quote")
    form = await editing(dinner, "ben", card)
    assert [field(form, name) for name in values] == list(values.values())


async def test_a_gain_by_form_and_every_kind_by_command(dinner: World) -> None:
    form = await opened(dinner, "ben", "/gain")
    await dinner.slack.submit(
        "ben", form, {"stage": "Eat", "text": "bread comes at once", "touchpoint": "table"}
    )
    await dinner.until(lambda: len(dinner.messages()) == 2)
    assert "💚 G-1 · Eat" in plain(dinner.messages()[-1])
    assert "at table" in plain(dinner.messages()[-1])
    pain = await dinner.log("pay: card declined (@terminal) !trivial")
    assert "🟡 P-1 · Pay · annoys" in plain(pain)
    assert "at terminal" in plain(pain)
    quote = await dinner.log("eat: “Best pasta in town” — Dana, Acme, chef", command="/quote")
    assert "> Best pasta in town" in plain(quote)
    assert "— Dana, chef, Acme" in plain(quote)
    idea = await dinner.log("book: show free tables", command="/idea")
    assert "💡 I-1 · Book · new" in plain(idea)


@pytest.mark.parametrize(
    ("value", "effort", "word"),
    [(5, 2, "quick win"), (4, 4, "big bet"), (3, 3, "maybe"), (1, 5, "time sink")],
)
async def test_value_and_effort_say_what_an_idea_is_worth(
    dinner: World, value: int, effort: int, word: str
) -> None:
    form = await opened(dinner, "ben", "/idea", "book:")
    await dinner.slack.submit(
        "ben", form, {"text": "free tables", "value": f"{value}", "effort": f"{effort}"}
    )
    await dinner.until(lambda: len(dinner.messages()) == 2)
    assert f"💡 I-1 · Book · {word}" in plain(dinner.messages()[-1])


# --- edited --------------------------------------------------------------------------------------------------


async def test_what_is_edited_is_saved_and_every_card_redrawn(dinner: World) -> None:
    await dinner.slack.command("ada", "general", "/journey", "use dinner")
    await dinner.log("pay: card declined")
    await dinner.until(lambda: len(dinner.messages("general")) == 2)
    cards = [dinner.messages()[-1], dinner.messages("general")[-1]]
    changes = {
        "stage": "Order",
        "text": "the menu is a PDF",
        "severity": "🟡 No: it only annoys",
        "reach": "7",
    }
    saved = await edited(dinner, "ada", cards[0], changes)
    assert "Saved: P-1 on Order." in saved.text
    for card in cards:
        await shown(dinner, card, "🟡 P-1 · Order · annoys", "the menu is a PDF", "met by about 7")


async def test_a_form_sent_without_a_change_changes_nothing_and_says_so(dinner: World) -> None:
    await dinner.log("pay: card declined")
    form = await opened(dinner, "ada", "/idea")
    links = "https://b.example\nhttps://a.example"
    await dinner.slack.submit(
        "ada", form, {"stage": "Pay", "text": "phones", "answers": "P-1", "link": links}
    )
    await dinner.until(lambda: len(dinner.messages()) == 3)
    before = len(history(dinner))
    for card in dinner.messages()[1:]:
        reply = await edited(dinner, "ada", card, {})
        assert "Nothing changed on" in reply.text
    assert len(history(dinner)) == before


async def test_emptied_fields_are_empty_again(dinner: World) -> None:
    pain = await dinner.log("pay: card declined (@terminal)")
    await edited(dinner, "ada", pain, {"reach": "7", "link": "https://example.org"})
    await shown(dinner, pain, "met by about 7", "link: https://example.org")
    await edited(dinner, "ada", pain, {"reach": "", "touchpoint": "", "link": ""})
    hurry(dinner)
    await dinner.until(lambda: "met by" not in plain(pain))
    assert "at terminal" not in plain(pain)
    assert "link:" not in plain(pain)


async def test_an_edit_form_of_an_older_version_comes_back_with_what_was_typed(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    form = await editing(dinner, "ada", card)
    tampered(dinner, form, version="-1")
    again = await dinner.slack.submit("ada", form, {"text": "card declined thrice", "reach": "9"})
    assert again.view
    assert "card declined thrice" in plain(again.view)
    assert field(again.view, "reach") == "9"
    assert "Saved: P-1 on Pay." in (await dinner.slack.submit("ada", again.view)).text


# --- an idea's way -------------------------------------------------------------------------------------------


async def test_a_declined_idea_says_why_and_leaves_the_lists(dinner: World) -> None:
    card = await dinner.log("book: a fax number", command="/idea")
    form = await editing(dinner, "ada", card)
    wrong = await dinner.slack.submit("ada", form, {"status": "declined"})
    assert wrong.errors == {"reason": "Please say why, so that the people who asked for it know."}
    saved = await dinner.slack.submit("ada", form, {"reason": "nobody has a fax"})
    assert "Saved: I-1 on Book." in saved.text
    await shown(dinner, card, "💡 I-1 · Book · declined", "Declined: nobody has a fax")
    assert offered(card, "more")[0] == "Reopen"
    assert "I-1" not in (await dinner.slack.command("ada", "product", "/journey", "top")).text
    digest = (await dinner.slack.command("ada", "product", "/journey", "digest")).text
    assert "fixed" not in digest
    reopened = await press(dinner, "ada", card, "more", option="Reopen")
    assert "I-1 is open again." in reopened.text
    await shown(dinner, card, "💡 I-1 · Book · new")
    assert "I-1" in (await dinner.slack.command("ada", "product", "/journey", "top")).text


async def test_a_shipped_idea_is_resolved_and_told_in_the_digest(dinner: World) -> None:
    card = await dinner.log("book: free tables", command="/idea")
    for status in ("planned", "in progress", "shipped"):
        await edited(dinner, "ada", card, {"status": status})
        await shown(dinner, card, f"💡 I-1 · Book · {status}")
    assert "✔ resolved" in plain(card)
    assert "1 fixed" in (await dinner.slack.command("ada", "product", "/journey", "digest")).text
    await edited(dinner, "ada", card, {"status": "in progress"})
    await shown(dinner, card, "💡 I-1 · Book · in progress", "○ to check")
    form = (await press(dinner, "ada", card, "more", option="Set its status…")).view
    assert form
    assert "I-1 is shipped now." in (await dinner.slack.submit("ada", form, {"status": "shipped"})).text
    await shown(dinner, card, "✔ resolved")


async def test_an_idea_logged_as_shipped_is_resolved_from_the_start(dinner: World) -> None:
    form = await opened(dinner, "ada", "/idea", "book:")
    await dinner.slack.submit("ada", form, {"text": "free tables", "status": "shipped"})
    await dinner.until(lambda: len(dinner.messages()) == 2)
    assert "✔ resolved" in plain(dinner.messages()[-1])
    assert "I-1" not in (await dinner.slack.command("ada", "product", "/journey", "top")).text


async def test_a_declined_idea_that_ships_after_all_counts_as_shipped(dinner: World) -> None:
    card = await dinner.log("book: free tables", command="/idea")
    with_ship = json.loads(json.dumps(card.blocks))
    await edited(dinner, "ada", card, {"status": "declined", "reason": "no time"})
    await shown(dinner, card, "declined")
    card.blocks = with_ship  # a copy of the card that was not redrawn yet
    form = (await press(dinner, "ada", card, "more", option="Set its status…")).view
    assert form
    assert "I-1 is shipped now." in (await dinner.slack.submit("ada", form, {"status": "shipped"})).text
    assert rows(dinner, "SELECT status FROM items") == [{"status": "shipped"}]


# --- evidence ------------------------------------------------------------------------------------------------


async def quoted(world: World, card: Message, words: str, account: str, user: str = "ben") -> Reply:
    """Somebody adds evidence by the button."""
    form = (await world.slack.click(user, card, "Add evidence")).view
    assert form
    return await world.slack.submit(user, form, {"text": words, "account": account})


async def test_evidence_is_counted_with_its_distinct_accounts(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    form = (await dinner.slack.click("ben", card, "Add evidence")).view
    assert form
    assert "Evidence for P-1" in plain(form)
    assert field(form, "evidence") == "P-1"
    assert field(form, "stage") == "Pay"
    done = await dinner.slack.submit("ben", form, {"text": "I gave up", "account": "Acme"})
    assert "Got it: Q-1 on Pay." in done.text
    await shown(dinner, card, "1 account · 1 quote")
    await quoted(dinner, card, "So did I", "acme")
    await shown(dinner, card, "1 account · 2 quotes")
    await quoted(dinner, card, "Never again", "Bolt & Co")
    await shown(dinner, card, "2 accounts · 3 quotes")
    await quoted(dinner, card, "Somebody said so", "")
    await shown(dinner, card, "2 accounts · 4 quotes")


async def test_a_removed_quote_speaks_no_longer_and_a_restored_one_again(dinner: World) -> None:
    pain = await dinner.log("pay: card declined")
    done = await quoted(dinner, pain, "I gave up", "Acme")
    await shown(dinner, pain, "1 account · 1 quote")
    assert done.view
    undone = await press(dinner, "ben", done.view, "Undo")
    assert "Undone. Q-1 is off the map." in undone.text
    hurry(dinner)
    await dinner.until(lambda: "quote" not in plain(pain))
    assert undone.view
    await press(dinner, "ben", undone.view, "Restore")
    await shown(dinner, pain, "1 account · 1 quote")


async def test_evidence_can_be_moved_to_another_item_by_editing_the_quote(dinner: World) -> None:
    pain, other = await dinner.log("pay: card declined"), await dinner.log("pay: no change")
    idea = await dinner.log("pay: by phone", command="/idea")
    await quoted(dinner, pain, "I gave up", "Acme")
    await shown(dinner, pain, "1 quote")
    await dinner.until(lambda: "Q-1" in plain(dinner.messages()[-1]))
    quote = dinner.messages()[-1]
    saved = await edited(dinner, "ben", quote, {"evidence": "P-2 I-1"})
    assert "Saved: Q-1 on Pay." in saved.text
    await shown(dinner, other, "1 account · 1 quote")
    await shown(dinner, idea, "1 account · 1 quote")
    hurry(dinner)
    await dinner.until(lambda: "quote" not in plain(pain))
    assert field(await editing(dinner, "ben", quote), "evidence") == "P-2, I-1"


async def test_a_removed_item_keeps_its_evidence_for_when_it_comes_back(dinner: World) -> None:
    pain = await dinner.log("pay: card declined")
    await quoted(dinner, pain, "I gave up", "Acme")
    await shown(dinner, pain, "1 quote")
    await dinner.until(lambda: "Q-1" in plain(dinner.messages()[-1]))
    quote = dinner.messages()[-1]
    removed = await press(dinner, "ada", pain, "more", option="Remove")
    await shown(dinner, pain, "P-1 was removed by ada.")
    await edited(dinner, "ben", quote, {"text": "I really gave up"})
    assert removed.ephemeral
    await press(dinner, "ada", removed.ephemeral, "Restore")
    await shown(dinner, pain, "1 account · 1 quote")


async def test_a_quote_removed_while_its_pain_is_removed_is_not_counted_when_the_pain_returns(
    dinner: World,
) -> None:
    pain = await dinner.log("pay: card declined")
    await quoted(dinner, pain, "I gave up", "Acme")
    await dinner.until(lambda: "Q-1" in plain(dinner.messages()[-1]))
    quote = dinner.messages()[-1]
    await press(dinner, "ada", pain, "more", option="Remove")
    await shown(dinner, pain, "P-1 was removed by ada.")
    await press(dinner, "ben", quote, "more", option="Remove")
    await shown(dinner, quote, "Q-1 was removed by ben.")
    assert "P-1 was removed by ada." in plain(pain), "and the pain's card still says who removed it"
    await press(dinner, "ada", pain, "Restore")
    await shown(dinner, pain, "P-1 · Pay")
    assert "quote" not in plain(pain)


async def test_ties_hold_on_each_database(each_world: World) -> None:
    world = each_world
    await world.start_map()
    pain = await world.log("pay: card declined")
    form = await opened(world, "ada", "/idea", "pay:")
    values = {
        "text": "by phone",
        "answers": "P-1",
        "link": "https://b.example https://a.example",
        "due": "2027-01-31",
    }
    await world.slack.submit("ada", form, values)
    await world.until(lambda: len(world.messages()) == 3)
    idea = world.messages()[-1]
    assert "answers P-1" in plain(idea)
    assert "link: https://b.example · link: https://a.example" in plain(idea)
    await quoted(world, pain, "I gave up", "Acme")
    await quoted(world, pain, "So did I", "acme")
    await shown(world, pain, "1 account · 2 quotes")
    await world.until(lambda: len(world.messages()) == 5)
    quote = world.messages()[-1]
    assert "Saved" in (await edited(world, "ben", quote, {"evidence": "I-1"})).text
    await shown(world, pain, "1 account · 1 quote")
    await shown(world, idea, "1 account · 1 quote")
    await press(world, "ben", quote, "more", option="Remove")
    hurry(world)
    await world.until(lambda: "quote" not in plain(idea))
    assert "Nothing changed on I-1." in (await edited(world, "ada", idea, {})).text
    assert (
        "Saved: I-1 on Pay."
        in (await edited(world, "ada", idea, {"answers": "", "link": "", "due": ""})).text
    )
    hurry(world)
    await world.until(lambda: "answers" not in plain(idea))


# --- undone, removed, restored, fixed ------------------------------------------------------------------------


async def test_undo_takes_the_card_back_and_restore_posts_it_again(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "pay: card declined")
    await dinner.until(lambda: len(dinner.messages()) == 2)
    assert reply.ephemeral
    await press(dinner, "ben", reply.ephemeral, "Undo")
    await dinner.until(lambda: len(dinner.messages()) == 1)
    assert buttons(reply.ephemeral) == ["Restore"]
    restored = await press(dinner, "ben", reply.ephemeral, "Restore")
    assert "P-1 is back on Pay." in restored.text
    await dinner.until(lambda: len(dinner.messages()) == 2)


async def test_undo_after_ten_minutes_offers_to_remove_instead(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "pay: card declined")
    assert reply.ephemeral
    dinner.clock.skip(minutes=10, seconds=1)
    late = await press(dinner, "ben", reply.ephemeral, "Undo")
    assert (
        "Undo works for ten minutes, and those are over. P-1 is still on the map; you can remove it instead."
        in late.text
    )
    assert late.ephemeral
    removed = await press(dinner, "ben", late.ephemeral, "Remove")
    assert "P-1 is off the map. You can restore it." in removed.text


async def test_somebody_else_cannot_undo_not_even_an_admin(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "pay: card declined")
    assert reply.ephemeral
    tried = await dinner.slack.click("ada", reply.ephemeral, "Undo", forge={})
    await dinner.until(lambda: tried.seen)
    assert "Only the person who logged P-1 can undo that." in tried.text
    assert rows(dinner, "SELECT removed_at FROM items") == [{"removed_at": None}]


async def test_a_removed_items_buttons_say_so_and_offer_the_way_back(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    old = json.loads(json.dumps(card.blocks))
    await press(dinner, "ada", card, "more", option="Remove")
    await shown(dinner, card, "P-1 was removed by ada.", "[Restore]")
    card.blocks = old  # a copy that was not redrawn yet
    for name in ("Vote", "Add evidence", "Edit"):
        reply = await press(dinner, "ada", card, name)
        assert "P-1 was removed from the map, so nothing changed." in reply.text
        assert reply.ephemeral
        assert buttons(reply.ephemeral) == ["Restore"]
    reply = await press(dinner, "ada", card, "more", option="Mark as fixed")
    assert "P-1 was removed from the map, so nothing changed." in reply.text
    shown_again = await dinner.slack.command("ada", "product", "/journey", "show P-1")
    assert "P-1 was removed by ada.\n[Restore]" in shown_again.text
    assert "nothing changed" not in shown_again.text
    stranger = await dinner.slack.command("ben", "product", "/journey", "show P-1")
    assert stranger.text == "P-1 was removed by ada."
    assert "Restore" not in (await press(dinner, "ben", card, "Vote")).text


async def test_a_form_for_an_item_that_was_removed_gives_the_words_back(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    form = await editing(dinner, "ada", card)
    await press(dinner, "ada", card, "more", option="Remove")
    reply = await dinner.slack.submit("ada", form, {"text": "card declined twice"})
    assert "P-1 was removed from the map, so nothing changed." in reply.text
    assert "> card declined twice" in reply.text


async def test_fixed_and_reopened(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    fixed = await press(dinner, "ada", card, "more", option="Mark as fixed")
    assert "P-1 is marked as fixed. It leaves the lists, and the next digest says so." in fixed.text
    await shown(dinner, card, "✔ resolved")
    assert "P-1" not in (await dinner.slack.command("ada", "product", "/journey", "list")).text
    assert fixed.ephemeral
    again = await press(dinner, "ada", fixed.ephemeral, "Reopen")
    assert "P-1 is open again." in again.text
    await shown(dinner, card, "○ to check")


# --- what a form refuses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "values", "errors"),
    [
        ("/pain", {"text": "   \n "}, {"text": "Please write a few words here."}),
        ("/pain", {"text": "x" * 3_001}, {"text": "3,000 characters at most, please: these are 3,001."}),
        ("/pain", {"reach": "-1"}, {"reach": "A whole number, please, like 1200."}),
        ("/pain", {"reach": "many"}, {"reach": "A whole number, please, like 1200."}),
        ("/pain", {"reach": "1.5"}, {"reach": "A whole number, please, like 1200."}),
        ("/pain", {"reach": "9" * 10}, {"reach": "A whole number, please, like 1200."}),
        ("/pain", {"reach": "٣"}, {"reach": "A whole number, please, like 1200."}),
        ("/idea", {"value": "0"}, {"value": "A whole number from 1 to 5, please."}),
        (
            "/idea",
            {"value": "6", "effort": "x"},
            dict.fromkeys(["value", "effort"], "A whole number from 1 to 5, please."),
        ),
        (
            "/idea",
            {"status": "declined"},
            {"reason": "Please say why, so that the people who asked for it know."},
        ),
        ("/idea", {"due": "soon"}, {"due": "A date like 2026-12-31, please."}),
        (
            "/idea",
            {"owner": "U0NOBODY"},
            {"owner": NOT_KNOWN},
        ),
        (
            "/idea",
            {"answers": "P-1 P-7 I-1 hello"},
            {"answers": "I can't find P-7, I-1, hello among the pains of this map. Numbers look like P-12."},
        ),
        (
            "/quote",
            {"evidence": "G-1, P-99"},
            {
                "evidence": "I can't find G-1, P-99 among the pains and ideas of this map. Numbers look like P-12."
            },
        ),
        (
            "/gain",
            {"link": "javascript:alert(1)"},
            {"link": "Up to 10 links, each on its own line and beginning with https:// or http://, please."},
        ),
        (
            "/gain",
            {"link": "\n".join(f"https://example.org/{n}" for n in range(11))},
            {"link": "Up to 10 links, each on its own line and beginning with https:// or http://, please."},
        ),
        (
            "/idea",
            {"text": "", "value": "9", "answers": "P-9", "link": "x"},
            {
                "text": "Please write a few words here.",
                "value": "A whole number from 1 to 5, please.",
                "answers": "I can't find P-9 among the pains of this map. Numbers look like P-12.",
                "link": "Up to 10 links, each on its own line and beginning with https:// or http://, please.",
            },
        ),
    ],
)
async def test_each_wrong_field_says_what_to_write_and_all_at_once(
    dinner: World, command: str, values: dict[str, Any], errors: dict[str, str]
) -> None:
    await dinner.log("pay: card declined")
    form = await opened(dinner, "ben", command)
    reply = await dinner.slack.submit("ben", form, {"stage": "Pay", "text": "words"} | values, unchecked=True)
    assert reply.errors == errors
    assert not form.closed
    assert count(dinner, "items") == 1
    right = {"text": "words", "reach": "", "value": "", "effort": "", "due": "", "owner": "", "link": ""}
    right |= {"answers": "P-1", "evidence": "P-1", "reason": "because"}
    known = {block["block_id"] for block in form.blocks}
    done = await dinner.slack.submit(
        "ben", form, {name: value for name, value in right.items() if name in known}
    )
    assert "Got it" in done.text, "the same form goes through once it is right"


async def test_values_that_the_form_did_not_offer_are_not_taken(dinner: World) -> None:
    form = await opened(dinner, "ben", "/pain")
    option = {"text": {"type": "plain_text", "text": "x"}, "value": "nonsense"}
    done = await dinner.slack.submit(
        "ben", form, {"stage": "Pay", "text": "words", "severity": option, "persona": option}, unchecked=True
    )
    assert "Got it: P-1 on Pay." in done.text
    assert rows(dinner, "SELECT severity, persona_id FROM items") == [
        {"severity": "workaround", "persona_id": None}
    ]


# --- history -------------------------------------------------------------------------------------------------


async def test_every_change_is_in_the_history_with_before_and_after_and_no_revision_is_missing(
    dinner: World,
) -> None:
    pain = await dinner.log("pay: card declined")
    await edited(dinner, "ada", pain, {"text": "card declined twice", "stage": "Order"})
    await quoted(dinner, pain, "I gave up", "Acme")
    form = await opened(dinner, "ada", "/idea", "pay:")
    await dinner.slack.submit(
        "ada", form, {"text": "by phone", "answers": "P-1", "link": "https://example.org"}
    )
    await dinner.until(lambda: len(dinner.messages()) == 4)
    idea = dinner.messages()[-1]
    await edited(dinner, "ada", idea, {"answers": "", "link": "https://example.com"})
    await edited(dinner, "ada", idea, {"status": "shipped"})
    await dinner.slack.react("cleo", pain, "+1")
    await dinner.slack.unreact("cleo", pain, "+1")
    await press(dinner, "ada", pain, "more", option="Mark as fixed")
    await shown(dinner, pain, "[⋯ Reopen")
    await press(dinner, "ada", pain, "more", option="Reopen")
    await press(dinner, "ada", pain, "more", option="Remove")
    await shown(dinner, pain, "[Restore]")
    await press(dinner, "ada", pain, "Restore")
    told = history(dinner)
    assert [row["revision"] for row in told] == list(range(1, len(told) + 1))
    assert rows(dinner, "SELECT revision FROM counters") == [{"revision": len(told)}]
    assert all(row["actor_id"] for row in told)
    what = [row["what"] for row in told]
    assert what == [
        *("started", "logged", "edited", "logged", "evidence", "logged", "edited", "resolved"),
        *("voted", "unvoted", "resolved", "reopened", "removed", "restored"),
    ]
    both = [(json.loads(row["before"] or "{}"), json.loads(row["after"] or "{}")) for row in told]
    assert both[0][1] == {
        "slug": "dinner-with-friends",
        "name": "Dinner with friends",
        "template": "restaurant-visit",
    }
    assert both[1][1]["text"] == "card declined"
    assert both[2][0].keys() == both[2][1].keys() == {"text", "stage_id"}
    assert (both[2][0]["text"], both[2][1]["text"]) == ("card declined", "card declined twice")
    assert both[3][1]["evidence"] == ["P-1"]
    assert both[4] == ({}, {"quote": "Q-1"})
    assert (both[5][1]["answers"], both[5][1]["link"]) == (["P-1"], ["https://example.org"])
    assert both[6] == (
        {"answers": ["P-1"], "link": ["https://example.org"]},
        {"link": ["https://example.com"]},
    )
    assert (both[7][0]["status"], both[7][1]["status"]) == ("new", "shipped")
    assert both[12][0] == {"removed_at": None}
    assert both[13][1] == {"removed_at": None}


async def test_undone_is_told_apart_from_removed(dinner: World) -> None:
    reply = await dinner.slack.command("ben", "product", "/pain", "pay: card declined")
    assert reply.ephemeral
    await press(dinner, "ben", reply.ephemeral, "Undo")
    assert history(dinner)[-1]["what"] == "undone"
    again = await dinner.slack.command("ben", "product", "/journey", "show P-1")
    assert again.text == "P-1 was taken off the map.\n[Restore]"
