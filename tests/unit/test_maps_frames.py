"""A plan as geographic tables and as GeoJSON."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from maps.frames import communes_frame, measured, round_geojson, round_line, rounds_frame, stops_frame
from routing.travel import LegShapes
from tests.sample_network import sample_network
from tests.sample_plan import leg, sample_communes, sample_plan, sample_shapes

NETWORK, PLAN, SHAPES = sample_network(), sample_plan(), sample_shapes()


def test_frames_name_their_reference_systems() -> None:
    rounds = rounds_frame(PLAN, SHAPES)
    assert rounds.crs.to_epsg() == 4326
    assert measured(rounds).crs.to_epsg() == 2154


def test_one_row_per_round_and_per_visit() -> None:
    rounds, stops = rounds_frame(PLAN, SHAPES), stops_frame(PLAN, NETWORK)
    assert list(rounds["round"]) == [tour.id for tour in PLAN.rounds]
    assert list(rounds["distance_m"]) == [tour.distance_m for tour in PLAN.rounds]
    assert list(stops["number"]) == [visit.number for tour in PLAN.rounds for visit in tour.visits]
    cassel = stops[stops["site"] == "LI8492"].geometry.iloc[0]
    assert (cassel.x, cassel.y) == (2.489167, 50.798619)


def test_lambert_93_measures_metres() -> None:
    """Straight legs: the sample's distances are crow-fly × 1.3, on a sphere good to half a percent."""
    straight = LegShapes(points=SHAPES.points, lines={})
    length = measured(rounds_frame(PLAN, straight)).length
    for drawn, tour in zip(length, PLAN.rounds, strict=True):
        points = [NETWORK.site(site).point for site in tour.stops]
        crow = sum(leg(a, b)[1] for a, b in pairwise(points)) / 1.3
        assert drawn == pytest.approx(crow, rel=0.005)


def test_communes_are_all_there_with_a_seat_inside() -> None:
    communes = sample_communes()
    frame = communes_frame(communes)
    assert len(frame) == len(communes) == 50
    for row in frame.itertuples():
        assert row.geometry.buffer(1e-4).covers(frame.geometry.loc[row.Index].representative_point())
        west, south, east, north = row.geometry.bounds
        assert west < row.lon < east
        assert south < row.lat < north


def test_round_line_goes_from_depot_to_depot_without_repeating_a_point() -> None:
    line = round_line(PLAN.rounds[0], SHAPES)
    assert line[0] == line[-1] == (2.55224, 50.717351)
    assert all(a != b for a, b in pairwise(line))


def test_an_empty_round_still_has_a_line() -> None:
    empty = replace(PLAN.rounds[0], visits=(), leg_back_s=0, leg_back_m=0)
    assert round_line(empty, SHAPES) == ((2.55224, 50.717351),) * 2


def test_round_geojson_is_rfc_7946() -> None:
    tour = PLAN.rounds[2]
    made = round_geojson(tour, NETWORK, SHAPES)
    assert json.loads(json.dumps(made)) == made
    assert "crs" not in made  # RFC 7946, section 4: WGS 84 only, and not said
    west, south, east, north = made["bbox"]
    for feature in made["features"]:
        geometry = feature["geometry"]
        points = geometry["coordinates"] if geometry["type"] == "LineString" else [geometry["coordinates"]]
        assert all(west <= lon <= east and south <= lat <= north for lon, lat in points)
        assert geometry["type"] == "Point" or len(points) >= 2


def test_round_geojson_tells_legs_and_halts() -> None:
    tour = PLAN.rounds[2]
    features = [feature["properties"] for feature in round_geojson(tour, NETWORK, SHAPES)["features"]]
    legs = [f for f in features if f["kind"] == "leg"]
    halts = [f for f in features if f["kind"] == "halt"]
    assert len(legs) == len(tour.visits) + 1
    assert [halt["number"] for halt in halts] == [*range(len(tour.visits) + 2)]
    assert sum(leg["distance_m"] for leg in legs) == tour.distance_m
    assert halts[0]["begin"] == "2026-12-03T08:30:00+01:00"
    assert [halt["site"] for halt in halts if halt["stand_in"]] == ["S59308"]
    assert halts[1]["site"] == halts[6]["site"] == "LI2514"  # called at twice, two halts
