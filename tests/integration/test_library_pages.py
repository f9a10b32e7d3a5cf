"""A library at its personal link: what it reads, what it does, and that nothing of others is ever shown."""

from datetime import date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.service import Service
from models.tables.base import now
from models.tables.demand import ShipmentRecord, ShipmentState
from models.tables.network import ClosureRecord, ClosureStatus, SiteRecord
from models.tables.people import LinkKind, LinkRecord
from models.tables.scans import IncidentRecord, MessageRecord, OutcomeRecord, ScanRecord
from tests.credentials import Credentials
from tests.queries import count_queries
from tests.road import CASSEL, clock, fact, publish
from tests.telling import tell

MONDAY = date(2026, 11, 30)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """Monday 30 November 2026, 15:00: the day before the round of `tests.road`."""
    found = Clock(clock("15:00", MONDAY))
    monkeypatch.setattr("api.endpoints.library_caller.now", lambda: found.moment)
    monkeypatch.setattr("api.endpoints.scans.now", lambda: found.moment)  # nothing happens after it was heard
    return found


class Clock:
    """What the pages take for now."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment


@pytest.fixture
def planned(service: Service) -> None:
    with service.database.write() as session:
        publish(session)


@pytest.fixture
def base(real: Credentials, planned: None, at: Clock) -> str:
    return f"/b/{real.link_token('cassel')}"


@pytest.fixture
def browser(real: Credentials) -> TestClient:
    client = real.nobody()
    client.headers["accept"] = "text/html"
    return client


def text(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(answer.text.replace("\u202f", " ").replace("\u00a0", " ").split())


def rows(service: Service, table: type) -> list:  # type: ignore[type-arg]
    with service.database.read() as session:
        return list(session.exec(select(table)))


def key_of(page: str) -> str:
    return page.partition('name="key" value="')[2].partition('"')[0]


def test_the_next_visit_in_words(browser: TestClient, base: str) -> None:
    page = text(browser, base)
    # 9:10 planned, announced from 10 min before to 20 min after; crates ready half an hour before 9:00.
    assert "Demain, mardi 1er décembre" in page
    assert "entre 9 h et 9 h 30" in page
    assert "avant 8 h 30 mardi 1er décembre" in page
    assert "<strong>1 bac</strong>" in page
    assert "<strong>2 bacs</strong>" in page
    assert page.count("<tr") == 1 + 2 + 7  # the head, two calls of a published week, seven that are not


def test_no_one_else_may_frame_find_or_hear_of_it(browser: TestClient, base: str) -> None:
    headers = browser.get(base).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers


def test_where_the_shuttle_is_and_an_etag(
    browser: TestClient, base: str, at: Clock, real: Credentials
) -> None:
    at.moment = clock("9:05")
    before = browser.get(f"{base}/suivi")
    again = browser.get(f"{base}/suivi", headers={"If-None-Match": before.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    tell(real.device(), fact("left", visit="2026-W49-mar-matin-V1/depot", at="9:02"))
    after = browser.get(f"{base}/suivi", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "quitté le dépôt à 9" in after.text.replace("\u00a0", " ")


def test_crates_ready_are_announced_once_corrected_and_taken_back(
    browser: TestClient, base: str, service: Service
) -> None:
    form = {"bacs": "3", "key": key_of(text(browser, base))}
    for _ in range(2):
        answer = browser.post(f"{base}/prets", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{base}?fait=prets#fait")
    (stored,) = rows(service, ShipmentRecord)
    assert (stored.origin, stored.crates, stored.ready_on) == ("cassel", 3, MONDAY)
    assert "C'est noté : 3 bacs" in text(browser, f"{base}?fait=prets").replace("’", "'")
    browser.post(f"{base}/prets", data=form | {"bacs": "5"})
    assert [one.crates for one in rows(service, ShipmentRecord)] == [5]
    browser.post(f"{base}/prets/annuler")
    assert [one.state for one in rows(service, ShipmentRecord)] == [ShipmentState.CANCELLED]


def test_what_is_no_number_of_crates_is_kept_and_told(
    browser: TestClient, base: str, service: Service
) -> None:
    for typed in ("", "deux", "-1", "61", "9" * 100, "1.5"):
        answer = browser.post(f"{base}/prets", data={"bacs": typed, "key": "k"})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert f'value="{typed}"' in answer.text
    assert rows(service, ShipmentRecord) == []


def test_received_is_a_fact_told_by_the_library(
    browser: TestClient, base: str, at: Clock, service: Service, real: Credentials
) -> None:
    tell(real.device(), fact("delivered", at="9:12", count=2))
    at.moment = clock("17:00")
    form = {"bacs": "3", "passage": CASSEL, "key": key_of(text(browser, base))}
    for _ in range(2):
        assert browser.post(f"{base}/recu", data=form).status_code == 303
    told = [one for one in rows(service, ScanRecord) if one.source.value == "library"]
    assert [(one.visit, one.count) for one in told] == [(CASSEL, 3)]
    outcome = next(one for one in rows(service, OutcomeRecord) if one.visit == CASSEL)
    assert outcome.delivered == 3  # the latest total counts; the other claim is shown to the coordination
    other = browser.post(f"{base}/recu", data=form | {"passage": CASSEL.replace("cassel", "arneke")})
    assert other.status_code == 404


def test_a_closure_is_foreseen_sent_once_and_withdrawn(
    browser: TestClient, base: str, service: Service
) -> None:
    asked = {"du": "2026-12-01", "au": "2026-12-02", "motif": "Inventaire"}
    page = text(browser, f"{base}/fermeture?du=2026-12-01&au=02/12/2026&motif=Inventaire")
    assert "Pas de passage mardi 1er décembre, entre 9 h et 9 h 30" in page
    assert rows(service, ClosureRecord) == []
    for _ in range(2):
        answer = browser.post(f"{base}/fermeture", data=asked | {"key": key_of(page)})
        assert answer.headers["location"] == f"{base}/fermeture?fait=envoyee#fait"
    (stored,) = rows(service, ClosureRecord)
    assert (stored.site, stored.status) == ("cassel", ClosureStatus.PROPOSED)
    assert "pas encore acceptée" in text(browser, base)
    again = browser.post(f"{base}/fermeture", data=asked | {"key": "another"})
    assert again.status_code == 409
    browser.post(f"{base}/fermeture/{stored.id}/retirer", data={"version": str(stored.version)})
    assert [one.status for one in rows(service, ClosureRecord)] == [ClosureStatus.WITHDRAWN]


def test_days_that_cannot_be_are_told(browser: TestClient, base: str) -> None:
    for du, au in (
        ("x", ""),
        ("2026-12-02", "2026-12-01"),
        ("1970-01-01", ""),
        ("2036-01-01", ""),
        ("31/2/2027", ""),
    ):
        answer = browser.get(f"{base}/fermeture", params={"du": du, "au": au})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text


def test_a_problem_with_words_and_without_a_readable_photo(
    browser: TestClient, base: str, service: Service
) -> None:
    form = {"texte": "Un bac est <b>cassé</b>", "key": "k"}
    for _ in range(2):
        answer = browser.post(f"{base}/probleme", data=form, files={"photo": ("x.jpg", b"no photo")})
        assert answer.headers["location"].endswith("?fait=sans-photo#fait")
    (stored,) = rows(service, IncidentRecord)
    assert (stored.site, stored.text) == ("cassel", "Un bac est <b>cassé</b>")
    assert "&lt;b&gt;cassé" in text(browser, f"{base}/probleme")
    assert browser.post(f"{base}/probleme", data={"texte": " ", "key": "j"}).status_code == 422


def test_messages_are_sent_once(browser: TestClient, base: str, service: Service) -> None:
    for _ in range(2):
        browser.post(f"{base}/messages", data={"texte": "Bonjour", "key": "k"})
    assert [one.text for one in rows(service, MessageRecord)] == ["Bonjour"]
    assert "Bonjour" in text(browser, f"{base}/messages")


def test_a_calendar_is_made_on_demand_and_opens_no_page(
    browser: TestClient, base: str, service: Service
) -> None:
    for _ in range(2):
        assert browser.post(f"{base}/agenda").status_code == 303
    assert [one.kind for one in rows(service, LinkRecord)].count(LinkKind.SITE_FEED) == 1
    page = text(browser, f"{base}/agenda")
    token = page.partition("/calendrier/")[2].partition(".ics")[0]
    assert "webcal://" in page
    assert browser.get(f"/calendrier/{token}.ics").status_code == 200
    assert browser.get(f"/b/{token}").status_code == 404


def test_links_that_do_not_count_say_whom_to_call_and_are_slowed_down(
    browser: TestClient, base: str, service: Service
) -> None:
    answer = browser.get("/b/rien")
    assert answer.status_code == 404
    assert "Demandez le nouveau lien" in answer.text
    assert "tel:0300000000" in answer.text
    with service.database.write() as session:
        session.exec(select(LinkRecord)).one().revoked_at = now()
    assert browser.get(base).status_code == 404
    # 30 tries are free; what is tried on goes on waiting.
    assert {browser.get("/b/rien").status_code for _ in range(31)} == {404, 429}


def test_an_archived_library_is_told_so(browser: TestClient, base: str, service: Service) -> None:
    with service.database.write() as session:
        session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one().archived_at = now()
    answer = browser.get(base)
    assert answer.status_code == 404
    assert "La navette ne passe plus ici" in answer.text


def test_nothing_of_another_library_is_shown_or_changed(
    browser: TestClient, base: str, service: Service, real: Credentials
) -> None:
    other = f"/b/{real.link_token('arneke')}"
    browser.post(f"{base}/messages", data={"texte": "Secret de Cassel", "key": "k"})
    browser.post(f"{base}/probleme", data={"texte": "Ennui de Cassel", "key": "k"})
    browser.post(f"{base}/fermeture", data={"du": "2026-12-08", "motif": "Congés de Cassel", "key": "k"})
    for path in ("", "/messages", "/probleme", "/fermeture", "/agenda"):
        page = text(browser, other + path)
        assert "de Cassel" not in page.replace("Médiathèque de Cassel", "")
    (closure,) = rows(service, ClosureRecord)
    taken = browser.post(f"{other}/fermeture/{closure.id}/retirer", data={"version": str(closure.version)})
    assert taken.status_code in {403, 404}
    assert [one.status for one in rows(service, ClosureRecord)] == [ClosureStatus.PROPOSED]


def test_without_a_plan_it_says_so(browser: TestClient, real: Credentials, at: Clock) -> None:
    page = text(browser, f"/b/{real.link_token('cassel')}")
    assert "n'est pas encore publié" in page.replace("’", "'").replace("&#39;", "'")


def test_papers_are_printed_and_kept(browser: TestClient, base: str) -> None:
    for name in ("affiche", "porte"):
        answer = browser.get(f"{base}/{name}.pdf")
        assert answer.headers["content-type"] == "application/pdf"
        again = browser.get(f"{base}/{name}.pdf", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    assert browser.get(f"{base}/autre.pdf").status_code == 404


def test_the_page_takes_few_questions(browser: TestClient, base: str, service: Service) -> None:
    text(browser, base)  # the roads are read once
    counts = []
    for week in (50, 51):
        with service.database.write() as session:
            publish(session, code=f"2026-W{week}-mar-matin-V1", day=date.fromisocalendar(2026, week, 2))
        with count_queries(service.database) as counted:
            text(browser, base)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 45


def test_when_a_book_arrives(browser: TestClient, base: str) -> None:
    assert "Quand arrivera ce livre" in text(browser, "/quand")
    assert "Le livre est déjà dans cette bibliothèque" in text(browser, "/quand?de=cassel&vers=cassel")
    assert browser.get("/quand?de=rien&vers=cassel").status_code == 422
    assert browser.get("/quand?de=bailleul&vers=cassel&le=1970-01-01").status_code == 422
    assert "Inconnu" in text(browser, f"{base}/livre?code=xyz")


def test_catalogues_may_frame_one_page_and_load_one_script(browser: TestClient) -> None:
    framed = browser.get("/quand/cadre?de=bailleul&vers=cassel")
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "x-frame-options" not in framed.headers
    assert "set-cookie" not in framed.headers
    assert browser.get("/quand").headers["x-frame-options"] == "DENY"
    script = browser.get("/quand/navette.js")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    told = browser.get("/api/v1/promises?from=bailleul&to=cassel")
    assert told.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in browser.get("/api/v1/sites").headers
