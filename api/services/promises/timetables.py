"""Plans and the network's calendar → the timetable that promises are made from. No database here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.network.values import Access, Network, Site, SiteKind
from models.plan import Plan, Round, Visit, visit_refs
from models.service_day import IsoWeek, ServiceDay
from models.values import TimeWindow
from routing.promise.timetable import Basis, Call, Place, Run, Span, Timetable

_IN_PERSON = frozenset({Access.OPENING, Access.STAFF})  # when the driver is received, somebody is there


@dataclass(frozen=True, kw_only=True, slots=True)
class Weeks:
    """Which weeks a timetable knows, from the day `first` on, `count` of them. `published` are the rounds of
    weeks with a plan, `template` those of the ordinary week that holds in all others."""

    first: date
    count: int
    published: Mapping[IsoWeek, Sequence[Round]]
    template: Sequence[Round] = ()

    @property
    def each(self) -> list[IsoWeek]:
        monday = IsoWeek.of(self.first).monday
        return [IsoWeek.of(monday + timedelta(weeks=k)) for k in range(self.count)]

    @property
    def days(self) -> list[date]:
        """From `first` to the last Sunday."""
        last = self.each[-1].days[-1].date
        return [self.first + timedelta(days=k) for k in range((last - self.first).days + 1)]


def timetable_of(network: Network, weeks: Weeks) -> Timetable:
    """Every round from the first day on.

    A published round stands, but for its calls at sites that have been closed since. A round of the ordinary
    week is driven in a week without a plan where van and driver work and its calls are received, at the same
    times of day: the rules by which it is laid on a week (`api.services.plans.apply`), without new clocks.
    """
    dated = [(tour, Basis.PUBLISHED) for week in weeks.each for tour in _published(network, weeks, week)]
    dated += [(tour, Basis.TEMPLATE) for week in weeks.each for tour in _projected(network, weeks, week)]
    places = _places(network, weeks.days, [tour for tour, _ in dated])
    index = {place.code: k for k, place in enumerate(places)}
    capacities = {vehicle.id: vehicle.capacity for vehicle in network.vehicles}
    made = (_run(tour, basis, index, capacities.get(tour.vehicle)) for tour, basis in dated)
    runs = sorted((run for run in made if run is not None), key=lambda run: (run.start_at, run.code))
    return Timetable(
        places=tuple(places),
        runs=tuple(runs),
        cut_off_s=network.rules.cut_off_s,
        sorting_s=network.rules.sorting_s,
        sorts_on_road=bool(network.rules.sorts_on_road),
        from_at=_at(weeks.days[0], 0),
        until_at=_at(weeks.days[-1] + timedelta(days=1), 0),
    )


def repeated(network: Network, plan: Plan, count: int = 8) -> Timetable:
    """A plan as if it came back every week of a year without closures: to compare plans."""
    weeks = Weeks(first=plan.week.monday, count=count, published={}, template=plan.rounds)
    return timetable_of(network.ordinary(), weeks)


def _published(network: Network, weeks: Weeks, week: IsoWeek) -> Iterable[Round]:
    closed = {site.id: site for site in network.sites}
    for tour in weeks.published.get(week, ()):
        depot = closed.get(tour.start_site)
        if tour.date < weeks.first or (depot is not None and depot.closed(tour.date)):
            continue
        yield _without(
            tour, {v.site for v in tour.visits if v.site in closed and closed[v.site].closed(tour.date)}
        )


def _projected(network: Network, weeks: Weeks, week: IsoWeek) -> Iterable[Round]:
    if week in weeks.published:
        return
    sites = {site.id: site for site in network.sites}
    for tour in weeks.template:
        day = week.days[tour.date.weekday()].date
        if day < weeks.first or not _driven(network, tour, day):
            continue
        away = {v.site for v in tour.visits if v.site not in sites or not sites[v.site].shuttle_windows(day)}
        code = tour.id.replace(str(IsoWeek.of(tour.date)), str(week))
        yield _without(replace(tour, id=code, date=day), away)


def _driven(network: Network, tour: Round, day: date) -> bool:
    """Whether the van and the driver of a round work at its hours on a date."""
    drivers = {driver.id: driver for driver in network.drivers}
    driver = drivers.get(tour.driver)
    if driver is None or driver.vehicle != tour.vehicle:
        return False
    hours = TimeWindow(tour.start_s, tour.end_s)
    return any(span.meet(hours) for span in network.spans(driver, day))


def _without(tour: Round, sites: set[str]) -> Round:
    """A round without its calls at some sites; the names of the others stay (`~2` counts all calls)."""
    return tour if not sites else replace(tour, visits=tuple(v for v in tour.visits if v.site not in sites))


def _run(tour: Round, basis: Basis, index: Mapping[str, int], capacity: int | None) -> Run | None:
    """None for a round whose times do not follow one another: nobody can rely on it."""
    zero = _at(tour.date, 0)
    calls = tuple(
        Call(
            site=index[visit.site],
            ref=ref,
            early_at=zero + visit.announced.early,
            late_at=zero + visit.announced.late,
            begin_at=zero + visit.begin_s,
            end_at=zero + max(visit.end_s, visit.begin_s + 1),
            room=_has_room(visit, capacity),
        )
        for ref, visit in zip(visit_refs(tour), tour.visits, strict=True)
        if visit.site in index
    )
    try:
        return Run(
            code=tour.id,
            start=index[tour.start_site],
            end=index[tour.end_site],
            start_at=zero + tour.start_s,
            end_at=zero + tour.end_s,
            calls=calls,
            room=capacity is None or tour.load_start <= capacity,
            basis=basis,
        )
    except ValueError:
        return None


def _has_room(visit: Visit, capacity: int | None) -> bool:
    """Whether crates can be taken along: those that the plan foresees, or one more."""
    if capacity is None:
        return True
    return visit.load_after < capacity or (visit.collect > 0 and visit.load_after == capacity)


def _places(network: Network, days: Sequence[date], rounds: Iterable[Round]) -> list[Place]:
    """The network's sites; then depots that rounds still start from and the network no longer has."""
    depots = {site for tour in rounds for site in (tour.start_site, tour.end_site)}
    known = [
        _place(site, days, depot=site.kind is SiteKind.DEPOT or site.id in depots) for site in network.sites
    ]
    gone = sorted(depots - {place.code for place in known})
    return [*known, *(Place(code=code, depot=True) for code in gone)]


def _place(site: Site, days: Sequence[date], *, depot: bool) -> Place:
    return Place(
        code=site.id,
        depot=depot,
        ready=None if depot else _spans(site, days, staffed=site.access in _IN_PERSON),
        opens=_spans(site, days, staffed=False),
    )


def _spans(site: Site, days: Sequence[date], *, staffed: bool) -> tuple[Span, ...] | None:
    """When readers may come; `staffed`: or when the driver is received. None where no hours are known."""
    if not site.opening and not any(season.opening for season in site.seasons):
        return None
    found: list[Span] = []
    for day in days:
        windows = {*site.public_windows(day), *(site.shuttle_windows(day) if staffed else ())}
        for window in sorted(window for window in windows if window.early < window.late):
            early_at, late_at = _at(day, window.early), _at(day, window.late)
            if found and found[-1].late_at >= early_at:
                last = found.pop()
                early_at, late_at = last.early_at, max(last.late_at, late_at)
            found.append(Span(early_at, late_at))
    return tuple(found)


def _at(day: date, second: int) -> int:
    return int(ServiceDay(day).zero.timestamp()) + second
