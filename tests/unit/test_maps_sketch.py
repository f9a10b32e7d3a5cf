"""The sketch of a round: in its box, in its right place, nothing hiding anything."""

from itertools import combinations
from math import hypot

import pytest
from shapely.geometry import box

from maps.fit import PIN_RADIUS, Frame, place_labels, spread
from maps.printable import covered, printable
from maps.sketch import HEIGHTS, WIDTH, sketch
from tests.sample_network import sample_network
from tests.sample_plan import sample_communes, sample_plan, sample_shapes

NETWORK, PLAN, SHAPES, COMMUNES = sample_network(), sample_plan(), sample_shapes(), sample_communes()
FRAME = Frame(width=510, height=220, points_per_metre=0.01, west=0, north=0)


@pytest.mark.parametrize("k", range(4))
def test_everything_stays_in_the_box(k: int) -> None:
    drawn = sketch(PLAN.rounds[k], NETWORK, COMMUNES, SHAPES)
    assert drawn["width"] == WIDTH
    assert HEIGHTS[0] <= drawn["height"] <= HEIGHTS[1]
    points = [p for leg in drawn["legs"] for p in leg["points"]] + [
        p for line in drawn["borders"] for p in line
    ]
    points += [(pin["x"], pin["y"]) for pin in drawn["pins"]]
    assert all(
        -0.01 <= x <= drawn["width"] + 0.01 and -0.01 <= y <= drawn["height"] + 0.01 for x, y in points
    )


@pytest.mark.parametrize("k", range(4))
def test_no_number_hides_another(k: int) -> None:
    pins = sketch(PLAN.rounds[k], NETWORK, COMMUNES, SHAPES)["pins"]
    assert [pin["text"] for pin in pins] == [str(visit.number) for visit in PLAN.rounds[k].visits]
    for a, b in combinations(pins, 2):
        assert hypot(a["x"] - b["x"], a["y"] - b["y"]) >= 2 * PIN_RADIUS


@pytest.mark.parametrize("k", range(4))
def test_no_name_hides_a_number_or_a_name(k: int) -> None:
    drawn = sketch(PLAN.rounds[k], NETWORK, COMMUNES, SHAPES)
    names = [box(n["x"], n["y"], n["x"] + n["width"], n["y"] + 15) for n in drawn["labels"]]
    discs = [
        box(p["x"] - PIN_RADIUS, p["y"] - PIN_RADIUS, p["x"] + PIN_RADIUS, p["y"] + PIN_RADIUS)
        for p in drawn["pins"]
    ]
    assert names
    assert not any(name.intersection(disc).area > 0.1 for name in names for disc in discs)
    assert not any(a.intersection(b).area > 0.1 for a, b in combinations(names, 2))


def test_only_the_last_leg_goes_home() -> None:
    legs = sketch(PLAN.rounds[0], NETWORK, COMMUNES, SHAPES)["legs"]
    assert [leg["back"] for leg in legs] == [False] * 6 + [True]
    assert legs[0]["points"][0] == legs[-1]["points"][-1]


def test_the_scale_is_true() -> None:
    """Five kilometres drawn, seen from the two ends of the box's own scale."""
    drawn = sketch(PLAN.rounds[0], NETWORK, COMMUNES, SHAPES)
    # Wallon-Cappel and Saint-Sylvestre-Cappel: 7.92 km apart in Lambert-93
    one, six = drawn["pins"][0], drawn["pins"][5]
    apart_pt = hypot(one["ax"] - six["ax"], one["ay"] - six["ay"])
    km = apart_pt / drawn["scale_pt"] * drawn["scale_km"]
    a, b = NETWORK.site("LI8682").point, NETWORK.site("LI8643").point
    crow_km = hypot((a.lat - b.lat) * 111.195, (a.lon - b.lon) * 111.195 * 0.6328)  # cos 50.75° = 0.6328
    assert km == pytest.approx(crow_km, rel=0.01)


def test_discs_at_one_place_are_parted_and_kept_inside() -> None:
    parted = spread([(5.0, 5.0)] * 6, 12, FRAME)
    for (ax, ay), (bx, by) in combinations(parted, 2):
        assert hypot(ax - bx, ay - by) >= 23.5
    assert all(11.9 <= x <= 498.1 and 11.9 <= y <= 208.1 for x, y in parted)


def test_discs_apart_do_not_move() -> None:
    places = [(50.0, 50.0), (90.0, 50.0), (50.0, 90.0)]
    assert spread(places, 12, FRAME) == places


def test_a_name_leaves_the_road_free_when_it_can() -> None:
    """The road leaves to the right, so the name goes to the left."""
    road = [[(200.0, 100.0), (500.0, 100.0)]]
    (label,) = place_labels({"Cassel": (200.0, 100.0)}, [(200.0, 100.0)], road, FRAME)
    assert label["x"] + label["width"] < 200


def test_a_name_without_room_is_left_out() -> None:
    crowd = [(x * 22.0, y * 22.0) for x in range(24) for y in range(11)]
    assert place_labels({"Cassel": (220.0, 110.0)}, crowd, [[(0.0, 0.0), (1.0, 1.0)]], FRAME) == []


def test_the_font_covers_french_and_not_emoji() -> None:
    assert {ord(letter) for letter in "ÀÂÇÉÈÊËÎÏÔŒÙÛÜŸàâçéèêëîïôœùûüÿ«»’–—−·€□\u00a0\u202f"} <= covered()
    assert ord("😀") not in covered()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Bibliothèque 📚 d'Eecke", "Bibliothèque d’Eecke"),
        ("#let x = *gras* _i_ <a> $m$ \\ [b]", "#let x = *gras* _i_ <a> $m$ \\ [b]"),
        ("une\nligne\tou  deux", "une ligne ou deux"),
        ("図書館", "□□□"),
        ("e\u0301cole", "école"),
        ("a" * 30, "aaaaaaaaaaaa\u200baaaaaaaaaaaa\u200baaaaaa"),
        ("Ouvert ? Oui !", "Ouvert\u202f? Oui\u202f!"),
    ],
)
def test_printable(given: str, shown: str) -> None:
    assert printable(given) == shown
