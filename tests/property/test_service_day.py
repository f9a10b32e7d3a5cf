"""Laws of the service day: it goes round, on every day, and most of all when the clock changes."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from models.service_day import PARIS, IsoWeek, ServiceDay

CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
days = st.one_of(st.sampled_from(CHANGES), st.dates(date(1990, 1, 1), date(2090, 1, 1))).map(ServiceDay)
seconds = st.integers(-6 * 3600, 36 * 3600)


@given(days, seconds)
@example(ServiceDay(date(2026, 3, 29)), 2 * 3600)
@example(ServiceDay(date(2026, 10, 25)), 2 * 3600 + 1800)  # the hour that happens twice
def test_a_second_goes_round(day: ServiceDay, second: int) -> None:
    assert day.second(day.at(second)) == second


@given(days, st.integers(0, 24 * 3600 - 1))
def test_an_instant_goes_round(day: ServiceDay, elapsed: int) -> None:
    instant = day.zero + timedelta(seconds=elapsed)
    # In the hour that happens twice Python calls times of two zones unequal: compare in UTC.
    assert day.at(day.second(instant)).astimezone(UTC) == instant


@given(days, st.integers(4 * 3600, 23 * 3600))
def test_the_wall_clock_of_working_hours(day: ServiceDay, second: int) -> None:
    # From 4 a.m. on, the clock has changed if it is to change: wall-clock time is the second itself.
    shown = day.at(second)
    assert shown.date() == day.date
    assert shown.hour * 3600 + shown.minute * 60 + shown.second == second


@given(days, seconds, seconds)
def test_differences_are_elapsed_time(day: ServiceDay, a: int, b: int) -> None:
    # Aware datetimes of one zone subtract by their wall clocks: compare in UTC.
    elapsed = day.at(b).astimezone(UTC) - day.at(a).astimezone(UTC)
    assert elapsed == timedelta(seconds=b - a)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(PARIS)))  # noqa: DTZ001
def test_any_instant_of_paris_has_its_second(instant: datetime) -> None:
    day = ServiceDay(instant.date())
    whole = instant.astimezone(UTC).replace(microsecond=0)
    assert day.at(day.second(instant)).astimezone(UTC) == whole


@given(st.dates(date(1990, 1, 4), date(2090, 1, 1)))
def test_weeks_go_round(day: date) -> None:
    week = IsoWeek.of(day)
    assert IsoWeek.parse(str(week)) == week
    assert day in [one.date for one in week.days]
    assert week.next().monday - week.monday == timedelta(days=7)
