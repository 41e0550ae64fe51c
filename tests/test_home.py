"""The Home tab and the settings: what waits, what became of it, and everything one click away."""

from datetime import UTC, datetime, timedelta

from bot.playground.reading import plain
from tests.load import at_rest
from tests.peek import buttons, hurry, kept, offered, press, rows
from tests.world import World


async def home_of(world: World, user: str, *words: str) -> str:
    """What somebody's Home tab shows, as soon as it shows those words."""

    def shows() -> bool:
        tab = world.slack.home(user)
        return tab is not None and all(word in plain(tab.content) for word in words)

    await world.keeper.draw_homes()
    hurry(world)
    await world.until(shows)
    tab = world.slack.home(user)
    assert tab is not None
    return plain(tab.content)


async def test_a_fresh_workspace_is_told_how_to_begin(world: World) -> None:
    await world.slack.open_home("ada")
    text = await home_of(world, "ada", "Start a map from a template")
    tab = world.slack.home("ada")
    assert tab
    assert buttons(tab) == ["Start from a template"]
    await press(world, "ada", tab, "Start from a template")
    assert world.slack.views["U0ADA"][-1].callback_id == "map.make"
    assert "Your maps" not in text


async def test_home_shows_my_maps_my_items_and_what_became_of_them(each_world: World) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined !abandon")
    await world.log("pay: by phone", command="/idea")
    await world.slack.open_home("ada")
    text = await home_of(world, "ada", "What you logged")
    assert "What waits for you\nNothing right now." in text
    assert "Dinner with friends" in text
    assert "🔴 Pay" in text
    assert "🔴 P-1 Pay · card declined · ▲ 0 · ○ to check" in text
    assert "💡 I-1 Pay · by phone · ▲ 0 · new" in text
    await world.slack.react("ben", card, "+1")
    await home_of(world, "ada", "P-1 Pay · card declined · ▲ 1")
    reply = await world.slack.click("ada", card, "more|3", option="Mark as fixed")
    await world.until(lambda: reply.seen)
    await home_of(world, "ada", "P-1 Pay · card declined · ▲ 1 · ✔ resolved")


async def test_what_one_owns_waits_and_an_overdue_one_first(world: World) -> None:
    await world.start_map()
    await world.log("pay: by phone", command="/idea")
    await world.log("pay: in cash", command="/idea")
    await world.log("order: a stale one")
    today = datetime.now(UTC).date()
    for number, due in ((1, None), (2, (today - timedelta(days=1)).isoformat())):
        rows(
            world,
            "UPDATE items SET owner_id = author_id, due_on = ? WHERE kind = 'idea' AND number = ?",
            due,
            number,
        )
    rows(world, "UPDATE items SET trust = 'stale' WHERE kind = 'pain'")
    text = (await world.slack.command("ada", "product", "/journey")).text
    waiting = text.partition("What waits for you\n")[2].partition("Log something")[0].splitlines()
    assert waiting[0].startswith("💡 I-2 Pay · in cash · yours, was due ")
    assert waiting[1] == "💡 I-1 Pay · by phone · yours"
    assert waiting[2] == "🟠 P-1 Order · a stale one · ◌ stale"


async def test_a_tab_is_drawn_again_only_where_something_changed_and_somebody_opened_it(world: World) -> None:
    world.keeper.ticks.stop()  # this test alone says when
    await world.start_map()
    await world.slack.open_home("ada")
    await home_of(world, "ada", "Your maps")
    assert await world.keeper.draw_homes() == 0, "nothing changed since"
    hurry(world)
    await at_rest(world)
    published = len(world.slack.calls_to("views.publish"))
    await world.log("pay: card declined", user="ben")
    for words in ("no change given", "nobody comes", "the bill is wrong"):
        await world.log(f"pay: {words}", user="ben")
    assert await world.keeper.draw_homes() == 1
    await home_of(world, "ada", "4 pains")
    await at_rest(world)
    assert len(world.slack.calls_to("views.publish")) == published + 1, "a burst is drawn once"
    assert world.slack.home("ben") is None, "ben never looked"
    world.clock.skip(days=8)
    await world.log("pay: another", user="ben")
    assert await world.keeper.draw_homes() == 0, "nobody looked for a week"


async def test_every_button_of_the_tab_works_where_no_channel_is(world: World) -> None:
    await world.start_map()
    await world.log("pay: card declined")
    await world.slack.open_home("ada")
    await home_of(world, "ada", "What you logged")
    tab = world.slack.home("ada")
    assert tab
    await press(world, "ada", tab, "Log a pain point")
    form = world.slack.views["U0ADA"][-1]
    stage = rows(world, "SELECT id FROM stages WHERE slug = 'order'")[0]["id"]
    await world.slack.submit(
        "ada", form, {"stage": stage, "text": "the menu is a PDF", "severity": "trivial"}
    )
    assert "Got it: P-2 on Order" in plain(world.slack.views["U0ADA"][-1].content)
    await press(world, "ada", tab, "Open the map")
    assert "Goal:" in plain(world.slack.views["U0ADA"][-1].content)
    # Meanwhile the tab may have been drawn anew, with the later one first.
    first = next(option for option in offered(tab, "item.show") if option.startswith("P-1"))
    await press(world, "ada", tab, "item.show", option=first)
    assert "card declined" in plain(world.slack.views["U0ADA"][-1].content)
    await press(world, "ada", tab, "Help")
    assert "/journey settings" in plain(world.slack.views["U0ADA"][-1].content)
    await press(world, "ada", tab, "Settings")
    assert world.slack.views["U0ADA"][-1].callback_id == "settings.save"


