"""Merging: two items that say the same become one, lose nothing, and can be two again."""

import json

import pytest

from bot.playground.reading import plain
from bot.playground.replies import Reply
from bot.playground.things import Message
from scheduler.reading import read_changes
from storage.database import new_id
from tests.load import at_rest
from tests.peek import buttons, history, hurry, press, rows
from tests.test_items import quoted, shown
from tests.world import World


async def merged(world: World, user: str, card: Message, target: str) -> Reply:
    """Somebody merges an item by its card, by the other one's number."""
    form = await press(world, user, card, "more", option="Merge…")
    assert form.view, form.text
    return await world.slack.submit(user, form.view, {"number": target})


async def test_votes_and_quotes_of_both_count_once_and_undo_gives_each_its_own(each_world: World) -> None:
    world = each_world
    await world.start_map()
    for name in ("dana", "eva", "finn"):
        world.slack.add_person(name)
    one, other = await world.log("pay: card declined twice"), await world.log("pay: my card is declined")
    for user in ("ben", "cleo"):
        await world.slack.react(user, one, "+1")
    for user in ("cleo", "dana"):
        await world.slack.react(user, other, "fire")
    await quoted(world, one, "I gave up", "Acme")
    await quoted(world, other, "So did I", "Bolt & Co")
    await shown(world, one, "▲ 2", "1 account · 1 quote")
    await shown(world, other, "▲ 2", "1 account · 1 quote")
    done = await merged(world, "ada", other, "P-1")
    assert "P-2 is part of P-1 now: their votes and quotes count together, each once." in done.text
    await shown(world, one, "▲ 3 · 2 accounts", "2 quotes")
    await shown(world, other, "P-2 was merged into P-1. A vote here counts there.")
    assert buttons(other) == ["Vote", "Show P-1", "Undo the merge"]
    listed = (await world.slack.command("ada", "product", "/journey", "list pains")).text
    assert "P-1" in listed
    assert "P-2" not in listed

    # While they are one: the old card's button and reactions count for the root, each person once.
    voted = await press(world, "eva", other, "Vote")
    assert "Your vote counts on P-1: ▲ 4." in voted.text
    await world.slack.react("eva", other, "+1")
    await world.slack.react("finn", other, "+1")
    await world.slack.unreact("cleo", one, "+1")  # she still has the other one
    await shown(world, one, "▲ 5")
    await world.slack.unreact("cleo", other, "fire")
    await shown(world, one, "▲ 4")

    assert done.view
    apart = await press(world, "ada", done.view, "Undo the merge")
    assert "P-2 stands on its own again on Pay, with its own votes and quotes." in apart.text
    await shown(world, one, "▲ 2 · 1 account", "1 quote")  # ben and eva, by the button
    await shown(world, other, "▲ 3 · 1 account", "1 quote", "my card is declined")  # dana, eva, finn


async def test_a_vote_is_taken_back_wherever_it_was_given(dinner: World) -> None:
    one, other = await dinner.log("pay: card declined"), await dinner.log("pay: no cards taken")
    await dinner.slack.react("ben", other, "+1")
    await shown(dinner, other, "▲ 1")
    await merged(dinner, "ada", other, "P-1")
    await shown(dinner, one, "▲ 1")
    voted = await press(dinner, "ben", one, "Vote")
    assert "▲ 1" in voted.text, "a person counts once"
    assert voted.ephemeral
    taken = await press(dinner, "ben", voted.ephemeral, "Take back")
    assert "P-1 stands at ▲ 0." in taken.text
    assert rows(dinner, "SELECT count(*) AS n FROM votes WHERE active") == [{"n": 0}]


