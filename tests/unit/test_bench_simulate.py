"""The simulated year: the same every time, consistent with itself, of the shape that its settings say."""

import math
from collections import Counter
from datetime import date
from functools import cache

import numpy as np
import pytest

from bench.proof.baselines import LEVELS
from bench.proof.known import epoch, known_at, recorded
from bench.proof.scores import brier, coverage, interval_score, pinball, terciles
from bench.sim.chance import pareto, poisson, stream
from bench.sim.drive import Went
from bench.sim.journeys import Journeys
from bench.sim.settings import Phones, Roads, Settings, Vans
from bench.sim.track import along
from bench.sim.world import Van, World
from bench.sim.year import Year, simulate
from models.custody.facts import ScanKind
from models.custody.visits import visits_progress
from models.service_day import IsoWeek

WEEKS = 6
SMALL = Settings(engine="insertion", iterations=50, first=IsoWeek(2026, 14), weeks=WEEKS)


@cache
def year() -> Year:
    return simulate(SMALL)


def test_the_same_settings_give_the_same_year_and_another_seed_another() -> None:
    again = simulate(SMALL)
    assert again is not year()
    assert again.runs == year().runs
    assert simulate(Settings(engine="insertion", iterations=50, weeks=1, seed=2)).runs[0] != year().runs[0]


def test_no_round_on_a_holiday() -> None:
    """Easter Monday is 6 April 2026, in the second of these weeks (14 is 30 March to 5 April)."""
    days = {run.tour.date for run in year().runs}
    assert date(2026, 4, 6) not in days
    assert date(2026, 4, 13) in days


def test_clocks_of_a_round_run_forwards_and_nobody_begins_before_the_opening() -> None:
    for run in year().runs:
        now = run.driven.depart_s
        for call in run.driven.calls:
            if call.arrival_s is None or now is None:
                continue
            assert now < call.arrival_s
            if call.begin_s is not None:
                assert call.begin_s >= max(call.arrival_s, call.visit.window.early)
            now = call.leave_s
        assert run.driven.home_s is None or now is None or run.driven.home_s > now


def test_crates_are_not_made_on_the_way() -> None:
    for run in year().runs:
        capacity = year().world.network.vehicle(run.tour.vehicle).capacity
        aboard = sum(call.brought - call.left_at_depot for call in run.driven.calls)
        assert aboard <= capacity
        for call in run.driven.calls:
            assert 0 <= call.left_at_depot <= call.brought
            assert 0 <= call.left_behind <= call.ready
            if call.went is not Went.SERVED:
                assert call.delivered == call.collected == 0


def test_what_is_told_is_what_happened() -> None:
    """Figures told by phones, corrections settled, are the true ones; nothing is told of what was not."""
    for run in year().runs:
        known = visits_progress(run.telling.scans)
        for call in run.driven.calls:
            told = known.get(call.ref)
            if call.arrival_s is None:
                assert told is None
            elif told and told.delivered and not run.telling.paper:
                assert told.delivered.crates == call.delivered
        if run.driven.van is Van.OFF:
            assert not run.telling.scans


def test_nothing_is_heard_before_it_is_sent_nor_sent_before_it_happened() -> None:
    for run in year().runs:
        for scan in run.telling.scans:
            assert scan.occurred_at <= scan.sent_at
            assert scan.happened_at <= scan.received_at
        received = [scan.received_at for scan in run.telling.scans]
        assert received == sorted(received)


def test_paper_is_keyed_in_the_evening_with_round_hours() -> None:
    settings = Settings(engine="insertion", iterations=50, weeks=2, phones=Phones(paper_share=1.0))
    for run in simulate(settings).runs:
        assert run.telling.paper
        for scan in run.telling.scans:
            assert scan.occurred_at.minute % 5 == 0
            assert scan.received_at.hour >= 17


