"""What strangers and broken clients send to Teams' door: refused, no handler runs, and never a 5xx."""

import base64
import json
import subprocess
import sys
import time
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.settings import Settings, SettingsError
from bot.teams_sdk import App, credentials_of
from bot.teams_tokens import NotGenuine
from tests.peek import count
from tests.teams_stand_in import APP_ID, TENANT, TeamsStandIn
from tests.test_teams import Both, both
from tests.world import World, running

__all__ = ["both"]


def unsigned(teams: TeamsStandIn) -> str:
    """A token that says that it needs no signature."""
    parts = [{"alg": "none", "kid": "key-1"}, jwt.decode(teams.token(), options={"verify_signature": False})]
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*coded, ""])


def forged(teams: TeamsStandIn, kid: str = "key-1") -> str:
    """A token signed by somebody else's key."""
    mine = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    said = jwt.decode(teams.token(), options={"verify_signature": False})
    return jwt.encode(said, mine, algorithm="RS256", headers={"kid": kid})


def symmetric(teams: TeamsStandIn) -> str:
    """A token signed with what everybody knows."""
    said = jwt.decode(teams.token(), options={"verify_signature": False})
    return jwt.encode(said, "key-1" * 20, algorithm="HS256", headers={"kid": "key-1"})


WRONG: dict[str, Any] = {
    "no token": lambda teams: "",
    "another scheme": lambda teams: f"Basic {teams.token()}",
    "an empty token": lambda teams: "Bearer ",
    "garbage": lambda teams: "Bearer garbage",
    "three dots": lambda teams: "Bearer a.b.c",
    "two tokens": lambda teams: f"Bearer {teams.token()} {teams.token()}",
    "alg none": lambda teams: f"Bearer {unsigned(teams)}",
    "a symmetric key": lambda teams: f"Bearer {symmetric(teams)}",
    "another key": lambda teams: f"Bearer {forged(teams)}",
    "an unknown key": lambda teams: f"Bearer {forged(teams, 'key-x')}",
    "another issuer": lambda teams: f"Bearer {teams.token(iss='https://sts.windows.net/x/')}",
    "no issuer": lambda teams: f"Bearer {teams.token(iss=None)}",
    "another audience": lambda teams: f"Bearer {teams.token(aud='somebody else')}",
    "no audience": lambda teams: f"Bearer {teams.token(aud=None)}",
    "expired": lambda teams: f"Bearer {teams.token(exp=int(time.time()) - 600)}",
    "no expiry": lambda teams: f"Bearer {teams.token(exp=None)}",
    "not yet": lambda teams: f"Bearer {teams.token(nbf=int(time.time()) + 600)}",
    "another service": lambda teams: f"Bearer {teams.token(serviceurl='https://evil.example/')}",
    "no service": lambda teams: f"Bearer {teams.token(serviceurl=None)}",
}


async def test_no_wrong_token_gets_in(both: Both) -> None:
    message = both.teams.activity("ada", type="message", text="new")
    for what, made in WRONG.items():
        status, _ = await both.teams.post(message, made(both.teams))
        assert status in (401, 403), f"{what}: {status}"
    elsewhere = both.teams.activity("ada", type="message", channelData={"tenant": {"id": "other"}})
    assert (await both.teams.post(elsewhere))[0] == 403, "another tenant"
    assert (await both.teams.post(message | {"channelId": "webchat"}))[0] == 403, "another channel"
    assert count(both, "people") == count(both, "conversations") == 0, "no handler ran"


async def test_a_key_that_was_changed_is_fetched_and_made_up_ones_do_not_keep_us_fetching(both: Both) -> None:
    message = both.teams.activity("ada", type="message", text="help")
    assert (await both.teams.post(message))[0] == 200
    both.teams.keys["key-2"] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    door: Any = both.keeper.teams
    door._sdk._keys._tried_at = float("-inf")  # some seconds later
    assert (await both.teams.post(message, f"Bearer {both.teams.token('key-2')}"))[0] == 200
    fetched = both.teams.key_fetches
    for number in range(20):
        await both.teams.post(message, f"Bearer {forged(both.teams, f'made-up-{number}')}")
    assert both.teams.key_fetches == fetched


