"""Teams: commands, receipts, cards in channels, votes, forms and the app's own life, through the real door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.load import at_rest
from tests.peek import kept, rows
from tests.teams_stand_in import APP_ID, CHANNEL, TEAM, TENANT, TeamsStandIn, button, shown
from tests.test_asking import at_ten
from tests.world import World, running


class Both(World):
    """Slack and Teams, each with an organisation of its own until they are joined."""

    teams: TeamsStandIn

    async def told(self, user: str, text: str, channel: str | None = CHANNEL) -> Any:
        """What somebody is told in their personal chat when they type that."""
        before = len(self.teams.to(user))
        await self.teams.say(user, text, channel)
        await self.teams.until(lambda: len(self.teams.to(user)) > before)
        return self.teams.to(user)[-1]

    async def teams_map(self, name: str = "Dinner") -> None:
        """Ada starts a map in a channel of Teams."""
        opened = await self.teams.press("ada", await self.told("ada", "new"), "Open the form")
        await self.teams.submit("ada", opened, None, template="restaurant-visit", name=name)
        await self.teams.until(self.teams.in_channel)


@pytest.fixture
async def both(sqlite_url: str) -> AsyncIterator[Both]:
    async with on_both(sqlite_url) as made:
        yield made


@asynccontextmanager
async def on_both(database_url: str) -> AsyncIterator[Both]:
    """The product on that database, with a Slack and a Teams beside it."""
    async with TeamsStandIn() as teams, with_teams(database_url, teams) as made:
        yield made


@asynccontextmanager
async def with_teams(database_url: str, teams: TeamsStandIn, **changes: Any) -> AsyncIterator[Both]:
    """The product on that database, with a Slack of its own and that Teams."""
    more = {
        "teams_app_id": APP_ID,
        "teams_app_password": "secret",
        "teams_tenant_id": TENANT,
        "teams_openid_url": f"{teams.url}openid",
    }
    async with running(database_url, more=more, teams_token=lambda: "out", **changes) as world:
        teams.door = f"{world.url}/api/messages"
        made = Both(world.slack, world.keeper, world.clock, world.url)
        made.teams = teams
        yield made


async def test_a_map_is_started_in_a_channel_by_a_form_that_a_button_opens(both: Both) -> None:
    await both.teams_map()
    greeting = both.teams.in_channel()[0]
    assert "Dinner" in shown(greeting["activity"])
    assert "@Mapkeeper pain" in shown(greeting["activity"]), "commands as one gives them in Teams"
    assert rows(both, "SELECT name, private FROM places") == [{"name": "Product", "private": 0}]


async def test_a_stage_is_picked_renamed_and_merged_in_dialogs(both: Both) -> None:
    await both.teams_map()
    told = await both.told("ada", "stages")
    assert "The stages of Dinner" in shown(told["activity"])
    pay, eat = (rows(both, "SELECT id FROM stages WHERE slug = ?", slug)[0]["id"] for slug in ("pay", "eat"))
    pick = button(told["activity"], "Go")["data"]["mapkeeper"]["pick"]
    card = (await both.teams.press("ada", told, "Go", **{pick: pay}))["value"]
    told = {**told, "activity": {"attachments": [{"content": card}]}}
    edit = await both.teams.press("ada", told, "Edit")
    await both.teams.submit("ada", edit, None, name="Settle up")
    assert rows(both, "SELECT name FROM stages WHERE id = ?", pay)[0]["name"] == "Settle up"
    merge = await both.teams.press("ada", told, "Merge into…")
    done = await both.teams.submit("ada", merge, None, into=eat)
    assert "is part of" in str(done)
    assert rows(both, "SELECT merged_into FROM stages WHERE id = ?", pay)[0]["merged_into"] == eat


async def test_what_is_typed_in_a_channel_becomes_a_card_there_and_a_receipt_in_the_personal_chat(
    both: Both,
) -> None:
    await both.teams_map()
    await both.teams.say("ben", "pain order: the menu has <b>no</b> prices &amp; no pictures")
    await both.teams.until(lambda: len(both.teams.in_channel()) == 2 and both.teams.to("ben"))
    assert "P-1" in shown(both.teams.in_channel()[1]["activity"])
    assert "Got it:" in shown(both.teams.to("ben")[0]["activity"])
    assert rows(both, "SELECT text FROM items")[0]["text"] == "the menu has no prices & no pictures"
    assert all(auth == "Bearer out" for _, _, auth in both.teams.calls)


async def test_a_receipt_is_committed_with_its_item_and_comes_once_also_after_a_restart(both: Both) -> None:
    await both.teams_map()
    await both.keeper.sender.stop()  # nothing leaves any more, as where the process ends now
    called = both.teams.activity("ben", type="message", text="@Mapkeeper pain order: no prices")
    assert [(await both.teams.post(called))[0] for _ in range(2)] == [200, 200], "Teams sends it twice"
    waiting = rows(both, "SELECT kind, priority FROM deliveries WHERE person_id IS NOT NULL")
    assert waiting == [{"kind": "whisper", "priority": 1}], "before all cards"
    assert not both.teams.to("ben")
    async with with_teams(both.keeper.settings.database_url, both.teams, ticking=False) as again:
        await both.teams.until(lambda: both.teams.to("ben"))
        assert "Got it: P-1" in shown(both.teams.to("ben")[0]["activity"])
        await at_rest(again)
    assert len(both.teams.to("ben")) == 1


async def test_in_the_personal_chat_no_mention_is_needed_and_undo_works_there(both: Both) -> None:
    await both.teams_map()
    await both.teams.say("ben", "/journey pain dinner/order: no prices", None)
    await both.teams.until(lambda: both.teams.to("ben"))
    asked = both.teams.to("ben")[0]
    logged = await both.teams.press("ben", asked, "Log it there")
    assert "P-1" in str(logged["value"])
    drawn_anew = {**asked, "activity": {**asked["activity"], "attachments": [{"content": logged["value"]}]}}
    answer = await both.teams.press("ben", drawn_anew, "Undo")
    assert answer["type"] == "application/vnd.microsoft.card.adaptive"
    assert "Undone" in str(answer["value"])
    assert rows(both, "SELECT removed_at FROM items")[0]["removed_at"] is not None


async def test_a_vote_by_button_and_one_by_reaction_of_the_same_person_is_one(both: Both) -> None:
    await both.teams_map()
    await both.teams.say("ada", "pain order: no prices")
    await both.teams.until(lambda: len(both.teams.in_channel()) == 2)
    card = both.teams.in_channel()[1]
    said = await both.teams.press("ben", card, "Vote")
    assert "▲ 1" in said["value"]
    await both.teams.react("ben", card, "like-tone3")
    await both.teams.react("cleo", card, "heart")
    await both.teams.react("cleo", card, "1f440_eyes")
    await both.teams.until(lambda: "▲ 2" in shown(both.teams.in_channel()[1]["activity"]))
    await both.teams.react("cleo", card, "heart", added=False)
    await both.teams.until(lambda: "▲ 1" in shown(both.teams.in_channel()[1]["activity"]))


async def test_a_bare_command_opens_the_form_and_its_errors_stay_in_the_dialog(both: Both) -> None:
    await both.teams_map()
    await both.teams.say("ben", "pain")
    await both.teams.until(lambda: both.teams.to("ben"))
    opened = await both.teams.press("ben", both.teams.to("ben")[0], "Open the form")
    stage = rows(both, "SELECT id FROM stages ORDER BY position")[0]["id"]
    values: dict[str, Any] = {"stage": stage, "severity": "trivial", "text": "no prices"}
    wrong = await both.teams.submit("ben", opened, None, **values, reach="many")
    assert "A whole number, please, like 1200." in str(wrong), "the form again, with the sentence"
    assert "no prices" in str(wrong), "and with what was typed"
    done = await both.teams.submit("ben", wrong, None, **values, reach=12)
    assert "Got it:" in str(done)
    again = await both.teams.submit("ben", wrong, None, **values, reach=12)
    assert "Got it:" in str(again)
    assert [row["reach"] for row in rows(both, "SELECT reach FROM items")] == [12], "sent twice, logged once"


async def test_the_place_that_a_card_carries_cannot_be_changed_on_its_way(both: Both) -> None:
    await both.teams_map()
    await both.teams.say("ben", "pain")
    await both.teams.until(lambda: both.teams.to("ben"))
    message = both.teams.to("ben")[0]
    button(message["activity"], "Open the form")["data"]["mapkeeper"]["where"]["channel"] = "19:other"
    row = rows(both, "SELECT * FROM maps")[0] | {"id": "another", "slug": "another", "name": "Another"}
    rows(both, f"INSERT INTO maps ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", *row.values())
    answer = await both.teams.press("ben", message, "Open the form")
    assert "Which map is this for?" in str(answer), "as if asked in the personal chat"


async def test_whoever_installs_first_is_an_admin_and_hears_how_to_begin(both: Both) -> None:
    await both.teams.post(both.teams.activity("cleo", type="installationUpdate", action="add"))
    await both.teams.until(lambda: both.teams.to("cleo"))
    await both.teams.post(both.teams.activity("ben", type="installationUpdate", action="add"))
    await both.teams.until(lambda: both.teams.to("ben"))
    roles = {row["name"]: row["role"] for row in rows(both, "SELECT name, role FROM people")}
    assert roles == {"Cleo": "admin", "Ben": "member"}


async def test_a_channel_is_renamed_taken_away_and_brought_back(both: Both) -> None:
    await both.teams_map()
    data = {"tenant": {"id": TENANT}, "team": {"id": TEAM}}
    renamed = data | {"eventType": "channelRenamed", "channel": {"id": CHANNEL, "name": "Dinner team"}}
    await both.teams.post(both.teams.activity("ada", type="conversationUpdate", channelData=renamed))
    assert rows(both, "SELECT name FROM places") == [{"name": "Dinner team"}]
    await both.teams.post(both.teams.activity("ada", type="installationUpdate", action="remove"))
    assert rows(both, "SELECT gone_why FROM places") == [{"gone_why": "not installed"}]
    await both.teams.post(both.teams.activity("ada", type="installationUpdate", action="add"))
    assert rows(both, "SELECT gone_why FROM places") == [{"gone_why": None}]


@pytest.mark.parametrize("status", [412, 429, 502, 504])
async def test_a_card_that_teams_did_not_take_is_sent_again(both: Both, status: int) -> None:
    await both.teams_map()
    await both.teams.say("ada", "help")
    await both.teams.until(lambda: len(both.teams.to("ada")) >= 2)
    both.teams.refusals.append((status, {}, {"Retry-After": "1"}))
    await both.teams.say("ada", "pain order: no prices")
    for _ in range(40):
        both.clock.skip(seconds=3)
        both.keeper.sender.wake()
        try:
            await both.teams.until(
                lambda: len(both.teams.in_channel()) == 2 and len(both.teams.to("ada")) >= 3, 0.2
            )
        except TimeoutError:
            continue
        break
    assert len(both.teams.in_channel()) == 2
    assert "Got it" in shown(both.teams.to("ada")[-1]["activity"])


async def test_a_question_comes_into_the_personal_chat_and_is_answered_there(both: Both) -> None:
    await at_ten(both)
    await both.teams_map()
    await both.teams.say("ben", "pain order: no prices !abandon")
    await both.teams.until(lambda: both.teams.to("ben"))
    rows(both, "UPDATE people SET zone = 'UTC'")
    rows(both, "UPDATE maps SET look_at = NULL")
    both.clock.skip(days=30)
    await both.keeper.tick()
    await both.teams.until(lambda: "Still true?" in shown(both.teams.to("ben")[-1]["activity"]))
    answer = await both.teams.press("ben", both.teams.to("ben")[-1], "Still true")
    assert "counts as confirmed from today" in str(answer["value"])
    assert rows(both, "SELECT trust FROM items") == [{"trust": "confirmed"}]
    # The digest may have come meanwhile.
    card = next(one for one in both.teams.in_channel() if "P-1" in shown(one["activity"]))
    both.clock.skip(seconds=1)
    both.keeper.sender.wake()
    await both.teams.until(lambda: "✓ confirmed" in shown(card["activity"]))
    await both.teams.say("ada", "pulse order")
    await both.teams.until(lambda: "How does" in shown(both.teams.to("ada")[-1]["activity"]))
    felt = await both.teams.press("ada", both.teams.to("ada")[-1], "−1 poor")
    assert "(1 person)" in str(felt["value"])
    assert rows(both, "SELECT value FROM pulses") == [{"value": -1}]


async def test_a_private_map_is_seen_by_those_whom_teams_names_in_its_channel(both: Both) -> None:
    both.teams.inside = ["ada", "ben", "cleo"]  # one on each page
    await both.teams_map()
    for user in ("cleo", "dan"):
        await both.told(user, "help", None)
    form = await both.teams.press("ada", await both.told("ada", "edit"), "Open the form")
    sure = await both.teams.submit("ada", form, None, seen="members")
    await both.teams.submit("ada", sure, None)
    await kept(both, "SELECT 1 FROM map_members JOIN people ON id = person_id WHERE name = 'Cleo'")

    async def sees(user: str) -> bool:
        return "Discover" in shown((await both.told(user, "map dinner", None))["activity"])

    assert await sees("cleo"), "her page was the last one"
    assert not await sees("dan")
    assert rows(both, "SELECT private FROM maps") == [{"private": 1}]
