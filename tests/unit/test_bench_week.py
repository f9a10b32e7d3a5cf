"""Peers on a shuttle's week: whatever they answer is mended until the referee has nothing to say."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.peers.shuttle_alternating import ShuttleAlternating
from bench.peers.shuttle_day import Orders, ShuttleDay, ShuttleDaySolver, day_of, mend
from bench.peers.shuttle_fixed import ShuttleFixed
from bench.peers.shuttle_names import SHUTTLE_PEERS
from bench.peers.shuttle_pyvrp import Question, cost_units
from bench.peers.shuttle_rule import ShuttleRule
from bench.peers.shuttle_week import days_of, price_of, week_of
from bench.results_file import read_results
from bench.week_run import told
from bench.week_table import table_of_weeks
from models.values import TimeWindow
from routing.budget import Budget
from routing.engines.engine import Engine
from routing.engines.insertion import Insertion
from routing.engines.prices import RoutePrices
from routing.engines.week_state import WeekState
from routing.problem import Break, WeekProblem
from routing.screen import screen
from tests.instances import days_of as every_choice
from tests.instances import four_libraries, random_week, shift, stop, travel, week

_ROUNDS = 15  # random weeks per solver


class Careless:
    """A solver that obeys nothing: every visit of the day on some shift, in any sequence."""

    def __init__(self, *, resumes: bool) -> None:
        self.resumes = resumes
        self.random = random.Random(5)

    def solve(
        self, day: ShuttleDay, seconds: float, seed: int, start: Orders | None = None
    ) -> tuple[Orders, int]:
        found: dict[int, tuple[int, ...]] = {}
        for asked in self.random.sample(list(day.worth), len(day.worth)):
            chosen = self.random.choice(day.shifts)
            found[chosen] = (*found.get(chosen, ()), asked)
        return found, 1


def judged(problem: WeekProblem, engine: Engine, seconds: float, seed: int) -> dict[str, object]:
    screened, reasons = screen(problem)
    return told(screened, engine.solve(screened, Budget(seconds=seconds, seed=seed)), reasons)


@pytest.mark.parametrize("loop", [ShuttleFixed, ShuttleAlternating])
@pytest.mark.parametrize("resumes", [True, False])
def test_whatever_a_solver_says_the_week_holds(
    loop: Callable[[ShuttleDaySolver], Engine], resumes: bool
) -> None:
    for seed in range(_ROUNDS):
        problem = random_week(random.Random(seed), rough=seed % 2 == 1)
        line = judged(problem, loop(Careless(resumes=resumes)), 0.02, seed)
        assert line["feasible"], (seed, line["complaints"])


@pytest.mark.parametrize("name", sorted(SHUTTLE_PEERS))
def test_the_peers_hold_on_weeks_with_every_trimming(name: str) -> None:
    package = {"pyvrp": "pyvrp", "vroom": "vroom"}[name.partition("-")[0]]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: it is asked for by the bench alone")
    for seed in range(_ROUNDS):
        problem = random_week(random.Random(100 + seed))
        line = judged(problem, SHUTTLE_PEERS[name](), 0.15, seed)
        assert line["feasible"], (seed, line["complaints"])


@pytest.mark.parametrize("name", sorted(SHUTTLE_PEERS))
def test_the_peers_find_what_can_be_worked_out_by_hand(name: str) -> None:
    """Two towns, an hour apart on either side of the depot, two days: one town a day is cheapest.

    Each day: 1800 s out, 60 s between the two, 1800 s back, at 10 km per 1000 s: 36.6 km at 50 cents, and
    3660 s + 2 services of 100 s = 3860 s at 3600 cents an hour; a fixed price of 500: 1830 + 3860 + 500.
    """
    package = {"pyvrp": "pyvrp", "vroom": "vroom"}[name.partition("-")[0]]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: it is asked for by the bench alone")
    line = judged(two_towns(), SHUTTLE_PEERS[name](), 1.0, 1)
    assert line["feasible"]
    assert line["cost"] == 2 * (1830 + 3860 + 500)
    assert line["missing"] == 0


def two_towns() -> WeekProblem:
    at = [0, 1800, 1860, -1800, -1860]
    seconds = [[abs(a - b) if {a, b} != {1800, 1860} else 60 for b in at] for a in at]
    for far, near in ((2, 1), (4, 3)):  # both of a town are as far from the depot
        seconds[0][far] = seconds[far][0] = seconds[0][near]
    stops = [
        stop(place, [(0, 40_000)], [(0, 40_000)], patterns=every_choice(2, missing_cents=90_000), setup_s=100)
        for place in range(1, 5)
    ]
    costs = {"fixed_cents": 500, "hour_cents": 3600, "km_cents": 50}
    vans = [shift(0, 5000, day=day, id=f"day {day}", **costs) for day in range(2)]
    return week(stops, vans, travel(seconds))


def test_a_round_that_holds_is_kept_as_it_was_given() -> None:
    prices = RoutePrices(four_libraries())
    day = day_of(WeekState(prices.problem, prices), 0, [1, 1, 1, 1])
    assert day.worth[0] == 1000 * (8000 - 50)  # not coming costs 8000, coming a wait of 50
    found = mend(prices, day, {0: (1, 0)})
    assert found.orders == {0: (1, 0)} or set(found.orders[0]) > {0, 1}
    alone = mend(prices, replace(day, worth={0: 7_950_000, 1: 7_940_000}), {0: (0, 1)})
    assert alone.orders == {0: (0, 1)}
    assert alone.mc == prices.of(0, (0, 1))


@pytest.mark.parametrize("name", sorted(SHUTTLE_PEERS))
def test_a_week_whose_insertion_was_cut_short_holds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Owed two visits each, one van a day that holds two crates: insertion makes some half, or is stopped."""
    package = {"pyvrp": "pyvrp", "vroom": "vroom"}[name.partition("-")[0]]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: it is asked for by the bench alone")
    scarce = week(
        [stop(k, *[[(0, 40_000)]] * 3, patterns=every_choice(3, 2), deliver=1) for k in range(1, 6)],
        [shift(0, 50_000, day=day, id=f"day {day}", capacity=2) for day in range(3)],
        travel([[0 if a == b else 100 for b in range(6)] for a in range(6)]),
    )
    line = judged(scarce, SHUTTLE_PEERS[name](), 0.5, 1)
    assert line["feasible"], line["complaints"]
    assert line["visits"] == 6  # two a day
    assert line["missing"] == 4
    monkeypatch.setattr("bench.peers.shuttle_fixed._INSERTION_SHARE", 0.0)
    assert judged(scarce, SHUTTLE_PEERS[name](), 0.5, 1)["visits"] == 6


