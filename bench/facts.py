"""How many facts a second the service stores over HTTP, while others read.

python -m bench.facts --database sqlite --seconds 10 --writers 4 --readers 4

A server process of its own, a load generator in this one, loopback, all on this machine's cores. Batches of
50 facts, each about one round of nine visits, as phones send them; half the facts name one of 2,000 crates.
"""

import argparse
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlmodel import select
from uuid_utils.compat import uuid7

from api.db import Database
from api.schema import upgrade
from api.services.territory import fill_from_folder
from models.network.read import default_folder
from models.tables.base import now
from models.tables.demand import CrateRecord
from models.tables.network import SiteRecord
from tests.databases import postgresql
from tests.road import ROUND, TUESDAY, publish
from tests.serving import Serving, serving

BATCH = 50


def main() -> None:
    wanted = _arguments()
    with database_of(wanted.database) as url:
        refs = _fill(url)
        with serving(url) as server:
            stored, spans, read = _run(server, refs, wanted)
    spans.sort()
    print(
        f"{wanted.database}: {stored / wanted.seconds:,.0f} facts/s in batches of {BATCH}, "
        f"{wanted.writers} writers, {wanted.readers} readers ({read / wanted.seconds:,.0f} reads/s); "
        f"a batch takes {_ms(spans, 0.5)} median, {_ms(spans, 0.95)} at 95 %, {_ms(spans, 1.0)} at most"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--readers", type=int, default=0)
    return parser.parse_args()


@contextmanager
def database_of(kind: str) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="navette-bench-"))
    try:
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'navette.db'}"
            return
        with postgresql() as server:
            yield server.create("bench")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(url: str) -> list[list[str]]:
    """The default network, 400 published rounds over all sites, 2,000 crates; the refs of their visits."""
    database = Database(url)
    upgrade(database)
    refs: list[list[str]] = []
    with database.write() as session:
        fill_from_folder(session, default_folder())
        sites = [code for code in session.exec(select(SiteRecord.code)) if code != "depot"]
        for k in range(400):
            some = tuple(sites[(k * 9 + n) % len(sites)] for n in range(9))
            code = ROUND.replace("V1", f"R{k}")
            publish(session, code=code, day=TUESDAY + timedelta(days=k // 8), sites=some)
            refs.append([f"{code}/{site}" for site in some])
        session.add_all(CrateRecord(code=f"B{k:04d}") for k in range(2000))
    database.close()
    return refs


def _run(server: Serving, refs: list[list[str]], wanted: argparse.Namespace) -> tuple[int, list[float], int]:
    until = time.perf_counter() + wanted.seconds
    spans: list[float] = []
    reads: list[int] = []
    stored: list[int] = []

    def write(seed: int) -> None:
        chance = random.Random(seed)
        with httpx2.Client(base_url=server.address, headers={"x-test-actor": "driver C1"}) as client:
            while time.perf_counter() < until:
                body = {"scans": _batch(chance, chance.choice(refs))}
                begun = time.perf_counter()
                answer = client.post("/api/v1/scans", json=body, timeout=30)
                spans.append(time.perf_counter() - begun)
                stored.append(sum(one["state"] == "stored" for one in answer.json()["results"]))

    def read(_: int) -> None:
        with httpx2.Client(base_url=server.address, headers={"x-test-actor": "coordinator"}) as client:
            while time.perf_counter() < until:
                client.get(f"/api/v1/day/{TUESDAY}", timeout=30).raise_for_status()
                reads.append(1)
                time.sleep(0.2)  # a desk looks again five times a second: more than live updates bring

    _together([(write, wanted.writers), (read, wanted.readers)])
    return sum(stored), spans, len(reads)


def _batch(chance: random.Random, refs: list[str]) -> list[dict[str, Any]]:
    at = now()
    return [
        {
            "id": str(uuid7()),
            "kind": chance.choice(("arrived", "delivered", "picked_up", "left")),
            "visit": chance.choice(refs),
            **({"crate": f"B{chance.randrange(2000):04d}"} if chance.random() < 0.5 else {"count": 2}),
            "occurred_at": (at - timedelta(seconds=BATCH - k)).isoformat(),
            "sent_at": at.isoformat(),
        }
        for k in range(BATCH)
    ]


def _together(works: list[tuple[Callable[[int], None], int]]) -> None:
    threads = [threading.Thread(target=work, args=(k,)) for work, many in works for k in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _ms(spans: list[float], share: float) -> str:
    return f"{1000 * spans[min(len(spans) - 1, int(share * len(spans)))]:.0f} ms" if spans else "-"


if __name__ == "__main__":
    main()
