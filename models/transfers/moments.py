"""Dates and times as software and spreadsheets write them → instants."""

import re
from datetime import datetime

from models.service_day import PARIS

NOTHING = frozenset({"", "null", "none", "\\n", "-", "0000-00-00", "0000-00-00 00:00:00"})
_CLOCK = r"(?:[T ,à]*(?P<hour>\d{1,2})\s*[:hH]\s*(?P<minute>\d{2})?(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
_FORMS = tuple(
    re.compile(day + _CLOCK)
    for day in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
    )
)


def is_nothing(text: str) -> bool:
    """True for an empty cell, also as databases export it."""
    return text.strip().lower() in NOTHING


def read_moment(text: str) -> datetime | None:
    """« 2026-12-01T09:30:00Z », « 01/12/2026 9h30 », « 1.12.26 » → an aware instant; None when it is none.

    Without a zone it is Europe/Paris, without a clock midnight there. A day comes before its month.
    """
    text = " ".join(text.split())
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _loose(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)


def _loose(text: str) -> datetime | None:
    match = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    if match is None:
        return None
    parts = {name: int(value or 0) for name, value in match.groupdict().items()}
    if parts["year"] < 100:
        parts["year"] += 2000
    try:
        return datetime(**parts, tzinfo=PARIS)
    except ValueError:
        return None
