"""The Slack app's manifest: what Slack takes, what we handle, and no right that nothing needs."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot import slack_payloads
from bot.cli import main
from bot.slack_events import EVENTS
from bot.slack_manifest import COMMENT_EVENTS, COMMENT_SCOPES, manifest
from handlers.router import VERBS
from tests.world import World

ROOT = Path(__file__).parents[1]
SCHEMA = (
    ROOT.parent / "shared" / "data" / "schemas" / "slack-manifest.schema.json"
)  # beside the project, where kept

# Which scope each method or event of Slack's needs: https://docs.slack.dev/reference/methods
SCOPES = {
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.delete": {"chat:write"},
    "conversations.join": {"channels:join"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "users.info": {"users:read"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "app_home_opened": set[str](),
    "app_uninstalled": set[str](),
    "tokens_revoked": set[str](),
    **{
        f"channel_{what}": {"channels:read"} for what in ("archive", "deleted", "left", "rename", "unarchive")
    },
    **{f"group_{what}": {"groups:read"} for what in ("archive", "deleted", "left", "rename", "unarchive")},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "user_change": {"users:read"},
    "message": {"channels:history", "groups:history"},
    "chat.postEphemeral": {"chat:write"},
    "reactions.get": {"reactions:read"},
    "views.publish": set[str](),
    "auth.test": set[str](),
    "views.open": set[str](),
    "views.push": set[str](),
    "views.update": set[str](),
}


def made(**options: Any) -> Any:
    return json.loads(manifest(**options))


@pytest.mark.parametrize("url", ["", "https://mapkeeper.example.org/", "https://example.org/map"])
@pytest.mark.parametrize("short", [True, False])
def test_slack_takes_it(url: str, short: bool) -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's schema of manifests is not kept beside the project")
    schema = json.loads(SCHEMA.read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(made(url=url, short_commands=short))


def test_it_keeps_to_slacks_lengths() -> None:
    told = made()
    shown, commands = told["display_information"], told["features"]["slash_commands"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4_000
    for command in commands:
        assert re.fullmatch(r"/[a-z]{1,31}", command["command"])
        assert len(command["description"]) <= 2_000
        assert command["should_escape"] is False, "names of people and channels stay as they were typed"


def test_every_command_is_handled() -> None:
    for command in made()["features"]["slash_commands"]:
        assert command["command"] == "/journey" or command["command"] in slack_payloads.SHORT_COMMANDS
    hint = next(c["usage_hint"] for c in made()["features"]["slash_commands"] if c["command"] == "/journey")
    assert {part.split()[0] for part in hint.split(" | ")} <= VERBS.keys()


async def test_every_hint_works_as_it_stands(world: World) -> None:
    await world.start_map()
    for command in made()["features"]["slash_commands"]:
        for typed in command["usage_hint"].split(" | "):
            reply = await world.slack.command("ada", "product", command["command"], typed)
            assert reply.ok
            assert "I don't know “" not in reply.text.replace("I don't know a stage called “", "")


def test_every_scope_is_needed_and_none_is_missing() -> None:
    needed = {scope for method in methods() | events() for scope in SCOPES[method]} | {"commands"}
    assert set(made(comments=True)["oauth_config"]["scopes"]["bot"]) == needed


def test_every_event_is_listened_to() -> None:
    told = set(made(comments=True)["settings"]["event_subscriptions"]["bot_events"])
    assert {event.partition(".")[0] for event in told} == events()
    assert {event for event in told if "." in event} == set(COMMENT_EVENTS)


def test_messages_are_heard_only_where_comments_are_wanted() -> None:
    scopes, events = set(COMMENT_SCOPES), set(COMMENT_EVENTS)
    for wanted in (False, True):
        told = made(comments=wanted)
        assert scopes.issubset(told["oauth_config"]["scopes"]["bot"]) is wanted
        assert events.issubset(told["settings"]["event_subscriptions"]["bot_events"]) is wanted


async def test_no_scope_is_missing_when_it_runs_with_those_alone(world: World) -> None:
    world.slack.world.scopes = set(made()["oauth_config"]["scopes"]["bot"])
    world.slack.subscriptions = set(made()["settings"]["event_subscriptions"]["bot_events"])
    await world.start_map(channel="random")
    card = await world.log("pay: card declined", channel="random")
    await world.slack.react("ben", card, "+1")
    form = (await world.slack.command("ada", "leads", "/journey", "new")).view
    assert form
    await world.slack.submit("ada", form, {"name": "Board", "template": "b2b-sale"})
    reply = await world.slack.command("ben", "random", "/pain", "pay: no change")
    assert reply.ephemeral
    await world.slack.click("ben", reply.ephemeral, "Undo")
    await world.until(lambda: len(world.slack.calls_to("chat.delete")) or len(world.messages("random")) == 2)
    assert not [call for call in world.slack.calls if call.outcome == "missing_scope"]


def test_private_answers_can_be_sent_to_people() -> None:
    home = made()["features"]["app_home"]
    assert home["messages_tab_enabled"], "without it Slack refuses every direct message of ours"


def test_without_an_address_it_is_for_socket_mode() -> None:
    told = made()
    assert told["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(told)


def test_an_address_is_filled_in_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest", "--url", "https://mapkeeper.example.org/"]) == 0
    told = json.loads(capsys.readouterr().out)
    address = "https://mapkeeper.example.org/slack/events"
    assert told["settings"]["socket_mode_enabled"] is False
    assert told["settings"]["event_subscriptions"]["request_url"] == address
    assert told["settings"]["interactivity"]["request_url"] == address
    assert {command["url"] for command in told["features"]["slash_commands"]} == {address}


def test_the_short_commands_can_be_left_to_another_app(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest", "--no-short-commands"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [command["command"] for command in told["features"]["slash_commands"]] == ["/journey"]
    assert len(made()["features"]["slash_commands"]) == 5


def methods() -> set[str]:
    """Every method of the Web API that the code names."""
    source = "".join((ROOT / "bot" / name).read_text() for name in ("slack.py", "slack_chat.py"))
    named = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    families = (
        "auth",
        "chat",
        "conversations",
        "users",
        "views",
        "reactions",
        "files",
        "team",
        "usergroups",
        "pins",
    )
    pattern = re.compile(rf"({'|'.join(families)})(\.[a-zA-Z]+)+")
    return {name for name in named if isinstance(name, str) and pattern.fullmatch(name)}


def events() -> set[str]:
    """Every event that the door listens to."""
    return set(EVENTS)
