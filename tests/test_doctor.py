"""`mapkeeper doctor`: what is wrong is found without starting anything, with what to do and without a secret."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.doctor import report
from bot.doctor_slack import _clock
from bot.slack_manifest import manifest
from tests.world import World


def environment(world: World, **changes: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": world.slack.bot_token,
        "SLACK_SIGNING_SECRET": "0123456789abcdef" * 2,
        "SLACK_API_URL": world.slack.api_url,
        "DATABASE_URL": world.keeper.settings.database_url,
    } | changes


async def found(world: World, **changes: str) -> tuple[bool, dict[str, Any]]:
    """Is it all well, and each finding by what it is about."""
    told, well = await asyncio.to_thread(report, environment(world, **changes), as_json=True)
    read = json.loads(told)
    assert read["ok"] is well
    for secret in environment(world, **changes).values():
        assert not secret or "://" in secret or secret not in told, "no secret is printed"
    return well, {finding["about"]: finding for finding in read["findings"]}


async def test_where_all_is_well_it_says_so(each_world: World) -> None:
    world = each_world
    await world.start_map()
    world.slack.world.scopes = set(json.loads(manifest())["oauth_config"]["scopes"]["bot"])
    told, well = await asyncio.to_thread(report, environment(world, SLACK_APP_TOKEN=world.slack.app_token))
    assert well, told
    lines = told.splitlines()
    assert lines[-1] == "Everything is ready."
    assert "✓ Slack token: mapkeeper in the workspace Acme." in lines
    assert "✓ Clock: it agrees with Slack's." in lines
    assert "✓ Slack channels: 1 that show a map can be reached." in lines
    assert "✓ Slack app token: Slack opens a connection for Socket Mode." in lines
    assert {line[0] for line in lines if line} == {"✓", "E"}


async def test_a_token_that_slack_does_not_take_is_told(world: World) -> None:
    well, findings = await found(world, SLACK_BOT_TOKEN="xoxb-of-somebody-else")
    assert not well
    assert findings["Slack token"]["says"] == "Slack does not take it (invalid_auth)."
    assert "OAuth & Permissions" in findings["Slack token"]["do"]


async def test_a_scope_that_is_missing_is_told_by_its_name(world: World) -> None:
    world.slack.world.scopes -= {"reactions:read", "groups:read"}
    well, findings = await found(world)
    assert not well
    assert findings["Slack scopes"]["says"] == "missing: groups:read, reactions:read."
    assert "reinstall" in findings["Slack scopes"]["do"]


async def test_a_channel_that_shows_a_map_without_us_is_told(world: World) -> None:
    await world.start_map()
    world.slack.channel("product").members.discard(world.slack.bot.id)
    well, findings = await found(world)
    assert not well
    assert "/invite @Mapkeeper" in findings["Slack channel #product"]["do"]
    assert findings["Slack channels"]["says"].startswith("0 ")
    world.slack.channel("product").archived = True
    well, findings = await found(world)
    assert well, "an archived channel rests, and nobody need do anything"
    assert "archived" in findings["Slack channel #product"]["says"]


async def test_app_tokens_and_signing_secrets_of_another_kind_are_told(world: World) -> None:
    well, findings = await found(world, SLACK_APP_TOKEN="xapp-wrong", SLACK_SIGNING_SECRET="short")
    assert not well
    assert "Slack opens no connection (invalid_auth)." in findings["Slack app token"]["says"]
    assert findings["Slack signing secret"]["state"] == "note"


async def test_what_is_missing_in_the_settings_is_told(world: World) -> None:
    well, findings = await found(world, SLACK_SIGNING_SECRET="")
    assert not well
    assert "SLACK_SIGNING_SECRET for HTTP" in findings["Settings"]["do"]
    well, findings = await found(world, DATABASE_URL="mysql://root:secret@host/x")
    assert not well
    assert findings.keys() == {"Settings"}


async def test_databases_that_are_not_there_or_not_of_this_release_are_told(
    world: World, tmp_path: Path
) -> None:
    fresh = tmp_path / "fresh.db"
    well, findings = await found(world, DATABASE_URL=f"sqlite:///{fresh}")
    assert well
    assert findings["Database"]["state"] == "note"
    assert not fresh.exists(), "looking makes nothing"
    _, findings = await found(world, DATABASE_URL=f"sqlite:///{tmp_path}/no/such/folder.db")
    assert "cannot be made" in findings["Database"]["says"]
    fresh.touch()
    well, findings = await found(world, DATABASE_URL=f"sqlite:///{fresh}")
    assert not well
    assert "mapkeeper migrate" in findings["Tables"]["do"]
    fresh.write_text("this is no database at all, but a text" * 100)
    _, findings = await found(world, DATABASE_URL=f"sqlite:///{fresh}")
    assert "does not answer" in findings["Database"]["says"]
    well, findings = await found(world, DATABASE_URL="postgresql://me:hidden@127.0.0.1:9/keeper")
    assert not well
    assert findings["Database"]["says"] == "PostgreSQL on 127.0.0.1/keeper does not answer (Unavailable)."


async def test_a_public_address_is_called(world: World) -> None:
    _, findings = await found(world, MAPKEEPER_PUBLIC_URL=world.url)
    assert "is not https" in findings["Public address"]["says"]
    well, findings = await found(world, MAPKEEPER_PUBLIC_URL="https://127.0.0.1:9")
    assert well
    assert "does your proxy pass requests on" in findings["Public address"]["do"]


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(0, "ok"), (59, "ok"), (-61, "note"), (299, "note"), (301, "problem"), (-900, "problem")],
)
def test_a_clock_that_is_wrong_is_told(seconds: int, state: str) -> None:
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    finding = _clock(format_datetime(now + timedelta(seconds=seconds), usegmt=True), now)
    assert finding.state == state
    assert finding.do or state == "ok"


def test_it_ends_with_one_where_something_is_to_be_mended(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("SLACK_BOT_TOKEN", "TEAMS_APP_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "1 to mend, marked with ✗ above." in printed
    assert main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
