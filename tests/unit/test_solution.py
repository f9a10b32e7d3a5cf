"""A solution is orders without clocks; nothing planned is one, too."""

from dataclasses import replace

from routing.problem import Pattern
from routing.solution import Route, Solution, empty_pattern, nothing_planned
from tests.instances import four_libraries


def test_nothing_planned_takes_empty_patterns_wherever_they_stand() -> None:
    problem = four_libraries()
    turned = replace(problem.stops[1], patterns=(Pattern(days=(0,)), Pattern(days=())))
    problem = replace(problem, stops=(problem.stops[0], turned, *problem.stops[2:]))
    assert empty_pattern(problem, 1) == 1
    assert nothing_planned(problem) == Solution((0, 1, 0, 0), ())


def test_routes_are_found_by_shift() -> None:
    assert Solution((), (Route(3, (1, 2)), Route(0, (5,)))).by_shift == {3: (1, 2), 0: (5,)}
