"""The minimal service over a folder of plans."""

from collections.abc import Iterator
from pathlib import Path

import gpxpy
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.services.actor import Actor, Role
from api.services.folder import Territory
from api.services.outputs import write_week
from api.settings import Settings
from models.plan import Plan


@pytest.fixture(scope="module")
def client(
    planned: Plan, territory: Territory, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    out = tmp_path_factory.mktemp("out")
    write_week(planned, territory, out, public_url="http://navette.test")
    (out / "copie de la semaine").mkdir()
    (out / "copie de la semaine" / "plan.json").write_text("{}")
    app = create_app(Settings(out=out, data=tmp_path_factory.mktemp("data")))
    app.state.identify = lambda _: Actor(role=Role.COORDINATOR, name="Camille")
    with TestClient(app) as found:
        yield found


def test_alive(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_the_latest_plan_and_the_plan_of_a_week_are_the_same(client: TestClient, planned: Plan) -> None:
    latest, named = client.get("/api/plan"), client.get("/api/plan", params={"week": "2026-W49"})
    assert latest.status_code == named.status_code == 200
    assert latest.json() == named.json()
    assert len(latest.json()["rounds"]) == len(planned.rounds)
    assert client.get("/api/weeks").json() == ["2026-W49"]


def test_a_round_on_its_roads(client: TestClient, planned: Plan) -> None:
    tour = planned.rounds[0]
    answer = client.get(f"/api/rounds/{tour.id}.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    points = [one for one in features if one["geometry"]["type"] == "Point"]
    assert len(points) == len(tour.visits) + 2


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/plan?week=2031-W01", 404, "make plan WEEK=2031-W01"),
        ("/api/plan?week=bientôt", 422, "2026-W49"),
        ("/api/rounds/nulle.geojson", 404, "nulle"),
        ("/tournees/2026-W49-dim-matin-V9", 404, "dim"),
        ("/semaines/2026-W49/secrets.txt", 404, "secrets.txt"),
        ("/semaines/2026-W49/..%2f..%2fetc%2fpasswd", 404, ""),
    ],
)
def test_what_does_not_exist_is_a_problem_in_french(
    path: str, status: int, words: str, client: TestClient
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    if words:
        assert answer.headers["content-type"] == "application/problem+json"
        assert words in answer.json()["detail"]
        assert answer.json()["type"].startswith("urn:navette:")


def test_people_find_every_file_from_the_first_page(client: TestClient, planned: Plan) -> None:
    page = client.get("/").text
    for name in ("carte.html", "feuilles-de-route.pdf", "horaires.csv", "passages.ics", "tournees.gpx"):
        assert f'href="/semaines/2026-W49/{name}"' in page
        assert client.get(f"/semaines/2026-W49/{name}").status_code == 200
    assert client.get("/carte").headers["content-type"].startswith("text/html")
    assert client.get("/feuilles").content.startswith(b"%PDF")
    gpxpy.parse(client.get("/semaines/2026-W49/tournees.gpx").text)


def test_a_round_is_read_on_a_phone_and_reached_from_the_sheet(client: TestClient, planned: Plan) -> None:
    tour = planned.rounds[0]
    page = client.get(f"/saisie/{tour.id}")
    assert page.url.path == f"/tournees/{tour.id}"
    assert page.text.count('class="name"') == len(tour.visits)


def test_the_documentation_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "swagger" in page
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page


def test_an_empty_shelf_says_what_to_do(tmp_path: Path) -> None:
    app = create_app(Settings(out=tmp_path / "rien", data=tmp_path))
    app.state.identify = lambda _: Actor(role=Role.OFFICIAL, name="Odile")
    with TestClient(app) as client:
        assert "make plan" in client.get("/").text
        assert client.get("/api/plan").status_code == 404
