"""What trackers send → fixes: OsmAnd and Traccar (query, form or JSON), OwnTracks over HTTP."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models.errors import Finding, InputError
from models.transfers.moments import read_moment

_KNOT_MPS = 0.514444
_KMH_MPS = 1 / 3.6
_SECONDS = 2**31  # larger numbers are milliseconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """Where a phone was. Degrees (WGS 84), metres, metres per second, degrees from north."""

    at: datetime
    lat: float
    lon: float
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None


def of_osmand(params: Mapping[str, str], received_at: datetime) -> Fix:
    """Query or form parameters; `speed` is in knots, `timestamp` in seconds, milliseconds or ISO 8601.

    InputError when there is no place in it.
    """
    lat, lon = params.get("lat"), params.get("lon")
    if "location" in params:
        lat, _, lon = params["location"].partition(",")
    speed = _number(params.get("speed"), 0, 400)
    return Fix(
        at=_moment(params.get("timestamp"), received_at),
        lat=_coordinate("lat", lat, 90),
        lon=_coordinate("lon", lon, 180),
        accuracy_m=_number(params.get("accuracy"), 0, 1e6),
        speed_mps=None if speed is None else round(speed * _KNOT_MPS, 2),
        heading_deg=_number(params.get("bearing", params.get("heading")), 0, 360),
    )


def of_traccar(told: Mapping[str, Any], received_at: datetime) -> Fix:
    """The JSON of newer Traccar clients; `speed` is in metres per second."""
    location = _part(told, "location")
    coords = _part(location, "coords")
    return Fix(
        at=_moment(location.get("timestamp"), received_at),
        lat=_coordinate("location.coords.latitude", coords.get("latitude"), 90),
        lon=_coordinate("location.coords.longitude", coords.get("longitude"), 180),
        accuracy_m=_number(coords.get("accuracy"), 0, 1e6),
        speed_mps=_number(coords.get("speed"), 0, 200),
        heading_deg=_number(coords.get("heading"), 0, 360),
    )


def of_owntracks(told: Any, received_at: datetime) -> Fix | None:
    """A message of `_type` location; None for the other kinds. `vel` is in kilometres per hour."""
    if not isinstance(told, dict) or told.get("_type") != "location":
        return None
    speed = _number(told.get("vel"), 0, 720)
    return Fix(
        at=_moment(told.get("tst"), received_at),
        lat=_coordinate("lat", told.get("lat"), 90),
        lon=_coordinate("lon", told.get("lon"), 180),
        accuracy_m=_number(told.get("acc"), 0, 1e6),
        speed_mps=None if speed is None else round(speed * _KMH_MPS, 2),
        heading_deg=_number(told.get("cog"), 0, 360),
    )


def _part(told: Any, name: str) -> Mapping[str, Any]:
    found = told.get(name) if isinstance(told, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _number(said: Any, low: float, high: float) -> float | None:
    """A number within [low, high]; None for anything else: trackers send -1 for what they do not know."""
    try:
        value = float(said)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if math.isfinite(value) and low <= value <= high else None


def _coordinate(name: str, said: Any, limit: float) -> float:
    value = _number(said, -limit, limit)
    if value is None:
        message = f"il faut un nombre de degrés entre -{limit:g} et {limit:g}."
        raise InputError(
            "Cette position n'en est pas une.", (Finding(where=name, message=message, remedy=""),)
        )
    return value


def _moment(said: Any, received_at: datetime) -> datetime:
    """The time of a fix; of its reception where it does not say. InputError for what is no time."""
    if said is None or not str(said).strip():
        return received_at
    number = _number(said, 0, 1e15)
    if number is not None:
        return datetime.fromtimestamp(number if number < _SECONDS else min(number / 1000, 4e9), UTC)
    moment = read_moment(str(said)[:40])
    if moment is None:
        finding = Finding(where="timestamp", message="ce n'est pas un instant.", remedy="")
        raise InputError("Cette position n'en est pas une.", (finding,))
    return moment