async def test_what_was_merged_before_follows_and_comes_back_with_it(dinner: World) -> None:
    dinner.slack.add_person("dana")
    cards = [await dinner.log(f"pay: card declined, say {who}") for who in ("one", "two", "three")]
    for user, card in zip(("ben", "cleo", "dana"), cards, strict=True):
        await dinner.slack.react(user, card, "+1")
        await shown(dinner, card, "▲ 1")
    await merged(dinner, "ada", cards[2], "P-2")
    await shown(dinner, cards[1], "▲ 2")
    await merged(dinner, "ada", cards[1], "P-1")
    await shown(dinner, cards[0], "▲ 3")
    await shown(dinner, cards[1], "P-2 was merged into P-1.")
    await shown(dinner, cards[2], "P-3 was merged into P-1.")
    await press(dinner, "ada", cards[1], "Undo the merge")
    await shown(dinner, cards[0], "▲ 1")
    await shown(dinner, cards[1], "▲ 2")
    await shown(dinner, cards[2], "P-3 was merged into P-2.")
    await press(dinner, "ada", cards[2], "Undo the merge")
    await shown(dinner, cards[1], "▲ 1")
    await shown(dinner, cards[2], "▲ 1")
    told = history(dinner)
    assert [row["revision"] for row in told] == list(range(1, len(told) + 1))
    assert [row["votes"] for row in told if row["votes"] is not None] == [1, 2, -2, -1]


async def test_merged_quotes_speak_as_one(dinner: World) -> None:
    pain = await dinner.log("pay: card declined")
    await quoted(dinner, pain, "I gave up", "Acme")
    await dinner.until(lambda: "Q-1" in plain(dinner.messages()[-1]))
    await quoted(dinner, pain, "We left it all on the table", "Acme")
    await dinner.until(lambda: "Q-2" in plain(dinner.messages()[-1]))
    quote = dinner.messages()[-1]
    await shown(dinner, pain, "1 account · 2 quotes")
    await merged(dinner, "ada", quote, "q1")
    await shown(dinner, pain, "1 account · 1 quote")
    await shown(dinner, quote, "was merged into")
    await press(dinner, "ada", quote, "Undo the merge")
    await shown(dinner, pain, "1 account · 2 quotes")


async def test_the_form_offers_the_likeliest_and_refuses_what_cannot_be_one(dinner: World) -> None:
    card = await dinner.log("pay: card declined for valid cards")
    await dinner.log("eat: cold soup")
    await dinner.log("order: a valid card was declined")
    await dinner.log("pay: by phone", command="/idea")
    form = (await press(dinner, "ada", card, "more", option="Merge…")).view
    assert form
    offered = next(block for block in form.blocks if block["block_id"] == "target")["element"]["options"]
    assert [option["text"]["text"] for option in offered] == [
        "P-3 a valid card was declined",
        "P-2 cold soup",
    ]
    for typed, said in (
        ("", "Pick one above, or write its number."),
        ("P-9", "I can't find that one on this map. Numbers look like P-12."),
        ("P-1", "That is P-1 itself. Please pick another."),
        (
            "I-1",
            "I-1 is of another kind: idea. Only items of one kind can be merged: change its kind first, or pick "
            "another.",
        ),
    ):
        assert (await dinner.slack.submit("ada", form, {"number": typed})).errors == {"number": said}
    forged = {"text": {"type": "plain_text", "text": "x"}, "value": "0" * 26}
    wrong = await dinner.slack.submit("ada", form, {"target": forged, "number": ""}, unchecked=True)
    assert wrong.errors == {"target": "I can't find that one on this map. Numbers look like P-12."}
    assert (
        "P-1 is part of P-3"
        in (await dinner.slack.submit("ada", form, {"target": "P-3 a valid card was declined"})).text
    )


async def test_an_old_copy_of_the_card_acts_on_the_root_and_an_open_form_does_not(dinner: World) -> None:
    one, other = await dinner.log("pay: card declined"), await dinner.log("pay: no cards taken", user="ben")
    old = json.loads(json.dumps(other.blocks))
    form = (await dinner.slack.click("ada", other, "Edit")).view
    assert form
    await merged(dinner, "ben", other, "P-1")
    sent = await dinner.slack.submit("ada", form, {"text": "no cards are taken"})
    assert "P-2 is part of P-1 now, so nothing changed." in sent.text
    assert "> no cards are taken" in sent.text, "and the words are given back"
    await shown(dinner, other, "was merged into")
    other.blocks = old
    assert "Edit P-1" in plain((await dinner.slack.click("ada", other, "Edit")).view)
    fixed = await press(dinner, "ada", other, "more", option="Mark as fixed")
    assert "P-1 is marked as fixed." in fixed.text
    await shown(dinner, one, "✔ resolved")


