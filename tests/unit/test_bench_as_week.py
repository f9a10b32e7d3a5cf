"""Published figures → whole numbers: what holds there must hold as published."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.as_week import as_published, as_week, scale_of, span_of
from bench.house import handful
from bench.instance import Customer, Instance, euclidean
from bench.referee import judge
from routing.budget import Budget
from routing.engines.insertion import Insertion
from routing.objective import cost_of
from routing.schedule import schedule
from routing.screen import screen
from routing.solution import Route, Solution


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Irrational distances, windows that may bind to the last digit, loads both ways."""
    size, days = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    points = draw(st.lists(st.tuples(*[st.floats(-50, 50)] * 2), min_size=size + 1, max_size=size + 1))
    distance = euclidean(np.array(points, np.float64))
    customers = []
    for k in range(size):
        early = draw(st.floats(0, 200))
        whole = st.sets(st.integers(0, days - 1), min_size=1).map(lambda chosen: tuple(sorted(chosen)))
        customers.append(
            Customer(
                number=100 + k,
                deliver=draw(st.integers(0, 5)) / draw(st.sampled_from([1, 10])),
                collect=draw(st.integers(0, 5)),
                service=draw(st.floats(0, 10)),
                window=(early, early + draw(st.floats(0, 100))),
                patterns=tuple(draw(st.lists(whole, min_size=1, max_size=3, unique=True))),
            )
        )
    return Instance(
        name="drawn",
        family="pvrptw",
        days=days,
        vehicles=draw(st.integers(1, 3)),
        customers=tuple(customers),
        distance=distance,
        capacity=(float(draw(st.integers(5, 12))),) * days,
        max_duration=(draw(st.one_of(st.floats(10, 300), st.just(math.inf))),) * days,
        horizon=(0.0, draw(st.floats(200, 500))),
    )


@given(instances())
@settings(max_examples=60)
def test_what_the_planner_finds_holds_as_published_and_costs_as_much(instance: Instance) -> None:
    problem, _ = screen(as_week(instance))
    solution = Insertion().solve(problem, Budget(iterations=100))
    found = judge(instance, as_published(instance, problem, solution))
    # Nobody is forced to be planned: absences are the only complaints left.
    left_out = [k for k, p in enumerate(solution.patterns) if problem.stops[k].patterns[p].missing]
    absences = {f"customer {instance.customers[k].number}: visited on days []" for k in left_out}
    assert {complaint.partition(", which")[0] for complaint in found.complaints} == absences
    metres = cost_of(problem, solution).distance_mc  # a cent a kilometre: a mc a metre
    assert metres / scale_of(instance).distance == pytest.approx(found.cost, abs=1e-3)


def test_rounding_is_on_the_safe_side() -> None:
    instance = handful()
    crooked = replace(instance, distance=instance.distance * math.sqrt(2))
    problem, scale = as_week(crooked), scale_of(crooked)
    exact = crooked.distance * scale.distance
    assert (problem.travel.seconds >= exact - 1e-6).all()
    assert (problem.travel.seconds < exact + 1).all()
    assert (np.abs(problem.travel.metres - exact) <= 0.5).all()


def test_figures_fill_an_int32_without_bursting_it() -> None:
    for factor in (1e-3, 1.0, 1e3, 1e6):
        instance = replace(handful(), distance=handful().distance * factor, horizon=(0.0, 100.0 * factor))
        problem = as_week(instance)
        times = [shift.window.late for shift in problem.shifts]
        assert max(times) + int(problem.travel.seconds.max()) < 2**31
        assert scale_of(instance).distance >= 1


def test_whole_distances_stay_whole() -> None:
    """A tour that fits to the last unit: two out, one of service, two back, in five units."""
    customer = Customer(number=1, deliver=1, service=1, window=(2, 2), patterns=((0,),))
    instance = Instance(
        name="to the second",
        family="vrptw",
        days=1,
        vehicles=1,
        customers=(customer,),
        distance=np.array([[0, 2], [2, 0]], np.float64),
        capacity=(1.0,),
        max_duration=(math.inf,),
        horizon=(0.0, 5.0),
    )
    problem = as_week(instance)
    assert not schedule(problem, Route(0, (0,))).violations
    assert judge(instance, as_published(instance, problem, Solution((1,), (Route(0, (0,)),)))).feasible


def test_without_windows_the_shift_is_as_long_as_a_tour_may_last() -> None:
    customers = tuple(replace(c, window=(0.0, math.inf)) for c in handful().customers)
    instance = replace(handful(), customers=customers, horizon=(0.0, math.inf))
    assert span_of(instance) == 50.0
    assert {shift.max_duty_s for shift in as_week(instance).shifts} == {None}
    assert {shift.window.late for shift in as_week(instance).shifts} == {50 * scale_of(instance).distance}


def test_with_windows_a_limit_on_durations_is_one_on_duty() -> None:
    problem, scale = as_week(handful()), scale_of(handful())
    assert {shift.max_duty_s for shift in problem.shifts} == {50 * scale.distance}
    assert {shift.window.late for shift in problem.shifts} == {100 * scale.distance}


def test_without_any_limit_no_sensible_tour_is_cut() -> None:
    """Four customers at two, three or so units: even one tour through all of them, the long way round."""
    customers = tuple(replace(c, window=(0.0, math.inf)) for c in handful().customers)
    instance = replace(
        handful(), customers=customers, horizon=(0.0, math.inf), max_duration=(math.inf, math.inf)
    )
    longest = 5 * float(instance.distance.max()) + 4
    assert span_of(instance) >= longest - 5  # the four farthest legs of four different places
    assert not schedule(as_week(instance), Route(0, (0, 3, 1, 2))).violations


def test_no_limit_on_loads_is_room_for_everyone() -> None:
    instance = replace(handful(), capacity=(math.inf, math.inf))
    assert not schedule(as_week(instance), Route(0, (0, 1, 2, 3))).violations


def test_leaving_a_customer_out_is_dearer_than_any_detour() -> None:
    problem = as_week(handful())
    farthest = int(problem.travel.metres.max())
    for stop in problem.stops:
        nobody = next(pattern for pattern in stop.patterns if not pattern.days)
        assert nobody.cents * 1000 >= 2 * farthest * max(len(pattern.days) for pattern in stop.patterns)
