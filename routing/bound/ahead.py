"""What a round can still earn from a stop on, at most: spares driving on beginnings that lead to nothing.

Compiled. The rest of a round is relaxed: loads and the past are forgotten, except that it does not turn back
at once to where it came from (Christofides, Mingozzi & Toth 1981), and its clock is cut into cells.
"""

from pathlib import Path
from typing import Any

from numba import njit

from routing.bound.layout import FAR, Layout
from routing.engines.periodic.cache import forget_if_changed

forget_if_changed(Path(__file__).parent)
compiled = njit(cache=True)
inlined = njit(cache=True, forceinline=True)

CELLS = 600


@compiled
def look_ahead(p: Layout, prizes: Any, ahead: Any) -> int:
    """Fill `ahead[i, cell]` and answer the seconds of a cell; 0 where no bound can be had.

    `ahead[i, cell, 0]` is a lower bound on the price, prizes earned, from the beginning of service at i, no
    sooner than the cell begins, until home; `ahead[i, cell, 1]` the stop that comes next in it (-2 for home),
    and `ahead[i, cell, 2]` a bound for rounds that go on to any other.
    """
    n, least = len(p.service), p.closes - p.opens
    for i in range(n):
        for j in range(n):
            if i != j:
                least = min(least, p.service[i] + p.leg[i, j])
    width = min(least, (p.closes - p.opens) // CELLS + 1)
    if width <= 0 or (p.closes - p.opens) // width >= CELLS:
        return 0
    last = (p.closes - p.opens) // width
    for cell in range(last, -1, -1):
        start = p.opens + cell * width
        for i in range(n):
            here = ahead[i, cell]
            if cell == last:
                here[0], here[1], here[2] = FAR, -3, FAR
            else:
                here[:] = ahead[i, cell + 1]
            if start <= p.late[p.opening[i + 1] - 1]:
                _from(p, prizes, ahead, i, start, width, here)
    return int(width)


@inlined
def _from(  # noqa: PLR0913, PLR0917
    p: Layout, prizes: Any, ahead: Any, i: int, start: int, width: int, here: Any
) -> None:
    """Improve `here` by every way to go on from i, for service that begins in one cell."""
    home = p.service[i] + p.back[i]
    if start + home <= p.closes:
        _offer(here, p.back_price[i] + p.second_price * home, -2)
    for j in range(len(p.service)):
        spent = p.service[i] + p.leg[i, j]
        begun = start + spent
        w = p.opening[j]
        while w < p.opening[j + 1] and p.late[w] < begun:
            w += 1
        if i == j or w == p.opening[j + 1]:
            continue
        begun = max(begun, p.early[w])
        if begun + p.nearest_home[j] > p.closes:
            continue
        then = ahead[j, (begun - p.opens) // width]
        rest = then[2] if then[1] == i else then[0]
        if rest < FAR:
            spent = max(spent, begun - (start + width - 1))
            _offer(here, p.leg_price[i, j] - prizes[j] + p.second_price * spent + rest, j)


@inlined
def _offer(here: Any, price: int, following: int) -> None:
    if following == here[1]:
        here[0] = min(here[0], price)
    elif price < here[0]:
        here[2], here[0], here[1] = here[0], price, following
    elif price < here[2]:
        here[2] = price
