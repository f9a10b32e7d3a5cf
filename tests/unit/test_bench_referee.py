"""The bench's referee against arithmetic done by hand, and against trying every departure."""

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.instance import Customer, Instance, euclidean
from bench.referee import judge, peak_load, shortest_duration

# The depot in the corner of a 3-4-5 triangle: depot-1: 3, depot-2: 4, 1-2: 5.
CORNERS = np.array([[0, 0], [3, 0], [0, 4]], np.float64)


def triangle(
    *,
    capacity: float = 10,
    duration: float = math.inf,
    windows: tuple[tuple[float, float], tuple[float, float]] = ((0, 100), (0, 100)),
    loads: tuple[tuple[float, float], tuple[float, float]] = ((4, 0), (4, 0)),
    vehicles: int = 1,
) -> Instance:
    customers = tuple(
        Customer(
            number=10 * (k + 1), deliver=out, collect=back, service=2, window=window, patterns=((0,), (1,))
        )
        for k, (window, (out, back)) in enumerate(zip(windows, loads, strict=True))
    )
    return Instance(
        name="triangle",
        family="pvrptw",
        days=2,
        vehicles=vehicles,
        customers=customers,
        distance=euclidean(CORNERS),
        capacity=(capacity, capacity),
        max_duration=(duration, duration),
        horizon=(0, 100),
    )


def test_the_cost_is_the_length_of_every_tour() -> None:
    together = judge(triangle(), [[[10, 20]], []])
    assert together.cost == 12.0  # 3 + 5 + 4
    assert together.feasible
    apart = judge(triangle(), [[[10]], [[20]]])
    assert apart.cost == 14.0  # 2·3 + 2·4
    assert apart.feasible


def test_leaving_late_spares_the_wait() -> None:
    # Customer 10 opens at 50. Left at 47: 3 driving, 2 service, 5 driving, 2 service, 4 driving = 16.
    assert shortest_duration(triangle(windows=((50, 60), (0, 100))), [1, 2]) == 16.0
    # Customer 20 first, closing at 20: leave at 16 at the latest, begin at 20, leave 22, there at 27, wait
    # until 50. Home at 55, left at 16: 39.
    assert shortest_duration(triangle(windows=((50, 60), (0, 20))), [2, 1]) == 39.0


def test_a_duration_is_kept_or_not_to_the_second() -> None:
    windows = ((50.0, 60.0), (0.0, 20.0))
    assert judge(triangle(windows=windows, duration=39), [[[20, 10]], []]).feasible
    found = judge(triangle(windows=windows, duration=38.9), [[[20, 10]], []])
    assert [complaint for complaint in found.complaints if "lasts 39" in complaint]


def test_a_missed_window_and_a_closed_depot_are_seen() -> None:
    assert (
        shortest_duration(triangle(windows=((0, 100), (0, 9))), [1, 2]) is None
    )  # there at 10 at the earliest
    assert shortest_duration(triangle(windows=((0, 100), (0, 10))), [1, 2]) is not None
    # Begun at 95 at the earliest, 2 of service, 4 home: 101, the depot closes at 100.
    assert shortest_duration(triangle(windows=((0, 100), (95, 100))), [2]) is None
    assert "window" in judge(triangle(windows=((0, 100), (0, 9))), [[[10, 20]], []]).complaints[0]


def test_the_peak_load_may_be_under_way() -> None:
    # Out with 3 + 1; after the first -3 +5: 6; after the second -1 +0: 5. The other way round: 4, 3, 5.
    first = Customer(number=1, deliver=3, collect=5, patterns=((0,),))
    second = Customer(number=2, deliver=1, collect=0, patterns=((0,),))
    assert peak_load([first, second]) == 6
    assert peak_load([second, first]) == 5
    both = ((3.0, 5.0), (1.0, 0.0))
    assert judge(triangle(capacity=5, loads=both), [[[20, 10]], []]).feasible
    assert "6 aboard, 5 allowed" in judge(triangle(capacity=5, loads=both), [[[10, 20]], []]).complaints[0]


@pytest.mark.parametrize(
    ("week", "told"),
    [
        ([[[10, 20]]], "1 days are given, 2 are asked"),
        ([[[10], [20]], []], "day 0: 2 tours for 1 vehicles"),
        ([[[10, 20, 30]], []], "there is no customer 30"),
        ([[[10, 20]], [[10]]], "customer 10: visited on days [0, 1]"),
        ([[[10, 20, 10]], []], "customer 10: visited on days [0, 0]"),
        ([[[10]], []], "customer 20: visited on days []"),
    ],
)
def test_what_is_not_kept_is_told(week: list[list[list[int]]], told: str) -> None:
    found = judge(triangle(capacity=100), week).complaints
    assert len(found) == 1
    assert told in found[0]


def test_empty_tours_are_no_tours() -> None:
    assert judge(triangle(), [[[], [10, 20], []], [[]]]).feasible


@st.composite
def small_tours(draw: st.DrawFn) -> Instance:
    """Whole figures, so that the best departure is a whole one too."""
    size = draw(st.integers(1, 4))
    legs = draw(st.lists(st.integers(0, 9), min_size=(size + 1) ** 2, max_size=(size + 1) ** 2))
    customers = []
    for k in range(size):
        early = draw(st.integers(0, 40))
        window = (early, early + draw(st.integers(0, 30)))
        service = draw(st.integers(0, 5))
        customers.append(Customer(number=k + 1, deliver=0, service=service, window=window, patterns=((0,),)))
    return Instance(
        name="small",
        family="vrptw",
        days=1,
        vehicles=1,
        customers=tuple(customers),
        distance=np.array(legs, np.float64).reshape(size + 1, size + 1),
        capacity=(math.inf,),
        max_duration=(math.inf,),
        horizon=(draw(st.integers(0, 20)), 80),
    )


@given(small_tours())
@settings(max_examples=300, deadline=None)
def test_no_departure_is_shorter_than_the_shortest(instance: Instance) -> None:
    rows = range(1, len(instance.customers) + 1)
    found = [_lasts(instance, start) for start in range(int(instance.horizon[0]), 81)]
    known = [duration for duration in found if duration is not None]
    assert shortest_duration(instance, rows) == (min(known) if known else None)


def _lasts(instance: Instance, start: int) -> float | None:
    """The duration when leaving at `start`, walked leg by leg."""
    clock: float = start
    for k, (a, b) in enumerate(itertools.pairwise([0, *range(1, len(instance.customers) + 1), 0])):
        clock += instance.distance[a, b]
        if b:
            early, late = instance.customers[k].window
            if clock > late:
                return None
            clock = max(clock, early) + instance.customers[k].service
    return clock - start if clock <= instance.horizon[1] else None


def test_the_referee_shares_nothing_with_the_planner() -> None:
    listing = "[m for m in sys.modules if m.split('.')[0] in ('routing', 'models')]"
    code = f"import bench.referee, sys; print({listing})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
