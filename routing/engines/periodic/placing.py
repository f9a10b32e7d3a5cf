"""The cheapest place for one more visit on one day."""

import numpy as np

from routing.engines.periodic.clock import compiled, duty_of
from routing.engines.periodic.layout import NEVER, Layout, Week
from routing.engines.periodic.rounds import join, owes_pause

DEAR = 1e18  # the price of what cannot be done


@compiled
def cheapest_place(
    p: Layout, w: Week, stop: int, day: int, blink: float, scratch: np.ndarray
) -> tuple[float, int, int]:
    """(price added, shift row, position) of the cheapest place for `stop` on `day`; DEAR when there is none.

    Each place is overlooked with probability `blink`. `scratch` is room for one order. Everything that every
    place needs is written out here: handing the layout to another function costs more than its work.
    """
    best, best_shift, best_position = DEAR, -1, -1
    place, service = p.place[stop], p.service[stop]
    deliver, collect, openings = p.deliver[stop], p.collect[stop], p.windows[stop, day]
    last_late = p.late[stop, day, openings - 1]
    empty_twin = -1
    for column in range(p.of_day.shape[1]):
        s = p.of_day[day, column]
        if s < 0:
            break
        if not p.fits[stop, s]:
            continue
        count, order, speed = w.halts[s], w.order[s], p.speed[s]
        base = 0.0
        if count == 0:
            if p.twin[s] == empty_twin:
                continue
            empty_twin, base = p.twin[s], p.fixed_mc[s]
        timed = p.second_mc[s] > 0.0 or p.pause_s[s] > 0 or p.exact or p.longest[s] < NEVER
        slack, home = w.duty[s] - w.work[s], p.end[s]
        came_from = p.start[s]
        for k in range(count + 1):
            if w.ready[s, k] > last_late:
                break
            at, following = came_from, home if k == count else p.place[order[k]]
            came_from = following
            there, back = p.seconds[speed, at, place], p.seconds[speed, place, following]
            metres, seconds = p.metres[at, place] + p.metres[place, following], there + back + service
            if count:
                metres -= p.metres[at, following]
                seconds -= p.seconds[speed, at, following]
            price = base + p.metre_mc[s] * metres
            # No duty is shorter than its work; a wait that the round has now may be filled.
            if price + p.second_mc[s] * max(0, seconds - slack) >= best:
                continue
            if w.highest[s, k, 0] + deliver > p.capacity[s] or w.highest[s, k, 1] + collect > p.capacity[s]:
                continue
            arrival, opening = w.ready[s, k] + there, 0
            while opening < openings and p.late[stop, day, opening] < arrival:
                opening += 1
            if opening == openings:
                continue
            if max(arrival, p.early[stop, day, opening]) + service + back > w.reach[s, k]:
                continue
            if blink > 0.0 and np.random.random() < blink:
                continue
            if p.locks and not _locks_hold(p, w, stop, s, k):
                continue
            if timed:
                price += _duty_price(p, w, stop, s, k, scratch)
            if price < best:
                best, best_shift, best_position = price, s, k
    return best, best_shift, best_position


@compiled
def _locks_hold(p: Layout, w: Week, stop: int, s: int, k: int) -> bool:
    """Locked pairs ride together in order; nobody is pushed beyond a locked position.

    A locked position may still be reached from the left; who did not reach it is let go in the end.
    """
    if p.locked_at[stop, s] >= 0 and k > p.locked_at[stop, s]:
        return False
    for position in range(k, w.halts[s]):
        other = w.order[s, position]
        if p.locked_at[other, s] >= 0 and position + 1 > p.locked_at[other, s]:
            return False
    day = p.day[s]
    for pair in range(len(p.firsts)):
        first, second = p.firsts[pair], p.seconds_of[pair]
        at_first, at_second = w.where[first, day], w.where[second, day]
        if stop == first and at_second >= 0 and (at_second != s or k > w.at[second, day]):
            return False
        if stop == second and at_first >= 0 and (at_first != s or k <= w.at[first, day]):
            return False
    return True


@compiled
def _duty_price(p: Layout, w: Week, stop: int, s: int, k: int, scratch: np.ndarray) -> float:
    """What the driver's time costs more; DEAR when no clock keeps everything.

    Joining pieces holds each stop to one opening: where that does not fit, or a pause or announced times have
    a say, the whole clock decides.
    """
    count, order, day = w.halts[s], w.order[s], p.day[s]
    if not p.exact:
        speed, place = p.speed[s], p.place[stop]
        at = p.start[s] if k == 0 else p.place[order[k - 1]]
        following = p.end[s] if k == count else p.place[order[k]]
        piece = (w.before[s, k, 0], w.before[s, k, 1], w.before[s, k, 2])
        arrival, opening = piece[0] + piece[1] + p.seconds[speed, at, place], 0
        while opening < p.windows[stop, day] and p.late[stop, day, opening] < arrival:
            opening += 1
        if opening < p.windows[stop, day]:
            early, late = p.early[stop, day, opening], p.late[stop, day, opening]
            piece = join(piece, p.seconds[speed, at, place], (p.service[stop], early, late))
            after = (w.after[s, k, 0], w.after[s, k, 1], w.after[s, k, 2])
            piece = join(piece, p.seconds[speed, place, following], after)
            if 0 <= piece[0] <= p.longest[s] and not (p.pause_s[s] and owes_pause(p, s, piece)):
                return float(p.second_mc[s] * (piece[0] - w.duty[s]))
        if not p.several and p.pause_s[s] == 0:
            return DEAR
    scratch[:k] = order[:k]
    scratch[k] = stop
    scratch[k + 1 : count + 1] = order[k:count]
    duty, habit = duty_of(p, s, scratch, count + 1)
    if duty < 0 or duty > p.longest[s]:
        return DEAR
    return float(p.second_mc[s] * (duty - w.duty[s]) + habit - w.habit[s])
