"""What stands around the peers: the rule for days, insertion, sharing of time. The peers themselves are asked
only where their packages are installed."""

import itertools
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from bench.house import HouseEngine, handful
from bench.instance import Customer, Instance, euclidean
from bench.peers.day import NOTHING, Day, DayAnswer, Rows, length
from bench.peers.days_rule import DaysRule, separation
from bench.peers.fixed_days import FixedDays, best_days, drive
from bench.peers.insert import cheapest_place
from bench.peers.names import PEERS
from bench.peers.vroom_day import centred, evenly
from bench.peers.week import days_by_choice
from bench.referee import judge
from models.errors import InputError


def towns(*, vehicles: int = 2, days: int = 2) -> Instance:
    """Two towns of four customers, far apart, each visited once in two days: one town a day is best."""
    places = [
        (0, 0),
        *((30 + x, y) for x in (0, 1) for y in (0, 1)),
        *((-30 - x, y) for x in (0, 1) for y in (0, 1)),
    ]
    patterns = tuple((day,) for day in range(days))
    return Instance(
        name="towns",
        family="pvrp",
        days=days,
        vehicles=vehicles,
        customers=tuple(Customer(number=k, deliver=1, patterns=patterns) for k in range(1, 9)),
        distance=euclidean(np.array(places, np.float64)),
        capacity=(4.0,) * days,
        max_duration=(math.inf,) * days,
    )


class Nearest:
    """A solver of days for tests: fills one vehicle after the other, nearest customer first."""

    resumes = True

    def __init__(self) -> None:
        self.asked: list[tuple[int, float, bool]] = []

    def solve(self, day: Day, seconds: float, seed: int, start: Sequence[Rows] | None = None) -> DayAnswer:
        self.asked.append((day.day, seconds, start is not None))
        if not day.rows:
            return NOTHING
        left, tours, room = set(day.rows), [], int(day.instance.capacity[day.day])
        while left:
            tour: list[int] = []
            while left and len(tour) < room:
                at = tour[-1] if tour else 0
                tour.append(min(left, key=lambda row: (day.instance.distance[at, row], row)))
                left.discard(tour[-1])
            tours.append(tuple(tour))
        fits = len(tours) <= day.instance.vehicles
        return DayAnswer(tuple(tours), length(day.instance.distance, tours), fits, 1)


def test_the_rule_puts_neighbours_on_one_day() -> None:
    rule = DaysRule(towns(vehicles=1), seed=1)
    together = 0
    for _ in range(10):
        choice = rule.propose()
        together += len(set(choice[:4])) == 1 and len(set(choice[4:])) == 1 and choice[0] != choice[4]
    assert together >= 5  # a random choice does so once in 128


def test_the_rule_proposes_anew_and_repeats_for_a_seed() -> None:
    instance = replace(towns(days=4, vehicles=1), name="four days")
    first, second = DaysRule(instance, seed=3), DaysRule(instance, seed=3)
    proposals = [first.propose() for _ in range(6)]
    assert proposals == [second.propose() for _ in range(6)]
    assert len({tuple(choice) for choice in proposals}) > 1


def test_no_day_is_given_more_than_its_vehicles_hold() -> None:
    """One vehicle for four crates a day: four customers each day is the only way."""
    rule = DaysRule(towns(vehicles=1), seed=1)
    for _ in range(10):
        assert sorted(np.bincount(rule.propose(), minlength=2).tolist()) == [4, 4]


def test_sectors_give_each_day_its_side() -> None:
    """Eight customers on a circle, one vehicle for two a day: neighbours on the circle share a day."""
    corners = [(math.cos(k * math.pi / 4), math.sin(k * math.pi / 4)) for k in range(8)]
    circle = replace(
        towns(days=4, vehicles=1),
        distance=euclidean(np.array([(0, 0), *corners], np.float64)),
        coordinates=np.array([(0, 0), *corners], np.float64),
        capacity=(2.0,) * 4,
    )
    choice = DaysRule(circle, seed=1)._sectors()
    assert sorted(np.bincount(choice).tolist()) == [2, 2, 2, 2]
    changes = sum(a != b for a, b in itertools.pairwise([*choice, choice[0]]))
    assert changes == 4


def test_separation_counts_windows_that_do_not_meet() -> None:
    near = [(0, 0), (1, 0), (2, 0)]
    windows = [(0.0, 10.0), (0.0, 10.0), (50.0, 60.0)]
    instance = Instance(
        name="windows",
        family="vrptw",
        days=1,
        vehicles=1,
        customers=tuple(
            Customer(number=k, deliver=0, service=2, window=window, patterns=((0,),))
            for k, window in enumerate(windows)
        ),
        distance=euclidean(np.array([(5, 5), *near], np.float64)),
        capacity=(math.inf,),
        max_duration=(math.inf,),
        horizon=(0.0, 100.0),
    )
    apart = separation(instance)
    assert apart[0, 1] == 1.0
    # From 1 at 10 at the latest, 2 of service, 1 of driving: there at 13, a wait of 37 at a fifth: 1 + 7.4.
    assert apart[1, 2] == pytest.approx(8.4)
    assert (apart == apart.T).all()


