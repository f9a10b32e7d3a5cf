"""`lower_bound`: what no plan of a week can cost less than.

What is relaxed, each of which can only lower the bound: rounds are driven in shares; a priced round may come
back to a stop that it has forgotten; a day may visit a stop more than once; locked pairs and positions may be
left; a locked round may stay at home; announced times are kept by the clock that suits them best.
"""

import time
from collections.abc import Callable

from routing.bound.generation import Generation
from routing.bound.layout import FAR
from routing.bound.proof import in_mc
from routing.bound.values import Bound
from routing.problem import WeekProblem
from routing.solution import Solution


def lower_bound(  # noqa: PLR0913
    problem: WeekProblem,
    *,
    seconds: float,
    solution: Solution | None = None,
    enough_mc: int | None = None,
    listener: Callable[[Bound], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Bound:
    """Prove as much as `seconds` allow; whatever happens, what is answered holds.

    A good `solution` to start from saves time and changes nothing else. A proof of `enough_mc` is enough.
    `listener` hears of every better proof; `cancelled` is asked at least every 200 ms.
    """
    began = time.monotonic()

    def over() -> bool:
        return cancelled() or time.monotonic() - began >= seconds

    def reached() -> Bound:
        return Bound(
            bound_mc=in_mc(work.best),
            finished=work.finished,
            columns=len(work.master.columns),
            pricings=work.pricings,
            spent_s=time.monotonic() - began,
        )

    work = Generation(problem, solution, over)
    told = reached()
    enough = FAR if enough_mc is None else enough_mc
    while not (over() or work.finished or work.stuck or told.bound_mc >= enough):
        work.turn()
        now = reached()
        if now.bound_mc > told.bound_mc:
            listener(now)
        told = now
    return told
