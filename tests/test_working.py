"""Work on items: short forms for single things, details with their history, the matrix; all of it undone by a click."""

from bot.playground.reading import entities, plain
from bot.playground.replies import Reply
from bot.playground.things import Message, View
from tests.peek import buttons, history, hurry, offered, press, rows
from tests.test_items import quoted, shown
from tests.world import World


async def doing(world: World, user: str, text: str, option: str) -> Reply:
    """Somebody picks something from the menu of an item's details."""
    details = await world.slack.command(user, "product", "/journey", f"show {text}")
    assert details.ephemeral, details
    return await press(world, user, details.ephemeral, "item.do", option=option)


async def form_of(world: World, user: str, text: str, option: str) -> View:
    """The short form that the menu opens."""
    view = (await doing(world, user, text, option)).view
    assert view
    return view


async def undone(world: World, user: str, done: Reply) -> str:
    """Undo is clicked under what was done."""
    assert done.view, done
    return (await press(world, user, done.view, "Undo")).text


async def test_an_idea_gets_an_owner_and_a_date_and_the_owner_hears_of_it(dinner: World) -> None:
    card = await dinner.log("book: free tables on the map", command="/idea")
    await dinner.slack.command("ben", "product", "/journey")
    form = await form_of(dinner, "ada", "I-1", "Set owner and date…")
    done = await dinner.slack.submit("ada", form, {"owner": "U0BEN", "due": "2027-01-31"})
    assert "ben owns I-1 now." in done.text
    await shown(dinner, card, "due 31 Jan", "owned by ben")
    await dinner.until(
        lambda: any("ada made you the owner of I-1" in plain(m) for m in dinner.slack.direct("ben").messages)
    )
    assert "Taken back: I-1 is as it was." in await undone(dinner, "ada", done)
    hurry(dinner)
    await dinner.until(lambda: "owned by" not in plain(card))
    unknown = await dinner.slack.submit(
        "ada", await form_of(dinner, "ada", "I-1", "Set owner and date…"), {"owner": "U0GIL"}
    )
    assert "I don't know that person yet." in unknown.errors["owner"]


async def test_an_idea_is_declined_with_a_reason_and_undo_reopens_it(dinner: World) -> None:
    card = await dinner.log("book: a fax number", command="/idea")
    form = (await press(dinner, "ada", card, "more", option="Set its status…")).view
    assert form
    wrong = await dinner.slack.submit("ada", form, {"status": "declined"})
    assert wrong.errors == {"reason": "Please say why, so that the people who asked for it know."}
    done = await dinner.slack.submit("ada", form, {"reason": "nobody has a fax"})
    assert "I-1 is declined: “nobody has a fax”. Its card says why." in done.text
    await shown(dinner, card, "declined", "Declined: nobody has a fax")
    told = (await dinner.slack.command("ada", "product", "/journey", "show I-1")).text
    assert "today: ada set it to declined, because: nobody has a fax" in told
    assert "Taken back" in await undone(dinner, "ada", done)
    await shown(dinner, card, "💡 I-1 · Book · new")
    assert [row["what"] for row in history(dinner)][-2:] == ["declined", "reopened"]


async def test_an_item_moves_to_another_stage_and_back(dinner: World) -> None:
    card = await dinner.log("pay: the menu is a PDF")
    form = await form_of(dinner, "ada", "P-1", "Move it to another stage…")
    done = await dinner.slack.submit("ada", form, {"stage": "Order"})
    assert "P-1 is on Order now." in done.text
    await shown(dinner, card, "P-1 · Order")
    assert (
        "ada moved it from Pay to Order"
        in (await dinner.slack.command("ada", "product", "/journey", "show P-1")).text
    )
    await undone(dinner, "ada", done)
    await shown(dinner, card, "P-1 · Pay")


