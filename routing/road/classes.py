"""Which OSM ways a van may drive, and their classes."""

from collections.abc import Mapping
from enum import IntEnum


class RoadClass(IntEnum):
    """`highway` of a drivable way; the names, in lower case, are OSM's."""

    MOTORWAY = 0
    TRUNK = 1
    PRIMARY = 2
    SECONDARY = 3
    TERTIARY = 4
    MOTORWAY_LINK = 5
    TRUNK_LINK = 6
    PRIMARY_LINK = 7
    SECONDARY_LINK = 8
    TERTIARY_LINK = 9
    UNCLASSIFIED = 10
    ROAD = 11
    RESIDENTIAL = 12
    LIVING_STREET = 13
    SERVICE = 14


BY_TAG: Mapping[str, RoadClass] = {road.name.lower(): road for road in RoadClass}

# Ways kept out: nobody delivers through them, or the public may not.
CLOSED = ("no", "private", "agricultural", "forestry", "emergency", "military")
SERVICE_KEPT_OUT = (
    "parking_aisle",
    "driveway",
    "drive-through",
    "emergency_access",
    "slipway",
    "private",
    "bus",
)
ACCESS_KEYS = ("access", "vehicle", "motor_vehicle", "motorcar")
SPEED_KEYS = ("maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed")
USEFUL_KEYS = ("highway", "oneway", "junction", *SPEED_KEYS)


def drivable(tags: Mapping[str, str]) -> bool:
    """True when a van may drive along a way with these tags.

    A more precise key wins over a vaguer one: `access=no` with `motor_vehicle=yes` is open.
    """
    if tags.get("highway") not in BY_TAG or tags.get("area") == "yes":
        return False
    if tags.get("service") in SERVICE_KEPT_OUT:
        return False
    access = next((tags[key] for key in reversed(ACCESS_KEYS) if key in tags), "yes")
    return access not in CLOSED


def overpass_filter() -> str:
    """The same choice in Overpass QL, but for precise keys that reopen a closed way."""
    classes, closed = "|".join(BY_TAG), "|".join(CLOSED)
    doors = "".join(f'["{key}"!~"^({closed})$"]' for key in ACCESS_KEYS)
    return f'["highway"~"^({classes})$"]["area"!="yes"]["service"!~"^({"|".join(SERVICE_KEPT_OUT)})$"]{doors}'
