"""The rounds of a day as they go: a GTFS-Realtime 2.0 `FeedMessage` in its JSON mapping.

https://gtfs.org/realtime/reference/ ; 64-bit numbers are texts, as protobuf's JSON has them. Times are whole
seconds since the Unix epoch. What nobody knows is `NO_DATA`: silence is not punctuality.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from maps.export.gtfs import line_of

Message = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveHalt:
    """A halt: when it was planned, and when it was or will be; None where nobody knows. `uncertainty_s`: how
    far the times may be off, 0 for what has happened; None where that is not known."""

    number: int
    site: str
    planned_arrival_at: int
    planned_departure_at: int
    arrival_at: int | None = None
    departure_at: int | None = None
    uncertainty_s: int | None = None
    skipped: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveTrip:
    """A round of the day, its halts from the depot to the depot; `told_at` is when it was last heard of."""

    code: str
    day: date
    vehicle: str
    halts: Sequence[LiveHalt]
    told_at: int | None = None
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LivePlace:
    """Where a van was, in degrees, while its round ran."""

    code: str
    day: date
    vehicle: str
    at: int
    lat: float
    lon: float
    heading_deg: float | None = None
    speed_mps: float | None = None


def live_feed(trips: Iterable[LiveTrip], places: Iterable[LivePlace], *, at: int, version: str) -> Message:
    """The whole message; `version` is the one of the static feed that its names are from."""
    return {
        "header": {
            "gtfsRealtimeVersion": "2.0",
            "incrementality": "FULL_DATASET",
            "timestamp": str(at),
            "feedVersion": version,
        },
        "entity": [
            *({"id": trip.code, "tripUpdate": _update(trip)} for trip in trips),
            *({"id": f"{place.code}/position", "vehicle": _place(place)} for place in places),
        ],
    }


def _update(trip: LiveTrip) -> Message:
    told: Message = {"trip": _trip(trip.code, trip.day), "vehicle": {"id": trip.vehicle}}
    if trip.told_at is not None:
        told["timestamp"] = str(trip.told_at)
    if trip.cancelled:
        told["trip"]["scheduleRelationship"] = "CANCELED"
    else:
        told["stopTimeUpdate"] = list(_halts(trip.halts))
    return told


def _trip(code: str, day: date) -> Message:
    return {
        "tripId": code,
        "routeId": line_of(code),
        "startDate": day.strftime("%Y%m%d"),
        "scheduleRelationship": "SCHEDULED",
    }


def _halts(halts: Iterable[LiveHalt]) -> Iterator[Message]:
    """In order. A van that went another way than planned has been somewhere « too early »: the feed cannot
    say so, and says nothing of that halt."""
    reached_at = 0
    for halt in halts:
        clock = [at for at in (halt.arrival_at, halt.departure_at) if at is not None]
        named: Message = {"stopSequence": halt.number, "stopId": halt.site}
        if halt.skipped:
            yield named | {"scheduleRelationship": "SKIPPED"}
        elif not clock or clock[0] < reached_at or clock != sorted(clock):
            yield named | {"scheduleRelationship": "NO_DATA"}
        else:
            reached_at = clock[-1]
            yield named | {"scheduleRelationship": "SCHEDULED"} | _times(halt)


def _times(halt: LiveHalt) -> Message:
    told: Message = {}
    for name, at, planned in (
        ("arrival", halt.arrival_at, halt.planned_arrival_at),
        ("departure", halt.departure_at, halt.planned_departure_at),
    ):
        if at is not None:
            told[name] = {"delay": at - planned, "time": str(at)}
            if halt.uncertainty_s is not None:
                told[name]["uncertainty"] = halt.uncertainty_s
    return told


def _place(place: LivePlace) -> Message:
    position: Message = {"latitude": round(place.lat, 5), "longitude": round(place.lon, 5)}
    if place.heading_deg is not None:
        position["bearing"] = round(place.heading_deg, 1)
    if place.speed_mps is not None:
        position["speed"] = round(place.speed_mps, 1)
    return {
        "trip": _trip(place.code, place.day),
        "vehicle": {"id": place.vehicle},
        "position": position,
        "timestamp": str(place.at),
    }
