"""Ruin, recreate, keep or undo: the loop that spends nearly all of the time."""

import math

import numpy as np

from routing.engines.periodic.clock import compiled, inlined
from routing.engines.periodic.layout import NEVER, Layout
from routing.engines.periodic.placing import looks_until_averted
from routing.engines.periodic.recreate import bring_back, keep, take_out, undo
from routing.engines.periodic.rounds import refresh
from routing.engines.periodic.ruin import Ruin, choose_removed
from routing.engines.periodic.state import Incumbent, Scratch, Week

_TOUCHED = 1e-6  # a smaller gain is the noise of adding floats


@compiled
def search(
    p: Layout,
    w: Week,
    best: Incumbent,
    z: Scratch,
    ruin: Ruin,
    least: float,
    turns: int,
    heat: float,
    cooling: float,
    seed: int,
) -> float:
    """`turns` turns from the week `w`, at a temperature of `heat` that shrinks by `cooling` a turn.

    A week cheaper than `least` is kept in `best`; returns the price of the cheapest. Where the ruin takes
    nobody out, no place is overlooked either.
    """
    np.random.seed(seed)
    z.blink[0] = NEVER if ruin.longest == 0.0 else looks_until_averted()
    now = week_price(p, w)
    for _ in range(turns):
        found = choose_removed(p, w, z, ruin)
        loss = -heat * math.log(1.0 - np.random.random())  # up to which the turn stands
        before = _price_of(p, w, z, found)
        touched, sound = take_out(p, w, z, found)
        limit = before + loss
        for r in range(touched):
            limit += w.price[z.left[r]] - w.price[w.slot[z.touched[r]]]
        touched, whole = bring_back(p, w, z, found, touched, limit)
        after = _price_of(p, w, z, found)
        for r in range(touched):
            before += w.price[z.left[r]]
            after += w.price[w.slot[z.touched[r]]]
        gain = before - after
        if sound and whole and gain > -loss:
            keep(w, z, touched)
            now -= gain
            if now < least - _TOUCHED:
                least = now
                note(w, best)
        else:
            undo(p, w, z, found, touched)
        heat *= cooling
    return least


@compiled
def week_price(p: Layout, w: Week) -> float:
    """All rounds and all patterns; the prices of rounds must be fresh."""
    total = 0.0
    for s in range(len(w.slot)):
        total += w.price[w.slot[s]]
    for stop in range(len(p.place)):
        total += p.pattern_mc[stop, w.choice[stop]]
    return total


@compiled
def load(p: Layout, w: Week, z: Scratch, given: Incumbent) -> bool:
    """Make `w` the week given, and compute all that it remembers; False when a round cannot be driven."""
    w.where[:] = -1
    for stop in range(len(w.choice)):
        w.choice[stop] = given.choice[stop]
    sound = True
    for s in range(len(w.slot)):
        q = w.slot[s]
        w.halts[q] = given.halts[s]
        for k in range(given.halts[s]):
            w.order[q, k] = given.order[s, k]
            w.where[given.order[s, k], p.day[s]] = s
        sound = refresh(p, w, z, s, q) and sound
    return sound


@inlined
def _price_of(p: Layout, w: Week, z: Scratch, found: int) -> float:
    total = 0.0
    for r in range(found):
        total += p.pattern_mc[z.removed[r], w.choice[z.removed[r]]]
    return total


@compiled
def note(w: Week, best: Incumbent) -> None:
    """Make `best` the week as it is."""
    for stop in range(len(w.choice)):
        best.choice[stop] = w.choice[stop]
    for s in range(len(w.slot)):
        q = w.slot[s]
        best.halts[s] = w.halts[q]
        for k in range(w.halts[q]):
            best.order[s, k] = w.order[q, k]
