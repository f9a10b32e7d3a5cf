"""A period in figures, from plans and facts, on both databases."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from sqlmodel import select

from api.service import Service
from api.services.actor import Role
from models.service_day import ServiceDay
from models.tables.demand import ItemRecord
from models.tables.network import SiteRecord
from models.transfers.values import ItemState
from tests.queries import count_queries
from tests.road import ARNEKE, BAVINCHOVE, CASSEL, CASSEL_AGAIN, ROUND, clock, fact, publish
from tests.service_fixtures import ClientAs

REPORT = "/api/v1/reports?from=2026-12-01&to=2026-12-14"
FRIDAY = date(2026, 12, 4)
LATER = "2026-W49-ven-matin-V1"


@pytest.fixture(autouse=True)
def two_rounds(service: Service, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tuesday's round, with facts, and Friday's, of which nobody told anything."""
    with service.database.write() as session:
        publish(session)
        publish(session, code=LATER, day=FRIDAY)
    at = ServiceDay(FRIDAY).at(20 * 3600).astimezone(UTC)
    for module in ("api.endpoints.scans", "api.endpoints.reports", "api.services.road.custody"):
        monkeypatch.setattr(f"{module}.now", lambda: at)
    told = [
        fact("arrived", CASSEL, "9:12"),  # announced from 9:00 to 9:30
        fact("delivered", CASSEL, "9:13", count=4),
        fact("picked_up", CASSEL, "9:14", count=1),
        fact("empty", CASSEL, "9:14", count=1),
        fact("delivered", ARNEKE, "9:50", count=0),  # announced until 9:45: late, and nothing exchanged
        fact("closed", BAVINCHOVE, "9:58"),  # announced until 10:00
        fact("delivered", f"{ROUND}/bailleul", "10:02", count=2),  # off the plan
    ]
    answer = client_as(Role.DRIVER, driver="C1").post("/api/v1/scans", json={"scans": told})
    assert {one["state"] for one in answer.json()["results"]} == {"stored"}


def test_the_totals_of_a_period(client_as: ClientAs) -> None:
    totals = client_as(Role.OFFICIAL).get(REPORT).json()["totals"]
    # A round: four legs and one back, 8 km each; 4 × 15 + 10 minutes.
    assert (totals["rounds_planned"], totals["rounds_driven"]) == (2, 1)
    assert (totals["metres_planned"], totals["metres_driven"]) == (80_000, 40_000)
    assert totals["seconds_planned"] == 2 * 4200
    assert totals["seconds_driven"] == 50 * 60  # from 9:12 to 10:02
    # Eight visits were promised: cassel and arneke done, bavinchove closed, the rest missed.
    assert (totals["visits_planned"], totals["visits_done"], totals["visits_closed"]) == (8, 2, 1)
    assert (totals["visits_missed"], totals["visits_off_plan"], totals["visits_useless"]) == (5, 1, 1)
    assert (totals["begun"], totals["punctual"], totals["punctual_permille"]) == (3, 2, 666)
    assert (totals["crates_delivered"], totals["crates_picked_up"], totals["empties"]) == (6, 1, 1)
    # V1: 12 € a round, 0.45 € a kilometre; C1: 25 € an hour. 1200 + 40 × 45 + 2500 × 4200 / 3600 (2916)
    assert totals["cost_cents"] == 1200 + 1800 + 2916


def test_the_sites_of_a_period(service: Service, client_as: ClientAs) -> None:
    sites = {one["site"]: one for one in client_as(Role.OFFICIAL).get(REPORT).json()["sites"]}
    assert set(sites) == {"arneke", "bailleul", "bavinchove", "cassel"}
    cassel = sites["cassel"]
    assert (cassel["planned"], cassel["done"], cassel["missed"], cassel["balance"]) == (4, 1, 3, 3)
    assert cassel["visits_per_week_hundredths"] == 175  # one in four days (1 to 4 December): 1.75 in seven
    assert (cassel["mean_wait_tenths"], cassel["longest_wait_days"]) == (None, None)
    assert (sites["bailleul"]["planned"], sites["bailleul"]["delivered"]) == (0, 2)
    tell = client_as(Role.DRIVER, driver="C1")
    later = fact("delivered", f"{LATER}/cassel", "9:10", day=FRIDAY, count=1)
    tell.post("/api/v1/scans", json={"scans": [later]})
    sites = {one["site"]: one for one in client_as(Role.OFFICIAL).get(REPORT).json()["sites"]}
    assert (sites["cassel"]["mean_wait_tenths"], sites["cassel"]["longest_wait_days"]) == (30, 3)


