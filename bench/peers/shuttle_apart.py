"""How far apart the visits of a shuttle's day are, in money, and how much each fills its day."""

import numpy as np
import numpy.typing as npt

from routing.objective import MC
from routing.problem import WeekProblem

Floats = npt.NDArray[np.float64]

COMPANIONS = 2  # how many nearest visits of the same day count
_DAY_S = 24 * 3600.0
_CLOSED = (1e15, -1e15)  # a window that nothing meets


def apart(problem: WeekProblem, day: int) -> Floats:
    """Driving and waiting between two visits, at best of both sequences and all windows, shape (n, n), in mc.

    Where no window lets one follow the other, what is missed is paid like a wait, up to a day.
    """
    seconds, metres = _between(problem)
    ready = np.array([stop.service_s for stop in problem.stops], np.float64)[:, None] + seconds
    wait = np.full(seconds.shape, _DAY_S)
    openings = _openings(problem, day)
    for early_a, late_a in openings:
        for early_b, late_b in openings:
            lull = np.maximum(0.0, early_b[None, :] - ready - late_a[:, None])
            missed = np.maximum(0.0, early_a[:, None] + ready - late_b[None, :])
            wait = np.minimum(wait, lull + missed)
    second_mc, metre_mc = _tariffs(problem)
    one_way = second_mc * (seconds + wait) + metre_mc * metres
    return np.asarray(np.minimum(one_way, one_way.T), np.float64)


def fills(problem: WeekProblem) -> Floats:
    """How much a visit fills its day, shape (n, 2): seconds, the drive there included, and crates."""
    seconds, _ = _between(problem)
    drives = np.sort(seconds, axis=1)[:, 1 : 1 + COMPANIONS]
    drive = drives.mean(axis=1) if drives.shape[1] else np.zeros(len(problem.stops))
    stay = np.array([stop.service_s for stop in problem.stops], np.float64) + drive
    load = np.array([max(stop.deliver, stop.collect) for stop in problem.stops], np.float64)
    return np.stack([stay, load], axis=1)


def rooms(problem: WeekProblem) -> Floats:
    """What the shifts of each day can do, shape (days, 2): seconds and crates."""
    room = np.zeros((problem.days, 2))
    for shift in problem.shifts:
        room[shift.day] += (shift.window.late - shift.window.early, shift.capacity)
    return room


def _between(problem: WeekProblem) -> tuple[Floats, Floats]:
    """(seconds, metres) between stops, shape (n, n)."""
    places = np.array([stop.place for stop in problem.stops], np.intp)
    grid = np.ix_(places, places)
    return problem.travel.seconds[grid].astype(np.float64), problem.travel.metres[grid].astype(np.float64)


def _openings(problem: WeekProblem, day: int) -> list[tuple[Floats, Floats]]:
    """The first windows of all stops, then the second ones, …: (early, late), each of shape (n,)."""
    windows = [stop.windows[day] for stop in problem.stops]
    found = []
    for k in range(max(map(len, windows), default=0)):
        edges = [(w[k].early, w[k].late) if k < len(w) else _CLOSED for w in windows]
        early, late = np.array(edges, np.float64).T
        found.append((early, late))
    return found


def _tariffs(problem: WeekProblem) -> tuple[float, float]:
    """Mean prices of a second and of a metre, in mc."""
    shifts = problem.shifts
    hour = sum(shift.hour_cents for shift in shifts) / max(1, len(shifts))
    return hour * MC / 3600, sum(shift.km_cents for shift in shifts) / max(1, len(shifts))
