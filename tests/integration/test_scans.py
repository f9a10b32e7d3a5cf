"""Facts over HTTP: stored once, noted, never refused for what they say, answered once stored."""

import json
import random
import threading
from datetime import UTC, timedelta

import pytest

from api.service import Service
from api.services.actor import Role
from models.tables.demand import CrateRecord
from models.tables.plans import PlanStatus
from tests.queries import count_queries
from tests.road import ARNEKE, CASSEL, ROUND, clock, fact, publish
from tests.service_fixtures import ClientAs
from tests.telling import SCANS, places, stored, tell


@pytest.fixture(autouse=True)
def round_of_tuesday(service: Service) -> None:
    with service.database.write() as session:
        publish(session)
        session.add_all(CrateRecord(code=code) for code in ("B1", "B2", "B3"))


@pytest.fixture(autouse=True)
def half_past_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts are heard on the morning of the round."""
    monkeypatch.setattr("api.endpoints.scans.now", lambda: clock("9:30").astimezone(UTC))
    monkeypatch.setattr("api.services.road.custody.now", lambda: clock("9:30").astimezone(UTC))


def test_a_fact_is_stored_as_it_was_told(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1", name="Dominique")
    told = fact("delivered", CASSEL, "9:12", count=3, sent_at=clock("9:30").isoformat())
    assert tell(driver, told) == [{"id": told["id"], "state": "stored", "notes": [], "reason": ""}]
    [one] = stored(service)
    assert (str(one.id), one.kind, one.visit, one.count) == (told["id"], "delivered", CASSEL, 3)
    assert (one.round, one.site, str(one.day)) == (ROUND, "cassel", "2026-12-01")
    assert (one.source, one.author) == ("phone", "Dominique")
    assert (one.occurred_at, one.sent_at, one.received_at) == (clock("9:12"), clock("9:30"), clock("9:30"))


def test_what_is_odd_is_noted_and_stored(service: Service, client_as: ClientAs) -> None:
    with service.database.write() as session:
        publish(session, code="2026-W48-mar-matin-V1", status=PlanStatus.SUPERSEDED, driver="C2")
    driver = client_as(Role.DRIVER, driver="C1")
    at_once = clock("9:30").isoformat()
    told = [
        (fact("arrived", "nulle part", sent_at=at_once), ["unknown_visit"]),
        (fact("arrived", f"{ROUND}/bailleul", sent_at=at_once), ["unknown_visit"]),
        (fact("arrived", f"{ROUND}/depot", sent_at=at_once), []),  # a round comes home too
        (fact("delivered", crate="B9", sent_at=at_once), ["unknown_crate"]),
        (
            fact("arrived", "2026-W48-mar-matin-V1/cassel", sent_at=at_once),
            ["plan_superseded", "not_this_driver"],
        ),
        (fact("undo", sent_at=at_once), ["no_target"]),
        (fact("undo", target="01932d5e-7c3b-7e6f-8a53-3f4c9b1f0a10", sent_at=at_once), ["unknown_target"]),
        (fact("arrived", sent_at=clock("8:20").isoformat()), ["clock_off", "future"]),  # sent before it was
        (fact("arrived", at="11:00", sent_at=clock("11:00").isoformat()), ["clock_off"]),
        (fact("left", day=clock("9:10").date() - timedelta(days=3), sent_at=at_once), ["late"]),
    ]
    results = tell(driver, *(one for one, _ in told))
    assert [one["notes"] for one in results] == [notes for _, notes in told]
    assert {one["state"] for one in results} == {"stored"}
    assert len(stored(service)) == len(told)


def test_what_cannot_be_read_does_not_keep_the_rest_out(service: Service, client_as: ClientAs) -> None:
    good = fact("arrived")
    results = tell(
        client_as(Role.DRIVER, driver="C1"),
        "bonjour",
        None,
        {**fact("arrived"), "id": "42"},
        {name: value for name, value in fact("arrived").items() if name != "occurred_at"},
        {**fact("arrived"), "occurred_at": "2026-12-01T09:10:00"},  # of which time zone?
        {**fact("arrived"), "kind": "dansé"},
        {**fact("delivered"), "count": -1},
        {**fact("delivered"), "couunt": 1},
        {**fact("arrived"), "occurred_at": "0001-01-01T00:00:00Z"},
        {**fact("problem"), "text": "\ud800"},
        good,
    )
    assert [one["state"] for one in results] == ["refused"] * 10 + ["stored"]
    assert results[2]["id"] == "42"
    assert results[2]["reason"] == "id : c'est un identifiant UUID qui est attendu."
    assert results[3]["reason"] == "occurred_at : il manque."
    assert "fuseau" in results[4]["reason"]
    assert all(one["reason"] for one in results[:10])
    assert [str(one.id) for one in stored(service)] == [good["id"]]


def test_text_that_a_database_cannot_hold_is_cleaned(service: Service, client_as: ClientAs) -> None:
    tell(client_as(Role.DRIVER, driver="C1"), fact("problem", text=" por\x00te bloquée "))
    assert [one.text for one in stored(service)] == ["porte bloquée"]


@pytest.mark.parametrize(
    "body", ["", "[]", '{"scans": {}}', '{"scans": 3}', '{"bac": 1}', "{", '{"scans": null}']
)
def test_a_batch_that_is_none_is_told_so(client_as: ClientAs, body: str) -> None:
    answer = client_as(Role.DRIVER).post(SCANS, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:navette:demande-invalide")


def test_an_empty_batch_is_nothing_and_a_huge_one_is_refused(client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    assert tell(driver) == []
    assert driver.post(SCANS, json={"scans": [None] * 501}).status_code == 422


def test_a_fact_told_again_is_known(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    told = fact("delivered", count=3)
    again = {**told, "sent_at": clock("9:29").isoformat()}  # the phone tried again later
    other = {**told, "count": 4}
    assert [one["state"] for one in tell(driver, told, told, other)] == ["stored", "known", "known"]
    results = tell(driver, again, other)
    assert [(one["state"], one["notes"]) for one in results] == [("known", []), ("known", ["different"])]
    assert [one.count for one in stored(service)] == [3]


def test_one_batch_sent_twenty_times_by_eight_threads(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    batch = [fact("delivered", CASSEL, crate=f"B{k % 3 + 1}") for k in range(30)]
    batch += [fact("picked_up", ARNEKE, "9:25", crate=f"B{k % 3 + 1}") for k in range(30)]
    states: list[str] = []

    def work(seed: int) -> None:
        for k in range(20):
            mixed = random.Random(f"{seed} {k}").sample(batch, len(batch))
            states.extend(one["state"] for one in tell(driver, *mixed))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(states) == 8 * 20 * 60
    assert (states.count("stored"), states.count("known")) == (60, 8 * 20 * 60 - 60)
    assert sorted(str(one.id) for one in stored(service)) == sorted(one["id"] for one in batch)
    assert places(service) == {f"B{k}": ("round", ROUND, False) for k in (1, 2, 3)}


def test_a_library_tells_of_its_own_site_only(service: Service, client_as: ClientAs) -> None:
    driver, cassel = client_as(Role.DRIVER, driver="C1"), client_as(Role.LIBRARY, site="cassel")
    of_the_driver = fact("delivered", CASSEL, count=3)
    tell(driver, of_the_driver)
    own = fact("delivered", CASSEL, "9:20", count=2)
    results = tell(
        cassel,
        own,
        fact("delivered", ARNEKE, count=2),
        fact("delivered", "", count=2),
        fact("undo", CASSEL, target=of_the_driver["id"]),
        fact("undo", CASSEL, target="01932d5e-7c3b-7e6f-8a53-3f4c9b1f0a10"),
        fact("correction", CASSEL, target=own["id"], count=1),
    )
    assert [one["state"] for one in results] == ["stored", *["refused"] * 4, "stored"]
    assert [one["reason"] for one in results][1] == "Ce lien n'ouvre que votre bibliothèque."
    assert [one.source for one in stored(service)] == ["phone", "library", "library"]


def test_facts_are_read_page_by_page_in_order_of_arrival(service: Service, client_as: ClientAs) -> None:
    tell(client_as(Role.DRIVER, driver="C1"), *(fact("arrived", ref) for ref in [CASSEL, ARNEKE] * 60))
    reader = client_as(Role.INTEGRATOR, scopes=frozenset({"scans:read"}))
    seen: list[int] = []
    url = f"{SCANS}?limit=50&site=arneke&day=2026-12-01&kind=arrived&round={ROUND}"
    cursor: str | None = ""
    while cursor is not None:
        with count_queries(service.database) as counted:
            told = reader.get(url + (f"&cursor={cursor}" if cursor else "")).json()
        assert len([s for s in counted if s.startswith("SELECT")]) == 1
        seen += [one["seq"] for one in told["items"]]
        cursor = told["next"]
    assert len(seen) == 60
    assert seen == sorted(seen)
    assert reader.get(f"{SCANS}?crate=B1").json()["items"] == []


def test_a_batch_takes_a_bounded_number_of_queries(service: Service, client_as: ClientAs) -> None:
    driver = client_as(Role.DRIVER, driver="C1")
    counts = []
    for size in (5, 100):
        facts = [fact("picked_up", CASSEL, crate=f"C{size}-{k}") for k in range(size)]
        with count_queries(service.database) as counted:
            tell(driver, *facts)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_who_may_tell_and_read(client_as: ClientAs) -> None:
    assert client_as(Role.PUBLIC).post(SCANS, json={"scans": []}).status_code == 401
    assert client_as(Role.OFFICIAL).post(SCANS, json={"scans": []}).status_code == 403
    writer = client_as(Role.INTEGRATOR, scopes=frozenset({"scans:write"}))
    assert writer.post(SCANS, json={"scans": []}).status_code == 200
    assert writer.get(SCANS).status_code == 403
    assert client_as(Role.LIBRARY, site="cassel").get(SCANS).status_code == 403
    assert client_as(Role.DRIVER).get(SCANS).status_code == 403
    assert client_as(Role.OFFICIAL).get(SCANS).status_code == 200


@pytest.mark.parametrize(
    "query", ["round=%00", "crate=%00", "day=0001-01-01", "cursor=WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDBd"]
)
def test_filters_that_no_column_can_hold_are_no_accident(client_as: ClientAs, query: str) -> None:
    answer = client_as(Role.COORDINATOR).get(f"{SCANS}?{query}")  # the cursor: a number of twenty-nine digits
    assert answer.status_code in {200, 422}, answer.text


def test_a_damaged_text_is_told_so(client_as: ClientAs) -> None:
    body = json.dumps({"code": "B77", "label": "\ud800"})
    headers = {"content-type": "application/json"}
    answer = client_as(Role.COORDINATOR).post("/api/v1/crates", content=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:navette:demande-invalide")
