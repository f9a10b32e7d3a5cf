"""Who wishes to hear of changed windows, and what they were told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select
from uuid_utils.compat import uuid7

from api.repositories.upserts import insert_new
from models.errors import NotFound
from models.tables.network import SiteRecord
from models.tables.predictions import NoticeRecord, NoticeWishRecord

_TABLE: Any = getattr(NoticeRecord, "__table__")  # noqa: B009  # SQLModel adds it, unseen by the type checker


def get_site(session: Session, code: str) -> SiteRecord:
    """A site that is served. NotFound without such a one."""
    found = session.exec(
        select(SiteRecord).where(SiteRecord.code == code, col(SiteRecord.archived_at).is_(None))
    ).first()
    if found is None:
        raise NotFound(f"Le site « {code} » n'existe pas.")
    return found


def living_wishes(session: Session, sites: Collection[str]) -> Sequence[NoticeWishRecord]:
    """The wishes of sites that have not ended, confirmed or not, oldest first."""
    query = select(NoticeWishRecord).where(
        col(NoticeWishRecord.site).in_(sites), col(NoticeWishRecord.ended_at).is_(None)
    )
    return session.exec(query.order_by(col(NoticeWishRecord.id))).all()


def wishes_since(session: Session, site: str, moment: datetime) -> int:
    """How many wishes were expressed at a site since then, ended ones too."""
    query = select(func.count()).where(NoticeWishRecord.site == site, NoticeWishRecord.created_at >= moment)
    return session.exec(query).one()


def find_wish(session: Session, wish: UUID) -> NoticeWishRecord | None:
    """A wish, held until the end of this transaction."""
    return session.exec(select(NoticeWishRecord).where(NoticeWishRecord.id == wish).with_for_update()).first()


def forget_wishes(session: Session, unconfirmed: datetime, ended: datetime) -> int:
    """Those never confirmed that are older than one instant, those that ended before another; how many."""
    lapsed = col(NoticeWishRecord.confirmed_at).is_(None) & (col(NoticeWishRecord.created_at) < unconfirmed)
    over = col(NoticeWishRecord.ended_at) < ended
    gone: Any = session.connection().execute(delete(NoticeWishRecord).where(or_(lapsed, over)))
    return int(gone.rowcount)


def add_notices(session: Session, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """Store notices, each window of a visit once whoever finds it; the ids of those that are new."""
    found = []
    for row in rows:
        wanted = {"id": uuid7(), "sent": {}, "next_at": row["made_at"], **row}
        done = session.connection().execute(
            insert_new(session, _TABLE).on_conflict_do_nothing().returning(_TABLE.c.id), wanted
        )
        found += list(done.scalars())
    return found


def notices_of_visits(session: Session, visits: Collection[str]) -> Sequence[NoticeRecord]:
    """What was told of visits, oldest first."""
    query = select(NoticeRecord).where(col(NoticeRecord.visit).in_(visits))
    return session.exec(query.order_by(col(NoticeRecord.made_at), col(NoticeRecord.id))).all()


def notices_of_site(session: Session, site: str, since: datetime) -> Sequence[NoticeRecord]:
    """What a site was told of visits whose window ends after an instant, newest first."""
    query = select(NoticeRecord).where(NoticeRecord.site == site, col(NoticeRecord.late_at) >= since)
    return session.exec(query.order_by(col(NoticeRecord.made_at).desc(), col(NoticeRecord.id).desc())).all()


def find_notice(session: Session, notice: UUID) -> NoticeRecord | None:
    """A notice, held until the end of this transaction."""
    query = select(NoticeRecord).where(NoticeRecord.id == notice).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def due_notices(session: Session, at: datetime, most: int) -> Sequence[UUID]:
    """Those that should have been sent by an instant, the longest waiting first."""
    query = select(NoticeRecord.id).where(col(NoticeRecord.next_at) <= at)
    return session.exec(query.order_by(col(NoticeRecord.next_at)).limit(most)).all()
