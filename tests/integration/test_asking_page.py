"""/quand for everybody: kept by browsers as long as it says the same, and no longer."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from api.service import Service
from models.plan import Plan
from tests.credentials import Credentials
from tests.published import publish
from tests.road import clock

MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize("path", ["/quand", "/quand?de=cassel&vers=bailleul"])
def test_a_browser_that_has_the_page_is_told_so(
    path: str, service: Service, real: Credentials, planned: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(text: str) -> None:
        moment: datetime = clock(text, MONDAY)
        monkeypatch.setattr("api.endpoints.asking.now", lambda: moment)

    publish(service, planned)
    client = real.nobody()
    at("8:00")
    first = client.get(path)
    assert (first.status_code, first.headers["cache-control"]) == (200, "public, no-cache")
    known = {"If-None-Match": first.headers["etag"]}
    again = client.get(path, headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert "nonce" not in first.text  # the next answer's policy names another one
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_another_plan_counts_at_once(
    service: Service, real: Credentials, planned: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.endpoints.asking.now", lambda: clock("8:00", MONDAY))
    publish(service, planned)
    client, path = real.nobody(), "/quand?de=cassel&vers=bailleul"
    before = client.get(path)
    away = [
        replace(tour, visits=tuple(visit for visit in tour.visits if visit.site != "bailleul"))
        for tour in planned.rounds
    ]
    publish(service, replace(planned, rounds=tuple(away)))
    after = client.get(path, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]


def test_what_is_wrong_is_not_kept(real: Credentials) -> None:
    answer = real.nobody().get("/quand?de=rien&vers=cassel")
    assert (answer.status_code, answer.headers["cache-control"]) == (422, "no-store")
    assert "etag" not in answer.headers
