"""Closures, seasons and absences against a day-by-day reckoning, over whole weeks and both clock changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.services.assemble import assemble
from api.services.explain import reason_of
from api.services.folder import Territory
from models.network.calendar import Absence, Closure, Days, Season, season_on
from models.network.read import default_folder, fingerprint, read_network
from models.network.values import Driver, Network, Site
from models.service_day import IsoWeek
from routing.solution import Cause, Reason, Unassigned

WINTER, SUMMER = date(2026, 10, 25), date(2026, 3, 29)  # a day of 25 hours, a day of 23
NEAR = st.one_of(*(st.dates(day - timedelta(days=10), day + timedelta(days=10)) for day in (WINTER, SUMMER)))
HOURS = st.sampled_from(["", "off", "We 14:00-17:00; PH off", "Mo-Fr 09:00-12:00", "24/7"])
CASSEL = read_network(default_folder()).site("cassel")


@st.composite
def spans(draw: st.DrawFn) -> tuple[date, date]:
    first, last = sorted((draw(NEAR), draw(NEAR)))
    return first, last


CLOSURES = st.lists(spans().map(lambda days: Closure(first=days[0], last=days[1])), max_size=4).map(tuple)


@given(closures=CLOSURES, opening=HOURS, shuttle=HOURS, day=NEAR)
def test_a_closure_never_widens_and_touches_no_other_day(
    closures: tuple[Closure, ...], opening: str, shuttle: str, day: date
) -> None:
    plain = replace(CASSEL, opening=opening, shuttle_hours=shuttle)
    closed = replace(plain, closures=closures)
    inside = any(one.first <= day <= one.last for one in closures)
    assert closed.shuttle_windows(day) == (() if inside else plain.shuttle_windows(day))
    assert closed.public_windows(day) == (() if inside else plain.public_windows(day))


@given(first=NEAR, days=st.integers(0, 9), more=st.integers(0, 9), day=NEAR)
def test_of_neighbouring_seasons_each_day_has_its_own(first: date, days: int, more: int, day: date) -> None:
    last = first + timedelta(days=days)
    end = last + timedelta(days=1 + more)  # the second begins the day after the first ends
    one = Season(first=first, last=last, opening="Mo-Su 10:00-11:00")
    two = Season(first=last + timedelta(days=1), last=end, opening="Mo-Su 20:00-21:00")
    site = replace(CASSEL, opening="Mo-Su 08:00-09:00", shuttle_hours="", seasons=(one, two))
    hour = 10 if first <= day <= last else 20 if last < day <= end else 8
    for windows in (site.public_windows(day), site.shuttle_windows(day)):
        assert [(w.early, w.late) for w in windows] == [(hour * 3600, hour * 3600 + 3600)]


@pytest.mark.parametrize("day", [WINTER, SUMMER])
def test_a_closure_of_one_night_long_day_closes_it_whole(day: date) -> None:
    site = replace(CASSEL, opening="24/7", shuttle_hours="", closures=(Closure(first=day, last=day),))
    assert site.public_windows(day) == ()
    for other in (day - timedelta(days=1), day + timedelta(days=1)):
        assert [(w.early, w.late) for w in site.public_windows(other)] == [(0, 86_400)]


def test_an_empty_text_of_a_season_keeps_the_ordinary_hours() -> None:
    july = Season(first=date(2026, 7, 1), last=date(2026, 7, 31), opening="We 09:00-10:00")
    plain = replace(CASSEL, opening="We 14:00-17:00", shuttle_hours="Mo-Fr 08:00-12:00")
    only_readers = replace(plain, seasons=(july,))
    wednesday = date(2026, 7, 8)
    assert only_readers.public_windows(wednesday)[0].early == 9 * 3600
    assert only_readers.shuttle_windows(wednesday) == plain.shuttle_windows(wednesday)
    at_the_readers = replace(only_readers, shuttle_hours="")  # then the driver follows the season too
    assert at_the_readers.shuttle_windows(wednesday)[0].early == 9 * 3600


@given(st.lists(spans(), max_size=5), NEAR)
def test_of_overlapping_seasons_the_one_that_began_last_counts(
    found: list[tuple[date, date]], day: date
) -> None:
    seasons = [Season(first=first, last=last) for first, last in found]
    begun = [season.first for season in seasons if season.first <= day <= season.last]
    chosen = season_on(seasons, day)
    assert (chosen.first if chosen else None) == max(begin for begin in begun) if begun else chosen is None


@given(spans(), spans())
def test_days_meet_when_they_share_a_day(one: tuple[date, date], other: tuple[date, date]) -> None:
    shared = {one[0] + timedelta(days=k) for k in range((one[1] - one[0]).days + 1)} & {
        other[0] + timedelta(days=k) for k in range((other[1] - other[0]).days + 1)
    }
    assert Days(first=one[0], last=one[1]).meets(Days(first=other[0], last=other[1])) == bool(shared)


def test_days_the_wrong_way_round_do_not_exist() -> None:
    with pytest.raises(ValueError, match="end before they begin"):
        Closure(first=date(2026, 8, 2), last=date(2026, 8, 1))


@given(closures=CLOSURES, monday=NEAR, absent=spans(), broken=spans())
def test_no_round_on_a_closed_day_nor_without_driver_or_van(
    territory: Territory,
    closures: tuple[Closure, ...],
    monday: date,
    absent: tuple[date, date],
    broken: tuple[date, date],
) -> None:
    plain, week = territory.network, IsoWeek.of(monday)
    first, *others = plain.drivers
    van, *vans = plain.vehicles
    away = replace(first, absences=(Absence(first=absent[0], last=absent[1]),))
    down = replace(van, absences=(Absence(first=broken[0], last=broken[1]),))
    network = replace(plain, closures=closures, drivers=(away, *others), vehicles=(down, *vans))
    days = [day.date for day in week.days]

    def runs(shift_driver: str, vehicle: str, day: date) -> bool:
        return not (
            any(one.first <= day <= one.last for one in closures)
            or (shift_driver == first.id and absent[0] <= day <= absent[1])
            or (vehicle == van.id and broken[0] <= day <= broken[1])
        )

    before = assemble(plain, territory.travel, week).problem.shifts
    after = assemble(network, territory.travel, week).problem.shifts
    assert after == tuple(s for s in before if runs(s.driver, s.vehicle, days[s.day]))


def test_a_closed_depot_sends_nobody_out(territory: Territory) -> None:
    tuesday = date(2026, 12, 1)
    sites = tuple(
        _closed_on(site, tuesday) if site.id == "depot" else site for site in territory.network.sites
    )
    asked = assemble(replace(territory.network, sites=sites), territory.travel, IsoWeek(2026, 49))
    assert {shift.day for shift in asked.problem.shifts} == {0, 2, 3, 4}


def test_a_visit_that_a_closure_takes_is_explained_by_it(territory: Territory) -> None:
    staple = territory.network.site("staple")
    week = Closure(first=date(2026, 11, 30), last=date(2026, 12, 6), reason="travaux")
    entry = Unassigned(stop=0, missing=1, reason=Reason(Cause.NEVER_OPEN))
    open_all_year = reason_of(staple, entry, IsoWeek(2026, 49))
    assert open_all_year.endswith("Élargissez ses horaires.")
    closed = reason_of(replace(staple, closures=(week,)), entry, IsoWeek(2026, 49))
    assert "Élargissez" not in closed
    assert closed.endswith("Fermeture : du lundi 30\u00a0novembre au dimanche 6\u00a0décembre (travaux).")
    assert reason_of(replace(staple, closures=(week,)), entry, IsoWeek(2026, 50)) == open_all_year


def test_the_fingerprint_counts_what_is_dated_only_where_there_is_any(territory: Territory) -> None:
    network = replace(territory.network, fingerprint="")  # what a fingerprint is taken of
    ordinary = fingerprint(network)
    assert ordinary == read_network(default_folder()).fingerprint
    day = date(2026, 12, 1)
    changed = [
        replace(network, closures=(Closure(first=day, last=day),)),
        replace(network, sites=(_closed_on(network.sites[0], day), *network.sites[1:])),
        replace(network, drivers=_away(network, day)),
    ]
    assert len({fingerprint(one) for one in changed} | {ordinary}) == 4
    assert fingerprint(replace(changed[0], closures=())) == ordinary
    assert replace(changed[0], closures=()) == network
    assert changed[1].ordinary() == network


def _closed_on(site: Site, day: date) -> Site:
    return replace(site, closures=(Closure(first=day, last=day),))


def _away(network: Network, day: date) -> tuple[Driver, ...]:
    first, *others = network.drivers
    return (replace(first, absences=(Absence(first=day, last=day),)), *others)
