"""What a closure does to published plans, told before anybody accepts it."""

from datetime import date
from itertools import pairwise

import pytest
from fastapi.testclient import TestClient

from api.service import Service
from api.services.actor import Role
from api.services.described.effect import effect_of
from api.services.described.effect_words import summary, told_of
from api.services.folder import Territory
from models.network.calendar import Closure
from models.network.read import default_folder
from models.plan import Plan
from models.school_holidays import known_until, read_school_holidays, school_holidays
from models.tables.plans import PlanKind
from tests.published_rows import publish
from tests.queries import count_queries
from tests.service_fixtures import ClientAs

WORKS = {"starts_on": "2026-12-01", "ends_on": "2026-12-02", "reason": "Travaux"}
BEFORE = date(2026, 11, 1)


@pytest.fixture
def coordinator(client_as: ClientAs) -> TestClient:
    return client_as(Role.COORDINATOR)


@pytest.fixture
def published(service: Service, planned: Plan) -> Plan:
    """The plan of week 2026-W49, published."""
    with service.database.write() as session:
        publish(session, planned)
    return planned


def _close(client: TestClient, site: str, **more: object) -> dict[str, object]:
    answer = client.post(f"/api/v1/sites/{site}/closures", json={**WORKS, **more})
    assert answer.status_code == 201, answer.json()
    found: dict[str, object] = answer.json()
    return found


def test_the_effect_is_told_before_anything_is_accepted(
    service: Service, coordinator: TestClient, published: Plan
) -> None:
    tuesday = [tour for tour in published.rounds if tour.date == date(2026, 12, 1)]
    calls = [visit.site for tour in tuesday for visit in tour.visits]
    made = _close(coordinator, calls[0], ends_on="2026-12-01")
    with count_queries(service.database) as sent:
        effect = coordinator.get(f"/api/v1/closures/{made['id']}/effect").json()
    assert len([one for one in sent if one.startswith("SELECT")]) <= 16
    lost = [one for one in effect["visits"] if one["day"] == "2026-12-01"]
    assert len(lost) == calls.count(calls[0])
    assert f"{tuesday[0].id}/{calls[0]}" in {one["ref"] for one in lost}
    assert "passage" in effect["summary"][1]
    assert coordinator.get(f"/api/v1/closures/{made['id']}").json()["status"] == "proposed"
    with service.database.read() as session:  # nothing is stored, nothing acts
        assert service.territories.open(session).network.site(calls[0]).closures == ()


def test_the_effect_of_a_day_for_all_says_where_each_visit_can_go(
    service: Service, coordinator: TestClient, published: Plan
) -> None:
    asked = {"starts_on": "2026-12-01", "ends_on": "2026-12-01"}
    effect = coordinator.post("/api/v1/closures/effect", json=asked).json()
    on_tuesday = [v for tour in published.rounds if tour.date == date(2026, 12, 1) for v in tour.visits]
    assert len(effect["visits"]) == len(on_tuesday)
    moved = [one for one in effect["visits"] if one["proposed"] == "déplacer"]
    assert moved
    for one in moved:
        assert one["move"]["breaches"] == []
        assert one["move"]["day"] != "2026-12-01"
        assert one["next_day"] is None or one["next_day"] > one["move"]["day"]  # else skipping serves as soon
        costs = [move["added_cents"] for move in one["moves"] if not move["breaches"]]
        assert costs == sorted(costs)  # cheapest first
        assert "Proposition : déplacer" in one["sentences"][2]
    assert coordinator.get("/api/v1/closures").json()["items"] == []


def test_a_move_costs_what_putting_the_visit_there_costs(
    service: Service, territory: Territory, published: Plan
) -> None:
    closed = Closure(first=date(2026, 12, 1), last=date(2026, 12, 1))
    with service.database.read() as session:
        effect = effect_of(session, service.territories, None, closed, BEFORE)
    lost = next(one for one in effect.lost if one.move and not one.move.is_new)
    move = lost.move
    assert move is not None
    tour = next(tour for tour in published.rounds if tour.id == move.round)
    stops = [visit.site for visit in tour.visits]
    stops.insert(move.number - 1, lost.told.visit.site)
    legs = zip(["depot", *stops], [*stops, "depot"], strict=True)
    index, metres = territory.travel.index, territory.travel.metres
    # the round's metres with the visit put in, less those it was published with
    assert move.added_m == sum(int(metres[index[a], index[b]]) for a, b in legs) - tour.distance_m
    assert told_of(lost)[0].startswith(f"{lost.site_name} : le passage du mardi 1er\u00a0décembre")


