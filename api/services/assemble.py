"""Between what is described and what is thought: network, roads and week → problem; result → plan.

All mapping between records and thoughts stands here and in `explain`, gladly.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations

from api.services.explain import notes_of, reason_of
from models.holidays import public_holidays
from models.network.values import Driver, Network, Rules, Site, SiteKind
from models.plan import Pause, Plan, Round, RunStamp, Unplanned, Visit
from models.service_day import IsoWeek
from models.values import TimeWindow
from routing.objective import MC
from routing.problem import Break, Pattern, Shift, Stop, WeekProblem
from routing.schedule import Halt, Schedule
from routing.screen import servable_days
from routing.solve import Result
from routing.travel import TravelMatrix

DAYS = 7
_SHORT_DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_SPAN_IDS = {"matin": "matin", "après-midi": "aprem", "journée": "jour"}
_NOON_S = 12 * 3600
_EMPTY_WEEK_WAIT_DAYS = 7  # a week without a visit: the next one is a week farther for everything


@dataclass(frozen=True, kw_only=True, slots=True)
class Unkept:
    """A lock that cannot hold this week: the code of a round or the ref of a visit, and a French sentence."""

    what: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekAsked:
    """A week to plan: `served[k]` is the site that stop k of the problem stands for. `unkept` are locks that
    the problem does not hold, because nothing could."""

    week: IsoWeek
    network: Network
    problem: WeekProblem
    served: tuple[Site, ...]
    unkept: tuple[Unkept, ...] = ()


def assemble(network: Network, travel: TravelMatrix, week: IsoWeek) -> WeekAsked:
    """The week problem of a network: libraries that are owed visits, and the spans that drivers give.

    `travel` must know every site of the network.
    """
    served = tuple(s for s in network.sites if s.kind is not SiteKind.DEPOT and s.visits_per_week > 0)
    days = [day.date for day in week.days]
    bare = WeekProblem(
        days=DAYS,
        stops=tuple(_bare_stop(site, network.rules, travel, days) for site in served),
        shifts=tuple(_shifts(network, travel, week)),
        travel=travel,
        habit_tolerance_s=network.rules.habit_tolerance_s,
    )
    stops = tuple(
        replace(stop, patterns=tuple(_patterns(site, network.rules, servable_days(bare, k))))
        for k, (site, stop) in enumerate(zip(served, bare.stops, strict=True))
    )
    return WeekAsked(week=week, network=network, problem=replace(bare, stops=stops), served=served)


def _bare_stop(site: Site, rules: Rules, travel: TravelMatrix, days: list[date]) -> Stop:
    """A stop that does not yet say on which days it may be visited: that depends on who can reach it."""
    return Stop(
        id=site.id,
        place=travel.index[site.id],
        patterns=(Pattern(days=()),),
        windows=tuple(tuple(_begin_windows(site.shuttle_windows(day), rules)) for day in days),
        deliver=site.deliver,
        collect=site.collect,
        setup_s=rules.setup_s,
        handling_s=rules.handling_s,
    )


def _begin_windows(windows: Iterable[TimeWindow], rules: Rules) -> Iterable[TimeWindow]:
    """Openings without their last minutes, in which nobody likes to see a van arrive."""
    for window in windows:
        yield TimeWindow(window.early, max(window.early, window.late - rules.closing_margin_s))


def _patterns(site: Site, rules: Rules, days_left: list[int]) -> Iterable[Pattern]:
    """Every set of the days left, up to the visits owed; the gap binds as long as some set keeps it."""
    owed = site.visits_per_week
    for count in range(min(owed, len(days_left)) + 1):
        sets = list(combinations(days_left, count))
        spaced = [days for days in sets if min(_gaps(days), default=DAYS) >= site.min_gap_days]
        for days in spaced or sets:
            yield Pattern(
                days=days,
                waiting_cents=_waiting_cents(site, rules, days),
                missing=owed - count,
                missing_cents=(owed - count) * rules.missed_visit_cents,
            )


def _gaps(days: tuple[int, ...]) -> list[int]:
    """Days from each visit to the next, round the week; they sum to 7."""
    return [(b - a) % DAYS or DAYS for a, b in zip(days, days[1:] + days[:1], strict=True)]


def _waiting_cents(site: Site, rules: Rules, days: tuple[int, ...]) -> int:
    """A document asked for at any moment of the week waits Σ g²/(2·7) days on average."""
    document_days = site.weekly_documents * rules.reader_day_cents
    if not days:
        return document_days * _EMPTY_WEEK_WAIT_DAYS
    return document_days * sum(gap * gap for gap in _gaps(days)) // (2 * DAYS)


def _shifts(network: Network, travel: TravelMatrix, week: IsoWeek) -> Iterable[Shift]:
    """Each span in which a driver works and the van may run is one possible round."""
    taken: set[str] = set()
    for day, service_day in enumerate(week.days):
        for driver in network.drivers:
            vehicle = network.vehicle(driver.vehicle)
            for span in network.spans(driver, service_day.date):
                name = f"{week}-{_SHORT_DAYS[day]}-{_SPAN_IDS[half_day(span)]}-{vehicle.id}"
                while name in taken:
                    name += "-bis"
                taken.add(name)
                depot = travel.index[vehicle.depot]
                yield Shift(
                    id=name,
                    vehicle=vehicle.id,
                    driver=driver.id,
                    day=day,
                    start=depot,
                    end=depot,
                    window=span,
                    capacity=vehicle.capacity,
                    speed_percent=vehicle.speed_percent,
                    fixed_cents=vehicle.run_cents,
                    hour_cents=driver.hour_cents,
                    km_cents=vehicle.km_cents,
                    pause=_pause(driver, span),
                )


def _pause(driver: Driver, span: TimeWindow) -> Break | None:
    """A break is owed in a span that holds its whole window."""
    window = driver.break_window
    if not window or not driver.break_s or window.early < span.early or window.late > span.late:
        return None
    return Break(window=window, length_s=driver.break_s)


def half_day(span: TimeWindow) -> str:
    """« matin », « après-midi » or « journée »: how people name a span."""
    if span.late <= _NOON_S + 3600:
        return "matin"
    return "après-midi" if span.early >= _NOON_S else "journée"


def plan_of(asked: WeekAsked, result: Result, run: RunStamp, created_at: datetime) -> Plan:
    """The plan that people receive, from a verified result."""
    timed = [result.schedules[k] for k in sorted(result.schedules, key=lambda k: _starts(result, k))]
    rounds = tuple(_round(asked, result.problem, schedule) for schedule in timed)
    travel = result.problem.travel
    unplanned = tuple(
        Unplanned(
            site=asked.served[entry.stop].id,
            missing=entry.missing,
            reason=reason_of(asked.served[entry.stop], entry, asked.week),
        )
        for entry in result.unassigned
    )
    return Plan(
        week=asked.week,
        network=asked.network.id,
        created_at=created_at,
        rounds=rounds,
        unplanned=unplanned,
        cost_cents=_cents(result),
        holidays=public_holidays(asked.week),
        estimated_sites=tuple(i for i, guess in zip(travel.ids, travel.estimated, strict=True) if guess),
        run=run,
    )


def _starts(result: Result, shift: int) -> tuple[int, int, str]:
    given = result.problem.shifts[shift]
    return (given.day, result.schedules[shift].start_s, given.id)


def _cents(result: Result) -> dict[str, int]:
    """Terms in whole cents, those of overrides only when there are any."""
    names = ("rounds", "hours", "distance", "waiting", "habit", "missing", "lateness", "overload")
    always = names[:4]
    cents = {name: (getattr(result.cost, f"{name}_mc") + MC // 2) // MC for name in names}
    return {name: value for name, value in cents.items() if value or name in always}


def _round(asked: WeekAsked, problem: WeekProblem, timed: Schedule) -> Round:
    shift = problem.shifts[timed.route.shift]
    network = asked.network
    day = asked.week.days[shift.day]
    vehicle = network.vehicle(shift.vehicle)
    return Round(
        id=shift.id,
        label=f"{half_day(TimeWindow(timed.start_s, timed.end_s))} · {vehicle.name}",
        date=day.date,
        vehicle=shift.vehicle,
        driver=shift.driver,
        start_site=problem.travel.ids[shift.start],
        end_site=problem.travel.ids[shift.end],
        start_s=timed.start_s,
        end_s=timed.end_s,
        shift=shift.window,
        visits=tuple(_visit(asked, problem, timed, k, halt) for k, halt in enumerate(timed.halts)),
        pause=timed.pause and Pause(after=timed.pause[0], begin_s=timed.pause[1], length_s=timed.pause_s),
        leg_back_s=timed.leg_back_s,
        leg_back_m=timed.leg_back_m,
        load_start=timed.load_start,
        load_peak=timed.load_peak,
        load_end=timed.halts[-1].load_after if timed.halts else timed.load_start,
        notes=notes_of(timed, None),
    )


def _visit(asked: WeekAsked, problem: WeekProblem, timed: Schedule, k: int, halt: Halt) -> Visit:
    stop = problem.stops[halt.stop]
    return Visit(
        number=k + 1,
        site=asked.served[halt.stop].id,
        arrival_s=halt.arrival_s,
        begin_s=halt.begin_s,
        end_s=halt.end_s,
        window=halt.window or TimeWindow(halt.begin_s, halt.begin_s),
        announced=announced(asked.network.rules, halt.begin_s),
        leg_s=halt.leg_s,
        leg_m=halt.leg_m,
        deliver=stop.deliver,
        collect=stop.collect,
        load_after=halt.load_after,
        notes=notes_of(timed, k),
    )


def announced(rules: Rules, begin_s: int) -> TimeWindow:
    """What a library is told of a planned second: a frame around it, rounded outwards."""
    step = rules.announce_round_s
    early = (begin_s - rules.announce_before_s) // step * step
    late = -(-(begin_s + rules.announce_after_s) // step) * step
    return TimeWindow(early, late)
