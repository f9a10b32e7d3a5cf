"""Documents on their way, and where they are read from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from api.repositories.paging import Page, Slice, page
from models.errors import NotFound
from models.tables.demand import (
    CrateRecord,
    CustodyRecord,
    ItemRecord,
    TransferReadRecord,
    TransferSourceRecord,
)
from models.tables.network import SiteRecord
from models.transfers.values import OPEN, ItemState

_BATCH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which documents to list. `site`: only those that leave or reach it."""

    state: ItemState | None = None
    origin: str | None = None
    destination: str | None = None
    barcode: str | None = None
    crate: str | None = None
    site: str | None = None


def list_items(session: Session, wanted: Wanted, asked: Slice) -> Page[ItemRecord]:
    """Newest first."""
    query = select(ItemRecord)
    for name in ("state", "origin", "destination", "barcode", "crate"):
        value = getattr(wanted, name)
        query = query if value is None else query.where(getattr(ItemRecord, name) == value)
    if wanted.site is not None:
        here = or_(col(ItemRecord.origin) == wanted.site, col(ItemRecord.destination) == wanted.site)
        query = query.where(here)
    return page(session, query, [ItemRecord.id], asked, newest_first=True)


def list_of_barcodes(
    session: Session, barcodes: Iterable[str], site: str | None = None
) -> Sequence[ItemRecord]:
    """Every transfer of these barcodes, the latest requests first."""
    query = select(ItemRecord).where(col(ItemRecord.barcode).in_(list(barcodes)))
    if site is not None:
        query = query.where(or_(col(ItemRecord.origin) == site, col(ItemRecord.destination) == site))
    return session.exec(query.order_by(col(ItemRecord.requested_at).desc(), col(ItemRecord.id).desc())).all()


def list_in_crates(session: Session, crates: Sequence[str]) -> Sequence[ItemRecord]:
    """What is packed in some crates and has not arrived."""
    if not crates:
        return []
    query = select(ItemRecord).where(col(ItemRecord.crate).in_(crates), col(ItemRecord.state).in_(OPEN))
    return session.exec(query.order_by(col(ItemRecord.barcode))).all()


def by_reference(session: Session, source: str, references: Sequence[str]) -> dict[str, ItemRecord]:
    """The documents of a source that are open, and those of `references` whatever became of them."""
    query = select(ItemRecord).where(ItemRecord.source == source)
    found = {one.reference: one for one in session.exec(query.where(col(ItemRecord.state).in_(OPEN)))}
    others = [one for one in references if one not in found]
    for start in range(0, len(others), _BATCH):
        some = others[start : start + _BATCH]
        found |= {
            one.reference: one for one in session.exec(query.where(col(ItemRecord.reference).in_(some)))
        }
    return found


def get_crate(session: Session, code: str) -> CrateRecord:
    """NotFound also when it is no longer in use."""
    found = session.exec(select(CrateRecord).where(CrateRecord.code == code)).first()
    if found is None or found.retired_at is not None:
        raise NotFound(f"Le bac « {code} » n'existe pas, ou n'est plus en service.")
    return found


def find_custody(session: Session, crate: str) -> CustodyRecord | None:
    """Who has a crate, as far as is known."""
    return session.exec(select(CustodyRecord).where(CustodyRecord.crate == crate)).first()


def list_sources(session: Session) -> Sequence[TransferSourceRecord]:
    return session.exec(select(TransferSourceRecord).order_by(col(TransferSourceRecord.name))).all()


def find_source_named(session: Session, name: str) -> TransferSourceRecord | None:
    return session.exec(select(TransferSourceRecord).where(TransferSourceRecord.name == name)).first()


def get_source(session: Session, source: UUID) -> TransferSourceRecord:
    found = session.get(TransferSourceRecord, source)
    if found is None:
        raise NotFound("Cette source de transferts n'existe pas.")
    return found


def list_reads(session: Session, source: str | None, asked: Slice) -> Page[TransferReadRecord]:
    """Newest first."""
    query = select(TransferReadRecord)
    if source is not None:
        query = query.where(TransferReadRecord.source == source)
    return page(session, query, [TransferReadRecord.id], asked, newest_first=True)


def list_sites(session: Session) -> Sequence[SiteRecord]:
    """The sites that are served, in their order."""
    query = select(SiteRecord).where(col(SiteRecord.archived_at).is_(None))
    return session.exec(query.order_by(col(SiteRecord.position), col(SiteRecord.code))).all()


def site_codes(session: Session) -> frozenset[str]:
    """Every site there is or was."""
    return frozenset(session.exec(select(SiteRecord.code)).all())
