"""Where the van is on the road moves what is foretold, once sites are known by where they lie."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from api.service import Service
from api.services.actor import Role
from api.services.foretelling.places import places
from api.services.foretelling.situation import situations
from api.services.foretelling.step import step
from models.tables.network import SiteRecord
from models.tables.predictions import PredictionRecord
from models.tables.scans import PositionRecord
from models.values import Coordinates
from routing.eta.place import distance_m
from tests.road import ARNEKE, CASSEL, ROUND, clock, fact, publish
from tests.service_fixtures import ClientAs


@pytest.fixture(autouse=True)
def left_cassel(service: Service, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The van leaves Cassel at 9:15, as planned; ten minutes to Arnèke."""
    with service.database.write() as session:
        publish(session)
    for module in ("api.endpoints.scans", "api.services.road.custody"):
        monkeypatch.setattr(f"{module}.now", lambda: clock("9:16").astimezone(UTC))
    told = [fact("arrived", CASSEL, "9:10"), fact("left", CASSEL, "9:15")]
    sent = client_as(Role.DRIVER, driver="C1").post("/api/v1/scans", json={"scans": told})
    assert sent.status_code == 200


def _half_way(session: Session, service: Service) -> Coordinates:
    """The point of the road from Cassel to Arnèke nearest to having half of it behind."""
    way = places(session, service.territories).way("cassel", "arneke")
    assert len(way) > 2
    behind = [0.0]
    for k in range(1, len(way)):
        behind.append(behind[-1] + distance_m(way[k - 1], way[k]))
    return way[min(range(len(way)), key=lambda k: abs(behind[k] - behind[-1] / 2))]


def _seen(service: Service, point: Coordinates, at: str) -> None:
    with service.database.write() as session:
        session.add(PositionRecord(round=ROUND, at=clock(at), lon=point.lon, lat=point.lat, accuracy_m=10))


def _foretold(service: Service, at: datetime) -> PredictionRecord:
    assert step(service, at) == 1
    with service.database.read() as session:
        rows: Any = session.exec(select(PredictionRecord).where(PredictionRecord.visit == ARNEKE)).all()
    return max(rows, key=lambda one: one.made_at)  # type: ignore[no-any-return]


def test_half_way_at_half_past_is_late(service: Service) -> None:
    """At 9:30 the van has half of its ten minutes to go: 9:35 rather than any moment now."""
    with service.database.read() as session:
        middle = _half_way(session, service)
    before = _foretold(service, clock("9:16"))
    assert (before.basis, abs(before.p50_at - clock("9:25")) < timedelta(minutes=3)) == ("pointages", True)
    _seen(service, middle, "9:29")
    after = _foretold(service, clock("9:30"))
    assert (after.basis, after.told_at) == ("position", clock("9:29"))
    assert abs(after.p50_at - clock("9:34")) < timedelta(minutes=2)
    assert after.p90_at - after.p10_at < before.p90_at - before.p10_at


def test_half_way_after_two_minutes_is_early(service: Service) -> None:
    """The straight way from Cassel to Arnèke is some 6 km: half of it takes 3 minutes at 60 km/h."""
    with service.database.read() as session:
        middle = _half_way(session, service)
    before = _foretold(service, clock("9:16"))
    _seen(service, middle, "9:18")
    after = _foretold(service, clock("9:18"))
    assert after.basis == "position"
    assert after.p50_at < before.p50_at


def test_without_places_a_position_says_nothing(service: Service) -> None:
    _seen(service, Coordinates(lon=2.48, lat=50.80), "9:18")
    with service.database.write() as session:
        for one in session.exec(select(SiteRecord)):
            one.lon, one.lat = one.lon + 1, one.lat  # a network somewhere else
    with service.database.read() as session:
        (found,) = situations(session, clock("9:18"), territories=service.territories)
    assert {halt.way for halt in found.recorded.halts} == {()}  # the roads were drawn for other places
    assert _foretold(service, clock("9:18")).basis == "pointages"
