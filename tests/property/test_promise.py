"""Promises against trying everything, on thousands of small random networks."""

import random

import pytest

from routing.promise.earliest import Reach
from routing.promise.journey import Journey, LegKind, earliest
from routing.promise.timetable import NEVER
from tests.promise_networks import Tried, random_timetable

_EACH = 500


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
    assert (reached > 300, straight > 50, trunk > 20) == (True, True, True)  # of 3000 questions


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
