"""The referee: verifies an answer from the problem alone, sharing no arithmetic with what produced it.

It trusts neither the engine nor `schedule`: times are walked again leg by leg, loads added again, days
counted again. One complaint is enough for an `EngineError`; `complaints` lists them all.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from models.errors import EngineError
from routing.problem import Shift, WeekProblem
from routing.schedule import Schedule
from routing.solution import Solution, Unassigned


def check(
    problem: WeekProblem,
    solution: Solution,
    timed: Mapping[int, Schedule],
    unassigned: tuple[Unassigned, ...],
) -> None:
    """EngineError, with every complaint, unless the answer keeps everything that the problem asks."""
    found = complaints(problem, solution, timed, unassigned)
    if found:
        raise EngineError("Le plan calculé ne tient pas et a été refusé : " + " ; ".join(found))


def complaints(
    problem: WeekProblem,
    solution: Solution,
    timed: Mapping[int, Schedule],
    unassigned: tuple[Unassigned, ...],
) -> list[str]:
    """Everything that the answer does not keep, in plain words; empty when it stands."""
    found = _visits(problem, solution, unassigned)
    seen = [route.shift for route in solution.routes]
    if len(set(seen)) != len(seen):
        found.append("a shift carries two routes")
    for route in solution.routes:
        shift = problem.shifts[route.shift]
        if not route.stops:
            found.append(f"{shift.id}: an empty route")
            continue
        clock = timed.get(route.shift)
        if clock is None or tuple(halt.stop for halt in clock.halts) != route.stops:
            found.append(f"{shift.id}: the schedule is not of this route")
            continue
        found += _clock(problem, shift, clock) + _legs(problem, shift, clock)
        found += _pause(shift, clock) + _loads(problem, shift, clock)
    return found + _locks(problem, solution)


def _visits(problem: WeekProblem, solution: Solution, unassigned: tuple[Unassigned, ...]) -> list[str]:
    if len(solution.patterns) != len(problem.stops):
        return ["one pattern per stop"]
    found = []
    made = Counter((stop, problem.shifts[r.shift].day) for r in solution.routes for stop in r.stops)
    owed: Counter[tuple[int, int]] = Counter()
    missing = {}
    for index, (stop, choice) in enumerate(zip(problem.stops, solution.patterns, strict=True)):
        if not 0 <= choice < len(stop.patterns):
            found.append(f"{stop.id}: no such pattern")
            continue
        owed.update((index, day) for day in stop.patterns[choice].days)
        if stop.patterns[choice].missing:
            missing[index] = stop.patterns[choice].missing
    for index, day in (made - owed) + (owed - made):
        found.append(f"{problem.stops[index].id}: day {day} is visited {made[index, day]} times, not once")
    if missing != {entry.stop: entry.missing for entry in unassigned} or len(missing) != len(unassigned):
        found.append("visits are missing without a reason, or have a reason without missing")
    return found


def _clock(problem: WeekProblem, shift: Shift, clock: Schedule) -> list[str]:
    found = []
    place, now = shift.start, clock.start_s
    if now < shift.window.early:
        found.append(f"{shift.id}: leaves before the shift")
    for k, halt in enumerate(clock.halts):
        stop = problem.stops[halt.stop]
        now += _drive(problem, shift, place, stop.place)
        earliest = now
        if clock.pause and clock.pause[0] == k:
            earliest = now + clock.pause_s
        if halt.arrival_s < earliest or halt.begin_s < halt.arrival_s:
            found.append(f"{shift.id}: {stop.id} is served before the van can be there")
        if not any(w.early <= halt.begin_s <= w.late for w in stop.windows[shift.day]):
            found.append(f"{shift.id}: {stop.id} is served outside its windows")
        now = halt.begin_s + stop.setup_s + (stop.deliver + stop.collect) * stop.handling_s
        if halt.end_s != now:
            found.append(f"{shift.id}: service at {stop.id} has the wrong length")
        place = stop.place
    now += _drive(problem, shift, place, shift.end)
    if clock.pause and clock.pause[0] == len(clock.halts):
        now += clock.pause_s
    if shift.max_duty_s is not None and clock.end_s - clock.start_s - clock.pause_s > shift.max_duty_s:
        found.append(f"{shift.id}: on the road longer than a duty may be")
    if clock.end_s < now or clock.end_s > shift.window.late:
        found.append(f"{shift.id}: home at {clock.end_s}, want {now} to {shift.window.late}")
    return found


def _drive(problem: WeekProblem, shift: Shift, origin: int, destination: int) -> int:
    hundredfold = int(problem.travel.seconds[origin, destination]) * 100
    return (hundredfold + shift.speed_percent // 2) // shift.speed_percent


def _pause(shift: Shift, clock: Schedule) -> list[str]:
    rest = shift.pause
    if clock.pause is None and not clock.pause_s:
        if rest is None or clock.end_s <= rest.window.late:
            return []
        rested = clock.start_s >= rest.window.early + rest.length_s
        return [] if rested else [f"{shift.id}: no pause is taken"]
    if rest is None or clock.pause is None or clock.pause_s != rest.length_s:
        return [f"{shift.id}: a pause that nobody asked for"]
    leg, begin = clock.pause
    if not 0 <= leg <= len(clock.halts):
        return [f"{shift.id}: the pause stands on no leg"]
    left = clock.halts[leg - 1].end_s if leg else clock.start_s
    arrived = clock.halts[leg].arrival_s if leg < len(clock.halts) else clock.end_s
    fits = max(left, rest.window.early) <= begin <= rest.window.late and begin + rest.length_s <= arrived
    return [] if fits else [f"{shift.id}: the pause does not fit where it stands"]


def _legs(problem: WeekProblem, shift: Shift, clock: Schedule) -> list[str]:
    places = [shift.start, *(problem.stops[halt.stop].place for halt in clock.halts), shift.end]
    told = [*((halt.leg_s, halt.leg_m) for halt in clock.halts), (clock.leg_back_s, clock.leg_back_m)]
    driven = [(_drive(problem, shift, a, b), int(problem.travel.metres[a, b])) for a, b in pairwise(places)]
    return [] if told == driven else [f"{shift.id}: a leg is not what the roads say"]


def _loads(problem: WeekProblem, shift: Shift, clock: Schedule) -> list[str]:
    aboard = sum(problem.stops[halt.stop].deliver for halt in clock.halts)
    found = [] if aboard == clock.load_start else [f"{shift.id}: leaves with the wrong load"]
    peak = aboard
    for halt in clock.halts:
        stop = problem.stops[halt.stop]
        aboard = aboard - stop.deliver + stop.collect
        peak = max(peak, aboard)
        if aboard != halt.load_after:
            found.append(f"{shift.id}: wrong load after {stop.id}")
    if peak != clock.load_peak:
        found.append(f"{shift.id}: wrong peak load")
    if peak > shift.capacity:
        found.append(f"{shift.id}: {peak} crates aboard, {shift.capacity} fit")
    return found


def _locks(problem: WeekProblem, solution: Solution) -> list[str]:
    found = []
    where = {}
    for route in solution.routes:
        shift = problem.shifts[route.shift]
        if shift.locked is not None and shift.locked != route.stops:
            found.append(f"{shift.id}: was locked to another order")
        for k, index in enumerate(route.stops):
            where[index, shift.day] = (route.shift, k)
            allowed = problem.stops[index].shifts
            if allowed is not None and route.shift not in allowed:
                found.append(f"{shift.id}: may not serve {problem.stops[index].id}")
    for lock in problem.positions:
        at = where.get((lock.stop, problem.shifts[lock.shift].day))
        if at and at[0] == lock.shift and at[1] != lock.position:
            found.append(f"{problem.stops[lock.stop].id}: not at its locked position")
    for pair in problem.pairs:
        for day in range(problem.days):
            a, b = where.get((pair.first, day)), where.get((pair.second, day))
            if a and b and (a[0] != b[0] or a[1] > b[1]):
                found.append(f"day {day}: a locked pair is apart or the wrong way round")
    return found
