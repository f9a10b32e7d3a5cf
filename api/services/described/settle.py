"""What becomes of a closure, whoever says so: on the screen, or in a file."""

from sqlmodel import Session

from api.services.changes import announce
from api.services.noticing import of_closure
from api.services.webhooks import emit
from models.tables.base import now
from models.tables.network import ClosureRecord, ClosureStatus


def settle(session: Session, record: ClosureRecord, status: ClosureStatus, by: str) -> ClosureRecord:
    """Accept, decline or withdraw a closure, and tell who listens."""
    decided(record, status, by)
    session.add(record)
    session.flush()
    announce(session, "closures", str(record.id), record.site)
    if status is ClosureStatus.ACCEPTED:
        of_closure(session, record, now())
    about = {"closure": str(record.id), "site": record.site, "status": status.value}
    emit(session, "closure.decided", {**about, "from": str(record.starts_on), "to": str(record.ends_on)})
    return record


def decided(record: ClosureRecord, status: ClosureStatus, by: str) -> None:
    """Note the decision."""
    record.status, record.decided_by, record.decided_at = status, by, now()
