"""Plans in the database: what is stored is what is read, and what was published does not change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col, delete, select

from api.repositories import plans as repository
from api.service import Service
from api.services.actor import Actor, Role
from api.services.network_records import site_record
from api.services.plans.store import plan_of_record, published_for, save_plan
from models.errors import Conflict, NavetteError
from models.plan import Plan, Proof, Unplanned, visit_refs
from models.tables.base import now
from models.tables.plans import PlanRecord, PlanStatus, RoundRecord, VisitRecord
from tests.queries import count_queries
from tests.sample_network import sample_network
from tests.sample_plan import sample_plan

CAMILLE = Actor(role=Role.COORDINATOR, name="Camille")


def _kept(service: Service, plan: Plan) -> Plan:
    """What is read after storing."""
    with service.database.write(CAMILLE) as session:
        record = save_plan(session, plan, actor=CAMILLE)
    with service.database.read() as session:
        return plan_of_record(session, repository.get_plan(session, record.id))


def test_a_real_week_is_read_as_it_was_stored(service: Service, planned: Plan) -> None:
    assert _kept(service, planned) == planned


def test_a_week_drawn_by_hand_is_read_as_it_was_stored(service: Service) -> None:
    """Two calls at one site in a round, a pause, notes; its places are stored beside the network's."""
    network = sample_network()
    with service.database.write() as session:
        session.add_all(site_record(site, 100 + k) for k, site in enumerate(network.sites))
    assert _kept(service, sample_plan(network)) == sample_plan(network)


def test_what_is_rare_is_kept_too(service: Service, planned: Plan) -> None:
    rare = replace(
        planned,
        proof=Proof(cents=123, finished=True, spent_s=1.5),
        holidays={date(2026, 12, 1): "Saint-Éloi"},
        cost_cents={"waiting": 3, "rounds": 1},  # in the order in which they are shown
        rounds=tuple(replace(tour, notes=("rentre 12 min trop tard",)) for tour in planned.rounds),
        run=replace(planned.run, seconds=1.5, iterations=None, interrupted=True),
    )
    kept = _kept(service, rare)
    assert kept == rare
    assert list(kept.cost_cents) == ["waiting", "rounds"]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_part_of_a_week_is_read_as_it_was_stored(
    data: st.DataObject, service: Service, planned: Plan
) -> None:
    """Degenerate weeks among them: no round, rounds without a visit, everything unplanned."""
    rounds = []
    for tour in data.draw(st.lists(st.sampled_from(planned.rounds), unique_by=lambda tour: tour.id)):
        visits = tour.visits[: data.draw(st.integers(0, len(tour.visits)))]
        notes = tuple(data.draw(st.lists(st.text(st.characters(exclude_characters="\x00", codec="utf-8")))))
        rounds.append(replace(tour, visits=visits, notes=notes))
    missing = data.draw(st.integers(0, 5))
    unplanned = tuple(Unplanned(site="cassel", missing=k + 1, reason=f"n° {k}") for k in range(missing))
    plan = replace(planned, rounds=tuple(rounds), unplanned=unplanned)
    assert _kept(service, plan) == plan


def test_a_second_call_at_a_site_has_its_own_ref() -> None:
    tour = sample_plan().rounds[2]  # Hazebrouck first and last
    refs = visit_refs(tour)
    assert refs[0] == "2026-W49-jeu-matin-V1/LI2514"
    assert refs[-1] == "2026-W49-jeu-matin-V1/LI2514~2"
    assert len(set(refs)) == len(tour.visits)


def test_reading_takes_one_query_per_table(service: Service, planned: Plan) -> None:
    with service.database.write(CAMILLE) as session:
        record = save_plan(session, planned, actor=CAMILLE)
    with service.database.read() as session, count_queries(service.database) as sent:
        plan_of_record(session, repository.get_plan(session, record.id))
    assert len([one for one in sent if one.startswith("SELECT")]) == 3  # plan, rounds, visits


def test_plans_are_numbered_in_turn(service: Service, planned: Plan) -> None:
    with service.database.write(CAMILLE) as session:
        numbers = [save_plan(session, planned, actor=CAMILLE).number for _ in range(3)]
    assert numbers == [1, 2, 3]


def _published(service: Service, plan: Plan) -> PlanRecord:
    with service.database.write(CAMILLE) as session:
        record = save_plan(session, plan, actor=CAMILLE)
        record.status, record.published_at = PlanStatus.PUBLISHED, now()
    return record


def test_a_published_plan_is_found_by_its_week(service: Service, planned: Plan) -> None:
    with service.database.read() as session:
        assert published_for(session, planned.week) is None
    record = _published(service, planned)
    tour = planned.rounds[0]
    with service.database.read() as session:
        found = published_for(session, planned.week)
        assert found is not None
        assert found.id == record.id
        assert repository.get_round(session, tour.id)[1].code == tour.id
        calls = repository.visits_of_site(session, tour.visits[0].site, tour.date, tour.date)
        assert [visit.ref for _, visit in calls] == [visit_refs(tour)[0]]


CHANGES: dict[str, Callable[[PlanRecord, RoundRecord, VisitRecord], None]] = {
    "a word": lambda plan, _tour, _visit: setattr(plan, "title", "autre"),
    "back to a draft": lambda plan, _tour, _visit: setattr(plan, "status", PlanStatus.DRAFT),
    "an hour": lambda _plan, tour, _visit: setattr(tour, "start_s", 1),
    "a crate": lambda _plan, _tour, visit: setattr(visit, "deliver", 9),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_published_does_not_change(service: Service, planned: Plan, what: str) -> None:
    record = _published(service, planned)

    def change() -> None:
        with service.database.write(CAMILLE) as session:
            plan = repository.get_plan(session, record.id)
            tour = repository.rounds_of(session, [plan.id])[0]
            visit = repository.visits_of_round(session, tour.id)[0]
            CHANGES[what](plan, tour, visit)

    with pytest.raises(Conflict, match="ne change plus"):
        change()
    with service.database.read() as session:
        assert plan_of_record(session, repository.get_plan(session, record.id)) == planned


def test_nor_is_anything_added_to_it_or_taken_from_it(service: Service, planned: Plan) -> None:
    record = _published(service, planned)

    def take() -> None:
        with service.database.write(CAMILLE) as session:
            session.delete(session.exec(select(VisitRecord)).all()[0])

    def add() -> None:
        with service.database.write(CAMILLE) as session:
            tour = repository.rounds_of(session, [record.id])[0]
            row = tour.model_dump(exclude={"id", "code", "position"})
            session.add(RoundRecord(**row, code="autre", position=99))

    def in_bulk() -> None:
        with service.database.write(CAMILLE) as session:
            session.exec(delete(VisitRecord))

    def renamed_in_bulk() -> None:
        with service.database.write(CAMILLE) as session:
            session.exec(update(PlanRecord).values(title="autre").where(col(PlanRecord.id) == record.id))

    for change in (take, add, in_bulk, renamed_in_bulk):
        with pytest.raises(NavetteError, match="ne change plus"):
            change()
    with service.database.read() as session:
        assert plan_of_record(session, repository.get_plan(session, record.id)) == planned


def test_it_may_only_become_the_former_one(service: Service, planned: Plan) -> None:
    record = _published(service, planned)
    with service.database.write(CAMILLE) as session:
        plan = repository.get_plan(session, record.id)
        plan.status, plan.superseded_at = PlanStatus.SUPERSEDED, now()
    with pytest.raises(Conflict), service.database.write(CAMILLE) as session:
        repository.get_plan(session, record.id).status = PlanStatus.PUBLISHED