def test_a_visit_that_no_round_can_hold_is_paid_for() -> None:
    prices = RoutePrices(four_libraries(capacity=4))  # B asks for 5 crates to be taken
    day = day_of(WeekState(prices.problem, prices), 0, [0, 1, 0, 0])
    found = mend(prices, day, {0: (1,)})
    assert found.orders == {}
    assert found.mc == day.worth[1]


def test_a_week_falls_back_to_the_days_that_are_made() -> None:
    problem = two_towns()
    prices = RoutePrices(problem)
    choice = [next(k for k, p in enumerate(stop.patterns) if p.days == (0,)) for stop in problem.stops]
    days = days_of(prices, choice)
    answers = [mend(prices, day, {0: (0, 1)}) for day in days]
    assert answers[0].orders[0][:2] == (0, 1)
    solution = week_of(prices, choice, answers)
    assert told(problem, solution, {})["feasible"]
    assert prices.solution_mc(solution) <= price_of(prices, choice, answers)  # others found room on day 1


def test_the_rule_knows_what_readers_wait() -> None:
    """Nothing but waiting tells the days apart: everyone takes the pattern with the shortest wait."""
    spread = every_choice(5, 2)
    waits = tuple(
        replace(pattern, waiting_cents=0 if pattern.days == (0, 3) else 100_000) for pattern in spread
    )
    problem = week(
        [stop(k, *[[(0, 40_000)]] * 5, patterns=waits) for k in (1, 2, 3)],
        [shift(0, 50_000, day=day, id=f"day {day}", hour_cents=100) for day in range(5)],
        travel([[0 if a == b else 100 for b in range(4)] for a in range(4)]),
    )
    rule = ShuttleRule(RoutePrices(problem), seed=1)
    for _ in range(5):
        assert [problem.stops[k].patterns[p].days for k, p in enumerate(rule.propose())] == [(0, 3)] * 3


