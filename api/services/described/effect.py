"""What a closure does to what was published, before anybody accepts it: visits lost, waits, other places."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import Session

from api.repositories.visits_by_date import (
    Told,
    published_weeks,
    template_visits,
    visit_days,
    visits_between,
)
from api.services.assemble import assemble
from api.services.described.moves import Move, Saved, Week
from api.services.folder import Territory
from api.services.territory import Territories
from models.errors import InputError, NotFound, RoadDataError
from models.holidays import public_holiday
from models.network.calendar import Closure
from models.network.values import Network
from models.school_holidays import SchoolHoliday, known_until, school_holidays
from models.service_day import IsoWeek

LONGEST_DAYS = 370
AHEAD = timedelta(days=60)  # how far the next visit is looked for
MOST_MOVED = 60  # visits for which other places are looked for: a whole summer needs no list of moves


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """A published visit that falls on a closure. `next_day` is the site's next visit that still stands, None
    when none is published; `documents` wait for it. `moves` are other places in its week."""

    told: Told
    site_name: str
    next_day: date | None
    documents: int
    saved: Saved | None
    moves: tuple[Move, ...]

    @property
    def waiting_days(self) -> int | None:
        return (self.next_day - self.told.round.day).days if self.next_day else None

    @property
    def move(self) -> Move | None:
        """What is proposed: the first move that breaks nothing, unless readers are served as soon without."""
        clean = next((move for move in self.moves if move.clean), None)
        if clean is None or (self.next_day is not None and self.next_day <= clean.day):
            return None
        return clean


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What closing a site, or the whole network, does to what was published.

    `unmoved` counts lost visits for which no other place was looked for; `expected` the visits of the
    ordinary week that fall on the closure in weeks without a published plan.
    """

    site: str | None
    closure: Closure
    holidays: tuple[tuple[date, str], ...]
    school: tuple[SchoolHoliday, ...]
    school_known: bool
    lost: tuple[Lost, ...]
    unmoved: int
    expected: int

    @property
    def rounds(self) -> tuple[str, ...]:
        """The rounds concerned, by code, in time order."""
        return tuple(dict.fromkeys(one.told.round.code for one in self.lost))


def effect_of(
    session: Session, territories: Territories, site: str | None, closure: Closure, today: date
) -> Effect:
    """The effect of a closure on the published plans; nothing is stored.

    InputError when it is longer than a year, NotFound when there is no such site.
    """
    if (closure.last - closure.first).days > LONGEST_DAYS:
        raise InputError("Cette fermeture dure plus d'un an : archivez plutôt le lieu.")
    before = _opened(session, territories)
    territory = _closed(before, site, closure)
    told = visits_between(session, None if site is None else [site], closure.first, closure.last)
    return Effect(
        site=site,
        closure=closure,
        holidays=days_named(closure),
        school=school_holidays(closure.first, closure.last),
        school_known=closure.last <= known_until(),
        lost=tuple(_losses(session, territory, closure, told, today)),
        unmoved=max(0, len(told) - MOST_MOVED),
        expected=_expected(session, before.network, site, closure),
    )


def _opened(session: Session, territories: Territories) -> Territory:
    try:
        return territories.open(session)
    except (RoadDataError, NotFound) as error:
        raise InputError(f"L'effet d'une fermeture ne peut pas être calculé. {error}") from error


def _closed(territory: Territory, site: str | None, closure: Closure) -> Territory:
    """The territory as it would be with the closure."""
    network = territory.network
    if site is None:
        after = replace(network, closures=(*network.closures, closure))
    else:
        if site not in {one.id for one in network.sites}:
            raise NotFound(f"Le lieu « {site} » n'existe pas, ou il est archivé.")
        after = _with(network, site, closure)
    return replace(territory, network=after)


def _with(network: Network, site: str, closure: Closure) -> Network:
    sites = (
        replace(one, closures=(*one.closures, closure)) if one.id == site else one for one in network.sites
    )
    return replace(network, sites=tuple(sites))


def _expected(session: Session, network: Network, site: str | None, closure: Closure) -> int:
    usual = template_visits(session, site)
    if not usual:
        return 0
    days = _days(closure)
    planned = published_weeks(session, {str(IsoWeek.of(day)) for day in days})
    free = [day for day in days if str(IsoWeek.of(day)) not in planned]
    sites = {one.id: one for one in network.sites}
    return sum(
        day.weekday() == weekday and code in sites and bool(sites[code].shuttle_windows(day))
        for day in free
        for code, weekday in usual
    )


def _days(closure: Closure) -> list[date]:
    return [closure.first + timedelta(days=k) for k in range((closure.last - closure.first).days + 1)]


def days_named(closure: Closure) -> tuple[tuple[date, str], ...]:
    """The public holidays among some days, in order."""
    return tuple((day, name) for day in _days(closure) if (name := public_holiday(day)))


def _losses(
    session: Session, territory: Territory, closure: Closure, told: Sequence[Told], today: date
) -> list[Lost]:
    if not told:
        return []
    sites = {one.visit.site for one in told}
    days = visit_days(session, sites, told[0].round.day - timedelta(days=7), closure.last + AHEAD)
    weeks = _weeks(session, territory, told[:MOST_MOVED])
    reckoning = _Reckoning(territory.network, closure, weeks, today)
    return [reckoning.lost(one, days[one.visit.site]) for one in told]


def _weeks(session: Session, territory: Territory, told: Sequence[Told]) -> dict[IsoWeek, Week]:
    """The weeks that visits are lost in, each with all its published rounds."""
    wanted = sorted({IsoWeek.of(one.round.day) for one in told})
    sunday = wanted[-1].days[6].date
    by_week: dict[IsoWeek, list[Told]] = defaultdict(list)
    for one in visits_between(session, None, wanted[0].monday, sunday):
        by_week[IsoWeek.of(one.round.day)].append(one)
    return {
        week: Week(assemble(territory.network, territory.travel, week), _in_order(by_week[week]))
        for week in wanted
    }


def _in_order(told: Sequence[Told]) -> list[Told]:
    return sorted(told, key=lambda one: (one.round.day, one.round.code, one.visit.number))


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """What one lost visit means; `days` are those on which its site is visited, as published."""

    network: Network
    closure: Closure
    weeks: Mapping[IsoWeek, Week]
    today: date

    def lost(self, told: Told, days: Sequence[date]) -> Lost:
        site, day = told.visit.site, told.round.day
        standing = [one for one in days if one not in self.closure]
        week = self.weeks.get(IsoWeek.of(day))
        described = next((one for one in self.network.sites if one.id == site), None)
        return Lost(
            told=told,
            site_name=described.name if described else site,
            next_day=next((one for one in standing if one > day), None),
            documents=described.weekly_documents // max(1, described.visits_per_week) if described else 0,
            saved=week.saved(told) if week else None,
            moves=week.moves(site, frozenset(standing), self._from(day)) if week else (),
        )

    def _from(self, day: date) -> date:
        """The first day to move to: today; none is too early when the visit itself is history."""
        return self.today if day >= self.today else date.min
