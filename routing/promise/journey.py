"""The way that something takes when all goes as planned, step by step."""

from dataclasses import dataclass
from enum import StrEnum

from routing.promise.earliest import Reach, arrivals_of, key
from routing.promise.timetable import NEVER


class LegKind(StrEnum):
    """What happens: taken on at a call, handed over at a depot, loaded there, left at the destination."""

    PICKUP = "pickup"
    HANDOVER = "handover"
    LOADING = "loading"
    DELIVERY = "delivery"


@dataclass(frozen=True, kw_only=True, slots=True)
class Leg:
    """At the halt `position` of a run (both by index; -1 and the number of calls are its depots)."""

    kind: LegKind
    site: int
    run: int
    position: int
    at: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """`pickup` is an index in `Reach.pickups` of the origin. Instants are NEVER where it does not come."""

    ready_at: int
    pickup: int | None
    arrival_at: int
    legs: tuple[Leg, ...] = ()


def earliest(reach: Reach, origin: int, destination: int, asked_at: int) -> Journey:
    """From a site that is no depot, asked for at an instant, with the steps of the way."""
    ready_at = reach.ready_at(origin, asked_at)
    pickup = reach.pickup(origin, ready_at)
    if pickup is None:
        return Journey(ready_at=ready_at, pickup=None, arrival_at=NEVER)
    first = reach.pickups[origin][pickup]
    begun = Leg(kind=LegKind.PICKUP, site=origin, run=first.run, position=first.position, at=first.begin_at)
    legs = (begun, *aboard_legs(reach, first.run, first.position, destination, sorted_already=False))
    arrival_at = int(arrivals_of(reach.taken[first.run, first.position])[destination])
    return Journey(ready_at=ready_at, pickup=pickup, arrival_at=arrival_at, legs=legs)


def aboard_legs(
    reach: Reach, run: int, position: int, destination: int, *, sorted_already: bool
) -> list[Leg]:
    """What follows from being aboard a run; empty when the destination is never reached."""
    best = reach.aboard(run, position, sorted_already=sorted_already)[destination]
    if best == NEVER:
        return []
    tour = reach.timetable.runs[run]
    if sorted_already or reach.timetable.sorts_on_road:
        for k, call in enumerate(tour.calls[position + 1 :], start=position + 1):
            if call.site == destination and not call.off and key(call.end_at) == best:
                return [_leg(LegKind.DELIVERY, destination, run, k, call.end_at)]
        if tour.end == destination and key(tour.end_at) == best:
            return [_leg(LegKind.DELIVERY, destination, run, len(tour.calls), tour.end_at)]
    for drop in reach.drops_after(run, position, sorted_already=sorted_already):
        given = _leg(LegKind.HANDOVER, drop.depot, run, drop.position, drop.at)
        if drop.depot == destination and key(drop.at) == best:
            return [_leg(LegKind.DELIVERY, destination, run, drop.position, drop.at)]
        sorted_at = drop.at + reach.timetable.sorting_s
        if reach.sorted_at(drop.depot, sorted_at)[destination] + 1 == best:
            return [given, *depot_legs(reach, drop.depot, sorted_at, destination)]
    raise AssertionError("an arrival without a way that leads there")


def depot_legs(reach: Reach, depot: int, sorted_at: int, destination: int) -> list[Leg]:
    """What follows from lying sorted at a depot; empty when the destination is never reached."""
    k = reach.departure(depot, sorted_at)
    rows = reach.after.get(depot, [])
    if not rows or rows[k][destination] == NEVER:
        return []
    while reach.via[depot][k][destination] != rows[k][destination]:
        k += 1
    load = reach.loads[depot][k]
    loaded = _leg(LegKind.LOADING, depot, load.run, load.position, load.at)
    return [loaded, *aboard_legs(reach, load.run, load.position, destination, sorted_already=True)]


def _leg(kind: LegKind, site: int, run: int, position: int, at: int) -> Leg:
    return Leg(kind=kind, site=site, run=run, position=position, at=at)
