"""Drafts over HTTP: changed, answered with clocks, violations and delta, never refused for being unwise."""

from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from models.plan import Plan
from tests.plan_fixtures import edit, refs_of, reorder, shown, sites_of


def test_a_plan_is_told_whole(camille: TestClient, draft: UUID, planned: Plan) -> None:
    answer = camille.get(f"/api/v1/plans/{draft}")
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v1"')
    told = answer.json()
    assert len(told["rounds"]) == len(planned.rounds)
    assert told["totals"]["distance_m"] == sum(tour.distance_m for tour in planned.rounds)
    assert sum(day["visits"] for day in told["days"]) == told["totals"]["visits"]
    assert told["total_cents"] == planned.total_cents
    assert told["missing"] == sum(entry.missing for entry in planned.unplanned)
    first = told["rounds"][0]["visits"][0]
    assert first["begin"].startswith(told["rounds"][0]["day"])
    # Every possible round is driven or could be: twelve in an ordinary week.
    assert len(told["rounds"]) + len(told["possible"]) == 12


def test_an_order_is_answered_with_its_clock(camille: TestClient, draft: UUID) -> None:
    tour = max(shown(camille, draft)["rounds"], key=lambda one: len(one["visits"]))
    refs = refs_of(tour)
    backwards = reorder(camille, draft, 1, tour["code"], refs[::-1])
    assert (backwards.status_code, backwards.headers["etag"]) == (200, '"v2"')
    told = backwards.json()
    [changed] = told["rounds"]
    assert refs_of(changed) == refs[::-1]
    assert told["delta"]["distance_m"] == changed["distance_m"] - tour["distance_m"]
    assert told["delta"]["duration_s"] == changed["duration_s"] - tour["duration_s"]
    assert told["delta"]["cents"] == sum(told["delta"]["terms"].values())
    assert {one["ref"] for one in told["delta"]["shifted"]} <= set(refs)
    stored = shown(camille, draft)
    assert next(one for one in stored["rounds"] if one["code"] == tour["code"]) == changed
    assert stored["total_cents"] == told["total_cents"]
    # And back: what it was, to the second and the cent.
    again = reorder(camille, draft, 2, tour["code"], refs).json()
    assert again["rounds"] == [tour]


def test_trying_stores_nothing(camille: TestClient, draft: UUID) -> None:
    before = shown(camille, draft)
    tour = before["rounds"][0]
    told = reorder(camille, draft, 1, tour["code"], refs_of(tour)[::-1], "?try=true").json()
    assert (told["stored"], told["version"]) == (False, 1)
    assert shown(camille, draft) == before


def test_an_order_names_every_visit_once(camille: TestClient, draft: UUID) -> None:
    tour = shown(camille, draft)["rounds"][0]
    refs = refs_of(tour)
    answer = reorder(camille, draft, 1, tour["code"], [*refs[1:], refs[1], "ailleurs"])
    assert answer.status_code == 422
    told = " ".join(answer.json()["findings"])
    assert f"{refs[0]} : ce passage manque" in told
    assert f"{refs[1]} : ce passage est donné deux fois" in told
    assert "ailleurs : ce passage n'est pas dans cette tournée" in told
    huge = reorder(camille, draft, 1, tour["code"], [f"x{k}" for k in range(5000)])
    assert huge.status_code == 422
    assert reorder(camille, draft, 1, "2026-W49-dim-matin-V9", refs).status_code == 422


def test_a_visit_goes_to_another_day_and_its_library_hears_of_it(camille: TestClient, draft: UUID) -> None:
    before = shown(camille, draft)
    source = before["rounds"][0]
    target = next(one for one in before["rounds"] if one["day"] != source["day"])
    ref, site = source["visits"][0]["ref"], source["visits"][0]["site"]
    told = edit(
        camille, draft, 1, {"kind": "move", "visit": ref, "round": target["code"], "number": 1}
    ).json()
    changed = {one["code"]: one for one in told["rounds"]}
    assert changed[target["code"]]["visits"][0]["site"] == site
    assert site not in [visit["site"] for visit in changed[source["code"]]["visits"]]
    shifted = next(
        one for one in told["delta"]["shifted"] if one["ref"].startswith(f"{target['code']}/{site}")
    )
    assert (shifted["was_day"], shifted["day"]) == (source["day"], target["day"])
    assert shifted["moved_s"] is None
    assert sites_of(shown(camille, draft)) == sites_of(before)


