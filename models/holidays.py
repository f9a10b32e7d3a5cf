"""French public holidays, by name."""

from datetime import date
from functools import lru_cache

from models.service_day import IsoWeek


def public_holidays(week: IsoWeek) -> dict[date, str]:
    """The public holidays of a week (mainland France, without Alsace-Moselle's), in date order."""
    return {day.date: name for day in week.days if (name := public_holiday(day.date))}


def public_holiday(day: date) -> str | None:
    """The name of the public holiday of a date, « Lundi de Pâques », None on other days."""
    return _of_year(day.year).get(day)


@lru_cache(maxsize=64)
def _of_year(year: int) -> dict[date, str]:
    # The package takes 0.4 s to import: only those who ask for a holiday pay for it.
    from holidays import country_holidays  # noqa: PLC0415

    return dict(country_holidays("FR", years=year, language="fr"))
