"""Where a draft is worked on: orders in, clocks, violations and prices out, each round by itself.

A desk is made for one week on one state of the network, and remembers every round that it has timed.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from api.services.assemble import (
    WeekAsked,
    announced,
    begin_windows,
    half_day,
    pause_owed,
    waiting_cents,
)
from api.services.explain import notes_of
from api.services.folder import Territory
from api.services.plans.habit import Told, moved_days
from api.services.plans.layout import Layout, Outing
from models.network.values import Site
from models.plan import Pause, Round, Unplanned, Visit
from models.service_day import IsoWeek
from models.values import TimeWindow
from routing.objective import MC, Cost, cost_of_schedule
from routing.problem import Pair, Pattern, Shift, Stop, WeekProblem
from routing.schedule import Schedule, schedule
from routing.solution import Route

_REMEMBERED = 4000
_TAKEN_OUT = "Retiré du planning par la coordination."


@dataclass(frozen=True, kw_only=True, slots=True)
class Timed:
    """A round with its clock, and what it costs."""

    tour: Round
    cost: Cost


class Desk:
    """`asked` is the week as the engine would be asked for it, `told` what libraries are used to; `former`
    sites are archived."""

    def __init__(
        self, territory: Territory, asked: WeekAsked, told: Told, former: frozenset[str] = frozenset()
    ) -> None:
        self.territory = territory
        self.network = territory.network
        self.asked = asked
        self.week: IsoWeek = asked.week
        self._told = told
        self.former = former
        self._lock = threading.Lock()
        self._timed: OrderedDict[Outing, Timed] = OrderedDict()
        self._windows: dict[tuple[str, date], tuple[TimeWindow, ...]] = {}
        self._shifts = {
            (shift.day, shift.vehicle, shift.driver, shift.window): shift for shift in asked.problem.shifts
        }

    @property
    def possible(self) -> tuple[Shift, ...]:
        """Every round that somebody could drive this week."""
        return self.asked.problem.shifts

    def timed(self, outing: Outing) -> Timed:
        """The clock, loads, violations and price of one round, in the order given."""
        with self._lock:
            found = self._timed.get(outing)
            if found is not None:
                self._timed.move_to_end(outing)
                return found
        made = self._time(outing)
        with self._lock:
            self._timed[outing] = made
            if len(self._timed) > _REMEMBERED:
                self._timed.popitem(last=False)
        return made

    def cost_cents(self, layout: Layout) -> dict[str, int]:
        """What a week costs, term by term, in whole cents; terms of overrides only when there are any."""
        total = Cost()
        for outing in layout.outings:
            total += self.timed(outing).cost
        total += self._cost_of_days(layout)
        names = ("rounds", "hours", "distance", "waiting", "habit", "missing", "lateness", "overload")
        cents = {name: (getattr(total, f"{name}_mc") + MC // 2) // MC for name in names}
        return {name: value for name, value in cents.items() if value or name in names[:4]}

    def unplanned(self, layout: Layout) -> tuple[Unplanned, ...]:
        """Visits owed and not in the layout, with the reason that the layout knows."""
        made = days_of(layout)
        found = []
        for site in self.asked.served:
            missing = site.visits_per_week - len(made.get(site.id, ()))
            if missing > 0:
                reason = layout.reasons.get(site.id, _TAKEN_OUT)
                found.append(Unplanned(site=site.id, missing=missing, reason=reason))
        return tuple(found)

    @property
    def estimated(self) -> tuple[str, ...]:
        """The sites without road times of their own."""
        travel = self.territory.travel
        return tuple(i for i, guess in zip(travel.ids, travel.estimated, strict=True) if guess)

    def windows(self, site: str, day: date) -> tuple[TimeWindow, ...]:
        """When service may begin at a site on a date."""
        key = (site, day)
        if key not in self._windows:
            found = self.network.site(site).shuttle_windows(day)
            self._windows[key] = tuple(begin_windows(found, self.network.rules))
        return self._windows[key]

    def _cost_of_days(self, layout: Layout) -> Cost:
        made = days_of(layout)
        total = Cost()
        for site in self.asked.served:
            total += self.cost_of_days(site, made.get(site.id, frozenset()))
        return total

    def cost_of_days(self, site: Site, days: frozenset[int]) -> Cost:
        """What it costs to visit a site on these weekdays, whoever drives."""
        rules, told = self.network.rules, self._told.get(site.id, {})
        return Cost(
            waiting_mc=MC * waiting_cents(site, rules, tuple(sorted(days))),
            habit_mc=MC * rules.habit_cents * moved_days(days, frozenset(told)),
            missing_mc=MC * rules.missed_visit_cents * max(0, site.visits_per_week - len(days)),
        )

    def question(self, outing: Outing) -> tuple[WeekProblem, Route]:
        """A round as a problem of one day, a stop per call in the order given, and the order itself.

        Where a departure was asked for, one more stop holds it back: last of the problem, first of the order.
        """
        return self._problem(outing, self._shift(outing))

    def _time(self, outing: Outing) -> Timed:
        problem, route = self.question(outing)
        clock = schedule(problem, route)
        cost = cost_of_schedule(problem, clock)
        if outing.departure_s is not None:
            clock = _without_start(clock)
        return Timed(tour=self._round(outing, clock), cost=cost)

    def _shift(self, outing: Outing) -> Shift:
        """The possible round that this one is; one made up where nobody would drive it."""
        network = self.network
        vehicle, driver = network.vehicle(outing.vehicle), network.driver(outing.driver)
        known = self._shifts.get((outing.day.weekday(), vehicle.id, driver.id, outing.window))
        if known is not None:
            return replace(known, id=outing.code, day=0, locked=None)
        depot = self.territory.travel.index[vehicle.depot]
        return Shift(
            id=outing.code,
            vehicle=vehicle.id,
            driver=driver.id,
            day=0,
            start=depot,
            end=depot,
            window=outing.window,
            capacity=vehicle.capacity,
            speed_percent=vehicle.speed_percent,
            fixed_cents=vehicle.run_cents,
            hour_cents=driver.hour_cents,
            km_cents=vehicle.km_cents,
            pause=pause_owed(driver, outing.window),
        )

    def _crew_notes(self, outing: Outing, clock: Schedule) -> tuple[str, ...]:
        """What is to be said when the driver does not work with that van at those hours."""
        mine = (outing.day.weekday(), outing.vehicle, outing.driver)
        windows = [window for (*whose, window) in self._shifts if tuple(whose) == mine]
        hours = TimeWindow(clock.start_s, max(clock.start_s, clock.end_s))
        if outing.window in windows or any(hours.meet(window) == hours for window in windows):
            before = outing.departure_s is not None and outing.departure_s < outing.window.early
            return ("part avant l'heure de service",) if before and outing.window in windows else ()
        driver, vehicle = self.network.driver(outing.driver), self.network.vehicle(outing.vehicle)
        return (f"{driver.name} ne conduit pas {vehicle.name} ce jour-là à ces heures",)

    def _problem(self, outing: Outing, shift: Shift) -> tuple[WeekProblem, Route]:
        """A problem of this round alone: a stop per call, so that a site may be called at twice."""
        stops = [self._stop(k, outing) for k in range(len(outing.calls))]
        rank = {call.key: k for k, call in enumerate(outing.calls) if call.key}
        pairs = [
            Pair(first=rank[call.after], second=k)
            for k, call in enumerate(outing.calls)
            if call.after in rank and rank[call.after] != k
        ]
        order = tuple(range(len(stops)))
        if outing.departure_s is not None:  # a halt at the depot that begins at that very second
            at = outing.departure_s
            stops.append(_bare("", shift.start, (TimeWindow(at, at),)))
            order = (len(stops) - 1, *order)
            shift = replace(shift, window=TimeWindow(min(at, shift.window.early), shift.window.late))
        problem = WeekProblem(
            days=1,
            stops=tuple(stops),
            shifts=(shift,),
            travel=self.territory.travel,
            pairs=tuple(pairs),
            habit_tolerance_s=self.network.rules.habit_tolerance_s,
        )
        return problem, Route(0, order)

    def _stop(self, index: int, outing: Outing) -> Stop:
        call, rules = outing.calls[index], self.network.rules
        told = self._told.get(call.site, {}).get(outing.day.weekday())
        stop = _bare(
            f"{index} {call.site}",
            self.territory.travel.index[call.site],
            self.windows(call.site, outing.day),
        )
        return replace(
            stop,
            deliver=call.deliver,
            collect=call.collect,
            setup_s=rules.setup_s,
            handling_s=rules.handling_s,
            announced=(told,),
            habit_cents=rules.habit_cents,
        )

    def _round(self, outing: Outing, clock: Schedule) -> Round:
        vehicle = self.network.vehicle(outing.vehicle)
        return Round(
            id=outing.code,
            label=f"{half_day(TimeWindow(clock.start_s, clock.end_s))} · {vehicle.name}",
            date=outing.day,
            vehicle=outing.vehicle,
            driver=outing.driver,
            start_site=vehicle.depot,
            end_site=vehicle.depot,
            start_s=clock.start_s,
            end_s=clock.end_s,
            shift=outing.window,
            visits=tuple(self._visit(outing, clock, k) for k in range(len(outing.calls))),
            pause=clock.pause and Pause(after=clock.pause[0], begin_s=clock.pause[1], length_s=clock.pause_s),
            leg_back_s=clock.leg_back_s,
            leg_back_m=clock.leg_back_m,
            load_start=clock.load_start,
            load_peak=clock.load_peak,
            load_end=clock.halts[-1].load_after if clock.halts else clock.load_start,
            notes=(*notes_of(clock, None), *self._crew_notes(outing, clock)),
        )

    def _visit(self, outing: Outing, clock: Schedule, index: int) -> Visit:
        call, halt = outing.calls[index], clock.halts[index]
        former = call.site in self.former
        return Visit(
            number=index + 1,
            site=call.site,
            arrival_s=halt.arrival_s,
            begin_s=halt.begin_s,
            end_s=halt.end_s,
            window=halt.window or TimeWindow(halt.begin_s, halt.begin_s),
            announced=announced(self.network.rules, halt.begin_s),
            leg_s=halt.leg_s,
            leg_m=halt.leg_m,
            deliver=call.deliver,
            collect=call.collect,
            load_after=halt.load_after,
            notes=(*notes_of(clock, index), *(("n'est plus dans le réseau",) if former else ())),
        )


def _bare(name: str, place: int, windows: tuple[TimeWindow, ...]) -> Stop:
    return Stop(id=name, place=place, patterns=(Pattern(days=()),), windows=(windows,))


def _without_start(clock: Schedule) -> Schedule:
    """A clock without the halt that held its departure back."""
    pause = clock.pause and (max(0, clock.pause[0] - 1), clock.pause[1])
    violations = tuple(
        one if one.halt is None else replace(one, halt=one.halt - 1)
        for one in clock.violations
        if one.halt != 0
    )
    return replace(clock, halts=clock.halts[1:], pause=pause, violations=violations)


def days_of(layout: Layout) -> Mapping[str, frozenset[int]]:
    """site → the weekdays on which it is visited."""
    found: dict[str, set[int]] = {}
    for outing in layout.outings:
        for call in outing.calls:
            found.setdefault(call.site, set()).add(outing.day.weekday())
    return {site: frozenset(days) for site, days in found.items()}