async def test_search_finds_what_was_merged_and_says_where_it_went(dinner: World) -> None:
    await dinner.log("pay: card declined")
    other = await dinner.log("pay: the terminal freezes")
    await merged(dinner, "ada", other, "P-1")
    for _ in range(2):
        found = (await dinner.slack.command("ada", "product", "/journey", "search terminal")).text
        assert "P-2 Pay · the terminal freezes  ▲ 0 · ○ to check · part of P-1" in found
        await read_changes(dinner.keeper.database, new_id)
    shows = (await dinner.slack.command("ada", "product", "/journey", "show P-2")).text
    assert "P-2 is part of P-1 now:" in shows
    assert "Merged into it" in shows


async def test_only_who_may_change_an_item_merges_it_or_parts_it(dinner: World) -> None:
    await dinner.log("pay: card declined")
    other = await dinner.log("pay: no cards taken", user="ben")
    refused = "Only the author of P-2 and editors of this map can do that. Ask ada."
    assert refused in (await press(dinner, "cleo", other, "more", option="Merge…")).text
    await merged(dinner, "ben", other, "P-1")
    await shown(dinner, other, "was merged into")
    assert refused in (await press(dinner, "cleo", other, "Undo the merge")).text


async def test_the_digest_counts_what_is_one_once(dinner: World) -> None:
    one = await dinner.log("pay: card declined")
    await dinner.log("eat: cold soup")
    dinner.clock.skip(days=8)
    await dinner.keeper.tick()
    await dinner.until(lambda: "2 new" in plain(dinner.messages()[-1]))
    other = await dinner.log("pay: no cards taken")
    for user in ("ben", "cleo"):
        await dinner.slack.react(user, other, "+1")
    await dinner.slack.react("ben", one, "+1")
    await shown(dinner, other, "▲ 2")
    assert "1 new, 1 rising" in (await dinner.slack.command("ada", "product", "/journey", "digest")).text
    await merged(dinner, "ada", other, "P-1")
    hurry(dinner)
    text = (await dinner.slack.command("ada", "product", "/journey", "digest")).text
    assert ": 1 rising." in text, "what was logged and merged is not new"
    assert "P-1 Pay · card declined  ▲ 2 (+2)" in text
    await shown(dinner, other, "was merged into")
    await press(dinner, "ada", other, "Undo the merge")
    await dinner.until(lambda: "no cards taken" in plain(other))
    text = (await dinner.slack.command("ada", "product", "/journey", "digest")).text
    assert "1 new, 1 rising" in text
    assert "▲ 1 (+1)" in text


async def test_undo_takes_back_the_own_line_alone_and_what_others_merged_into_it_stays(
    each_world: World,
) -> None:
    world = each_world
    await world.start_map()
    mine, third = await world.log("pay: card declined", user="ben"), await world.log("pay: cards fail")
    await world.slack.react("cleo", mine, "+1")
    logged = await world.slack.command("ada", "product", "/pain", "pay: the terminal takes no cards at all")
    await world.until(lambda: "P-3" in plain(world.messages()[-1]))
    assert logged.ephemeral
    await merged(world, "ada", third, "P-1")
    await merged(world, "ben", mine, "P-3")
    await shown(world, mine, "P-1 was merged into P-3.")
    undone = await press(world, "ada", logged.ephemeral, "Undo")
    assert "Undone. P-3 is off the map." in undone.text
    assert "P-1, which was merged into it, stands on its own again." in undone.text
    await shown(world, mine, "card declined", "▲ 1")
    await shown(world, third, "P-2 was merged into P-1. A vote here counts there.")
    listed = (await world.slack.command("ben", "product", "/journey", "list pains")).text
    assert "P-1" in listed
    assert "P-3" not in listed
    assert undone.ephemeral
    await press(world, "ada", undone.ephemeral, "Restore")
    await world.until(lambda: "takes no cards at all" in plain(world.messages()[-1]))
    assert "P-1" in (await world.slack.command("ben", "product", "/journey", "list pains")).text


async def removing(world: World, user: str, card: Message) -> Message:
    """Somebody removes what others were merged into; what they are asked."""
    asked = await press(world, user, card, "more", option="Remove")
    assert asked.ephemeral, asked.text
    return asked.ephemeral


