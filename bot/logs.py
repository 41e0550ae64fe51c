"""Structured logs: a line of JSON for machines, a coloured one in a terminal; never a token, never people's words."""

import logging
import sys

import structlog


def set_up(*, level: str = "INFO", machine: bool | None = None) -> None:
    """Logs to standard error, as JSON unless it is a terminal."""
    as_json = not sys.stderr.isatty() if machine is None else machine
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    # The libraries' own loggers: what they have to warn of, and none of their payloads.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", force=True)
