"""From the queue to the chat, while the chat limits, fails, refuses, hangs up or is gone."""

import asyncio
import re
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.app import real_now
from bot.playground.reading import plain
from bot.playground.slack import SlackStandIn
from bot.playground.things import Message, View
from bot.playground.web_api import Call
from handlers.answers import Done
from handlers.effects import REDRAW_AFTER, redraw
from handlers.request import Actor, Profile, Request, Spot
from storage import deliveries
from storage.database import connection_to, new_id
from storage.paces import CARDS
from storage.store import Store
from tests.load import (
    at_most,
    at_rest,
    beside,
    cards,
    events_of,
    eventually,
    gone,
    later,
    logged,
    one,
    people,
    reaction,
    replicas,
    rows,
    said,
    states,
    told,
    typed_command,
    until,
)
from tests.world import World, running

POST, UPDATE = "chat.postMessage", "chat.update"
PAIN = "/pain"
PAST, FAR = "2020-01-01 00:00:00.000000", "2999-01-01 00:00:00.000000"


def url(world: World) -> str:
    return world.keeper.settings.database_url


async def log_all(world: World, count: int, channel: str = "product", who: str = "ada") -> list[str]:
    """So many items, logged at once; their numbers in order."""
    typed = (world.slack.command(who, channel, PAIN, f"pay: it hurts {number}") for number in range(count))
    refs = [logged(reply) or "" for reply in await at_most(16, typed)]
    assert all(refs)
    return sorted(refs, key=lambda ref: int(ref[2:]))


def made(world: World, method: str, channel: str = "C0PRODUCT") -> list[Call]:
    return [call for call in world.slack.calls_to(method) if call.args.get("channel") == channel]


def whispers(world: World, user: str = "ada") -> list[Message]:
    return list(world.slack.direct(user).messages)


async def until_cards(world: World, refs: list[str], channel: str = "product", within: float = 120.0) -> None:
    """Until each of them has its one card."""
    await world.until(lambda: set(refs) <= set(cards(world.messages(channel))), within)
    assert set(cards(world.messages(channel)).values()) == {1}


def find_ref(message: Message) -> str:
    """The item that a private message speaks of."""
    found = re.search(r"[PIQG]-\d+", plain(message))
    assert found, plain(message)
    return found.group()


async def new_map(world: World, channel: str) -> View:
    """The form of a new map, opened in that channel."""
    form = (await world.slack.command("ada", channel, "/journey", "new")).view
    assert form is not None
    return form


async def start_map_elsewhere(world: World, team: str, user: str, channel: str) -> None:
    """A map in another workspace, whose forms this Slack does not know."""
    answer = await world.keeper.dispatch(
        Request(
            actor=Actor("slack", team, user),
            spot=Spot(channel, channel, private=False),
            action="map.make",
            key=f"f:{team}",
            surface="form",
            values={"template": "restaurant-visit", "name": team},
            about={"version": "1"},
            profile=Profile(user),
        )
    )
    assert isinstance(answer, Done)
    await world.until(lambda: made(world, POST, channel))


@contextmanager
def held(world: World, method: str, channel: str = "") -> Iterator[list[str]]:
    """While it lasts Slack does not answer that method (in that channel); the channels that wait."""
    chat: Any = world.keeper.chats["slack"]
    genuine, over = getattr(chat, method), asyncio.Event()
    waiting: list[str] = []

    async def slow(workspace: str, where: str, *arguments: Any) -> Any:
        if channel in ("", where):
            waiting.append(where)
            await over.wait()
        return await genuine(workspace, where, *arguments)

    setattr(chat, method, slow)
    try:
        yield waiting
    finally:
        over.set()
        setattr(chat, method, genuine)


async def queue(world: World, **values: Any) -> None:
    """Something to be sent that no handler would queue."""
    organisation, workspace = rows(url(world), "SELECT organisation_id, id FROM workspaces")[0]
    known = {"id": new_id(), "workspace_id": workspace, "not_before": world.clock()}
    await world.keeper.database.write(
        lambda connection: Store(connection, organisation).deliveries.queue(**known | values)
    )


