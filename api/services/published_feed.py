"""The published rounds from this week on, for other software."""

from datetime import date

from sqlmodel import Session

from api.repositories.feeds import published_from
from api.services.network_records import network_of
from api.services.plans.store import plans_of_records
from maps.export.gtfs import plans_gtfs
from models.service_day import IsoWeek


def gtfs_feed(session: Session, today: date, url: str) -> bytes:
    """A GTFS feed of every published week that is not over."""
    records = published_from(session, str(IsoWeek.of(today)))
    plans = plans_of_records(session, records)
    return plans_gtfs([plans[one.id] for one in records], network_of(session), url)
