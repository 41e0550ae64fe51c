"""What becomes of a workspace: channels, people and the app itself come, change and go."""

from datetime import timedelta
from typing import Any

from bot.playground.reading import plain
from bot.playground.things import Message
from scheduler.jobs import prune
from storage.database import new_id
from tests.load import at_rest, beside, later, one, rows, states, told
from tests.peek import press
from tests.world import World

POST = "chat.postMessage"


def url(world: World) -> str:
    return world.keeper.settings.database_url


def whispers(world: World, user: str = "ada") -> list[str]:
    return [plain(message) for message in world.slack.direct(user).messages]


def hints(world: World, user: str, channel: str = "product") -> list[Message]:
    """What one person alone was shown in a channel."""
    return [message for message in world.slack.seen_by(user, channel) if message.only_for]


def digests_rest(world: World) -> bool:
    return bool(one(url(world), "SELECT paused_at IS NOT NULL FROM schedules"))


# --- channels ------------------------------------------------------------------------------------------------


async def test_a_renamed_channel_is_called_by_its_new_name(each_world: World) -> None:
    world = each_world
    await world.start_map()
    await world.slack.rename_channel("product", "produkt")
    await world.slack.archive("produkt", "ben")
    await world.until(lambda: whispers(world))
    assert "#produkt is archived, so its digest rests." in whispers(world)[-1]


async def test_an_archived_channel_rests_without_a_call_and_goes_on_when_it_is_back(
    each_world: World,
) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined")
    await world.slack.archive("product", "ben")
    await world.until(lambda: whispers(world))
    assert "**" not in whispers(world)[0]
    assert "Everything on the map is safe" in whispers(world)[0]
    assert digests_rest(world)
    calls = len(world.slack.calls)
    reply = await world.slack.click("ben", card, "Vote")
    assert reply.ok
    world.clock.skip(weeks=1)
    assert await world.keeper.tick() == 0
    later(world, seconds=2)
    await at_rest(world)
    made = [call.method for call in world.slack.calls[calls:] if call.method != "users.info"]
    assert set(made) <= {"response_url"}, "nothing is sent to a channel that is archived"

    await world.slack.unarchive("product", "ben")
    assert not digests_rest(world)
    later(world, seconds=2)
    await world.until(lambda: "▲ 1" in plain(card))
    assert await world.keeper.tick() == 1
    await world.until(lambda: "1 new" in plain(world.messages()[-1]))
    assert len(whispers(world)) == 1, "the owner was told once"


async def test_a_bot_sent_out_of_a_channel_says_so_once_and_is_back_when_invited(world: World) -> None:
    await world.start_map()
    for _ in range(2):
        await world.slack.remove_bot("product", "ben")
        world.slack.channel("product").members.add(world.slack.bot.id)  # so that it is told once more
    world.slack.channel("product").members.discard(world.slack.bot.id)
    await world.until(lambda: whispers(world))
    await at_rest(world)
    assert len(whispers(world)) == 1
    assert "I'm not a member of #product any more, so its digest rests." in whispers(world)[0]
    assert digests_rest(world)
    await world.slack.invite("product", world.slack.bot, "ben")
    assert not digests_rest(world)
    assert not hints(world, "ben")
    await world.log("pay: card declined")


async def test_a_deleted_channel_leaves_its_map_safe(world: World) -> None:
    await world.start_map()
    await world.slack.delete_channel("product")
    await world.until(lambda: whispers(world))
    assert "#product is gone or closed to me" in whispers(world)[0]
    reply = await world.slack.command("ada", "random", "/journey", "use dinner")
    assert "This channel now shows Dinner with friends." in reply.text
    await world.log("pay: card declined", channel="random")


async def test_what_happens_to_channels_without_a_map_is_nobodys_business(world: World) -> None:
    await world.start_map()
    before = rows(url(world), "SELECT name, gone_why FROM places")
    for reply in (
        await world.slack.rename_channel("general", "all"),
        await world.slack.archive("all", "ben"),
        await world.slack.event("channel_deleted", channel="C0NOWHERE"),
        await world.slack.event("channel_archive", channel={"id": 7}),
        await world.slack.event("channel_rename", channel="C0PRODUCT"),
    ):
        assert reply.status == 200
    assert rows(url(world), "SELECT name, gone_why FROM places") == before


# --- newcomers -----------------------------------------------------------------------------------------------


