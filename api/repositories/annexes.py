"""Everything that hangs on the network at once: contacts, seasons, closures that act or may, absences."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from api.repositories.calendar import absences, closures
from models.tables.network import (
    AbsenceRecord,
    ClosureRecord,
    ClosureStatus,
    ContactRecord,
    SeasonRecord,
    SiteRecord,
)

_OPEN = (ClosureStatus.PROPOSED, ClosureStatus.ACCEPTED)
_BY_SITE = (col(SiteRecord.position), col(SiteRecord.code))


def every_annex(session: Session, kinds: Collection[type[Any]]) -> dict[type[Any], Sequence[Any]]:
    """All of each kind of record that is asked for, a query each, in an order that people can follow."""
    return {kind: session.exec(_QUERIES[kind]()).all() for kind in kinds}


def _contacts() -> SelectOfScalar[ContactRecord]:
    query = select(ContactRecord).join(SiteRecord, col(SiteRecord.code) == ContactRecord.site)
    return query.order_by(*_BY_SITE, col(ContactRecord.position), col(ContactRecord.id))


def _seasons() -> SelectOfScalar[SeasonRecord]:
    query = select(SeasonRecord).join(SiteRecord, col(SiteRecord.code) == SeasonRecord.site)
    return query.order_by(*_BY_SITE, col(SeasonRecord.starts_on))


def _closures() -> SelectOfScalar[ClosureRecord]:
    return closures(statuses=_OPEN).order_by(col(ClosureRecord.starts_on), col(ClosureRecord.id))


def _absences() -> SelectOfScalar[AbsenceRecord]:
    return absences().order_by(col(AbsenceRecord.starts_on), col(AbsenceRecord.id))


_QUERIES: Mapping[type[Any], Callable[[], SelectOfScalar[Any]]] = {
    ContactRecord: _contacts,
    SeasonRecord: _seasons,
    ClosureRecord: _closures,
    AbsenceRecord: _absences,
}


def last_contacts(session: Session, sites: Collection[str]) -> dict[str, int]:
    """Site → the place of its last contact."""
    query = select(ContactRecord.site, func.max(ContactRecord.position)).where(
        col(ContactRecord.site).in_(sites)
    )
    return dict(session.exec(query.group_by(col(ContactRecord.site))).all())


def raise_versions(session: Session, sites: Collection[str]) -> None:
    """Have the versions of sites grow for changes beside their rows, which are read again when needed."""
    session.connection().execute(
        update(SiteRecord).where(col(SiteRecord.code).in_(sites)).values(version=col(SiteRecord.version) + 1)
    )
    for record in session.identity_map.values():
        if isinstance(record, SiteRecord) and record.code in sites:
            session.expire(record)
