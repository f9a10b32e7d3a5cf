"""Laws of opening hours: what is written is what is read, and assumed weeks add up to the minute."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.network.assume.clock import Span, Week, opening_hours, union, weekly_minutes
from models.network.assume.hours import opening_week
from models.network.check import ORDINARY_WEEK
from models.opening import open_windows
from models.values import TimeWindow

keys = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Up to three spans of a day, sorted and apart."""
    edges = draw(st.lists(st.integers(0, 24 * 60), min_size=2, max_size=6, unique=True).map(sorted))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


weeks = st.dictionaries(st.integers(0, 6), spans())


@given(weeks)
def test_a_written_week_reads_the_same(week: Week) -> None:
    text = opening_hours(week)
    for weekday in range(7):
        read = open_windows(text, ORDINARY_WEEK.monday + timedelta(days=weekday))
        assert read == tuple(TimeWindow(60 * begin, 60 * end) for begin, end in week.get(weekday, ()))


@given(weeks, weeks)
def test_union_is_open_when_either_is(one: Week, other: Week) -> None:
    both = union(one, other)
    for weekday in range(7):
        minutes = [
            {minute for begin, end in week.get(weekday, ()) for minute in range(begin, end)}
            for week in (one, other, both)
        ]
        assert minutes[0] | minutes[1] == minutes[2]
    assert union(other, one) == both
    assert union(both, one) == both


@given(keys, st.integers(2, 120).map(lambda quarters: 15 * quarters))
def test_assumed_hours_add_up_and_stay_in_the_day(key: str, minutes: int) -> None:
    week = opening_week(key, minutes)
    assert weekly_minutes(week) == minutes
    assert all(8 * 60 <= begin < end <= 20 * 60 for day in week.values() for begin, end in day)
    assert week == opening_week(key, minutes)


@given(keys, st.integers(2, 120).map(lambda quarters: 15 * quarters))
def test_wednesday_afternoon_comes_first_then_saturday_morning(key: str, minutes: int) -> None:
    week = opening_week(key, minutes)
    assert any(begin >= 13 * 60 for begin, _ in week[2])
    assert len(week) == 1 or any(end <= 13 * 60 for _, end in week[5])
