"""Jobs that tests look at instead of carrying them out."""

import pytest
from sqlmodel import Session

from api.service import Service


class Kept:
    """Jobs that are only written down."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, str, float]] = []

    def submit(self, session: Session, kind: str, ref: str, *, delay_s: float = 0) -> None:
        self.jobs.append((kind, ref, delay_s))


@pytest.fixture
def kept(service: Service) -> Kept:
    jobs = Kept()
    object.__setattr__(service, "jobs", jobs)
    service.database.info["jobs"] = jobs
    return jobs
