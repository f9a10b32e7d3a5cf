"""How quickly the service answers with a year of data: 52 weeks of rounds, about a million facts.

python -m bench.year --database sqlite --clients 50

The year is stored at once, without HTTP; then that many clients ask, each waiting for its answer, for some
seconds: where a library's shuttle is, a round, a day, a crate, and now and then the report of the year.
"""

import argparse
import json
import random
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import insert
from sqlmodel import Session, select
from uuid_utils.compat import uuid7

from api.db import Database
from api.schema import upgrade
from api.services.road.custody import rebuild_crates
from api.services.road.outcomes import rebuild_visits
from api.services.territory import fill_from_folder
from bench.facts import database_of
from models.custody.facts import ScanKind
from models.network.read import default_folder
from models.service_day import IsoWeek, ServiceDay
from models.tables.demand import CrateRecord
from models.tables.network import SiteRecord
from models.tables.scans import ScanRecord, ScanSource
from tests.road import publish
from tests.serving import Serving, serving

WEEKS, CRATES = 52, 600
_DAYS = ("lun", "mar", "mer", "jeu", "ven")


def main() -> None:
    wanted = _arguments()
    with database_of(wanted.database) as url:
        begun = time.perf_counter()
        facts = _fill(url, wanted.facts)
        print(f"{facts:,} facts stored and folded in {time.perf_counter() - begun:.0f} s")
        with serving(url) as server:
            _ask(server, wanted)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10)
    return parser.parse_args()


def _fill(url: str, facts: int) -> int:
    database = Database(url)
    upgrade(database)
    with database.write() as session:
        fill_from_folder(session, default_folder())
        session.add_all(CrateRecord(code=f"B{k:04d}") for k in range(CRATES))
    last = IsoWeek.of(date.today())  # noqa: DTZ011
    rounds = WEEKS * len(_DAYS)
    stored = 0
    for week in range(WEEKS):
        monday = last.monday - timedelta(weeks=week)
        with database.write() as session:
            stored += sum(_store_round(session, *one, facts // rounds) for one in _rounds(session, monday))
    with database.write() as session:
        rebuild_visits(session)
    with database.write() as session:
        rebuild_crates(session)
    database.close()
    return stored


def _rounds(session: Session, monday: date) -> Iterator[tuple[str, date, tuple[str, ...]]]:
    """Five rounds of 27 visits a week: every site three times."""
    sites = [code for code in session.exec(select(SiteRecord.code)) if code != "depot"]
    for k, name in enumerate(_DAYS):
        day = monday + timedelta(days=k)
        some = tuple(sites[(k * 27 + n) % len(sites)] for n in range(27))
        yield f"{IsoWeek.of(monday)}-{name}-V1", day, some


def _store_round(session: Session, code: str, day: date, sites: tuple[str, ...], facts: int) -> int:
    publish(session, code=code, day=day, sites=sites)
    chance = random.Random(code)
    rows = [_row(code, day, sites, k / facts, chance) for k in range(facts)]
    session.connection().execute(insert(ScanRecord), rows)
    return len(rows)


def _row(code: str, day: date, sites: tuple[str, ...], share: float, chance: random.Random) -> dict[str, Any]:
    site = sites[int(share * len(sites))]
    at = ServiceDay(day).at(9 * 3600 + int(share * 24_000))
    kind = chance.choice((ScanKind.DELIVERED, ScanKind.PICKED_UP, ScanKind.DELIVERED, ScanKind.ARRIVED))
    return {
        "id": UUID(str(uuid7())),
        "kind": kind,
        "visit": f"{code}/{site}",
        "round": code,
        "site": site,
        "day": day,
        "crate": f"B{chance.randrange(CRATES):04d}" if kind is not ScanKind.ARRIVED else None,
        "occurred_at": at,
        "sent_at": at,
        "received_at": at,
        "source": ScanSource.PHONE,
        "author": "C1",
        "notes": [],
    }


def _ask(server: Serving, wanted: argparse.Namespace) -> None:
    today = date.today()  # noqa: DTZ011
    monday = IsoWeek.of(today).monday
    year = f"from={today - timedelta(days=364)}&to={today}"
    asked = {
        "arrivals": "/api/v1/sites/cassel/arrivals",
        "round": f"/api/v1/rounds/{IsoWeek.of(today)}-lun-V1/progress",
        "day": f"/api/v1/day/{monday}",
        "crate": "/api/v1/crates/B0042",
        "crate history": "/api/v1/crates/B0042/history",
    }
    for name, url in asked.items():
        print(f"{wanted.database}, {wanted.clients} clients, {name}: {_measure(server, url, wanted)}")
    for name, url in {"report": f"/api/v1/reports?{year}", "xlsx": f"/api/v1/reports/xlsx?{year}"}.items():
        print(f"{wanted.database}, alone, {name}: {_measure(server, url, wanted, clients=1)}")


def _measure(server: Serving, url: str, wanted: argparse.Namespace, clients: int | None = None) -> str:
    spans: list[float] = []
    until = time.perf_counter() + wanted.seconds

    def ask() -> None:
        with httpx2.Client(base_url=server.address, headers={"x-test-actor": "coordinator"}) as client:
            while time.perf_counter() < until:
                begun = time.perf_counter()
                client.get(url, timeout=60).raise_for_status()
                spans.append(time.perf_counter() - begun)
                time.sleep(random.random() * 2)  # people look, then ask again

    threads = [threading.Thread(target=ask) for _ in range(clients or wanted.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spans.sort()
    told = {"median_ms": 0.5, "p95_ms": 0.95, "most_ms": 1.0}
    figures = {
        name: round(1000 * spans[min(len(spans) - 1, int(share * len(spans)))])
        for name, share in told.items()
    }
    return json.dumps({"answers": len(spans), **figures})


if __name__ == "__main__":
    main()
