"""Private maps: made so and opened again, their members by name and by channel, and what others miss."""

import json

import pytest

from bot.playground.reading import plain
from bot.playground.replies import Reply
from tests.peek import count, give_role, history, kept, press, rows
from tests.test_asking import at_ten, questions
from tests.test_trust import later, told
from tests.world import World

MAP = "Dinner with friends"
PRIVATE, OPEN = "Only its members", "Everybody in the organisation"


@pytest.fixture
async def dinner(world: World) -> World:
    """ben's map in #product, with an item of cleo's; ada is an admin, and gil only looks."""
    world.slack.add_channel("lunch")
    world.slack.add_person("dora")
    only_in_product(world, "ada", "ben", "cleo")
    await world.slack.command("ada", "random", "/journey")  # who comes first is the admin
    await world.start_map(user="ben")
    await world.log("pay: card declined twice", user="cleo")
    return world


def only_in_product(world: World, *names: str) -> None:
    """These people are in #product, and nobody else is."""
    room = world.slack.channel("product")
    room.members -= {person.id for person in world.slack.world.people.values() if not person.bot}
    room.members |= {world.slack.world.person(name).id for name in names}


async def made_private(world: World, user: str = "ben", people: tuple[str, ...] = ()) -> Reply:
    """The owner makes the map private, in its form and once more when asked."""
    form = (await world.slack.command(user, "product", "/journey", "edit")).view
    assert form
    sure = (await world.slack.submit(user, form, {"seen": PRIVATE})).view
    assert sure, "it is asked once more"
    assert rows(world, "SELECT private FROM maps") == [{"private": 0}]
    done = await world.slack.submit(user, sure, {"people": list(people)})
    assert done.ok, done.failure
    return done


async def sees(world: World, user: str, channel: str = "lunch") -> bool:
    """Does somebody find the map and what is on it, elsewhere than in its channel?"""
    found = []
    for text in ("map dinner", "show dinner-with-friends/P-1", "search declined"):
        reply = await world.slack.command(user, channel, "/journey", text)
        found.append("card declined twice" in reply.text)
    assert len(set(found)) == 1, found
    home = (await world.slack.command(user, channel, "/journey")).text
    assert (MAP in home) == found[0]
    return found[0]


async def test_its_owner_makes_a_map_private_and_opens_it_again(dinner: World) -> None:
    assert await sees(dinner, "gil")
    done = await made_private(dinner)
    assert "Dinner with friends is private now." in done.text
    assert "🔒 Private: seen by ben, everybody in #product, and admins" in done.text
    assert "Anybody can come into #product, and sees the map then." in done.text
    assert not await sees(dinner, "gil")
    assert await sees(dinner, "ada"), "an admin sees it"
    assert await sees(dinner, "ben")
    await dinner.until(
        lambda: any("ben made Dinner with friends private" in plain(m) for m in dinner.messages())
    )
    assert "🔒 private" in (await dinner.slack.command("ben", "product", "/journey", "map")).text
    form = (await dinner.slack.command("ada", "product", "/journey", "edit")).view
    assert form
    sure = (await dinner.slack.submit("ada", form, {"seen": OPEN, "goal": "a good evening"})).view
    assert sure
    assert "will find Dinner with friends" in plain(sure)
    assert not await sees(dinner, "gil"), "not before it is confirmed"
    assert "open to everybody" in (await dinner.slack.submit("ada", sure, {})).text
    assert await sees(dinner, "gil")
    assert rows(dinner, "SELECT goal, private FROM maps") == [{"goal": "a good evening", "private": 0}]
    told = [(row["what"], row["after"]) for row in history(dinner) if row["what"] in ("closed", "opened")]
    assert told == [("closed", '{"private":true}'), ("opened", '{"private":false}')]


async def test_nobody_else_decides_who_sees_a_map(dinner: World) -> None:
    give_role(dinner, "cleo", "editor")
    form = (await dinner.slack.command("cleo", "product", "/journey", "edit")).view
    assert form
    assert "Who sees this map?" not in plain(form)
    form = (await dinner.slack.command("ben", "product", "/journey", "edit")).view
    assert form
    sure = (await dinner.slack.submit("ben", form, {"seen": PRIVATE})).view
    assert sure
    rows(dinner, "UPDATE maps SET owner_id = (SELECT id FROM people WHERE name = 'ada')")
    refused = await dinner.slack.submit("ben", sure, {})
    assert "Only the map's owner and admins decide who sees it. Ask ada." in refused.text
    assert rows(dinner, "SELECT private FROM maps") == [{"private": 0}]


