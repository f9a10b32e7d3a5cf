"""`navette roads build` as a person calls it, with files that do not do."""

from pathlib import Path

import pytest

from api.cli import main
from tests.network_folder import copy_folder, edit

ONE_STREET = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <node id="1" lat="50.7209" lon="2.5351" version="1"/>
  <node id="2" lat="50.7219" lon="2.5371" version="1"/>
  <way id="10" version="1">
    <nd ref="1"/><nd ref="2"/>
    <tag k="highway" v="residential"/>
  </way>
</osm>
"""


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return copy_folder(tmp_path / "reseau")


def _refused(network: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    kept = network / "travel.npz"
    kept.write_bytes(b"what stood here")
    code = main(["roads", "build", "--network", str(network), *words])
    assert kept.read_bytes() == b"what stood here"
    error = capsys.readouterr().err
    assert "Traceback" not in error
    return code, error


def test_no_such_file(network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, error = _refused(network, capsys, "--osm", str(network / "rien.osm.pbf"))
    assert code == 3
    assert "rien.osm.pbf" in error


def test_a_file_that_is_not_osm(network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = network / "photo.osm.pbf"
    broken.write_bytes(b"\x89PNG and more")
    code, error = _refused(network, capsys, "--osm", str(broken))
    assert code == 3
    assert "illisible" in error


def test_roads_that_miss_communes(network: Path, capsys: pytest.CaptureFixture[str]) -> None:
    street = network / "rue.osm"
    street.write_text(ONE_STREET, encoding="utf-8")
    code, error = _refused(network, capsys, "--osm", str(street))
    assert code == 3
    assert "Bailleul" in error


def test_a_library_far_from_any_road(network: Path, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # In the middle of the Nieppe forest: its nearest drivable road is several hundred metres away.
    edit(network, "libraries.csv", "morbecque", lon="2.5890", lat="50.6850")
    roads = shared / "data/roads/flandre-interieure-roads.osm.pbf"
    code, error = _refused(network, capsys, "--osm", str(roads))
    assert code == 3
    assert "morbecque" in error
    assert "--accept-far" in error


def test_neither_file_nor_server(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["roads", "build"])
    assert end.value.code == 2
    assert "--osm" in capsys.readouterr().err