def test_a_day_without_room_is_given_less() -> None:
    """Twenty visits of an hour that could all be made on either day; then day 0 is said to be full."""
    problem = week(
        [stop(k, *[[(0, 80_000)]] * 2, setup_s=3600) for k in range(1, 21)],
        [shift(0, 80_000, day=day, id=f"day {day}", hour_cents=100) for day in range(2)],
        travel([[0 if a == b else 100 for b in range(21)] for a in range(21)]),
    )
    rule = ShuttleRule(RoutePrices(problem), seed=1)
    before = sum(problem.stops[k].patterns[p].days == (0,) for k, p in enumerate(rule.propose()))
    for _ in range(40):
        rule.was_too_full(0)
    after = [problem.stops[k].patterns[p].days for k, p in enumerate(rule.propose())]
    # Of 80 000 s, 15 % are left at least, and a proposal fills 70 % of them or more: 8400 to 12 000 s.
    assert after.count((0,)) <= 3 < before
    assert set(after) <= {(0,), (1,)}


def test_seconds_cost_whole_units() -> None:
    problem = four_libraries(hour_cents=2550)
    assert cost_units(problem) == 24  # gcd(3600, 2550) = 150; 2550 × 24 / 3600 = 17 a second
    assert (2550 * cost_units(problem)) % 3600 == 0


def test_pyvrp_keeps_a_shift_clear_of_its_pause() -> None:
    """A pause of 1800 s from 30 000 to 40 000: a shift that owes none, or one that is so much shorter."""
    pyvrp = pytest.importorskip("pyvrp", reason="pyvrp is asked for by the bench alone")
    rest = Break(window=TimeWindow(30_000, 40_000), length_s=1800)
    problem = week(
        [stop(1, [(50_000, 60_000)]), stop(2, [(21_000, 25_000)])],
        [shift(20_000, 70_000, pause=rest)],
        travel([[0, 100, 100], [100, 0, 100], [100, 100, 0]]),
    )
    day = ShuttleDay(problem, 0, {0: 10**6, 1: 10**6})
    spans = {Question(pyvrp, day, {}, seed).kinds[0].span for seed in range(20)}
    assert spans == {TimeWindow(20_000, 40_000), TimeWindow(31_800, 70_000), TimeWindow(20_000, 68_200)}
    assert Question(pyvrp, day, {0: (0,)}, 1).kinds[0].span == TimeWindow(31_800, 70_000)
    assert Question(pyvrp, day, {0: (1,)}, 1).kinds[0].span == TimeWindow(20_000, 40_000)
    assert Question(pyvrp, day, {0: (1, 0)}, 1).kinds[0].span == TimeWindow(20_000, 68_200)


def test_a_line_adds_up() -> None:
    problem, reasons = screen(two_towns())
    line = told(problem, Insertion().solve(problem, Budget(seconds=5)), reasons)
    terms = line["terms"]
    assert isinstance(terms, dict)
    assert line["cost"] == sum(terms.values())
    assert line["visits"] == 4


def test_weeks_are_run_once_and_made_into_a_table(tmp_path: Path) -> None:
    out = tmp_path / "weeks.jsonl"
    words = ["--engines", "insertion", "--seconds", "5", "--sites", "12", "--out", str(out)]
    command = [sys.executable, "-m", "bench", "week", *words]
    first = subprocess.run(command, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "0 runs to do, 1 in the file before" in again.stderr
    (line,) = read_results([out])
    assert (line["set"], line["instance"], line["feasible"]) == ("synthetic", "synthetic-12-1", True)
    assert json.loads(out.read_text().splitlines()[0])["what"] == "machine"
    table = table_of_weeks([line, line | {"engine": "other", "cost": 2 * line["cost"]}])
    assert "**synthetic-12-1, 5 s**" in table
    assert table.index("`insertion`") < table.index("`other`")
    assert "+100.00 %" in table


def test_a_table_leaves_out_runs_that_do_not_hold() -> None:
    line = {
        "instance": "w",
        "budget_s": 5.0,
        "engine": "a",
        "cost": 1000.0,
        "feasible": True,
        "km": 1.0,
        "hours": 1.0,
        "rounds": 1,
        "missing": 0,
        "terms": {"waiting": 250},
    }
    table = table_of_weeks([line, line | {"cost": 1.0, "feasible": False}, line | {"cost": 3000.0}])
    assert "| `a` | 3 | 20.00 | 10.00 … 30.00 | +0.00 % | 1.0 | 1.00 | 1 | 2.50 | 0 | 1 |" in table
