"""The cheapest place for one more visit on one day.

A round that has not changed since a stop was last priced in it is not looked at again: most of a week stays
as it is from one turn to the next.
"""

import math
from typing import Any

import numpy as np

from routing.engines.periodic.clock import compiled, duty_of, inlined
from routing.engines.periodic.layout import FROM_M, FROM_S, TO_M, TO_S, Layout
from routing.engines.periodic.rounds import join, owes_pause
from routing.engines.periodic.state import AT, KNOWN, LISTED, OPTIONS, PRICE, Scratch, Week

DEAR = 1e18  # the price of what cannot be done
BLINK = 0.01
_BEYOND = 0.2  # how much dearer than the best place others may be, to be remembered


@compiled
def cheapest_place(p: Layout, w: Week, z: Scratch, stop: int, day: int) -> tuple[float, int, int]:
    """(price added, shift row, position) of the cheapest place for `stop` on `day`; DEAR when there is none.

    Now and then a place is overlooked. What is remembered of other rounds comes first: it spares most of the
    looking in those that have changed.
    """
    best, best_shift, best_position = DEAR, -1, -1
    empty_twin, unsure = -1, 0
    for column in range(p.of_day.shape[1]):
        s = p.of_day[day, column]
        if s < 0:
            break
        if not p.fits[stop, s]:
            continue
        q = w.slot[s]
        if w.halts[q] == 0:
            if p.twin[s] == empty_twin:
                continue
            empty_twin = p.twin[s]
        options = w.options[stop, q]
        unknown = options[KNOWN] != w.stamp[q] or p.paired[stop]
        if unknown:
            options[LISTED] = -DEAR
        if unknown or options[PRICE] == DEAR:
            z.unsure[unsure] = s
            unsure += 1
            continue
        option = _seen(z, options, best)
        if option >= 0:
            best, best_shift, best_position = options[PRICE + option], s, int(options[AT + option])
    for u in range(unsure):
        s = z.unsure[u]
        q = w.slot[s]
        options = w.options[stop, q]
        if options[LISTED] >= best:
            continue
        _price_places(p, w, z, stop, s, q, best if best == DEAR else best + _BEYOND * abs(best))
        option = _seen(z, options, best)
        if option >= 0:
            best, best_shift, best_position = options[PRICE + option], s, int(options[AT + option])
    return best, best_shift, best_position


@inlined
def _seen(z: Scratch, options: Any, best: float) -> int:
    """The first of a stop's options in a slot that is not overlooked; -1 when none is cheaper than `best`."""
    for option in range(OPTIONS):
        if options[PRICE + option] >= best:
            return -1
        if not _averted(z):
            return option
    return -1


@inlined
def _averted(z: Scratch) -> bool:
    """Whether this look is one of those that see nothing. When the next one comes is drawn, not each."""
    z.blink[0] -= 1
    if z.blink[0] > 0:
        return False
    z.blink[0] = looks_until_averted()
    return True


@inlined
def looks_until_averted() -> int:
    """Drawn so that each look is averted once in 1 / BLINK times."""
    return 1 + int(math.log(1.0 - np.random.random()) / math.log(1.0 - BLINK))


@compiled
def _price_places(p: Layout, w: Week, z: Scratch, stop: int, s: int, q: int, limit: float) -> None:
    """Remember the places of `stop` in the round of slot `q`, on shift `s`, that are cheaper than `limit`."""
    options = w.options[stop, q]
    options[KNOWN], options[LISTED] = w.stamp[q], limit
    prices, ats = options[PRICE:AT], options[AT:]
    prices[:] = DEAR
    day, count, stand, leg, leg_m = p.day[s], w.halts[q], w.stand[q], w.leg[q], w.leg_m[q]
    place, service, timed = p.place[stop], p.service[stop], p.timed[s]
    deliver, collect, openings = p.deliver[stop], p.collect[stop], p.windows[stop, day]
    way = p.way[p.speed[s], place]
    metre_mc, second_mc, capacity = p.metre_mc[s], p.second_mc[s], p.capacity[s]
    last_late = p.late[stop, day, openings - 1]
    base = p.fixed_mc[s] if count == 0 else 0.0
    more = service - (w.duty[q] - w.work[q])
    for k in range(count + 1):
        price = base + metre_mc * (way[stand[k], FROM_M] + way[stand[k + 1], TO_M] - leg_m[k])
        if price >= limit:
            continue
        if w.ready[q, k] > last_late:
            break
        there, back = way[stand[k], FROM_S], way[stand[k + 1], TO_S]
        # No duty is shorter than its work; a wait that the round has now may be filled.
        if price + second_mc * max(0, there + back - leg[k] + more) >= limit:
            continue
        if w.highest[q, k, 0] + deliver > capacity or w.highest[q, k, 1] + collect > capacity:
            continue
        arrival, opening = w.ready[q, k] + there, 0
        while opening < openings and p.late[stop, day, opening] < arrival:
            opening += 1
        if opening == openings:
            continue
        if max(arrival, p.early[stop, day, opening]) + service + back > w.reach[q, k]:
            continue
        if p.locks and not _locks_hold(p, w, stop, s, k):
            continue
        if timed:
            price += _duty_price(p, w, z, stop, s, q, k, there, back)
        rank = OPTIONS - 1
        if price >= limit:
            continue
        while rank > 0 and price < prices[rank - 1]:
            prices[rank], ats[rank] = prices[rank - 1], ats[rank - 1]
            rank -= 1
        prices[rank], ats[rank] = price, k
        limit = min(limit, prices[OPTIONS - 1])


