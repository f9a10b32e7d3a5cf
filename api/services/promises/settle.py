"""Promises held against what came: the rounds as they were driven, through the same rules."""

from datetime import datetime, timedelta

from sqlmodel import Session

from api.repositories import items as stored
from api.repositories import promises as repository
from api.services.network_records import the_network
from api.services.promises.happened import Happened, happened
from api.services.promises.way import instant
from models.custody.crates import Holder
from models.network.values import Rules
from models.service_day import PARIS
from models.tables.predictions import PromiseRecord
from routing.promise.earliest import arrivals_of
from routing.promise.timetable import NEVER

WAITED = timedelta(days=1)  # phones out of coverage and sheets on paper are told of by then
MOST = 2000


def settle(session: Session, now: datetime) -> int:
    """Settle the promises whose dates have been past for a day; how many.

    `arrived_at` is when it came, or would have come. `kept` stays None where rounds of the time in between
    were never told of: silence is neither punctuality nor its contrary. What has not come yet is looked at
    again until its worst date has been past for a day as well.
    """
    waiting = repository.list_unsettled(session, now - WAITED, MOST)
    if not waiting:
        return 0
    rules = Rules(**the_network(session).rules)
    first = min(one.ready_at for one in waiting).astimezone(PARIS).date()
    road = happened(session, rules, first, now.astimezone(PARIS).date())
    return sum(_settled(session, road, one, now) for one in waiting)


def _settled(session: Session, road: Happened, record: PromiseRecord, now: datetime) -> bool:
    arrived_at = _replayed(road, record) if record.pickup else _followed(session, record)
    if arrived_at is None and now < record.worst_at + WAITED:
        return False
    in_time = arrived_at is not None and arrived_at <= record.due_at
    record.arrived_at, record.settled_at = arrived_at, now
    record.kept = None if not in_time and _unheard(road, record) else in_time
    session.add(record)
    return True


def _replayed(road: Happened, record: PromiseRecord) -> datetime | None:
    """When what was ready then is there, on the rounds as they were driven."""
    origin, destination = road.sites.get(record.origin), road.sites.get(record.destination)
    if origin is None or destination is None:
        return None
    pickup = road.reach.pickup(origin, int(record.ready_at.timestamp()))
    if pickup is None:
        return None
    taken = road.reach.pickups[origin][pickup]
    arrival_at = int(arrivals_of(road.reach.taken[taken.run, taken.position])[destination])
    return None if arrival_at == NEVER else instant(arrival_at)


def _followed(session: Session, record: PromiseRecord) -> datetime | None:
    """What was on its way already: when its crate was left at its destination, as facts tell."""
    found = stored.list_of_barcodes(session, [record.item])
    crate = next((one.crate for one in found if one.crate), record.item)
    custody = stored.find_custody(session, crate)
    there = custody is not None and custody.holder is Holder.SITE
    return custody.since if custody and there and custody.holder_ref == record.destination else None


def _unheard(road: Happened, record: PromiseRecord) -> bool:
    """Whether rounds that might have brought it were never told of."""
    early, late = int(record.ready_at.timestamp()), int(record.due_at.timestamp())
    return not record.pickup or any(early <= at <= late for at in road.silent)
