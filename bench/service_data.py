"""A year of a network of 45 libraries in a database: weekly plans, about a million facts, crates, documents.

python -m bench.service_data sqlite:////tmp/year.db

The plans are one real plan of the default network, laid on every week of the year that ends next week. Facts
of past weeks name crates one by one, as scanning every crate and document would; those of this week and of
the next are as a driver taps them. The same year comes out every time, but for the day it is made on.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session

from api.db import Database
from api.jobs.schema import prepare
from api.schema import upgrade
from api.security import tokens
from api.services.actor import SYSTEM
from api.services.folder import open_folder
from api.services.planning import plan_week
from api.services.plans.store import save_plan
from api.services.territory import fill_from_folder
from models.custody.crates import Holder
from models.custody.facts import ScanKind
from models.network.read import default_folder
from models.plan import Plan, Round, visit_refs
from models.service_day import PARIS, IsoWeek
from models.tables.base import now
from models.tables.demand import CrateRecord, CustodyRecord, ItemRecord
from models.tables.people import ApiKeyRecord, DeviceRecord
from models.tables.plans import PlanRecord, PlanStatus
from models.tables.scans import ScanRecord, ScanSource
from routing.child import Asked

WEEKS, CRATES, ITEMS = 52, 600, 20_000
SCOPES = [
    "network:read",
    "plans:read",
    "plans:write",
    "scans:read",
    "scans:write",
    "transfers:read",
    "reports:read",
]
_CHUNK = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """What a load generator needs to know: the API key, this week's plan and rounds, all sites."""

    key: str
    plan: str
    draft: str
    rounds: tuple[str, ...]
    refs: tuple[tuple[str, ...], ...]
    sites: tuple[str, ...]
    facts: int


def make_year(url: str, facts: int = 1_000_000) -> Year:
    """Fill an empty database."""
    database = Database(url)
    upgrade(database)
    prepare(database)
    try:
        with database.write() as session:
            fill_from_folder(session, default_folder())
        pattern = plan_week(
            open_folder(default_folder()), _this_week(), Asked(engine="insertion", iterations=2000)
        )
        plans = [laid(pattern, week) for week in _weeks()]
        with database.write() as session:
            records = [_publish(session, plan) for plan in plans]
            draft = save_plan(session, plans[-1], actor=SYSTEM)
            key = _people(session, pattern)
            _things(session, pattern)
        stored = _facts(database, plans, facts)
        database.study()
    finally:
        database.close()
    current = plans[-2]
    return Year(
        key=key,
        plan=str(records[-2].id),
        draft=str(draft.id),
        rounds=tuple(tour.id for tour in current.rounds),
        refs=tuple(visit_refs(tour) for tour in current.rounds),
        sites=tuple(sorted({visit.site for tour in current.rounds for visit in tour.visits})),
        facts=stored,
    )


def _this_week() -> IsoWeek:
    return IsoWeek.of(now().astimezone(PARIS).date())


def _weeks() -> list[IsoWeek]:
    """The year that ends next week."""
    monday = _this_week().monday
    return [IsoWeek.of(monday + timedelta(weeks=k)) for k in range(2 - WEEKS, 2)]


def laid(plan: Plan, week: IsoWeek) -> Plan:
    shift = week.monday - plan.week.monday
    rounds = tuple(
        replace(one, date=one.date + shift, id=one.id.replace(str(plan.week), str(week)))
        for one in plan.rounds
    )
    return replace(plan, week=week, rounds=rounds)


def _publish(session: Session, plan: Plan) -> PlanRecord:
    record = save_plan(session, plan, actor=SYSTEM)
    record.status, record.published_at = PlanStatus.PUBLISHED, now()
    session.flush()
    return record


def _people(session: Session, plan: Plan) -> str:
    key = tokens.new_api_key()
    session.add(ApiKeyRecord(name="bench", prefix=key.prefix, secret=tokens.hashed(key.whole), scopes=SCOPES))
    for driver in sorted({tour.driver for tour in plan.rounds}):
        session.add(DeviceRecord(name=driver, driver=driver, token=tokens.hashed(f"nvd_{driver}")))
    return key.whole


