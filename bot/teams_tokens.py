"""The tokens of Microsoft's bot service: who may come in, judged by keys that are fetched off the loop and kept.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import aiohttp
import jwt
import structlog

log = structlog.get_logger("teams")

ISSUER = "https://api.botframework.com"
ALGORITHMS = ("RS256", "RS384", "RS512")
CHANNEL = "msteams"
LEEWAY_SECONDS = 300
JUDGED_SECONDS, MOST_JUDGED = 300.0, 1000
KEYS_SECONDS, AGAIN_SECONDS, FETCH_SECONDS = 24 * 3600.0, 10.0, 5.0

FetchJson = Callable[[str], Awaitable[Any]]


class NotGenuine(Exception):
    """The request is not the bot service's, or not for us; `status` is what it is answered."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Keys:
    """The signing keys, by their id: kept a day, and fetched anew where one is not known, as keys are changed."""

    def __init__(self, url: str, fetch: FetchJson, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, tuple[Any, frozenset[str]]] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> tuple[Any, frozenset[str]] | None:
        """The key of that id and the channels it speaks for; None where Microsoft knows none of it."""
        now = self._clock()
        # Somebody who sends made-up ids must not keep us fetching.
        may = self._fetching is not None or now - self._tried_at >= AGAIN_SECONDS
        if (kid not in self._keys or now - self._fetched_at > KEYS_SECONDS) and may:
            task = self._refresh()
            if kid not in self._keys:
                await asyncio.shield(task)
        return self._keys.get(kid)

    @property
    def any(self) -> bool:
        """Could the keys ever be fetched?"""
        return bool(self._keys)

    async def close(self) -> None:
        """Fetches nothing any more."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _refresh(self) -> asyncio.Task[None]:
        if self._fetching is None:
            self._tried_at = self._clock()
            self._fetching = asyncio.ensure_future(self._fetch_keys())
            self._fetching.add_done_callback(self._fetched)
        return self._fetching

    def _fetched(self, _: object) -> None:
        self._fetching = None

    async def _fetch_keys(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                known = await self._fetch((await self._fetch(self._url))["jwks_uri"])
            fresh = dict(_read_key(key) for key in known["keys"] if key.get("kty") == "RSA")
        except (
            aiohttp.ClientError,
            TimeoutError,
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            jwt.PyJWTError,
        ) as error:
            log.warning("keys not fetched", error=type(error).__name__)
            return
        self._keys, self._fetched_at = fresh, self._clock()


class _Judged(NamedTuple):
    """A token that was found genuine: what it says, by which key, and until when it need not be read again."""

    claims: Mapping[str, Any]
    kid: str
    found: tuple[Any, frozenset[str]]
    until: float


class Tokens:
    """Judges the tokens of requests. Microsoft sends one for an hour: it is read once in some minutes."""

    def __init__(
        self, app_id: str, tenant_id: str, keys: Keys, clock: Callable[[], float] = time.time
    ) -> None:
        self._app_id = app_id
        self._tenant_id = tenant_id
        self._keys = keys
        self._clock = clock
        self._judged: dict[bytes, _Judged] = {}  # by its digest: the token itself is nobody else's to keep

    async def claims(self, authorization: str) -> Mapping[str, Any]:
        """What a genuine token says; raises NotGenuine. What was sent with it is not looked at."""
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or not token or " " in token:
            raise NotGenuine(401, "no token")
        digest, now = hashlib.sha256(token.encode(errors="replace")).digest(), self._clock()
        judged = self._judged.get(digest)
        if judged is not None and now < judged.until and await self._keys.find(judged.kid) is judged.found:
            return judged.claims
        try:
            head = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise NotGenuine(401, "no token") from error
        kid = head.get("kid")
        if head.get("alg") not in ALGORITHMS or not isinstance(kid, str):
            raise NotGenuine(401, "wrong algorithm")
        found = await self._keys.find(kid)
        if found is None:
            raise NotGenuine(401 if self._keys.any else 503, "unknown key")
        key, channels = found
        if channels and CHANNEL not in channels:
            raise NotGenuine(403, "a key of another channel")
        claims = self._read(token, key)
        if len(self._judged) >= MOST_JUDGED:
            self._judged.clear()
        until = min(now + JUDGED_SECONDS, float(claims["exp"]) + LEEWAY_SECONDS)
        self._judged[digest] = _Judged(claims, kid, found, until)
        return claims

    def check(self, claims: Mapping[str, Any], activity: Mapping[str, Any]) -> None:
        """Raises NotGenuine where what was sent does not belong to the token, or to our tenant."""
        if claims.get("serviceurl") != activity.get("serviceUrl") or not claims.get("serviceurl"):
            raise NotGenuine(403, "another service's address")
        if activity.get("channelId") != CHANNEL:
            raise NotGenuine(403, "another channel")
        if self._tenant_id and tenant_of(activity) != self._tenant_id:
            raise NotGenuine(403, "another tenant")

    def _read(self, token: str, key: Any) -> Mapping[str, Any]:
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._app_id,
                issuer=ISSUER,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise NotGenuine(401, type(error).__name__) from error
        return claims


def tenant_of(activity: Mapping[str, Any]) -> str:
    """The tenant that an activity comes from."""
    data = activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    found = tenant.get("id") if isinstance(tenant, dict) else None
    return found if isinstance(found, str) else ""


def _read_key(key: Mapping[str, Any]) -> tuple[str, tuple[Any, frozenset[str]]]:
    return str(key["kid"]), (jwt.PyJWK(dict(key), "RS256").key, frozenset(key.get("endorsements") or ()))