async def test_a_token_that_was_read_before_is_read_again_where_it_may_count_no_more(both: Both) -> None:
    message, token = both.teams.activity("ada", type="message", text="help"), f"Bearer {both.teams.token()}"
    assert [(await both.teams.post(message, token))[0] for _ in range(2)] == [200, 200]
    door: Any = both.keeper.teams
    tokens = door._sdk._tokens
    (known,) = tokens._judged.values()
    assert token not in repr(tokens._judged)
    assert known.until <= time.time() + 300, "minutes, not the day that its key is kept"
    tokens._judged = {digest: known._replace(until=time.time()) for digest in tokens._judged}
    tokens._read = refused
    assert (await both.teams.post(message, token))[0] == 401, "it is read once more"
    del tokens._read
    assert (await both.teams.post(message, token))[0] == 200
    kept = door._sdk._keys._keys
    kept["key-2"] = kept.pop("key-1")  # Microsoft took it back
    assert (await both.teams.post(message, token))[0] == 401


def refused(*_: object) -> None:
    """Stands in for a reader of tokens to whom this one has expired."""
    raise NotGenuine(401, "expired")


MALFORMED = (
    b"",
    b"{",
    b"[]",
    b"17",
    b"null",
    b'{"type": 5}',
    b'{"type": ""}',
    b'{"type": "message"}',
    b'{"type": "\xff"}',
    b"[" * 5_000,
    b'{"type": "message", "conversation": [], "serviceUrl": "x"}',
)


async def test_malformed_activities_are_bad_requests_and_unknown_ones_are_taken(both: Both) -> None:
    for body in MALFORMED:
        assert (await both.teams.post(body))[0] == 400, body[:60]
    for kind in ("typing", "event", "endOfConversation", "conversationUpdate", "madeUp"):
        assert (await both.teams.post(both.teams.activity("ada", type=kind)))[0] == 200, kind
    assert (await both.teams.post(both.teams.activity("ada", type="invoke", name="x/y")))[0] == 200
    wrongs: tuple[Any, ...] = (None, 5, "x", [], [[]], {"a": {}})
    for wrong in wrongs:
        for name in ("from", "conversation", "channelData", "entities", "text", "value", "id", "timestamp"):
            for kind in ("message", "invoke", "messageReaction", "installationUpdate"):
                made = both.teams.activity("ada", type=kind, name="adaptiveCard/action") | {name: wrong}
                assert (await both.teams.post(made))[0] in (200, 400, 403), (kind, name, wrong)


async def test_the_same_message_twice_counts_once(both: Both) -> None:
    await both.teams_map()
    called = both.teams.activity("ada", type="message", text="@Mapkeeper pain order: no prices")
    assert [(await both.teams.post(called))[0] for _ in range(2)] == [200, 200]
    assert count(both, "items") == 1


async def test_nobody_says_by_a_button_what_only_the_platform_says(both: Both) -> None:
    await both.teams_map()
    for action in ("installed", "uninstalled", "place.changed"):
        value = {"action": {"data": {"mapkeeper": {"action": action, "value": "x"}}}}
        made = both.teams.activity("ben", type="invoke", name="adaptiveCard/action", value=value)
        assert "older version" in (await both.teams.post(made))[1]["value"]


def test_teams_set_up_by_halves_does_not_start() -> None:
    whole = {"TEAMS_APP_ID": APP_ID, "TEAMS_APP_PASSWORD": "p", "TEAMS_TENANT_ID": TENANT}
    Settings.from_environment(whole).check_platforms()
    for left_out in whole:
        with pytest.raises(SettingsError, match=left_out):
            Settings.from_environment({k: v for k, v in whole.items() if k != left_out}).check_platforms()
    with pytest.raises(SettingsError, match="TEAMS_APP_TYPE"):
        Settings.from_environment(whole | {"TEAMS_APP_TYPE": "Other"}).check_platforms()
    with pytest.raises(SettingsError, match=r"127\.0\.0\.1"):
        Settings().with_local_teams("0.0.0.0")
    Settings().with_local_teams("127.0.0.1").check_platforms()