def test_a_correction_and_an_undo_change_the_report(client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    again = fact("delivered", CASSEL_AGAIN, "9:56", count=7)
    driver.post("/api/v1/scans", json={"scans": [again]})
    assert client_as(Role.OFFICIAL).get(REPORT).json()["totals"]["crates_delivered"] == 13
    correction = fact("correction", CASSEL_AGAIN, "10:00", target=again["id"], count=3)
    driver.post("/api/v1/scans", json={"scans": [correction]})
    assert client_as(Role.OFFICIAL).get(REPORT).json()["totals"]["crates_delivered"] == 9
    driver.post("/api/v1/scans", json={"scans": [fact("undo", CASSEL_AGAIN, "10:01", target=again["id"])]})
    totals = client_as(Role.OFFICIAL).get(REPORT).json()["totals"]
    assert (totals["crates_delivered"], totals["visits_done"]) == (6, 2)


def test_what_went_from_where_to_where(service: Service, client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    sent = {
        "origin": "cassel",
        "destination": "arneke",
        "crates": 2,
        "documents": 30,
        "ready_on": "2026-12-03",
    }
    for one in (sent, sent, sent | {"destination": None}, sent | {"ready_on": "2026-11-30"}):
        assert desk.post("/api/v1/shipments", json=one).status_code == 201
    with service.database.write() as session:
        for k, state in enumerate((ItemState.ARRIVED, ItemState.WAITING, ItemState.CANCELLED)):
            session.add(
                ItemRecord(
                    barcode=str(k),
                    origin="arneke",
                    destination="cassel",
                    requested_at=clock("10:00"),
                    updated_at=datetime(2026, 12, 4, 8, tzinfo=UTC),
                    state=state,
                    source="essai",
                    reference=str(k),
                )
            )
    told = desk.get(REPORT).json()
    assert told["flows"] == [
        {"origin": "arneke", "destination": "cassel", "crates": 0, "documents": 0, "items": 2},
        {"origin": "cassel", "destination": "arneke", "crates": 4, "documents": 60, "items": 0},
    ]
    assert (told["totals"]["documents_announced"], told["totals"]["documents_arrived"]) == (90, 1)


def test_a_report_comes_as_csv_and_xlsx_without_formulas(service: Service, client_as: ClientAs) -> None:
    with service.database.write() as session:
        site = session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one()
        site.commune = "=HYPERLINK(1)"
    desk = client_as(Role.COORDINATOR)
    answer = desk.get(REPORT.replace("reports?", "reports/csv?table=sites&"))
    assert answer.headers["content-disposition"] == (
        'attachment; filename="navette-sites-2026-12-01-2026-12-14.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["Site"] for row in rows] == ["arneke", "bailleul", "bavinchove", "cassel"]
    assert (rows[3]["Commune"], rows[3]["Faits"]) == ("'=HYPERLINK(1)", "1")
    book = openpyxl.load_workbook(io.BytesIO(desk.get(REPORT.replace("reports?", "reports/xlsx?")).content))
    assert book.sheetnames == ["bilan", "sites", "trajets"]
    cells: list[Any] = [cell for row in book["sites"].iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert {row[0].value: row[1].value for row in book["bilan"].iter_rows()}["Passages planifiés"] == 8


def test_a_report_takes_a_bounded_number_of_queries(service: Service, client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    with count_queries(service.database) as sent:
        desk.get(REPORT)
    assert len(sent) <= 16


@pytest.mark.parametrize(
    "query", ["", "?from=2026-12-01", "?from=2026-12-02&to=2026-12-01", "?from=2000-01-01&to=2026-12-01"]
)
def test_a_period_that_is_none_is_told_so(client_as: ClientAs, query: str) -> None:
    assert client_as(Role.COORDINATOR).get(f"/api/v1/reports{query}").status_code == 422


def test_who_reads_reports(client_as: ClientAs) -> None:
    assert client_as(Role.LIBRARY, site="cassel").get(REPORT).status_code == 403
    assert client_as(Role.INTEGRATOR, scopes=frozenset({"reports:read"})).get(REPORT).status_code == 200
