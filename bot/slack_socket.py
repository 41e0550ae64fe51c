"""Socket Mode: Slack's own client, insisting until it is connected, and saying nothing that has to stay secret.

The address of a socket holds a ticket that is good for one attempt
(https://docs.slack.dev/apis/events-api/using-socket-mode). The client of slack_sdk tries one address for ever, and
writes it into the log.
"""

import asyncio
import logging
import sys
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

log = structlog.get_logger("slack")

ATTEMPT_SECONDS = 10.0  # as long as the client waits between two attempts of its own


class SlackSocket(AsyncSocketModeHandler):
    """The listeners of a Bolt app on a socket: an envelope is acknowledged when they have answered."""

    def __init__(self, app: AsyncApp, app_token: str, web_client: AsyncWebClient) -> None:
        self.app = app
        self.app_token = app_token
        self.client = InsistingClient(
            app_token, _errors_without_words(), web_client, ping_interval=ATTEMPT_SECONDS
        )
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]

    async def connect(self) -> None:
        """Returns when connected, however long that takes; cancel it to give up."""
        await self.client.connect()  # type: ignore[no-untyped-call]

    async def connected(self) -> bool:
        """Does Slack reach us over it now?"""
        return await self.client.is_connected()

    async def close(self) -> None:
        """Takes leave of Slack."""
        await self.client.close()  # type: ignore[no-untyped-call]


class InsistingClient(SocketModeClient):
    """Asks for a new address before each attempt, at the start and whenever the connection was lost."""

    async def connect(self) -> None:
        while not self.closed:
            try:
                if self.wss_uri is None:
                    self.wss_uri = await self.issue_new_wss_url()
            except Exception as error:
                log.warning("no address for the socket", error=_why(error))
                await asyncio.sleep(ATTEMPT_SECONDS)
                continue
            try:
                async with asyncio.timeout(ATTEMPT_SECONDS):
                    await super().connect()  # type: ignore[no-untyped-call]
                return
            except TimeoutError:
                log.warning("socket not open")
                self.wss_uri = None


class WithoutWords(logging.Handler):
    """What goes wrong in the SDK, as one line: what it was doing and the kind of error, but none of its words."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.funcName != "issue_new_wss_url":  # raised again, and told by whoever asked
            log.warning("socket", doing=record.funcName, error=_why(sys.exc_info()[1]))


def _errors_without_words() -> logging.Logger:
    """A logger that says what is wrong and no more."""
    logger = logging.getLogger("mapkeeper.socket")
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    logger.handlers = [WithoutWords()]
    return logger


def _why(error: BaseException | None) -> str:
    """Slack's own word for it, or else the kind of error."""
    answer: Any = error.response if isinstance(error, SlackApiError) else None
    said = answer.get("error") if hasattr(answer, "get") else None
    return said if isinstance(said, str) else type(error).__name__
