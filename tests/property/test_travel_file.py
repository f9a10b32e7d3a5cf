"""Travel files: what is written is what is read, and a damaged file is never believed."""

import json
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import RoadDataError
from models.values import Coordinates
from routing.travel import LegShapes, TravelMatrix, TravelStamp
from routing.travel_estimate import estimate_missing, shapes_for
from routing.travel_file import read_travel, write_travel

STAMP = TravelStamp(
    graph="ab" * 32, source="dessin", source_date="2026-01", speed_profile="p", licence="ODbL"
)
degrees = st.tuples(st.integers(-18_000_000, 18_000_000), st.integers(-9_000_000, 9_000_000))


@st.composite
def travels(draw: st.DrawFn) -> tuple[TravelMatrix, LegShapes]:
    """Up to 6 places with any names, figures and lines; some pairs without a line, some places estimated."""
    ids = draw(st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=6))
    n = len(ids)
    figures = st.lists(st.integers(0, 2**31 - 1), min_size=n * n, max_size=n * n)
    seconds, metres = (np.array(draw(figures), np.int64).reshape(n, n) for _ in range(2))
    np.fill_diagonal(seconds, 0)
    np.fill_diagonal(metres, 0)
    points = [
        Coordinates(lon=x / 1e5, lat=y / 1e5) for x, y in draw(st.lists(degrees, min_size=n, max_size=n))
    ]
    lines = {
        (a, b): np.array(draw(st.lists(degrees, min_size=2, max_size=9))) / 1e5
        for a in ids
        for b in ids
        if a != b and draw(st.booleans())
    }
    matrix = TravelMatrix(
        ids=tuple(ids),
        points=tuple(points),
        seconds=seconds.astype(np.int32),
        metres=metres.astype(np.int32),
        stamp=STAMP,
        estimated=tuple(draw(st.lists(st.booleans(), min_size=n, max_size=n))),
    )
    return matrix, LegShapes(points=dict(zip(ids, points, strict=True)), lines=lines)


@settings(deadline=None)
@given(travels())
def test_what_is_written_is_read(travel: tuple[TravelMatrix, LegShapes]) -> None:
    matrix, shapes = travel
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "one.npz", Path(folder) / "two.npz"
        write_travel(one, matrix, shapes)
        again, drawn = read_travel(one)
        write_travel(two, again, drawn)
        assert one.read_bytes() == two.read_bytes()
        assert len(list(Path(folder).iterdir())) == 2
    assert again.fingerprint == matrix.fingerprint
    assert (again.ids, again.points, again.stamp, again.estimated) == (
        matrix.ids, matrix.points, matrix.stamp, matrix.estimated,
    )  # fmt: skip
    assert drawn.points == shapes.points
    assert drawn.lines.keys() == shapes.lines.keys()
    for pair, line in shapes.lines.items():
        assert np.array_equal(drawn.lines[pair], line)


@settings(deadline=None, max_examples=300)
@given(travels(), st.data())
def test_a_damaged_file_is_refused_or_still_right(
    travel: tuple[TravelMatrix, LegShapes], data: st.DataObject
) -> None:
    matrix, shapes = travel
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "travel.npz"
        write_travel(path, matrix, shapes)
        content = bytearray(path.read_bytes())
        where = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            del content[where:]
        else:
            content[where] ^= data.draw(st.integers(1, 255))
        path.write_bytes(bytes(content))
        with suppress(RoadDataError):
            again, _ = read_travel(path)
            assert again.fingerprint == matrix.fingerprint


