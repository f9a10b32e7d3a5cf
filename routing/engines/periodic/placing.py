"""The cheapest place for one more visit on one day."""

import numpy as np

from routing.engines.periodic.clock import compiled, duty_of, inlined
from routing.engines.periodic.layout import NEVER, Layout, Week
from routing.engines.periodic.rounds import Piece, begin_from, halt, join, owes_pause

DEAR = 1e18  # the price of what cannot be done


@inlined
def cheapest_place(
    p: Layout, w: Week, stop: int, day: int, blink: float, scratch: np.ndarray
) -> tuple[float, int, int]:
    """(price added, shift row, position) of the cheapest place for `stop` on `day`; DEAR when there is none.

    Each place is overlooked with probability `blink`. `scratch` is room for one order.
    """
    best, best_shift, best_position = DEAR, -1, -1
    for column in range(p.of_day.shape[1]):
        s = p.of_day[day, column]
        if s < 0:
            break
        if not p.fits[stop, s] or (w.halts[s] == 0 and _emptier_twin(p, w, s, day)):
            continue
        price, position = _cheapest_in(p, w, stop, day, s, best, blink, scratch)
        if price < best:
            best, best_shift, best_position = price, s, position
    return best, best_shift, best_position


@inlined
def _emptier_twin(p: Layout, w: Week, s: int, day: int) -> bool:
    """Whether an earlier shift of the day is the same and empty too."""
    for column in range(p.of_day.shape[1]):
        other = p.of_day[day, column]
        if other == s:
            return False
        if p.twin[other] == p.twin[s] and w.halts[other] == 0:
            return True
    return False


@inlined
def _cheapest_in(
    p: Layout, w: Week, stop: int, day: int, s: int, to_beat: float, blink: float, scratch: np.ndarray
) -> tuple[float, int]:
    count, order, speed, place = w.halts[s], w.order[s], p.speed[s], p.place[stop]
    best, best_position = to_beat, -1
    base = p.fixed_mc[s] if count == 0 else 0.0
    last_late = p.late[stop, day, p.windows[stop, day] - 1]
    slack = w.duty[s] - w.work[s]
    at = p.start[s]
    for k in range(count + 1):
        if w.ready[s, k] > last_late:
            break
        following = p.end[s] if k == count else p.place[order[k]]
        metres = p.metres[at, place] + p.metres[place, following]
        if count:
            metres -= p.metres[at, following]
        price = base + p.metre_mc[s] * metres
        came_from, at = at, following
        seconds = p.seconds[speed, came_from, place] + p.seconds[speed, place, following] + p.service[stop]
        if count:
            seconds -= p.seconds[speed, came_from, following]
        # No duty is shorter than its work; a wait that the round has now may be filled.
        least = price + p.second_mc[s] * max(0, seconds - slack)
        if least >= best or (blink > 0.0 and np.random.random() < blink):
            continue
        if not _load_fits(p, w, stop, s, k) or (p.locks and not _locks_hold(p, w, stop, s, k)):
            continue
        begin = begin_from(p, stop, day, w.ready[s, k] + p.seconds[speed, came_from, place])
        if begin == NEVER or begin + p.service[stop] + p.seconds[speed, place, following] > w.reach[s, k]:
            continue
        if p.second_mc[s] > 0.0 or p.pause_s[s] or p.exact or p.longest[s] < NEVER:
            price += _duty_price(p, w, stop, day, s, k, scratch)
        if price < best:
            best, best_position = price, k
    return (best, best_position) if best_position >= 0 else (DEAR, best_position)


@inlined
def _load_fits(p: Layout, w: Week, stop: int, s: int, k: int) -> bool:
    """Before the new halt its delivery is aboard too, from it on its collection."""
    if w.halts[s] == 0:
        return bool(max(p.deliver[stop], p.collect[stop]) <= p.capacity[s])
    ahead = w.highest[s, k, 0] + p.deliver[stop] <= p.capacity[s]
    return bool(ahead and w.highest[s, k, 1] + p.collect[stop] <= p.capacity[s])


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
def _duty_price(p: Layout, w: Week, stop: int, day: int, s: int, k: int, scratch: np.ndarray) -> float:
    """What the driver's time costs more; DEAR when no clock keeps everything."""
    if not p.exact:
        whole = _joined(p, w, stop, day, s, k)
        if 0 <= whole[0] <= p.longest[s] and not (p.pause_s[s] and owes_pause(p, s, whole)):
            return float(p.second_mc[s] * (whole[0] - w.duty[s]))
        if not p.several and p.pause_s[s] == 0:
            return DEAR
    count, order = w.halts[s], w.order[s]
    scratch[:k] = order[:k]
    scratch[k] = stop
    scratch[k + 1 : count + 1] = order[k:count]
    duty, habit = duty_of(p, s, scratch, count + 1)
    if duty < 0 or duty > p.longest[s]:
        return DEAR
    return float(p.second_mc[s] * (duty - w.duty[s]) + habit - w.habit[s])


@inlined
def _joined(p: Layout, w: Week, stop: int, day: int, s: int, k: int) -> Piece:
    """The whole round with the new stop by joining pieces, each stop held to its opening."""
    speed, place = p.speed[s], p.place[stop]
    came_from = p.start[s] if k == 0 else p.place[w.order[s, k - 1]]
    following = p.end[s] if k == w.halts[s] else p.place[w.order[s, k]]
    first = (w.before[s, k, 0], w.before[s, k, 1], w.before[s, k, 2])
    arrival = first[0] + first[1] + p.seconds[speed, came_from, place]
    opening = 0
    while opening < p.windows[stop, day] and p.late[stop, day, opening] < arrival:
        opening += 1
    if opening == p.windows[stop, day]:
        return -1, first[1], first[2]
    first = join(first, p.seconds[speed, came_from, place], halt(p, stop, day, opening))
    after = (w.after[s, k, 0], w.after[s, k, 1], w.after[s, k, 2])
    return join(first, p.seconds[speed, place, following], after)
