"""The rounds for a navigation device: GPX 1.1."""

from datetime import UTC, datetime
from itertools import pairwise

import gpxpy.gpx

from maps import marks, words
from models.network.values import Network, Site
from models.plan import Plan, Round, Visit
from routing.travel import LegShapes


def plan_gpx(plan: Plan, network: Network, shapes: LegShapes) -> str:
    """`tournees.gpx`: per round, one track on the roads, and one route through its numbered halts.

    Track points at halts carry the planned departure (arrival at the last one), in UTC; the points between
    them have no time, for the road's own pace is not known. A route's points carry the planned begin.
    """
    gpx = gpxpy.gpx.GPX()
    gpx.creator = "Navette"
    gpx.name = f"Navette, {words.week(plan.week)}"
    gpx.time = plan.created_at
    for tour in plan.rounds:
        gpx.tracks.append(_track(tour, shapes))
        gpx.routes.append(_way(tour, network))
    return str(gpx.to_xml(version="1.1"))


def _name(tour: Round) -> str:
    return f"{words.capital(words.day(tour.date))}, {tour.label}"


def _track(tour: Round, shapes: LegShapes) -> gpxpy.gpx.GPXTrack:
    """One segment; every leg begins at its halt's departure."""
    track = gpxpy.gpx.GPXTrack(
        name=_name(tour), description=f"{words.distance(tour.distance_m)}, {words.duration(tour.duration_s)}"
    )
    segment = gpxpy.gpx.GPXTrackSegment()
    departures = [tour.start_s, *(_departure(tour, visit) for visit in tour.visits)]
    for (origin, destination), leaves_s in zip(pairwise(tour.stops), departures, strict=True):
        line = shapes.line(origin, destination)
        segment.points += [gpxpy.gpx.GPXTrackPoint(lat, lon) for lon, lat in line]
        segment.points[-len(line)].time = _utc(tour, leaves_s)
    segment.points[-1].time = _utc(tour, tour.end_s)
    track.segments.append(segment)
    return track


def _departure(tour: Round, visit: Visit) -> int:
    paused = tour.pause is not None and tour.pause.after == visit.number
    return visit.end_s + (tour.pause.length_s if tour.pause and paused else 0)


def _way(tour: Round, network: Network) -> gpxpy.gpx.GPXRoute:
    """The halts alone, for devices that compute their own way."""
    way = gpxpy.gpx.GPXRoute(name=_name(tour))
    first, last = network.site(tour.start_site), network.site(tour.end_site)
    way.points.append(_point(first, f"Départ, {first.name}", tour, tour.start_s))
    for visit in tour.visits:
        site = network.site(visit.site)
        crates = f"À déposer : {words.crates(visit.deliver)}. À prendre : {words.crates(visit.collect)}."
        said = [f"{words.capital(mark)}." for mark in marks.assumed(site, "site", "horaires")]
        point = _point(site, f"{visit.number} {site.name}", tour, visit.begin_s)
        point.description = " ".join((f"{words.capital(words.between(visit.announced))}.", crates, *said))
        way.points.append(point)
    way.points.append(_point(last, f"Retour, {last.name}", tour, tour.end_s))
    return way


def _point(site: Site, name: str, tour: Round, second: int) -> gpxpy.gpx.GPXRoutePoint:
    return gpxpy.gpx.GPXRoutePoint(site.point.lat, site.point.lon, name=name, time=_utc(tour, second))


def _utc(tour: Round, second: int) -> datetime:
    return tour.day.at(second).astimezone(UTC)
