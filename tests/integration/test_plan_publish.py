"""Publishing: once, telling only those whose window moves; templates laid on weeks; differences."""

import threading
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from api.repositories import plans as repository
from api.service import Service
from api.services.actor import SYSTEM, Role
from api.services.plans.compare import mean_wait
from api.services.plans.store import save_plan
from api.services.territory import touch
from models.plan import Plan
from models.tables.base import now
from models.tables.network import DriverRecord, SiteRecord
from models.tables.people import AuditRecord
from models.tables.plans import PlanKind, PlanStatus
from models.tables.scans import MessageKind, MessageRecord
from models.tables.service import ChangeRecord
from tests.plan_fixtures import edit, refs_of, shown
from tests.queries import count_queries
from tests.service_fixtures import ClientAs


def _publication(client: TestClient, plan: UUID | str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/plans/{plan}/publication").json()
    return found


def _publish(client: TestClient, plan: UUID | str, seen: int, replaces: str | None = None) -> Response:
    answer: Response = client.post(
        f"/api/v1/plans/{plan}/publish", json={"replaces": replaces}, headers={"If-Match": f'"v{seen}"'}
    )
    return answer


def _messages(service: Service) -> list[MessageRecord]:
    with service.database.read() as session:
        return list(session.exec(select(MessageRecord)).all())


def _copy(client: TestClient, plan: UUID | str) -> dict[str, Any]:
    made: dict[str, Any] = client.post("/api/v1/plans", json={"copy_of": str(plan)}).json()
    return made


def test_the_first_publication_tells_nobody(camille: TestClient, draft: UUID, service: Service) -> None:
    before = _publication(camille, draft)
    assert (before["replaces"], before["against"], before["told"]) == (None, None, [])
    answer = _publish(camille, draft, 1)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v2"')
    assert answer.json()["published"]["status"] == "published"
    assert answer.json()["published"]["published_by"] == "Camille"
    assert _messages(service) == []
    with service.database.read() as session:
        assert session.exec(select(AuditRecord).where(AuditRecord.action == "published")).one()
        assert str(draft) in [one.ref for one in session.exec(select(ChangeRecord)).all()]


def test_only_those_whose_window_moves_hear_of_it(camille: TestClient, draft: UUID, service: Service) -> None:
    _publish(camille, draft, 1)
    second = _copy(camille, draft)
    assert _publication(camille, second["id"])["told"] == []
    source, target = (one for one in second["rounds"][:2])
    assert source["day"] != target["day"]
    visit, gone = source["visits"][0], source["visits"][1]
    made = edit(
        camille,
        second["id"],
        1,
        {"kind": "move", "visit": visit["ref"], "round": target["code"]},
        {"kind": "take_out", "visit": gone["ref"]},
    ).json()
    told = _publication(camille, second["id"])
    assert visit["site"] in [one["site"] for one in told["other_day"]]
    assert gone["site"] in [one["site"] for one in told["lost"]]
    # Of the others, those whose frame moves by more than a quarter of an hour, and only those.
    far = {
        one["ref"].split("/")[1]
        for one in made["delta"]["shifted"]
        if one["moved_s"] and one["moved_s"] > 900
    }
    assert {one["site"] for one in told["moved"]} == far
    assert set(told["told"]) == far | {visit["site"], gone["site"]}
    everyone = sum(len(one["visits"]) for one in second["rounds"])
    assert told["unmoved"] == everyone - len(told["moved"]) - 2
    assert _publish(camille, second["id"], 2, str(draft)).status_code == 200
    messages = {one.site: one for one in _messages(service)}
    assert sorted(messages) == told["told"]
    assert all(one.kind is MessageKind.NEWS and not one.from_library for one in messages.values())
    assert "auparavant" in messages[visit["site"]].text
    assert "ne passera pas le" in messages[gone["site"]].text
    former = shown(camille, draft)
    assert former["status"] == "superseded"
    assert former["superseded_at"]


def test_nothing_is_published_twice_nor_over_what_was_not_seen(camille: TestClient, draft: UUID) -> None:
    second, third = _copy(camille, draft), _copy(camille, draft)
    assert _publish(camille, draft, 9).status_code == 409  # another version
    assert _publish(camille, draft, 1).status_code == 200
    assert _publish(camille, draft, 2).status_code == 409  # no draft any more
    unseen = _publish(camille, second["id"], 1)
    assert unseen.status_code == 409
    assert "n° 1 est publié" in unseen.json()["detail"]
    assert _publish(camille, second["id"], 1, str(draft)).status_code == 200
    assert _publish(camille, third["id"], 1, str(draft)).status_code == 409
    restored = camille.post(f"/api/v1/plans/{draft}/restore").json()
    assert restored["rounds"] == shown(camille, draft)["rounds"]
    assert _publish(camille, restored["id"], 1, second["id"]).status_code == 200


@pytest.mark.parametrize("same", [True, False])
def test_of_two_publications_at_once_one_wins(
    client_as: ClientAs, draft: UUID, service: Service, same: bool
) -> None:
    clients = [client_as(Role.COORDINATOR, name=name) for name in ("Camille", "Dominique")]
    other = str(draft) if same else _copy(clients[0], draft)["id"]
    start, answers = threading.Barrier(2), []

    def work(client: TestClient, plan: str) -> None:
        start.wait()
        answers.append(_publish(client, plan, 1))

    threads = [
        threading.Thread(target=work, args=pair) for pair in zip(clients, (str(draft), other), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    with service.database.read() as session:
        found = session.exec(select(AuditRecord).where(AuditRecord.action == "published")).all()
    assert len(found) == 1


def test_a_plan_with_violations_is_published_with_a_warning(camille: TestClient, draft: UUID) -> None:
    ref = shown(camille, draft)["rounds"][0]["visits"][0]["ref"]
    edit(camille, draft, 1, {"kind": "crates", "visit": ref, "deliver": 60, "collect": 0})
    told = _publication(camille, draft)
    assert any("bacs de trop" in one for one in told["violations"])
    assert _publish(camille, draft, 2).status_code == 200


def _template(service: Service, planned: Plan) -> UUID:
    with service.database.write() as session:
        return save_plan(session, planned, kind=PlanKind.TEMPLATE, actor=SYSTEM).id


def _apply(client: TestClient, plan: UUID, week: str) -> dict[str, Any]:
    answer = client.post(f"/api/v1/plans/{plan}/apply", json={"week": week})
    assert answer.status_code == 201, answer.json()
    made: dict[str, Any] = answer.json()
    return made


def test_a_template_on_an_ordinary_week_is_the_same_week(
    camille: TestClient, service: Service, planned: Plan
) -> None:
    template = _template(service, planned)
    made = _apply(camille, template, "2026-W50")
    assert (made["week"], made["kind"], made["parent"]) == ("2026-W50", "week", str(template))
    before = shown(camille, template)

    def clocks(plan: dict[str, Any]) -> list[object]:
        return [
            (tour["code"].partition("-W")[2][3:], [(v["site"], v["begin_s"]) for v in tour["visits"]])
            for tour in plan["rounds"]
        ]

    assert clocks(made) == clocks(before)
    assert all(tour["code"].startswith("2026-W50-") for tour in made["rounds"])
    assert made["missing"] == before["missing"]
    assert made["violations"] == 0


def test_what_a_week_does_not_allow_falls_away_with_its_reason(
    camille: TestClient, service: Service, planned: Plan
) -> None:
    template = _template(service, planned)
    on_friday = [v for tour in planned.rounds if tour.date.weekday() == 4 for v in tour.visits]
    assert on_friday
    with service.database.write() as session:
        # Driver 2 is gone; Cassel takes nothing on Tuesdays any more.
        session.exec(select(DriverRecord).where(DriverRecord.code == "C2")).one().archived_at = now()
        touch(session)
    made = _apply(camille, template, "2026-W53")  # Friday is New Year's Day
    assert all(tour["day"] != "2027-01-01" for tour in made["rounds"])
    assert all(tour["driver"] != "C2" for tour in made["rounds"])
    reasons = {entry["site"]: entry["reason"] for entry in made["unplanned"]}
    assert "vendredi" in reasons[on_friday[0].site]
    assert "Jour de l'an" in reasons[on_friday[0].site]
    kept = sum(len(tour["visits"]) for tour in made["rounds"])
    owed = 71
    assert kept + made["missing"] == owed


def test_a_template_outlives_a_library(camille: TestClient, service: Service, planned: Plan) -> None:
    template = _template(service, planned)
    site = planned.rounds[0].visits[0].site
    with service.database.write() as session:
        session.exec(select(SiteRecord).where(SiteRecord.code == site)).one().archived_at = now()
        touch(session)
    made = _apply(camille, template, "2026-W50")
    assert site not in [v["site"] for tour in made["rounds"] for v in tour["visits"]]
    copied = _copy(camille, template)  # a copy keeps it, and the desk still knows it
    tour = copied["rounds"][0]
    told = camille.put(
        f"/api/v1/plans/{copied['id']}/rounds/{tour['code']}/order",
        json={"visits": refs_of(tour)[::-1]},
        headers={"If-Match": f'"v{copied["version"]}"'},
    ).json()
    notes = {v["site"]: v["notes"] for v in told["rounds"][0]["visits"]}
    assert "n'est plus dans le réseau" in notes[site]
    assert site in " ".join(_publication(camille, copied["id"])["violations"])


def test_two_plans_are_told_apart(camille: TestClient, draft: UUID) -> None:
    other = _copy(camille, draft)
    same = camille.get(f"/api/v1/plans/{draft}/diff/{other['id']}").json()
    assert (same["moved"], same["added"], same["removed"], same["terms"]) == ([], [], [], {})
    tour = other["rounds"][0]
    out, moved = tour["visits"][0], tour["visits"][-1]
    target = other["rounds"][1]
    made = edit(
        camille,
        other["id"],
        1,
        {"kind": "take_out", "visit": out["ref"]},
        {"kind": "move", "visit": moved["ref"], "round": target["code"], "number": 1},
    ).json()
    told = camille.get(f"/api/v1/plans/{draft}/diff/{other['id']}").json()
    assert [one["site"] for one in told["removed"]] == [out["site"]]
    assert moved["site"] in [one["site"] for one in told["moved"]]
    assert told["added"] == []
    assert told["distance_m"] == made["delta"]["distance_m"]
    assert told["terms"] == made["delta"]["terms"]
    back = camille.get(f"/api/v1/plans/{other['id']}/diff/{draft}").json()
    assert [one["site"] for one in back["added"]] == [out["site"]]
    assert back["distance_m"] == -told["distance_m"]
    assert camille.get(f"/api/v1/plans/{draft}/diff/{UUID(int=1)}").status_code == 404


def test_the_mean_wait_of_readers() -> None:
    assert mean_wait({0, 3}) == pytest.approx((9 + 16) / 14)  # Monday and Thursday
    assert mean_wait({2}) == pytest.approx(49 / 14)
    assert mean_wait(set()) == 7
    assert mean_wait(set(range(7))) == pytest.approx(0.5)


def test_plans_side_by_side(camille: TestClient, draft: UUID, service: Service) -> None:
    other = _copy(camille, draft)
    visit = other["rounds"][0]["visits"][0]
    edit(camille, other["id"], 1, {"kind": "take_out", "visit": visit["ref"]})
    ids = [str(draft), other["id"]]
    camille.get("/api/v1/plans/compare", params={"ids": ids})  # the network is read once, and kept
    with count_queries(service.database) as sent:
        told = camille.get("/api/v1/plans/compare", params={"ids": ids}).json()
    # Plans, rounds, visits, revision; for the delays of each plan the revision, and what was learnt.
    assert len([one for one in sent if one.startswith("SELECT")]) <= 4 + 2 * len(ids)
    first, second = told["plans"]
    assert second["cents"] - first["cents"] == sum(second["terms"].values()) - sum(first["terms"].values())
    assert second["visits"] == first["visits"] - 1
    assert second["waiting_days"] > first["waiting_days"]
    assert first["kg_co2e"] is None  # nobody gave a factor
    assert [one["site"] for one in told["worse"]] == [visit["site"]]
    assert told["better"] == []
    turned = camille.get("/api/v1/plans/compare", params={"ids": ids[::-1]}).json()
    assert [one["site"] for one in turned["better"]] == [visit["site"]]
    for wrong in (ids[:1], [*ids, ids[0]], ids * 3):
        assert camille.get("/api/v1/plans/compare", params={"ids": wrong}).status_code == 422
    missing = camille.get("/api/v1/plans/compare", params={"ids": [ids[0], str(UUID(int=1))]})
    assert missing.status_code == 404


def test_a_superseded_plan_is_still_read(camille: TestClient, draft: UUID, service: Service) -> None:
    before = shown(camille, draft)
    _publish(camille, draft, 1)
    second = _copy(camille, draft)
    _publish(camille, second["id"], 1, str(draft))
    assert shown(camille, draft)["rounds"] == before["rounds"]
    with service.database.read() as session:
        assert repository.get_plan(session, draft).status is PlanStatus.SUPERSEDED
