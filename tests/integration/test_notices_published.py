"""What a publication tells libraries: windows that move, visits that fall away, each once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from api.service import Service
from api.services.noticing import of_publication
from api.services.plans.matching import Match, matches
from models.plan import Plan, Round, Visit
from models.tables.predictions import NoticeRecord
from models.values import TimeWindow
from tests.road import clock

MONDAY = date(2026, 11, 30)


@pytest.fixture
def tuesday(planned: Plan) -> tuple[Plan, Round, Visit]:
    """The plan, and the first visit of a round of its Tuesday."""
    tour = next(one for one in planned.rounds if one.date.weekday() == 1)
    return planned, tour, tour.visits[0]


def _with(plan: Plan, tour: Round, visits: Sequence[Visit]) -> Plan:
    rounds = [replace(one, visits=tuple(visits)) if one is tour else one for one in plan.rounds]
    return replace(plan, rounds=tuple(rounds))


def _later(visit: Visit, seconds: int) -> Visit:
    window = visit.announced
    return replace(visit, announced=TimeWindow(window.early + seconds, window.late + seconds))


def _news(before: Plan, after: Plan, site: str) -> list[Match]:
    return [one for one in matches(before, after) if one.site == site]


def _told(
    service: Service, news: Sequence[Match], at: str = "8:00", day: date = MONDAY
) -> list[NoticeRecord]:
    with service.database.write() as session:
        of_publication(session, news, clock(at, day))
    with service.database.read() as session:
        return list(session.exec(select(NoticeRecord)).all())


def _plain(said: str) -> str:
    return said.replace("\u202f", " ").replace("\xa0", " ")


def test_a_window_that_moves_is_told_with_the_former_one(
    service: Service, tuesday: tuple[Plan, Round, Visit]
) -> None:
    plan, tour, visit = tuesday
    after = _with(plan, tour, [_later(visit, 3600), *tour.visits[1:]])
    news = _news(plan, after, visit.site)
    (told,) = _told(service, news)
    assert (told.site, told.why, told.gone) == (visit.site, "plan", False)
    assert told.early_at == tour.day.at(visit.announced.early + 3600)
    assert told.late_at == tour.day.at(visit.announced.late + 3600)
    assert "au lieu de : entre" in _plain(told.words)
    assert len(_told(service, news)) == 1  # published once more: nobody hears it again
    moved_again = _with(plan, tour, [_later(visit, 7200), *tour.visits[1:]])
    assert len(_told(service, _news(after, moved_again, visit.site))) == 2


def test_a_visit_that_falls_away_is_told_and_a_new_one_breaks_nothing(
    service: Service, tuesday: tuple[Plan, Round, Visit]
) -> None:
    plan, tour, visit = tuesday
    without = _with(plan, tour, tour.visits[1:])
    assert _told(service, _news(without, plan, visit.site)) == []  # one more visit
    lost = [one for one in _news(plan, without, visit.site) if one.now is None]
    (told,) = _told(service, lost)
    assert told.gone
    assert "ne passera pas" in _plain(told.words)
    assert told.early_at == tour.day.at(visit.announced.early)


def test_another_day_is_told_with_the_former_day(
    service: Service, tuesday: tuple[Plan, Round, Visit]
) -> None:
    _, tour, visit = tuesday
    day_after = replace(tour, date=date(2026, 12, 4))
    match = Match(site=visit.site, was=(tour, visit), now=(day_after, visit))
    (told,) = _told(service, [match])
    assert "le vendredi 4 décembre" in _plain(told.words)
    assert "au lieu de : le mardi 1er décembre" in _plain(told.words)


def test_what_is_over_is_not_told(service: Service, tuesday: tuple[Plan, Round, Visit]) -> None:
    plan, tour, visit = tuesday
    after = _with(plan, tour, [_later(visit, 3600), *tour.visits[1:]])
    assert _told(service, _news(plan, after, visit.site), "8:00", date(2026, 12, 2)) == []