def test_without_teams_botbuilder_is_never_imported(sqlite_url: str) -> None:
    asked = (
        "import sys; from bot.app import build_app; from bot.settings import Settings\n"
        f"build_app(Settings(slack_bot_token='x', slack_signing_secret='y', database_url={sqlite_url!r}))\n"
        "print([name for name in sys.modules if name.startswith(('botbuilder', 'botframework', 'msal'))])"
    )
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


async def test_without_teams_there_is_no_such_door(world: World) -> None:
    async with TeamsStandIn() as teams:
        teams.door = f"{world.url}/api/messages"
        assert (await teams.post(b"{}", ""))[0] == 404


async def test_a_bot_of_many_tenants_is_open_to_each_and_keeps_them_apart(sqlite_url: str) -> None:
    async with TeamsStandIn() as teams:
        many = {"teams_app_id": APP_ID, "teams_app_password": "p", "teams_app_type": "MultiTenant"}
        more = many | {"teams_openid_url": f"{teams.url}openid"}
        async with running(sqlite_url, more=more, teams_token=lambda: "out") as world:
            teams.door = f"{world.url}/api/messages"
            for tenant in ("one", "two"):
                told = {"type": "message", "text": "help", "channelData": {"tenant": {"id": tenant}}}
                assert (await teams.post(teams.activity("ada", None, **told)))[0] == 200
            assert count(world, "organisations") == 2


@pytest.mark.parametrize(
    ("kind", "credentials", "authority"),
    [
        ("SingleTenant", "MicrosoftAppCredentials", f"https://login.microsoftonline.com/{TENANT}"),
        ("MultiTenant", "MicrosoftAppCredentials", "https://login.microsoftonline.com/botframework.com"),
        ("UserAssignedMSI", "ManagedIdentityAppCredentials", ""),
    ],
)
def test_each_type_of_app_signs_with_what_azure_gives_it(kind: str, credentials: str, authority: str) -> None:
    made = credentials_of(App(APP_ID, "p", TENANT, kind))
    assert type(made).__name__ == credentials
    assert made.microsoft_app_id == APP_ID
    assert getattr(made, "oauth_endpoint", None) == authority or not authority


def test_a_managed_identity_needs_no_password_but_a_key_to_seal_with() -> None:
    managed = {"TEAMS_APP_ID": APP_ID, "TEAMS_TENANT_ID": TENANT, "TEAMS_APP_TYPE": "UserAssignedMSI"}
    with pytest.raises(SettingsError, match="MAPKEEPER_SECRET_KEY"):
        Settings.from_environment(managed).check_platforms()
    Settings.from_environment(managed | {"MAPKEEPER_SECRET_KEY": "k" * 32}).check_platforms()


async def test_a_page_in_a_browser_is_no_local_client(sqlite_url: str) -> None:
    async with TeamsStandIn() as teams, running(sqlite_url, more={"teams_local": True}) as world:
        body = json.dumps(teams.activity("ada", None, type="message", text="help"))
        headers = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{world.url}/api/messages", data=body, headers=headers) as response,
        ):
            assert response.status == 403
        assert count(world, "people") == 0


async def test_a_local_client_needs_no_token(sqlite_url: str) -> None:
    async with TeamsStandIn() as teams, running(sqlite_url, more={"teams_local": True}) as world:
        teams.door = f"{world.url}/api/messages"
        assert (await teams.post(teams.activity("ada", None, type="message", text="help"), ""))[0] == 200
        await teams.until(lambda: teams.to("ada"))
