"""Ruin, recreate, accept or undo: the loop that spends nearly all of the time."""

import math

import numpy as np

from routing.engines.periodic.clock import compiled, inlined
from routing.engines.periodic.layout import Layout, Week
from routing.engines.periodic.placing import DEAR, cheapest_place
from routing.engines.periodic.rounds import refresh
from routing.engines.periodic.ruin import choose_removed

BLINK = 0.01
_TOUCHED = 1e-6  # a smaller gain is the noise of adding floats


@compiled
def search(p: Layout, w: Week, best: Week, turns: int, heat: float, cooling: float, seed: int) -> int:
    """`turns` turns from the week `w`, at a temperature of `heat` that shrinks by `cooling` a turn.

    The cheapest week met is kept in `best` (order, halts and choice only). Returns how many turns were kept.
    """
    np.random.seed(seed)
    n, days = w.where.shape
    removed, marked = np.empty(n, np.int64), np.zeros(n, np.bool_)
    was, order, key = np.empty(n, np.int64), np.empty(w.order.shape[1], np.int64), np.empty(n, np.float64)
    saved, saved_count = np.empty_like(w.order), np.empty_like(w.halts)
    changed, stack = np.zeros(len(w.halts), np.bool_), np.empty(len(w.halts), np.int64)
    cut = np.zeros(len(w.halts), np.bool_)
    places = np.empty((days, 2), np.int64)
    prices = np.empty(days, np.float64)
    now, least = week_price(p, w), week_price(p, best)
    kept = 0
    for _ in range(turns):
        found = choose_removed(p, w, removed, marked, cut)
        before = _price_of(p, w, removed, found)
        touched = 0
        for r in range(found):
            stop = removed[r]
            marked[stop] = False
            was[r] = w.choice[stop]
            touched = _take_out(p, w, stop, changed, stack, touched, saved, saved_count)
        sound = True
        for r in range(touched):
            s = stack[r]
            before += w.price[s]
            sound = refresh(p, w, s) and sound
        _sort(p, removed, found, key)
        for r in np.argsort(key[:found]):
            stop = removed[r]
            row = _choose_pattern(p, w, stop, prices, places, order)
            w.choice[stop] = row
            for v in range(p.visits[stop, row]):
                s, position = places[p.days[stop, row, v]]
                if not changed[s]:
                    before += w.price[s]
                    touched = _save(w, s, changed, stack, touched, saved, saved_count)
                _put_in(w, s, position, stop)
                sound = refresh(p, w, s) and sound
        after = _price_of(p, w, removed, found)
        for r in range(touched):
            after += w.price[stack[r]]
        gain = before - after
        if sound and gain > heat * math.log(1.0 - np.random.random()):
            now -= gain
            kept += 1
            if now < least - _TOUCHED:
                least = now
                best.order[:], best.halts[:], best.choice[:] = w.order, w.halts, w.choice
        else:
            _undo(p, w, removed, found, was, stack, touched, saved, saved_count)
        for r in range(touched):
            changed[stack[r]] = False
        heat *= cooling
    return kept


@compiled
def week_price(p: Layout, w: Week) -> float:
    """All rounds and all patterns; the prices of rounds must be fresh."""
    total = 0.0
    for s in range(len(w.halts)):
        total += w.price[s]
    for stop in range(len(p.place)):
        total += p.pattern_mc[stop, w.choice[stop]]
    return total


@compiled
def reload(p: Layout, w: Week) -> bool:
    """Recompute everything from orders, counts and choices; False when a round cannot be driven."""
    w.where[:] = -1
    sound = True
    for s in range(len(w.halts)):
        sound = refresh(p, w, s) and sound
    return sound


@inlined
def _price_of(p: Layout, w: Week, stops: np.ndarray, found: int) -> float:
    total = 0.0
    for r in range(found):
        total += p.pattern_mc[stops[r], w.choice[stops[r]]]
    return total


