"""The next eight weeks of a library: what is published, and what the ordinary week lets one expect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from api.repositories import library
from api.repositories.library import Usual
from api.repositories.visits_by_date import published_weeks
from api.services.library import phrases
from maps import words
from models.holidays import public_holiday
from models.network.values import Network, Site
from models.service_day import IsoWeek, ServiceDay

WEEKS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A visit, published or expected by habit. `stays_away` says why the shuttle does not come after all."""

    day: date
    early_at: datetime
    late_at: datetime
    sure: bool
    stays_away: str = ""

    @property
    def day_words(self) -> str:
        return words.capital(words.day(self.day))

    @property
    def window(self) -> str:
        return phrases.window(self.early_at, self.late_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """One week. `published`: its plan is; the calls of others are those of the ordinary week."""

    week: IsoWeek
    published: bool
    calls: tuple[Call, ...]

    @property
    def label(self) -> str:
        """« du 30 novembre au 6 décembre »."""
        return words.week(self.week).partition(", ")[2].removesuffix(str(self.week.days[6].date.year)).strip()


def coming_weeks(
    session: Session, network: Network, site: str, published: Sequence[Call], at: datetime
) -> tuple[Week, ...]:
    """Eight weeks from the one of `at` on; `published` are the visits that people were told."""
    today = phrases.iso_today(at)
    weeks = [IsoWeek.of(today + timedelta(days=7 * k)) for k in range(WEEKS)]
    told = published_weeks(session, {str(week) for week in weeks})
    usual = library.usual_calls(session, site)
    described = next((one for one in network.sites if one.id == site), None)
    return tuple(
        _week(week, told=str(week) in told, calls=published, usual=usual, where=(described, network, today))
        for week in weeks
    )


def published_calls(arrivals: Sequence[tuple[date, datetime, datetime]], site: Site | None) -> list[Call]:
    """Published visits, each with what is known against it."""
    return [
        Call(day=day, early_at=early, late_at=late, sure=True, stays_away=_away(site, day))
        for day, early, late in arrivals
    ]


def _week(
    week: IsoWeek,
    *,
    told: bool,
    calls: Sequence[Call],
    usual: Sequence[Usual],
    where: tuple[Site | None, Network, date],
) -> Week:
    if told:
        own = tuple(call for call in calls if IsoWeek.of(call.day) == week)
        return Week(week=week, published=True, calls=own)
    site, network, today = where
    expected = [_by_habit(week, one, site, network) for one in usual]
    return Week(week=week, published=False, calls=tuple(one for one in expected if one.day >= today))


def _by_habit(week: IsoWeek, one: Usual, site: Site | None, network: Network) -> Call:
    day: ServiceDay = week.days[one.weekday]
    return Call(
        day=day.date,
        early_at=day.at(one.early),
        late_at=day.at(one.late),
        sure=False,
        stays_away=_away(site, day.date) or _no_rounds(network, day.date),
    )


def _away(site: Site | None, day: date) -> str:
    """Why the shuttle does not call at a site on a date, as far as its calendar says."""
    closure = site.closed(day) if site else None
    if closure is not None:
        return f"fermeture ({closure.reason})" if closure.reason else "fermeture"
    holiday = public_holiday(day)
    if holiday and site and not site.shuttle_windows(day):
        return f"jour férié ({holiday})"
    return ""


def _no_rounds(network: Network, day: date) -> str:
    """Whether anybody drives at all on a date."""
    if any(network.spans(driver, day) for driver in network.drivers):
        return ""
    return public_holiday(day) or "pas de tournée"
