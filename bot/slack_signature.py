"""Is this request Slack's? Told from its raw bytes, before anything is parsed.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hmac
from functools import lru_cache

LATEST_SECONDS = 300


def is_genuine(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Signed with our secret, and not more than five minutes old or early."""
    if not secret or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > LATEST_SECONDS:
        return False
    # Not `hmac.digest`: for each short body it lets another thread run, and is late to have its turn again.
    signed = _keyed(secret).copy()
    signed.update(b"v0:%b:%b" % (timestamp.encode(), body))
    # A header may hold anything, also what is no text.
    return hmac.compare_digest(f"v0={signed.hexdigest()}".encode(), signature.encode(errors="replace"))


@lru_cache(maxsize=2)  # to take the key in costs more than to sign a body
def _keyed(secret: str) -> hmac.HMAC:
    return hmac.new(secret.encode(), digestmod="sha256")
