"""The secrets of one installed app, made afresh for each stand-in."""

import secrets
from dataclasses import dataclass, field


@dataclass
class Credentials:
    """Tokens and secrets, and whether the bot's token was revoked."""

    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    bot_token: str = field(default_factory=lambda: f"xoxb-{secrets.token_hex(20)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-{secrets.token_hex(20)}")
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12))
    revoked: bool = False

    def refusal(self, token: str, *, app_level: bool) -> str | None:
        """Why this token may not call, or None."""
        if not token:
            return "not_authed"
        if token not in (self.bot_token, self.app_token):
            return "invalid_auth"
        if (token == self.app_token) != app_level:
            return "not_allowed_token_type"
        return "token_revoked" if self.revoked and token == self.bot_token else None