def test_an_absent_file_and_another_format_are_named(tmp_path: Path) -> None:
    path = tmp_path / "travel.npz"
    with pytest.raises(RoadDataError, match="introuvable"):
        read_travel(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("travel.json", json.dumps({"format": 99}))
    with pytest.raises(RoadDataError, match="format 99"):
        read_travel(path)


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "travel.npz"
    path.write_bytes(b"old")
    point = Coordinates(lon=2.5, lat=50.7)
    figures = np.array([[0, 1], [1, 0]], np.int32)
    matrix = TravelMatrix(ids=("a", "b"), points=(point, point), seconds=figures, metres=figures, stamp=STAMP)
    shapes = LegShapes(points={}, lines={("a", "b"): np.zeros((2, 3))})
    with pytest.raises(ValueError, match="dimension"):
        write_travel(path, matrix, shapes)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"]


def grid() -> TravelMatrix:
    """Four places 10 km apart in a row, whose roads are 1.2 times the crow's way, at 12 m/s."""
    # A degree of latitude is 111.195 km on the mean sphere.
    points = tuple(Coordinates(lon=2.5, lat=50.7 + k * 10 / 111.195) for k in range(4))
    apart = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    return TravelMatrix(
        ids=("a", "b", "c", "d"),
        points=points,
        seconds=(apart * 1000).astype(np.int32),
        metres=(apart * 12_000).astype(np.int32),
        stamp=STAMP,
    )


def test_a_new_place_is_estimated_as_its_neighbours_drive() -> None:
    matrix = grid()
    places = dict(zip(matrix.ids, matrix.points, strict=True))
    places["new"] = Coordinates(lon=2.5, lat=50.7 + 5 / 111.195)
    del places["d"]
    found = estimate_missing(matrix, places)
    assert found.ids == ("a", "b", "c", "new")
    assert found.estimated == (False, False, False, True)
    assert found.metres[:3, :3].tolist() == matrix.metres[:3, :3].tolist()
    # 5 km as the crow flies: 6,000 m and 500 s; 15 km: 18,000 m and 1,500 s.
    assert found.metres[3].tolist() == pytest.approx([6000, 6000, 18_000, 0], abs=3)
    assert found.seconds[3].tolist() == pytest.approx([500, 500, 1500, 0], abs=1)
    assert (found.seconds == found.seconds.T).all()


def test_a_place_that_moved_is_estimated_beyond_fifty_metres_only() -> None:
    matrix = grid()
    places = dict(zip(matrix.ids, matrix.points, strict=True))
    places["a"] = Coordinates(lon=2.5, lat=50.7 - 0.045 / 111.195)
    places["b"] = Coordinates(lon=2.5, lat=places["b"].lat - 0.055 / 111.195)
    found = estimate_missing(matrix, places)
    assert found.estimated == (False, True, False, False)


def test_estimates_stay_estimates_and_do_not_teach() -> None:
    matrix = grid()
    places = dict(zip(matrix.ids, matrix.points, strict=True))
    places["new"] = Coordinates(lon=2.6, lat=50.7)
    once = estimate_missing(matrix, places)
    twice = estimate_missing(once, places)
    assert twice.estimated == once.estimated
    assert twice.fingerprint == once.fingerprint


def test_shapes_of_estimated_places_are_drawn_straight() -> None:
    matrix = grid()
    line = np.array([[2.5, 50.7], [2.51, 50.72], [2.5, 50.79]])
    shapes = LegShapes(points={}, lines={("a", "b"): line, ("a", "c"): line})
    places = dict(zip(matrix.ids, matrix.points, strict=True)) | {"c": Coordinates(lon=2.9, lat=50.7)}
    found = shapes_for(shapes, estimate_missing(matrix, places))
    assert len(found.line("a", "b")) == 3
    assert found.line("a", "c") == ((2.5, 50.7), (2.9, 50.7))


def test_with_nobody_known_everything_is_estimated() -> None:
    none = np.zeros((0, 0), np.int32)
    empty = TravelMatrix(ids=(), points=(), seconds=none, metres=none, stamp=STAMP)
    places = {"a": Coordinates(lon=2.5, lat=50.7), "b": Coordinates(lon=2.6, lat=50.7)}
    found = estimate_missing(empty, places)
    assert found.estimated == (True, True)
    assert 8000 < found.metres[0, 1] < 10_000
    assert estimate_missing(empty, {}).ids == ()
