"""A position → the share of the leg that is driven: along the road where that is known, else straight."""

from dataclasses import replace

from models.values import Coordinates
from routing.eta.place import distance_m, driven_share
from routing.eta.values import Fix, Halt

A, B = Coordinates(lon=2.5, lat=50.8), Coordinates(lon=2.6, lat=50.8)
CORNER = Coordinates(lon=2.6, lat=50.83)
LEG = Halt(
    visit="R/b",
    site="b",
    from_site="a",
    arrival_at=600,
    begin_at=600,
    end_at=900,
    opens_at=0,
    leg_s=600,
    point=B,
    from_point=A,
)
ROUND_ABOUT = replace(LEG, way=(A, Coordinates(lon=2.5, lat=50.83), CORNER, B))


def share(halt: Halt, point: Coordinates, at: int = 300) -> float | None:
    found = driven_share(halt, [Fix(at=at, point=point)], 0, 600)
    return None if found is None else found[1]


def test_as_the_crow_flies_halfway_is_half() -> None:
    middle = share(LEG, Coordinates(lon=2.55, lat=50.8))
    assert middle is not None
    assert abs(middle - 0.5) < 0.001


def test_along_the_road_it_is_the_road_that_counts() -> None:
    """North 3.34 km, east 7.03 km, south 3.34 km: at the second corner 10.37 of 13.7 km are driven; as the
    crow flies 7.8 km lie behind and 3.3 before."""
    assert round(distance_m(A, B)) == 7028
    on_road, crow = share(ROUND_ABOUT, CORNER, at=590), share(LEG, CORNER, at=590)
    assert on_road is not None
    assert crow is not None
    assert abs(on_road - 10.37 / 13.7) < 0.005
    assert abs(crow - 7.78 / (7.78 + 3.34)) < 0.005


def test_off_the_road_it_is_the_crow_again() -> None:
    beside = Coordinates(lon=2.55, lat=50.8)  # 3.3 km south of the road: another one was taken
    assert share(ROUND_ABOUT, beside) == share(LEG, beside)


def test_at_either_end_nothing_or_all_is_driven() -> None:
    assert share(ROUND_ABOUT, Coordinates(lon=2.5005, lat=50.8)) == 0.0
    assert share(ROUND_ABOUT, Coordinates(lon=2.5995, lat=50.8)) == 1.0


def test_what_cannot_be_is_ignored() -> None:
    middle = Coordinates(lon=2.55, lat=50.8)
    assert share(LEG, middle, at=60) is None  # 3.5 km in a minute
    assert share(LEG, Coordinates(lon=2.55, lat=51.2)) is None
    assert share(replace(LEG, point=None), middle) is None
    assert driven_share(LEG, [Fix(at=300, point=middle, accuracy_m=800)], 0, 600) is None