@inlined
def _save(
    w: Week,
    s: int,
    changed: np.ndarray,
    stack: np.ndarray,
    touched: int,
    saved: np.ndarray,
    counts: np.ndarray,
) -> int:
    """Remember a round as it is before its first change of the turn."""
    if changed[s]:
        return touched
    changed[s] = True
    stack[touched] = s
    counts[s] = w.halts[s]
    saved[s, : w.halts[s]] = w.order[s, : w.halts[s]]
    return touched + 1


@inlined
def _take_out(
    p: Layout,
    w: Week,
    stop: int,
    changed: np.ndarray,
    stack: np.ndarray,
    touched: int,
    saved: np.ndarray,
    counts: np.ndarray,
) -> int:
    """Remove a stop from its rounds (refreshed by the caller) and give it the pattern without visits."""
    row = w.choice[stop]
    for v in range(p.visits[stop, row]):
        day = p.days[stop, row, v]
        s = w.where[stop, day]
        touched = _save(w, s, changed, stack, touched, saved, counts)
        left = 0
        for k in range(w.halts[s]):
            if w.order[s, k] != stop:
                w.order[s, left] = w.order[s, k]
                left += 1
        w.halts[s] = left
        w.where[stop, day] = -1
    w.choice[stop] = 0
    return touched


@inlined
def _put_in(w: Week, s: int, position: int, stop: int) -> None:
    for k in range(w.halts[s], position, -1):
        w.order[s, k] = w.order[s, k - 1]
    w.order[s, position] = stop
    w.halts[s] += 1


@inlined
def _choose_pattern(
    p: Layout, w: Week, stop: int, prices: np.ndarray, places: np.ndarray, scratch: np.ndarray
) -> int:
    """The cheapest pattern; `places` keeps where its visits go. Row 0 has none and is always possible."""
    best, row = p.pattern_mc[stop, 0], 0
    prices[:] = -1.0
    for candidate in range(1, p.patterns[stop]):
        total = p.pattern_mc[stop, candidate]
        for v in range(p.visits[stop, candidate]):
            day = p.days[stop, candidate, v]
            if prices[day] < 0.0:
                price, s, position = cheapest_place(p, w, stop, day, BLINK, scratch)
                prices[day] = max(price, 0.0)
                places[day, 0], places[day, 1] = s, position
            total += prices[day]
            if total >= best:
                break
        if total < best and total < DEAR:
            best, row = total, candidate
    return row


@inlined
def _sort(p: Layout, removed: np.ndarray, found: int, key: np.ndarray) -> None:
    """In which order stops come back: at random, or by what makes them hard to place."""
    way = np.random.random()
    for r in range(found):
        stop = removed[r]
        visits = float(p.visits[stop, p.patterns[stop] - 1])
        if way < 0.3:
            key[r] = np.random.random()
        elif way < 0.5:
            key[r] = -visits * max(p.deliver[stop], p.collect[stop])
        elif way < 0.65:
            key[r] = -float(p.seconds[0, p.start[0], p.place[stop]])
        elif way < 0.72:
            key[r] = float(p.seconds[0, p.start[0], p.place[stop]])
        elif way < 0.87:
            key[r] = -visits + 0.9 * np.random.random()
        else:
            key[r] = _openness(p, stop)


@inlined
def _openness(p: Layout, stop: int) -> float:
    """Seconds a week in which service may begin."""
    total = 0.0
    for day in range(p.windows.shape[1]):
        for opening in range(p.windows[stop, day]):
            total += p.late[stop, day, opening] - p.early[stop, day, opening]
    return total


@compiled
def _undo(
    p: Layout,
    w: Week,
    removed: np.ndarray,
    found: int,
    was: np.ndarray,
    stack: np.ndarray,
    touched: int,
    saved: np.ndarray,
    counts: np.ndarray,
) -> None:
    for r in range(found):
        stop = removed[r]
        row = w.choice[stop]
        for v in range(p.visits[stop, row]):
            w.where[stop, p.days[stop, row, v]] = -1
        w.choice[stop] = was[r]
    for r in range(touched):
        s = stack[r]
        w.halts[s] = counts[s]
        w.order[s, : counts[s]] = saved[s, : counts[s]]
        refresh(p, w, s)