async def test_remove_asks_what_becomes_of_what_was_merged_into_it(each_world: World) -> None:
    world = each_world
    await world.start_map()
    mine, root = await world.log("pay: card declined", user="ben"), await world.log("pay: no cards taken")
    await merged(world, "ben", mine, "P-2")
    await shown(world, mine, "was merged into")
    asked = await removing(world, "ada", root)
    assert "P-1 is part of P-2. If P-2 goes alone, it stands on its own again." in plain(asked)
    assert buttons(asked) == ["Remove P-2 alone", "Remove all"]
    await shown(world, root, "no cards taken")
    done = await press(world, "ada", asked, "Remove P-2 alone")
    assert "P-2 is off the map." in done.text
    assert "P-1, which was merged into it, stands on its own again." in done.text
    await shown(world, root, "P-2 was removed by ada.")
    await shown(world, mine, "card declined")
    assert "P-1" in (await world.slack.command("ben", "product", "/journey", "list pains")).text


async def test_a_question_about_removing_means_no_other_item(dinner: World) -> None:
    one, root = await dinner.log("pay: card declined"), await dinner.log("pay: no cards taken")
    other = await dinner.log("pay: terminal broken down")
    await merged(dinner, "ada", one, "P-2")
    await shown(dinner, one, "was merged into")
    asked = await removing(dinner, "ada", root)
    await merged(dinner, "ada", root, "P-3")
    await shown(dinner, root, "P-2 was merged into P-3")
    for answer in ("Remove P-2 alone", "Remove all"):
        assert "P-2 is part of P-3 now" in (await press(dinner, "ada", asked, answer)).text
    assert "terminal broken down" in plain(other)
    assert rows(dinner, "SELECT number FROM items WHERE removed_at IS NULL") == [{"number": 3}]


async def test_what_was_merged_since_the_question_does_not_go_along_unasked(each_world: World) -> None:
    world = each_world
    await world.start_map()
    one, root = await world.log("pay: card declined"), await world.log("pay: no cards taken")
    late = await world.log("pay: terminal broken down")
    await merged(world, "ada", one, "P-2")
    asked = await removing(world, "ada", root)
    await merged(world, "ada", late, "P-2")
    await shown(world, late, "was merged into P-2")
    again = await press(world, "ada", asked, "Remove all")
    assert "P-1, P-3 are part of P-2. If P-2 goes alone" in again.text
    assert again.ephemeral
    await shown(world, root, "no cards taken")
    assert "P-2 is off the map, with all" in (await press(world, "ada", again.ephemeral, "Remove all")).text
    await shown(world, late, "P-3 was merged into P-2, which was taken off the map.")


async def test_where_nothing_is_part_of_it_any_more_all_is_the_item_alone(dinner: World) -> None:
    one, root = await dinner.log("pay: card declined"), await dinner.log("pay: no cards taken")
    await merged(dinner, "ada", one, "P-2")
    await shown(dinner, one, "was merged into P-2")
    asked = await removing(dinner, "ada", root)
    await press(dinner, "ada", one, "Undo the merge")
    assert "P-2 is off the map." in (await press(dinner, "ada", asked, "Remove all")).text
    await shown(dinner, one, "card declined")
    assert rows(dinner, "SELECT number FROM items WHERE removed_at IS NULL") == [{"number": 1}]


@pytest.mark.parametrize("back", ["Restore", "Undo the merge"])
async def test_reactions_on_what_was_merged_count_once_it_is_back(dinner: World, back: str) -> None:
    one, root = await dinner.log("pay: card declined"), await dinner.log("pay: no cards taken")
    form = (await dinner.slack.command("ada", "product", "/journey", "channel")).view
    assert form
    await dinner.slack.submit("ada", form, {"noise": "None, only the weekly digest"})
    await merged(dinner, "ada", one, "P-2")
    await shown(dinner, one, "was merged into")
    gone = (await press(dinner, "ada", await removing(dinner, "ada", root), "Remove all")).ephemeral
    assert gone
    await shown(dinner, one, "which was taken off")
    await dinner.slack.react("cleo", one, "+1")
    await at_rest(dinner)
    await press(dinner, "ada", gone if back == "Restore" else one, back)
    await dinner.until(lambda: rows(dinner, "SELECT count(*) AS n FROM votes WHERE active") == [{"n": 1}])


