"""Is this request Slack's? Told from its raw bytes, before anything is parsed.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hmac

LATEST_SECONDS = 300


def is_genuine(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Signed with our secret, and not more than five minutes old or early."""
    if not secret or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > LATEST_SECONDS:
        return False
    expected = hmac.digest(secret.encode(), b"v0:%b:%b" % (timestamp.encode(), body), "sha256").hex()
    # A header may hold anything, also what is no text.
    return hmac.compare_digest(f"v0={expected}".encode(), signature.encode(errors="replace"))
