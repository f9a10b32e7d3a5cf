"""Files of plans, made when asked for: whole or in part, once, also of weeks where nothing stands."""

import io
import json
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import gpxpy
import icalendar
import openpyxl
import pypdf
import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.repositories import plans as repository
from api.service import Service
from api.services.actor import SYSTEM
from api.services.plans.adopt import adopt
from api.services.plans.exports import Exports, PlanFile
from api.services.plans.store import plan_of_record, save_plan
from api.services.territory import touch
from models.plan import Plan, Unplanned
from models.plan_file import dump_plan, parse_plan
from models.tables.base import now
from models.tables.network import DriverRecord, SiteRecord, VehicleRecord
from models.tables.plans import PlanRecord
from tests.plan_fixtures import edit, shown
from tests.queries import count_queries


def _file(client: TestClient, plan: UUID, name: str, **query: str) -> bytes:
    answer = client.get(f"/api/v1/plans/{plan}/files/{name}", params=query)
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


def test_every_file_says_what_the_plan_says(camille: TestClient, draft: UUID, planned: Plan) -> None:
    visits = sum(len(tour.visits) for tour in planned.rounds)
    assert parse_plan(_file(camille, draft, "plan.json").decode()) == planned
    assert b"<html" in _file(camille, draft, "carte.html")
    pages = pypdf.PdfReader(io.BytesIO(_file(camille, draft, "feuilles-de-route.pdf"))).pages
    assert len(pages) >= len(planned.rounds)
    assert len(gpxpy.parse(_file(camille, draft, "tournees.gpx").decode()).tracks) == len(planned.rounds)
    calendar = icalendar.Calendar.from_ical(_file(camille, draft, "passages.ics"))
    assert len(calendar.walk("VEVENT")) == visits
    assert _file(camille, draft, "horaires.csv").decode().count("\r\n") == visits + 1
    book = openpyxl.load_workbook(io.BytesIO(_file(camille, draft, "horaires.xlsx")))
    assert book.sheetnames == ["Passages", "Tournées", "Non planifiés"]
    assert (book["Passages"].max_row, book["Tournées"].max_row) == (visits + 1, len(planned.rounds) + 1)
    drawn = json.loads(_file(camille, draft, "tournees.geojson"))
    points = [one for one in drawn["features"] if one["geometry"]["type"] == "Point"]
    assert len(points) == visits + 2 * len(planned.rounds)


@pytest.mark.parametrize("name", [one for one in PlanFile if one is not PlanFile.PLAN])
def test_one_round_or_one_day_alone(camille: TestClient, draft: UUID, planned: Plan, name: PlanFile) -> None:
    tour = planned.rounds[0]
    one = _file(camille, draft, name, round=tour.id)
    day = _file(camille, draft, name, day=tour.date.isoformat())
    assert one
    assert day
    if name is PlanFile.GPX:
        assert len(gpxpy.parse(one.decode()).tracks) == 1
        assert len(gpxpy.parse(day.decode()).tracks) == len(
            [t for t in planned.rounds if t.date == tour.date]
        )
    url = f"/api/v1/plans/{draft}/files/{name}"
    assert camille.get(url, params={"day": "2031-01-01"}).status_code == 404
    assert camille.get(url, params={"round": "nulle"}).status_code == 404


