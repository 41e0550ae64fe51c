"""Who may do what, and what happens to clicks that were made up: refused in words, done nowhere."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground.reading import plain
from bot.playground.replies import Reply
from bot.playground.slack import SlackStandIn
from bot.playground.things import Message
from handlers.kinds import Role
from handlers.router import ACTIONS, Mode
from tests.peek import count, give_role, history, press, rows
from tests.world import World

# There is nobody else's id in these: words of the click itself, what the platform tells us, and the person's own
# settings.
WITHOUT_IDS = {
    "log.pain",
    "log.idea",
    "log.quote",
    "log.gain",
    "installed",
    "uninstalled",
    "place.changed",
    "place.joined",
    "place.left",
    "place.people",
    "person.changed",
    "workspace.stopped",
    "votes.recounted",
    "source.gone",
} | {
    "home.opened",
    "home.log.map",
    "settings.save",
}


@pytest.fixture
async def rival(dinner: World) -> AsyncIterator[SlackStandIn]:
    """Another company on the same installation, with a map of its own."""
    async with SlackStandIn("T0RIVAL", "rival") as slack:
        slack.point_at(f"{dinner.url}/slack/events", dinner.slack.signing_secret)
        yield slack


async def forged(world: World, user: str, card: Message, action: str, value: str) -> Reply:
    """A click on a button that nobody drew."""
    reply = await world.slack.click(user, card, "Vote", forge={"action_id": f"{action}|0", "value": value})
    assert reply.ok, f"{action} {value!r}: {reply.failure}"
    return reply


# --- roles ---------------------------------------------------------------------------------------------------


async def test_a_guest_looks_and_does_not_touch(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    for text in ("", "map", "list pay", "top", "show P-1", "digest", "help"):
        assert (await dinner.slack.command("gil", "product", "/journey", text)).ok
    told = "You can look at the map, but not add to it yet. Ask ada to make you a member."
    typed = await dinner.slack.command("gil", "product", "/pain", "pay: my card was declined too")
    assert told in typed.text
    assert "> pay: my card was declined too" in typed.text
    bare = await dinner.slack.command("gil", "product", "/idea")
    assert told in bare.text
    assert not bare.opened
    for text in ("new Lunch", "use dinner"):
        reply = await dinner.slack.command("gil", "random", "/journey", text)
        assert "Only members can do that. Ask ada." in reply.text
    for name in ("Vote", "Add evidence", "Edit"):
        assert "Only members can do that. Ask ada." in (await press(dinner, "gil", card, name)).text
    await dinner.slack.react("gil", card, "+1")
    assert rows(dinner, "SELECT votes FROM items") == [{"votes": 0}]
    assert count(dinner, "items") == 1
    assert count(dinner, "maps") == 1


async def test_a_member_changes_their_own_items_and_nobody_elses(dinner: World) -> None:
    card = await dinner.log("pay: card declined", user="ben")
    assert (await dinner.slack.click("ben", card, "Edit")).opened
    refused = "Only the author of P-1 and editors of this map can do that. Ask ada."
    assert refused in (await press(dinner, "cleo", card, "Edit")).text
    for option in ("Mark as fixed", "Remove"):
        assert refused in (await press(dinner, "cleo", card, "more", option=option)).text
    pay = rows(dinner, "SELECT id FROM stages WHERE slug = 'order'")[0]["id"]
    item = rows(dinner, "SELECT id FROM items")[0]["id"]
    moved = await forged(dinner, "cleo", card, "item.move", f"{item} {pay}")
    await dinner.until(lambda: moved.seen)
    assert refused in moved.text
    assert (await dinner.slack.click("cleo", card, "Add evidence")).opened, (
        "evidence is welcome from everybody"
    )


@pytest.mark.parametrize("role", ["editor", "admin"])
async def test_editors_and_admins_change_everything(dinner: World, role: str) -> None:
    card = await dinner.log("pay: card declined", user="ben")
    await dinner.slack.command("cleo", "product", "/journey")
    give_role(dinner, "cleo", role)
    form = (await dinner.slack.click("cleo", card, "Edit")).view
    assert form
    assert (
        "Saved: P-1 on Pay."
        in (await dinner.slack.submit("cleo", form, {"text": "card declined twice"})).text
    )


async def test_the_owner_of_an_idea_may_change_it(dinner: World) -> None:
    card = await dinner.log("book: free tables", command="/idea", user="ben")
    await dinner.slack.command("cleo", "product", "/journey")
    form = (await dinner.slack.click("ben", card, "Edit")).view
    assert form
    await dinner.slack.submit("ben", form, {"owner": "U0CLEO"})
    assert (await dinner.slack.click("cleo", card, "Edit")).opened


async def test_a_right_that_was_lost_while_a_form_was_open_is_missed_when_it_is_sent(dinner: World) -> None:
    card = await dinner.log("pay: card declined", user="ben")
    await dinner.slack.command("cleo", "product", "/journey")
    give_role(dinner, "cleo", "editor")
    edit = (await dinner.slack.click("cleo", card, "Edit")).view
    assert edit
    give_role(dinner, "cleo", "member")
    reply = await dinner.slack.submit("cleo", edit, {"text": "card declined twice"})
    assert "Only the author of P-1 and editors of this map can do that. Ask ada." in reply.text
    assert "> card declined twice" in reply.text
    log = (await dinner.slack.command("cleo", "product", "/pain")).view
    assert log
    give_role(dinner, "cleo", "viewer")
    reply = await dinner.slack.submit("cleo", log, {"stage": "Pay", "text": "no change given"})
    assert "You can look at the map, but not add to it yet. Ask ada" in reply.text
    assert "> no change given" in reply.text
    assert rows(dinner, "SELECT text FROM items") == [{"text": "card declined"}]


async def test_where_no_admin_is_known_one_of_the_workspace_is_asked(world: World) -> None:
    reply = await world.slack.command("gil", "product", "/journey", "new")
    assert "Only members can do that. Ask an admin of this workspace." in reply.text


# What people set for themselves or prove by a code, and what the platform itself tells us.
SAID_BY_THE_PLATFORM = {
    "workspace.stopped",
    "place.changed",
    "place.joined",
    "place.left",
    "place.people",
    "person.changed",
    "source.gone",
    "votes.recounted",
}
OF_NOBODY_ELSE = SAID_BY_THE_PLATFORM | {"link", "installed", "uninstalled", "home.opened", "settings.save"}
FORMS_TO_WRITE = {"home.log", "home.log.map"}


def test_every_action_that_writes_needs_more_than_looking() -> None:
    for action in ACTIONS.values():
        if action.name in OF_NOBODY_ELSE | FORMS_TO_WRITE:
            continue
        assert action.role.covers(Role.MEMBER) == (action.mode is Mode.WRITES), action.name


# --- made-up clicks ------------------------------------------------------------------------------------------


async def test_another_companys_ids_answer_exactly_like_ids_that_never_were(
    dinner: World, rival: SlackStandIn
) -> None:
    form = (await rival.command("ada", "product", "/journey", "new")).view
    assert form is None, "the forms of the other company are opened in the other company"
    secret = "the rival's secret plan"
    kept = await rival.command("ada", "product", "/pain", f"pay: {secret}")
    assert "I kept what you wrote." in kept.text
    seed_rival(dinner, secret)
    card = await dinner.log("pay: card declined", user="ben")
    await dinner.slack.command("cleo", "product", "/pain", "nowhere: cleo's own words")
    item = rows(dinner, "SELECT id FROM items")[0]["id"]
    draft = rows(dinner, "SELECT id FROM drafts WHERE request LIKE '%own words%'")[0]["id"]
    before = count(dinner, "changes"), count(dinner, "items")
    heard = set()
    for action in sorted(ACTIONS.keys() - WITHOUT_IDS):
        for value in ("{}", f"{item} {{}}", f"{draft} {{}}", f"{{}} {draft}"):
            missing = await told(dinner, card, action, value.format("0" * 26))
            heard.add((action, missing))
            for theirs in rival_ids(dinner):
                assert await told(dinner, card, action, value.format(theirs)) == missing, f"{action} {value}"
    assert {action for action, _ in heard} == ACTIONS.keys() - WITHOUT_IDS
    assert all(answer for action, answer in heard if action != "mark")
    assert not any(secret in answer for _, answer in heard)
    assert (count(dinner, "changes"), count(dinner, "items")) == before


async def told(world: World, card: Message, action: str, value: str) -> str:
    """What a made-up click is told, forms included."""
    reply = await forged(world, "cleo", card, action, value)
    if action != "mark":  # a reaction, which nobody is told about
        await world.until(lambda: reply.seen)
    if reply.view:
        await world.slack.close_view("cleo", reply.view, everything=True)
        return "a form"
    return reply.text


def seed_rival(world: World, words: str) -> None:
    """The other company's map, stage and item, written beside ours."""
    organisation = rows(world, "SELECT organisation_id FROM workspaces WHERE external_id = 'T0RIVAL'")[0][
        "organisation_id"
    ]
    for table, key in (("maps", "id"), ("stages", "id"), ("counters", "map_id")):
        for row in rows(world, f"SELECT * FROM {table}"):
            copy = row | {
                "organisation_id": organisation,
                key: f"{table if key == 'id' else 'maps'}-{row[key]}"[:40],
            }
            if "map_id" in copy and key == "id":
                copy["map_id"] = f"maps-{row['map_id']}"[:40]
            copy |= {"owner_id": None} if "owner_id" in copy else {}
            insert(world, table, copy)


