"""A map's own form, and maps that are put away and brought back."""

import pytest

from bot.playground.reading import plain
from bot.playground.things import View
from tests.peek import buttons, give_role, history, hurry, offered, press, rows
from tests.world import World


@pytest.fixture
async def dinner(each_world: World) -> World:
    """The restaurant's map in #product, which ada owns, on each kind of database."""
    await each_world.start_map()
    return each_world


async def opened(world: World, user: str = "ada", typed: str = "edit") -> View:
    """The map's form."""
    form = (await world.slack.command(user, "product", "/journey", typed)).view
    assert form
    return form


async def test_a_map_is_changed_by_its_form(dinner: World) -> None:
    form = await opened(dinner)
    for words in ("[Dinner with friends]", "[Current state ▾]"):
        assert words in plain(form)
    done = await dinner.slack.submit(
        "ada",
        form,
        {
            "name": "Supper",
            "kind": "Future state",
            "persona": "Nina",
            "about": "Office manager. Books for 12",
            "goal": "a good evening",
            "owner": "U0ADA",
        },
    )
    assert "Dinner with friends is called Supper now." in done.text
    shown = await dinner.slack.command("ben", "product", "/journey", "map supper")
    assert "Supper\nFuture state · Nina, Office manager · Goal: a good evening" in shown.text
    assert "Nothing changed on Supper." in (await dinner.slack.submit("ada", await opened(dinner), {})).text


async def test_the_former_name_of_a_map_still_works(dinner: World) -> None:
    await dinner.slack.submit("ada", await opened(dinner), {"name": "Supper"})
    logged = await dinner.slack.command("ben", "general", "/pain", "dinner-with-friends/pay: card declined")
    assert "Got it: P-1 on Pay of Supper." in logged.text
    for typed in ("map dinner with friends", "list dinner-with-friends/pay"):
        assert "Supper" in (await dinner.slack.command("ben", "general", "/journey", typed)).text


async def test_a_name_that_another_map_has_is_refused_at_its_field(dinner: World) -> None:
    await dinner.start_map("Lunch", channel="general")
    form = await opened(dinner)
    wrong = await dinner.slack.submit("ada", form, {"name": "lunch"})
    assert "There is a map of that name already." in (wrong.errors or {})["name"]


async def test_two_people_with_one_form_lose_nothing(dinner: World) -> None:
    await dinner.slack.command("ben", "product", "/journey")
    give = await opened(dinner)
    await dinner.slack.submit("ada", give, {"owner": "U0BEN"})
    first, second = await opened(dinner), await opened(dinner, "ben")
    await dinner.slack.submit("ada", first, {"goal": "a good evening", "scenario": "Saturday, eight people"})
    asked = await dinner.slack.submit("ben", second, {"goal": "a cheap evening", "about": "Has two children"})
    assert asked.view
    shown = plain(asked.view)
    assert "Somebody else changed this while you did." in shown
    assert "“a good evening”" in shown
    assert "[a cheap evening]" in shown
    assert "[Saturday, eight people]" in shown, "what only the other one changed is kept"
    done = await dinner.slack.submit("ben", asked.view, {})
    assert "Saved: Dinner with friends." in done.text
    again = plain(await opened(dinner))
    for words in ("[a cheap evening]", "[Saturday, eight people]", "[Has two children]"):
        assert words in again


async def test_only_the_owner_and_editors_change_a_map(world: World) -> None:
    await world.start_map()
    refused = "Only editors of this map can do that. Ask ada, who owns it."
    for typed in ("edit", "archive"):
        assert refused in (await world.slack.command("ben", "product", "/journey", typed)).text
    shown = await world.slack.command("ben", "product", "/journey", "map")
    assert shown.ephemeral
    assert buttons(shown.ephemeral) == ["Stages"]
    give_role(world, "ben", "editor")
    form = await opened(world, "ben")
    give_role(world, "ben", "member")
    assert refused in (await world.slack.submit("ben", form, {"name": "Mine"})).text
    assert rows(world, "SELECT name FROM maps") == [{"name": "Dinner with friends"}]


