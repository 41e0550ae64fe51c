"""What the environment says, read once and frozen."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

SLACK_API = "https://slack.com/api/"
TEAMS_OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
_HOST = r"(?:[\w.-]|%[0-9a-f]{2}|\[[0-9a-f:.]+(?:%25[\w.-]+)?\])*(?::[0-9]*)?"
_POSTGRESQL = re.compile(
    rf"""postgresql://
    (?: (?:[^\s@/:%]|%[0-9a-f]{{2}})* (?: : (?:[^\s@/%]|%[0-9a-f]{{2}})* )? @ )?  # user and password
    {_HOST} (?: , {_HOST} )*
    (?: / (?:[^\s@/?%]|%[0-9a-f]{{2}})* )?  # name of the database
    (?: \? \S* )?""",
    re.IGNORECASE | re.VERBOSE,
)
TEAMS_APP_TYPES = ("SingleTenant", "MultiTenant", "UserAssignedMSI")


class SettingsError(Exception):
    """A setting is missing or cannot be; the sentence says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the operator decides. Secrets do not show in its repr."""

    slack_bot_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_api_url: str = SLACK_API
    teams_app_id: str = ""
    teams_app_password: str = field(default="", repr=False)
    teams_tenant_id: str = ""
    teams_app_type: str = "SingleTenant"
    teams_openid_url: str = TEAMS_OPENID
    teams_local: bool = False  # anybody on this machine is let in
    database_url: str = field(default="sqlite:///mapkeeper.db", repr=False)
    secret_key: str = field(default="", repr=False)
    public_url: str = ""
    metrics_token: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of this process; raises SettingsError in words for the operator."""
        settings = cls(
            slack_bot_token=environment.get("SLACK_BOT_TOKEN", ""),
            slack_signing_secret=environment.get("SLACK_SIGNING_SECRET", ""),
            slack_app_token=environment.get("SLACK_APP_TOKEN", ""),
            slack_api_url=environment.get("SLACK_API_URL", "") or SLACK_API,
            teams_app_id=environment.get("TEAMS_APP_ID", ""),
            teams_app_password=environment.get("TEAMS_APP_PASSWORD", ""),
            teams_tenant_id=environment.get("TEAMS_TENANT_ID", ""),
            teams_app_type=environment.get("TEAMS_APP_TYPE", "") or "SingleTenant",
            database_url=environment.get("DATABASE_URL", "") or "sqlite:///mapkeeper.db",
            secret_key=environment.get("MAPKEEPER_SECRET_KEY", ""),
            public_url=environment.get("MAPKEEPER_PUBLIC_URL", "").rstrip("/"),
            metrics_token=environment.get("MAPKEEPER_METRICS_TOKEN", ""),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Raises SettingsError for what cannot be."""
        if not self.database_url.startswith(("sqlite:///", "postgresql://")):
            raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
        if self.database_url.startswith("postgresql://") and not _POSTGRESQL.fullmatch(self.database_url):
            # PostgreSQL itself would say what it did not understand, and that may be half a password.
            raise SettingsError(
                "DATABASE_URL is not postgresql://user:password@host:port/name. In the user, the password and the "
                "name, write @ as %40, / as %2F, a space as %20 and % as %25."
            )
        if not self.slack_api_url.startswith(("https://", "http://")) or not self.slack_api_url.endswith(
            "/api/"
        ):
            raise SettingsError("SLACK_API_URL must be an address that ends in /api/.")
        if self.metrics_token and len(self.metrics_token) < 16:
            raise SettingsError(
                "MAPKEEPER_METRICS_TOKEN must have 16 characters or more: openssl rand -hex 16."
            )
        if self.public_url and not self.public_url.startswith(("https://", "http://")):
            raise SettingsError("MAPKEEPER_PUBLIC_URL must begin with https://.")

    @property
    def teams(self) -> bool:
        """Is Teams served?"""
        return bool(self.teams_app_id) or self.teams_local

    def with_local_teams(self, host: str) -> "Settings":
        """The same with a door for a Teams client on this machine, which needs no token; raises SettingsError."""
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise SettingsError("--insecure-local-teams lets everybody in: listen on 127.0.0.1 with it.")
        return replace(self, teams_local=True)

    def check_platforms(self) -> None:
        """Raises SettingsError unless Slack, Teams or both can be served."""
        self.check_teams()
        if self.slack_bot_token or not self.teams:
            self.check_slack()

    def check_teams(self) -> None:
        """Raises SettingsError where Teams is set up by halves."""
        if not self.teams_app_id:
            if not self.teams_local and (self.teams_app_password or self.teams_tenant_id):
                raise SettingsError(
                    "Set TEAMS_APP_ID: the Microsoft App ID of your Azure Bot (Configuration)."
                )
            return
        if self.teams_local:
            raise SettingsError(
                "--insecure-local-teams is for a local client: take TEAMS_APP_ID away to use it."
            )
        if self.teams_app_type not in TEAMS_APP_TYPES:
            raise SettingsError(f"TEAMS_APP_TYPE must be one of {', '.join(TEAMS_APP_TYPES)}.")
        if self.teams_app_type != "UserAssignedMSI" and not self.teams_app_password:
            raise SettingsError("Set TEAMS_APP_PASSWORD: a client secret of your app registration.")
        if self.teams_app_type != "MultiTenant" and not self.teams_tenant_id:
            raise SettingsError("Set TEAMS_TENANT_ID: the directory (tenant) id of your app registration.")
        if self.teams_app_type == "UserAssignedMSI" and not self.secret_key:
            raise SettingsError(
                "Set MAPKEEPER_SECRET_KEY: with a managed identity there is no password to seal with."
            )

    def check_slack(self) -> None:
        """Raises SettingsError unless Slack can be served: over HTTP, by Socket Mode, or both."""
        if not self.slack_bot_token:
            raise SettingsError(
                "Set SLACK_BOT_TOKEN: the xoxb-… token of your Slack app (OAuth & Permissions)."
            )
        if not self.slack_signing_secret and not self.slack_app_token:
            raise SettingsError(
                "Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP (Basic Information)."
            )
