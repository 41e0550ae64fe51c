"""One organisation on two platforms, and one person with two accounts."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.playground.reading import plain
from handlers.effects import ask
from storage import deliveries, linking
from storage.callers import add_workspace, workspace
from storage.connection import Connection
from storage.database import Database
from storage.store import Store
from tests.peek import give_role, rows
from tests.teams_stand_in import shown
from tests.test_teams import Both, both

__all__ = ["both"]


async def joined(both: Both) -> None:
    """Ada starts a map in Slack; an admin of Teams joins with her code."""
    await both.start_map(name="Dinner")
    give_role(both, "ada", "admin")
    said = await both.slack.command("ada", "product", "/journey", "link")
    code = re.search(r"link ([0-9a-f]{8}-[0-9a-f]{32})", said.text)
    assert code is not None
    await both.teams.post(both.teams.activity("cleo", None, type="installationUpdate", action="add"))
    await both.teams.say("cleo", f"link {code[1]}", None)
    await both.teams.until(lambda: any("Joined" in shown(one["activity"]) for one in both.teams.to("cleo")))


async def test_one_map_in_slack_and_teams_shows_the_same_card_and_counts_every_vote(both: Both) -> None:
    await joined(both)
    await both.teams.say("cleo", "use dinner")
    await both.teams.until(both.teams.in_channel)
    await both.log("order: no prices")
    await both.teams.until(lambda: len(both.teams.in_channel()) == 2)
    card = both.teams.in_channel()[1]
    assert "no prices" in shown(card["activity"])
    await both.teams.press("cleo", card, "Vote")
    await both.until(lambda: "▲ 1" in plain(both.messages()[-1]))
    await both.slack.react("ben", both.messages()[-1], "+1")
    await both.teams.until(lambda: "▲ 2" in shown(both.teams.in_channel()[1]["activity"]))


async def test_a_platform_that_is_stopped_holds_up_no_card_on_the_other(both: Both) -> None:
    await joined(both)
    await both.teams.say("cleo", "use dinner")
    await both.teams.until(both.teams.in_channel)
    await both.log("order: no prices")
    await both.teams.until(lambda: len(both.teams.in_channel()) == 2)
    await both.slack.react("ben", both.messages()[-1], "+1")
    rows(both, "UPDATE workspaces SET stopped_at = created_at, stopped_why = 'gone' WHERE platform = 'slack'")
    await both.teams.press("cleo", both.teams.in_channel()[1], "Vote")
    await both.teams.until(lambda: "▲ 2" in shown(both.teams.in_channel()[1]["activity"]))


async def test_a_person_with_two_accounts_has_one_vote(both: Both) -> None:
    await joined(both)
    await both.teams.say("cleo", "use dinner")
    await both.teams.until(both.teams.in_channel)
    await both.log("order: no prices")
    await both.teams.until(lambda: len(both.teams.in_channel()) == 2)
    await both.teams.press("ben", both.teams.in_channel()[1], "Vote")
    await both.slack.react("ben", both.messages()[-1], "+1")
    await both.until(lambda: "▲ 2" in plain(both.messages()[-1]))
    said = await both.slack.command("ben", "product", "/journey", "link me")
    code = re.search(r"link ([0-9a-f]{8}-[0-9a-f]{32})", said.text)
    assert code is not None
    await both.teams.say("ben", f"link {code[1]}", None)
    await both.until(lambda: "▲ 1" in plain(both.messages()[-1]))
    await both.teams.until(lambda: "▲ 1" in shown(both.teams.in_channel()[1]["activity"]))


async def test_a_code_works_once_for_ten_minutes_and_five_tries_and_only_for_admins(both: Both) -> None:
    await joined(both)
    kept = rows(both, "SELECT * FROM link_codes")[0]
    assert kept["used_at"] is not None
    assert "link " not in str(rows(both, "SELECT answer FROM seen")), "no code is kept in clear"
    await both.teams.say("cleo", "link me", None)
    await both.teams.until(lambda: any("works once" in shown(m["activity"]) for m in both.teams.to("cleo")))
    code = re.search(r"link ([0-9a-f]{8})-([0-9a-f]{32})", shown(both.teams.to("cleo")[-1]["activity"]))
    assert code is not None
    for _ in range(5):
        await both.slack.command("ada", "product", "/journey", f"link {code[1]}-{'0' * 32}")
    late = await both.slack.command("ada", "product", "/journey", f"link {code[1]}-{code[2]}")
    assert "does not work" in late.text
    refused = await both.slack.command("ben", "product", "/journey", "link")
    assert "Only admins" in refused.text


async def test_two_sides_that_both_hold_maps_are_not_joined(both: Both) -> None:
    await both.teams.post(both.teams.activity("ada", None, type="installationUpdate", action="add"))
    await both.teams.until(lambda: both.teams.to("ada"))
    await both.teams_map()
    await both.start_map(name="Dinner")
    give_role(both, "ada", "admin")
    said = await both.slack.command("ada", "product", "/journey", "link")
    code = re.search(r"link ([0-9a-f]{8}-[0-9a-f]{32})", said.text)
    assert code is not None
    await both.teams.say("ada", f"link {code[1]}", None)
    await both.teams.until(
        lambda: any("Both sides hold maps" in shown(one["activity"]) for one in both.teams.to("ada"))
    )
    assert len(rows(both, "SELECT DISTINCT organisation_id FROM maps")) == 2


async def test_what_an_organisation_holds_moves_on_both_databases(database: Database) -> None:
    now = datetime.now(UTC)

    def unit(connection: Connection) -> tuple[str, list[str], str | None]:
        for name in ("a", "b"):
            add_workspace(connection, (f"org-{name}", f"ws-{name}"), "teams", name, name, "+1", now)
            people = Store(connection, f"org-{name}").people
            ids = (f"person-{name}", f"account-{name}")
            people.add(ids, f"ws-{name}", "ada", name=name, role="member", zone=None, known=True, at=now)
        linking.move_organisation(connection, "org-a", "org-b")
        moved = workspace(connection, "ws-a")
        assert moved is not None
        both = linking.join_people(connection, "org-b", "person-a", "person-b")
        account = Store(connection, "org-b").people.by_external("ws-a", "ada")
        return moved.organisation_id, both, account.person_id if account else None

    assert await database.write(unit) == ("org-b", [], "person-b")


async def test_what_somebody_was_asked_and_said_is_the_joined_persons_on_both_databases(
    database: Database,
) -> None:
    now = datetime.now(UTC)

    def unit(connection: Connection) -> dict[str, list[Any]]:
        add_workspace(connection, ("org", "ws"), "teams", "t", "acme", "+1", now)
        store = Store(connection, "org")
        for name in ("a", "b"):
            ids = (f"person-{name}", f"account-{name}")
            store.people.add(ids, "ws", name, name=name, role="member", zone=None, known=True, at=now)
        store.maps.add(now, id="m", slug="m", name="Map", kind="current state", owner_id="person-a")
        store.maps.add_stage(id="s", map_id="m", slug="pay", name="Pay", position=0)
        store.asking.ask("i", 0, "person-a", "bundle", now)
        store.pulses.say("s", "person-a", date(2026, 1, 5), -1, now)
        for name in ("a", "b"):
            store.pulses.say("s", f"person-{name}", date(2026, 1, 12), 2 if name == "b" else -2, now)
        place = store.places.remember("p", "ws", "C1", "c", private=False, at=now)
        digest = {"place_id": place, "weekday": 0, "at": "09:00", "zone": "UTC", "weeks": 1, "next_at": now}
        for name in ("a", "b"):
            store.digests.add_schedule(id=name, anchor=now.date(), person_id=f"person-{name}", **digest)
        ask(store, "ws", "person-a", "bundle", now)
        linking.join_people(connection, "org", "person-a", "person-b")
        return {
            "asked": [row.person_id for row in store.checks.round("i", 0)],
            "bundle": [row.person_id for row in deliveries.claim(connection, now, now, now, 1)[0]],
            "moods": [store.pulses.moods("m", ["s"], now - timedelta(days=60))["s"].reported],
            "digests": [
                found.id if (found := store.schedules.of_person(place, person)) else None
                for person in ("person-b", "person-a")
            ],
        }

    assert await database.write(unit) == {
        "asked": ["person-b"],
        "bundle": ["person-b"],
        "moods": [0.5],  # of -1 and 2: that week has one word of theirs by now
        "digests": ["b", None],
    }
