"""A public instance → the planner's own problem, and its answer back.

The planner counts in whole units: figures are multiplied by a power of ten and rounded on the safe side.
Times go up and limits down, so that what keeps the clock in integers keeps it in double precision; distances,
which only cost, go to the nearest. Hours and vehicles are free, a kilometre costs a cent: the cost is the
distance.
"""

import math
from dataclasses import dataclass

import numpy as np

from bench.instance import Customer, Instance, Week
from models.values import Coordinates, TimeWindow
from routing.problem import Pattern, Shift, Stop, WeekProblem
from routing.solution import Solution
from routing.travel import TravelMatrix, TravelStamp

_LARGEST = 1_000_000_000  # two such times add up within an int32; no absence is dearer than that, in mc
_FINEST = 1_000_000
_EXACT = 1e-6  # of a scaled unit: the noise of a double product, not a duration to round up
_ABSENCE = 20  # a visit not made costs so many times the longest distance
_MC_PER_CENT = 1000  # a metre at a cent per kilometre costs a thousandth of a cent


@dataclass(frozen=True, slots=True)
class Scale:
    """Units per unit of the file, for distances and times, and for loads."""

    distance: int
    load: int

    def up(self, figure: float) -> int:
        return math.ceil(figure * self.distance - _EXACT)

    def down(self, figure: float) -> int:
        return math.floor(figure * self.distance + _EXACT)


def as_week(instance: Instance) -> WeekProblem:
    """The same problem in integers. Stop k is `customers[k]`; any may be left out, at a great price."""
    scale = scale_of(instance)
    days = range(instance.days)
    shifts = tuple(_shift(instance, scale, day, k) for day in days for k in range(instance.vehicles))
    return WeekProblem(
        days=instance.days,
        stops=tuple(_stop(instance, scale, k, customer) for k, customer in enumerate(instance.customers)),
        shifts=shifts,
        travel=_travel(instance, scale),
    )


def as_published(instance: Instance, problem: WeekProblem, solution: Solution) -> Week:
    """The tours of each day in the file's own customer numbers."""
    tours: list[list[tuple[int, ...]]] = [[] for _ in range(instance.days)]
    for route in solution.routes:
        numbers = tuple(instance.customers[stop].number for stop in route.stops)
        tours[problem.shifts[route.shift].day].append(numbers)
    return tuple(tuple(day) for day in tours)


def scale_of(instance: Instance) -> Scale:
    """The finest powers of ten that keep every figure well within an int32.

    That goes for the longest day and for the price of an absence, so that no engine's own idea of an
    impossible price is reached.
    """
    longest = max(span_of(instance), _ABSENCE * float(instance.distance.max()), 1.0)
    distance = _FINEST
    while distance > 1 and longest * distance > _LARGEST:
        distance //= 10
    loads = [load for customer in instance.customers for load in (customer.deliver, customer.collect)]
    load = next((k for k in (1, 10, 100) if all(float(figure * k).is_integer() for figure in loads)), 1000)
    return Scale(distance, load)


def span_of(instance: Instance) -> float:
    """The latest that anyone need be home: the depot's closing, or what no sensible tour outlasts."""
    if math.isfinite(instance.horizon[1]):
        return instance.horizon[1]
    if not instance.has_windows and all(math.isfinite(limit) for limit in instance.max_duration):
        return max(instance.max_duration)
    latest = [c.window[1] if math.isfinite(c.window[1]) else c.window[0] for c in instance.customers]
    farthest = np.sort(instance.distance.max(axis=1))[::-1]
    services = sorted((customer.service for customer in instance.customers), reverse=True)
    most = _most_visits(instance)
    return max(latest, default=0.0) + float(farthest[: most + 1].sum()) + sum(services[:most])


def _most_visits(instance: Instance) -> int:
    """How many visits one tour can make at most, by what they bring or take."""
    counts = []
    for loads in ([c.deliver for c in instance.customers], [c.collect for c in instance.customers]):
        filled = np.cumsum(np.sort(np.array(loads, np.float64)))
        counts.append(int((filled <= max(instance.capacity) + _EXACT).sum()))
    return min(counts, default=0)


def _shift(instance: Instance, scale: Scale, day: int, vehicle: int) -> Shift:
    limit = instance.max_duration[day]
    opening, closing = instance.horizon[0], span_of(instance)
    duty: int | None = None
    if math.isfinite(limit):
        if instance.has_windows or opening:
            duty = scale.down(limit)
        else:
            closing = min(closing, limit)  # nothing opens late: leaving at once is as short as leaving later
    total = sum(max(c.deliver, c.collect) for c in instance.customers)
    capacity = instance.capacity[day] if math.isfinite(instance.capacity[day]) else 2 * total
    return Shift(
        id=f"day {day} vehicle {vehicle}",
        vehicle=f"vehicle {vehicle}",
        driver=f"driver {vehicle}",
        day=day,
        start=0,
        end=0,
        window=TimeWindow(scale.up(opening), scale.down(closing)),
        capacity=math.floor(capacity * scale.load + _EXACT),
        km_cents=1,
        max_duty_s=duty,
    )


def _stop(instance: Instance, scale: Scale, index: int, customer: Customer) -> Stop:
    early, late = customer.window
    opens, closes = scale.up(early), scale.down(min(late, span_of(instance)))
    windows = (TimeWindow(opens, closes),) if opens <= closes else ()
    owed = min(len(pattern) for pattern in customer.patterns)
    absence = math.ceil(_ABSENCE * max(1.0, float(instance.distance.max())) * scale.distance / _MC_PER_CENT)
    nobody = Pattern(days=(), missing=owed, missing_cents=owed * absence)
    return Stop(
        id=str(customer.number),
        place=index + 1,
        patterns=(nobody, *(Pattern(days=days) for days in customer.patterns if days)),
        windows=(windows,) * instance.days,
        deliver=math.ceil(customer.deliver * scale.load - _EXACT),
        collect=math.ceil(customer.collect * scale.load - _EXACT),
        setup_s=scale.up(customer.service),
    )


def _travel(instance: Instance, scale: Scale) -> TravelMatrix:
    scaled = instance.distance * scale.distance
    points = (Coordinates(lon=0.0, lat=0.0),) * len(scaled)
    if instance.coordinates is not None:  # shrunk on to a globe: engines may look at where places lie
        shrunk = instance.coordinates / max(1.0, float(np.abs(instance.coordinates).max()))
        points = tuple(Coordinates(lon=float(x), lat=float(y)) for x, y in shrunk)
    return TravelMatrix(
        ids=("depot", *(str(customer.number) for customer in instance.customers)),
        points=points,
        seconds=np.ceil(scaled - _EXACT).astype(np.int32),
        metres=np.rint(scaled).astype(np.int32),
        stamp=TravelStamp(
            graph=instance.name,
            source="public instance",
            source_date="",
            speed_profile="one unit of distance per unit of time",
            licence="",
        ),
    )
