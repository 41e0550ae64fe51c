"""What Slack sends, as ready bytes of HTTP: signed slash commands and reactions, as long as the real ones."""

import hashlib
import hmac
import itertools
import json
import time
from urllib.parse import urlencode

SECRET, TOKEN = "8f742231b10e8888abcd99yyyzzz85a5", "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy"
TEAM, OWNER, CHANNEL = "T0BENCHES", "U0OWNER00", "C0BENCHES"
BOT = "U0BOTBOT0"

_numbers = itertools.count(time.time_ns() // 1_000_000)
_names = itertools.count(26**9)


def line() -> str:
    """A line to log, in words of its own: what says nearly the same as another one is asked about first."""
    return f"pay: card declined twice for {_name()} and {_name()}"


def pain() -> bytes:
    """`/pain …`, each with a trigger and words of its own."""
    return command("/pain", line())


def command(name: str, text: str) -> bytes:
    """A slash command, each with a trigger of its own."""
    number = next(_numbers)
    body = urlencode(
        {
            "token": "gIkuvaNzQIHg97ATvDxqgjtO",
            "team_id": TEAM,
            "team_domain": "benches",
            "channel_id": CHANNEL,
            "channel_name": "benches",
            "user_id": OWNER,
            "user_name": "owner",
            "command": name,
            "text": text,
            "api_app_id": "A0BENCHES",
            "is_enterprise_install": "false",
            "response_url": f"https://hooks.slack.com/commands/{TEAM}/{number}/EKpvy7YPxAkSvvS7nM2Vuk6Z",
            "trigger_id": f"{number}.17653672481.dd1d8b4e8a0b1f3a5c2ec1d6a9b3f0c1",
        }
    )
    return _signed(body, "application/x-www-form-urlencoded")


def _name() -> str:
    number, letters = next(_names), ""
    while number:
        number, place = divmod(number, 26)
        letters = "abcdefghijklmnopqrstuvwxyz"[place] + letters
    return letters[::-1]  # what differs stands in front


def reaction(user: str, message: str) -> bytes:
    """👍 by that user on that message, each an event of its own."""
    number = next(_numbers)
    body = {
        "token": "gIkuvaNzQIHg97ATvDxqgjtO",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": "A0BENCHES",
        "event": {
            "type": "reaction_added",
            "user": user,
            "reaction": "+1",
            "item": {"type": "message", "channel": CHANNEL, "ts": message},
            "item_user": BOT,
            "event_ts": f"{number / 1000:.6f}",
        },
        "type": "event_callback",
        "event_id": f"Ev{number}",
        "event_time": number // 1000,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6InJlYWN0aW9uX2FkZGVkIiwidGlkIjoiVDBCRU5DSEVTIn0",
    }
    return _signed(json.dumps(body, separators=(",", ":")), "application/json")


def _signed(body: str, content_type: str) -> bytes:
    timestamp = int(time.time())
    signature = hmac.new(SECRET.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return (
        "POST /slack/events HTTP/1.1\r\n"
        "Host: bot.example.com\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept-Encoding: gzip,deflate\r\n"
        "Accept: application/json,*/*\r\n"
        f"X-Slack-Signature: v0={signature}\r\n"
        f"X-Slack-Request-Timestamp: {timestamp}\r\n"
        f"Content-Length: {len(body.encode())}\r\n"
        f"Content-Type: {content_type}\r\n"
        "\r\n"
        f"{body}"
    ).encode()
