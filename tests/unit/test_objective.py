"""Every term of the four libraries by hand, in thousandths of a cent."""

from dataclasses import replace

from models.values import TimeWindow
from routing.objective import Cost, cost_of, cost_of_schedule, duty_mc
from routing.schedule import schedule
from routing.solution import Route, Solution, nothing_planned
from tests.instances import four_libraries

ALL = Solution((1, 1, 1, 1), (Route(0, (0, 1, 2, 3)),))


def test_every_term_of_the_four_libraries() -> None:
    assert cost_of(four_libraries(), ALL) == Cost(
        rounds_mc=2_000_000,  # 20 €
        hours_mc=2_460_000,  # 4920 s at 18 € an hour: 24.60 €
        distance_mc=980_000,  # 28 km at 0.35 €: 9.80 €
        waiting_mc=260_000,  # 50 + 60 + 70 + 80 cents
        habit_mc=200_000,  # B: 30620 − 29700 = 920 > 900; C: 34200 − 33300 = 900, still the habit
    )
    assert cost_of(four_libraries(), ALL).total_mc == 5_900_000


def test_nothing_planned_costs_what_is_missed() -> None:
    problem = four_libraries()
    assert cost_of(problem, nothing_planned(problem)) == Cost(missing_mc=4 * 8_000_000)


def test_what_a_coordinator_overrides_has_its_price() -> None:
    problem = four_libraries(capacity=9)
    timed = schedule(problem, Route(0, (0, 1, 2, 3)))
    # 12 crates at most in a van for 9: three too many, not the sum over the halts.
    assert cost_of_schedule(problem, timed).overload_mc == 3 * 500_000


def test_lateness_is_priced_by_the_second() -> None:
    problem = replace(four_libraries(pause=None, window=TimeWindow(28800, 36030)), late_minute_cents=60)
    # Home at 36120: 90 s over, at 60 cents a minute.
    timed = schedule(problem, Route(0, (0, 1, 2, 3)))
    assert cost_of_schedule(problem, timed).lateness_mc == 90 * 1000


def test_an_empty_round_is_not_driven_and_not_paid() -> None:
    problem = four_libraries()
    assert cost_of_schedule(problem, schedule(problem, Route(0, ()))) == Cost()


def test_paid_seconds_round_down() -> None:
    assert duty_mc(1800, 1) == 500  # 1 800 000 / 3600
    assert duty_mc(1, 3) == 0  # 3000 / 3600
