"""What a round remembers about itself, so that one more stop is priced in constant time.

After Vidal, Crainic, Gendreau and Prins (2013), a piece of a round is known by its shortest duration and the
earliest and latest start that reach it; joining two pieces is a few additions. Several windows a day are held
to the openings of the round's best clock for *durations*; for *feasibility*, `ready` and `reach` are exact.
"""

from typing import Any

from routing.engines.periodic.clock import compiled, duty_of, inlined
from routing.engines.periodic.layout import NEVER, TO_M, TO_S, Layout
from routing.engines.periodic.state import Scratch, Week

Piece = tuple[int, int, int]  # shortest duration, earliest and latest start that reach it


@compiled
def refresh(p: Layout, w: Week, z: Scratch, s: int, q: int) -> bool:
    """Recompute all that slot `q` remembers of a round of shift `s`; False when it cannot be driven."""
    count, order = w.halts[q], w.order[q]
    w.last_stamp[0] += 1.0
    w.stamp[q] = w.last_stamp[0]
    w.price[q] = w.habit[q] = 0.0
    w.duty[q] = w.work[q] = 0
    metres = _forward(p, w, s, q)
    if metres < 0 or not _backward(p, w, s, q):
        return False
    if p.timed[s]:
        _pieces(p, w, z, s, q)
    if count == 0:
        return True
    work, habit = w.work[q], 0.0
    duty = work
    if p.timed[s]:
        home = (0, p.opens[s], p.closes[s])
        whole = join(
            (w.before[q, count, 0], w.before[q, count, 1], w.before[q, count, 2]), w.leg[q, count], home
        )
        duty = whole[0]
        if p.exact or (p.several and duty != work) or (p.pause_s[s] and owes_pause(p, s, whole)):
            duty, habit = duty_of(p, z, s, order, count)
        if duty < 0 or duty > p.longest[s]:
            return False
    w.duty[q] = duty
    w.habit[q] = habit
    w.price[q] = p.fixed_mc[s] + p.second_mc[s] * duty + p.metre_mc[s] * metres + habit
    return True


@inlined
def join(first: Piece, travel: int, second: Piece) -> Piece:
    """The piece made of two and the drive between; a duration of -1 when the second cannot begin in time."""
    delta = first[0] + travel
    if first[1] + delta > second[2]:
        return -1, first[1], first[2]
    wait = max(second[1] - delta - first[2], 0)
    return delta + wait + second[0], max(second[1] - delta, first[1]) - wait, min(second[2] - delta, first[2])


@inlined
def owes_pause(p: Layout, s: int, whole: Piece) -> bool:
    """Whether a round owes its pause on the road whenever it starts; a piece that cannot be driven does."""
    if whole[0] < 0:
        return True
    home_before = whole[1] + whole[0] <= p.pause_late[s]
    return bool(not home_before and whole[2] < p.pause_early[s] + p.pause_s[s])


@inlined
def begin_from(p: Layout, stop: int, day: int, arrival: int) -> int:
    """When service begins after an arrival; NEVER when the day's last window has passed."""
    for opening in range(p.windows[stop, day]):
        if arrival <= p.late[stop, day, opening]:
            return int(max(arrival, p.early[stop, day, opening]))
    return NEVER