async def test_who_comes_into_a_channel_with_a_map_is_welcomed_once_and_alone(each_world: World) -> None:
    world = each_world
    await world.start_map()
    world.slack.add_person("dan")
    for _ in range(2):
        assert (await world.slack.invite("product", "dan", "ada")).ok
        await world.slack.invite("general", "dan", "ada")
        later(world, seconds=30)
        await world.until(lambda: hints(world, "dan"))
        await at_rest(world)
    (welcome,) = hints(world, "dan")
    assert "Welcome to #product, where Dinner with friends lives" in plain(welcome)
    assert "/pain discover: what hurts" in plain(welcome)
    assert not hints(world, "dan", "general"), "it shows no map"
    assert not hints(world, "ben")
    assert not whispers(world, "dan")


async def test_a_crowd_is_not_welcomed(world: World) -> None:
    await world.start_map()
    crowd = [world.slack.add_person(f"new{number}") for number in range(8)]
    for person in crowd:
        await world.slack.invite("product", person, "ada")
    later(world, seconds=30)
    await at_rest(world)
    assert not world.slack.calls_to("chat.postEphemeral")
    world.clock.skip(minutes=5)
    await world.slack.invite("product", world.slack.add_person("late"), "ada")
    later(world, seconds=30)
    await world.until(lambda: hints(world, "late"))
    assert len(world.slack.calls_to("chat.postEphemeral")) == 1


async def test_a_welcome_that_cannot_be_shown_bothers_nobody(world: World) -> None:
    await world.start_map()
    world.slack.faults.add("chat.postEphemeral", "error", error="user_not_found")
    await world.slack.invite("product", world.slack.add_person("dan"), "ada")
    later(world, seconds=30)
    await at_rest(world)
    assert world.slack.calls_to("chat.postEphemeral")
    assert states(world) == {}
    assert one(url(world), "SELECT gone_why FROM places") is None


# --- people --------------------------------------------------------------------------------------------------


async def test_a_person_is_called_by_their_new_name(each_world: World) -> None:
    world = each_world
    await world.start_map()
    await world.slack.change_person("ada", display="Ada Stern", tz="Asia/Tokyo")
    await world.slack.change_person("cleo", display="Cleo Ray")  # nobody knows her here
    assert rows(url(world), "SELECT name, zone FROM people") == [("Ada Stern", "Asia/Tokyo")]
    card = await world.log("pay: card declined")
    assert "from Ada Stern" in plain(card)


async def test_what_somebody_who_left_looked_after_is_shown_to_the_maps_owner(each_world: World) -> None:
    world = each_world
    await world.start_map()
    await world.log("pay: card declined !abandon", user="ben")
    ben = one(url(world), "SELECT id FROM people WHERE name = 'ben'")
    told(url(world), f"UPDATE items SET owner_id = '{ben}'")
    told(url(world), f"UPDATE stages SET owner_id = '{ben}' WHERE slug = 'pay'")
    for _ in range(2):
        await world.slack.change_person("ben", deleted=True)
    await world.until(lambda: whispers(world))
    await at_rest(world)
    (sentence,) = whispers(world)
    assert "ben has left the workspace. On Dinner with friends this was theirs." in sentence
    assert "the stage Pay" in sentence
    assert "🔴 P-1 Pay · card declined" in sentence
    assert "Show one…" in sentence
    await world.slack.change_person("ben", deleted=False)
    assert one(url(world), f"SELECT gone_at FROM people WHERE id = '{ben}'") is None


async def test_who_left_is_whispered_nothing_and_an_admin_hears_of_their_map(world: World) -> None:
    await world.start_map(user="ben")
    await world.slack.command("ada", "product", "/journey", "")
    await world.slack.change_person("ben", deleted=True)
    await world.until(lambda: whispers(world))
    assert "the map Dinner with friends itself" in whispers(world)[-1]
    await world.slack.archive("product", "ada")
    await at_rest(world)
    assert not whispers(world, "ben")
    assert states(world) == {}


# --- the app itself ------------------------------------------------------------------------------------------


