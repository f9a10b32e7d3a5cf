"""The exact clock of one order, compiled: what `routing.timing` computes, for orders that keep everything."""

from typing import TYPE_CHECKING, Any

from numba import njit

from routing.engines.periodic.cache import forget_if_changed
from routing.engines.periodic.layout import TO_S, Layout
from routing.engines.periodic.state import Scratch

forget_if_changed()
# Nothing is allocated in the kernel, so numba need not count who holds which array: counting them at every
# call, one by one, took longer than the work itself (83 ns a call against 3).
if TYPE_CHECKING:  # numba's own types know nothing of that option
    compiled, inlined = njit(nogil=True), njit(nogil=True)
else:
    compiled = njit(cache=True, nogil=True, _nrt=False)
    inlined = njit(cache=True, nogil=True, _nrt=False, forceinline=True)


@compiled
def duty_of(p: Layout, z: Scratch, s: int, stops: Any, count: int) -> tuple[int, float]:
    """(shortest duty in seconds, price of announced times not kept) of an order; (-1, 0) when late.

    `stops[:count]` is the order on shift row `s`.
    """
    begins, openings, legs = z.begins, z.openings, z.legs
    _legs(p, s, stops, count, legs)
    if p.pause_s[s] == 0:
        return _best_from(p, s, stops, count, legs, begins, openings, p.opens[s], -1, False)
    best, habit = _best_from(p, s, stops, count, legs, begins, openings, p.opens[s], -1, True)
    rested = max(p.opens[s], p.pause_early[s] + p.pause_s[s])
    duty, price = _best_from(p, s, stops, count, legs, begins, openings, rested, -1, False)
    if duty >= 0 and (best < 0 or duty < best):
        best, habit = duty, price
    for leg in range(count + 1):
        duty, price = _best_from(p, s, stops, count, legs, begins, openings, p.opens[s], leg, False)
        if duty >= 0 and (best < 0 or duty < best):
            best, habit = duty, price
    return best, habit


@compiled
def _best_from(
    p: Layout,
    s: int,
    stops: Any,
    count: int,
    legs: Any,
    begins: Any,
    openings: Any,
    start: int,
    pause_leg: int,
    unowed: bool,
) -> tuple[int, float]:
    """The best clock that leaves at `start` or later, the pause on a leg (-1: not on the road).

    With `unowed`, only clocks that owe no pause.
    """
    best, habit = -1, 0.0
    day = p.day[s]
    rest = p.pause_s[s] if pause_leg >= 0 else 0
    while True:
        end = _run(p, s, stops, count, legs, begins, openings, start, pause_leg)
        if end < 0:
            return best, habit
        start = _latest_start(p, s, stops, count, legs, openings, end, pause_leg)
        end = _run(p, s, stops, count, legs, begins, openings, start, pause_leg)
        duty = int(end - start - rest)
        owes = end > p.pause_late[s] and start < p.pause_early[s] + p.pause_s[s]
        if (best < 0 or duty < best) and not (unowed and owes):
            best, habit = duty, _habit(p, day, stops, count, begins)
        jump = -1
        for k in range(count):
            if openings[k] + 1 < p.windows[stops[k], day]:
                wanted = p.late[stops[k], day, openings[k]] - begins[k] + 1
                if jump < 0 or wanted < jump:
                    jump = wanted
        if jump < 0:
            return best, habit
        start += jump


@inlined
def _legs(p: Layout, s: int, stops: Any, count: int, legs: Any) -> None:
    at, speed = p.start[s], p.speed[s]
    for k in range(count):
        legs[k] = p.way[speed, at, p.place[stops[k]], TO_S]
        at = p.place[stops[k]]
    legs[count] = p.way[speed, at, p.end[s], TO_S]


@inlined
def _run(
    p: Layout,
    s: int,
    stops: Any,
    count: int,
    legs: Any,
    begins: Any,
    openings: Any,
    start: int,
    pause_leg: int,
) -> int:
    """Serve every stop as soon as it can be: the return, -1 when anything is late."""
    clock, day = start, p.day[s]
    for k in range(count + 1):
        if k == pause_leg:
            if clock > p.pause_late[s]:
                return -1
            clock = max(clock + legs[k], p.pause_early[s]) + p.pause_s[s]
        else:
            clock += legs[k]
        if k == count:
            break
        stop = stops[k]
        opening = 0
        while opening < p.windows[stop, day] and p.late[stop, day, opening] < clock:
            opening += 1
        if opening == p.windows[stop, day]:
            return -1
        clock = max(clock, p.early[stop, day, opening])
        begins[k], openings[k] = clock, opening
        clock += p.service[stop]
    return int(clock) if clock <= p.closes[s] else -1


@inlined
def _latest_start(
    p: Layout,
    s: int,
    stops: Any,
    count: int,
    legs: Any,
    openings: Any,
    end: int,
    pause_leg: int,
) -> int:
    """The latest departure that comes home at `end`; the openings are those of an earlier one."""
    reach, day = end, p.day[s]
    for k in range(count, -1, -1):
        if k == pause_leg:
            reach = min(reach - p.pause_s[s] - legs[k], p.pause_late[s])
        else:
            reach -= legs[k]
        if k == 0:
            return int(reach)
        stop = stops[k - 1]
        begin, opening = reach - p.service[stop], openings[k - 1]
        while opening + 1 < p.windows[stop, day] and p.early[stop, day, opening + 1] <= begin:
            opening += 1
        reach = min(begin, p.late[stop, day, opening])
    return reach


@inlined
def _habit(p: Layout, day: int, stops: Any, count: int, begins: Any) -> float:
    total = 0.0
    for k in range(count):
        told = p.told[stops[k], day]
        if told >= 0 and abs(begins[k] - told) > p.tolerance:
            total += p.habit_mc[stops[k]]
    return total
