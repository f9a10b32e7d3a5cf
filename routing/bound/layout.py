"""One way of driving one kind of round, as arrays that the compiled pricing reads.

Stops are counted within the group. Prices are int64 in the unit of `routing.bound.units`.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.bound.groups import Group, Way
from routing.bound.units import PER_CENT, leaving_price, metre_price, second_price
from routing.problem import Stop, WeekProblem

Ints = npt.NDArray[np.int64]
NEVER = 2**40  # seconds: a bound that nothing reaches
FAR = 2**61  # the same for prices


class Layout(NamedTuple):
    """What does not change from one pricing to the next. n stops, w windows in all, g neighbours each.

    A stop's windows are `early[opening[i]:opening[i + 1]]` and so on: its windows of the day, cut where
    the price of an announced time begins and ends, so that each has one `charge`.
    """

    leg: Ints  # [n, n] seconds
    out: Ints  # [n] seconds from the depot
    back: Ints  # [n] seconds to the depot
    leg_price: Ints  # [n, n]
    out_price: Ints  # [n]: leaving at all, and the way there
    back_price: Ints  # [n]
    service: Ints  # [n]
    nearest_home: Ints  # [n]: the least seconds from the beginning of service to being home, by any way
    opening: Ints  # [n + 1]
    early: Ints  # [w]
    late: Ints  # [w]
    charge: Ints  # [w]
    deliver: Ints  # [n]
    collect: Ints  # [n]
    capacity: int
    opens: int
    closes: int
    longest: int
    second_price: int
    rest_s: int
    rest_early: int
    rest_late: int
    resting: bool
    near: Ints  # [n, g]: the stops that a stop remembers, itself first, -1 beyond
    bit: Ints  # [n, n]: the place of a stop among those that another remembers, -1 for none


def lay_out(problem: WeekProblem, group: Group, way: Way, near: Ints) -> Layout:
    """The arrays of a way; `near` says which stops each of the group remembers (see `neighbours`)."""
    shift = problem.shifts[group.shift]
    stops = [problem.stops[k] for k in group.stops]
    places = np.array([stop.place for stop in stops], np.int64)
    seconds = np.array(problem.seconds(group.shift), np.int64)
    metres = np.array(problem.metres, np.int64) * metre_price(shift)
    legs, back = seconds[np.ix_(places, places)], seconds[places, shift.end]
    service = np.array([stop.service_s for stop in stops], np.int64)
    return Layout(
        leg=legs,
        out=seconds[shift.start, places],
        back=back,
        leg_price=metres[np.ix_(places, places)],
        out_price=metres[shift.start, places] + leaving_price(shift),
        back_price=metres[places, shift.end],
        service=service,
        nearest_home=_nearest_home(legs, back, service),
        **_windows(problem, stops, group.day),
        deliver=np.array([stop.deliver for stop in stops], np.int64),
        collect=np.array([stop.collect for stop in stops], np.int64),
        capacity=shift.capacity,
        opens=way.window.early,
        closes=way.window.late,
        longest=NEVER if shift.max_duty_s is None else shift.max_duty_s,
        second_price=second_price(shift),
        rest_s=shift.pause.length_s if shift.pause and way.resting else 0,
        rest_early=shift.pause.window.early if shift.pause else 0,
        rest_late=shift.pause.window.late if shift.pause else 0,
        resting=way.resting,
        near=near,
        bit=_bits(near),
    )


def recall(layout: Layout, near: Ints) -> Layout:
    """The same way, with another memory."""
    return layout._replace(near=near, bit=_bits(near))


def _nearest_home(legs: Ints, back: Ints, service: Ints) -> Ints:
    """Rough roads may lead home sooner by way of another stop: shortest paths, stops served on the way."""
    home: Ints = service + back
    while True:
        shorter = np.minimum(home, service + (legs + home[None, :]).min(axis=1, initial=NEVER))
        if (shorter == home).all():
            return home
        home = shorter


def _windows(problem: WeekProblem, stops: list[Stop], day: int) -> dict[str, Ints]:
    opening, pieces = [0], []
    for stop in stops:
        pieces += _pieces(stop, day, problem.habit_tolerance_s)
        opening.append(len(pieces))
    array = np.array(pieces, np.int64).reshape(-1, 3)
    columns = [np.ascontiguousarray(array[:, k]) for k in range(3)]
    return {
        "opening": np.array(opening, np.int64),
        **dict(zip(("early", "late", "charge"), columns, strict=True)),
    }


def _pieces(stop: Stop, day: int, tolerance_s: int) -> list[tuple[int, int, int]]:
    """(early, late, price) of each window, cut at the ends of what was announced."""
    told = stop.announced[day] if stop.announced else None
    price = stop.habit_cents * PER_CENT
    if told is None or not price:
        return [(w.early, w.late, 0) for w in stop.windows[day]]
    first, last = told - tolerance_s, told + tolerance_s
    parts = ((-NEVER, first - 1, price), (first, last, 0), (last + 1, NEVER, price))
    cut = [(max(w.early, a), min(w.late, b), p) for w in stop.windows[day] for a, b, p in parts]
    return [(early, late, p) for early, late, p in cut if early <= late]


def _bits(near: Ints) -> Ints:
    n = len(near)
    bit = np.full((n, n), -1, np.int64)
    for i in range(n):
        for place, other in enumerate(near[i]):
            if other >= 0:
                bit[i, other] = place
    return bit
