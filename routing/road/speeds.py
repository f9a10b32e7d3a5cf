"""How fast a loaded van drives along each street between its junctions, by day and out of the rush.

Three sources frame the table below.
- The law: Code de la route, R413-2 (130 km/h on motorways, 110 on dual carriageways, 80 on other roads;
  the département du Nord has kept 80), R413-3 (50 in built-up areas), R110-2 (20 in shared streets).
- What is measured: ONISR, Observatoire des vitesses, 2021, free light vehicles by day at one spot:
  51 km/h across small towns and 41 km/h on town-centre streets, limits 50. Over a whole street, parked
  cars, crossings and lights that our data do not name take a fifth more: 30 to 34.
- What routers use for cars, in town and out: OSRM's car profile (motorway 90, trunk 85, primary 65,
  secondary 55, tertiary 40, unclassified and residential 25, living street 10, service 15).
Junction delays are counted apart (`junctions.py`): in the open, speeds stand between OSRM's and the law's.
"""

from collections.abc import Mapping

import numpy as np

from routing.road.classes import RoadClass
from routing.road.streets import Bools, Ints, Streets

PROFILE = "navette-fourgon-1"

# km/h (in the open, in built-up areas), and why.
CRUISE_KMH: Mapping[RoadClass, tuple[int, int]] = {
    RoadClass.MOTORWAY: (105, 105),  # limit 130; a loaded van is held back by wind, and by its own fuel bill
    RoadClass.TRUNK: (80, 50),  # D 642 here: limit 80 to 110; OSRM 85
    RoadClass.PRIMARY: (68, 34),  # limit 80, less a seventh for bends, lorries and tractors ahead; OSRM 65
    RoadClass.SECONDARY: (60, 32),  # limit 80; OSRM 55
    RoadClass.TERTIARY: (48, 30),  # limit 80, but 5 m of roadway, bends and farm gates; OSRM 40
    RoadClass.MOTORWAY_LINK: (50, 40),  # slip roads: posted 70, then 50
    RoadClass.TRUNK_LINK: (45, 35),
    RoadClass.PRIMARY_LINK: (40, 30),
    RoadClass.SECONDARY_LINK: (35, 28),
    RoadClass.TERTIARY_LINK: (35, 28),
    RoadClass.UNCLASSIFIED: (36, 26),  # country lanes of one car and a half; OSRM 25
    RoadClass.ROAD: (36, 26),  # class unknown: as unclassified
    RoadClass.RESIDENTIAL: (30, 24),  # zones 30 and parked cars; OSRM 25
    RoadClass.LIVING_STREET: (14, 14),  # limit 20
    RoadClass.SERVICE: (16, 14),  # yards and car parks: OSRM 15
}
LEGAL_KMH = {RoadClass.MOTORWAY: (130, 130), RoadClass.TRUNK: (110, 50)}
LEGAL_ELSE_KMH = (80, 50)
OPEN_ROAD_KMH = 70  # a sign of 70 or more says that the place is no village, whatever its streets
TAGGED_SHARE = 0.92  # a driver stays a little under a posted limit
# A ring of 15 m radius taken at 2.5 m/s² of side acceleration, crates aboard: √(2.5 · 15) = 6.1 m/s.
RING_KMH = 22


def cruise_kmh(streets: Streets, town: Bools) -> Ints:
    """Cruising speed of each segment, whole km/h, at least 5; `town` marks built-up segments."""
    limit = streets.limit_kmh
    column = np.where(town & (limit < OPEN_ROAD_KMH), 1, 0)
    speed = _table(CRUISE_KMH)[streets.road_class, column].astype(np.float64)
    legal = np.full((len(RoadClass), 2), LEGAL_ELSE_KMH)
    for road, limits in LEGAL_KMH.items():
        legal[road] = limits
    tagged = limit > 0
    raised = np.maximum(1.0, limit / legal[streets.road_class, column])
    speed[tagged] = np.minimum(speed * raised, limit * TAGGED_SHARE)[tagged]
    speed[streets.ring] = np.minimum(speed, RING_KMH)[streets.ring]
    return np.maximum(5, np.rint(speed)).astype(np.int64)


def _table(speeds: Mapping[RoadClass, tuple[int, int]]) -> Ints:
    return np.array([speeds[road] for road in RoadClass], np.int64)


def run_ms(lengths_dm: Ints, speed_kmh: Ints) -> Ints:
    """Milliseconds to drive each segment, at least 1: 1 dm at 1 km/h takes 360 ms."""
    return np.asarray(np.maximum(1, (lengths_dm * 360 + speed_kmh // 2) // speed_kmh), np.int64)
