"""Speed limits as OSM tags say them → km/h."""

import re
from collections.abc import Mapping

from routing.road.classes import SPEED_KEYS

# France: Code de la route, articles R413-2 (130, 110, 80 outside built-up areas), R413-3 (50 inside),
# R110-2 (20 where pedestrians have priority, 30 in a zone 30).
_WORDS: Mapping[str, int] = {
    "walk": 7,
    "urban": 50,
    "rural": 80,
    "trunk": 110,
    "motorway": 130,
    "living_street": 20,
    "zone20": 20,
    "zone:20": 20,
    "zone30": 30,
    "zone:30": 30,
}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?")
_KMH_PER_MPH = 1.609344


def parse_limit(text: str) -> int:
    """« 50 », « 30 mph », « FR:urban », « 50;70 » (the lower) → whole km/h; 0 when it gives no figure.

    « none », « signals », « variable » and what cannot be understood give 0, never an error.
    """
    limits = [_one(part.strip().lower()) for part in text.split(";")]
    return min((limit for limit in limits if limit), default=0)


def _one(text: str) -> int:
    if match := _NUMBER.fullmatch(text):
        factor = _KMH_PER_MPH if match[2] == "mph" else 1.0
        return round(float(match[1]) * factor)
    return _WORDS.get(text.removeprefix("fr:").removeprefix("sign:"), 0)


def tagged_limit(tags: Mapping[str, object]) -> int:
    """The limit of a way in km/h: the first of `SPEED_KEYS` that gives one, else 0."""
    return next((limit for key in SPEED_KEYS if (limit := parse_limit(str(tags.get(key, ""))))), 0)
