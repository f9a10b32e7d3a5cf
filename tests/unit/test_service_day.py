"""Service days on ordinary days and when the clock changes; ISO weeks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.errors import InputError
from models.holidays import public_holiday, public_holidays
from models.service_day import PARIS, IsoWeek, ServiceDay

ORDINARY = ServiceDay(date(2026, 12, 3))
SPRING = ServiceDay(date(2026, 3, 29))  # 2 a.m. becomes 3 a.m.
AUTUMN = ServiceDay(date(2026, 10, 25))  # 3 a.m. becomes 2 a.m.


@pytest.mark.parametrize("day", [ORDINARY, SPRING, AUTUMN])
def test_eight_in_the_morning_is_28800_every_day(day: ServiceDay) -> None:
    eight = datetime(day.date.year, day.date.month, day.date.day, 8, tzinfo=PARIS)
    assert day.at(28_800) == eight
    assert day.at(28_800).strftime("%H:%M") == "08:00"
    assert day.second(eight) == 28_800


def test_the_zero_of_a_day() -> None:
    # Winter: UTC+1, so midnight in Paris is 23:00 UTC the day before.
    assert ORDINARY.zero == datetime(2026, 12, 2, 23, tzinfo=UTC)
    # Spring: noon is UTC+2, 10:00 UTC; minus 12 h is 22:00 UTC, an hour before midnight in Paris (UTC+1).
    assert SPRING.zero == datetime(2026, 3, 28, 22, tzinfo=UTC)
    # Autumn: noon is UTC+1, 11:00 UTC; minus 12 h is 23:00 UTC, an hour after midnight in Paris (UTC+2).
    assert AUTUMN.zero == datetime(2026, 10, 24, 23, tzinfo=UTC)


def test_seconds_are_rounded_down_and_may_be_negative() -> None:
    assert ORDINARY.second(ORDINARY.zero + timedelta(seconds=9, milliseconds=999)) == 9
    assert ORDINARY.second(ORDINARY.zero - timedelta(milliseconds=1)) == -1


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        ORDINARY.second(datetime(2026, 12, 3, 8))  # noqa: DTZ001


def test_a_week_and_its_days() -> None:
    week = IsoWeek.parse("2026-W49")
    assert week.monday == date(2026, 11, 30)
    assert [day.date for day in week.days][::6] == [date(2026, 11, 30), date(2026, 12, 6)]
    assert str(week) == "2026-W49"


def test_the_week_after_the_last_of_a_long_year() -> None:
    # 2026 has 53 weeks: 1 January 2027 is a Friday, still in 2026-W53.
    assert IsoWeek.of(date(2027, 1, 1)) == IsoWeek(2026, 53)
    assert IsoWeek(2026, 53).next() == IsoWeek(2027, 1)


@pytest.mark.parametrize("text", ["2026-W54", "2027-W53", "2026-49", "W49", "", "2026-W00", "semaine 49"])
def test_weeks_that_do_not_exist(text: str) -> None:
    with pytest.raises(InputError, match="2026-W49"):
        IsoWeek.parse(text)


def test_public_holidays_by_name() -> None:
    assert public_holidays(IsoWeek(2026, 53)) == {date(2027, 1, 1): "Jour de l'an"}
    assert public_holidays(IsoWeek(2026, 49)) == {}
    assert public_holiday(date(2026, 4, 6)) == "Lundi de Pâques"
    assert public_holiday(date(2026, 12, 26)) is None  # a holiday in Alsace and Moselle only