def test_without_a_place_a_visit_goes_where_it_costs_least(camille: TestClient, draft: UUID) -> None:
    before = shown(camille, draft)
    source, target = before["rounds"][0], before["rounds"][1]
    move = {"kind": "move", "visit": source["visits"][0]["ref"], "round": target["code"]}
    best = edit(camille, draft, 1, move, query="?try=true").json()["total_cents"]
    ways = range(1, len(target["visits"]) + 2)
    others = [edit(camille, draft, 1, {**move, "number": k}, query="?try=true").json() for k in ways]
    assert best == min(one["total_cents"] for one in others)


def test_a_visit_is_taken_out_and_put_back(camille: TestClient, draft: UUID) -> None:
    before = shown(camille, draft)
    tour = before["rounds"][0]
    visit = tour["visits"][0]
    out = edit(camille, draft, 1, {"kind": "take_out", "visit": visit["ref"]}).json()
    tray = next(one for one in out["unplanned"] if one["site"] == visit["site"])
    assert "Retiré" in tray["reason"]
    assert out["delta"]["terms"]["missing"] == 30000  # a visit owed and not made
    back = edit(
        camille, draft, 2, {"kind": "add", "site": visit["site"], "round": tour["code"], "number": 1}
    ).json()
    assert back["rounds"] == [tour]
    assert back["total_cents"] == before["total_cents"]


def test_the_last_visit_takes_its_round_with_it_and_a_possible_round_opens(
    camille: TestClient, draft: UUID
) -> None:
    before = shown(camille, draft)
    tour = min(before["rounds"], key=lambda one: len(one["visits"]))
    takes: list[dict[str, object]] = [{"kind": "take_out", "visit": ref} for ref in refs_of(tour)]
    told = edit(camille, draft, 1, *takes).json()
    assert told["gone"] == [tour["code"]]
    possible = shown(camille, draft)["possible"]
    assert tour["code"] in [one["code"] for one in possible]
    opened = edit(
        camille, draft, 2, {"kind": "add", "site": tour["visits"][0]["site"], "round": tour["code"]}
    ).json()
    assert [one["code"] for one in opened["rounds"]] == [tour["code"]]


def test_more_crates_than_fit_are_told_not_refused(camille: TestClient, draft: UUID) -> None:
    visit = shown(camille, draft)["rounds"][0]["visits"][0]
    told = edit(
        camille, draft, 1, {"kind": "crates", "visit": visit["ref"], "deliver": 60, "collect": 0}
    ).json()
    tour = told["rounds"][0]
    assert any("bacs de trop" in note for note in tour["notes"])
    assert told["delta"]["terms"]["overload"] > 0
    assert told["violations"] > 0


def test_a_round_leaves_when_it_is_told_to(camille: TestClient, draft: UUID) -> None:
    tour = shown(camille, draft)["rounds"][0]
    early = tour["start_s"] - 600
    told = edit(camille, draft, 1, {"kind": "departure", "round": tour["code"], "departure_s": early}).json()
    [changed] = told["rounds"]
    assert (changed["start_s"], changed["departure_s"]) == (early, early)
    assert changed["visits"][0]["arrival_s"] == early + tour["visits"][0]["leg_s"]
    much_later = tour["shift"]["late"]  # and home after it
    late = edit(
        camille, draft, 2, {"kind": "departure", "round": tour["code"], "departure_s": much_later}
    ).json()
    [changed] = late["rounds"]
    assert changed["start_s"] == much_later
    assert changed["notes"] or any(visit["notes"] for visit in changed["visits"])
    free = edit(camille, draft, 3, {"kind": "departure", "round": tour["code"], "departure_s": None}).json()
    assert free["rounds"] == [tour]


