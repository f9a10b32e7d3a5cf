"""What a round remembers about itself, so that one more stop is priced in constant time.

After Vidal, Crainic, Gendreau and Prins (2013), a piece of a round is known by its shortest duration and the
earliest and latest start that reach it; joining two pieces is a few additions. Several windows a day are held
to the openings of the round's best clock for *durations*; for *feasibility*, `ready` and `reach` are exact.
"""

import numpy as np

from routing.engines.periodic.clock import compiled, duty_of, inlined
from routing.engines.periodic.layout import NEVER, Layout, Week

Piece = tuple[int, int, int]  # shortest duration, earliest and latest start that reach it


@compiled
def refresh(p: Layout, w: Week, s: int) -> bool:
    """Recompute all that is remembered of a round from its order; False when it cannot be driven."""
    count, order, day, speed = w.halts[s], w.order[s], p.day[s], p.speed[s]
    w.price[s] = 0.0
    w.duty[s] = w.work[s] = 0
    w.habit[s] = 0.0
    if not _loads(p, w, s) or not _readiness(p, w, s):
        return False
    opening = _openings(p, w, s)
    before, after = w.before[s], w.after[s]
    at, metres, work = p.start[s], 0, 0
    piece = (0, p.opens[s], p.closes[s])
    before[0, 0], before[0, 1], before[0, 2] = piece
    for k in range(count):
        stop = order[k]
        place = p.place[stop]
        work += p.seconds[speed, at, place] + p.service[stop]
        piece = join(piece, p.seconds[speed, at, place], halt(p, stop, day, opening[k]))
        before[k + 1, 0], before[k + 1, 1], before[k + 1, 2] = piece
        metres += p.metres[at, place]
        at = place
        w.where[stop, day], w.at[stop, day] = s, k
    metres += p.metres[at, p.end[s]]
    piece = (0, p.opens[s], p.closes[s])
    after[count, 0], after[count, 1], after[count, 2] = piece
    following = p.end[s]
    for k in range(count - 1, -1, -1):
        stop = order[k]
        piece = join(halt(p, stop, day, opening[k]), p.seconds[speed, p.place[stop], following], piece)
        after[k, 0], after[k, 1], after[k, 2] = piece
        following = p.place[stop]
    if count == 0:
        return True
    work += p.seconds[speed, at, p.end[s]]
    habit = 0.0
    home = (0, p.opens[s], p.closes[s])
    whole = join((before[count, 0], before[count, 1], before[count, 2]), p.seconds[speed, at, p.end[s]], home)
    duty = whole[0]
    if p.exact or (p.several and duty != work) or (p.pause_s[s] and owes_pause(p, s, whole)):
        duty, habit = duty_of(p, s, order, count)
    if duty < 0 or duty > p.longest[s]:
        return False
    w.work[s] = work
    w.duty[s] = duty
    w.habit[s] = habit
    w.price[s] = p.fixed_mc[s] + p.second_mc[s] * duty + p.metre_mc[s] * metres + habit
    return True


@inlined
def halt(p: Layout, stop: int, day: int, opening: int) -> Piece:
    """A single stop as a piece, held to one of its windows."""
    return p.service[stop], p.early[stop, day, opening], p.late[stop, day, opening]


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
def _loads(p: Layout, w: Week, s: int) -> bool:
    """`highest[k]`: the most aboard over the departures 0…k, and over k…count."""
    count, order, highest = w.halts[s], w.order[s], w.highest[s]
    load = 0
    for k in range(count):
        load += p.deliver[order[k]]
    most = load
    highest[0, 0] = highest[0, 1] = load
    for k in range(count):
        load += p.collect[order[k]] - p.deliver[order[k]]
        most = max(most, load)
        highest[k + 1, 0], highest[k + 1, 1] = most, load
    for k in range(count - 1, -1, -1):
        highest[k, 1] = max(highest[k, 1], highest[k + 1, 1])
    return bool(most <= p.capacity[s])


@inlined
def _readiness(p: Layout, w: Week, s: int) -> bool:
    """`ready` and `reach`, over all windows; False when some stop cannot be reached in time.

    Pauses are left out: they only ever delay, and `duty_of` has the last word on rounds that owe one.
    """
    count, order, day, speed = w.halts[s], w.order[s], p.day[s], p.speed[s]
    clock, at = p.opens[s], p.start[s]
    w.ready[s, 0] = clock
    for k in range(count):
        stop = order[k]
        clock = begin_from(p, stop, day, clock + p.seconds[speed, at, p.place[stop]])
        if clock == NEVER:
            return False
        clock += p.service[stop]
        w.ready[s, k + 1] = clock
        at = p.place[stop]
    latest, following = p.closes[s], p.end[s]
    w.reach[s, count] = latest
    for k in range(count - 1, -1, -1):
        stop = order[k]
        begin = latest - p.seconds[speed, p.place[stop], following] - p.service[stop]
        opening = p.windows[stop, day] - 1
        while opening >= 0 and p.early[stop, day, opening] > begin:
            opening -= 1
        if opening < 0:
            return False
        latest = min(begin, p.late[stop, day, opening])
        w.reach[s, k] = latest
        following = p.place[stop]
    return bool(clock + p.seconds[speed, at, p.end[s]] <= p.closes[s])


@inlined
def begin_from(p: Layout, stop: int, day: int, arrival: int) -> int:
    """When service begins after an arrival; NEVER when the day's last window has passed."""
    for opening in range(p.windows[stop, day]):
        if arrival <= p.late[stop, day, opening]:
            return int(max(arrival, p.early[stop, day, opening]))
    return NEVER


@inlined
def _openings(p: Layout, w: Week, s: int) -> np.ndarray:
    """The window of each stop when the van comes home as soon as it can and leaves as late as that allows."""
    count, order, day, speed = w.halts[s], w.order[s], p.day[s], p.speed[s]
    chosen = np.zeros(count + 1, np.int64)
    if not p.several or count == 0:
        return chosen
    last = p.place[order[count - 1]]
    latest = w.ready[s, count] + p.seconds[speed, last, p.end[s]]
    following = p.end[s]
    for k in range(count - 1, -1, -1):
        stop = order[k]
        begin = latest - p.seconds[speed, p.place[stop], following] - p.service[stop]
        opening = p.windows[stop, day] - 1
        while p.early[stop, day, opening] > begin:
            opening -= 1
        chosen[k] = opening
        latest = min(begin, p.late[stop, day, opening])
        following = p.place[stop]
    return chosen