def _things(session: Session, plan: Plan) -> None:
    """Crates, and documents on their way."""
    chance = random.Random(1)
    sites = sorted({visit.site for tour in plan.rounds for visit in tour.visits})
    at = now() - timedelta(days=3)
    session.add_all(CrateRecord(code=f"B{k:04d}", home=chance.choice(sites)) for k in range(CRATES))
    for k in range(ITEMS):
        origin, destination = chance.sample(sites, 2)
        session.add(
            ItemRecord(
                barcode=f"3059{k:07d}",
                origin=origin,
                destination=destination,
                requested_at=at - timedelta(hours=chance.randrange(24 * 360)),
                source="bench",
                reference=str(k),
            )
        )


def _facts(database: Database, plans: Sequence[Plan], wanted: int) -> int:
    """So many facts over the year, each plan's in a transaction of its own."""
    past = plans[:-2]
    visits = sum(len(tour.visits) for plan in past for tour in plan.rounds)
    each = max(2, wanted // visits - 2)  # crates told of at a visit, besides arrived and left
    chance, stored, moment = random.Random(2), 0, now()
    last: dict[str, dict[str, Any]] = {}
    for plan in plans[:-1]:
        rows = [
            row
            for tour in plan.rounds
            for row in _of_round(tour, each if plan in past else 2, chance)
            if row["occurred_at"] < moment
        ]
        with database.write() as session:
            for start in range(0, len(rows), _CHUNK):
                session.connection().execute(insert(ScanRecord), rows[start : start + _CHUNK])
        stored += len(rows)
        last |= {row["crate"]: row for row in rows if row["crate"]}
    with database.write() as session:
        session.add_all(_custody(crate, row) for crate, row in last.items())
    return stored


def _custody(crate: str, row: dict[str, Any]) -> CustodyRecord:
    """Where a crate is by its last fact."""
    left = row["kind"] is ScanKind.DELIVERED
    return CustodyRecord(
        crate=crate,
        holder=Holder.SITE if left else Holder.ROUND,
        holder_ref=row["site"] if left else row["round"],
        since=row["occurred_at"],
        scan=str(row["id"]),
    )


def _of_round(tour: Round, each: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for ref, visit in zip(visit_refs(tour), tour.visits, strict=True):
        begin, end = tour.day.at(visit.begin_s), tour.day.at(visit.end_s)
        step = (end - begin) / (each + 2)
        kinds = [ScanKind.DELIVERED, ScanKind.PICKED_UP]
        named = [
            (kinds[k % 2], f"B{chance.randrange(CRATES):04d}" if each > 2 else None) for k in range(each)
        ]
        told = [(ScanKind.ARRIVED, None), *named, (ScanKind.LEFT, None)]
        for k, (kind, crate) in enumerate(told):
            counted = 3 if crate is None and kind in kinds else None
            row = {"kind": kind, "crate": crate, "count": counted, "visit": ref}
            yield {**row, **_constant(tour, ref, begin + k * step, chance)}


def _constant(tour: Round, ref: str, at: datetime, chance: random.Random) -> dict[str, Any]:
    """What every fact of a visit has: its id (a UUIDv7), where, when, by whom."""
    milliseconds, some, more = int(at.timestamp() * 1000), chance.getrandbits(12), chance.getrandbits(62)
    return {
        "id": UUID(int=(milliseconds << 80) | (7 << 76) | (some << 64) | (2 << 62) | more),
        "round": tour.id,
        "site": ref.partition("/")[2].partition("~")[0],
        "day": tour.date,
        "text": "",
        "occurred_at": at,
        "sent_at": at,
        "received_at": at,
        "source": ScanSource.PHONE,
        "author": tour.driver,
        "notes": [],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--facts", type=int, default=1_000_000)
    wanted = parser.parse_args()
    began = time.perf_counter()
    year = make_year(wanted.url, wanted.facts)
    print(f"{year.facts:,} facts in {time.perf_counter() - began:.0f} s; plan {year.plan}, key {year.key}")


if __name__ == "__main__":
    main()
