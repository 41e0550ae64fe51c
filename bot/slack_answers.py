"""Answers that go to Slack by a call of their own: insisted on, since a person waits who has nothing else.

An answer that may have arrived is sent once more all the same. Only the person themselves sees it, and twice is better
than never; what everybody sees is sent by the queue, which never does that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import structlog

from handlers.chat import ChatError, Limited, Unreachable, Unsure

log = structlog.get_logger("slack")

PAUSES = (0.2, 1.0)  # seconds before the second attempt and before the third
LONGEST_PAUSE = 5.0


async def respond(session: aiohttp.ClientSession, url: str, answer: dict[str, Any]) -> None:
    """Answers by a response_url, which is a secret: used at once, never kept."""

    async def attempt() -> None:
        try:
            async with session.post(url, json=answer) as response:
                if response.status == 429:
                    after = response.headers.get("Retry-After", "")
                    raise Limited(float(after) if after.isdigit() else 1.0)
                if response.status >= 500:
                    raise Unsure(str(response.status))
                if response.status >= 400:
                    log.warning("answer refused", status=response.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unsure(type(error).__name__) from error

    await insist(attempt)


async def insist(attempt: Callable[[], Awaitable[object]]) -> None:
    """Tries three times where trying again may help; in the end it is only written down."""
    for pause in (*PAUSES, None):
        try:
            await attempt()
            return
        except (Limited, Unreachable, Unsure) as error:
            if pause is None:
                log.warning("answer lost", error=str(error))
                return
            await asyncio.sleep(min(LONGEST_PAUSE, error.seconds) if isinstance(error, Limited) else pause)
        except ChatError as error:
            log.warning("answer refused", error=str(error))
            return