async def test_whoevers_item_was_removed_with_what_it_is_part_of_sees_that_and_has_a_way_back(
    each_world: World,
) -> None:
    world = each_world
    await world.start_map()
    mine, root = await world.log("pay: card declined", user="ben"), await world.log("pay: no cards taken")
    await world.slack.react("cleo", mine, "+1")
    await merged(world, "ben", mine, "P-2")
    await shown(world, mine, "A vote here counts there.")
    old = json.loads(json.dumps(mine.blocks))
    done = await press(world, "ada", await removing(world, "ada", root), "Remove all")
    assert "P-2 is off the map, with all that is part of it. You can restore it." in done.text
    gone = "P-1 was merged into P-2, which was taken off the map."
    await shown(world, mine, gone)
    assert buttons(mine) == ["Show P-2", "Undo the merge"]
    shows = await world.slack.command("ben", "product", "/journey", "show P-1")
    assert "P-1 is part of P-2 now:\nP-2 was removed by ada." in shows.text
    assert shows.ephemeral
    assert buttons(shows.ephemeral) == ["Undo the merge"], "what is ben's; P-2 is ada's"
    other = await world.slack.command("cleo", "product", "/journey", "show P-1")
    assert other.ephemeral
    assert buttons(other.ephemeral) == []
    drawn, mine.blocks = mine.blocks, old  # a copy that was not redrawn yet
    voted = await press(world, "ben", mine, "Vote")
    assert "P-1 is part of P-2, which was removed from the map, so nothing changed." in voted.text
    assert voted.ephemeral
    assert buttons(voted.ephemeral) == ["Undo the merge"]
    mine.blocks = drawn

    assert done.ephemeral
    await press(world, "ada", done.ephemeral, "Restore")
    await shown(world, mine, "A vote here counts there.")
    await shown(world, root, "no cards taken", "▲ 1")
    await press(world, "ada", await removing(world, "ada", root), "Remove all")
    await shown(world, mine, gone)
    assert "P-1 stands on its own again" in (await press(world, "ben", mine, "Undo the merge")).text
    await shown(world, mine, "card declined", "▲ 1")
    await shown(world, root, "P-2 was removed by ada.")


async def test_nobody_removes_what_is_not_theirs_along_with_their_own(dinner: World) -> None:
    mine = await dinner.log("pay: card declined")
    root = await dinner.log("pay: no cards taken", user="ben")
    await merged(dinner, "ada", mine, "P-2")
    await shown(dinner, mine, "was merged into")
    asked = await removing(dinner, "ben", root)
    assert buttons(asked) == ["Remove P-2 alone"]
    value = rows(dinner, "SELECT id FROM items WHERE number = 2")[0]["id"]
    forged = {"action_id": "item.remove.all|0", "value": value}
    again = await dinner.slack.click("ben", asked, "Remove P-2 alone", forge=forged)
    await dinner.until(lambda: again.seen)
    assert "If P-2 goes alone, it stands on its own again." in again.text
    done = await press(dinner, "ben", asked, "Remove P-2 alone")
    assert "P-1, which was merged into it, stands on its own again." in done.text
    await shown(dinner, mine, "card declined")


async def test_an_idea_names_no_removed_pain_on_its_card(dinner: World) -> None:
    pain = await dinner.log("pay: card declined")
    await dinner.log("pay: by phone", command="/idea")
    await dinner.until(lambda: "I-1" in plain(dinner.messages()[-1]))
    idea = dinner.messages()[-1]
    more = (await dinner.slack.command("ada", "product", "/journey", "show I-1")).ephemeral
    assert more
    form = (await press(dinner, "ada", more, "item.do", option="Link it to a pain…")).view
    assert form
    await dinner.slack.submit("ada", form, {"tied": ["P-1 card declined"]})
    await shown(dinner, idea, "answers P-1")
    await press(dinner, "ada", pain, "more", option="Remove")
    hurry(dinner)
    await dinner.until(lambda: "answers P-1" not in plain(idea))
