"""Jobs that wait until a test has them done: `service.jobs.run_all(service)`."""

from dataclasses import dataclass, field

from sqlalchemy import event
from sqlmodel import Session, select

from api.jobs.registry import job
from api.service import Service
from models.tables.plans import PlanRunRecord


@dataclass(frozen=True, slots=True)
class Submitted:
    """One job that was stored."""

    kind: str
    ref: str
    delay_s: float


@dataclass
class RecordedJobs:
    """Keeps what was submitted, once its transaction is stored."""

    waiting: list[Submitted] = field(default_factory=list)

    def submit(self, session: Session, kind: str, ref: str, *, delay_s: float = 0) -> None:
        job(kind)  # a job of this name exists
        wanted = Submitted(kind, ref, delay_s)
        event.listen(session, "after_commit", lambda _: self.waiting.append(wanted), once=True)

    def run_all_quickly(self, service: Service) -> None:
        """The same, calculations by the engine that needs least time, one after the other the same."""
        with service.database.write() as session:
            for run in session.exec(select(PlanRunRecord)).all():
                run.engine, run.seconds, run.iterations = "insertion", None, 200
        self.run_all(service)

    def run_all(self, service: Service) -> None:
        """Do them all, and those that they submit, now; delays are not waited for."""
        while self.waiting:
            wanted = self.waiting.pop(0)
            job(wanted.kind).body()(service, wanted.ref)
