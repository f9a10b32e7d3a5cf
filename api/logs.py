"""The log: one JSON object a line, or words on a terminal; every line says of which request or job it is."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.types import Processor

from api.middleware.redact import redact_event
from api.settings import Settings

_SECRET = re.compile(r"password|passwd|secret|token|cookie|authorization|csrf|totp|api_key", re.IGNORECASE)
_IN_URL = re.compile(r"(://[^/:@\s]+):[^@/\s]+@")
_NOISY = ("httpx", "httpcore", "alembic", "sqlalchemy", "uvicorn.access", "uvicorn.error", "PIL", "dbos")


def configure(settings: Settings) -> None:
    """Send what this process and its libraries have to say to standard error."""
    on_terminal = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        *([] if on_terminal else [structlog.processors.format_exc_info]),
        without_secrets,
        redact_event,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    shown: list[Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if on_terminal
        else [structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def without_secrets(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A line without what must not be read in it: values by their name, passwords in addresses."""
    for name, value in line.items():
        if _SECRET.search(name) and value:
            line[name] = "…"
        elif isinstance(value, str):
            line[name] = _IN_URL.sub(r"\1:…@", value)
    return line
