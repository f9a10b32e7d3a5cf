"""A larger week, made from the real one: as many sites as wanted, a depot and two vans for every 45.

The same seed makes the same week. The land is a patchwork of squares, one per depot, each as large as the
real territory and with as many sites, scattered at random but not nearer to each other than real ones are.
Each site is one of the real libraries in another place: its visits owed, crates, documents, service times
and openings go together as they do there; openings are moved by up to half an hour, so that no two sites are
twins. Each depot has the real vans, drivers and hours. Any van may serve any site, and crates come from and
go to the depot of whoever does: costs alone keep vans near home, so that no engine is spared the question.
Five days, Monday to Friday. Roads are those of `bench.synthetic_roads`.
"""

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy.spatial import ConvexHull

from api.services.assemble import assemble
from api.services.folder import open_folder
from bench.synthetic_roads import METRES_PER_DEGREE, MIDDLE_LAT, Floats, crow, drive, flattened, law_of
from models.network.read import default_folder
from models.service_day import IsoWeek
from models.values import Coordinates, TimeWindow
from routing.problem import Shift, Stop, WeekProblem
from routing.travel import TravelMatrix, TravelStamp

SITES_PER_DEPOT = 45
DAYS = 5
_STEP_S, _STEPS = 900, 2  # openings move by so many quarters of an hour, at most
_CLOSEST = 0.05  # as near as this share of real sites have a neighbour is near enough


def real_week(week: str) -> WeekProblem:
    """The week of the default network."""
    territory = open_folder(default_folder())
    return assemble(territory.network, territory.travel, IsoWeek.parse(week)).problem


@lru_cache(maxsize=2)
def synthetic_week(sites: int, seed: int = 1, week: str = "2026-W49") -> WeekProblem:
    """`sites` sites, and a depot with two vans for every 45 of them, one at least."""
    real = real_week(week)
    random = np.random.default_rng(seed)
    depots = max(1, round(sites / SITES_PER_DEPOT))
    places = [stop.place for stop in real.stops]
    law = law_of(real.travel, sorted({*places, *(shift.start for shift in real.shifts)}))
    flat = _scattered(flattened([real.travel.points[k] for k in places]), sites, depots, random)
    seconds, metres = drive(flat, law, random)
    ids = (*(f"depot-{k + 1}" for k in range(depots)), *(f"site-{k + 1}" for k in range(sites)))
    return WeekProblem(
        days=DAYS,
        stops=tuple(_stop(real, depots + k, ids[depots + k], random) for k in range(sites)),
        shifts=tuple(_shift(shift, depot) for depot in range(depots) for shift in _weekday(real)),
        travel=TravelMatrix(
            ids=ids,
            points=tuple(_point(x, y) for x, y in flat),
            seconds=seconds,
            metres=metres,
            stamp=TravelStamp(
                graph=f"synthetic {sites} {seed}",
                source=real.travel.stamp.source,
                source_date=real.travel.stamp.source_date,
                speed_profile="drawn from real pairs",
                licence=real.travel.stamp.licence,
            ),
        ),
        habit_tolerance_s=real.habit_tolerance_s,
    )


def _weekday(real: WeekProblem) -> list[Shift]:
    return [shift for shift in real.shifts if shift.day < DAYS]


def _scattered(real: Floats, sites: int, depots: int, random: np.random.Generator) -> Floats:
    """Depots, then sites, in metres: a depot somewhere in the middle of its square, sites all over it."""
    area = float(ConvexHull(real).volume)  # in two dimensions, its volume is an area
    side = math.sqrt(area * SITES_PER_DEPOT / len(real))
    beside = crow(real) + np.diag([math.inf] * len(real))
    apart = float(np.quantile(beside.min(axis=1), _CLOSEST))
    columns = math.ceil(math.sqrt(depots))
    corners = [np.array([k % columns, k // columns], np.float64) * side for k in range(depots)]
    found = [corner + side * random.uniform(0.25, 0.75, 2) for corner in corners]
    for k in range(sites):
        place = corners[k % depots] + side * random.random(2)
        while min(math.dist(place, other) for other in found) < apart:
            place = corners[k % depots] + side * random.random(2)
        found.append(place)
    return np.array(found)


def _stop(real: WeekProblem, place: int, name: str, random: np.random.Generator) -> Stop:
    """A real library elsewhere."""
    alike = real.stops[int(random.integers(len(real.stops)))]
    later = _STEP_S * int(random.integers(-_STEPS, _STEPS + 1))
    windows = tuple(
        tuple(TimeWindow(w.early + later, w.late + later) for w in day) for day in alike.windows[:DAYS]
    )
    patterns = tuple(pattern for pattern in alike.patterns if all(day < DAYS for day in pattern.days))
    return replace(alike, id=name, place=place, windows=windows, patterns=patterns, shifts=None, announced=())


def _shift(shift: Shift, depot: int) -> Shift:
    """A real shift, from and to another depot."""
    return replace(
        shift,
        id=f"{depot + 1}-{shift.id}",
        vehicle=f"{depot + 1}-{shift.vehicle}",
        driver=f"{depot + 1}-{shift.driver}",
        start=depot,
        end=depot,
    )


def _point(east: float, north: float) -> Coordinates:
    """Somewhere around the real latitude, so that maps and neighbours come out right."""
    lon = 2.0 + east / (METRES_PER_DEGREE * math.cos(math.radians(MIDDLE_LAT)))
    return Coordinates(lon=lon, lat=MIDDLE_LAT + north / METRES_PER_DEGREE)