@compiled
def _locks_hold(p: Layout, w: Week, stop: int, s: int, k: int) -> bool:
    """Locked pairs ride together in order; nobody is pushed beyond a locked position.

    A locked position may still be reached from the left; who did not reach it is let go in the end.
    """
    if p.locked_at[stop, s] >= 0 and k > p.locked_at[stop, s]:
        return False
    q, day = w.slot[s], p.day[s]
    for position in range(k, w.halts[q]):
        other = w.order[q, position]
        if p.locked_at[other, s] >= 0 and position + 1 > p.locked_at[other, s]:
            return False
    for pair in range(len(p.firsts)):
        first, second = p.firsts[pair], p.seconds_of[pair]
        if stop == first and w.where[second, day] >= 0 and not _precedes(w, s, q, k, second, day):
            return False
        if stop == second and w.where[first, day] >= 0 and not _follows(w, s, q, k, first, day):
            return False
    return True


@inlined
def _precedes(w: Week, s: int, q: int, k: int, other: int, day: int) -> bool:
    return bool(w.where[other, day] == s and k <= position_of(w, q, other))


@inlined
def _follows(w: Week, s: int, q: int, k: int, other: int, day: int) -> bool:
    return bool(w.where[other, day] == s and k > position_of(w, q, other))


@inlined
def position_of(w: Week, q: int, stop: int) -> int:
    """Where a stop that is in the round of slot `q` stands in it."""
    k = 0
    while w.order[q, k] != stop:
        k += 1
    return k


@inlined
def _duty_price(
    p: Layout, w: Week, z: Scratch, stop: int, s: int, q: int, k: int, there: int, back: int
) -> float:
    """What the driver's time costs more; DEAR when no clock keeps everything.

    Joining pieces holds each stop to one opening: where that does not fit, or a pause or announced times have
    a say, the whole clock decides.
    """
    day = p.day[s]
    if not p.exact:
        piece = (w.before[q, k, 0], w.before[q, k, 1], w.before[q, k, 2])
        arrival, opening = piece[0] + piece[1] + there, 0
        while opening < p.windows[stop, day] and p.late[stop, day, opening] < arrival:
            opening += 1
        if opening < p.windows[stop, day]:
            early, late = p.early[stop, day, opening], p.late[stop, day, opening]
            piece = join(piece, there, (p.service[stop], early, late))
            piece = join(piece, back, (w.after[q, k, 0], w.after[q, k, 1], w.after[q, k, 2]))
            if 0 <= piece[0] <= p.longest[s] and not (p.pause_s[s] and owes_pause(p, s, piece)):
                return float(p.second_mc[s] * (piece[0] - w.duty[q]))
        if not p.several and p.pause_s[s] == 0:
            return DEAR
    return _clock_price(p, w, z, stop, s, q, k)


@compiled
def _clock_price(p: Layout, w: Week, z: Scratch, stop: int, s: int, q: int, k: int) -> float:
    """The same by the whole clock of the round."""
    count, order = w.halts[q], w.order[q]
    for position in range(k):
        z.line[position] = order[position]
    z.line[k] = stop
    for position in range(k, count):
        z.line[position + 1] = order[position]
    duty, habit = duty_of(p, z, s, z.line, count + 1)
    if duty < 0 or duty > p.longest[s]:
        return DEAR
    return float(p.second_mc[s] * (duty - w.duty[q]) + habit - w.habit[q])