async def test_an_item_of_another_kind_has_a_new_number_and_is_found_by_the_old_one(
    each_world: World,
) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: split the bill by phone !abandon")
    form = await form_of(world, "ada", "P-1", "Make it another kind…")
    done = await world.slack.submit("ada", form, {"kind": "Idea"})
    assert "P-1 is I-1 now. Its old number still finds it." in done.text
    await shown(world, card, "💡 I-1 · Pay · new")
    told = (await world.slack.command("ada", "product", "/journey", "show p1")).text
    assert "P-1 is I-1 now:" in told
    assert "ada turned P-1 into I-1" in told
    assert "P-2" in plain(await world.log("pay: no change given")), "a number is given once"
    assert "Taken back: P-1 is as it was." in await undone(world, "ada", done)
    await shown(world, card, "🔴 P-1 · Pay · stops the journey")
    again = await world.slack.submit(
        "ada", await form_of(world, "ada", "P-1", "Make it another kind…"), {"kind": "Idea"}
    )
    assert "P-1 is I-1 now" in again.text, "and what it was called once it is called again"


async def test_an_idea_is_linked_to_the_likeliest_pains_and_shows_them(dinner: World) -> None:
    await dinner.log("eat: cold soup")
    pain = await dinner.log("pay: splitting the bill takes ages")
    idea = await dinner.log("pay: splitting the bill by phone", command="/idea")
    form = await form_of(dinner, "ada", "I-1", "Link it to a pain…")
    block = next(block for block in form.blocks if block["block_id"] == "tied")
    options = [option["text"]["text"] for option in block["element"]["options"]]
    assert options == ["P-2 splitting the bill takes ages", "P-1 cold soup"]
    done = await dinner.slack.submit("ada", form, {"tied": [options[0]]})
    assert "I-1 answers P-2." in done.text
    await shown(dinner, idea, "answers P-2")
    told = (await dinner.slack.command("ada", "product", "/journey", "show P-2")).text
    assert "Ideas that answer it" in told
    assert "💡 I-1 splitting the bill by phone · new" in told
    assert "Taken back" in await undone(dinner, "ada", done)
    hurry(dinner)
    await dinner.until(lambda: "answers" not in plain(idea))
    form = await form_of(dinner, "ada", "I-1", "Link it to a pain…")
    await dinner.slack.submit("ada", form, {"tied": [options[0]]})
    merging = (await press(dinner, "ada", pain, "more", option="Merge…")).view
    assert merging
    await dinner.slack.submit("ada", merging, {"number": "P-1"})
    await shown(dinner, idea, "answers P-1")


async def test_a_quote_that_is_there_is_taken_as_evidence(dinner: World) -> None:
    pain = await dinner.log("pay: card declined")
    await dinner.log("pay: “They would not take my card” — Dana, Acme", command="/quote")
    form = (await dinner.slack.click("ben", pain, "Add evidence")).view
    assert form
    assert "A quote that is on the map already" in plain(form)
    both = {"quote": "Q-1 They would not take my card", "text": "Nor my coupon"}
    wrong = await dinner.slack.submit("ben", form, both)
    assert wrong.errors == {"quote": "Pick a quote, or write a new one below: not both."}
    done = await dinner.slack.submit("ben", form, {"quote": "Q-1 They would not take my card", "text": ""})
    assert "Q-1 speaks for P-1 now." in done.text
    await shown(dinner, pain, "1 account · 1 quote")
    told = (await dinner.slack.command("ada", "product", "/journey", "show P-1")).text
    assert "What customers say\n💬 Q-1 “They would not take my card” — Dana, Acme" in told
    await quoted(dinner, pain, "Not even the second one", "Bolt & Co")
    await shown(dinner, pain, "2 accounts · 2 quotes")
    form = (await dinner.slack.click("ben", pain, "Add evidence")).view
    assert form
    assert "A quote that is on the map already" not in plain(form), "both are taken"


