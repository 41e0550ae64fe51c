"""Structured logs: a line of JSON for machines, a coloured one in a terminal; never a token, never people's words."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def set_up(*, level: str = "INFO", machine: bool | None = None) -> None:
    """Logs to standard error, as JSON unless it is a terminal."""
    as_json = not sys.stderr.isatty() if machine is None else machine
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # The libraries' own loggers: what they have to warn of, and none of their payloads.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", force=True)


def _without_words(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where an exception was raised and what it is, but not its message: that may hold what somebody typed."""
    if event.pop("exc_info", None):
        error, lines = sys.exc_info()[1], list[str]()
        while error is not None:
            lines += [f"{type(error).__name__}", *traceback.format_tb(error.__traceback__)]
            error = error.__cause__ or error.__context__
        event["exception"] = "\n".join(lines)
    return event
