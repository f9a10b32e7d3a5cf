"""Public files, read as published; what is wrong in one is told with its file and line."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bench.formats.bks import DISTANCE, VEHICLES_FIRST, read_reference
from bench.formats.cordeau import days_of
from bench.formats.read import read_instance
from models.errors import InputError

CORDEAU = """2 3 2 4
500 200
0 0
500 100
500 100
 0  0.0 0.0 0 0 0 0   0 1000
 1  3.0 4.0 5 7 2 2 5 10  100 200

 2  0.0 2.0 6 8 1 1 8     50 60
"""

SOLOMON = """tiny

VEHICLE
NUMBER     CAPACITY
  3         50

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0       230          0
    7      6         8         10        161       171         10
"""

DETHLOFF = """NAME : tiny
TYPE : VRPSPD
DIMENSION : 3
VEHICLES : 2
CAPACITY : 100
DISTANCE : 0
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : FULL_MATRIX
EDGE_WEIGHT_SECTION
0 10000 25000
10000 0 5000
25000 5000 0
PICKUP_AND_DELIVERY_SECTION
1 0 0 10000000 0 0 0
2 0 0 10000000 0 30 40
3 0 0 10000000 0 50 60
DEPOT_SECTION
1
-1
EOF
"""


def written(folder: Path, text: str, name: str = "tiny.txt") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_the_highest_bit_of_a_pattern_is_the_first_day() -> None:
    assert days_of(8, 4) == (0,)
    assert days_of(1, 4) == (3,)
    assert days_of(5, 4) == (1, 3)
    assert days_of(0b1001000, 7) == (0, 3)


def test_a_periodic_file_is_read_by_the_columns_it_has(tmp_path: Path) -> None:
    instance = read_instance(written(tmp_path, CORDEAU))
    assert (instance.family, instance.days, instance.vehicles) == ("pvrptw", 4, 3)  # type 2 is without
    assert list(instance.capacity) == [200, math.inf, 100, 100]  # 0 is no limit
    assert list(instance.max_duration) == [500, math.inf, 500, 500]
    assert list(instance.horizon) == [0, 1000]
    first, second = instance.customers
    assert (first.service, first.deliver, first.collect, first.window) == (5, 7, 0, (100, 200))
    assert first.patterns == ((1, 3), (0, 2))
    assert (second.number, second.patterns, second.window) == (2, ((0,),), (50, 60))
    assert instance.distance[0, 1] == 5.0  # 3, 4, 5
    assert instance.distance[1, 2] == math.hypot(3, 2)
    assert instance.visits == 3
    assert instance.notes == ()


def test_without_the_two_last_columns_there_are_no_windows(tmp_path: Path) -> None:
    text = "1 1 1 2\n0 50\n0 50\n 0 0 0 0 0 0 0\n 1 3 4 0 7 1 2 1 2\n"
    instance = read_instance(written(tmp_path, text))
    assert instance.family == "pvrp"
    assert not instance.has_windows
    assert instance.customers[0].window == (0, math.inf)


def test_quirks_are_kept_and_told(tmp_path: Path) -> None:
    text = "1 1 1 2\n0 50\n0 50\n 0 0 0 0 0 0 0\n 1 3 4 0 7 2 1 1\n 2 3 4 0 7 1 1 2\n"
    instance = read_instance(written(tmp_path, text))
    assert [customer.number for customer in instance.customers] == [1, 2]
    assert instance.customers[0].patterns == ((1,),)
    assert len(instance.notes) == 2
    assert "customer 1: frequency 2" in instance.notes[0]
    assert "2 customers where the header says 1" in instance.notes[1]


def test_a_solomon_file_is_one_day(tmp_path: Path) -> None:
    instance = read_instance(written(tmp_path, SOLOMON.replace("\n", "\r\n")))
    assert (instance.days, instance.vehicles, *instance.capacity) == (1, 3, 50)
    customer = instance.customers[0]
    assert (customer.number, customer.deliver, customer.service) == (7, 10, 10)
    assert list(customer.window) == [161, 171]
    assert list(instance.horizon) == [0, 230]
    assert instance.distance[0, 1] == 10.0


def test_a_dethloff_file_has_loads_both_ways_and_distances_scaled_back(tmp_path: Path) -> None:
    instance = read_instance(written(tmp_path, DETHLOFF, "tiny.vrpspd"))
    assert (instance.family, instance.vehicles, *instance.capacity) == ("vrpspd", 2, 100)
    assert [(c.number, c.collect, c.deliver) for c in instance.customers] == [(2, 30, 40), (3, 50, 60)]
    assert instance.distance[0, 2] == 2.5
    assert not instance.has_windows


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "vide"),
        ("hello world\n", "format inconnu"),
        ("25 200 1\n0 40 50 0 0 1236 0 0 0\n", "Li et Lim"),
        (CORDEAU.replace("3.0 4.0", "3.0 four"), "ligne 7 : un nombre est illisible"),
        (CORDEAU.replace("2 2 5 10", "2 2 5 31"), "ligne 7 : un code de jours"),
        (CORDEAU.replace("2 3 2 4", "2 3 5 4"), "5 clients sont annoncés, 2 sont présents"),
        (CORDEAU.replace("2 3 2 4", "2 0 2 4"), "ligne 1"),
        ("5 3 2 4\n500 200\n", "s'arrête trop tôt"),
        (SOLOMON.replace("CUST NO.", "CLIENT"), "« CUST » manque"),
        (SOLOMON.replace("161", "noon"), "ligne 11 : un nombre est illisible"),
        (DETHLOFF.replace("DIMENSION : 3", "DIMENSION : 4"), "4 lieux sont annoncés, 3 sont décrits"),
        (DETHLOFF.replace("10000 0 5000", "10000 0"), "9 distances sont attendues, il y en a 8"),
        (DETHLOFF.replace("VEHICLES : 2\n", ""), "« VEHICLES » manque"),
    ],
)
def test_bad_files_are_named_with_their_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_instance(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.txt"):
        read_instance(tmp_path / "nowhere.txt")


def test_the_value_for_distance_alone_is_preferred(tmp_path: Path) -> None:
    head = "instance,bks,source,convention,note\n"
    rows = "A,20,s,vehicles-first objective,n\nA_distance,18,s,vehicles-first objective,n\n"
    (tmp_path / "BKS.csv").write_text(
        head + rows + 'B,7,s,"double precision, vehicles first",n\nC,5,s,plain,n\n'
    )
    found = {name: read_reference(tmp_path / f"{name}.txt") for name in "ABCD"}
    assert {k: r and (r.cost, r.objective) for k, r in found.items()} == {
        "A": (18, DISTANCE),
        "B": (7, VEHICLES_FIRST),
        "C": (5, DISTANCE),
        "D": None,
    }
    assert read_reference(tmp_path / "elsewhere" / "A.txt") is None


def test_every_shared_instance_is_read_and_has_a_reference(shared: Path) -> None:
    """Sizes by the files' own names: Solomon has 100 customers, Homberger 200 and 400, Dethloff 50."""
    sizes = {
        "vrptw_solomon": 100,
        "vrptw_homberger_200": 200,
        "vrptw_homberger_400": 400,
        "vrpspd_dethloff": 50,
    }
    seen: Counter[str] = Counter()
    for path in sorted((shared / "data" / "instances").glob("*/*.*")):
        folder = path.parent.name
        if path.name == "BKS.csv" or folder.startswith("pdptw"):
            continue
        instance = read_instance(path)
        seen[folder] += 1
        assert read_reference(path) is not None, path
        assert len(instance.customers) == sizes.get(folder, len(instance.customers)), path
        assert (folder == "pvrptw_cordeau") == (instance.family == "pvrptw"), path
        assert np.allclose(instance.distance, instance.distance.T), path
    assert set(sizes) | {"pvrp_cordeau", "pvrptw_cordeau"} == set(seen)