async def test_the_matrix_has_four_groups_quick_wins_first(each_world: World) -> None:
    world = each_world
    await world.start_map()
    rated = (("fax", 1, 5), ("tables", 5, 1), ("app", 5, 5), ("candles", 2, 2))
    for number, (text, value, effort) in enumerate(rated, 1):
        await world.log(f"book: {text}", command="/idea")
        form = await form_of(world, "ada", f"I-{number}", "Set value and effort…")
        await world.slack.submit("ada", form, {"value": f"{value}", "effort": f"{effort}"})
    await world.log("book: a newsletter", command="/idea")
    reply = await world.slack.command("ada", "product", "/journey", "matrix")
    lines = reply.text.splitlines()
    order = [
        "Quick wins",
        "I-2 Book · tables",
        "Big bets",
        "I-3 Book · app",
        "Maybe",
        "I-4 Book · candles",
    ]
    order += ["Time sinks", "I-1 Book · fax", "One idea has no value and effort yet."]
    places = [next(n for n, line in enumerate(lines) if line.startswith(start)) for start in order]
    assert places == sorted(places)
    assert reply.ephemeral
    rate = await press(world, "ada", reply.ephemeral, "item.worth", option="I-5 a newsletter")
    assert rate.view


async def test_what_was_changed_again_is_not_taken_back(dinner: World) -> None:
    await dinner.log("pay: the menu is a PDF", user="ben")
    done = await dinner.slack.submit(
        "ada", await form_of(dinner, "ada", "P-1", "Move it to another stage…"), {"stage": "Order"}
    )
    await dinner.slack.submit(
        "ben", await form_of(dinner, "ben", "P-1", "Move it to another stage…"), {"stage": "Eat"}
    )
    assert "P-1 was changed again since, so I left it as it is." in await undone(dinner, "ada", done)
    assert rows(dinner, "SELECT slug FROM items JOIN stages ON stages.id = items.stage_id") == [
        {"slug": "eat"}
    ]


async def test_details_keep_hostile_words_inert_and_page_through_a_long_history(dinner: World) -> None:
    card = await dinner.log("pay: <!channel> *bold* <https://evil.example|click>")
    await quoted(dinner, card, "<@U0BEN> says <!here>", "<!channel> Inc")
    for number in range(24):
        form = (await dinner.slack.click("ada", card, "Edit")).view
        assert form
        await dinner.slack.submit("ada", form, {"text": f"<!channel> number {number}"})
    reply = await dinner.slack.command("ada", "product", "/journey", "show P-1")
    assert reply.ephemeral
    assert entities(reply.ephemeral.blocks) == []
    whole = await press(dinner, "ada", reply.ephemeral, "All that became of it")
    assert whole.text.count("changed the words") == 20
    assert whole.ephemeral
    older = await press(dinner, "ada", whole.ephemeral, "Earlier")
    assert older.text.count("changed the words") == 4
    assert "ada logged it" in older.text
    assert "ben backed it with Q-1" in older.text


async def test_only_who_may_change_an_item_is_let_into_its_short_forms(dinner: World) -> None:
    card = await dinner.log("book: free tables", command="/idea", user="ben")
    details = await dinner.slack.command("cleo", "product", "/journey", "show I-1")
    assert details.ephemeral
    for option in offered(details.ephemeral, "item.do"):
        reply = await press(dinner, "cleo", details.ephemeral, "item.do", option=option)
        assert "Only the author of I-1 and editors of this map can do that. Ask ada." in reply.text, option
    assert buttons(details.ephemeral)[:3] == ["Vote", "Add evidence", "Edit"]
    assert card
    assert isinstance(card, Message)


async def test_nearly_the_same_quote_is_evidence_anyway_when_its_person_says_so(dinner: World) -> None:
    pain, other = await dinner.log("pay: card declined"), await dinner.log("pay: no change")
    await quoted(dinner, pain, "They would not take my card", "Acme")
    asked = await quoted(dinner, other, "They would not take my card", "Acme")
    assert asked.view
    logged = await press(dinner, "ben", asked.view, "Log mine anyway")
    assert "Got it: Q-2 on Pay." in logged.text
    await shown(dinner, other, "1 account · 1 quote")
