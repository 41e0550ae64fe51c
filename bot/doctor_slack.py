"""What `mapkeeper doctor` asks Slack: the token, its scopes, the clock, the secrets, the channels."""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.finding import Finding
from bot.settings import Settings
from bot.slack_chat import SlackChat
from bot.slack_manifest import manifest
from handlers.chat import ChatError, Limited, Refused, Revoked
from storage.callers import find_workspace
from storage.connection import Connection
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import is_current
from storage.models import Workspace
from storage.workspaces import shown_places

PAGES = "OAuth & Permissions of your app at https://api.slack.com/apps"
MOST_CHANNELS = 40  # within what Slack answers in a minute
NOTED_SECONDS, REFUSED_SECONDS = 60, 300  # Slack's requests are good for five minutes


async def slack(settings: Settings) -> list[Finding]:
    """Everything about Slack, in the order in which one would mend it."""
    chat = SlackChat(settings.slack_bot_token, settings.slack_api_url)
    try:
        try:
            known = await chat.call("auth.test")
        except ChatError as error:
            return [_unknown(error), *_secrets(settings)]
        found = [
            Finding("Slack token", "ok", f"{known.get('user')} in the workspace {known.get('team')}."),
            _scopes(str(known.headers.get("x-oauth-scopes") or "")),
            _clock(str(known.headers.get("Date") or ""), datetime.now(UTC)),
            *_secrets(settings),
        ]
        if settings.slack_app_token:
            found.append(await _socket(chat, settings.slack_app_token))
        return [*found, *await _channels(chat, settings, str(known.get("team_id")))]
    finally:
        await chat.close()


def _unknown(error: ChatError) -> Finding:
    if isinstance(error, Revoked | Refused):
        todo = f"Copy the Bot User OAuth Token (xoxb-…) from {PAGES} into SLACK_BOT_TOKEN."
        return Finding("Slack token", "problem", f"Slack does not take it ({error}).", todo)
    if isinstance(error, Limited):
        return Finding("Slack token", "note", "Slack wants to be left alone for a moment.", "Ask once more.")
    todo = "Does this machine reach slack.com over https, perhaps through a proxy?"
    return Finding("Slack token", "problem", f"Slack could not be asked ({type(error).__name__}).", todo)


def _scopes(granted: str) -> Finding:
    scopes = json.loads(manifest())["oauth_config"]["scopes"]
    has = {scope.strip() for scope in granted.split(",") if scope.strip()}
    missing = sorted(set(scopes["bot"]) - has)
    if missing:
        todo = f"Put what `mapkeeper manifest` prints into App Manifest, or add them under {PAGES}; then reinstall it."
        return Finding("Slack scopes", "problem", f"missing: {', '.join(missing)}.", todo)
    optional = sorted(set(scopes.get("bot_optional", [])) - has)
    more = f" Not granted, and optional: {', '.join(optional)}." if optional else ""
    return Finding("Slack scopes", "ok", f"all {len(scopes['bot'])} that are needed.{more}")


def _clock(date: str, now: datetime) -> Finding:
    try:
        behind = round((parsedate_to_datetime(date) - now).total_seconds())
    except (TypeError, ValueError):
        return Finding("Clock", "note", "Slack's answer did not say what time it is.")
    if abs(behind) < NOTED_SECONDS:
        return Finding("Clock", "ok", "it agrees with Slack's.")
    says = f"this machine is {abs(behind)} seconds {'behind' if behind > 0 else 'ahead of'} Slack."
    if abs(behind) < REFUSED_SECONDS:
        return Finding(
            "Clock", "note", says, "Let it be set by NTP: from five minutes on requests are refused."
        )
    return Finding(
        "Clock", "problem", says, "Let it be set by NTP: requests of Slack are refused as too old."
    )


def _secrets(settings: Settings) -> list[Finding]:
    found = []
    if settings.slack_signing_secret:
        looks = re.fullmatch(r"[0-9a-f]{32}", settings.slack_signing_secret)
        todo = "" if looks else "It is the Signing Secret of Basic Information, 32 digits and letters a to f."
        says = "there, for HTTP." if looks else "there, but it does not look like one."
        found.append(Finding("Slack signing secret", "ok" if looks else "note", says, todo))
    if settings.slack_app_token and not settings.slack_app_token.startswith("xapp-"):
        todo = "SLACK_APP_TOKEN is an app-level token (xapp-…) with the scope connections:write: Basic Information."
        found.append(Finding("Slack app token", "problem", "it is not one.", todo))
    return found


async def _socket(chat: SlackChat, token: str) -> Finding:
    try:
        await chat.told_apart("apps.connections.open", chat.client.apps_connections_open(app_token=token))
    except ChatError as error:
        todo = "Make an app-level token with connections:write (Basic Information) and turn Socket Mode on."
        return Finding("Slack app token", "problem", f"Slack opens no connection ({error}).", todo)
    return Finding("Slack app token", "ok", "Slack opens a connection for Socket Mode.")


async def _channels(chat: SlackChat, settings: Settings, team: str) -> list[Finding]:
    def asked(connection: Connection) -> tuple[Workspace | None, list[Any]]:
        workspace = find_workspace(connection, "slack", team)
        return workspace, shown_places(connection, workspace.id, MOST_CHANNELS) if workspace else []

    if not is_current(settings.database_url):
        return []
    database = Database(settings.database_url)
    try:
        workspace, places = await database.read(asked)
    except StorageError:
        return []
    finally:
        await database.close()
    if workspace is None:
        says = "nobody has used Mapkeeper in this workspace yet."
        return [Finding("Slack channels", "note", says, "Type /journey new in a channel to start a map.")]
    found = [each for place in places if (each := await _channel(chat, place)) is not None]
    if workspace.stopped_at is not None:
        says = f"it was stopped ({workspace.stopped_why}); it goes on when `mapkeeper serve` starts with this token."
        found.insert(0, Finding("Slack workspace", "note", says))
    well = len(places) - len(found)
    return [Finding("Slack channels", "ok", f"{well} that show a map can be reached."), *found]


async def _channel(chat: SlackChat, place: Any) -> Finding | None:
    """What is wrong with one channel that shows a map; none where nothing is."""
    about = f"Slack channel #{place.name}"
    try:
        answer = await chat.ask("conversations.info", channel=place.external_id)
    except Limited:
        return Finding(about, "note", "Slack wants to be left alone for a moment.", "Ask once more.")
    except ChatError as error:
        todo = "Somebody there types /invite @Mapkeeper; if it was deleted, /journey use shows the map elsewhere."
        return Finding(about, "problem", f"it shows a map, and I can't see it ({error}).", todo)
    channel = answer.get("channel") or {}
    if channel.get("is_archived"):
        return Finding(about, "note", "it is archived: its digest rests until it is back.")
    if not channel.get("is_member"):
        todo = "Somebody there types /invite @Mapkeeper: reactions are heard only where it is a member."
        return Finding(about, "problem", "it shows a map, and Mapkeeper is not a member.", todo)
    return None
