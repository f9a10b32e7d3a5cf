"""The posters and door cards of all libraries as one PDF, for whoever sends them out."""

from datetime import date

import pytest

from api.service import Service
from api.services.actor import Role
from api.services.library.phrases import window
from maps import words
from models.plan import Plan
from models.service_day import ServiceDay
from tests.pdf_reading import texts
from tests.published import publish
from tests.queries import count_queries
from tests.road import clock
from tests.service_fixtures import ClientAs

SUNDAY = date(2026, 11, 29)
PLACES = 46  # 45 libraries and a partner


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day before the week of the plan."""
    monkeypatch.setattr("api.endpoints.library_papers.now", lambda: clock("18:00", SUNDAY))


def test_each_library_has_its_own_page(service: Service, client_as: ClientAs, planned: Plan) -> None:
    publish(service, planned)
    staff = client_as(Role.OFFICIAL)
    with count_queries(service.database) as sent:
        posters = staff.get("/affiches.pdf")
    assert len(sent) <= 8 + 4 * PLACES
    pages = texts(posters.content)
    assert len(pages) == PLACES
    (bailleul,) = [page for page in pages if "Médiathèque de Bailleul" in page]
    day, early, late = min(
        (tour.date, visit.announced.early, visit.announced.late)
        for tour in planned.rounds
        for visit in tour.visits
        if visit.site == "bailleul"
    )
    clocks = ServiceDay(day).at
    said = f"{words.capital(words.day(day))} {window(clocks(early), clocks(late))}"
    assert f"Prochain passage {said}".replace("\u202f", " ").replace("\xa0", " ") in bailleul
    cards = texts(staff.get("/portes.pdf").content)
    assert len(cards) == PLACES
    assert all("Photographiez ce code" in page for page in cards)
    known = {"If-None-Match": posters.headers["etag"]}
    assert staff.get("/affiches.pdf", headers=known).status_code == 304


def test_they_are_for_staff_who_find_them_on_the_first_page(client_as: ClientAs) -> None:
    assert client_as(Role.LIBRARY, site="cassel").get("/affiches.pdf").status_code == 403
    front = client_as(Role.COORDINATOR).get("/semaines").text
    assert 'href="/affiches.pdf"' in front
    assert 'href="/portes.pdf"' in front
