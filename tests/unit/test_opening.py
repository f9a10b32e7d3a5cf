"""OSM opening hours as windows of a service day."""

from datetime import date

import pytest

from models.errors import InputError
from models.opening import check_opening_hours, open_windows
from models.values import TimeWindow

WEDNESDAY, SATURDAY, ARMISTICE = date(2026, 12, 2), date(2026, 12, 5), date(2026, 11, 11)
H = 3600


def test_a_village_library() -> None:
    text = "We 14:00-17:00; Sa 10:00-12:00; PH off"
    assert open_windows(text, WEDNESDAY) == (TimeWindow(14 * H, 17 * H),)
    assert open_windows(text, SATURDAY) == (TimeWindow(10 * H, 12 * H),)
    assert open_windows(text, date(2026, 12, 3)) == ()


def test_closed_on_a_public_holiday_that_is_a_wednesday() -> None:
    assert ARMISTICE.isoweekday() == 3
    assert open_windows("We 14:00-17:00; PH off", ARMISTICE) == ()
    assert open_windows("We 14:00-17:00", ARMISTICE) == (TimeWindow(14 * H, 17 * H),)


def test_several_windows_sorted_and_touching_ones_made_one() -> None:
    assert open_windows("We 14:00-17:00,09:00-12:00", WEDNESDAY) == (
        TimeWindow(9 * H, 12 * H),
        TimeWindow(14 * H, 17 * H),
    )
    assert open_windows("We 09:00-12:00,12:00-14:00", WEDNESDAY) == (TimeWindow(9 * H, 14 * H),)


def test_past_midnight_is_cut_at_each_day() -> None:
    assert open_windows("We 22:00-26:00", WEDNESDAY) == (TimeWindow(22 * H, 24 * H),)
    assert open_windows("We 22:00-26:00", date(2026, 12, 3)) == (TimeWindow(0, 2 * H),)


def test_always_and_never() -> None:
    assert open_windows("24/7", WEDNESDAY) == (TimeWindow(0, 24 * H),)
    assert open_windows("", WEDNESDAY) == ()
    check_opening_hours("")


@pytest.mark.parametrize("text", ["mercredi 14h-17h", "We 14:00", "Mo-Fr 25:00-26:00", ";;", "We 14-17"])
def test_what_is_not_opening_hours(text: str) -> None:
    with pytest.raises(InputError, match="format OpenStreetMap"):
        check_opening_hours(text)
