import pytest

from routing.road.classes import drivable, overpass_filter
from routing.road.limits import parse_limit, tagged_limit


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        ("70 km/h", 70),
        ("30 mph", 48),  # 30 · 1.609 = 48.3
        ("FR:urban", 50),
        ("FR:rural", 80),
        ("FR:motorway", 130),
        ("FR:zone30", 30),
        ("fr:zone:20", 20),
        ("walk", 7),
        ("50;70", 50),
        ("none", 0),
        ("signals", 0),
        ("", 0),
        ("très vite", 0),
        ("-30", 0),
    ],
)
def test_limits_are_read_as_osm_writes_them(text: str, kmh: int) -> None:
    assert parse_limit(text) == kmh


def test_the_sign_wins_over_what_is_said_about_it() -> None:
    assert tagged_limit({"maxspeed": "70", "maxspeed:type": "FR:rural"}) == 70
    assert tagged_limit({"maxspeed": "none", "source:maxspeed": "FR:urban"}) == 50
    assert tagged_limit({"highway": "primary"}) == 0


@pytest.mark.parametrize(
    ("tags", "open_to_vans"),
    [
        ({"highway": "residential"}, True),
        ({"highway": "track"}, False),
        ({"highway": "footway"}, False),
        ({"highway": "service"}, True),
        ({"highway": "service", "service": "alley"}, True),
        ({"highway": "service", "service": "parking_aisle"}, False),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, True),
        ({"highway": "residential", "access": "destination"}, True),
        ({"highway": "residential", "motorcar": "no"}, False),
        ({"highway": "residential", "area": "yes"}, False),
        ({}, False),
    ],
)
def test_only_ways_open_to_vans_are_kept(tags: dict[str, str], open_to_vans: bool) -> None:
    assert drivable(tags) is open_to_vans


def test_overpass_is_asked_for_the_same_classes() -> None:
    text = overpass_filter()
    assert '["highway"~"^(motorway|trunk|' in text
    assert '["access"!~"^(no|private|' in text
    assert "parking_aisle" in text