def test_locks_are_kept_and_follow_their_visit(camille: TestClient, draft: UUID) -> None:
    before = shown(camille, draft)
    tour = max(before["rounds"], key=lambda one: len(one["visits"]))
    first, second, third, *_ = refs_of(tour)
    told = edit(
        camille,
        draft,
        1,
        {"kind": "lock_visit", "visit": second, "lock": "position"},
        {"kind": "lock_visit", "visit": third, "lock": "none", "after": first},
        {"kind": "lock_round", "round": tour["code"], "locked": True},
    ).json()
    [changed] = told["rounds"]
    assert changed["locked"] is True
    assert [visit["lock"] for visit in changed["visits"]][1] == "position"
    assert changed["visits"][2]["after"] == first
    assert told["delta"]["shifted"] == []
    # The pair the wrong way round is said; on another round of that day too.
    swapped = reorder(camille, draft, 2, tour["code"], [third, second, first, *_]).json()
    assert any("lié" in note for visit in swapped["rounds"][0]["visits"] for note in visit["notes"])
    other = next(one for one in before["rounds"] if one["code"] != tour["code"])
    moved = edit(camille, draft, 3, {"kind": "move", "visit": first, "round": other["code"]}).json()
    now_named = next(
        v["ref"]
        for one in moved["rounds"]
        if one["code"] == other["code"]
        for v in one["visits"]
        if v["site"] == first.split("/")[1]
    )
    mine = next(one for one in moved["rounds"] if one["code"] == tour["code"])
    assert next(v for v in mine["visits"] if v["ref"] == third)["after"] == now_named


def test_a_round_goes_to_another_van_driver_and_day(camille: TestClient, draft: UUID) -> None:
    before = shown(camille, draft)
    tour = next(one for one in before["rounds"] if one["vehicle"] == "V1")
    day = next(one["day"] for one in before["rounds"] if one["vehicle"] == "V2")
    told = edit(
        camille,
        draft,
        1,
        {"kind": "reassign", "round": tour["code"], "vehicle": "V2", "driver": "C2", "day": day},
    ).json()
    assert tour["code"] in told["gone"]
    moved = next(
        one
        for one in told["rounds"]
        if one["vehicle"] == "V2"
        and one["day"] == day
        and [v["site"] for v in one["visits"]] == [v["site"] for v in tour["visits"]]
    )
    assert moved["code"].startswith("2026-W49-")
    assert moved["code"].endswith(("V2", "bis"))
    # The van cannot be in two rounds at once: sent off in the middle of another, it is said on both.
    other = next(one for one in before["rounds"] if one["vehicle"] == "V2" and one["day"] == day)
    during = other["start_s"] + 60
    edit(camille, draft, 2, {"kind": "departure", "round": moved["code"], "departure_s": during})
    whole = {one["code"]: one for one in shown(camille, draft)["rounds"]}
    for code in (moved["code"], other["code"]):
        assert any("le véhicule est déjà en tournée" in note for note in whole[code]["notes"])
    nobody = edit(camille, draft, 3, {"kind": "reassign", "round": moved["code"], "driver": "C1"}).json()
    assert any("ne conduit pas" in note for one in nobody["rounds"] for note in one["notes"])
    assert (
        edit(camille, draft, 4, {"kind": "reassign", "round": moved["code"], "driver": "C9"}).status_code
        == 422
    )
    far = {"kind": "reassign", "round": moved["code"], "day": "2027-01-01"}
    assert edit(camille, draft, 4, far).status_code == 422


UNKNOWN: dict[str, dict[str, object]] = {
    "visit": {"kind": "take_out", "visit": "2026-W49-lun-matin-V1/nulle-part"},
    "round": {"kind": "lock_round", "round": "2026-W49-dim-matin-V9", "locked": True},
    "site": {"kind": "add", "site": "nulle-part", "round": "2026-W49-lun-matin-V1"},
    "empty": {"kind": "take_out", "visit": ""},
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_is_not_in_the_plan_is_named(camille: TestClient, draft: UUID, what: str) -> None:
    answer = edit(camille, draft, 1, UNKNOWN[what])
    assert answer.status_code == 422
    assert "n'est pas dans ce planning" in answer.json()["detail"]
    assert shown(camille, draft)["version"] == 1
