"""Opening hours as people say them: « mercredi de 13 h 30 à 15 h 30, samedi de 10 h à 12 h »."""

from itertools import groupby

from maps.words import WEEKDAYS, clock, listing
from models.opening import open_windows
from models.service_day import IsoWeek
from models.values import DAY_S, TimeWindow

_ORDINARY = IsoWeek(2026, 49)  # no public holiday: what a week usually is


def spoken(opening: str) -> str:
    """An OSM `opening_hours` string → its usual week in French; « jamais » when it is never open."""
    week = [
        (name, open_windows(opening, day.date)) for name, day in zip(WEEKDAYS, _ORDINARY.days, strict=True)
    ]
    runs = [(windows, [name for name, _ in days]) for windows, days in groupby(week, key=lambda one: one[1])]
    said = [f"{_days(names)} {_spans(windows)}" for windows, names in runs if windows]
    return ", ".join(said) or "jamais"


def _days(names: list[str]) -> str:
    if len(names) > 2:
        return f"du {names[0]} au {names[-1]}"
    return " et ".join(names)


def _spans(windows: tuple[TimeWindow, ...]) -> str:
    if windows == (TimeWindow(0, DAY_S),):
        return "à toute heure"
    return listing(f"de {clock(window.early)} à {clock(window.late)}" for window in windows)
