"""Dated departures from the ordinary week: closures, absences, seasons. Both ends of each are included."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """From `first` to `last`, both included; ValueError when they are the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"days end before they begin: {self.first}, {self.last}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, other: "Days") -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, kw_only=True, slots=True)
class Closure(Days):
    """Days on which a place is closed, to readers and to the shuttle."""

    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence(Days):
    """Days without a driver, or without a vehicle."""

    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Season(Days):
    """Days on which other hours hold. An empty text keeps the ordinary ones; « off » is never open."""

    label: str = ""
    opening: str = ""
    shuttle_hours: str = ""


def covers(spans: Iterable[Days], day: date) -> bool:
    """Whether any of the spans holds that day."""
    return any(day in span for span in spans)


def season_on(seasons: Iterable[Season], day: date) -> Season | None:
    """The season of a date, None in the ordinary year; where two overlap, the one that began last."""
    holding = [season for season in seasons if day in season]
    return max(holding, key=lambda season: season.first, default=None)
