"""Why an order is as it is, over HTTP: every move that is told is held against the move itself."""

from time import process_time
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from tests.plan_fixtures import edit, shown


def _why(client: TestClient, plan: UUID, code: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/plans/{plan}/rounds/{code}/why")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _longest(plan: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = max(plan["rounds"], key=lambda one: len(one["visits"]))
    return found


def test_every_visit_has_its_reason_and_its_moves(camille: TestClient, draft: UUID) -> None:
    tour = _longest(shown(camille, draft))
    told = _why(camille, draft, tour["code"])
    assert [one["ref"] for one in told["visits"]] == [one["ref"] for one in tour["visits"]]
    assert told["sentences"][0].startswith("Départ à")
    assert "avant la fin de service" in told["sentences"][0]
    for visit, stands in zip(told["visits"], tour["visits"], strict=True):
        assert visit["begin_s"] == stands["begin_s"]
        assert visit["sentence"].endswith(".")
        assert visit["earlier_s"] >= 0
        assert visit["later_s"] >= 0
        assert visit["moves"]
    sides = [move["where"] for move in told["visits"][0]["moves"]]
    assert "earlier" not in sides  # the first visit cannot come earlier in its round
    assert sides.count("later") == 1
    assert "later" not in [move["where"] for move in told["visits"][-1]["moves"]]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here depends on which
def test_what_a_move_would_cost_is_what_it_does_cost(camille: TestClient, draft: UUID) -> None:
    for tour in shown(camille, draft)["rounds"][:3]:
        for visit in _why(camille, draft, tour["code"])["visits"][:3]:
            for move in visit["moves"][:4]:
                made = edit(camille, draft, 1, move["edit"], query="?try=true").json()
                delta = made["delta"]
                assert (delta["duration_s"], delta["distance_m"]) == (move["duration_s"], move["distance_m"])
                assert abs(delta["cents"] - move["cents"]) <= 3  # terms are rounded one by one there
                target = next(one for one in made["rounds"] if one["code"] == move["round"])
                placed = target["visits"][move["number"] - 1]
                assert (placed["site"], placed["begin_s"]) == (visit["site"], move["begin_s"])
                moved = {
                    one["site"] for one in delta["shifted"] if one["moved_s"] and one["moved_s"] > 900
                } - {visit["site"]}
                assert {one["site"] for one in move["shifted"]} - {visit["site"]} == moved


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here depends on which
def test_the_best_place_in_the_round_is_found(camille: TestClient, draft: UUID) -> None:
    tour = _longest(shown(camille, draft))
    visit = _why(camille, draft, tour["code"])["visits"][4]
    told = {move["where"]: move for move in visit["moves"] if move["where"] != "other"}
    code, ref = tour["code"], visit["ref"]
    for where, numbers in (("earlier", range(1, 5)), ("later", range(6, len(tour["visits"]) + 1))):
        made = [
            edit(
                camille,
                draft,
                1,
                {"kind": "move", "visit": ref, "round": code, "number": k},
                query="?try=true",
            ).json()
            for k in numbers
        ]
        clean = [one["delta"]["cents"] for one in made if not one["violations"]]
        if clean:
            assert abs(told[where]["cents"] - min(clean)) <= 3
            assert told[where]["breaks"] == []


def test_locked_and_broken_visits_say_so(camille: TestClient, draft: UUID) -> None:
    tour = _longest(shown(camille, draft))
    first, second, *_ = (one["ref"] for one in tour["visits"])
    edit(camille, draft, 1, {"kind": "lock_visit", "visit": second, "lock": "position"})
    told = _why(camille, draft, tour["code"])
    assert (told["version"], told["visits"][1]["binding"]) == (2, "locked")
    late = tour["shift"]["late"] - 600
    edit(camille, draft, 2, {"kind": "departure", "round": tour["code"], "departure_s": late})
    broken = _why(camille, draft, tour["code"])
    last = broken["visits"][-1]
    assert any("Ne tient pas" in one for one in broken["sentences"])
    assert "fin de service" in broken["sentences"][0]
    assert last["binding"] == "broken" or last["later_s"] is None
    assert first == broken["visits"][0]["ref"]


def test_only_rounds_of_the_plan_are_explained(camille: TestClient, draft: UUID) -> None:
    answer = camille.get(f"/api/v1/plans/{draft}/rounds/2026-W49-dim-matin-V9/why")
    assert answer.status_code == 404
    assert "n'est pas dans ce planning" in answer.json()["detail"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here depends on which
def test_it_is_answered_at_once(camille: TestClient, draft: UUID) -> None:
    tour = _longest(shown(camille, draft))
    _why(camille, draft, tour["code"])
    spent = []
    for _ in range(3):
        began = process_time()
        _why(camille, draft, tour["code"])
        spent.append(process_time() - began)
    assert min(spent) < 0.3  # 100 ms, reckoned: others may have the machine meanwhile


def _remedies(client: TestClient, plan: UUID, site: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/plans/{plan}/unplanned/{site}/remedies")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["remedies"]
    return found


def _breaches(plan: dict[str, Any]) -> set[str]:
    rounds = plan["rounds"]
    visits = (note for one in rounds for visit in one["visits"] for note in visit["notes"])
    return {*(note for one in rounds for note in one["notes"]), *visits}


def test_a_remedy_does_what_it_says(camille: TestClient, draft: UUID) -> None:
    before = shown(camille, draft)
    kinds = set()
    for tour in before["rounds"][:4]:
        visit = tour["visits"][-1]
        version = shown(camille, draft)["version"]
        out = edit(camille, draft, version, {"kind": "take_out", "visit": visit["ref"]}).json()
        owed = {one["site"]: one["missing"] for one in out["unplanned"]}[visit["site"]]
        found = _remedies(camille, draft, visit["site"])
        assert 1 <= len(found) <= 3
        for one in found:
            kinds.add(one["kind"])
            if not one["edits"]:
                assert one["kind"] == "hours"
                continue
            made = edit(camille, draft, version + 1, *one["edits"], query="?try=true").json()
            delta = made["delta"]
            assert (delta["duration_s"], delta["distance_m"]) == (one["duration_s"], one["distance_m"])
            assert abs(delta["cents"] - (one["cents"] - one["saves_cents"])) <= 3
            left = {one["site"]: one["missing"] for one in made["unplanned"]}.get(visit["site"], 0)
            assert left == owed - 1
            if one["clean"]:
                assert _breaches(made) <= _breaches(before)
        camille.post(f"/api/v1/plans/{draft}/undo", headers={"If-Match": f'"v{version + 1}"'})
    assert "place" in kinds


def test_a_locked_round_is_opened_only_as_a_remedy(camille: TestClient, draft: UUID) -> None:
    tour = _longest(shown(camille, draft))
    site = tour["visits"][2]["site"]
    rounds = [one["code"] for one in shown(camille, draft)["rounds"]]
    locks = [{"kind": "lock_round", "round": code, "locked": True} for code in rounds]
    edit(camille, draft, 1, {"kind": "take_out", "visit": tour["visits"][2]["ref"]}, *locks)
    found = _remedies(camille, draft, site)
    unlock = next(one for one in found if one["kind"] == "unlock")
    assert [one["kind"] for one in unlock["edits"]] == ["lock_round", "add"]
    assert "verrouillée" in unlock["sentence"]
    made = edit(camille, draft, 2, *unlock["edits"], query="?try=true").json()
    opened = next(one for one in made["rounds"] if one["code"] == unlock["round"])
    assert not opened["locked"]


def test_what_is_planned_needs_no_remedy(camille: TestClient, draft: UUID) -> None:
    assert camille.get(f"/api/v1/plans/{draft}/unplanned/cassel/remedies").status_code == 404
    assert camille.get(f"/api/v1/plans/{draft}/unplanned/nulle-part/remedies").status_code == 404
