"""One simulated day told to a running service as phones would, in time that runs faster.

The facts of the rounds published for that day are moved onto today's clock: what the day's clock says is what
the service hears, so that pages and predictions see a round that runs now.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import httpx2

from bench.sim.store import batches, reading
from bench.sim.year import Run
from models.custody.facts import Scan


def heard_in_order(runs: list[Run]) -> list[tuple[datetime, str, list[Scan]]]:
    """(received, driver, facts) of some rounds, in order; paper has no place in a live day."""
    told = [
        (received_at, run.tour.driver, scans)
        for run in runs
        if not run.telling.paper
        for received_at, scans in batches(run.telling.scans)
    ]
    return sorted(told, key=lambda one: one[0])


def drive_live(
    address: str, runs: list[Run], phones: Mapping[str, str], speed: float, say: Callable[[str], None]
) -> int:
    """Post the day's facts; how many were stored. `phones`: a device's token by driver.

    The first fact is told now, the others as much later as they were, over `speed`. Each keeps its distance
    to its own reception, so that clocks stay believable.
    """
    told, stored = heard_in_order(runs), 0
    begun, first = time.monotonic(), told[0][0] if told else None
    for received_at, driver, scans in told:
        assert first is not None
        wait_s = (received_at - first).total_seconds() / speed - (time.monotonic() - begun)
        if wait_s > 0:
            time.sleep(wait_s)
        shift = datetime.now(tz=received_at.tzinfo) - received_at
        body = {"scans": [reading(_moved(scan, shift)).model_dump(mode="json") for scan in scans]}
        headers = {"Authorization": f"Bearer {phones[driver]}"}
        answer = httpx2.post(f"{address}/api/v1/scans", json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        fates = [one["state"] for one in answer.json()["results"]]
        stored += fates.count("stored")
        say(f"{received_at:%H:%M:%S} {driver} {scans[0].visit} {', '.join(scan.kind for scan in scans)}")
    return stored


def _moved(scan: Scan, shift: timedelta) -> Scan:
    """The same fact, so much later."""
    return replace(scan, occurred_at=scan.occurred_at + shift, sent_at=scan.sent_at + shift)