async def test_members_are_named_in_a_form_hear_of_it_and_are_taken_out_in_it(dinner: World) -> None:
    await made_private(dinner, people=("U0GIL",))
    assert await sees(dinner, "gil")
    await dinner.until(lambda: told(dinner, "gil"))
    (heard,) = told(dinner, "gil")
    assert "ben made you a member of Dinner with friends, a private map." in plain(heard)
    assert "card declined twice" in (await press(dinner, "gil", heard, "Open the map")).text
    await kept(dinner, "SELECT 1 FROM people WHERE name = 'gil'")  # Slack was asked who that is
    form = (await dinner.slack.command("ben", "lunch", "/journey", "members dinner")).view
    assert form
    saved = await dinner.slack.submit("ben", form, {"people": ["U0DORA", "U0GIL"]})
    assert "seen by ben, gil, U0DORA, everybody in #product, and admins" in saved.text
    form = (await dinner.slack.command("ada", "lunch", "/journey", "members dinner")).view
    assert form
    await dinner.slack.submit("ada", form, {"people": ["U0DORA"]})
    assert not await sees(dinner, "gil")
    stayed = [json.loads(row["after"]) for row in history(dinner) if "members" in (row["after"] or "")]
    assert [len(one["members"]) for one in stayed] == [1, 2, 1]
    listed = await dinner.slack.command("cleo", "product", "/journey", "members")
    assert "Members of Dinner with friends" in listed.text, "who belongs to it may look"
    assert not listed.opened


async def test_who_is_in_its_channel_belongs_to_it_until_they_leave(dinner: World) -> None:
    await dinner.slack.command("gil", "lunch", "/journey")
    await made_private(dinner)
    await kept(dinner, "SELECT * FROM map_members JOIN people ON id = person_id WHERE name = 'cleo'")
    assert await sees(dinner, "cleo"), "she is in #product, as Slack says"
    await dinner.slack.leave("product", "cleo")
    assert not await sees(dinner, "cleo")
    await dinner.slack.invite("product", "cleo", "ben")
    assert await sees(dinner, "cleo"), "she came back"
    assert not await sees(dinner, "gil")
    assert "P-1" in (await dinner.slack.command("gil", "product", "/journey", "list")).text
    assert await sees(dinner, "gil"), "who does something there is there"


async def test_who_left_a_channel_unheard_is_missed_by_the_next_day(dinner: World) -> None:
    await made_private(dinner)
    await kept(dinner, "SELECT * FROM map_members JOIN people ON id = person_id WHERE name = 'cleo'")
    only_in_product(dinner, "ada", "ben")
    dinner.clock.skip(hours=25)
    dinner.keeper.sender.wake()
    gone = "SELECT 1 WHERE NOT EXISTS (SELECT * FROM map_members JOIN people ON id = person_id WHERE name = 'cleo')"
    await kept(dinner, gone)
    assert not await sees(dinner, "cleo")


async def test_a_form_does_not_tell_where_somebody_is(dinner: World) -> None:
    await made_private(dinner)
    form = (await dinner.slack.command("gil", "lunch", "/journey", "settings")).view
    assert form
    carried = json.loads(form.content["private_metadata"])
    form.content["private_metadata"] = json.dumps(
        carried | {"where": {"channel": dinner.slack.channel("product").id, "name": "product"}}
    )
    await dinner.slack.submit("gil", form, {})
    assert not await sees(dinner, "gil")
    assert not rows(dinner, "SELECT * FROM map_members JOIN people ON id = person_id WHERE name = 'gil'")


async def test_an_admin_may_keep_every_map_open(dinner: World) -> None:
    form = (await dinner.slack.command("ben", "product", "/journey", "edit")).view
    assert form
    sure = (await dinner.slack.submit("ben", form, {"seen": PRIVATE})).view
    assert sure
    settings = (await dinner.slack.command("ada", "product", "/journey", "organisation")).view
    assert settings
    said = await dinner.slack.submit("ada", settings, {"private": "Every map stays open to everybody"})
    assert "No map becomes private from now on." in said.text
    assert "In your organisation every map is open" in (await dinner.slack.submit("ben", sure, {})).text
    form = (await dinner.slack.command("ben", "product", "/journey", "edit")).view
    assert form
    assert "Who sees this map?" not in plain(form)
    assert await sees(dinner, "gil")


