"""Promises on a day that goes otherwise than planned, against trying everything and against starting anew."""

import random
from dataclasses import replace

import numpy as np
import pytest

from routing.promise.chances import ONE, Chances, Odds
from routing.promise.journey import earliest
from routing.promise.revised import revised
from routing.promise.timetable import Call, Live, Run, Timetable
from tests.promise_flow import Flow
from tests.promise_networks import Tried, random_timetable

_LATE = ((0, 500_000), (4, 900_000), (30, ONE))


def _changed(chance: random.Random, timetable: Timetable) -> dict[int, Run]:
    """Some of the earliest runs, half of their calls at other times, in another order, or not at all."""
    runs = sorted(range(len(timetable.runs)), key=lambda k: timetable.runs[k].start_at)
    return {k: _otherwise(chance, timetable.runs[k]) for k in runs[: chance.randint(1, 3)]}


def _otherwise(chance: random.Random, run: Run) -> Run:
    at, found = run.start_at + chance.randint(-3, 15), []
    start_at = at
    for call in chance.sample(run.calls, len(run.calls)):
        begin_at = at + chance.randint(0, 4)
        at = begin_at + chance.randint(1, 3)
        live = Live(
            by_at=min(call.early_at, begin_at),
            announced=(call.early_at, call.late_at),
            off=chance.random() < 0.3,
            missed=chance.choice((0, 0, 400_000)),
            late=chance.choice((None, _LATE)),
        )
        found.append(replace(call, begin_at=begin_at, end_at=at, live=chance.choice((live, live, None))))
    late = chance.choice((None, _LATE))
    return replace(run, start_at=start_at, end_at=at + chance.randint(1, 9), calls=tuple(found), late=late)


def _driven(timetable: Timetable) -> tuple[Timetable, dict[tuple[int, int], tuple[int, int]]]:
    """Without the calls that do not take place; and which of the others is which, by run and position."""
    kept: list[list[tuple[int, Call]]] = [
        [(k, call) for k, call in enumerate(run.calls) if not call.off] for run in timetable.runs
    ]
    runs = [
        replace(run, calls=tuple(call for _, call in some))
        for run, some in zip(timetable.runs, kept, strict=True)
    ]
    where = {(r, k): (r, n) for r, some in enumerate(kept) for k, (n, _) in enumerate(some)}
    return replace(timetable, runs=tuple(runs)), where


@pytest.mark.parametrize("lot", range(2))
def test_a_revised_timetable_is_as_one_made_anew_and_as_trying_everything(lot: int) -> None:
    reached = other = 0
    for seed in range(20_000 + lot * 400, 20_400 + lot * 400):
        planned, chance = random_timetable(seed), random.Random(-seed)
        before = Odds(planned, Chances(late=((0, 600_000), (3, 900_000), (20, ONE))))
        odds = revised(before, _changed(chance, planned))
        anew = Odds(odds.timetable, odds.chances)
        for site in range(odds.reach.size):
            assert np.array_equal(odds.waiting[site], anew.waiting[site]), seed
        for depot, rows in anew.reach.after.items():
            assert np.array_equal(odds.reach.after[depot], rows), seed
            assert all(np.array_equal(odds.lying(depot, at), anew.lying(depot, at)) for at in range(0, 90, 9))
        tried = Tried(_driven(odds.timetable)[0])
        libraries = [k for k, place in enumerate(planned.places) if not place.depot]
        for _ in range(4):
            origin, asked_at = chance.choice(libraries), chance.randint(0, 60)
            destination = chance.choice([k for k in range(odds.reach.size) if k != origin])
            found = earliest(odds.reach, origin, destination, asked_at)
            assert found.arrival_at == tried.arrival_at(origin, destination, asked_at), seed
            assert all(not _off(odds, leg.run, leg.position) for leg in found.legs)
            reached += bool(found.legs)
            other += found.arrival_at != earliest(before.reach, origin, destination, asked_at).arrival_at
    assert (reached > 500, other > 80) == (True, True), (reached, other)  # of 1600


def _off(odds: Odds, run: int, position: int) -> bool:
    calls = odds.timetable.runs[run].calls
    return 0 <= position < len(calls) and calls[position].off


def test_its_shares_are_those_of_following_documents_forward() -> None:
    carried = 0
    for seed in range(30_000, 30_150):
        planned, chance = random_timetable(seed), random.Random(-seed)
        chances = Chances(
            run=chance.randint(5, 10) * 100_000,
            take_any=chance.randint(3, 10) * 100_000,
            deliver_any=chance.randint(3, 10) * 100_000,
            load=chance.randint(3, 10) * 100_000,
            late=((0, 600_000), (3, 900_000), (20, ONE)),
        )
        odds = revised(Odds(planned, chances), _changed(chance, planned))
        origin, destination = chance.sample(
            [k for k, place in enumerate(planned.places) if not place.depot], 2
        )
        ready_at = odds.reach.ready_at(origin, chance.randint(0, 30))
        pickup = odds.reach.pickup(origin, ready_at)
        driven, where = _driven(odds.timetable)
        flow = Flow(driven, chances, destination)
        flow.wait(origin, ready_at)
        followed = {where[call]: share for call, share in flow.shares.items()}
        told = odds.waiting[origin][len(odds.reach.pickups[origin]) if pickup is None else pickup]
        for k, stop in enumerate(odds.stops[destination]):
            share = followed.get((stop.run, stop.position), 0.0)
            assert abs(int(told[destination][k]) / ONE - share) < 1e-4, seed
        carried += bool(told[destination].any())
    assert carried > 25, carried


def test_a_run_cannot_call_elsewhere_than_it_did() -> None:
    odds = Odds(random_timetable(1), Chances())
    other = next(run for run in odds.timetable.runs if run.calls)
    with pytest.raises(ValueError, match="other sites"):
        revised(odds, {odds.timetable.runs.index(other): replace(other, calls=other.calls[1:])})
