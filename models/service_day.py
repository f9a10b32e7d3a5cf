"""A date and its clock, right on the two days a year when the clock changes.

Times of a round are whole seconds since noon minus 12 hours, as GTFS counts them: 28,800 is 8 a.m. on
the wall clock of every day, also on the two days whose midnight is an hour nearer or farther.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.errors import InputError

PARIS = ZoneInfo("Europe/Paris")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def today() -> date:
    """The date in Paris now."""
    return datetime.now(PARIS).date()


@dataclass(frozen=True, order=True, slots=True)
class ServiceDay:
    """One day of rounds, and the bridge between its seconds and aware datetimes."""

    date: date

    @property
    def zero(self) -> datetime:
        """Noon minus 12 elapsed hours, in UTC: the instant that second 0 stands for."""
        noon = datetime(self.date.year, self.date.month, self.date.day, 12, tzinfo=PARIS)
        return noon.astimezone(UTC) - timedelta(hours=12)

    def at(self, second: int) -> datetime:
        """Seconds of this day → aware datetime in Europe/Paris."""
        return (self.zero + timedelta(seconds=second)).astimezone(PARIS)

    def second(self, instant: datetime) -> int:
        """Aware datetime → whole seconds of this day, rounded down (negative before its zero)."""
        if instant.tzinfo is None:
            raise ValueError("a naive datetime has no place in a service day")
        return (instant - self.zero) // timedelta(seconds=1)


@dataclass(frozen=True, order=True, slots=True)
class IsoWeek:
    """An ISO 8601 week, written 2026-W49."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)

    @classmethod
    def parse(cls, text: str) -> "IsoWeek":
        """Read "2026-W49"; InputError says what a week looks like."""
        match = _WEEK.fullmatch(text.strip())
        try:
            if match:
                return cls(int(match[1]), int(match[2]))
        except ValueError:
            pass
        raise InputError(
            f"La semaine « {text} » n'existe pas. "
            "Écrivez l'année et le numéro de semaine, par exemple 2026-W49."
        )

    @classmethod
    def of(cls, day: date) -> "IsoWeek":
        """The week that holds a date."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    def next(self) -> "IsoWeek":
        return IsoWeek.of(self.monday + timedelta(days=7))

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def days(self) -> tuple[ServiceDay, ...]:
        """Monday to Sunday."""
        return tuple(ServiceDay(self.monday + timedelta(days=k)) for k in range(7))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"