async def test_to_show_a_private_map_in_another_channel_is_its_owners_and_is_asked(dinner: World) -> None:
    await made_private(dinner)
    await dinner.slack.react("cleo", dinner.messages()[1], "+1")
    refused = await dinner.slack.command("cleo", "lunch", "/journey", "use dinner")
    assert "Only the map's owner and admins decide who sees it. Ask ben." in refused.text
    asked = (await dinner.slack.command("ben", "lunch", "/journey", "use dinner")).ephemeral
    assert asked
    assert "anybody can come into #lunch: whoever does will see it" in plain(asked)
    assert count(dinner, "bindings") == 1
    await press(dinner, "ben", asked, "Show it here")
    assert count(dinner, "bindings") == 2
    assert "P-1" in (await dinner.slack.command("gil", "lunch", "/journey", "list")).text


async def test_a_name_that_a_hidden_map_has_can_be_had_once_more(dinner: World) -> None:
    await made_private(dinner)
    await dinner.slack.command("gil", "lunch", "/journey")
    give_role(dinner, "gil", "member")
    form = (await dinner.slack.command("gil", "lunch", "/journey", "new")).view
    assert form
    made = await dinner.slack.submit("gil", form, {"template": "restaurant-visit", "name": MAP})
    assert "Dinner with friends is ready" in made.text
    slugs = {row["slug"] for row in rows(dinner, "SELECT slug FROM maps")}
    assert slugs == {"dinner-with-friends", "dinner-with-friends-2"}


async def test_a_message_that_is_on_a_hidden_map_is_new_to_others(dinner: World) -> None:
    await made_private(dinner)
    message = (await dinner.slack.say("cleo", "lunch", "Dessert never came")).posted
    assert message
    form = (await dinner.slack.shortcut("ben", message, "add_to_map")).view
    assert form
    assert "P-2 on Pay" in (await dinner.slack.submit("ben", form, {"stage": "Pay"})).text
    known = await dinner.slack.shortcut("ben", message, "add_to_map")
    await dinner.until(lambda: known.ephemeral)
    assert "This message is on the map already: P-2 on Pay." in known.text
    new = await dinner.slack.shortcut("dora", message, "add_to_map")
    await dinner.until(lambda: new.ephemeral or new.view)
    assert "P-2" not in new.text
    assert "already" not in new.text


async def test_nobody_gets_something_on_a_map_that_is_hidden_from_them(dinner: World) -> None:
    await dinner.slack.command("gil", "lunch", "/journey")
    await made_private(dinner)
    form = (await dinner.slack.command("ben", "product", "/idea")).view
    assert form
    refused = await dinner.slack.submit(
        "ben", form, {"stage": "Pay", "text": "a second terminal", "owner": "U0GIL"}
    )
    assert "gil does not see this map, as it is private." in str(refused.errors)


async def test_the_clock_asks_and_tells_nobody_who_does_not_see_the_map(world: World) -> None:
    only_in_product(world, "ada", "ben")
    await at_ten(world)
    await world.start_map()
    for user, words in (("ben", "the card is declined"), ("cleo", "no change is given")):
        await world.log(f"pay: {words} !abandon", user=user)
    rows(world, "UPDATE people SET zone = 'UTC'")
    rows(world, "UPDATE maps SET look_at = NULL")
    card = next(one for one in world.messages() if "no change" in plain(one))
    await made_private(world, "ada", people=("U0BEN",))
    await press(world, "ada", card, "more", option="Mark as fixed")
    await later(world, minutes=11)
    await later(world, days=30)
    assert len(questions(world, "ben")) == 1, "a member is asked"
    assert not [message for message in told(world, "cleo") if "Pay" in plain(message)]
    await later(world, days=5)
    assert len(questions(world, "ada")) == 1, "the next is the map's owner"
    assert not [message for message in told(world, "cleo") if "Pay" in plain(message)]


async def test_who_hands_a_private_map_over_goes_on_seeing_it(dinner: World) -> None:
    await made_private(dinner)
    form = (await dinner.slack.command("ben", "product", "/journey", "edit")).view
    assert form
    await dinner.slack.leave("product", "ben")
    await dinner.slack.submit("ben", form, {"owner": "U0CLEO"})
    assert await sees(dinner, "ben")
    assert await sees(dinner, "cleo")


async def test_on_an_archived_map_votes_do_not_count_and_say_so(dinner: World) -> None:
    (card,) = [one for one in dinner.messages() if "card declined" in plain(one)]
    asked = (await dinner.slack.command("ben", "product", "/journey", "archive")).ephemeral
    assert asked
    await press(dinner, "ben", asked, "Archive it")
    said = await press(dinner, "cleo", card, "Vote")
    assert "Dinner with friends is archived, so nothing changed." in said.text
    await dinner.slack.react("cleo", card, "+1")
    assert rows(dinner, "SELECT votes FROM items") == [{"votes": 0}]
    assert count(dinner, "votes") == 0
