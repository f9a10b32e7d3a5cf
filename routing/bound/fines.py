# ruff: noqa: PLR0913, PLR0917  # compiled code hands over arrays, not objects
"""Fines that a label risks: a cut visited once will cost at the next visit. Compiled."""

from pathlib import Path
from typing import Any

from numba import njit

from routing.bound.labels import LATEST, LENGTH, ODD, PRICE, READY, Worth
from routing.bound.layout import Layout
from routing.engines.periodic.cache import forget_if_changed

forget_if_changed(Path(__file__).parent)
inlined = njit(cache=True, forceinline=True)


@inlined
def fined(v: Worth, cuts: int) -> int:
    """What one count of each of these cuts costs."""
    total, k = 0, 0
    while cuts:
        if cuts & 1:
            total += v.fines[k]
        cuts >>= 1
        k += 1
    return total


@inlined
def cheap_enough(p: Layout, v: Worth, o: Any, ready: int, paid: int, from_latest: int, odd: int) -> bool:
    """Whether label `o` is still as cheap when it pays, soon, the fines that the new one does not risk."""
    risked = o[ODD] & ~odd
    if risked == 0:
        return True
    price = o[PRICE] + fined(v, risked)
    at_once = price + p.second_price * max(o[LENGTH], ready - o[LATEST])
    return bool(at_once <= paid and price - p.second_price * o[LATEST] <= from_latest)


@inlined
def dear_enough(p: Layout, v: Worth, o: Any, price: int, length: int, latest: int, odd: int) -> bool:
    """The same, the other way round."""
    risked = odd & ~o[ODD]
    if risked == 0:
        return True
    price += fined(v, risked)
    at_once = price + p.second_price * max(length, o[READY] - latest)
    from_latest = o[PRICE] - p.second_price * o[LATEST]
    return bool(
        at_once <= o[PRICE] + p.second_price * o[LENGTH] and price - p.second_price * latest <= from_latest
    )