def test_insertion_finds_the_shortest_detour_and_minds_load_and_clock() -> None:
    line = euclidean(np.array([(0, 0), (10, 0), (20, 0), (15, 0)], np.float64))
    customers = tuple(Customer(number=k, deliver=1, window=(0, 100), patterns=((0,),)) for k in (1, 2, 3))
    instance = Instance(
        name="line",
        family="vrptw",
        days=1,
        vehicles=2,
        customers=customers,
        distance=line,
        capacity=(3.0,),
        max_duration=(math.inf,),
        horizon=(0.0, 100.0),
    )
    assert cheapest_place(instance, 0, [(1, 2)], 3) == (0.0, [(1, 3, 2)])
    full = replace(instance, capacity=(2.0,))
    assert cheapest_place(full, 0, [(1, 2)], 3) == (30.0, [(1, 2), (3,)])  # a vehicle of its own: 15 and back
    # Serving 3 on the way takes 9, and 2 must be reached at 20: so 3 is served coming back, 5 + 15 - 20 more.
    late = replace(
        instance,
        customers=(customers[0], replace(customers[1], window=(0, 20)), replace(customers[2], service=9)),
    )
    assert cheapest_place(late, 0, [(1, 2)], 3) == (0.0, [(1, 2, 3)])


def test_the_best_days_are_driven_longest() -> None:
    solver = Nearest()
    answer = FixedDays(solver).solve(towns(vehicles=1), seconds=0.3, seed=1)
    found = judge(towns(vehicles=1), answer.week)
    assert found.feasible
    # One town a day, nearest first: 30 out, 1 + 1 + 1 along the square, back from (30, 1) or (31, …).
    assert found.cost < 2 * (30 + 3 + math.hypot(31, 1)) + 1e-9
    assert [resumed for _, _, resumed in solver.asked[-2:]] == [True, True]
    assert all(not resumed for _, _, resumed in solver.asked[:-2])


def test_a_solver_that_cannot_resume_is_only_tried() -> None:
    solver = Nearest()
    solver.resumes = False
    FixedDays(solver).solve(towns(), seconds=0.2, seed=1)
    assert not any(resumed for _, _, resumed in solver.asked)
    assert len(solver.asked) > 2


def test_one_day_without_a_choice_gets_all_the_time_at_once() -> None:
    solver = Nearest()
    FixedDays(solver).solve(towns(days=1), seconds=5.0, seed=1)
    assert len(solver.asked) == 1
    assert solver.asked[0][1] == pytest.approx(5.0, abs=0.1)


def test_driving_again_is_never_worse() -> None:
    instance = towns()
    days = days_by_choice(instance, [0] * 4 + [1] * 4)
    known = [DayAnswer(((1, 2, 4, 3),), 1.0, True), DayAnswer(((5,),), 1.0, False)]
    found, iterations = drive(days, known, Nearest(), lambda: 1.0, seed=1)
    assert found[0] is known[0]  # cheaper than Nearest
    assert found[1].feasible
    assert iterations == 2


def test_days_too_full_make_the_rule_heavier() -> None:
    """One vehicle of four a day: proposals that overfill a day are followed by some that do not."""
    choice, answers, _ = best_days(towns(vehicles=1), Nearest(), 0.2, seed=5)
    assert all(answer.feasible for answer in answers)
    assert sorted(np.bincount(choice).tolist()) == [4, 4]


def test_windows_for_vroom_keep_the_limit_inside_the_day() -> None:
    assert evenly((0, 100), 40, 3) == [(0, 40), (30, 70), (60, 100)]
    assert evenly((0, 100), 200, 2) == [(0, 100), (0, 100)]
    assert evenly((0, 100), 40, 1) == [(0, 40)]
    assert centred((50, 70), 40, (0, 100)) == (40, 80)
    assert centred((0, 10), 40, (0, 100)) == (0, 40)
    assert centred((90, 100), 40, (0, 100)) == (60, 100)


def test_a_missing_package_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vroom", None)  # as where it is not installed
    with pytest.raises(InputError, match="pip install pyvroom"):
        PEERS["vroom"]()


@pytest.mark.parametrize("name", sorted(PEERS))
def test_every_peer_plans_the_towns(name: str) -> None:
    package = {"pyvrp": "pyvrp", "vroom": "vroom", "ortools": "ortools"}[name.partition("-")[0]]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: it is asked for by the bench alone")
    found = judge(towns(), PEERS[name]().solve(towns(), 1.5, 1).week)
    assert found.feasible
    # The best: out to the near corner, round the square and back, 30 + 3 + |(30, 1)|, once each way.
    assert found.cost == pytest.approx(2 * (30 + 3 + math.hypot(30, 1)))


@pytest.mark.parametrize("name", ["insertion", "periodic"])
def test_our_own_engines_go_through_the_same_door(name: str) -> None:
    engine = HouseEngine(name)
    assert judge(handful(), engine.solve(handful(), 0.5, 1).week).feasible
