"""Storing what a file of contacts, seasons, closures or absences changes."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from api.repositories.annexes import last_contacts, raise_versions
from api.services.changes import announce
from api.services.described.settle import decided, settle
from api.services.exchange.annexes import Annex, Line
from api.services.noticing import of_closure
from models.tables.base import now
from models.tables.network import ClosureRecord, ClosureStatus, ContactRecord, SeasonRecord


def write_annexes(
    session: Session, annexes: Iterable[Annex[Any]], by: str, *, archive_missing: bool = False
) -> None:
    """Store what is new and changed; let go of what is missing where that is asked. Sites, vehicles and
    drivers are stored already. `by` is who takes the decisions that a file tells."""
    touched: set[str] = set()
    for annex in annexes:
        missing = annex.missing if archive_missing else ()
        told = [*(line.stored or line.fields for line in annex.changed), *missing]
        if annex.kind.record in {ContactRecord, SeasonRecord}:
            touched |= {line.fields["site"] for line in annex.created} | {one.site for one in told}
        _create(session, annex, by)
        for line in annex.changed:
            _change(session, line, by)
        for record in missing:
            _let_go(session, record, by)
    session.flush()
    if touched:
        raise_versions(session, touched)


def _create(session: Session, annex: Annex[Any], by: str) -> None:
    records = [annex.kind.record(**line.fields) for line in annex.created]
    if annex.kind.record is ContactRecord and records:
        _place(session, records)
    for record in records:
        if isinstance(record, ClosureRecord):
            record.declared_by = record.declared_by or by
            if record.status is ClosureStatus.ACCEPTED:
                decided(record, ClosureStatus.ACCEPTED, by)
            announce(session, "closures", str(record.id), record.site)
        session.add(record)
    session.flush()
    for record in records:  # as on the screen: libraries whose visits fall away are told
        if isinstance(record, ClosureRecord) and record.status is ClosureStatus.ACCEPTED:
            of_closure(session, record, now())


def _place(session: Session, contacts: list[ContactRecord]) -> None:
    """New contacts come after those that their site has, in the order of the file."""
    last = last_contacts(session, {one.site for one in contacts})
    for contact in contacts:
        contact.position = last[contact.site] = last.get(contact.site, -1) + 1


def _change(session: Session, line: Line[Any], by: str) -> None:
    status = line.fields.get("status")
    for name, value in line.fields.items():
        if name != "status" and getattr(line.stored, name) != value:
            setattr(line.stored, name, value)
    session.add(line.stored)
    if isinstance(line.stored, ClosureRecord) and status is not None and line.stored.status is not status:
        settle(session, line.stored, status, by)


def _let_go(session: Session, record: Any, by: str) -> None:
    """A closure is withdrawn, so that it can still be told; the rest is forgotten."""
    if isinstance(record, ClosureRecord):
        settle(session, record, ClosureStatus.WITHDRAWN, by)
    else:
        session.delete(record)
