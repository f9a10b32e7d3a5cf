"""Positions are kept while the driver's round runs and thrown away otherwise, whoever sends them."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from api.security.identify import identify
from api.security.tokens import hashed
from api.service import Service
from api.services.actor import Actor, Role
from api.services.positions.accept import Counted, accept
from api.services.positions.fixes import Fix, of_osmand, of_owntracks, of_traccar
from api.services.road.outcomes import rebuild_visits
from models.custody.facts import ScanKind
from models.errors import InputError
from models.plan import Plan, Round
from models.tables.people import DeviceRecord
from models.tables.scans import PositionRecord, ScanRecord
from tests.published import publish
from tests.service_fixtures import ClientAs

C1 = Actor(role=Role.DRIVER, name="Dominique", driver="C1", device=uuid4())
TOKEN = "nvd_a-token-for-tests"
NEAR, M50 = (50.7174, 2.5522), 50 / 111_195  # a place, and 50 metres of latitude


@pytest.fixture
def tour(service: Service, planned: Plan) -> Round:
    """A published round of C1, on a Tuesday morning: it ends at noon, another begins at 13:42."""
    publish(service, planned)
    return next(one for one in planned.rounds if one.id == "2026-W49-mar-matin-V1")


def fix(at: datetime, lat: float = NEAR[0]) -> Fix:
    return Fix(at=at, lat=lat, lon=NEAR[1])


def send(service: Service, *fixes: Fix, at: datetime | None = None, actor: Actor = C1) -> Counted:
    with service.database.write(actor) as session:
        return accept(session, actor, fixes, at or max(one.at for one in fixes))


def fact(
    service: Service, kind: ScanKind, visit: str, at: datetime, target: UUID | None = None
) -> ScanRecord:
    code = visit.partition("/")[0]
    record = ScanRecord(
        id=uuid4(),
        kind=kind,
        visit=visit,
        round=code,
        site=visit.partition("/")[2],
        day=at.date(),
        occurred_at=at,
        sent_at=at,
        received_at=at,
        target=target,
    )
    with service.database.write() as session:
        session.add(record)
        session.flush()
        rebuild_visits(session)
    return record


def test_only_while_the_round_is_planned(service: Service, tour: Round) -> None:
    minutes = timedelta(minutes=1)
    start, end = tour.day.at(tour.start_s), tour.day.at(tour.end_s)
    # Thirty minutes before and after are let in, thirty-one are not.
    found = [
        send(service, fix(at))
        for at in (start - 31 * minutes, start - 30 * minutes, end + 30 * minutes, end + 31 * minutes)
    ]
    assert [(one.kept, one.outside) for one in found] == [(0, 1), (1, 0), (1, 0), (0, 1)]
    with service.database.read() as session:
        assert {one.round for one in session.exec(select(PositionRecord))} == {tour.id}


def test_not_after_the_last_visit_was_left(service: Service, tour: Round) -> None:
    left = tour.day.at(tour.visits[-1].end_s)
    ref = f"{tour.id}/{tour.visits[-1].site}"
    told = fact(service, ScanKind.LEFT, ref, left)
    second = timedelta(seconds=1)
    assert send(service, fix(left)).kept == 1
    assert send(service, fix(left + 20 * second)).outside == 1
    fact(service, ScanKind.UNDO, ref, left, target=told.id)
    assert send(service, fix(left + 20 * second)).kept == 1


def test_a_late_round_goes_on_while_it_is_told_to_run_but_not_for_ever(service: Service, tour: Round) -> None:
    end = tour.day.at(tour.end_s)
    fact(service, ScanKind.ARRIVED, f"{tour.id}/{tour.visits[0].site}", tour.day.at(tour.start_s + 900))
    assert send(service, fix(end + timedelta(minutes=50))).kept == 1
    # 13:42 less half an hour: from then on it is the afternoon's round, and the morning's is over by 15:01.
    assert send(service, fix(end + timedelta(hours=5))).outside == 1


def test_another_driver_and_a_phone_without_driver_tell_nothing(service: Service, tour: Round) -> None:
    at = tour.day.at(tour.start_s + 60)
    for driver in ("C2", None):
        actor = Actor(role=Role.DRIVER, name="x", driver=driver, device=uuid4())
        assert send(service, fix(at), actor=actor) == Counted(outside=1)


def test_positions_are_thinned(service: Service, tour: Round) -> None:
    start = tour.day.at(tour.start_s)
    # Every 2 s at 10 m/s for 20 s: 20 m each. Of those within 10 s only the ones 50 m on are kept:
    # at 0 m, 60 m (6 s; 40 m is too near), 120 m (12 s), 180 m (18 s).
    driving = [fix(start + timedelta(seconds=2 * k), NEAR[0] + 0.4 * M50 * k) for k in range(11)]
    assert send(service, *driving) == Counted(kept=4, thinned=7)
    # Standing still for a minute, told every 5 s, from 0 s to 55 s: one every 10 s.
    later = start + timedelta(minutes=5)
    standing = [fix(later + timedelta(seconds=5 * k)) for k in range(12)]
    assert send(service, *reversed(standing)) == Counted(kept=6, thinned=6)
    assert send(service, *standing) == Counted(thinned=12)  # sent again


def test_impossible_clocks_are_refused(service: Service, tour: Round) -> None:
    at = tour.day.at(tour.start_s + 600)
    ancient, future = fix(at - timedelta(hours=25)), fix(at + timedelta(minutes=3))
    assert send(service, ancient, future, fix(at), at=at) == Counted(kept=1, refused=2)


def test_what_osmand_sends_is_understood() -> None:
    at = datetime.fromisoformat("2026-12-01T09:00:00+01:00")
    for stamp in (str(int(at.timestamp())), str(int(at.timestamp() * 1000)), "2026-12-01T08:00:00Z", ""):
        found = of_osmand(
            {"lat": "50.7", "lon": "2.5", "timestamp": stamp, "speed": "10", "bearing": "90"}, at
        )
        # 10 knots are 5.14 m/s.
        assert found == Fix(at=at, lat=50.7, lon=2.5, speed_mps=5.14, heading_deg=90)
    assert of_osmand({"location": "50.7,2.5", "accuracy": "-1"}, at) == Fix(at=at, lat=50.7, lon=2.5)
    for wrong in (
        {},
        {"lat": "91", "lon": "0"},
        {"lat": "nan", "lon": "0"},
        {"lat": "1", "lon": "1", "timestamp": "x"},
    ):
        with pytest.raises(InputError):
            of_osmand(wrong, at)


def test_what_traccar_and_owntracks_send_is_understood() -> None:
    at = datetime.fromisoformat("2026-12-01T09:00:00+01:00")
    coords = {"latitude": 50.7, "longitude": 2.5, "speed": 5.0, "heading": -1, "accuracy": 8}
    told = {"location": {"timestamp": "2026-12-01T08:00:00.000Z", "coords": coords}}
    assert of_traccar(told, at) == Fix(at=at, lat=50.7, lon=2.5, accuracy_m=8, speed_mps=5.0)
    # 36 km/h are 10 m/s.
    own = {
        "_type": "location",
        "lat": 50.7,
        "lon": 2.5,
        "tst": int(at.timestamp()),
        "acc": 8,
        "vel": 36,
        "cog": 90,
    }
    assert of_owntracks(own, at) == Fix(
        at=at, lat=50.7, lon=2.5, accuracy_m=8, speed_mps=10.0, heading_deg=90
    )
    assert of_owntracks({"_type": "lwt"}, at) is None
    assert of_owntracks([], at) is None


@pytest.fixture
def phone(
    app: FastAPI, service: Service, tour: Round, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """Whoever may come; the token is what counts. The clock stands ten minutes into the round."""
    at = tour.day.at(tour.start_s + 600)
    monkeypatch.setattr("api.endpoints.positions.now", lambda: at)
    with service.database.write() as session:
        session.add(DeviceRecord(name="Téléphone 1", driver="C1", token=hashed(TOKEN)))
    before, app.state.identify = app.state.identify, identify
    yield TestClient(app)
    app.state.identify = before


def kept(service: Service) -> int:
    with service.database.read() as session:
        return len(session.exec(select(PositionRecord)).all())


def test_osmand_over_http(phone: TestClient, service: Service) -> None:
    place = {"id": TOKEN, "lat": "50.7174", "lon": "2.5522"}
    answer = phone.get("/api/v1/positions/osmand", params=place)
    assert (answer.status_code, answer.text) == (200, "")
    assert kept(service) == 1
    far = {**place, "lat": "50.8"}
    assert phone.post("/api/v1/positions/osmand", params=far).status_code == 200
    assert phone.post("/api/v1/positions/osmand", data={**place, "lat": "50.9"}).status_code == 200
    told = {"device_id": TOKEN, "location": {"coords": {"latitude": 51.0, "longitude": 2.5}}}
    assert phone.post("/api/v1/positions/osmand", json=told).status_code == 200
    assert kept(service) == 4
    # Outside of the round it is thrown away, and the tracker is content.
    night = {**place, "timestamp": "2026-11-30T22:00:00Z"}
    assert phone.get("/api/v1/positions/osmand", params=night).status_code == 200
    assert kept(service) == 4
    assert phone.get("/api/v1/positions/osmand", params={**place, "id": "nvd_other"}).status_code == 401
    assert phone.get("/api/v1/positions/osmand", params={"id": TOKEN, "lat": "x"}).status_code == 422
    assert phone.post("/api/v1/positions/osmand", content=b"x" * 70_000).status_code == 413
    assert phone.post("/api/v1/positions/osmand", content=b"{").status_code == 422


def test_owntracks_over_http(phone: TestClient, service: Service) -> None:
    basic = {"Authorization": "Basic " + base64.b64encode(f"camille:{TOKEN}".encode()).decode()}
    told = {"_type": "location", "lat": 50.7174, "lon": 2.5522, "tid": "ca"}
    answer = phone.post("/api/v1/positions/owntracks", json=told, headers={**basic, "X-Limit-U": "camille"})
    assert (answer.status_code, answer.json()) == (200, [])
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert phone.post("/api/v1/positions/owntracks", json={**told, "lat": 50.8}, headers=bearer).json() == []
    assert kept(service) == 2
    for other in (b"", json.dumps({"_type": "lwt", "tst": 1}).encode()):
        assert phone.post("/api/v1/positions/owntracks", content=other, headers=basic).json() == []
    assert phone.post("/api/v1/positions/owntracks", json=told).status_code == 401
    assert (
        phone.post("/api/v1/positions/owntracks", json=told, headers={"Authorization": "Basic x"}).status_code
        == 401
    )


def test_a_batch_from_our_own_phone_and_who_may_look(
    client_as: ClientAs, tour: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = tour.day.at(tour.start_s + 600)
    monkeypatch.setattr("api.endpoints.positions.now", lambda: at)
    driver = client_as(Role.DRIVER, driver="C1")
    sent = [{"at": (at - timedelta(minutes=k)).isoformat(), "lat": 50.7, "lon": 2.5} for k in range(3)]
    sent.append({"at": (at - timedelta(hours=12)).isoformat(), "lat": 50.7, "lon": 2.5})
    answer = driver.post("/api/v1/positions", json={"positions": sent})
    assert answer.json() == {"kept": 3, "thinned": 0, "outside": 1, "refused": 0}
    path = f"/api/v1/rounds/{tour.id}/positions"
    assert len(client_as(Role.COORDINATOR).get(path).json()["items"]) == 3
    assert client_as(Role.COORDINATOR).get("/api/v1/rounds/none/positions").status_code == 404
    for role in (Role.DRIVER, Role.OFFICIAL, Role.LIBRARY):
        assert client_as(role, site="cassel", driver="C1").get(path).status_code == 403
    later = at + timedelta(hours=25)
    monkeypatch.setattr("api.endpoints.positions.now", lambda: later)
    assert client_as(Role.COORDINATOR).get(path).json()["items"] == []