def insert(world: World, table: str, row: dict[str, Any]) -> None:
    """A row as it is."""
    holes = ", ".join("?" for _ in row)
    rows(world, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({holes})", *row.values())


def rival_ids(world: World) -> list[str]:
    """One id of each thing that the other company has."""
    rival = "(SELECT organisation_id FROM workspaces WHERE external_id = 'T0RIVAL')"
    question = f"SELECT id FROM {{}} WHERE organisation_id = {rival} LIMIT 1"
    return [rows(world, question.format(table))[0]["id"] for table in ("maps", "stages", "drafts", "people")]


async def test_garbage_in_a_button_is_answered_and_does_nothing(dinner: World) -> None:
    card = await dinner.log("pay: card declined", user="ben")
    before = len(history(dinner))
    garbage = (
        "",
        " ",
        "x",
        "a b c d",
        "'; DROP TABLE items; --",
        "%00",
        "../..",
        "9" * 2_000,
        "🗺️",
        "\x00\ud800",
    )
    for action in sorted(ACTIONS.keys() - WITHOUT_IDS - {"unvote"}):
        for value in garbage:
            reply = await dinner.slack.click(
                "cleo", card, "Vote", forge={"action_id": f"{action}|0", "value": value}
            )
            assert reply.status == 200, f"{action} {value!r}"
    assert len(history(dinner)) == before
    assert count(dinner, "items") == 1


async def test_a_button_of_an_older_version_says_so(dinner: World) -> None:
    card = await dinner.log("pay: card declined")
    for action in ("item.explode", "", "item", "vote.", "__class__", "x" * 255):
        reply = await forged(dinner, "ben", card, action, "1")
        await dinner.until(lambda reply=reply: reply.seen)
        assert "That button is from an older version. Please open the list or the card again." in reply.text
    option = {"text": {"type": "plain_text", "text": "x"}, "value": "item.explode 1"}
    reply = await dinner.slack.click("ben", card, "more|3", option=option)
    await dinner.until(lambda: reply.seen)
    assert "That button is from an older version." in reply.text


async def test_another_persons_words_stay_theirs(dinner: World) -> None:
    asked = await dinner.slack.command("ben", "product", "/pain", "paid: my own private words")
    assert asked.ephemeral
    for name, option in (("Pay", None), ("log.stage", "Order")):
        tried = await dinner.slack.click(
            "cleo", asked.ephemeral, name if option is None else "log.stage|3", option=option, forge={}
        )
        await dinner.until(lambda tried=tried: tried.seen)
        assert "Those are somebody else's words. Only they can place them." in tried.text
        assert "private words" not in tried.text
    draft = rows(dinner, "SELECT id FROM drafts")[0]["id"]
    card = await dinner.log("pay: card declined")
    ids = rows(
        dinner, "SELECT maps.id AS map, stages.id AS stage FROM maps JOIN stages ON stages.map_id = maps.id"
    )[0]
    for action, value in (
        ("log.map", f"{draft} {ids['map']}"),
        ("draft.form", f"{draft} {ids['map']} {ids['stage']}"),
        ("map.bind", f"{ids['map']} {draft}"),
    ):
        tried = await forged(dinner, "cleo", card, action, value)
        await dinner.until(lambda tried=tried: tried.seen)
        assert "Those are somebody else's words." in tried.text
        assert "private words" not in tried.text
    form = (
        await dinner.slack.click("cleo", card, "Vote", forge={"action_id": "map.start|0", "value": draft})
    ).view
    assert form
    made = await dinner.slack.submit("cleo", form, {"name": "Lunch", "template": "restaurant-visit"})
    assert "Lunch is ready" in made.text
    assert "Those are somebody else's words." in made.text
    assert "private words" not in made.text
    assert rows(dinner, "SELECT text FROM items") == [{"text": "card declined"}]


async def test_words_older_than_a_day_are_gone_and_said_to_be(dinner: World) -> None:
    asked = await dinner.slack.command("ben", "product", "/pain", "paid: card declined")
    assert asked.ephemeral
    rows(dinner, "DELETE FROM drafts")
    reply = await press(dinner, "ben", asked.ephemeral, "Pay")
    assert "I kept those words for a day, and that day is over. Please write them once more." in reply.text


async def test_a_click_in_a_channel_of_another_company_finds_nothing_of_ours(
    dinner: World, rival: SlackStandIn
) -> None:
    card = await dinner.log("pay: card declined")
    for text in ("map", "list", "show P-1", "digest", "use dinner"):
        reply = await rival.command("ada", "product", "/journey", text)
        assert "Dinner" not in reply.text
        assert "card declined" not in reply.text
    event = {"type": "reaction_added", "user": "U0BEN", "reaction": "+1", "event_ts": rival.world.ts()}
    item = {"type": "message", "channel": card.channel, "ts": card.ts}
    assert (await rival.send_event(event | {"item": item})).status == 200
    assert rows(dinner, "SELECT votes FROM items") == [{"votes": 0}]
    assert "▲ 0" in plain(card)
