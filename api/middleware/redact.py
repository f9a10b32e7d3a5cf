"""No secret in logs: tokens in addresses, headers and messages are told as « … »."""

import logging
import re
from typing import Any

_SHOWN = (
    (re.compile(r"(/(?:b|calendrier|invitation|premier-compte)/)[^/?#\s\"']+"), r"\1…"),
    (re.compile(r"\b(nv[dk]_)[0-9A-Za-z_-]{8,}"), r"\1…"),
    (
        re.compile(r"(?i)([?&](?:lien|link|token|key|code|id|deviceid|u|d|password|secret)=)[^&\s\"']+"),
        r"\1…",
    ),
    (re.compile(r"(?i)\b(bearer\s+|basic\s+)[^\s\"',]+"), r"\1…"),
    (re.compile(r"((?:__Host-)?navette=)[^;\s\"']+"), r"\1…"),
)


def redacted(text: str) -> str:
    """A text for a log, without what would let its reader in."""
    for pattern, shown in _SHOWN:
        text = pattern.sub(shown, text)
    return text


class Redacting(logging.Filter):
    """On a handler: goes over every text of a record before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _any(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_any(one) for one in record.args)
        elif record.args:
            record.args = {name: _any(one) for name, one in record.args.items()}
        return True


def redact_event(_: object, __: str, event: Any) -> Any:
    """The same for structlog: a processor."""
    return {name: _any(value) for name, value in event.items()}


def _any(value: Any) -> Any:
    return redacted(value) if isinstance(value, str) else value
