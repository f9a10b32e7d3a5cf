"""Where rounds have got, over HTTP: planned beside actual, delays carried forward, words for libraries."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.service import Service
from api.services.actor import Role
from api.services.foretelling.step import step
from models.tables.plans import PlanStatus, VisitRecord
from tests.on_the_road import foresee, tell
from tests.queries import count_queries
from tests.road import ARNEKE, BAVINCHOVE, CASSEL, CASSEL_AGAIN, ROUND, clock, fact, publish
from tests.service_fixtures import ClientAs

pytestmark = pytest.mark.usefixtures("round_of_tuesday")
PROGRESS = f"/api/v1/rounds/{ROUND}/progress"
DAY = "/api/v1/day/2026-12-01"


def test_a_round_that_has_not_left_is_waiting(client_as: ClientAs, at: Any) -> None:
    told = client_as(Role.OFFICIAL).get(PROGRESS).json()
    assert (told["state"], told["delay_s"], told["last_at"], told["decisions"]) == ("waiting", None, None, [])
    assert [one["state"] for one in told["visits"]] == ["nothing"] * 4
    assert told["visits"][0]["planned"]["begin_at"] == clock("9:10").isoformat()
    assert (told["planned_start_at"], told["planned_end_at"]) == tuple(
        clock(text).isoformat() for text in ("9:00", "10:10")
    )


def test_the_delay_of_the_last_fact_is_carried_forward(
    service: Service, client_as: ClientAs, driver: TestClient, at: Any
) -> None:
    at("9:30")
    tell(
        driver,
        fact("left", f"{ROUND}/depot", "9:05"),
        fact("arrived", CASSEL, "9:20"),
        fact("delivered", CASSEL, "9:22", count=3),
        fact("picked_up", CASSEL, "9:24", count=1),
        fact("left", CASSEL, "9:27"),
    )
    foresee(service, "9:28", arneke="9:37", bavinchove="9:52", cassel_2="10:07")
    told = client_as(Role.COORDINATOR).get(PROGRESS).json()
    first, second, third, fourth = told["visits"]
    assert (first["state"], first["delivered"]["crates"], first["picked_up"]["crates"]) == ("done", 3, 1)
    assert first["delay_s"] == 600  # began at 9:20 instead of 9:10
    # Left at 9:27 instead of 9:15: 12 minutes late. 9:25 + 12 = 9:37, and so on.
    assert told["delay_s"] == 720
    assert [one["expected_at"] for one in (second, third, fourth)] == [
        clock(text).isoformat() for text in ("9:37", "9:52", "10:07")
    ]
    assert told["expected_end_at"] == clock("10:22").isoformat()
    assert (told["state"], told["done"], told["ahead"], told["started_at"]) == (
        "running",
        1,
        3,
        clock("9:05").isoformat(),
    )
    # The libraries were told: by 9:45, 10:00, 10:15, twenty minutes after the planned begin. None is late.
    assert told["decisions"] == []


def test_nothing_is_expected_before_now(
    service: Service, client_as: ClientAs, driver: TestClient, at: Any
) -> None:
    at("9:16")
    tell(driver, fact("delivered", CASSEL, "9:15", count=2))
    foresee(service, "9:16", arneke="9:26", bavinchove="9:41", cassel_2="10:17")
    at("9:55")  # no word for forty minutes; arneke was due at 9:25
    told = client_as(Role.COORDINATOR).get(PROGRESS).json()
    # What was stored at 9:16 is pushed to now, and not beyond.
    assert [one["expected_at"] for one in told["visits"][1:]] == [
        clock(text).isoformat() for text in ("9:55", "9:55", "10:17")
    ]
    # Told until 9:45, 10:00 and 10:15; the delay carried on would make the second one late as well.
    assert [(one["matter"], one["visit"]) for one in told["decisions"]] == [
        ("late", ARNEKE),
        ("late", CASSEL_AGAIN),
    ]
    assert told["decisions"][0]["words"] == "Arnèke : arrivée vers 9 h 55, 10 min après l'heure annoncée."


def test_a_planned_wait_takes_up_a_delay(
    client_as: ClientAs, service: Service, driver: TestClient, at: Any
) -> None:
    day, code = date(2026, 12, 2), "2026-W49-mer-matin-V1"
    with service.database.write() as session:
        tour = publish(session, code=code, day=day)
        for visit in session.exec(select(VisitRecord).where(VisitRecord.round == tour.id)):
            if visit.number > 1:  # arneke opens at 9:40 only: a wait of 15 minutes in the plan
                visit.arrival_s += 900 * (visit.number > 2)
                visit.begin_s += 900
                visit.end_s += 900
                visit.window_early = visit.begin_s if visit.number == 2 else visit.window_early
    at("9:30", day)
    tell(driver, fact("delivered", f"{code}/cassel", "9:27", day=day, count=1))
    step(service, clock("9:30", day))
    told = client_as(Role.COORDINATOR).get(f"/api/v1/rounds/{code}/progress").json()
    # 12 minutes late at cassel, there at 9:37 instead of 9:25, and it opens at 9:40: about on time there
    assert told["delay_s"] == 720
    assert 0 <= told["visits"][1]["delay_s"] <= 240


def test_skipped_closed_disputed_and_off_plan_need_a_decision(
    client_as: ClientAs, driver: TestClient, at: Any
) -> None:
    at("10:00")
    tell(
        driver,
        fact("delivered", CASSEL, "9:12", count=2),
        fact("closed", BAVINCHOVE, "9:40"),
        fact("problem", BAVINCHOVE, "9:41", text="rideau baissé"),
        fact("delivered", f"{ROUND}/bailleul", "9:50", count=1),
    )
    tell(client_as(Role.LIBRARY, site="cassel", name="Cassel"), fact("delivered", CASSEL, "9:30", count=3))
    told = client_as(Role.COORDINATOR).get(DAY).json()
    assert [(one["matter"], one["visit"]) for one in told["decisions"]] == [
        ("problem", BAVINCHOVE),
        ("closed", BAVINCHOVE),
        ("skipped", ARNEKE),
        ("off_plan", f"{ROUND}/bailleul"),
        ("disputed", CASSEL),
    ]
    assert told["decisions"][0]["words"] == "Bavinchove : problème signalé, « rideau baissé »."
    [tour] = told["rounds"]
    assert (tour["done"], tour["closed"], tour["skipped"], tour["ahead"]) == (1, 1, 1, 1)
    first, last = tour["visits"][0], tour["visits"][-1]
    assert first["delivered"]["crates"] == 3  # the latest; both are shown
    assert first["delivered"]["claims"] == [
        {"teller": "Cassel", "crates": 3},
        {"teller": "Dominique", "crates": 2},
    ]
    assert (last["visit"], last["planned"], last["state"]) == (f"{ROUND}/bailleul", None, "done")


def test_a_correction_keeps_both_values(client_as: ClientAs, driver: TestClient, at: Any) -> None:
    at("10:00")
    given, came = fact("delivered", CASSEL, "9:12", count=2), fact("arrived", CASSEL, "9:10")
    tell(
        driver,
        given,
        came,
        fact("correction", CASSEL, "9:20", target=given["id"], count=5),
        fact("correction", CASSEL, "9:21", target=came["id"], retimed_to=clock("9:08").isoformat()),
    )
    visit = client_as(Role.COORDINATOR).get(PROGRESS).json()["visits"][0]
    assert (visit["delivered"]["crates"], visit["delivered"]["told"], visit["disputed"]) == (5, 2, False)
    assert (visit["arrived_at"], visit["arrived_told_at"]) == (
        clock("9:08").isoformat(),
        clock("9:10").isoformat(),
    )


def test_what_a_library_tells_in_the_evening_is_no_delay(
    client_as: ClientAs, driver: TestClient, at: Any
) -> None:
    at("9:20")
    tell(driver, fact("delivered", CASSEL, "9:15", count=2))
    at("10:00")
    tell(client_as(Role.LIBRARY, site="arneke"), fact("delivered", ARNEKE, "10:00", count=2))
    told = client_as(Role.COORDINATOR).get(PROGRESS).json()
    assert (told["done"], told["delay_s"], told["last_visit"]) == (2, 0, CASSEL)
    assert (told["visits"][1]["state"], told["visits"][1]["began_at"]) == ("done", None)


def test_silence_is_noticed(client_as: ClientAs, at: Any) -> None:
    at("9:44")
    assert client_as(Role.COORDINATOR).get(DAY).json()["decisions"] == []
    at("9:46")
    [one] = client_as(Role.COORDINATOR).get(DAY).json()["decisions"]
    assert (one["matter"], one["words"]) == ("silent", "Aucun pointage depuis le départ.")


def test_a_round_comes_home(client_as: ClientAs, driver: TestClient, at: Any) -> None:
    at("10:30")
    tell(driver, *(fact("delivered", ref, "9:30", count=1) for ref in (CASSEL, ARNEKE, BAVINCHOVE)))
    tell(driver, fact("arrived", f"{ROUND}/depot", "10:20"))
    told = client_as(Role.COORDINATOR).get(PROGRESS).json()
    assert (told["state"], told["ended_at"], told["ahead"]) == ("ended", clock("10:20").isoformat(), 0)


def test_facts_of_a_plan_superseded_meanwhile(
    service: Service, client_as: ClientAs, driver: TestClient, at: Any
) -> None:
    with service.database.write() as session:
        publish(session, code="2026-W49-mar-soir-V1", status=PlanStatus.SUPERSEDED)
    at("9:30")
    tell(driver, fact("delivered", "2026-W49-mar-soir-V1/cassel", "9:12", count=2))
    told = client_as(Role.COORDINATOR).get(DAY).json()
    assert [(one["code"], one["current"], one["done"]) for one in told["rounds"]] == [
        (ROUND, True, 0),
        ("2026-W49-mar-soir-V1", False, 1),
    ]


def test_a_driver_follows_their_own_rounds(client_as: ClientAs, driver: TestClient, at: Any) -> None:
    assert driver.get(PROGRESS).status_code == 200
    assert client_as(Role.DRIVER, driver="C2").get(PROGRESS).status_code == 403
    assert driver.get("/api/v1/rounds/2026-W01-lun-matin-V1/progress").status_code == 404
    assert driver.get(DAY).status_code == 403


def test_a_day_takes_the_same_few_queries_however_full(
    service: Service, client_as: ClientAs, driver: TestClient, at: Any
) -> None:
    at("10:00")
    desk = client_as(Role.COORDINATOR)
    tell(driver, fact("arrived", CASSEL))
    with count_queries(service.database) as few:
        assert len(desk.get(DAY).json()["rounds"]) == 1
    with service.database.write() as session:
        for n in range(5):
            publish(session, code=f"2026-W49-mar-{n}-V1")
    tell(driver, *(fact("arrived", f"2026-W49-mar-{n}-V1/cassel") for n in range(5)))
    with count_queries(service.database) as many:
        assert len(desk.get(DAY).json()["rounds"]) == 6
    assert len(many) == len(few) <= 10


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "hier"])
def test_a_day_out_of_the_calendar_is_told_so(client_as: ClientAs, day: str) -> None:
    assert client_as(Role.COORDINATOR).get(f"/api/v1/day/{day}").status_code == 422