# --- too much, too slow --------------------------------------------------------------------------------------


async def test_nothing_of_a_limited_method_is_called_before_its_time(world: World) -> None:
    await world.start_map()
    first = await world.log("pay: the first")
    world.slack.faults.add(POST, "rate_limited", retry_after=2)
    refs = await log_all(world, 12)
    await world.slack.react("ben", first, "+1")
    await until_cards(world, refs)
    limited = next(call for call in world.slack.calls_to(POST) if call.outcome == "ratelimited")
    inside = [call for call in world.slack.calls_to(POST) if 0 < call.at - limited.at < 2]
    assert not inside
    update = made(world, UPDATE)[0]
    assert 0 < update.at - limited.at < 2, "another method goes on"
    assert [ref for ref in cards(world.messages()) if ref != "P-1"] == refs, "in their order"


async def test_a_limited_join_does_not_silence_the_posts_of_others(world: World) -> None:
    await world.start_map()
    world.slack.faults.add("conversations.join", "rate_limited", retry_after=30)
    await world.slack.command("ada", "random", "/journey", "use")
    await until(world, "SELECT method FROM pauses", [("join",)])
    (ref,) = await log_all(world, 1)
    await until_cards(world, [ref])


async def test_a_slow_redraw_keeps_no_card_waiting(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: the first")
    with held(world, "update") as waiting:
        await world.slack.react("ben", card, "+1")
        await eventually(lambda: waiting)
        refs = await log_all(world, 3)
        await until_cards(world, refs)
        assert "▲ 0" in plain(card)
    await world.until(lambda: "▲ 1" in plain(card))


async def test_a_slow_channel_keeps_no_other_waiting(world: World) -> None:
    await world.start_map()
    await world.slack.command("ada", "general", "/journey", "use")
    await world.until(lambda: world.messages("general"))
    with held(world, "post", "C0PRODUCT") as waiting:
        refs = await log_all(world, 5)
        await until_cards(world, refs, "general")
        assert len(waiting) == 1, "a channel has one at a time"
        assert not cards(world.messages())
    await until_cards(world, refs)
    assert list(cards(world.messages())) == refs


@pytest.mark.parametrize("count", [30, pytest.param(300, marks=pytest.mark.soak)])
async def test_cards_come_in_the_order_of_their_numbers(world: World, count: int) -> None:
    await world.start_map()
    refs = await log_all(world, count)
    await until_cards(world, refs)
    assert list(cards(world.messages())) == refs


async def test_a_paced_channel_gets_its_cards_in_order_and_without_a_limit(sqlite_url: str) -> None:
    async with running(sqlite_url, paced=True) as world:
        await world.start_map()
        world.slack.faults.limit(POST, calls=6, seconds=1.0)
        refs = await log_all(world, 7)
        await until_cards(world, refs)
        assert list(cards(world.messages())) == refs
        assert not [call for call in world.slack.calls_to(POST) if call.outcome == "ratelimited"]


async def test_a_burst_has_its_turns_when_it_is_queued_whichever_replica_took_it(postgresql_url: str) -> None:
    async with replicas(postgresql_url, 2, paced=True) as worlds:
        first, slack = worlds[0], worlds[0].slack
        await first.start_map()
        typed = (
            slack.send(typed_command(slack, f"pay: it hurts {number}"), events_of(worlds[number % 2]))
            for number in range(12)
        )
        assert all(logged(reply) for reply in await at_most(4, typed))
        turns = [
            at
            for (at,) in rows(
                postgresql_url,
                "SELECT d.not_before FROM deliveries d JOIN items i ON i.id = d.subject_id"
                " WHERE d.kind = 'card' ORDER BY i.number",
            )
        ]
        waits = [later - sooner for sooner, later in pairwise(turns[-(12 - int(CARDS.burst)) :])]
        assert waits == [timedelta(seconds=1 / CARDS.rate)] * 7


async def test_who_sleeps_until_a_busy_channels_turn_is_woken_for_another_channel(sqlite_url: str) -> None:
    async with running(sqlite_url, paced=True) as world:
        await world.start_map()
        await log_all(world, 12)
        await world.until(lambda: len(cards(world.messages())) >= CARDS.burst)
        await world.start_map("Lunch with friends", "general")
        await until_cards(world, await log_all(world, 1, "general"), "general", within=3)
        assert len(cards(world.messages())) < 12, "the busy one is not done by then"


# --- failures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [502, 503])
async def test_a_card_that_slack_failed_to_take_is_there_once_in_the_end(world: World, status: int) -> None:
    await world.start_map()
    world.slack.faults.add(POST, "server_error", status=status, times=2, channel="C0PRODUCT")
    (ref,) = await log_all(world, 1)
    if status == 503:  # Slack says that it did nothing: it is safe to try again
        await eventually(lambda: made(world, POST), lambda calls: len(calls) == 2)
        later(world, seconds=2)
        await eventually(lambda: made(world, POST), lambda calls: len(calls) == 3)
        later(world, seconds=6)
        await until_cards(world, [ref])
    else:  # it may have: its author is asked
        await world.until(lambda: whispers(world))
        assert "[Post again]" in plain(whispers(world)[-1])
        assert not cards(world.messages())


async def test_while_slack_is_down_nothing_is_given_up(world: World) -> None:
    await world.start_map()
    port = int(world.slack.world.base_url.rpartition(":")[2])
    await world.slack.stop()
    refs = await log_all(world, 3)
    for _ in range(10):  # fifty minutes, far more than a poison message is granted
        await at_rest(world)
        later(world, minutes=5)
    assert states(world) == {"waiting": 3}
    await world.slack.start(port)
    later(world, minutes=5)
    await until_cards(world, refs)


@pytest.mark.parametrize("count", [25, pytest.param(500, marks=pytest.mark.soak)])
async def test_a_card_whose_answer_was_lost_is_there_at_most_once(world: World, count: int) -> None:
    await world.start_map()
    lost = world.slack.faults.add(POST, "drop_after", times=None, channel="C0PRODUCT")
    refs = await log_all(world, count)
    await world.until(lambda: len(whispers(world)) == count, 60)
    assert cards(world.messages()) == dict.fromkeys(refs, 1), "Slack has it, and nobody told us"
    assert {find_ref(message) for message in whispers(world)} == set(refs), "the author of each is asked"
    await at_rest(world)
    assert states(world) == {"unknown": count}

    lost.times = lost.hits
    asked = whispers(world)[0]
    again = find_ref(asked)
    await asyncio.gather(*(world.slack.click("ada", asked, "Post again") for _ in range(3)))
    await world.until(lambda: cards(world.messages())[again] == 2)
    await at_rest(world)
    assert cards(world.messages()) == {**dict.fromkeys(refs, 1), again: 2}, "exactly one more"
    card = world.messages()[-1]
    await world.slack.react("ben", card, "+1")
    await world.until(lambda: "▲ 1" in plain(card))


async def test_a_lost_digest_tells_the_owner_and_is_not_repeated(world: World) -> None:
    await world.start_map()
    await world.log("pay: card declined twice")
    world.slack.faults.add(POST, "drop_after", channel="C0PRODUCT")
    world.clock.skip(weeks=1)
    assert await world.keeper.tick() == 1
    await world.until(lambda: whispers(world))
    assert "The digest for #product may not have arrived" in plain(whispers(world)[-1])
    later(world, hours=1)
    await world.keeper.sender.reclaim()
    await at_rest(world)
    assert sum("1 new" in plain(message) for message in world.messages()) == 1


@pytest.mark.parametrize("join", ["drop_after", "server_error"])
async def test_a_join_whose_answer_was_lost_is_no_lost_card(world: World, join: str) -> None:
    await world.start_map()
    world.slack.channel("product").members.discard(world.slack.bot.id)
    world.slack.faults.add("conversations.join", join, times=1)
    (ref,) = await log_all(world, 1)
    await eventually(lambda: world.slack.calls_to("conversations.join"), lambda calls: len(calls) == 2)
    later(world, seconds=2)
    await until_cards(world, [ref])
    assert not whispers(world)


async def test_an_answer_that_is_no_json_is_no_reason_to_post_twice(world: World) -> None:
    """A proxy's page in place of Slack's answer: the message may be there."""
    await world.start_map()
    chat: Any = world.keeper.chats["slack"]
    genuine = chat.client.api_call

    async def unreadable(*args: Any, **given: Any) -> Any:
        await genuine(*args, **given)
        raise AttributeError("'str' object has no attribute 'get'")  # what the SDK does with text/plain

    chat.client.api_call = unreadable
    (ref,) = await log_all(world, 1)
    await eventually(lambda: states(world), lambda found: "unknown" in found)
    chat.client.api_call = genuine
    later(world, hours=1)
    await world.until(lambda: "unknown" in states(world) and cards(world.messages())[ref] == 1)


@pytest.mark.parametrize("others", [30, pytest.param(999, marks=pytest.mark.soak)])
async def test_a_poison_message_is_set_aside_and_stops_nobody(world: World, others: int) -> None:
    await world.start_map()
    place = one(url(world), "SELECT id FROM places")
    poison = {"kind": "message", "method": "post", "key": "poison", "payload": "no card", "place_id": place}
    await queue(world, priority=1, **poison)
    refs = await log_all(world, others)
    await until_cards(world, refs)
    for _ in range(5):
        await at_rest(world)
        later(world, minutes=5)
    await until(world, "SELECT attempts, state FROM deliveries", [(5, "dead")])


# --- refusals ------------------------------------------------------------------------------------------------


async def test_a_revoked_token_is_used_once_more_and_a_new_one_goes_on(world: World) -> None:
    await world.start_map()
    world.slack.faults.add(POST, "slow", seconds=0.3)
    refs = await log_all(world, 10)
    await eventually(lambda: made(world, POST), lambda calls: len(calls) >= 2)
    world.slack.revoke_token()
    await until(world, "SELECT count(*) FROM workspaces WHERE stopped_why = 'token_revoked'", [(1,)])
    later(world, minutes=5)
    await world.keeper.tick()
    await at_rest(world)
    refused = [call for call in world.slack.calls if call.outcome == "token_revoked"]
    assert len(refused) == 1
    assert states(world) == {"waiting": 10 - len(cards(world.messages()))}

    await gone(world)
    world.slack.credentials.revoked = False
    async with beside(world.slack, url(world), world.clock):
        await until_cards(world, refs)


async def test_a_pause_and_a_stop_hold_only_their_own_workspace(world: World) -> None:
    await world.start_map()
    world.slack.add_channel("beta", "C0BETA")
    async with SlackStandIn("T0BETA", "beta") as beta:
        # Two workspaces that are one Slack to us: what is posted for either lands in the first.
        beta.add_channel("beta", "C0BETA")
        beta.point_at(f"{world.url}/slack/events", world.slack.signing_secret)
        await start_map_elsewhere(world, "T0BETA", "U0ADA", "C0BETA")
        card = await world.log("pay: before the pause")
        world.slack.faults.add(POST, "rate_limited", retry_after=30, channel="C0PRODUCT")
        await log_all(world, 3)
        await until(world, "SELECT count(*) FROM pauses", [(1,)])
        replies = [await beta.command("ada", "beta", PAIN, f"pay: elsewhere {n}") for n in range(3)]
        await until_cards(world, [logged(reply) or "" for reply in replies], "beta")
        assert cards(world.messages()) == {"P-1": 1}

        world.slack.faults.add(UPDATE, "error", error="account_inactive", channel="C0PRODUCT")
        await world.slack.react("ben", card, "+1")
        await until(world, "SELECT external_id FROM workspaces WHERE stopped_at IS NOT NULL", [("T0ACME",)])
        reply = await beta.command("ada", "beta", PAIN, "pay: they go on")
        await until_cards(world, [logged(reply) or ""], "beta")


async def test_an_archived_channel_is_called_once_its_owner_told_once_and_it_resumes(world: World) -> None:
    await world.start_map()
    told(world.keeper.settings.database_url, "UPDATE maps SET look_at = NULL")  # no question comes between
    await world.log("pay: before", user="ben")
    world.slack.channel("product").archived = True
    before = len(made(world, POST))
    for _ in range(3):
        world.clock.skip(weeks=1)
        await world.keeper.tick()
        await at_rest(world)
    assert len(made(world, POST)) - before == 1, "one call, no retries"
    assert [plain(message) for message in whispers(world)] == [
        "#product is archived, so its digest rests. Everything on the map is safe; the digest comes again when the "
        "channel is back, and /journey use shows the map in another one."
    ]

    world.slack.channel("product").archived = False
    (ref,) = await log_all(world, 1)
    await until_cards(world, [ref])
    await at_rest(world)
    assert await world.keeper.tick() == 1, "it catches up"
    await world.until(lambda: "Dinner with friends, " in plain(world.messages()[-1]))
    assert len(whispers(world)) == 1


async def test_a_channel_archived_with_cards_on_their_way_is_called_once(world: World) -> None:
    await world.start_map()
    await world.log("pay: first", user="ben")
    before = len(made(world, POST))
    world.slack.faults.add(POST, "slow", seconds=0.3)
    first = asyncio.ensure_future(log_all(world, 8, who="ben"))
    await eventually(lambda: made(world, POST), lambda calls: len(calls) > before)
    world.slack.channel("product").archived = True
    await first
    await at_rest(world)
    refused = [call for call in made(world, POST) if call.outcome == "is_archived"]
    assert len(refused) == 1
    assert states(world).keys() == {"dead"}
    assert len(whispers(world)) == 1, "the owner of the digest"
    assert "I can't post in #product: the channel is archived" in plain(whispers(world, "ben")[-1])


async def test_who_logs_in_a_private_channel_without_us_is_told_what_to_do(world: World) -> None:
    slack, leads = world.slack, world.slack.channel("leads")
    await slack.submit(
        "ada", await new_map(world, "leads"), {"template": "restaurant-visit", "name": "Leads"}
    )
    reply = await slack.command("ben", "leads", PAIN, "pay: nobody hears us")
    ref = logged(reply)
    await world.until(lambda: whispers(world, "ben"))
    await at_rest(world)
    asked = whispers(world, "ben")[-1]
    assert f"{ref} is on the map, but I can't post in #" in plain(asked)
    assert "Invite me with /invite @Mapkeeper, then post it again." in plain(asked)
    assert not leads.messages

    leads.members.add(slack.bot.id)
    await slack.click("ben", asked, "Post again")
    await world.until(lambda: cards(leads.messages)[ref or ""] == 1)
    again = await slack.command("ben", "leads", PAIN, "pay: now they do")
    await until_cards(world, [logged(again) or ""], "leads")


async def test_a_channel_that_lets_nothing_change_keeps_no_other_from_being_redrawn(world: World) -> None:
    await world.start_map()
    await world.slack.command("ada", "general", "/journey", "use")
    await world.until(lambda: world.messages("general"))
    (ref,) = await log_all(world, 1)
    await until_cards(world, [ref])
    await until_cards(world, [ref], "general")
    world.slack.channel("product").archived = True
    here = world.messages("general")[-1]
    await world.slack.react("ben", here, "+1")
    await world.until(lambda: "▲ 1" in plain(here))


# --- redraws -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("voters", [50, pytest.param(1000, marks=pytest.mark.soak)])
async def test_a_burst_of_votes_is_a_few_redraws_and_the_last_one_stands(world: World, voters: int) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    began = time.monotonic()
    votes = [world.slack.send(reaction(world.slack, who, card)) for who in people(world.slack, voters)]
    assert {reply.status for reply in await at_most(50, votes)} == {200}
    await world.until(lambda: f"▲ {voters:,} " in plain(card))
    bursts = 2 + (time.monotonic() - began) / REDRAW_AFTER.total_seconds()
    assert 1 <= len(made(world, UPDATE)) <= bursts
    await at_rest(world)
    assert f"▲ {voters:,} " in plain(card)


async def test_the_newest_redraw_wins_whatever_slack_does_to_the_older_ones(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    world.slack.faults.add(UPDATE, "slow", seconds=0.4)
    world.slack.faults.add(UPDATE, "server_error", status=500)
    world.slack.faults.add(UPDATE, "drop_after")
    for who in people(world.slack, 4):
        await world.slack.send(reaction(world.slack, who, card))
        await eventually(lambda: made(world, UPDATE))
        later(world, seconds=1)
    for _ in range(4):
        await at_rest(world)
        later(world, minutes=5)
    await world.until(lambda: "▲ 4" in plain(card))
    await at_rest(world)
    assert "▲ 4" in plain(card)
    assert states(world) == {}


async def test_a_message_deleted_by_hand_is_never_posted_again(world: World) -> None:
    await world.start_map()
    card = await world.log("pay: card declined twice")
    private = (await world.slack.command("ben", "product", "/journey", "show P-1")).ephemeral
    assert private
    world.slack.world.remove(card)
    posts = len(made(world, POST))
    await world.slack.click("ben", private, "Vote")
    await world.until(
        lambda: made(world, UPDATE)[-1:] and made(world, UPDATE)[-1].outcome == "message_not_found"
    )
    await world.slack.click("cleo", private, "Vote", forge={})
    await at_rest(world)
    later(world, minutes=5)
    await at_rest(world)
    assert len(made(world, UPDATE)) == 1, "nobody looks for it a second time"
    assert len(made(world, POST)) == posts
    assert rows(url(world), "SELECT votes FROM items") == [(2,)]


# --- leases --------------------------------------------------------------------------------------------------


async def test_what_a_worker_took_and_left_is_sent_by_another_once_its_lease_is_over(
    each_world: World,
) -> None:
    world = each_world
    await world.start_map()
    await at_rest(world)
    await gone(world)
    refs = await log_all(world, 3)
    told(
        url(world),
        "UPDATE deliveries SET state = 'leased', attempts = 1, leased_until = '2999-01-01 00:00:00.000000'",
    )
    async with beside(world.slack, url(world), world.clock) as second:
        if second.keeper.database.kind == "postgresql":
            await second.keeper.sender.reclaim()
            assert states(second) == {"leased": 3}
            assert not cards(world.messages()), "it may still be at it"
            told(url(world), f"UPDATE deliveries SET leased_until = '{PAST}'")
            await second.keeper.sender.reclaim()
        await until_cards(second, refs)
        assert list(cards(world.messages())) == refs


async def test_what_a_worker_was_sending_when_it_died_is_not_sent_again_and_its_author_asked(
    world: World,
) -> None:
    await world.start_map()
    await at_rest(world)
    await gone(world)
    (ref,) = await log_all(world, 1)
    told(
        url(world),
        "UPDATE deliveries SET state = 'sending', attempts = 1, leased_until = '2020-01-01 00:00:00.000000'",
    )
    async with beside(world.slack, url(world), world.clock) as second:
        await second.keeper.sender.reclaim()
        await world.until(lambda: whispers(world))
        assert not cards(world.messages())
        await second.slack.click("ada", whispers(world)[-1], "Post again")
        await until_cards(second, [ref])


async def test_a_worker_that_slept_through_its_lease_sends_nothing_and_drops_nothing(sqlite_url: str) -> None:
    asleep = timedelta()

    def real() -> Any:
        return real_now() + asleep

    async with running(sqlite_url, real=real) as world:
        await world.start_map()
        world.slack.faults.add(POST, "slow", seconds=0.5, channel="C0PRODUCT")
        refs = await log_all(world, 3)
        await until(world, "SELECT count(*) FROM deliveries WHERE state = 'sending'", [(1,)])
        asleep = timedelta(minutes=5)
        await world.keeper.sender.reclaim()  # another replica's tick: it takes all of them for lost
        await until_cards(world, refs)
        await at_rest(world)
        assert cards(world.messages()) == dict.fromkeys(refs, 1)


# --- more than one of us -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [40, pytest.param(1000, marks=pytest.mark.soak)])
async def test_two_replicas_post_each_card_once_and_in_order(postgresql_url: str, count: int) -> None:
    async with replicas(postgresql_url, 2) as worlds:
        first, slack = worlds[0], worlds[0].slack
        await first.start_map()
        typed = (
            slack.send(typed_command(slack, f"pay: it hurts {number}"), events_of(worlds[number % 2]))
            for number in range(count)
        )
        replies = await at_most(16, typed)
        taken = {ref for reply in replies if (ref := logged(reply))}
        # Where the machine is so busy that a line does not get the map's lock in two seconds, its author is told so.
        refused = sum("nothing was saved" in said(reply) for reply in replies)
        kept = {f"P-{number}" for (number,) in rows(postgresql_url, "SELECT number FROM items")}
        assert taken <= kept, "what was acknowledged is there"
        assert len(kept) <= count - refused, "what was refused is not"
        assert len(taken) > count // 2
        await until_cards(first, list(kept))
        await at_rest(first)
        assert cards(first.messages()) == dict.fromkeys(kept, 1)
        numbers = [int(ref[2:]) for ref in cards(first.messages())]
        # Replicas put their clocks' time on what they queue: neighbours may change places. A request that met the other
        # replica's rows gets its number late and its card by the time at which it came: few of them stand further off.
        assert out_of_order(numbers, neighbours=16) <= count // 10 + refused, numbers


def out_of_order(numbers: list[int], *, neighbours: int) -> int:
    """How many would have to be moved so that the others stand in order, those so near to each other in any."""
    ends: list[int] = []  # of the longest rows in order of each length
    for number in numbers:
        place = bisect_right(ends, number // neighbours)
        ends[place : place + 1] = [number // neighbours]
    return len(numbers) - len(ends)


async def test_a_pause_holds_for_every_replica(postgresql_url: str) -> None:
    async with replicas(postgresql_url, 2) as worlds:
        first, second = worlds
        await first.start_map()
        first.slack.faults.add(POST, "rate_limited", retry_after=1, channel="C0PRODUCT")
        refs = await log_all(first, 10)
        second.keeper.sender.wake()
        await until_cards(first, refs)
        limited = next(call for call in first.slack.calls_to(POST) if call.outcome == "ratelimited")
        assert not [call for call in first.slack.calls_to(POST) if 0 < call.at - limited.at < 1]


async def test_a_redraw_that_waits_is_not_taken_before_the_vote_it_must_show(postgresql_url: str) -> None:
    async with running(postgresql_url) as world:
        await world.start_map()
        await world.log("pay: card declined twice")
        await at_rest(world)
        await world.keeper.sender.stop()
        item, organisation, workspace = rows(
            postgresql_url, "SELECT i.id, i.organisation_id, w.id FROM items i, workspaces w"
        )[0]
        now = world.clock()
        voting, claiming = connection_to(postgresql_url, False), connection_to(postgresql_url, False)

        def claimed() -> list[Any]:
            with claiming.transaction(writes=True):
                return deliveries.claim(claiming, now + timedelta(minutes=1), now, now, 1)[0]

        with voting.transaction(writes=True):
            redraw(Store(voting, organisation), workspace, item, now)
        with voting.transaction(writes=True):
            redraw(Store(voting, organisation), workspace, item, now)  # a second vote: it waits already
            voting.flush()
            assert Store(voting, organisation).maps.all()  # an answer: the server has it all by now
            assert not claimed(), "its worker would not see the second vote"
        assert len(claimed()) == 1
        voting.close()
        claiming.close()
