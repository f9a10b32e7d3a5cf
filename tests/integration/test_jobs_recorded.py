"""What stands in for the queue in other tests keeps to the same promise."""

import pytest

from api.service import Service
from api.services.jobs import NoJobs
from tests.recorded_jobs import RecordedJobs, Submitted


def test_a_job_is_kept_once_its_transaction_is_stored(service: Service) -> None:
    assert isinstance(service.jobs, RecordedJobs)
    with service.database.write() as session:
        service.jobs.submit(session, "purge", "a", delay_s=5)
        assert service.jobs.waiting == []
    assert service.jobs.waiting == [Submitted("purge", "a", 5)]


def test_no_job_comes_of_a_transaction_that_failed(service: Service) -> None:
    def spoil() -> None:
        with service.database.write() as session:
            service.jobs.submit(session, "purge", "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spoil()
    assert isinstance(service.jobs, RecordedJobs)
    assert service.jobs.waiting == []


def test_a_job_that_nobody_knows_is_refused(service: Service) -> None:
    with pytest.raises(KeyError), service.database.write() as session:
        service.jobs.submit(session, "unheard_of", "a")


def test_a_process_without_jobs_says_so(service: Service) -> None:
    with pytest.raises(RuntimeError, match="takes no jobs"), service.database.write() as session:
        NoJobs().submit(session, "purge", "a")
