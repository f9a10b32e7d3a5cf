"""Delays between all libraries: computed, told, drawn, printed, compared; on both databases."""

import csv
import io
from dataclasses import replace
from uuid import UUID

import pypdf
import pytest
from fastapi.testclient import TestClient

from api.service import Service
from api.services.actor import SYSTEM, Role
from api.services.plans.store import save_plan
from models.plan import Plan
from tests.published import publish
from tests.queries import count_queries
from tests.service_fixtures import ClientAs

DELAYS = "/api/v1/delays"


@pytest.fixture
def official(client_as: ClientAs) -> TestClient:
    return client_as(Role.OFFICIAL)


def without(plan: Plan, site: str) -> Plan:
    """The same plan that calls at a site no more."""
    rounds = (
        replace(tour, visits=tuple(visit for visit in tour.visits if visit.site != site))
        for tour in plan.rounds
    )
    return replace(plan, rounds=tuple(rounds))


def draft(service: Service, plan: Plan) -> UUID:
    with service.database.write() as session:
        return save_plan(session, plan, actor=SYSTEM).id


def test_without_a_plan_it_says_so(official: TestClient) -> None:
    assert official.get(DELAYS).status_code == 404
    page = official.get("/delais")
    assert page.status_code == 200
    assert "Aucun planning n’est publié" in page.text


def test_every_pair_is_told_and_kept_until_something_changes(
    official: TestClient, service: Service, planned: Plan
) -> None:
    publish(service, planned)
    answer = official.get(DELAYS)
    told = answer.json()
    assert (len(told["villages"]), len(told["median"]), {len(row) for row in told["median"]}) == (
        45,
        45,
        {45},
    )
    rows = zip(told["median"], told["ninety"], strict=True)
    pairs = [pair for row in rows for pair in zip(*row, strict=True) if None not in pair]
    assert all(median <= ninety for median, ninety in pairs)
    assert len(pairs) > 1800  # of 45 × 44 = 1980; where no van calls nothing comes
    assert [told["median"][k][k] for k in range(45)] == [None] * 45
    tag = answer.headers["etag"]
    with count_queries(service.database) as sent:
        assert official.get(DELAYS, headers={"If-None-Match": tag}).status_code == 304
    assert len(sent) <= 5
    publish(service, without(planned, "cassel"))
    newer = official.get(DELAYS, headers={"If-None-Match": tag})
    assert newer.status_code == 200
    cassel = next(one for one in newer.json()["villages"] if one["site"] == "cassel")
    assert (cassel["receiving"]["median_h"], cassel["badly_served"]) == (None, True)
    assert cassel["reason"] == "aucun passage dans la semaine"


def test_a_village_called_at_once_a_week_is_told_which_day_and_after_which_sorting(
    official: TestClient, service: Service, planned: Plan
) -> None:
    publish(service, planned)
    once = next(
        site
        for site in sorted({visit.site for tour in planned.rounds for visit in tour.visits})
        if len(planned.visits_to(site)) == 1
    )
    villages = {one["site"]: one for one in official.get(DELAYS).json()["villages"]}
    assert villages[once]["reason"].startswith("un seul passage par semaine, le ")
    assert ", après le tri du " in villages[once]["reason"]


def test_the_spreadsheet_has_a_line_per_pair(official: TestClient, service: Service, planned: Plan) -> None:
    plan = draft(service, planned)
    text = official.get(f"{DELAYS}.csv", params={"plan": str(plan)}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 45 * 44
    one = next(row for row in rows if row["médiane (h)"])
    assert float(one["médiane (jours)"].replace(",", ".")) == pytest.approx(
        int(one["médiane (h)"]) / 24, abs=0.05
    )


def test_the_page_shows_what_is_asked_for(official: TestClient, service: Service, planned: Plan) -> None:
    publish(service, planned)
    page = official.get("/delais", params={"de": "cassel", "mesure": "90"})
    assert page.status_code == 200
    body = page.text.split('id="matrix"')[1]
    assert body.count('<th scope="row">') == 1
    assert "neuf fois sur dix" in body
    assert "<svg xmlns=" in page.text
    assert official.get("/delais", params={"plan": "00000000-0000-0000-0000-000000000000"}).status_code == 404


def test_one_page_for_the_council_tagged(official: TestClient, service: Service, planned: Plan) -> None:
    was, now = draft(service, planned), draft(service, without(planned, "cassel"))
    answer = official.get("/delais.pdf", params={"plan": str(now), "avant": str(was)})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pdf = pypdf.PdfReader(io.BytesIO(answer.content))
    assert len(pdf.pages) == 1
    assert b"/Marked true" in answer.content
    assert "avant et après" in pdf.pages[0].extract_text()


def test_two_plans_are_compared_by_their_delays(
    official: TestClient, service: Service, planned: Plan
) -> None:
    ids = [str(draft(service, planned)), str(draft(service, without(planned, "cassel")))]
    told = official.get("/api/v1/plans/compare", params={"ids": ids, "pairs": "true"}).json()["delays"]
    assert told["worse"][0]["site"] == "cassel"
    assert (told["worse"][0]["median_h"][1], told["worse"][0]["change_h"]) == (None, None)
    assert "demi-journée" in told["felt"]
    assert [len(each["median"]) for each in told["pairs"]] == [45, 45]
    page = official.get("/delais", params={"plan": ids[1], "avant": ids[0]}).text
    assert "→ jamais, moins bien" in page
    assert official.get("/api/v1/plans/compare", params={"ids": ids}).json()["delays"]["pairs"] == []
