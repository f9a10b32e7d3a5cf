"""Matrices of 50, 87 and 300 places on the shared roads: ours beside its peers, in one run.

    python -m bench.roads [--runs N] [--sizes 50,87,300] [--valhalla PYTHON]

JSON lines: who, what (times, or times and lengths), places, median seconds of N runs, its ratio to ours for
the same work. The places are random junctions (seed 1), the same for all; every library answers on our own
junction graph, already prepared, and its times are checked against ours. Valhalla, given an interpreter that
has `pyvalhalla`, answers on its own graph of the same file.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.machine import facts
from bench.road_peers import PEERS
from models.communes import read_communes
from models.network.read import default_folder
from models.values import Coordinates
from routing.road.build import area_of
from routing.road.graph import read_streets
from routing.road.matrix import Roads, legs, prepare, travel_ms
from routing.road.roads import road_graph
from routing.road.snap import Snap, snap
from routing.road.source import OsmFile

SHARED = Path(os.environ.get("NAVETTE_SHARED", Path(__file__).parents[2] / "shared"))
ROADS = SHARED / "data" / "roads" / "flandre-interieure-roads.osm.pbf"
T = TypeVar("T")
LIBRARIES = ("osmnx", "routingkit-cch", "scipy", "networkx", "rustworkx", "numpy", "shapely")


def main() -> int:
    asked = _arguments()
    if not ROADS.is_file():
        print(f"no shared road data: {ROADS} is absent", file=sys.stderr)
        return 2
    _tell(**facts(*filter(_installed, LIBRARIES)))
    start = time.perf_counter()
    roads = _roads()
    _tell(what="roads read, timed, prepared", s=time.perf_counter() - start, peak_mb=_peak_mb())
    for size in asked.sizes:
        for line in _compare(roads, size, asked.runs, asked.valhalla):
            _tell(places=size, **line)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.roads")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--sizes", type=lambda text: [int(size) for size in text.split(",")], default=[50, 87, 300]
    )
    parser.add_argument("--valhalla", metavar="PYTHON", help="an interpreter that has pyvalhalla")
    return parser.parse_args()


def _roads() -> Roads:
    communes = read_communes(default_folder() / "communes.geojson")
    streets, date = read_streets(OsmFile(path=ROADS, date="2021-08"), area_of(communes))
    return prepare(road_graph(streets, source=ROADS.name, source_date=date))


def _compare(roads: Roads, size: int, runs: int, valhalla: str | None) -> Iterator[dict[str, object]]:
    """One line per competitor, ours first."""
    ranks = np.random.default_rng(1).choice(len(roads.chains.junctions), size, replace=False)
    junctions = sorted(ranks.tolist())
    points = roads.chains.junctions[junctions]
    places = {
        str(k): Coordinates(lon=float(roads.graph.lon[point]), lat=float(roads.graph.lat[point]))
        for k, point in enumerate(points)
    }
    snapping = _timed(lambda: snap(roads.graph, places), runs)[1]
    yield {"who": "ours", "what": "snapping", "median_s": snapping}
    snaps = _on_junctions(roads, points.tolist(), places)
    ours = {
        "times": _timed(lambda: travel_ms(roads, snaps), runs)[1],
        "times and lengths": _timed(lambda: _times_and_lengths(roads, snaps), runs)[1],
    }
    for what, median in ours.items():
        yield {"who": "ours", "what": what, "median_s": median, "ratio": 1.0}
    expected = travel_ms(roads, snaps)
    for who, (what, prepared) in PEERS.items():
        times, median = _timed(prepared(roads, junctions), runs)
        if not np.array_equal(times, expected):
            raise SystemExit(f"{who} and ours disagree on {size} places")
        yield {"who": who, "what": what, "median_s": median, "ratio": median / ours[what]}
    if valhalla:
        yield _valhalla(valhalla, places, runs, ours["times and lengths"])


def _on_junctions(roads: Roads, points: list[int], places: dict[str, Coordinates]) -> tuple[Snap, ...]:
    """Places that stand exactly on junctions, at the beginning of every street that leaves them."""
    return tuple(
        Snap(
            place=place,
            away_m=0.0,
            on_road=places[place],
            spots=tuple((segment, 0.0) for segment in np.flatnonzero(roads.graph.tail == point).tolist()),
        )
        for place, point in zip(places, points, strict=True)
    )


def _times_and_lengths(roads: Roads, snaps: tuple[Snap, ...]) -> int:
    travel_ms(roads, snaps)
    return sum(leg.length_dm for leg in legs(roads, snaps))


def _valhalla(python: str, places: dict[str, Coordinates], runs: int, ours_s: float) -> dict[str, object]:
    asked = {"roads": str(ROADS), "points": [[p.lon, p.lat] for p in places.values()], "runs": runs}
    done = subprocess.run(
        [python, str(Path(__file__).with_name("road_valhalla.py"))],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    median = statistics.median(json.loads(done.stdout)["runs_s"])
    return {"who": "valhalla", "what": "times and lengths", "median_s": median, "ratio": median / ours_s}


def _timed(ask: Callable[[], T], runs: int) -> tuple[T, float]:
    """The answer, and the median seconds of `runs` runs after one to warm up."""
    answer = ask()
    spent = []
    for _ in range(runs):
        start = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - start)
    return answer, statistics.median(spent)


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _tell(**line: object) -> None:
    print(json.dumps({k: round(v, 5) if isinstance(v, float) else v for k, v in line.items()}), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
