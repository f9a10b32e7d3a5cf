"""The fifty communes: complete, well formed as RFC 7946 wants, and every fault of a file told at once."""

import json
from pathlib import Path
from typing import Any

import pytest
from shapely import coverage_is_valid
from shapely.geometry import Polygon

from models.communes import read_communes
from models.errors import Finding, InputError
from models.network.read import default_folder

FILE = default_folder() / "communes.geojson"


def test_fifty_communes_that_touch_and_do_not_overlap() -> None:
    communes = read_communes(FILE)
    assert len(communes) == len({commune.insee for commune in communes}) == 50
    assert coverage_is_valid([commune.polygon for commune in communes])
    cassel = next(commune for commune in communes if commune.insee == "59135")
    assert (cassel.name, cassel.population, cassel.postcodes) == ("Cassel", 2198, ("59670",))


def test_outlines_follow_rfc_7946() -> None:
    for feature in json.loads(FILE.read_text(encoding="utf-8"))["features"]:
        assert set(feature["properties"]) == {"insee", "nom", "population", "codes_postaux"}
        outer, *holes = feature["geometry"]["coordinates"]
        assert not holes
        assert outer[0] == outer[-1]
        assert Polygon(outer).exterior.is_ccw
        assert all(round(number, 5) == number for point in outer for number in point)


def spoil(tmp_path: Path, change: dict[int, dict[str, Any]]) -> Path:
    """The real file with other properties for the features of those ranks; None removes one."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    for rank, properties in change.items():
        held = content["features"][rank]["properties"]
        held.update(properties)
        content["features"][rank]["properties"] = {key: held[key] for key in held if held[key] is not None}
    path = tmp_path / "communes.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def faults(path: Path) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as raised:
        read_communes(path)
    return raised.value.findings


def test_several_faults_at_once(tmp_path: Path) -> None:
    path = spoil(tmp_path, {0: {"insee": None}, 1: {"population": -4}, 3: {"insee": "59054"}})
    # rank 2 is Bavinchove, 59054: rank 3 now repeats its code
    first, second, third = faults(path)
    assert "n° 1 (Arnèke) est illisible (il manque 'insee')" in first.message
    assert "n° 2 (Bailleul) est illisible («" in second.message
    assert "59054 (Berthen) est donné deux fois" in third.message


def test_an_outline_that_crosses_itself(tmp_path: Path) -> None:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    bow = [[2.0, 50.0], [2.1, 50.1], [2.1, 50.0], [2.0, 50.1], [2.0, 50.0]]
    content["features"][0]["geometry"]["coordinates"] = [bow]
    path = tmp_path / "communes.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    (fault,) = faults(path)
    assert "n'est pas un polygone valide" in fault.message


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('{"type": "FeatureCollection",\n "features": [,]}', "pas du JSON bien formé", 2),
        ('{"type": "FeatureCollection", "features": []}', "ne contient aucune commune", None),
        ('{"type": "Feature"}', "pas une « FeatureCollection »", None),
        ("[1, 2]", "pas une « FeatureCollection »", None),
        ('{"features": [null]}', "la commune n° 1 est illisible", None),
        ('{"features": [{"properties": {"nom": "X"}, "geometry": null}]}', "n° 1 (X) est illisible", None),
    ],
)
def test_files_that_hold_no_communes(tmp_path: Path, text: str, message: str, line: int | None) -> None:
    path = tmp_path / "communes.geojson"
    path.write_text(text, encoding="utf-8")
    (fault,) = faults(path)
    assert (fault.where, fault.line) == ("communes.geojson", line)
    assert message in fault.message


def test_an_absent_file_and_a_file_of_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "communes.geojson"
    assert "manque" in faults(path)[0].message
    path.write_bytes("é".encode("latin-1"))
    assert "UTF-8" in faults(path)[0].message
