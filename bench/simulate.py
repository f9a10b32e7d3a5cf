"""Simulated weeks of the shuttle, told to a real database or to a running service.

    python -m bench.simulate                                            # what a year is like, in figures
    python -m bench.simulate --into sqlite:////path/navette.db --weeks 12
    python -m bench.simulate --live http://127.0.0.1:8045 --speed 60 --token C1=nvd_… [--day 2026-11-24]

`--into` fills a new database: the weeks that end with this one and three to come are published, what phones
and paper would have told until now is stored through the real services, and a token of a phone is printed for
each driver. `--live` tells the rounds of a day as phones would, so many times faster than they happen.
"""

import argparse
import json
import time
from collections import Counter
from datetime import date, datetime, timedelta

from bench.sim.live import drive_live
from bench.sim.settings import Settings
from bench.sim.store import store
from bench.sim.year import Year, simulate
from models.service_day import PARIS, IsoWeek, today

AHEAD = 3  # weeks to come that are published too


def main() -> None:
    asked = _arguments()
    if asked.into:
        _fill(asked)
    elif asked.live:
        _live(asked)
    else:
        print(json.dumps(summary(simulate(Settings(seed=asked.seed, weeks=asked.weeks)))))


def around(day: date, weeks: int, seed: int) -> Settings:
    """The weeks that end with a day's, and those to come."""
    first = IsoWeek.of(IsoWeek.of(day).monday - timedelta(weeks=weeks - 1))
    return Settings(seed=seed, first=first, weeks=weeks + AHEAD)


def summary(year: Year) -> dict[str, object]:
    """What the year was like."""
    calls = [call for run in year.runs for call in run.driven.calls]
    late = sorted(call.begin_s - call.visit.begin_s for call in calls if call.begin_s is not None)
    tenths = [late[int(share * (len(late) - 1))] // 60 for share in (0.01, 0.1, 0.5, 0.9, 0.99)]
    return {
        "rounds": len(year.runs),
        "vans": Counter(str(run.driven.van) for run in year.runs),
        "visits": Counter(str(call.went) for call in calls),
        "late_min": dict(zip(("p1", "p10", "p50", "p90", "p99"), tenths, strict=True)),
        "facts": sum(len(run.telling.scans) for run in year.runs),
        "positions": sum(len(run.telling.fixes) for run in year.runs),
        "on_paper": sum(run.telling.paper for run in year.runs),
    }


def _fill(asked: argparse.Namespace) -> None:
    began = time.perf_counter()
    year = simulate(around(today(), asked.weeks, asked.seed))
    stored = store(year, asked.into, datetime.now(PARIS))
    print(
        f"{stored.plans} weeks, {stored.facts:,} facts and {stored.positions:,} positions "
        f"in {time.perf_counter() - began:.0f} s"
    )
    for driver, token in stored.phones.items():
        print(f"phone of {driver}: --token {driver}={token}")


def _live(asked: argparse.Namespace) -> None:
    day = asked.day or today()
    year = simulate(around(day, 1, asked.seed))
    runs = [run for run in year.runs if run.tour.date == day]
    phones = dict(one.split("=", 1) for one in asked.token)
    known = [run for run in runs if run.tour.driver in phones]
    if not known:
        raise SystemExit(f"No round of {', '.join(phones) or 'anybody'} on {day}: give --day or --token.")
    print(f"{drive_live(asked.live, known, phones, asked.speed, print)} facts stored")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--into", help="the URL of a new database")
    parser.add_argument("--live", help="the address of a running service")
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=60)
    parser.add_argument("--token", action="append", default=[], help="DRIVER=TOKEN")
    parser.add_argument("--day", type=date.fromisoformat)
    return parser.parse_args()


if __name__ == "__main__":
    main()