async def test_after_the_app_is_taken_away_nothing_is_sent_until_it_is_back(each_world: World) -> None:
    world = each_world
    await world.start_map()
    card = await world.log("pay: card declined")
    assert all(reply.status == 200 for reply in await world.slack.uninstall())
    calls = len(world.slack.calls)
    await world.slack.react("ben", card, "+1")
    for _ in range(3):
        world.clock.skip(weeks=1)
        await world.keeper.tick()
    world.keeper.sender.wake()
    await at_rest(world)
    assert [call for call in world.slack.calls[calls:] if call.method != "users.info"] == []
    assert one(url(world), "SELECT stopped_why FROM workspaces") == "app_uninstalled"
    assert ("digest",) not in rows(url(world), "SELECT kind FROM deliveries"), "no digest waits"

    await world.keeper.sender.stop()
    world.slack.credentials.revoked = False
    async with beside(world.slack, url(world), world.clock, ticking=False) as back:
        await back.until(lambda: "▲ 1" in plain(card))
        back.clock.skip(weeks=1)
        await back.keeper.tick()
        await back.until(lambda: "1 new" in plain(back.messages()[-1]))
        await at_rest(back)
        assert sum("1 new" in plain(message) for message in back.messages()) == 1, (
            "one digest, not one a week"
        )


async def test_a_persons_own_token_that_is_revoked_is_no_end(world: World) -> None:
    await world.start_map()
    await world.slack.event("tokens_revoked", tokens={"oauth": ["U0BEN"], "bot": []})
    await world.log("pay: card declined")


# --- votes after a silence -----------------------------------------------------------------------------------


async def silent(world: World, deed: Any) -> None:
    """We were down for longer than Slack repeats itself, and something happened meanwhile."""
    world.slack.point_at("")
    await deed()
    await world.keeper.listen()
    told(url(world), "UPDATE workspaces SET heard_at = '2020-01-01 00:00:00.000000'")
    world.slack.point_at(f"{world.url}/slack/events")
    assert await world.keeper.listen() == 1


async def recounted(world: World, calls: int) -> None:
    """Every message was asked for."""
    while len(world.slack.calls_to("reactions.get")) < calls or "waiting" in states(world):
        later(world, seconds=2)
        await at_rest(world)


async def test_votes_that_nobody_told_us_of_are_counted_after_a_silence(each_world: World) -> None:
    world, slack = each_world, each_world.slack
    await world.start_map()
    first = await world.log("pay: card declined")
    second = await world.log("pay: no change")
    await slack.react("ben", first, "+1")
    await slack.click("cleo", first, "Vote")
    await world.until(lambda: "▲ 2" in plain(first))

    async def meanwhile() -> None:
        await slack.unreact("ben", first, "+1")
        await slack.react("gil", first, "heart::skin-tone-3")
        await slack.react("ada", second, "fire")
        await slack.react("ben", second, "eyes")

    await silent(world, meanwhile)
    await recounted(world, 2)
    assert rows(url(world), "SELECT number, votes FROM items ORDER BY number") == [(1, 2), (2, 1)]
    voters = "SELECT people.name, by_button FROM votes JOIN people ON people.id = person_id WHERE active ORDER BY 1"
    assert [(name, bool(button)) for name, button in rows(url(world), voters)] == [
        ("ada", False),
        ("cleo", True),
        ("gil", False),
    ]
    await world.until(lambda: "▲ 1" in plain(second))
    assert await world.keeper.listen() == 0, "once is enough"


