"""Papers for the council, over HTTP: one tagged page that compares plans, the activity report of a period."""

from datetime import UTC, date
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from api.service import Service
from api.services.actor import Role
from models.service_day import ServiceDay
from tests.pdf_reading import structure, texts
from tests.plan_fixtures import edit, shown
from tests.road import CASSEL, fact, publish
from tests.service_fixtures import ClientAs


def _kinds(pdf: bytes) -> set[str]:
    """What the structure of a PDF is made of."""
    root: Any = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("fr")
    return {str(one["/S"]) for one in structure(root["/StructTreeRoot"])}


def test_a_comparison_is_one_tagged_page(camille: TestClient, draft: UUID) -> None:
    other = camille.post("/api/v1/plans", json={"copy_of": str(draft), "title": "Sans Cassel"}).json()
    refs = [v["ref"] for one in other["rounds"] for v in one["visits"] if v["site"] == "cassel"]
    edit(camille, UUID(other["id"]), 1, *({"kind": "take_out", "visit": ref} for ref in refs))
    answer = camille.get("/api/v1/plans/compare.pdf", params={"ids": [str(draft), other["id"]]})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    [page] = texts(answer.content)
    assert "Comparaison de plannings" in page
    assert "Semaine 49, du 30 novembre au 6 décembre 2026 : n° 1 (brouillon)" in page
    assert "« Sans Cassel » (brouillon)" in page
    kilometres = round(shown(camille, draft)["totals"]["distance_m"] / 1000)
    assert f"{kilometres} km" in page
    worse = page.split("On attend plus")[1].split("On attend moins")[0]
    assert "Médiathèque de Cassel" in page.split("On attend plus")[1]
    assert worse
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= _kinds(answer.content)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here depends on which
def test_four_plans_with_long_titles_stay_on_one_page(camille: TestClient, draft: UUID) -> None:
    title = ("Un titre de planning particulièrement bavard, " * 5)[:200]
    ids = [str(draft)]
    body = {"copy_of": str(draft), "title": title}
    ids += [camille.post("/api/v1/plans", json=body).json()["id"] for _ in range(3)]
    last = shown(camille, UUID(ids[-1]))
    refs = [visit["ref"] for one in last["rounds"] for visit in one["visits"]][::2]
    edit(camille, UUID(ids[-1]), 1, *({"kind": "take_out", "visit": ref} for ref in refs))
    [page] = texts(camille.get("/api/v1/plans/compare.pdf", params={"ids": ids}).content)
    assert "Et " in page.split("On attend plus")[1]  # more libraries than are named


def test_a_comparison_names_two_to_four_plans(camille: TestClient, draft: UUID) -> None:
    alone = camille.get("/api/v1/plans/compare.pdf", params={"ids": [str(draft)]})
    assert alone.status_code == 422
    gone = [str(draft), "01a20f53-1b8a-7208-b6b4-fff8f8cabde2"]
    assert camille.get("/api/v1/plans/compare.pdf", params={"ids": gone}).status_code == 404


def test_a_report_tells_what_was_driven(
    service: Service, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service.database.write() as session:
        publish(session)
    at = ServiceDay(date(2026, 12, 4)).at(20 * 3600).astimezone(UTC)
    for module in ("api.endpoints.scans", "api.endpoints.papers", "api.services.road.custody"):
        monkeypatch.setattr(f"{module}.now", lambda: at)
    facts = [fact("arrived", CASSEL, "9:12"), fact("delivered", CASSEL, "9:13", count=4)]
    client_as(Role.DRIVER, driver="C1").post("/api/v1/scans", json={"scans": facts})
    official = client_as(Role.OFFICIAL)
    answer = official.get("/api/v1/reports/pdf?from=2026-10-15&to=2026-12-31")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    told = " ".join(texts(answer.content))
    # Tuesday's round: four legs and one back, 8 km each; four visits promised, one done.
    assert "40,0 km parcourus" in told
    assert "4 passages étaient prévus : 1 fait, 0 porte close, 3 manqués." in told
    assert "Médiathèque de Cassel" in told
    assert [month for month in ("oct.", "nov.", "déc.", "sept.") if month in told] == ["oct.", "nov.", "déc."]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= _kinds(answer.content)


def test_a_period_without_anything_is_a_page_that_says_so(client_as: ClientAs) -> None:
    answer = client_as(Role.OFFICIAL).get("/api/v1/reports/pdf?from=2020-01-01&to=2020-12-31")
    [page] = texts(answer.content)
    assert "Aucune tournée n’a été publiée ni pointée" in page
