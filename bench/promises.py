"""How fast promises are: the index, one question, all pairs of a week, and the public endpoint.

python -m bench.promises [--seconds 10]

The default network with a quick plan of its own, published for this week and the next, and as ordinary week.
The last part asks a real server, 100 clients once a second each, as `bench.service` does.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.db import Database
from api.jobs.schema import prepare
from api.schema import upgrade
from api.service import Service
from api.services.actor import SYSTEM
from api.services.folder import open_folder
from api.services.planning import plan_week
from api.services.plans.store import save_plan
from api.services.promises.answer import Question, answer, open_index
from api.services.territory import fill_from_folder
from api.settings import Settings
from bench.machine import facts
from bench.promises_live import tell, telling
from bench.results_file import append
from bench.service import Server, load
from bench.service_data import laid
from models.network.read import default_folder
from models.plan import Plan
from models.service_day import PARIS, IsoWeek, ServiceDay
from models.tables.base import now
from models.tables.plans import PlanKind, PlanStatus
from routing.child import Asked
from routing.promise.journey import earliest
from routing.promise.matrix import hours_of_week, matrix
from routing.promise.quantiles import promised

CLIENTS, PACE_S = 100, 1.0
_PAIRS = 200


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10)
    wanted = parser.parse_args()
    out = Path("bench/results") / f"promises-{datetime.now(UTC).date().isoformat()}.jsonl"
    append(
        out, {"machine": facts("fastapi", "numpy"), "command": " ".join(["bench.promises", *sys.argv[1:]])}
    )
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'promises.db'}"
        sites = _fill(url)
        for name, told in [
            *_in_process(url, Path(folder), sites),
            *_served(url, Path(folder), sites, wanted),
        ]:
            line = {"what": name, **told, "load_average": os.getloadavg()[0]}
            append(out, line)
            print(json.dumps(line), flush=True)


def _fill(url: str) -> list[str]:
    """The libraries that the plan calls at."""
    database = Database(url)
    upgrade(database)
    prepare(database)
    week = IsoWeek.of(now().astimezone(PARIS).date())
    plan = plan_week(open_folder(default_folder()), week, Asked(engine="insertion", iterations=2000))
    with database.write() as session:
        fill_from_folder(session, default_folder())
        for kind, one in (
            (PlanKind.WEEK, plan),
            (PlanKind.WEEK, laid(plan, week.next())),
            (PlanKind.TEMPLATE, plan),
        ):
            record = save_plan(session, one, kind=kind, actor=SYSTEM)
            record.status, record.published_at = PlanStatus.PUBLISHED, now()
            session.flush()
    database.close()
    return _sites(plan)


def _sites(plan: Plan) -> list[str]:
    return sorted({visit.site for tour in plan.rounds for visit in tour.visits})


def _in_process(url: str, folder: Path, sites: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    service = Service(settings=Settings(database=url, data=folder, jobs=False), database=Database(url))
    moment = now()
    monday = IsoWeek.of(moment.astimezone(PARIS).date()).monday + timedelta(weeks=1)
    with service.database.read() as session:
        yield "index, first", _timed(lambda: open_index(session, service, moment), 1)
        index = open_index(session, service, moment)
        reach, pairs = index.odds.reach, _pairs(sites)
        places = [(index.sites[a].index, index.sites[b].index) for a, b in pairs]
        at = int(moment.timestamp())

        def ask(k: int) -> None:
            origin, destination = places[k % len(places)]
            found = earliest(reach, origin, destination, at)
            if found.pickup is not None:
                promised(index.odds, destination, index.odds.waiting[origin][found.pickup, destination])

        yield "one question, prepared index", _timed_each(ask)
        questions = [Question(origin=a, destination=b) for a, b in pairs]
        yield (
            "one answer, with its words",
            _timed_each(lambda k: answer(session, service, questions[k % len(pairs)], remember=False)),
        )
        hours = hours_of_week(int(ServiceDay(monday).at(0).timestamp()))
        size = {"sites": len(reach.pickups), "hours": len(hours), "runs": len(index.odds.timetable.runs)}
        yield "matrix", {**size, **_timed(lambda: matrix(index.odds, hours), 3)}
        service.promises.forget()
        yield "index, again", _timed(lambda: open_index(session, service, moment), 1)
    yield from _on_the_road(service, moment, sites)
    service.close()


def _on_the_road(
    service: Service, moment: datetime, sites: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a fact costs whoever asks next, and one answer afterwards."""
    spans = []
    for k in range(10):
        rounds = tell(service.database, moment, k)
        with service.database.read() as session:
            began = time.perf_counter()
            open_index(session, service, moment)
            spans.append((time.perf_counter() - began) * 1000)
    yield (
        "index, after a fact",
        {"rounds": rounds, "ms": round(sorted(spans)[5], 1), "max_ms": round(max(spans), 1)},
    )
    questions = [Question(origin=a, destination=b) for a, b in _pairs(sites)]
    with service.database.read() as session:
        ask = _timed_each(lambda k: answer(session, service, questions[k % len(questions)], remember=False))
    yield "one answer, rounds under way", ask


def _pairs(sites: list[str]) -> list[tuple[str, str]]:
    every = [(a, b) for a in sites for b in sites if a != b]
    return every[:: max(1, len(every) // _PAIRS)]


def _served(
    url: str, folder: Path, sites: list[str], wanted: argparse.Namespace
) -> Iterator[tuple[str, dict[str, Any]]]:
    server = Server(url, folder)
    paths = [f"/api/v1/promises?from={a}&to={b}" for a, b in _pairs(sites)]
    try:
        load(server, "", 2, clients=4, paths=paths)  # warm
        yield "endpoint, paced", load(server, "", wanted.seconds, clients=CLIENTS, paths=paths, pace_s=PACE_S)
        with telling(url) as told:
            found = load(server, "", wanted.seconds, clients=CLIENTS, paths=paths, pace_s=PACE_S)
        yield "endpoint, paced, facts each second", {**found, "rounds": max(told), "facts": len(told) - 1}
    finally:
        server.stop()


def _timed(action: Callable[[], object], times: int) -> dict[str, Any]:
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        spans.append((time.perf_counter() - began) * 1000)
    return {"ms": round(min(spans), 1)}


def _timed_each(action: Callable[[int], object], times: int = 1000) -> dict[str, Any]:
    spans = []
    for k in range(times):
        began = time.perf_counter()
        action(k)
        spans.append((time.perf_counter() - began) * 1000)
    spans.sort()
    return {"p50_ms": round(spans[times // 2], 3), "p95_ms": round(spans[times * 95 // 100], 3)}


if __name__ == "__main__":
    main()
