"""Labels over HTTP, and where their codes lead: staff, a driver's phone, whoever finds a crate."""

from datetime import UTC

import pypdfium2 as pdfium
import pytest
import zxingcpp

from api.service import Service
from api.services.actor import Role
from tests.pdf_reading import texts
from tests.road import CASSEL, clock, fact, publish
from tests.service_fixtures import ClientAs
from tests.telling import tell

CRATES, SITES = "/api/v1/crates/labels.pdf", "/api/v1/sites/labels.pdf"


@pytest.fixture(autouse=True)
def crates(client_as: ClientAs) -> None:
    series = {"prefix": "HAZ-", "first": 98, "last": 102, "digits": 4, "home": "hazebrouck"}
    desk = client_as(Role.COORDINATOR)
    assert desk.post("/api/v1/crates/series", json=series | {"home": "cassel"}).json()["made"] == 5
    desk.patch("/api/v1/crates/HAZ-0100", json={"retired": True}, headers={"If-Match": '"v1"'})


def scanned(pdf: bytes) -> list[str]:
    picture = pdfium.PdfDocument(pdf)[0].render(scale=300 / 72, grayscale=True).to_numpy()
    return sorted(one.text for one in zxingcpp.read_barcodes(picture))


def test_a_series_is_printed_without_what_was_put_aside(client_as: ClientAs, service: Service) -> None:
    answer = client_as(Role.OFFICIAL).get(f"{CRATES}?from=HAZ-0099&to=HAZ-0101&format=L7163&start=3")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    url = service.settings.public_url
    wanted = ["HAZ-0099", "HAZ-0101"]
    assert scanned(answer.content) == [*wanted, *(f"{url}/c/{code}" for code in wanted)]
    assert "Médiathèque de Cassel" in texts(answer.content)[0]


def test_what_cannot_be_printed_is_told(client_as: ClientAs) -> None:
    desk = client_as(Role.COORDINATOR)
    for query, status, told in (
        ("", 422, "Dites quels bacs"),
        ("?from=HAZ-0099", 422, "Dites quels bacs"),
        ("?codes=HAZ-0099&from=HAZ-0001&to=HAZ-0002", 422, "Dites quels bacs"),
        ("?codes=HAZ-0099,B7", 422, "Ces bacs ne sont pas enregistrés : B7."),
        ("?from=HAZ-0101&to=HAZ-0104", 422, "Ces bacs ne sont pas enregistrés : HAZ-0103, HAZ-0104."),
        ("?from=HAZ-0102&to=HAZ-0098", 422, "même série"),
        ("?from=HAZ-0098&to=BAI-0102", 422, "même série"),
        ("?from=HAZ-0001&to=HAZ-9999", 422, "500 au plus"),
        ("?from=HAZ-0001&to=HAZ-0002", 404, "Aucun bac n'est enregistré"),
        ("?codes=HAZ-0099&format=L7165&start=9", 422, "n'a que 8 étiquettes"),
    ):
        answer = desk.get(CRATES + query)
        assert (answer.status_code, told in answer.json()["detail"]) == (status, True), answer.text
    assert desk.get(f"{CRATES}?codes=HAZ-0099&format=A4").status_code == 422
    assert client_as(Role.DRIVER).get(f"{CRATES}?codes=HAZ-0099").status_code == 403
    assert client_as(Role.PUBLIC).get(f"{CRATES}?codes=HAZ-0099").status_code == 401


def test_cards_for_doors_lead_to_the_public_page(client_as: ClientAs, service: Service) -> None:
    desk = client_as(Role.COORDINATOR)
    answer = desk.get(f"{SITES}?sites=cassel,arneke&format=L7173")
    public = service.settings.public_url
    assert scanned(answer.content) == [f"{public}/quand?vers={site}" for site in ("arneke", "cassel")]
    page = texts(answer.content)[0]
    assert "Médiathèque de Cassel" in page
    assert "Quand arrivera un livre" in page
    assert len(texts(desk.get(f"{SITES}?format=70x37").content)) == 2  # 45 libraries, 24 a sheet
    assert desk.get(f"{SITES}?sites=depot").status_code == 422


def test_the_code_of_a_crate_opens_its_page_for_staff(
    client_as: ClientAs, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service.database.write() as session:
        publish(session)
    for module in ("api.endpoints.scans", "api.services.road.custody"):
        monkeypatch.setattr(f"{module}.now", lambda: clock("9:30").astimezone(UTC))
    tell(client_as(Role.DRIVER, driver="C1"), fact("delivered", CASSEL, "9:12", crate="HAZ-0099"))
    page = client_as(Role.COORDINATOR).get("/c/HAZ-0099")
    assert page.status_code == 200
    assert "À Cassel." in page.text
    assert "Déposé à Cassel." in page.text
    assert "a encore dit où il est." in client_as(Role.OFFICIAL).get("/c/HAZ-0098").text
    lost = client_as(Role.OFFICIAL).get("/c/B404", headers={"accept": "text/html"})
    assert (lost.status_code, "est pas enregistré" in lost.text) == (404, True)


def test_whoever_finds_a_crate_reads_whom_to_call_and_nothing_else(client_as: ClientAs) -> None:
    for role in (Role.PUBLIC, Role.LIBRARY, Role.DRIVER):
        client = client_as(role, site="cassel", driver="C1")
        known, unknown = client.get("/c/HAZ-0099"), client.get("/c/B404")
        assert (known.status_code, unknown.status_code) == (200, 200)
        assert known.text.count("HAZ-0099") == unknown.text.count("B404") == 3
        assert "prévenez la coordination" in known.text
        assert 'href="/tournee?bac=HAZ-0099"' in known.text
        assert "Cassel" not in known.text


def test_the_code_of_an_enrolment_goes_along_to_the_drivers_app(client_as: ClientAs) -> None:
    answer = client_as(Role.PUBLIC).get("/appareil", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/tournee")
