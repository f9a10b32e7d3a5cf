"""The list of sites, as people look for them."""

from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from api.repositories.paging import Page, Slice, page
from models.network.values import SiteKind
from models.tables.network import SiteRecord
from models.values import Coordinates


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which sites: in use or archived; `commune` is a name or an INSEE code; `text` stands somewhere."""

    kind: SiteKind | None = None
    commune: str | None = None
    text: str | None = None
    archived: bool = False


def page_of_sites(session: Session, asked: Slice, wanted: Wanted) -> Page[SiteRecord]:
    """One page, in the order of lists."""
    put_away = col(SiteRecord.archived_at)
    query = select(SiteRecord).where(put_away.is_not(None) if wanted.archived else put_away.is_(None))
    if wanted.kind is not None:
        query = query.where(SiteRecord.kind == wanted.kind)
    if wanted.commune is not None:
        named = col(SiteRecord.commune) == wanted.commune
        query = query.where(or_(named, col(SiteRecord.insee) == wanted.commune))
    if wanted.text:
        looked = (SiteRecord.code, SiteRecord.name, SiteRecord.commune, SiteRecord.address)
        query = query.where(
            or_(*(func.lower(col(one)).contains(wanted.text.lower(), autoescape=True) for one in looked))
        )
    return page(session, query, (SiteRecord.position, SiteRecord.code), asked)


def points(session: Session) -> dict[str, Coordinates]:
    """Where each site lies, archived ones too, by code."""
    found = session.exec(select(SiteRecord.code, SiteRecord.lon, SiteRecord.lat)).all()
    return {code: Coordinates(lon=lon, lat=lat) for code, lon, lat in found}
