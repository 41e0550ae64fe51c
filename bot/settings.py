"""What the environment says, read once and frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

SLACK_API = "https://slack.com/api/"


class SettingsError(Exception):
    """A setting is missing or cannot be; the sentence says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the operator decides. Secrets do not show in its repr."""

    slack_bot_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_api_url: str = SLACK_API
    database_url: str = field(default="sqlite:///mapkeeper.db", repr=False)
    secret_key: str = field(default="", repr=False)
    public_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of this process; raises SettingsError in words for the operator."""
        settings = cls(
            slack_bot_token=environment.get("SLACK_BOT_TOKEN", ""),
            slack_signing_secret=environment.get("SLACK_SIGNING_SECRET", ""),
            slack_app_token=environment.get("SLACK_APP_TOKEN", ""),
            slack_api_url=environment.get("SLACK_API_URL", "") or SLACK_API,
            database_url=environment.get("DATABASE_URL", "") or "sqlite:///mapkeeper.db",
            secret_key=environment.get("MAPKEEPER_SECRET_KEY", ""),
            public_url=environment.get("MAPKEEPER_PUBLIC_URL", "").rstrip("/"),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Raises SettingsError for what cannot be."""
        if not self.database_url.startswith(("sqlite:///", "postgresql://")):
            raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
        if not self.slack_api_url.startswith(("https://", "http://")) or not self.slack_api_url.endswith(
            "/api/"
        ):
            raise SettingsError("SLACK_API_URL must be an address that ends in /api/.")
        if self.public_url and not self.public_url.startswith(("https://", "http://")):
            raise SettingsError("MAPKEEPER_PUBLIC_URL must begin with https://.")

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
