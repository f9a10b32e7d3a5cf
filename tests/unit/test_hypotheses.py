"""Hypotheses, each a change of the network: what is so afterwards, and how it is said."""

from datetime import date
from typing import Any

import pytest

from api.services.assemble import assemble
from api.services.folder import Territory
from api.services.what_if.hypotheses import supposed
from api.wire.what_if import hypotheses_of
from models.network.values import Network
from models.service_day import IsoWeek
from models.values import TimeWindow

WEEK = IsoWeek(2026, 49)
TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)
H = 3600


def _suppose(territory: Territory, *stored: dict[str, Any]) -> tuple[Territory, list[str]]:
    hypotheses = hypotheses_of(stored)
    made = supposed(territory, WEEK, hypotheses)
    return made, [one.sentence(made.network) for one in hypotheses]


def _spans(network: Network, driver: str, day: date) -> tuple[TimeWindow, ...]:
    return network.spans(network.driver(driver), day)


def test_other_hours_hold_on_their_days_only(territory: Territory) -> None:
    windows = [{"early": 14 * H, "late": 18 * H}, {"early": 9 * H, "late": 10 * H + 1800}]
    made, told = _suppose(territory, {"kind": "hours", "site": "cassel", "weekdays": [2], "windows": windows})
    before, after = territory.network.site("cassel"), made.network.site("cassel")
    assert after.shuttle_windows(WEDNESDAY) == (
        TimeWindow(9 * H, 10 * H + 1800),
        TimeWindow(14 * H, 18 * H),
    )
    for day in WEEK.days:
        if day.date != WEDNESDAY:
            assert after.shuttle_windows(day.date) == before.shuttle_windows(day.date)
            assert after.public_windows(day.date) == before.public_windows(day.date)
    assert told[0].startswith("Médiathèque de Cassel recevrait la navette le mercredi de 9")
    shut, said = _suppose(territory, {"kind": "hours", "site": "cassel", "weekdays": [2], "windows": []})
    assert shut.network.site("cassel").shuttle_windows(WEDNESDAY) == ()
    assert said == ["Médiathèque de Cassel fermerait le mercredi."]


def test_a_van_or_driver_away_takes_its_rounds_away(territory: Territory) -> None:
    away = {"first": "2026-12-02", "last": "2026-12-02"}
    assert _spans(territory.network, "C2", WEDNESDAY)
    by_van, _ = _suppose(territory, {"kind": "vehicle_away", "vehicle": "V2", **away})
    by_driver, _ = _suppose(territory, {"kind": "driver_away", "driver": "C2", **away})
    for made in (by_van, by_driver):
        assert _spans(made.network, "C2", WEDNESDAY) == ()
        assert _spans(made.network, "C1", WEDNESDAY) == _spans(territory.network, "C1", WEDNESDAY)


def test_a_second_van_doubles_the_rounds_of_the_first(territory: Territory) -> None:
    made, told = _suppose(territory, {"kind": "extra_van", "like": "C1"}, {"kind": "extra_van", "like": "C1"})
    before = assemble(territory.network, territory.travel, WEEK).problem
    after = assemble(made.network, made.travel, WEEK).problem
    mine = sum(shift.driver == "C1" for shift in before.shifts)
    assert len(after.shifts) == len(before.shifts) + 2 * mine
    assert len({one.id for one in made.network.vehicles}) == len(territory.network.vehicles) + 2
    assert "Un second véhicule" in told[0]


def test_one_more_library_has_estimated_roads(territory: Territory) -> None:
    place = {"name": "Essai", "lon": 2.6, "lat": 50.75, "opening": "Mo-Fr 09:00-17:00", "visits_per_week": 2}
    made, told = _suppose(territory, {"kind": "new_site", **place})
    site = made.network.sites[-1]
    assert (site.visits_per_week, site.deliver, site.collect) == (2, 2, 2)
    assert made.travel.estimated[made.travel.index[site.id]]
    assert made.travel.seconds[made.travel.index[site.id], 0] > 0
    asked = assemble(made.network, made.travel, WEEK)
    assert asked.served[-1].id == site.id
    assert told == ["Une bibliothèque de plus, Essai, aurait 2\xa0passages par semaine."]


def test_crates_are_rounded_up(territory: Territory) -> None:
    made, _ = _suppose(
        territory,
        {"kind": "demand", "site": "cassel", "deliver": 7, "collect": 3},
        {"kind": "more_demand", "percent": 150},
    )
    # 7 × 1.5 = 10.5 → 11; 3 × 1.5 = 4.5 → 5.
    assert (made.network.site("cassel").deliver, made.network.site("cassel").collect) == (11, 5)


@pytest.mark.parametrize(
    "windows", [[{"early": 10, "late": 5}], [{"early": 5, "late": 10}, {"early": 10, "late": 20}]]
)
def test_windows_are_in_order_and_apart(territory: Territory, windows: list[dict[str, int]]) -> None:
    with pytest.raises(Exception, match="créneaux"):
        _suppose(territory, {"kind": "hours", "site": "cassel", "weekdays": [2], "windows": windows})