async def test_where_slack_names_only_some_people_nothing_is_taken_away(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined")
    for who in ("ben", "cleo", "ada"):
        await world.slack.react(who, card, "+1")
    await world.until(lambda: "▲ 3" in plain(card))
    world.slack.world.reactors_shown = 1

    async def meanwhile() -> None:
        await world.slack.unreact("cleo", card, "+1")

    await silent(world, meanwhile)
    await recounted(world, 1)
    assert rows(url(world), "SELECT votes FROM items") == [(3,)]


async def test_a_vote_taken_back_by_the_button_stays_taken_back(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined")
    await world.slack.react("ben", card, "+1")
    voted = await world.slack.click("ben", card, "Vote")
    await world.until(lambda: voted.ephemeral is not None)
    assert voted.ephemeral is not None
    await world.slack.click("ben", voted.ephemeral, "Take back")

    async def meanwhile() -> None:
        return None

    await silent(world, meanwhile)
    await recounted(world, 1)
    assert rows(url(world), "SELECT votes FROM items") == [(0,)]


async def test_on_a_map_that_was_put_away_nothing_is_counted_anew(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined")
    shown = await world.slack.command("ada", "product", "/journey", "map")
    assert shown.ephemeral
    asked = await press(world, "ada", shown.ephemeral, "more", option="Archive…")
    assert asked.ephemeral
    assert "is archived" in (await press(world, "ada", asked.ephemeral, "Archive it")).text

    async def meanwhile() -> None:
        await world.slack.react("ben", card, "+1")

    await silent(world, meanwhile)
    later(world, seconds=2)
    await at_rest(world)
    assert not world.slack.calls_to("reactions.get")
    assert rows(url(world), "SELECT votes FROM items") == [(0,)]


async def test_messages_that_are_gone_and_limits_stop_no_recount(world: World) -> None:
    await world.start_map()
    cards = [await world.log(f"pay: it hurts {number}") for number in range(3)]

    async def meanwhile() -> None:
        await world.slack.react("ben", cards[0], "+1")
        world.slack.world.remove(cards[1])

    world.slack.faults.add("reactions.get", "rate_limited", retry_after=1)
    await silent(world, meanwhile)
    await recounted(world, 4)
    assert rows(url(world), "SELECT number, votes FROM items ORDER BY number") == [(1, 1), (2, 0), (3, 0)]


async def test_a_short_silence_and_old_items_are_not_recounted(world: World) -> None:
    world.keeper.ticks.stop()  # this test alone says when
    await world.start_map()
    await world.log("pay: card declined")
    assert await world.keeper.listen() == 0
    await at_rest(world)  # the card's post is written down by now, and so is when it was
    world.clock.skip(days=31)

    async def meanwhile() -> None:
        return None

    await silent(world, meanwhile)
    later(world, seconds=2)
    await at_rest(world)
    assert not world.slack.calls_to("reactions.get")
    assert timedelta(days=30) < world.clock.skipped


# --- what has had its time -----------------------------------------------------------------------------------


async def test_what_has_had_its_time_is_forgotten_and_what_counts_is_kept(each_world: World) -> None:
    world, slack = each_world, each_world.slack
    await world.start_map()
    card = await world.log("pay: card declined")
    await slack.react("ben", card, "+1")
    chat = await slack.say("ben", "product", "hello")
    assert chat.posted is not None
    await slack.react("cleo", chat.posted, "+1")
    await slack.command("ada", "product", "/pain", "chekcuot: kept as a draft")
    await slack.command("ada", "product", "/journey", "link")
    slack.faults.add(POST, "error", error="msg_too_long", channel="C0PRODUCT")
    await slack.command("ada", "product", "/pain", "pay: cannot be posted")
    await world.until(lambda: whispers(world))
    later(world, seconds=2)  # a redraw waits a moment
    await at_rest(world)
    tables = ("seen", "drafts", "marks", "link_codes", "deliveries")

    def kept() -> list[int]:
        return [int(one(url(world), f"SELECT count(*) FROM {table}")) for table in tables]

    async def pruned(**later: float) -> list[int]:
        await prune(world.keeper.database, world.clock() + timedelta(**later), new_id)
        return kept()

    seen = kept()
    assert all(seen), "there is something of each"
    assert await pruned(hours=23) == seen
    assert await pruned(hours=25) == [0, 0, 1, 0, 1], "the vote's mark is kept, and what could not be sent"
    assert await pruned(days=31) == [0, 0, 1, 0, 0]
    assert rows(url(world), "SELECT votes FROM items WHERE number = 1") == [(1,)]


# --- messages that items were made from ----------------------------------------------------------------------


async def test_an_item_stays_when_the_message_it_was_made_from_is_deleted(each_world: World) -> None:
    world, slack = each_world, each_world.slack
    await world.start_map()
    said = (await slack.say("cleo", "product", "the terminal freezes when it rains")).posted
    assert said is not None
    form = (await slack.shortcut("ben", said, "add_to_map")).view
    assert form is not None
    pay = one(url(world), "SELECT id FROM stages WHERE slug = 'pay'")
    await slack.submit("ben", form, {"stage": pay})
    page = f"p{said.ts.replace('.', '')}"
    await world.until(lambda: page in plain(world.messages()[-1]))
    card = world.messages()[-1]
    for ts in ("1.000001", said.ts):
        deleted = {"channel": said.channel, "channel_type": "channel", "hidden": True, "deleted_ts": ts}
        assert (await slack.event("message", subtype="message_deleted", **deleted)).status == 200
    await world.until(lambda: "the message was deleted: " in plain(card))
    assert "the terminal freezes when it rains" in plain(card)
    assert rows(url(world), "SELECT actor_id FROM changes WHERE what = 'source gone'") == [(None,)]
