"""Removed stops come back one by one, each on the pattern and at the places that cost least."""

import numpy as np

from routing.engines.periodic.clock import compiled, inlined
from routing.engines.periodic.layout import Layout
from routing.engines.periodic.placing import DEAR, cheapest_place
from routing.engines.periodic.rounds import refresh
from routing.engines.periodic.state import Scratch, Week

_PARTIAL = 0.2  # in how many turns some days are out of favour
_DISTASTE = 0.4  # how much dearer a visit is taken for on them, at most


@compiled
def take_out(p: Layout, w: Week, z: Scratch, found: int) -> tuple[int, bool]:
    """Take the first `found` stops of `z.removed`, all marked, out of all their rounds; unmark them.

    Returns how many rounds are touched, and whether what is left of them can be driven.
    """
    touched = 0
    for r in range(found):
        stop = z.removed[r]
        row = w.choice[stop]
        z.was[stop] = row
        for v in range(p.visits[stop, row]):
            day = p.days[stop, row, v]
            s = w.where[stop, day]
            z.was_where[stop, day] = s
            w.where[stop, day] = -1
            if not z.changed[s]:
                touched = _move(w, z, s, touched)
        w.choice[stop] = 0
    sound = True
    for r in range(touched):
        s = z.touched[r]
        q, old, left = w.slot[s], z.left[r], 0
        for k in range(w.halts[old]):
            stop = w.order[old, k]
            if not z.marked[stop]:
                w.order[q, left] = stop
                left += 1
        w.halts[q] = left
        sound = refresh(p, w, z, s, q) and sound
    for r in range(found):
        z.marked[z.removed[r]] = False
    return touched, sound


@compiled
def bring_back(p: Layout, w: Week, z: Scratch, found: int, touched: int, limit: float) -> tuple[int, bool]:
    """Give each of the first `found` stops of `z.removed` its cheapest pattern, in an order drawn by lot.

    Returns how many rounds are touched by now, and whether all came back, to rounds that can be driven, for
    `limit` in all: once that is spent the turn is lost, and nobody else is brought back.
    """
    sound = True
    _sort(p, z, found)
    _draw_taste(z)
    for r in range(found):
        stop = z.removed[r]
        row, price = _choose_pattern(p, w, z, stop)
        limit -= price
        if limit < 0.0:
            return touched, False
        w.choice[stop] = row
        for v in range(p.visits[stop, row]):
            day = p.days[stop, row, v]
            s, position = z.day_place[day, 0], z.day_place[day, 1]
            old = w.slot[s]
            if not z.changed[s]:
                touched = _move(w, z, s, touched)
            q = w.slot[s]
            count = w.halts[old]
            for k in range(count, position, -1):
                w.order[q, k] = w.order[old, k - 1]
            w.order[q, position] = stop
            if q != old:
                for k in range(position):
                    w.order[q, k] = w.order[old, k]
            w.halts[q] = count + 1
            w.where[stop, day] = s
            sound = refresh(p, w, z, s, q) and sound
    return touched, sound


@compiled
def keep(w: Week, z: Scratch, touched: int) -> None:
    """The turn stands: the slots that were left are free."""
    for r in range(touched):
        w.spare[r] = z.left[r]
        z.changed[z.touched[r]] = False


@compiled
def undo(p: Layout, w: Week, z: Scratch, found: int, touched: int) -> None:
    """Everything is as it was before `take_out`."""
    for r in range(found):
        stop = z.removed[r]
        row = w.choice[stop]
        for v in range(p.visits[stop, row]):
            w.where[stop, p.days[stop, row, v]] = -1
    for r in range(found):
        stop = z.removed[r]
        w.choice[stop] = row = z.was[stop]
        for v in range(p.visits[stop, row]):
            day = p.days[stop, row, v]
            w.where[stop, day] = z.was_where[stop, day]
    for r in range(touched):
        s = z.touched[r]
        w.slot[s] = z.left[r]
        z.changed[s] = False


@inlined
def _move(w: Week, z: Scratch, s: int, touched: int) -> int:
    """Give shift `s` a spare slot, and remember which it leaves."""
    z.changed[s] = True
    z.touched[touched] = s
    z.left[touched] = w.slot[s]
    w.slot[s] = w.spare[touched]
    return touched + 1


@inlined
def _draw_taste(z: Scratch) -> None:
    """Now and then days differ in favour, for all who come back alike: neighbours change days together."""
    partial = np.random.random() < _PARTIAL
    for day in range(len(z.taste)):
        z.taste[day] = 1.0 + _DISTASTE * np.random.random() if partial else 1.0


@inlined
def _choose_pattern(p: Layout, w: Week, z: Scratch, stop: int) -> tuple[int, float]:
    """The pattern cheapest to the taste of the turn, and what it costs in truth; row 0 needs no place.

    `z.day_place` keeps where its visits go.
    """
    row = 0
    best = price = p.pattern_mc[stop, 0]
    z.day_price[:] = -1.0
    for candidate in range(1, p.patterns[stop]):
        total = true = p.pattern_mc[stop, candidate]
        for v in range(p.visits[stop, candidate]):
            day = p.days[stop, candidate, v]
            if z.day_price[day] < 0.0:
                found, s, position = cheapest_place(p, w, z, stop, day)
                z.day_price[day] = max(found, 0.0)
                z.day_place[day, 0], z.day_place[day, 1] = s, position
            true += z.day_price[day]
            total += z.day_price[day] * z.taste[day]
            if total >= best:
                break
        if total < best and true < DEAR:
            best, price, row = total, true, candidate
    return row, price


@inlined
def _sort(p: Layout, z: Scratch, found: int) -> None:
    """In which order stops come back: at random, or by what makes them hard to place."""
    way = np.random.random()
    for r in range(found):
        stop = z.removed[r]
        visits = float(p.visits[stop, p.patterns[stop] - 1])
        if way < 0.3:
            z.key[r] = np.random.random()
        elif way < 0.5:
            z.key[r] = -p.bulk[stop]
        elif way < 0.65:
            z.key[r] = -p.far[stop]
        elif way < 0.72:
            z.key[r] = p.far[stop]
        elif way < 0.87:
            z.key[r] = -visits + 0.9 * np.random.random()
        else:
            z.key[r] = p.openness[stop]
    for r in range(1, found):
        stop, key, at = z.removed[r], z.key[r], r
        while at > 0 and z.key[at - 1] > key:
            z.removed[at], z.key[at] = z.removed[at - 1], z.key[at - 1]
            at -= 1
        z.removed[at], z.key[at] = stop, key