def test_what_is_known_grows_and_never_looks_ahead() -> None:
    run = max(year().runs, key=lambda one: len(one.telling.scans))
    heard = [epoch(scan.received_at) for scan in run.telling.scans]
    middle = heard[len(heard) // 2]
    early, whole = known_at(run.tour, run.telling, middle), recorded(run.tour, run.telling)
    assert set(early.visits) <= {scan.visit for scan in run.telling.scans}
    assert all((sign.heard_at or 0) <= middle for sign in early.told.visits.values())
    assert len(early.told.visits) < len(whole.told.visits)


def test_noise_has_the_shape_that_is_stated() -> None:
    """Rare delays: P(X > 2·least) = 2^-1.7 = 0.308, P(X > 10·least) = 10^-1.7 = 0.020; Poisson's variance is
    its mean. 20,000 draws: four standard errors are at most 0.013."""
    chance, roads = stream("shape"), Roads()
    drawn = [pareto(chance, 150, roads.rare_shape, 1e9) for _ in range(20_000)]
    assert np.mean(np.array(drawn) > 300) == pytest.approx(2**-1.7, abs=0.013)
    assert np.mean(np.array(drawn) > 1500) == pytest.approx(10**-1.7, abs=0.005)
    counts = [poisson(chance, 2.0) for _ in range(20_000)]
    assert np.mean(counts) == pytest.approx(2.0, abs=0.04)
    assert np.var(counts) == pytest.approx(2.0, abs=0.12)


def test_legs_are_biased_for_good_and_the_year_drifts() -> None:
    """A leg's bias does not change; first and last day differ by the drift, log 1.08, where days do not."""
    calm = Settings(weeks=52, roads=Roads(day_sd=0.0, bad_days=0))
    world = World(
        settings=calm,
        network=year().world.network,
        travel=year().world.travel,
        served=("cassel",),
        vans=("V1",),
    )
    assert world.leg_log("cassel", "arneke") == world.leg_log("cassel", "arneke")
    assert world.leg_log("cassel", "arneke") != world.leg_log("arneke", "cassel")
    assert world.day_log(world.first) == pytest.approx(0.0)
    assert world.day_log(world.last) == pytest.approx(math.log(1.08))
    works = world.works
    assert len(works) == 10
    assert world.works_log("cassel", "arneke", works[0].first) == pytest.approx(math.log1p(works[0].extra))


def test_vans_are_off_for_some_days() -> None:
    settings = Settings(engine="insertion", iterations=50, weeks=8, vans=Vans(off_spells=20, lent_share=0.0))
    vans = Counter(run.driven.van for run in simulate(settings).runs)
    assert vans[Van.OFF] > 0
    assert vans[Van.FINE] > vans[Van.OFF]


def test_a_document_arrives_after_it_was_ready_at_a_call_of_its_destination() -> None:
    journeys, runs = Journeys(year()), year().runs
    origin = runs[0].tour.visits[0].site
    destination = next(v.site for run in runs for v in run.tour.visits if v.site != origin)
    ready_at = epoch(SMALL.first.days[0].zero)
    arrived_at = journeys.arrives_at(origin, destination, ready_at, 1)
    leaving = {
        epoch(run.tour.day.zero) + (call.leave_s or 0)
        for run in runs
        for call in run.driven.calls
        if call.visit.site == destination and call.went is Went.SERVED
    }
    assert arrived_at in leaving
    assert arrived_at == journeys.arrives_at(origin, destination, ready_at, 1)


def test_positions_lie_on_the_way() -> None:
    assert along([(2.0, 50.0), (2.2, 50.0)], 0.25) == pytest.approx((2.05, 50.0))
    assert along([(2.0, 50.0), (2.0, 50.1), (2.0, 50.2)], 1.0) == pytest.approx((2.0, 50.2))


def test_taps_come_in_kinds_that_phones_know() -> None:
    kinds = {scan.kind for run in year().runs for scan in run.telling.scans}
    assert {ScanKind.ARRIVED, ScanKind.LEFT, ScanKind.DELIVERED, ScanKind.PICKED_UP} <= kinds


def test_scores() -> None:
    """One truth of 10 inside [0, 20] at 80 %, one of 30 outside by 10: widths 20; score 20 + 10·10 for the
    second, 70 on average. Pinball of the median alone: 0.5·|10 − 10| and 0.5·|30 − 10|."""
    told = np.array([[0.0, 0.0, 10.0, 20.0, 20.0]] * 2)
    truth = np.array([10.0, 30.0])
    assert coverage(told, truth, 80) == 0.5
    assert interval_score(told, truth, 80) == pytest.approx(70.0)
    flat = np.full((1, len(LEVELS)), 10.0)  # 20 too early, at all levels: 20 · mean(0.05 … 0.95) = 10
    assert pinball(flat, np.array([30.0])) == pytest.approx(10.0)
    assert brier(np.array([0.5, 0.0]), np.array([True, False])) == pytest.approx(0.125)
    assert [int(mask.sum()) for mask in terciles(np.arange(9.0))] == [3, 3, 3]