@inlined
def _forward(p: Layout, w: Week, s: int, q: int) -> int:
    """Legs, loads and `ready`, from the depot on; the metres of the round, -1 when it cannot be driven.

    Pauses are left out: they only ever delay, and `duty_of` has the last word on rounds that owe one.
    """
    count, order, day, speed = w.halts[q], w.order[q], p.day[s], p.speed[s]
    stand, leg, leg_m = w.stand[q], w.leg[q], w.leg_m[q]
    load = 0
    for k in range(count):
        load += p.deliver[order[k]]
    most = load
    w.highest[q, 0, 0] = w.highest[q, 0, 1] = load
    clock, at, metres, work = p.opens[s], p.start[s], 0, 0
    w.ready[q, 0], stand[0] = clock, at
    for k in range(count):
        stop = order[k]
        place = p.place[stop]
        leg[k], leg_m[k] = p.way[speed, at, place, TO_S], p.way[speed, at, place, TO_M]
        metres += leg_m[k]
        clock = begin_from(p, stop, day, clock + leg[k])
        if clock == NEVER:
            return -1
        clock += p.service[stop]
        w.ready[q, k + 1] = clock
        work += leg[k] + p.service[stop]
        load += p.collect[stop] - p.deliver[stop]
        most = max(most, load)
        w.highest[q, k + 1, 0], w.highest[q, k + 1, 1] = most, load
        stand[k + 1] = at = place
    stand[count + 1] = p.end[s]
    leg[count] = leg_m[count] = 0
    if count:
        leg[count], leg_m[count] = p.way[speed, at, p.end[s], TO_S], p.way[speed, at, p.end[s], TO_M]
    w.work[q] = work + leg[count]
    if most > p.capacity[s] or clock + leg[count] > p.closes[s]:
        return -1
    return int(metres + leg_m[count])


@inlined
def _backward(p: Layout, w: Week, s: int, q: int) -> bool:
    """`reach`, and the highest loads still to come; False when some stop cannot be reached in time."""
    count, order, day = w.halts[q], w.order[q], p.day[s]
    latest = p.closes[s]
    w.reach[q, count] = latest
    for k in range(count - 1, -1, -1):
        stop = order[k]
        w.highest[q, k, 1] = max(w.highest[q, k, 1], w.highest[q, k + 1, 1])
        begin = latest - w.leg[q, k + 1] - p.service[stop]
        opening = p.windows[stop, day] - 1
        while opening >= 0 and p.early[stop, day, opening] > begin:
            opening -= 1
        if opening < 0:
            return False
        latest = min(begin, p.late[stop, day, opening])
        w.reach[q, k] = latest
    return True


@inlined
def _pieces(p: Layout, w: Week, z: Scratch, s: int, q: int) -> None:
    """`before` and `after`. Stops are held to one opening each, chosen by `_hold_openings`."""
    count, order, day = w.halts[q], w.order[q], p.day[s]
    _hold_openings(p, w, s, q, z.openings)
    piece = (0, p.opens[s], p.closes[s])
    w.before[q, 0, 0], w.before[q, 0, 1], w.before[q, 0, 2] = piece
    for k in range(count):
        piece = join(piece, w.leg[q, k], _halt(p, order[k], day, z.openings[k]))
        w.before[q, k + 1, 0], w.before[q, k + 1, 1], w.before[q, k + 1, 2] = piece
    piece = (0, p.opens[s], p.closes[s])
    w.after[q, count, 0], w.after[q, count, 1], w.after[q, count, 2] = piece
    for k in range(count - 1, -1, -1):
        piece = join(_halt(p, order[k], day, z.openings[k]), w.leg[q, k + 1], piece)
        w.after[q, k, 0], w.after[q, k, 1], w.after[q, k, 2] = piece


@inlined
def _halt(p: Layout, stop: int, day: int, opening: int) -> Piece:
    """A single stop as a piece, held to one of its windows."""
    return p.service[stop], p.early[stop, day, opening], p.late[stop, day, opening]


@inlined
def _hold_openings(p: Layout, w: Week, s: int, q: int, chosen: Any) -> None:
    """The window of each stop when the van comes home as soon as it can and leaves as late as that allows."""
    count, order, day = w.halts[q], w.order[q], p.day[s]
    latest = w.ready[q, count] + w.leg[q, count]
    for k in range(count - 1, -1, -1):
        chosen[k] = 0
        if p.several:
            stop = order[k]
            begin = latest - w.leg[q, k + 1] - p.service[stop]
            opening = p.windows[stop, day] - 1
            while p.early[stop, day, opening] > begin:
                opening -= 1
            chosen[k] = opening
            latest = min(begin, p.late[stop, day, opening])
