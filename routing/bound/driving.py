# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917  # compiled code hands over arrays, not objects
"""Pricing, compiled: the cheapest ways of driving a round when every visit earns a prize.

Labels are driven on in the order of their hours. One gives way to another at the same stop that is ready no
later, as cheap at every hour whatever fines are still to come, no fuller, and remembers no more stops.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numba import njit

from routing.bound.ahead import look_ahead
from routing.bound.fines import cheap_enough, dear_enough, fined
from routing.bound.labels import (
    BESIDE,
    BUCKETS,
    LATEST,
    LENGTH,
    MEMORY,
    NONE,
    ODD,
    PEAK,
    PRICE,
    READY,
    TAKEN,
    Labels,
    Worth,
)
from routing.bound.layout import FAR, NEVER, Layout
from routing.engines.periodic.cache import forget_if_changed

forget_if_changed(Path(__file__).parent)
compiled = njit(cache=True)
inlined = njit(cache=True, forceinline=True)

DONE, CUT, GOING = 0, 1, 2


@compiled
def begin(p: Layout, s: Labels, v: Worth) -> None:
    """Forget all labels and make those that come from the depot."""
    nobody: Any = np.int64(NONE)  # never literals: for each the kernel would be compiled anew
    no: Any = np.int64(0)
    yes: Any = np.int64(1)
    s.queue[:] = NONE
    s.first[:] = NONE
    s.most[:] = -FAR
    s.end_price[:] = FAR
    s.end_label[:] = NONE
    s.state[:] = 0
    s.state[3] = look_ahead(p, v.prizes, s.ahead)
    for j in range(len(p.service)):
        if max(p.deliver[j], p.collect[j]) > p.capacity:
            continue
        price = p.out_price[j] - v.prizes[j]
        memory = 1 << p.bit[j, j]
        _arrive(
            p, s, v, j, no, p.opens + p.out[j], p.out[j], p.closes,
            p.collect[j], max(p.deliver[j], p.collect[j]), price, memory, v.cuts[j], nobody, nobody,
        )  # fmt: skip
        if p.resting and p.opens <= p.rest_late:
            ready = max(p.opens, p.rest_early - p.out[j])
            length = max(0, p.rest_early - p.out[j] - p.closes)
            latest = min(p.closes, p.rest_late)
            _arrive(
                p, s, v, j, yes, ready + p.out[j] + p.rest_s, length + p.out[j] + p.rest_s, latest,
                p.collect[j], max(p.deliver[j], p.collect[j]), price - p.second_price * p.rest_s, memory,
                v.cuts[j], nobody, nobody,
            )  # fmt: skip


@compiled
def drive_on(p: Layout, s: Labels, v: Worth, steps: int) -> int:
    """Drive at most so many labels on: DONE, GOING, or CUT when there is no more room."""
    n = len(p.service)
    yes: Any = np.int64(1)
    while s.state[1] < BUCKETS:
        if s.state[2]:
            return CUT
        label = s.queue[s.state[1]]
        if label == NONE:
            s.state[1] += 1
            continue
        if steps == 0:
            return GOING
        s.queue[s.state[1]] = s.waiting[label]
        if not s.alive[label]:
            continue
        steps -= 1
        i, rested = s.spot[label] // 2, s.spot[label] % 2
        now = s.now[label]
        left, length, latest = now[READY] + p.service[i], now[LENGTH] + p.service[i], now[LATEST]
        for j in range(n):
            if p.bit[i, j] >= 0 and now[MEMORY] >> p.bit[i, j] & 1:
                continue
            taken = now[TAKEN] + p.collect[j]
            peak = max(now[PEAK] + p.deliver[j], taken)
            if peak > p.capacity:
                continue
            leg = p.leg[i, j]
            if left + leg > p.late[p.opening[j + 1] - 1]:
                continue
            price = now[PRICE] + p.leg_price[i, j] - v.prizes[j]
            price += fined(v, now[ODD] & v.cuts[j])
            memory, odd = _remembered(p, i, j, now[MEMORY]), now[ODD] ^ v.cuts[j]
            _arrive(
                p, s, v, j, rested, left + leg, length + leg, latest,
                taken, peak, price, memory, odd, label, i,
            )  # fmt: skip
            if p.resting and not rested and left <= p.rest_late:
                ready = max(left, p.rest_early - leg) + leg + p.rest_s
                longer = max(length, p.rest_early - leg - latest) + leg + p.rest_s
                _arrive(
                    p, s, v, j, yes, ready, longer, min(latest, p.rest_late - length),
                    taken, peak, price - p.second_price * p.rest_s, memory, odd, label, i,
                )  # fmt: skip
    return CUT if s.state[2] else DONE


@inlined
def _remembered(p: Layout, i: int, j: int, memory: int) -> int:
    """What is still known at j of what was known at i."""
    kept, place = 1 << p.bit[j, j], 0
    while memory:
        if memory & 1:
            bit = p.bit[j, p.near[i, place]]
            if bit >= 0:
                kept |= 1 << bit
        memory >>= 1
        place += 1
    return int(kept)


@compiled
def _arrive(
    p: Layout,
    s: Labels,
    v: Worth,
    j: int,
    rested: int,
    ready: int,
    length: int,
    latest: int,
    taken: int,
    peak: int,
    price: int,
    memory: int,
    odd: int,
    parent: int,
    came_from: int,
) -> None:
    """One label for each window that can still be met."""
    for w in range(p.opening[j], p.opening[j + 1]):
        if ready > p.late[w]:
            continue
        begun = max(ready, p.early[w])
        spent = max(length, p.early[w] - latest)
        if begun + p.nearest_home[j] > p.closes:
            return
        if spent - (p.rest_s if rested else 0) > p.longest:
            continue
        if p.resting and not rested and begun + p.service[j] > p.rest_late:
            return
        leave_by = min(latest, p.late[w] - length)
        _put(
            p, s, v, j, rested, begun, spent, leave_by,
            taken, peak, price + p.charge[w], memory, odd, parent, came_from,
        )  # fmt: skip


@inlined
def _put(
    p: Layout,
    s: Labels,
    v: Worth,
    j: int,
    rested: int,
    ready: int,
    length: int,
    latest: int,
    taken: int,
    peak: int,
    price: int,
    memory: int,
    odd: int,
    parent: int,
    came_from: int,
) -> None:
    """Add a label unless it leads to nothing, or another is as good; take away those it makes needless."""
    paid = price + p.second_price * length
    if s.state[3]:
        cell = (ready - p.opens) // s.state[3]
        ahead = s.ahead[j, cell, 2] if s.ahead[j, cell, 1] == came_from else s.ahead[j, cell, 0]
        if paid + ahead >= v.cutoff:
            return
    spot = 2 * j + rested
    bucket = (ready - p.opens) // ((p.closes - p.opens) // BUCKETS + 1)
    bounded = p.longest < NEVER
    beside, before = NONE, NONE
    for b in range(bucket + 1):
        a = s.first[spot, b]
        before = NONE
        while a != NONE:
            o = s.now[a]
            if o[PRICE] + p.second_price * o[LENGTH] > paid:
                break
            if (
                o[READY] <= ready
                and o[PEAK] <= peak
                and o[PRICE] + p.second_price * max(o[LENGTH], ready - o[LATEST]) <= paid
                and o[PRICE] - p.second_price * o[LATEST] <= price - p.second_price * latest
                and (v.loose or (o[MEMORY] & ~memory == 0 and o[TAKEN] <= taken))
                and (not bounded or (o[LATEST] >= latest and max(o[LENGTH], ready - o[LATEST]) <= length))
                and (v.loose or cheap_enough(p, v, o, ready, paid, price - p.second_price * latest, odd))
            ):
                return
            before, a = a, o[BESIDE]
        beside = a
    if s.state[0] == len(s.spot):
        s.state[2] = 1
        return
    label = s.state[0]
    s.state[0] += 1
    s.spot[label], s.alive[label], s.parent[label] = spot, 1, parent
    new = s.now[label]
    new[READY], new[LENGTH], new[LATEST], new[TAKEN] = ready, length, latest, taken
    new[PEAK], new[PRICE], new[MEMORY], new[BESIDE], new[ODD] = peak, price, memory, beside, odd
    s.waiting[label], s.queue[bucket] = s.queue[bucket], label
    if before == NONE:
        s.first[spot, bucket] = label
    else:
        s.now[before, BESIDE] = label
    s.most[spot, bucket] = max(s.most[spot, bucket], paid)
    for b in range(bucket, BUCKETS):
        if s.most[spot, b] < paid:
            continue
        if b == bucket:
            before, a = label, beside
        else:
            before, a = NONE, s.first[spot, b]
        while a != NONE:
            o = s.now[a]
            following = o[BESIDE]
            if (
                ready <= o[READY]
                and peak <= o[PEAK]
                and price + p.second_price * max(length, o[READY] - latest)
                <= o[PRICE] + p.second_price * o[LENGTH]
                and price - p.second_price * latest <= o[PRICE] - p.second_price * o[LATEST]
                and (v.loose or (memory & ~o[MEMORY] == 0 and taken <= o[TAKEN]))
                and (not bounded or (latest >= o[LATEST] and max(length, o[READY] - latest) <= o[LENGTH]))
                and (v.loose or dear_enough(p, v, o, price, length, latest, odd))
            ):
                s.alive[a] = 0
                if before == NONE:
                    s.first[spot, b] = following
                else:
                    s.now[before, BESIDE] = following
            else:
                before = a
            a = following
    _go_home(p, s, label, j, rested)


@inlined
def _go_home(p: Layout, s: Labels, label: int, i: int, rested: int) -> None:
    """Remember the round that ends here, if none that ends here is cheaper."""
    now = s.now[label]
    left, length = now[READY] + p.service[i], now[LENGTH] + p.service[i]
    back, price, rest = p.back[i], now[PRICE] + p.back_price[i], 0
    if rested:
        rest = p.rest_s
    elif p.resting:
        if left > p.rest_late:
            return
        length = max(length, p.rest_early - back - now[LATEST]) + p.rest_s
        left = max(left, p.rest_early - back) + p.rest_s
        price -= p.second_price * p.rest_s
        rest = p.rest_s
    length += back
    if left + back > p.closes or length - rest > p.longest:
        return
    price += p.second_price * length
    if price < s.end_price[i]:
        s.end_price[i], s.end_label[i] = price, label
