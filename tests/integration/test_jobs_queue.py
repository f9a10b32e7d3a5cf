"""Handing jobs on in DBOS's tables: with their transaction or not at all, on both databases."""

import pytest
from sqlalchemy import text

from api.jobs.queue import DurableJobs, schema_of
from api.jobs.schema import is_prepared, prepare
from api.repositories import figures
from api.schema import drift, revision
from api.service import Service


@pytest.fixture
def queue(service: Service) -> DurableJobs:
    prepare(service.database)
    return DurableJobs(service.database)


def _stored(service: Service) -> list[tuple[str, str, str]]:
    schema = schema_of(service.database)
    table = f"{schema}.workflow_status" if schema else "workflow_status"
    query = f"SELECT workflow_uuid, queue_name, status FROM {table} ORDER BY workflow_uuid"
    with service.database.read() as session:
        return [(a, b, c) for a, b, c in session.connection().execute(text(query))]


def test_a_job_is_stored_with_its_reason_or_not_at_all(service: Service, queue: DurableJobs) -> None:
    with service.database.write() as session:
        queue.submit(session, "purge", "2026-12-01")

    def spoil() -> None:
        with service.database.write() as session:
            queue.submit(session, "purge", "2026-12-02")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spoil()
    assert _stored(service) == [("purge:2026-12-01", "quick", "ENQUEUED")]


def test_a_job_done_once_is_the_same_however_often_it_is_submitted(
    service: Service, queue: DurableJobs
) -> None:
    for _ in range(3):
        with service.database.write() as session:
            queue.submit(session, "plan_run", "one")
            queue.submit(session, "webhook_delivery", "two")
    stored = _stored(service)
    # One calculation; three deliveries, since somebody wanted it tried three times.
    assert [one for one in stored if one[1] == "plans"] == [("plan_run:one", "plans", "ENQUEUED")]
    assert len(stored) == 1 + 3


def test_a_job_may_have_to_wait(service: Service, queue: DurableJobs) -> None:
    with service.database.write() as session:
        queue.submit(session, "webhook_delivery", "later", delay_s=60)
    assert [status for *_, status in _stored(service)] == ["DELAYED"]
    with service.database.read() as session:
        assert figures.jobs_waiting(session) == {("quick", "DELAYED"): 1}


def test_the_tables_of_the_queue_are_beside_ours_and_no_drift(service: Service) -> None:
    assert not is_prepared(service.database)
    with service.database.read() as session:
        assert figures.jobs_waiting(session) == {}
    before = revision(service.database)
    prepare(service.database)
    prepare(service.database)  # nothing to do, nothing happens
    assert is_prepared(service.database)
    assert (revision(service.database), drift(service.database)) == (before, [])
