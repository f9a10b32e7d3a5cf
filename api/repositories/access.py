"""Phones, personal links and API keys, as coordinators keep them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.errors import NotFound
from models.tables.network import DriverRecord, SiteRecord, VehicleRecord
from models.tables.people import ApiKeyRecord, DeviceRecord, EnrolmentRecord, LinkKind, LinkRecord


def get_device(session: Session, device: UUID) -> DeviceRecord:
    found = session.get(DeviceRecord, device)
    if found is None:
        raise NotFound("Ce téléphone n'existe pas.")
    return found


def list_devices(session: Session, asked: Slice, revoked: bool) -> Page[DeviceRecord]:
    """The newest first; with or without those that count no longer."""
    query = select(DeviceRecord)
    if not revoked:
        query = query.where(col(DeviceRecord.revoked_at).is_(None))
    return page(session, query, [DeviceRecord.id], asked, newest_first=True)


def find_enrolment(session: Session, code: str, moment: datetime) -> EnrolmentRecord | None:
    """A phone's code by its keyed hash, while it can be used."""
    query = select(EnrolmentRecord).where(
        EnrolmentRecord.code == code,
        col(EnrolmentRecord.used_at).is_(None),
        EnrolmentRecord.expires_at > moment,
    )
    return session.exec(query).first()


def use_enrolment(session: Session, enrolment: UUID, moment: datetime) -> bool:
    """Use up a phone's code; False when another phone has been quicker."""
    done = session.connection().execute(
        update(EnrolmentRecord)
        .where(col(EnrolmentRecord.id) == enrolment, col(EnrolmentRecord.used_at).is_(None))
        .values(used_at=moment)
    )
    return bool(done.rowcount)


def find_driver(session: Session, code: str) -> DriverRecord | None:
    """A driver who was not archived."""
    query = select(DriverRecord).where(DriverRecord.code == code, col(DriverRecord.archived_at).is_(None))
    return session.exec(query).first()


def list_drivers(session: Session) -> Sequence[DriverRecord]:
    """Those who may be chosen on a shared phone."""
    query = select(DriverRecord).where(col(DriverRecord.archived_at).is_(None))
    return session.exec(query.order_by(col(DriverRecord.position), col(DriverRecord.code))).all()


_SUBJECTS: Mapping[LinkKind, Any] = {
    LinkKind.LIBRARY: SiteRecord,
    LinkKind.SITE_FEED: SiteRecord,
    LinkKind.ROUND_FEED: VehicleRecord,
    LinkKind.DRIVER_FEED: DriverRecord,
}


def get_subject_name(session: Session, kind: LinkKind, code: str) -> str:
    """The name of the site, vehicle or driver that a link of a kind is for. NotFound, also when archived."""
    table = _SUBJECTS[kind]
    query = select(table.name).where(table.code == code, table.archived_at.is_(None))
    found = session.exec(query).first()
    if found is None:
        raise NotFound(f"« {code} » n'existe pas, ou est archivé.")
    return str(found)


def get_link(session: Session, link: UUID) -> LinkRecord:
    found = session.get(LinkRecord, link)
    if found is None:
        raise NotFound("Ce lien n'existe pas.")
    return found


def list_links(
    session: Session, asked: Slice, kind: LinkKind | None, subject: str | None, revoked: bool
) -> Page[LinkRecord]:
    """The newest first."""
    query = select(LinkRecord)
    if kind is not None:
        query = query.where(LinkRecord.kind == kind)
    if subject is not None:
        query = query.where(LinkRecord.subject == subject)
    if not revoked:
        query = query.where(col(LinkRecord.revoked_at).is_(None))
    return page(session, query, [LinkRecord.id], asked, newest_first=True)


def get_api_key(session: Session, key: UUID) -> ApiKeyRecord:
    found = session.get(ApiKeyRecord, key)
    if found is None:
        raise NotFound("Cette clé n'existe pas.")
    return found


def list_api_keys(session: Session, asked: Slice) -> Page[ApiKeyRecord]:
    """The newest first, those that count no longer included."""
    return page(session, select(ApiKeyRecord), [ApiKeyRecord.id], asked, newest_first=True)
