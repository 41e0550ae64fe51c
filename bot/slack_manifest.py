"""The Slack app manifest: `manifest.json` as it lies in the repository, with this installation's address filled in."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

SHORT = {"/pain", "/idea", "/quote", "/gain"}
# What replies in threads need to become comments: docs/decisions tells why both come or neither.
COMMENT_SCOPES = ("channels:history", "groups:history")
COMMENT_EVENTS = ("message.channels", "message.groups")


def manifest(url: str = "", *, short_commands: bool = True, comments: bool = False) -> str:
    """The manifest as JSON: for Socket Mode without a `url`, else for HTTP at that public address.

    With `comments` it asks for the right to hear messages, so that replies in the threads of cards are comments.
    """
    made: dict[str, Any] = json.loads(_template())
    commands = made["features"]["slash_commands"]
    if not short_commands:
        commands[:] = [command for command in commands if command["command"] not in SHORT]
    if comments:
        scopes, events = (
            made["oauth_config"]["scopes"]["bot"],
            made["settings"]["event_subscriptions"]["bot_events"],
        )
        scopes[:] = sorted([*scopes, *COMMENT_SCOPES])
        events[:] = sorted([*events, *COMMENT_EVENTS])
    if url:
        address = f"{url.rstrip('/')}/slack/events"
        for command in commands:
            command["url"] = address
        settings = made["settings"]
        settings["event_subscriptions"]["request_url"] = address
        settings["interactivity"]["request_url"] = address
        settings["socket_mode_enabled"] = False
    return json.dumps(made, indent=2, ensure_ascii=False)


def _template() -> str:
    beside = Path(__file__).parent.parent / "manifest.json"
    if beside.exists():
        return beside.read_text(encoding="utf-8")
    return resources.files("bot").joinpath("manifest.json").read_text(encoding="utf-8")
