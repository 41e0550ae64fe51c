"""`mapkeeper doctor`: looks at everything that Mapkeeper needs, without starting it, and says what to do."""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bot.finding import Finding, State
from bot.settings import Settings, SettingsError
from storage.callers import answers
from storage.database import Database, kind_of, sqlite_path
from storage.errors import Misaddressed, StorageError
from storage.migrate import is_current

MARKS: Mapping[State, str] = {"ok": "✓", "note": "○", "problem": "✗"}
HTTP_SECONDS = 5.0


def report(environment: Mapping[str, str] = os.environ, *, as_json: bool = False) -> tuple[str, bool]:
    """What was found, for people or for programs; and is it all well? It holds no secret."""
    findings = asyncio.run(examined(environment))
    well = all(finding.state != "problem" for finding in findings)
    if as_json:
        found = [finding._asdict() for finding in findings]
        return json.dumps({"ok": well, "findings": found}, indent=2, ensure_ascii=False), well
    lines = []
    for finding in findings:
        lines.append(f"{MARKS[finding.state]} {finding.about}: {finding.says}")
        if finding.do:
            lines.append(f"    {finding.do}")
    problems = sum(finding.state == "problem" for finding in findings)
    ending = "Everything is ready." if well else f"{problems} to mend, marked with {MARKS['problem']} above."
    return "\n".join([*lines, "", ending]), well


async def examined(environment: Mapping[str, str]) -> list[Finding]:
    """Everything that can be looked at as things are."""
    try:
        settings = Settings.from_environment(environment)
    except SettingsError as error:
        return [Finding("Settings", "problem", "they cannot be used as they are.", str(error))]
    findings = [_settings(settings), *await _database(settings)]
    if settings.slack_bot_token:
        from bot.doctor_slack import slack

        findings += await slack(settings)
    if settings.teams_app_id:
        findings.append(await _teams(settings))
    if settings.public_url:
        findings.append(await _public(settings.public_url))
    return findings


def _settings(settings: Settings) -> Finding:
    try:
        settings.check_platforms()
    except SettingsError as error:
        return Finding("Settings", "problem", "something is missing.", str(error))
    served = [
        name for name, on in (("Slack", settings.slack_bot_token), ("Microsoft Teams", settings.teams)) if on
    ]
    return Finding("Settings", "ok", f"complete, for {' and '.join(served)}.")


async def _database(settings: Settings) -> list[Finding]:
    url = settings.database_url
    try:
        sqlite = kind_of(url) == "sqlite"
        where = f"SQLite in {sqlite_path(url)}" if sqlite else f"PostgreSQL on {_host(url)}"
    except ValueError as error:
        return [Finding("Database", "problem", "its address cannot be.", f"{error}")]
    if sqlite and not (path := Path(sqlite_path(url))).exists():  # looking must not create it
        return [_no_file_yet(path)]
    if sqlite and not os.access(path, os.W_OK):
        return [Finding("Database", "problem", f"{where} cannot be written.", f"Let this user write {path}.")]
    try:
        database = Database(url)
        try:
            async with asyncio.timeout(HTTP_SECONDS):
                await database.read(lambda connection: connection.command("SELECT 1"))
                with_tables = await database.read(answers) if is_current(url) else False
        finally:
            await database.close()
    except Misaddressed as error:
        return [Finding("Database", "problem", "its address cannot be.", f"{error}")]
    except (StorageError, TimeoutError) as error:
        why = f"{where} does not answer ({type(error).__name__})."
        return [Finding("Database", "problem", why, _reach(sqlite))]
    tables = Finding("Tables", "ok", "they are of this release.")
    if not with_tables:
        todo = "Run `mapkeeper migrate`; `mapkeeper serve` does it by itself when it starts."
        tables = Finding("Tables", "problem", "they are not of this release yet.", todo)
    return [Finding("Database", "ok", f"{where} answers."), tables]


def _no_file_yet(path: Path) -> Finding:
    folder = path.absolute().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        todo = f"Make the folder {folder} and let this user write there, or set DATABASE_URL."
        return Finding("Database", "problem", f"{path} is not there and cannot be made.", todo)
    return Finding("Database", "note", f"{path} is not there yet; `mapkeeper serve` makes it.")


def _reach(sqlite: bool) -> str:
    if sqlite:
        return "Is it a SQLite file, on a local disk that is not full, and may this user write it?"
    return "Is the server up, may this machine reach it, and are name and password in DATABASE_URL right?"


def _host(url: str) -> str:
    """Where the server is, without the name and the password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'this machine'}{parts.path}"


async def _teams(settings: Settings) -> Finding:
    try:
        settings.check_teams()
    except SettingsError as error:
        return Finding("Teams", "problem", "its settings are not complete.", str(error))
    from bot.teams_sdk import App, TeamsSdk

    known = settings
    app = App(known.teams_app_id, known.teams_app_password, known.teams_tenant_id, known.teams_app_type)
    sdk = TeamsSdk(app, known.teams_openid_url)
    try:
        async with asyncio.timeout(2 * HTTP_SECONDS):
            await sdk.prove()
    except Exception as error:  # whatever Microsoft's library raises; its words may hold what it sent
        todo = (
            "Check TEAMS_APP_ID, TEAMS_APP_PASSWORD (has the client secret run out?) and TEAMS_TENANT_ID, and that "
            "this machine reaches login.microsoftonline.com."
        )
        return Finding("Teams", "problem", f"Microsoft gave no token ({type(error).__name__}).", todo)
    finally:
        await sdk.close()
    return Finding("Teams", "ok", "Microsoft gives a token for the app.")


async def _public(url: str) -> Finding:
    if urlsplit(url).scheme != "https":
        return Finding(
            "Public address", "problem", f"{url} is not https.", "Slack and Teams call https addresses only."
        )
    try:
        timeout = aiohttp.ClientTimeout(total=HTTP_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{url}/healthz") as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError) as error:
        todo = "If `mapkeeper serve` runs: does your proxy pass requests on to it? Or is it out of reach from here?"
        return Finding("Public address", "note", f"{url} did not answer ({type(error).__name__}).", todo)
    if status != 200:
        todo = "Does your proxy pass requests on to `mapkeeper serve`, and does it run?"
        return Finding("Public address", "note", f"{url}/healthz answered {status}.", todo)
    return Finding("Public address", "ok", f"{url} answers.")