def test_moves_into_the_past_are_not_proposed(service: Service, published: Plan) -> None:
    thursday = Closure(first=date(2026, 12, 3), last=date(2026, 12, 3))
    with service.database.read() as session:
        effect = effect_of(session, service.territories, None, thursday, date(2026, 12, 3))
    assert effect.lost
    assert all(move.day >= date(2026, 12, 3) for one in effect.lost for move in one.moves)


def test_holidays_are_named_and_unknown_ones_admitted(coordinator: TestClient) -> None:
    asked = {"site": "cassel", "starts_on": "2026-12-21", "ends_on": "2027-01-04"}
    effect = coordinator.post("/api/v1/closures/effect", json=asked).json()
    assert [one["name"] for one in effect["holidays"]] == ["Noël", "Jour de l'an", "Vacances de Noël"]
    assert "Aucun passage publié ne tombe ces jours-là." in effect["summary"]
    far = {"site": "cassel", "starts_on": "2029-12-21", "ends_on": "2029-12-22"}
    told = coordinator.post("/api/v1/closures/effect", json=far).json()["summary"]
    assert "Les vacances scolaires de ces dates ne sont pas encore connues de Navette." in told
    nowhere = coordinator.post("/api/v1/closures/effect", json={**asked, "site": "nulle-part"})
    assert nowhere.status_code == 404


def test_the_ordinary_week_tells_of_weeks_to_come(service: Service, planned: Plan) -> None:
    with service.database.write() as session:
        publish(session, planned, 1, PlanKind.TEMPLATE)
        publish(session, planned, 2)
    usual = [tour.date.weekday() for tour in planned.rounds for _ in tour.visits]
    wednesday = usual.count(2)
    # Wednesday 2 to Sunday 6 December lie in the published week, Monday 7 to Wednesday 9 in one to come;
    # of 23 to 25 December, Wednesday and Thursday count: on Christmas day nobody opens.
    two = Closure(first=date(2026, 12, 2), last=date(2026, 12, 9))
    christmas = Closure(first=date(2026, 12, 23), last=date(2026, 12, 25))
    with service.database.read() as session:
        told = effect_of(session, service.territories, None, two, BEFORE)
        holy = effect_of(session, service.territories, None, christmas, BEFORE)
    assert len(told.lost) == sum(usual.count(day) for day in (2, 3, 4, 5, 6))
    assert told.expected == usual.count(0) + usual.count(1) + wednesday
    assert "D'après la semaine type" in " ".join(summary(told, "tout le réseau"))
    assert (holy.lost, holy.expected) == ((), wednesday + usual.count(3))


def test_a_library_sees_what_it_loses_not_how_rounds_could_change(
    client_as: ClientAs, published: Plan
) -> None:
    site = published.rounds[0].visits[0].site
    day = str(published.rounds[0].date)
    library = client_as(Role.LIBRARY, site=site)
    asked = {"site": site, "starts_on": day, "ends_on": day}
    effect = library.post("/api/v1/closures/effect", json=asked).json()
    assert {one["site"] for one in effect["visits"]} == {site}
    assert all(one["moves"] == [] and one["move"] is None for one in effect["visits"])
    assert library.post("/api/v1/closures/effect", json={**asked, "site": "depot"}).status_code == 403


def test_school_holidays_are_read_from_what_navette_comes_with() -> None:
    found = school_holidays(date(2026, 12, 1), date(2027, 2, 28))
    assert [(one.name, one.first, one.last) for one in found] == [
        ("Vacances de Noël", date(2026, 12, 19), date(2027, 1, 3)),
        ("Vacances d'hiver", date(2027, 2, 20), date(2027, 3, 7)),
    ]
    assert known_until() == date(2028, 8, 31)
    whole = read_school_holidays(default_folder() / "school_holidays.csv")
    assert all(not one.meets(other) for one, other in pairwise(whole))
