"""A better order for one round: never worse, repeatable, and the best one where all can be tried."""

from itertools import permutations

import pytest

from api.services.assemble import assemble
from api.services.folder import Territory
from api.services.plans.desk import Desk
from api.services.plans.layout import bare_layout, named
from models.plan import Plan
from routing.reorder import merit, reorder
from routing.schedule import schedule
from routing.solution import Route


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_shuffled_round_is_put_in_order(territory: Territory, planned: Plan, rank: int) -> None:
    desk = Desk(territory, assemble(territory.network, territory.travel, planned.week), {})
    outings = sorted(named(bare_layout(planned)).outings, key=lambda one: -len(one.calls))
    problem, route = desk.question(outings[rank])
    order = route.stops[:6]
    shuffled = (*order[::2], *order[1::2])
    found = reorder(problem, 0, shuffled)
    assert sorted(found) == sorted(order)
    assert found == reorder(problem, 0, shuffled)

    def worth(stops: tuple[int, ...]) -> tuple[int, int]:
        return merit(problem, schedule(problem, Route(0, stops)))

    best = min(worth(one) for one in permutations(order))  # 720 orders
    assert worth(found) <= worth(shuffled)
    # A local search: the best order, or one that costs hardly more.
    assert worth(found)[0] == best[0]
    assert worth(found)[1] <= 1.1 * best[1]


def test_who_stands_in_front_stays_there(territory: Territory, planned: Plan) -> None:
    desk = Desk(territory, assemble(territory.network, territory.travel, planned.week), {})
    outing = max(named(bare_layout(planned)).outings, key=lambda one: len(one.calls))
    problem, route = desk.question(outing)
    first, rest = route.stops[:2], route.stops[2:][::-1]
    found = reorder(problem, 0, rest, first)
    before = merit(problem, schedule(problem, Route(0, (*first, *rest))))
    assert merit(problem, schedule(problem, Route(0, (*first, *found)))) <= before
    assert sorted(found) == sorted(rest)