async def test_with_several_maps_the_map_is_asked_first(world: World) -> None:
    await world.start_map()
    await world.start_map("Lunch alone", channel="general")
    await world.slack.open_home("ada")
    await home_of(world, "ada", "Lunch alone")
    tab = world.slack.home("ada")
    assert tab
    await press(world, "ada", tab, "Log a gain")
    lunch = rows(world, "SELECT id FROM maps WHERE slug = 'lunch-alone'")[0]["id"]
    await world.slack.submit("ada", world.slack.views["U0ADA"][-1], {"map": lunch})
    form = world.slack.views["U0ADA"][-1]
    assert form.callback_id == "log.form"
    stage = rows(world, "SELECT id FROM stages WHERE map_id = ? AND slug = 'pay'", lunch)[0]["id"]
    await world.slack.submit("ada", form, {"stage": stage, "text": "quick"})
    await kept(world, f"SELECT 1 FROM items WHERE map_id = '{lunch}' AND kind = 'gain'")
    await world.slack.click("ada", tab, "Log a gain", forge={"value": "rumour"})
    await world.until(lambda: "older version" in plain(world.slack.views["U0ADA"][-1].content))


async def test_with_several_maps_each_item_says_which_one_it_is_on(each_world: World) -> None:
    world = each_world
    await world.start_map()
    await world.log("pay: card declined")
    await world.slack.open_home("ada")
    await home_of(world, "ada", "P-1 Pay · card declined")
    await world.start_map("Lunch alone", channel="general")
    await world.log("pay: card declined", channel="general")
    idea = await world.log("pay: by phone", command="/idea", channel="general")
    await world.slack.command("ben", "product", "/journey")
    own = (await world.slack.command("ada", "product", "/journey", "show lunch-alone/I-1")).ephemeral
    assert own

    async def given_to(user: str) -> None:
        form = (await press(world, "ada", own, "item.do", option="Set owner and date…")).view
        assert form
        await world.slack.submit("ada", form, {"owner": f"U0{user.upper()}"})
        await world.until(lambda: f"owned by {user}" in plain(idea))

    await given_to("ada")
    text = await home_of(world, "ada", "What you logged", "yours")
    assert "💡 I-1 Lunch alone / Pay · by phone · yours" in text
    for name in ("Dinner with friends", "Lunch alone"):
        assert f"🟠 P-1 {name} / Pay · card declined · ▲ 0" in text
    tab = world.slack.home("ada")
    assert tab
    assert offered(tab, "item.show") == ["I-1 Lunch alone: by phone"]
    await given_to("ben")
    await home_of(world, "ada", "Nothing right now.")
    tab = world.slack.home("ada")
    assert tab
    assert offered(tab, "item.show") == [
        "I-1 Lunch alone: by phone",
        "P-1 Lunch alone: card declined",
        "P-1 Dinner with friends: card declined",
    ]


async def test_a_guest_is_offered_nothing_that_would_be_refused(world: World) -> None:
    await world.start_map()
    await world.slack.open_home("gil")
    await home_of(world, "gil", "Your maps")
    tab = world.slack.home("gil")
    assert tab
    assert "Log a pain point" not in buttons(tab)
    assert "Settings" in buttons(tab)


async def test_settings_are_kept_and_shown(each_world: World) -> None:
    world = each_world
    await world.start_map()
    form = (await world.slack.command("ada", "product", "/journey", "settings")).view
    assert form
    back = (world.clock() + timedelta(days=20)).date()
    typed = {
        "team": "  Guest   experience ",
        "days": ["0", "1", "2"],
        "from": "10:00",
        "until": "15:30",
        "pause": back.isoformat(),
        "language": "en",
    }
    reply = await world.slack.submit("ada", form, typed)
    assert "Team Guest experience · Questions on Monday–Wednesday, 10:00–15:30 (Europe/Berlin)" in reply.text
    assert f"paused until {back.day} " in reply.text
    again = (await world.slack.command("ada", "product", "/journey", "settings")).view
    assert again
    elements = {block["block_id"]: block["element"] for block in again.blocks if block["type"] == "input"}
    assert elements["team"]["initial_value"] == "Guest experience"
    assert [option["value"] for option in elements["days"]["initial_options"]] == ["0", "1", "2"]
    assert elements["pause"]["initial_date"] == back.isoformat()


async def test_settings_that_cannot_be_say_why_at_their_field(world: World) -> None:
    await world.start_map()
    form = (await world.slack.command("ada", "product", "/journey", "settings")).view
    assert form
    wrong = {"days": ["5"], "from": "17:00", "until": "09:00", "pause": "2020-01-01"}
    await world.slack.submit("ada", form, wrong)
    assert form.errors == {
        "until": "Please pick an end that is later than the beginning.",
        "pause": "Please pick a day from tomorrow on, within a year.",
    }


async def test_a_tab_stays_within_slacks_limits_whatever_people_write(world: World) -> None:
    for number in range(6):
        await world.start_map(f"Journey {number}", channel="product")
    rows(world, "UPDATE maps SET name = name || ?", " <!here> " + "ö" * 60)
    rows(world, "UPDATE stages SET name = name || ?", " " + "ß" * 150)
    long = "<!channel> *bold* & " + "ü" * 2_900
    for number in range(8):
        await world.log(f"journey-{number % 6}/pay: {number} {long}", command="/quote")
    await world.slack.open_home("ada")
    text = await home_of(world, "ada", "What you logged")
    tab = world.slack.home("ada")
    assert tab
    assert len(tab.blocks) <= 100
    assert "Settings" in buttons(tab)
    assert "<!channel> *bold*" in text, "words stay words"
