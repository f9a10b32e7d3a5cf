"""Medians and nine in ten over the hours when readers ask, by hand."""

import numpy as np
import pytest

from routing.promise.chances import ONE, Chances, Odds
from routing.promise.delays import delays
from routing.promise.lateness import delay_s, delays_s, punctual
from routing.promise.timetable import NEVER, Call, Place, Run, Span, Timetable

DAY, HOUR = 86_400, 3600
CERTAIN = Chances(run=ONE, take_any=ONE, deliver_any=ONE, load=ONE, late=((0, ONE),))


def weekly(weeks: int = 6, opens: tuple[Span, ...] | None = None) -> Timetable:
    """Each Monday one round takes along at a, 8:00, each Wednesday another brings to b, 8:00 to 8:10."""
    runs = []
    for week in range(weeks):
        for day, site in ((0, 1), (2, 2)):
            at = (week * 7 + day) * DAY + 8 * HOUR
            call = Call(
                site=site, ref=f"{week}/{site}", early_at=at, late_at=at, begin_at=at, end_at=at + 600
            )
            runs.append(
                Run(code=f"{week}-{day}", start=0, end=0, start_at=at - HOUR, end_at=at + HOUR, calls=(call,))
            )
    places = (Place(code="depot", depot=True), Place(code="a"), Place(code="b", opens=opens))
    return Timetable(
        places=places,
        runs=tuple(runs),
        cut_off_s=0,
        sorting_s=HOUR,
        sorts_on_road=False,
        from_at=0,
        until_at=weeks * 7 * DAY,
    )


def test_asked_at_any_hour_of_a_week() -> None:
    """Asked at 0:00 to 8:00 on Monday it is there on Wednesday, 8:10; from 9:00 on a week later. Of the 168
    waits, one for each hour, the shortest is 48 h 10 (asked on Monday, 8:00), the longest 215 h 10 (asked at
    9:00): an even grid of hours. Half of them, 84, are at most 48 h 10 + 83 h; 152 (≥ 151.2) at most
    48 h 10 + 151 h."""
    found = delays(Odds(weekly(), CERTAIN), [k * HOUR for k in range(168)], ["a", "b"])
    assert found.median_s[0, 1] == (48 + 83) * HOUR + 600
    assert found.ninety_s[0, 1] == (48 + 151) * HOUR + 600
    assert (found.median_s[0, 0], found.ninety_s[1, 1]) == (NEVER, NEVER)


def test_only_hours_when_the_readers_library_is_open_count() -> None:
    """Open on Mondays from 6:00 to 8:00: asked at 6:00 or 7:00, there on Wednesday at 8:10."""
    opens = (Span(6 * HOUR, 8 * HOUR),)
    found = delays(Odds(weekly(opens=opens), CERTAIN), [k * HOUR for k in range(168)], ["a", "b"])
    # 48 h 10 before 8:00, one hour more from 7:00, two from 6:00: half of them within 49 h 10.
    assert (found.median_s[0, 1], found.ninety_s[0, 1]) == (49 * HOUR + 600, 50 * HOUR + 600)


@pytest.mark.parametrize(("share", "weeks_late"), [(ONE, 0), (800_000, 1)])
def test_a_door_that_is_often_closed_costs_nine_in_ten_a_week(share: int, weeks_late: int) -> None:
    """Brought with 80 %, at the second try with 96 %: nine in ten wait for the second one."""
    opens = (Span(7 * HOUR, 8 * HOUR),)
    chances = Chances(run=ONE, take_any=ONE, deliver_any=share, load=ONE, late=((0, ONE),))
    found = delays(Odds(weekly(opens=opens), chances), [k * HOUR for k in range(168)], ["a", "b"])
    assert found.median_s[0, 1] == 49 * HOUR + 600
    assert found.ninety_s[0, 1] == 49 * HOUR + 600 + weeks_late * 7 * DAY


def test_between_known_delays_chances_rise_in_a_straight_line() -> None:
    """Half on time, 80 % by 10 min, so 65 % by 5; all by 60, so 90 % half of the way there, by 35."""
    late = ((0, 500_000), (600, 800_000), (3600, ONE))
    assert [punctual(late, late_s) for late_s in (-1, 0, 300, 600, 3600, 9999)] == [
        0,
        500_000,
        650_000,
        800_000,
        ONE,
        ONE,
    ]
    assert [delay_s(late, share) for share in (1, 500_000, 500_001, 650_000, 900_000, ONE)] == [
        0,
        0,
        1,
        300,
        2100,
        3600,
    ]
    shares = np.arange(1, ONE, 7919)
    assert delays_s(late, shares).tolist() == [delay_s(late, int(share)) for share in shares]
    for share in range(1, ONE, 7919):  # the least delay that suffices, whatever is rounded
        late_s = delay_s(late, share)
        assert punctual(late, late_s) >= share
        assert late_s == 0 or punctual(late, late_s - 1) < share
