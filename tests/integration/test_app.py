"""The pages that people open: the weeks, the map, the sheets, one round, read from the database."""

from uuid import UUID

import gpxpy
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.service import Service
from api.services.actor import SYSTEM, Role
from api.services.plans.store import save_plan
from api.settings import Settings
from models.plan import Plan
from tests.service_fixtures import ClientAs

FILES = (
    "carte.html",
    "feuilles-de-route.pdf",
    "horaires.csv",
    "horaires.xlsx",
    "passages.ics",
    "tournees.gpx",
    "plan.json",
)


def _publish(client: TestClient, plan: UUID) -> None:
    answer = client.post(
        f"/api/v1/plans/{plan}/publish", json={"replaces": None}, headers={"If-Match": '"v1"'}
    )
    assert answer.status_code == 200


def test_alive(app_alone: TestClient) -> None:
    assert app_alone.get("/healthz").json() == {"status": "ok"}


@pytest.fixture
def app_alone() -> TestClient:
    """The application without any database behind it."""
    return TestClient(create_app(Settings(jobs=False)))


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/carte?week=2031-W01", 404, "make plan WEEK=2031-W01"),
        ("/carte?week=bientôt", 422, "2026-W49"),
        ("/api/v1/rounds/nulle", 404, "nulle"),
        ("/tournees/2026-W49-dim-matin-V9", 404, "dim"),
        ("/semaines/2026-W49/secrets.txt", 404, "secrets.txt"),
        ("/semaines/2026-W49/..%2f..%2fetc%2fpasswd", 404, ""),
    ],
)
def test_what_does_not_exist_is_a_problem_in_french(
    path: str, status: int, words: str, camille: TestClient, draft: UUID
) -> None:
    answer = camille.get(path)
    assert answer.status_code == status
    if words:
        assert answer.headers["content-type"] == "application/problem+json"
        assert words in answer.json()["detail"]
        assert answer.json()["type"].startswith("urn:navette:")


def test_people_find_every_file_from_the_first_page(camille: TestClient, draft: UUID) -> None:
    page = camille.get("/semaines").text
    for name in FILES:
        assert f'href="/semaines/2026-W49/{name}"' in page
        assert camille.get(f"/semaines/2026-W49/{name}").status_code == 200
    assert camille.get("/carte").headers["content-type"].startswith("text/html")
    assert camille.get("/feuilles").content.startswith(b"%PDF")
    gpxpy.parse(camille.get("/semaines/2026-W49/tournees.gpx").text)


def test_a_draft_says_so_until_it_is_published(camille: TestClient, draft: UUID, planned: Plan) -> None:
    tour = planned.rounds[0]
    for path in ("/semaines", f"/tournees/{tour.id}"):
        assert ">brouillon<" in camille.get(path).text
    _publish(camille, draft)
    for path in ("/semaines", f"/tournees/{tour.id}"):
        assert "brouillon" not in camille.get(path).text


def test_the_published_week_stands_before_any_draft_of_it(
    camille: TestClient, draft: UUID, planned: Plan, service: Service
) -> None:
    _publish(camille, draft)
    with service.database.write() as session:
        save_plan(session, planned, actor=SYSTEM, title="plus récent")
    assert "brouillon" not in camille.get("/semaines").text
    assert camille.get("/semaines").text.count("<section>") == 1
    first = camille.get("/semaines/2026-W49/plan.json").headers["etag"]
    assert camille.get("/carte").status_code == 200
    assert first == camille.get("/semaines/2026-W49/plan.json").headers["etag"]


def test_a_round_is_read_on_a_phone_and_reached_from_the_sheet(
    camille: TestClient, draft: UUID, planned: Plan
) -> None:
    tour = planned.rounds[0]
    sheet = camille.get(f"/saisie/{tour.id}", follow_redirects=False)
    assert sheet.headers["location"] == f"/bureau/saisie/{tour.id}"
    page = camille.get(f"/tournees/{tour.id}")
    assert page.text.count('class="name"') == len(tour.visits)


def test_the_documentation_loads_nothing_from_elsewhere(app_alone: TestClient) -> None:
    page = app_alone.get("/docs").text
    assert "swagger" in page
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page


def test_before_the_first_plan_the_page_says_what_to_do(camille: TestClient) -> None:
    assert "make plan" in camille.get("/semaines").text
    answer = camille.get("/carte")
    assert answer.status_code == 404
    assert "make plan" in answer.json()["detail"]


def test_pages_are_for_those_who_coordinate(client_as: ClientAs, draft: UUID) -> None:
    assert client_as(Role.OFFICIAL).get("/semaines").status_code == 200
    assert client_as(Role.PUBLIC).get("/carte").status_code == 401
    assert client_as(Role.LIBRARY, site="cassel").get("/feuilles").status_code == 403
