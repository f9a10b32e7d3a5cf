"""A week of opening as spans of minutes, written as an OSM `opening_hours` string."""

import hashlib
from collections.abc import Mapping

Span = tuple[int, int]  # minutes since midnight, begin and end
Week = Mapping[int, tuple[Span, ...]]  # by weekday, 0 for Monday; spans sorted and apart

_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = range(6)
WEEKDAYS = range(5)


def draw(seed: str, choices: int) -> int:
    """A number in [0, choices) that depends on the seed alone: villages differ, runs do not."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % choices


def weekly_minutes(week: Week) -> int:
    """How long a place is open in a week without holidays."""
    return sum(end - begin for spans in week.values() for begin, end in spans)


def union(*weeks: Week) -> Week:
    """Open when any of the weeks is; touching spans become one."""
    days = sorted({day for week in weeks for day in week})
    return {day: _merged([span for week in weeks for span in week.get(day, ())]) for day in days}


def weekdays_only(week: Week) -> Week:
    """Monday to Friday."""
    return {day: spans for day, spans in week.items() if day in WEEKDAYS}


def daily(days: str, spans: tuple[Span, ...]) -> Week:
    """The same spans on each day of « Mo,We »."""
    return {_NAMES.index(day): spans for day in days.split(",")}


def opening_hours(week: Week) -> str:
    """« Tu,Fr 16:00-18:00; We 14:00-17:00; PH off »: days with equal spans together, by first day."""
    groups: dict[tuple[Span, ...], list[int]] = {}
    for day in sorted(week):
        if week[day]:
            groups.setdefault(week[day], []).append(day)
    rules = [f"{_days(days)} {','.join(_text(span) for span in spans)}" for spans, days in groups.items()]
    return "; ".join([*rules, "PH off"])


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def _days(days: list[int]) -> str:
    """Three days or more in a row as a range, others listed."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        f"{_NAMES[run[0]]}-{_NAMES[run[-1]]}" if len(run) > 2 else ",".join(_NAMES[day] for day in run)
        for run in runs
    )


def _text(span: Span) -> str:
    begin, end = span
    return f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"