def test_who_has_a_file_is_told_so_until_it_changes(
    camille: TestClient, draft: UUID, service: Service
) -> None:
    url = f"/api/v1/plans/{draft}/files/horaires.csv"
    first = camille.get(url)
    tag = first.headers["etag"]
    with count_queries(service.database) as sent:
        again = camille.get(url, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert len([one for one in sent if one.startswith("SELECT")]) == 2  # the plan, the network
    ref = shown(camille, draft)["rounds"][0]["visits"][0]["ref"]
    edit(camille, draft, 1, {"kind": "take_out", "visit": ref})
    changed = camille.get(url, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert changed.content != first.content
    with service.database.write() as session:
        session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one().name = "Autre nom"
        touch(session)
    renamed = camille.get(url, headers={"If-None-Match": changed.headers["etag"]})
    assert "Autre nom" in renamed.text


def test_who_asks_for_the_same_file_waits_for_one_making() -> None:
    exports, made, start = Exports(), [], threading.Barrier(6)

    def make() -> bytes:
        made.append(1)
        start_late.wait(1)
        return b"x"

    start_late = threading.Event()
    found: list[bytes] = []

    def ask() -> None:
        start.wait()
        found.append(exports.get("k", make))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    start.wait()
    start_late.set()
    for thread in threads:
        thread.join()
    assert (found, len(made)) == ([b"x"] * 5, 1)


def test_what_is_kept_is_bounded() -> None:
    exports, made = Exports(most_bytes=10), []

    def make() -> bytes:
        made.append(1)
        return b"123456"

    for key in ("a", "b", "a"):  # the second pushes the first out
        exports.get(key, make)
    assert len(made) == 3


def _degenerate(planned: Plan) -> dict[str, Plan]:
    bare = replace(planned.rounds[0], visits=(), load_start=0, load_peak=0, load_end=0)
    days = planned.week.days
    tour = planned.rounds[0]
    seven = tuple(replace(tour, id=f"r{k}", date=day.date) for k, day in enumerate(days))
    return {
        "no round": replace(planned, rounds=()),
        "no visit": replace(planned, rounds=(bare,)),
        "nothing planned": replace(
            planned,
            rounds=(),
            unplanned=tuple(Unplanned(site=s, missing=2, reason="Fermée.") for s in ("cassel", "staple")),
        ),
        "seven days": replace(planned, rounds=seven),
    }


@pytest.mark.parametrize("what", ["no round", "no visit", "nothing planned", "seven days"])
def test_weeks_where_little_stands(camille: TestClient, service: Service, planned: Plan, what: str) -> None:
    with service.database.write() as session:
        plan = save_plan(session, _degenerate(planned)[what], actor=SYSTEM).id
    for name in PlanFile:
        _file(camille, plan, name)
    assert camille.get("/semaines").status_code == 200
    told = shown(camille, plan)
    assert len(told["days"]) == {"seven days": 7, "no visit": 1}.get(what, 0)
    assert camille.get(f"/api/v1/plans/{plan}/publication").status_code == 200
    laid = camille.post(f"/api/v1/plans/{plan}/apply", json={"week": "2026-W50"})
    assert laid.status_code == 201, laid.json()
    published = camille.post(
        f"/api/v1/plans/{plan}/publish", json={"replaces": None}, headers={"If-Match": '"v1"'}
    )
    assert published.status_code == 200


def test_what_was_archived_since_is_still_drawn(
    camille: TestClient, draft: UUID, service: Service, planned: Plan
) -> None:
    tour = next(one for one in planned.rounds if one.vehicle == "V2")
    with service.database.write() as session:
        for kind, code in ((SiteRecord, tour.visits[0].site), (VehicleRecord, "V2"), (DriverRecord, "C2")):
            found = session.exec(select(kind).where(kind.code == code)).one()
            found.archived_at = now()
        touch(session)
    for name in PlanFile:
        _file(camille, draft, name)
    assert camille.get(f"/tournees/{tour.id}").status_code == 200


def test_no_text_becomes_a_formula(camille: TestClient, service: Service, planned: Plan) -> None:
    site = planned.rounds[0].visits[0].site
    with service.database.write() as session:
        found = session.exec(select(SiteRecord).where(SiteRecord.code == site)).one()
        found.name, found.address = "=1+1", "@SUM(A1)\x07"
        touch(session)
        plan = save_plan(session, planned, actor=SYSTEM).id
    book = openpyxl.load_workbook(io.BytesIO(_file(camille, plan, "horaires.xlsx")))
    cells = [cell for row in book["Passages"].iter_rows() for cell in row]
    assert any(cell.value == "=1+1" for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    assert any(cell.value == "@SUM(A1)" for cell in cells)


def test_a_plan_file_comes_in(camille: TestClient, planned: Plan, service: Service) -> None:
    document = json.loads(dump_plan(planned))
    answer = camille.post("/api/v1/plans/import", json=document, params={"title": "Repris"})
    assert answer.status_code == 201
    with service.database.read() as session:
        record = repository.get_plan(session, UUID(answer.json()["id"]))
        assert plan_of_record(session, record) == planned
    twice = camille.post("/api/v1/plans/import", json=document)
    assert twice.status_code == 409
    assert "n° 1" in twice.json()["detail"]


def test_a_plan_file_that_does_not_fit_is_refused_with_every_reason(
    camille: TestClient, planned: Plan
) -> None:
    first, second, *others = planned.rounds
    visits = (replace(first.visits[0], site="nulle-part"), *first.visits[1:])
    wrong = replace(
        planned,
        rounds=(
            replace(first, visits=visits, vehicle="V9", date=date(2027, 1, 1)),
            replace(second, driver="C9", visits=second.visits[1:]),
            others[0],
            others[0],
        ),
    )
    answer = camille.post("/api/v1/plans/import", json=json.loads(dump_plan(wrong)))
    assert answer.status_code == 422
    told = " ".join(answer.json()["findings"])
    for words in ("nulle-part", "V9", "C9", "deux fois", "2026-W49", "numérotés"):
        assert words in told


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.clear(),
        lambda document: document.update(version=9),
        lambda document: document["rounds"][0].update(start_s=10**30),
        lambda document: document["rounds"][0].update(label="a\x00b"),
        lambda document: document["run"].update(spent_s=1e300),
        lambda document: document["week"].update(number=60),
        lambda document: document["rounds"][0]["shift"].update(early=10**7),
        lambda document: document.update(rounds="toutes"),
    ],
)
def test_nonsense_is_refused(camille: TestClient, planned: Plan, change: object) -> None:
    document = json.loads(dump_plan(planned))
    change(document)  # type: ignore[operator]
    answer = camille.post("/api/v1/plans/import", json=document)
    assert answer.status_code == 422, answer.text


def test_weeks_that_were_written_to_a_folder_come_in_once(
    service: Service, planned: Plan, tmp_path: Path
) -> None:
    for week, text in (("2026-W49", dump_plan(planned)), ("2026-W50", "{}"), ("copie", dump_plan(planned))):
        (tmp_path / week).mkdir()
        (tmp_path / week / "plan.json").write_text(text, encoding="utf-8")
    with service.database.write() as session:
        first = adopt(session, tmp_path)
    assert [record.week for record in first.plans] == ["2026-W49"]
    assert [file.parent.name for file, _ in first.refused] == ["2026-W50"]
    with service.database.write() as session:
        assert adopt(session, tmp_path).plans == ()
        assert adopt(session, tmp_path / "rien").plans == ()
    with service.database.read() as session:
        assert len(session.exec(select(PlanRecord)).all()) == 1