async def test_an_archived_map_rests_with_all_that_is_on_it_and_comes_back(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    shown = await dinner.slack.command("ada", "product", "/journey", "map")
    assert shown.ephemeral
    asked = await press(dinner, "ada", shown.ephemeral, "more", option="Archive…")
    assert "Archive Dinner with friends?" in asked.text
    assert "#product: they are told, show it no longer" in asked.text
    assert asked.ephemeral
    done = await press(dinner, "ada", asked.ephemeral, "Archive it")
    assert "Dinner with friends is archived. /journey restore brings it back." in done.text
    await dinner.until(lambda: any("was archived by ada" in plain(m) for m in dinner.messages()))
    for command, typed in (("/pain", "pay: again"), ("/journey", "map"), ("/journey", "digest")):
        said = (await dinner.slack.command("ben", "product", command, typed)).text
        assert "All maps are archived. /journey restore brings one back, or start one" in said
    refused = await press(dinner, "ada", card, "Edit")
    assert "Dinner with friends is archived, so nothing changed." in refused.text
    put_away = await dinner.slack.command("ada", "product", "/journey", "restore")
    assert "1 map is archived." in put_away.text
    assert put_away.ephemeral
    assert offered(put_away.ephemeral, "map.restore") == ["Dinner with friends"]
    back = await press(dinner, "ada", put_away.ephemeral, "map.restore", option="Dinner with friends")
    assert "Dinner with friends is back, also in its channels." in back.text
    hurry(dinner)
    await dinner.until(lambda: any("is back, thanks to ada" in plain(m) for m in dinner.messages()))
    assert "P-1" in (await dinner.slack.command("ben", "product", "/journey", "list")).text
    assert "Got it: P-2 on Pay." in (await dinner.slack.command("ben", "product", "/pain", "pay: more")).text
    assert "No map is archived." in (await dinner.slack.command("ben", "product", "/journey", "restore")).text


TOUCHING = (
    "check.true check.fixed check.pass check.gone check.back check.changed check.ask near.speaks near.vote"
)
REACHING = (
    "vote unvote item.post item.undo item.restore item.edit item.remove item.remove.alone item.remove.all "
    "item.resolve item.evidence item.merge"
)


@pytest.mark.parametrize("deed", f"{TOUCHING} {REACHING}".split())
async def test_nothing_on_an_archived_map_changes(world: World, deed: str) -> None:
    await world.start_map()
    card = await world.log("pay: card declined", user="ben")
    await world.log("pay: “it is slow at night”", command="/quote", user="ben")
    pain, quote = (row["id"] for row in rows(world, "SELECT id FROM items ORDER BY kind"))
    asked = (await world.slack.command("ada", "product", "/journey", "archive")).ephemeral
    assert asked
    await press(world, "ada", asked, "Archive it")
    await world.until(lambda: any("was archived by ada" in plain(m) for m in world.messages()))
    tables = ("items", "changes", "prompts", "votes", "evidence")
    before = [rows(world, f"SELECT * FROM {table}") for table in tables]
    forged = {"action_id": f"{deed}|0", "value": f"{quote} {pain}" if deed == "near.speaks" else pain}
    refused = await world.slack.click("ben", card, "Vote", forge=forged)
    await world.until(lambda: "Dinner with friends is archived, so nothing changed." in refused.text)
    assert [rows(world, f"SELECT * FROM {table}") for table in tables] == before


async def test_what_somebody_was_asked_about_changes_no_more_once_the_map_is_archived(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined", user="ben")
    (item,) = rows(world, "SELECT id, author_id FROM items")
    forged = {"action_id": "check.changed|0", "value": item["id"]}
    form = (await world.slack.click("ben", card, "Vote", forge=forged)).view
    assert form
    asked = (await world.slack.command("ada", "product", "/journey", "archive")).ephemeral
    assert asked
    await press(world, "ada", asked, "Archive it")
    refused = await world.slack.submit("ben", form, {"text": "card declined at night"})
    assert "Dinner with friends is archived, so nothing changed." in refused.text
    assert rows(world, "SELECT text FROM items") == [{"text": "card declined"}]


async def test_a_map_is_archived_and_restored_once_and_its_history_says_so(world: World) -> None:
    await world.start_map()
    asked = (await world.slack.command("ada", "product", "/journey", "archive")).ephemeral
    assert asked
    await press(world, "ada", asked, "Archive it")
    value = rows(world, "SELECT id FROM maps")[0]["id"]
    again = await world.slack.click(
        "ada", asked, "Restore", forge={"action_id": "map.archive|0", "value": value}
    )
    await world.until(lambda: again.seen)
    assert "Dinner with friends is archived." in again.text
    told = [(row["what"], row["subject"]) for row in history(world)]
    assert told == [("started", "map"), ("archived", "map")]
