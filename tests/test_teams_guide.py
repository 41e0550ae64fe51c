"""The guide's table: everything that Slack can has its line for Teams, or the reason why Teams cannot."""

import json
import re
from pathlib import Path

import pytest

from bot.slack_manifest import manifest
from handlers.router import VERBS

GUIDE = Path(__file__).parent.parent / "docs" / "guide"
TEAMS = (GUIDE / "teams.md").read_text()
LINES = [(slack, teams) for slack, teams in re.findall(r"^\| (.+?) \| (.+?) \|$", TEAMS, re.MULTILINE)][1:]
# What Slack tells a bot by the platform's own words, and by which words of the guide people know it.
EVENTS = {
    "app_home_opened": "Home tab",
    "app_uninstalled": "renamed, archived or left",
    "channel_": "renamed, archived or left",
    "group_": "renamed, archived or left",
    "member_joined_channel": "welcomed",
    "member_left_channel": "belongs to its private maps no more",
    "reaction_": "A reaction on a card",
    "tokens_revoked": "renamed, archived or left",
    "user_change": "who left is noticed",
    "team_join": "welcomed",
}


@pytest.mark.parametrize("page", sorted(path.name for path in GUIDE.glob("*.md") if path.name != "teams.md"))
def test_every_page_of_the_guide_has_its_line_for_teams(page: str) -> None:
    assert any(f"({page})" in slack for slack, _ in LINES), f"say in {GUIDE.name}/teams.md how Teams does it"


def test_everything_that_the_slack_app_offers_has_its_line() -> None:
    made = json.loads(manifest())
    offered = [one["command"] for one in made["features"]["slash_commands"]]
    offered += [one["name"] for one in made["features"]["shortcuts"]]
    for event in made["settings"]["event_subscriptions"]["bot_events"]:
        known = [words for begins, words in EVENTS.items() if event.startswith(begins)]
        assert known, f"{event}: how does Teams tell it? Say so in the guide"
        offered += known
    slack = "\n".join(line for line, _ in LINES)
    assert [one for one in offered if one not in slack] == []


def test_what_teams_cannot_has_its_reason() -> None:
    reasons = [teams for _, teams in LINES if teams.startswith("No")]
    assert reasons
    assert all(re.match(r"No: .*(Teams|rights).{10,}", reason) for reason in reasons)


def test_the_commands_that_the_table_names_exist() -> None:
    named = re.findall(r"`@Mapkeeper (\w+)`", TEAMS)
    assert named
    assert [verb for verb in named if verb not in VERBS] == []
