"""A plan as geographic tables: EPSG:4326 to show, EPSG:2154 (Lambert-93) to measure; and as GeoJSON."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import geopandas as gpd
from shapely.geometry import LineString, Point

from models.communes import Commune
from models.network.values import Network, Site
from models.plan import Plan, Round
from routing.travel import LegShapes

SHOWN = "EPSG:4326"
MEASURED = "EPSG:2154"
Lines = tuple[tuple[float, float], ...]


def round_line(tour: Round, shapes: LegShapes) -> Lines:
    """The whole way of a round, depot to depot: (lon, lat), at least two points, none repeated in a row.

    Two legs that do not quite meet (two sides of a street) are joined by their ends.
    """
    points: list[tuple[float, float]] = []
    for origin, destination in pairwise(tour.stops):
        points += [p for p in shapes.line(origin, destination) if not points or p != points[-1]]
    return tuple(points) if len(points) > 1 else (points[0], points[0])


def rounds_frame(plan: Plan, shapes: LegShapes) -> gpd.GeoDataFrame:
    """One row per round, EPSG:4326: `round label date vehicle driver visits distance_m duration_s`."""
    rows = [
        {
            "round": tour.id,
            "label": tour.label,
            "date": tour.date.isoformat(),
            "vehicle": tour.vehicle,
            "driver": tour.driver,
            "visits": len(tour.visits),
            "distance_m": tour.distance_m,
            "duration_s": tour.duration_s,
        }
        for tour in plan.rounds
    ]
    lines = [LineString(round_line(tour, shapes)) for tour in plan.rounds]
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(lines, crs=SHOWN))


def stops_frame(plan: Plan, network: Network) -> gpd.GeoDataFrame:
    """One row per visit, in the plan's order, EPSG:4326: `round number site name commune begin_s`."""
    sites = {site.id: site for site in network.sites}
    calls = [(tour, visit, sites[visit.site]) for tour in plan.rounds for visit in tour.visits]
    rows = [
        {
            "round": tour.id,
            "number": visit.number,
            "site": site.id,
            "name": site.name,
            "commune": site.commune,
            "begin_s": visit.begin_s,
        }
        for tour, visit, site in calls
    ]
    points = [Point(site.point.lon, site.point.lat) for _, _, site in calls]
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(points, crs=SHOWN))


def communes_frame(communes: Iterable[Commune]) -> gpd.GeoDataFrame:
    """One row per commune, EPSG:4326: `insee name population`, and where its name sits (`lon lat`)."""
    rows, polygons = [], []
    for commune in communes:
        seat = commune.polygon.representative_point()
        rows.append(
            {
                "insee": commune.insee,
                "name": commune.name,
                "population": commune.population,
                "lon": round(seat.x, 5),
                "lat": round(seat.y, 5),
            }
        )
        polygons.append(commune.polygon)
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(polygons, crs=SHOWN))


def measured(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same table in Lambert-93, whose lengths are metres to within 0.1 % in mainland France."""
    return frame.to_crs(MEASURED)


def round_geojson(tour: Round, network: Network, shapes: LegShapes) -> dict[str, Any]:
    """One round as an RFC 7946 FeatureCollection: its legs as lines, then its halts as points.

    Coordinates are WGS 84 degrees with five decimals (about a metre). Halt 0 is the start depot, the last
    one the end depot; leg n leads to halt n. Times are both seconds of the service day and ISO 8601.
    """
    return _collection([*_legs(tour, shapes), *_halts(tour, network)])


def plan_geojson(plan: Plan, network: Network, shapes: LegShapes) -> dict[str, Any]:
    """All rounds of a plan in one such FeatureCollection, in the plan's order; empty, it has no bbox."""
    return _collection(
        [one for tour in plan.rounds for one in (*_legs(tour, shapes), *_halts(tour, network))]
    )


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    if not features:
        return {"type": "FeatureCollection", "features": []}
    ring = [p for feature in features for p in _positions(feature["geometry"])]
    lons, lats = [p[0] for p in ring], [p[1] for p in ring]
    return {
        "type": "FeatureCollection",
        "bbox": [min(lons), min(lats), max(lons), max(lats)],
        "features": features,
    }


def _legs(tour: Round, shapes: LegShapes) -> Iterator[dict[str, Any]]:
    figures = [*((v.leg_s, v.leg_m) for v in tour.visits), (tour.leg_back_s, tour.leg_back_m)]
    for number, ((origin, destination), (leg_s, leg_m)) in enumerate(
        zip(pairwise(tour.stops), figures, strict=True), start=1
    ):
        line = [_position(*p) for p in shapes.line(origin, destination)]
        properties = {
            "kind": "leg",
            "round": tour.id,
            "number": number,
            "origin": origin,
            "destination": destination,
            "travel_s": leg_s,
            "distance_m": leg_m,
        }
        yield _feature({"type": "LineString", "coordinates": line}, properties)


def _halts(tour: Round, network: Network) -> Iterator[dict[str, Any]]:
    last = len(tour.visits) + 1
    yield _halt(tour, 0, network.site(tour.start_site), tour.start_s)
    for visit in tour.visits:
        crates = {"deliver": visit.deliver, "collect": visit.collect, "load_after": visit.load_after}
        site = network.site(visit.site)
        yield _halt(tour, visit.number, site, visit.begin_s, end_s=visit.end_s, **crates)
    yield _halt(tour, last, network.site(tour.end_site), tour.end_s)


def _halt(tour: Round, number: int, site: Site, begin_s: int, **more: int) -> dict[str, Any]:
    properties = {
        "kind": "halt",
        "round": tour.id,
        "number": number,
        "site": site.id,
        "name": site.name,
        "commune": site.commune,
        "stand_in": site.stand_in,
        "begin_s": begin_s,
        "begin": tour.day.at(begin_s).isoformat(),
        **more,
    }
    point = {"type": "Point", "coordinates": _position(site.point.lon, site.point.lat)}
    return _feature(point, properties)


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _position(lon: float, lat: float) -> list[float]:
    return [round(lon, 5), round(lat, 5)]


def _positions(geometry: dict[str, Any]) -> list[list[float]]:
    held: list[list[float]] = geometry["coordinates"]
    return held if geometry["type"] == "LineString" else [geometry["coordinates"]]
