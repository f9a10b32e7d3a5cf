"""Promises against trying everything, on thousands of small random networks."""

import random
from itertools import product

import pytest

from routing.promise.chances import ONE, Chances, Odds
from routing.promise.earliest import Reach
from routing.promise.journey import Journey, LegKind, earliest
from routing.promise.matrix import matrix
from routing.promise.quantiles import DUE, LIKELY, arrival, promised
from routing.promise.timetable import NEVER
from tests.promise_flow import Flow
from tests.promise_networks import Tried, random_timetable

_EACH = 1000


@pytest.mark.parametrize("lot", range(5))
def test_no_arrival_is_earlier_and_none_later_than_found_by_trying_everything(lot: int) -> None:
    reached = trunk = straight = 0
    for seed in range(lot * _EACH, (lot + 1) * _EACH):
        timetable = random_timetable(seed)
        reach, tried, chance = Reach(timetable), Tried(timetable), random.Random(-seed)
        libraries = [k for k, place in enumerate(timetable.places) if not place.depot]
        for _ in range(6):
            origin, asked_at = chance.choice(libraries), chance.randint(0, 80)
            destination = chance.choice([k for k in range(len(timetable.places)) if k != origin])
            found = earliest(reach, origin, destination, asked_at)
            assert found.arrival_at == tried.arrival_at(origin, destination, asked_at), seed
            if found.arrival_at < NEVER:
                handed_over = sum(leg.kind is LegKind.HANDOVER for leg in found.legs)
                reached, straight, trunk = (
                    reached + 1,
                    straight + (not handed_over),
                    trunk + (handed_over > 1),
                )
                _can_be_followed(reach, found, origin, destination, asked_at)
    assert (reached > 300, straight > 50, trunk > 4) == (True, True, True), trunk  # of 6000


def _can_be_followed(reach: Reach, found: Journey, origin: int, destination: int, asked_at: int) -> None:
    """Each step begins where and not before the last one ended."""
    timetable = reach.timetable
    assert found.ready_at >= asked_at
    taken = timetable.runs[found.legs[0].run].calls[found.legs[0].position]
    assert taken.site == origin
    assert taken.early_at - timetable.cut_off_s >= found.ready_at
    for before, after in zip(found.legs, found.legs[1:], strict=False):
        if after.kind is LegKind.LOADING:
            assert before.kind is LegKind.HANDOVER
            assert before.site == after.site
            assert before.at + timetable.sorting_s <= after.at
        else:
            assert before.kind in {LegKind.PICKUP, LegKind.LOADING}
            assert (before.run, before.position) < (after.run, after.position)
            assert before.run == after.run
    last = found.legs[-1]
    assert (last.kind, last.site, last.at) == (LegKind.DELIVERY, destination, found.arrival_at)


def test_shares_are_those_of_following_documents_forward() -> None:
    """Rounding down loses at most a few millionths at each event."""
    asked = carried = 0
    for seed in range(5000, 5250):
        timetable, chance = random_timetable(seed), random.Random(-seed)
        chances = Chances(
            run=chance.randint(5, 10) * 100_000,
            take_any=chance.randint(3, 10) * 100_000,
            deliver_any=chance.randint(3, 10) * 100_000,
            load=chance.randint(3, 10) * 100_000,
            late=((0, 600_000), (3, 900_000), (20, ONE)),
        )
        odds = Odds(timetable, chances)
        libraries = [k for k, place in enumerate(timetable.places) if not place.depot]
        origin, destination = chance.sample(libraries, 2)
        ready_at = odds.reach.ready_at(origin, chance.randint(0, 40))
        pickup = odds.reach.pickup(origin, ready_at)
        flow = Flow(timetable, chances, destination)
        flow.wait(origin, ready_at)
        asked += 1
        told = odds.waiting[origin][len(odds.reach.pickups[origin]) if pickup is None else pickup][
            destination
        ]
        for k, stop in enumerate(odds.stops[destination]):
            share = flow.shares.get((stop.run, stop.position), 0.0)
            assert abs(int(told[k]) / ONE - share) < 1e-4, seed
        carried += bool(told.any())
    assert (asked, carried > 40) == (250, True)


def test_the_matrix_tells_what_single_questions_tell() -> None:
    told = 0
    for seed in range(7000, 7040):
        odds = Odds(random_timetable(seed), Chances(late=((0, 950_000), (7, ONE))))
        hours = tuple(range(0, 80, 7))
        table = matrix(odds, hours)
        served = [k for k, place in enumerate(odds.timetable.places) if not place.depot]
        for (h, asked_at), (a, origin), (b, destination) in product(
            enumerate(hours), enumerate(served), enumerate(served)
        ):
            if origin == destination:
                assert table.due_at[h, a, b] == NEVER
                continue
            found = earliest(odds.reach, origin, destination, asked_at)
            assert table.earliest_at[h, a, b] == found.arrival_at
            if found.pickup is not None:
                shares = odds.waiting[origin][found.pickup][destination]
                likely, due = (
                    arrival(odds, destination, shares, LIKELY),
                    promised(odds, destination, shares),
                )
                assert table.likely_at[h, a, b] == (likely.at if likely else NEVER)
                assert table.due_at[h, a, b] == (due.at if due else NEVER)
                assert due is None or due.share >= DUE
                told += due is not None
    assert told > 100
