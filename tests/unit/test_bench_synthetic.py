"""Made-up weeks: the same for a seed, with roads that could be, and what growing costs."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from bench.growth import Watched, powers_of, slope_of, table_of_growth
from bench.growth_plot import Point, curve
from bench.synthetic import real_week, synthetic_week
from bench.synthetic_roads import crow, drive, flattened, law_of
from routing.screen import screen

SITES = 90


def test_the_same_seed_makes_the_same_week() -> None:
    first, again = synthetic_week(SITES, 7), synthetic_week.__wrapped__(SITES, 7)
    assert first is not again
    assert (first.stops, first.shifts) == (again.stops, again.shifts)
    assert first.travel.fingerprint == again.travel.fingerprint
    assert synthetic_week(SITES, 8).travel.fingerprint != first.travel.fingerprint


def test_a_depot_and_two_vans_for_every_45_sites() -> None:
    problem = synthetic_week(SITES, 7)
    assert len(problem.stops) == SITES
    assert len({shift.start for shift in problem.shifts}) == 2
    assert len({shift.vehicle for shift in problem.shifts}) == 4
    assert problem.days == 5
    assert all(shift.start == shift.end for shift in problem.shifts)
    assert len(synthetic_week(12, 7).travel.ids) == 13


def test_no_travel_is_shorter_by_a_detour() -> None:
    seconds = synthetic_week(SITES, 7).travel.seconds.astype(np.int64)
    shortest = min(int((seconds[:, k : k + 1] + seconds[k : k + 1, :] - seconds).min()) for k in range(SITES))
    assert shortest == 0  # through oneself; never less
    assert (seconds + np.eye(len(seconds), dtype=np.int64) > 0).all()


def test_made_up_roads_are_like_real_ones() -> None:
    """The middle is set right; a tenth either way of the rest is not asked for."""
    real, made = real_week("2026-W49"), synthetic_week(SITES, 7)
    law = law_of(real.travel, list(range(len(real.travel.ids))))
    new = law_of(made.travel, list(range(len(made.travel.ids)))).up_to(float(law.crow_m[-1]))
    assert new.middle == pytest.approx(law.middle, rel=0.05)
    for share in (0.1, 0.9):
        assert np.quantile(new.there, share, axis=0) == pytest.approx(
            np.quantile(law.there, share, axis=0), rel=0.2
        )


def test_sites_are_real_libraries_elsewhere() -> None:
    real, made = real_week("2026-W49"), synthetic_week(SITES, 7)
    kinds = {(s.deliver, s.collect, s.patterns, s.setup_s, s.handling_s) for s in real.stops}
    assert all((s.deliver, s.collect, s.patterns, s.setup_s, s.handling_s) in kinds for s in made.stops)
    lengths = {tuple(tuple(w.late - w.early for w in day) for day in s.windows[:5]) for s in real.stops}
    assert all(
        tuple(tuple(w.late - w.early for w in day) for day in s.windows) in lengths for s in made.stops
    )
    apart = crow(flattened(list(made.travel.points))) + np.diag([np.inf] * len(made.travel.ids))
    assert apart.min() > 500


def test_nearly_everyone_can_be_served() -> None:
    screened, reasons = screen(synthetic_week(SITES, 7))
    assert len(reasons) <= SITES // 20
    assert sum(all(p.missing for p in stop.patterns) for stop in screened.stops) == len(reasons)


def test_one_place_alone_has_nowhere_to_go() -> None:
    law = law_of(real_week("2026-W49").travel, list(range(10)))
    seconds, metres = drive(np.zeros((1, 2)), law, np.random.default_rng(1))
    assert seconds.tolist() == metres.tolist() == [[0]]


def test_growth_in_powers() -> None:
    # Twice the size, half as many turns: in proportion; then as many: no growth.
    assert powers_of({45: 1000.0, 90: 500.0, 180: 500.0}) == pytest.approx([1.0, 0.0])
    assert slope_of({45: 1000.0, 90: 500.0, 180: 250.0}) == pytest.approx(1.0)
    assert slope_of({45: 1000.0}) is None
    table = table_of_growth({45: 1000.0, 90: 500.0})
    assert "| 45 | 1000 | 1000.0 |  |" in table
    assert "| 90 | 500 | 2000.0 | 1.00 |" in table


def test_pace_is_taken_between_looks_at_the_budget() -> None:
    budget = Watched(seconds=60, seed=1)
    budget.step(1000)  # before the first look: loading, warming up
    assert budget.pace == 0.0
    budget.noted = [(1.0, 1000), (2.0, 1200), (3.0, 1400)]
    assert budget.pace == pytest.approx(200.0)


def test_the_picture_is_one(tmp_path: object) -> None:
    drawn = curve([Point(x=45, y=10.0), Point(x=90, y=12.0), Point(x=720, y=15.5)], across="sites", up="µs")
    root = ET.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert "15.5" in drawn
    assert len([one for one in root if one.tag.endswith("circle")]) == 3
    assert curve([Point(x=45, y=1.0)], across="sites", up="µs").count("<circle") == 1
