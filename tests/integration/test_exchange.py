"""Networks in and out over HTTP: the difference first, then exactly that."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlmodel import select

from api.service import Service
from api.services.actor import Role
from api.services.network_records import network_of
from api.services.territory import Territories
from models.network.write import TITLES
from models.tables.network import ImportRecord, NetworkRecord, SiteRecord
from routing.travel_file import read_travel, write_travel
from tests.exchange_files import DATA, LIBRARIES, NEW, PATH, as_csv, changed, rows, send, workbook
from tests.service_fixtures import ClientAs


@pytest.fixture
def coordinator(client_as: ClientAs) -> TestClient:
    return client_as(Role.COORDINATOR)


def test_a_look_tells_every_difference_and_stores_nothing(service: Service, coordinator: TestClient) -> None:
    found = [row for row in rows() if row["identifiant"] != "staple"]
    content = as_csv(
        [{**row, **({"telephone": "0328"} if row["identifiant"] == "cassel" else {})} for row in found]
        + [NEW]
    )
    answer = send(coordinator, ("libraries.csv", content.encode()))
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v1"')
    told = answer.json()
    assert (told["stored"], told["storable"], told["nothing"], told["archive_missing"]) == (
        False,
        True,
        False,
        False,
    )
    (file,) = told["files"]  # a header, the 46 rows left, the new one
    assert [(one["code"], one["line"]) for one in file["created"]] == [("nouvelle", 48)]
    assert [one["code"] for one in file["missing"]] == ["staple"]
    assert file["unchanged"] == 45
    (cassel,) = file["changed"]
    assert cassel["cells"] == [{"column": "telephone", "before": "", "after": "0328"}]
    with service.database.read() as session:
        assert session.exec(select(NetworkRecord)).one().revision == 1
        assert session.exec(select(ImportRecord)).all() == []


def test_what_was_looked_at_is_stored(service: Service, coordinator: TestClient) -> None:
    content = changed({"cassel": {"telephone": "0328000000", "bacs_pris": "3"}}, NEW)
    assert send(coordinator, ("libraries.csv", content), seen=1).json()["stored"] is True
    again = send(coordinator, ("libraries.csv", content)).json()
    assert (again["nothing"], again["version"]) == (True, 2)
    with service.database.read() as session:
        network = service.territories.open(session).network
        record = session.exec(select(ImportRecord)).one()
        assert session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one().version == 2
    assert (network.site("cassel").collect, network.site("cassel").phone) == (3, "03 28 00 00 00")
    assert network.sites[-1].id == "nouvelle"
    assert record.summary["libraries"] == {"created": 1, "changed": 1, "missing": 0, "unchanged": 46}


def test_an_import_over_a_network_that_changed_is_refused(service: Service, coordinator: TestClient) -> None:
    content = changed({"cassel": {"telephone": "0328"}})
    coordinator.patch("/api/v1/sites/bailleul", json={"phone": "1"}, headers={"If-Match": '"v1"'})
    late = send(coordinator, ("libraries.csv", content), seen=1)
    assert (late.status_code, late.json()["current"]) == (409, 2)
    assert coordinator.get("/api/v1/sites/cassel").json()["phone"] == ""
    without = coordinator.post(PATH, files=[("files", ("libraries.csv", content))])
    assert without.status_code == 428


def test_only_asked_for_is_the_missing_put_away(coordinator: TestClient) -> None:
    content = as_csv([row for row in rows() if row["identifiant"] != "staple"]).encode()
    assert send(coordinator, ("libraries.csv", content), seen=1).json()["files"][0]["missing"]
    assert coordinator.get("/api/v1/sites/staple").json()["archived_at"] is None
    send(coordinator, ("libraries.csv", content), seen=2, archive_missing=True)
    assert coordinator.get("/api/v1/sites/staple").json()["archived_at"] is not None
    back = send(coordinator, ("libraries.csv", LIBRARIES.encode())).json()["files"][0]["changed"]
    assert back[0]["cells"] == [{"column": "archivé", "before": "oui", "after": "non"}]
    send(coordinator, ("libraries.csv", LIBRARIES.encode()), seen=3)
    assert coordinator.get("/api/v1/sites/staple").json()["archived_at"] is None
    no_depot = as_csv([row for row in rows() if row["identifiant"] != "depot"]).encode()
    refused = send(coordinator, ("libraries.csv", no_depot), seen=4, archive_missing=True)
    assert (refused.status_code, "« depot » est inconnu" in refused.json()["findings"][0]) == (422, True)


def test_latin_1_with_semicolons_and_commas_is_accepted_and_said(coordinator: TestClient) -> None:
    found = [
        {**row, "lon": row["lon"].replace(".", ","), "lat": row["lat"].replace(".", ",")} for row in rows()
    ]
    answer = send(coordinator, ("bibliothèques.csv", as_csv(found, ";").encode("cp1252")))
    told = answer.json()
    assert told["nothing"] is True
    assert told["findings"][0]["message"] == "fichier lu comme : Windows-1252, points-virgules."
    assert told["findings"][0]["where"] == "bibliothèques.csv"


def test_other_titles_are_mapped_and_unknown_ones_get_a_neighbour(coordinator: TestClient) -> None:
    text = LIBRARIES.replace("identifiant,nom,", "code bib,Libellé,", 1).replace(
        ",telephone,", ",telefone,", 1
    )
    mapping = json.dumps({"identifiant": "Code Bib", "nom": "libellé"})
    told = send(coordinator, ("export.csv", text.encode()), columns=mapping).json()
    assert told["nothing"] is True  # the telephones, all empty, stay
    warned = next(one for one in told["findings"] if "telefone" in one["message"])
    assert "Vouliez-vous dire « telephone » au lieu de « telefone » ?" in warned["remedy"]
    lost = send(coordinator, ("libraries.csv", LIBRARIES.encode()), columns='{"nom": "titre"}').json()
    assert lost["storable"] is False
    for wrong, said in (("{", "JSON"), ('["a"]', "correspondre"), ('{"identifian": "x"}', "« identifiant »")):
        answer = send(coordinator, ("libraries.csv", LIBRARIES.encode()), columns=wrong)
        assert (answer.status_code, said in str(answer.json())) == (422, True)


def test_a_file_of_some_columns_changes_these_alone(coordinator: TestClient) -> None:
    told = send(
        coordinator, ("telephones.csv", b"identifiant;commune;telephone\ncassel;Cassel;0328424242\n")
    ).json()
    assert told["storable"] is True
    assert [cell["column"] for cell in told["files"][0]["changed"][0]["cells"]] == ["telephone"]
    more = send(coordinator, ("libraries.csv", b"identifiant;commune\nautre;Cassel\n")).json()
    assert more["storable"] is False
    assert any("il manque les colonnes" in one["message"] for one in more["findings"])


def test_every_wrong_line_is_told_at_once_and_nothing_stored(
    service: Service, coordinator: TestClient
) -> None:
    content = changed(
        {"cassel": {"horaires": "mercredi"}, "arneke": {"type": "musée"}, "bailleul": {"bacs_pris": "99"}}
    )
    answer = send(coordinator, ("libraries.csv", content), seen=1)
    assert answer.status_code == 422
    told = answer.json()["findings"]
    # arneke stands on line 3, after the header and the depot
    assert any(one.startswith("libraries.csv, ligne 3 : « type » vaut « musée »") for one in told)
    assert any("les horaires « mercredi »" in one for one in told)
    look = send(coordinator, ("libraries.csv", content)).json()
    assert {one["code"] for one in look["files"][0]["changed"]} == {"bailleul"}  # those that could be read
    with service.database.read() as session:
        assert session.exec(select(NetworkRecord)).one().revision == 1


def test_a_network_that_would_not_hold_is_refused_with_its_line(coordinator: TestClient) -> None:
    answer = send(coordinator, ("libraries.csv", changed({"bailleul": {"bacs_pris": "99"}})), seen=1)
    assert (answer.status_code, "libraries.csv, ligne 4 :" in answer.json()["findings"][0]) == (422, True)
    fleet = (DATA / "drivers.csv").read_bytes().replace(b",V2,", b",V9,")
    answer = send(coordinator, ("chauffeurs.csv", fleet), seen=1)
    assert (
        "chauffeurs.csv, ligne 3 : « Chauffeur 2 » : le véhicule « V9 » est inconnu."
        in answer.json()["findings"][0]
    )


def _settings_of(code: str) -> bytes:
    head = f'identifiant = "{code}"\nnom = "Le réseau"\norganisation = "X"\n'
    return f'{head}[coordination]\nnom = "A"\ntelephone = "1"\n'.encode()


def test_another_networks_files_are_refused_and_said_to_be(service: Service, coordinator: TestClient) -> None:
    sent = (("network.toml", _settings_of("autre")), ("libraries.csv", changed({"cassel": {"nom": "X"}})))
    looked = send(coordinator, *sent).json()
    assert (looked["storable"], looked["settings"]) == (False, [])
    stored = send(coordinator, *sent, seen=1)
    assert stored.status_code == 422
    [said] = stored.json()["findings"]
    assert "du réseau « autre » (Le réseau), alors qu'ici se trouve « escapade »" in said
    assert "dans une base vide" in said
    with service.database.read() as session:
        assert network_of(session).site("cassel").name != "X"
        assert session.exec(select(NetworkRecord)).one().revision == 1


def test_settings_communes_and_roads_come_too(
    service: Service, coordinator: TestClient, tmp_path: Path
) -> None:
    outlines = (DATA / "communes.geojson").read_text(encoding="utf-8")
    fewer, shapes = tmp_path / "travel.npz", read_travel(DATA / "travel.npz")
    write_travel(fewer, shapes[0], replace(shapes[1], lines={}))
    files = [("communes.geojson", f"{outlines}\n".encode()), ("travel.npz", fewer.read_bytes())]
    told = send(coordinator, ("network.toml", _settings_of("escapade")), *files, seen=1).json()
    assert {one["column"] for one in told["settings"]} == {
        "nom",
        "organisation",
        "coordination.nom",
        "coordination.telephone",
    }
    assert told["ground"] == [
        "communes.geojson : 50 communes.",
        "travel.npz : temps de route entre 47 lieux.",
    ]
    with service.database.read() as session:
        network = service.territories.open(session).network
    assert (network.name, network.rules.setup_s) == ("Le réseau", 240)  # the rules were not told
    broken = send(coordinator, ("travel.npz", b"PK\x03\x04nonsense"))
    assert broken.status_code == 422


@pytest.mark.parametrize("form", ["csv.zip", "xlsx"])
def test_what_is_exported_is_imported_as_it_was(service: Service, coordinator: TestClient, form: str) -> None:
    with service.database.write() as session:
        site = session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one()
        site.name, site.phone, site.access_note = '=HYPERLINK("x")', "+33 3 28 00 00 00", "'@clé"
        before = network_of(session)
    answer = coordinator.get(f"/api/v1/network/export.{form}")
    assert f'filename="navette-escapade-1.{form}"' in answer.headers["content-disposition"]
    told = send(coordinator, (f"réseau.{form}", answer.content)).json()
    assert (told["nothing"], told["storable"]) == (True, True), told
    assert {one["file"] for one in told["files"]} == {"libraries.csv", "vehicles.csv", "drivers.csv"}
    send(coordinator, (f"réseau.{form}", answer.content), seen=1)
    with service.database.read() as session:
        assert network_of(session) == before


def test_the_points_are_imported_as_they_were(coordinator: TestClient) -> None:
    answer = coordinator.get("/api/v1/network/export.geojson")
    told = send(coordinator, ("lieux.geojson", answer.content)).json()
    assert told["nothing"] is True, told["files"]
    layer = answer.json()
    layer["features"][3]["geometry"]["coordinates"][0] += 0.001
    moved = send(coordinator, ("lieux.geojson", json.dumps(layer).encode())).json()["files"][0]["changed"]
    assert [cell["column"] for one in moved for cell in one["cells"]] == ["lon"]
    layer["features"][5]["geometry"] = {"type": "LineString", "coordinates": [[2.1, 50.1], [2.2, 50.2]]}
    wrong = send(coordinator, ("lieux.geojson", json.dumps(layer).encode()))
    assert (wrong.status_code, "n° 6 n'est pas un point" in wrong.json()["findings"][0]) == (422, True)


def test_no_cell_of_an_export_is_a_formula(service: Service, coordinator: TestClient) -> None:
    with service.database.write() as session:
        for code, name in (("cassel", "=1+1"), ("arneke", "@SUM(A1)"), ("bailleul", "-2+3")):
            session.exec(select(SiteRecord).where(SiteRecord.code == code)).one().name = name
    archive = zipfile.ZipFile(io.BytesIO(coordinator.get("/api/v1/network/export.csv.zip").content))
    text = archive.read("libraries.csv").decode("utf-8-sig")
    cells = list(csv.reader(io.StringIO(text)))
    assert not [cell for row in cells for cell in row if cell.startswith(("=", "@", "+"))]
    assert {"'=1+1", "'@SUM(A1)", "'-2+3"} <= {row[1] for row in cells}
    assert set(archive.namelist()) == {
        *("libraries.csv", "vehicles.csv", "drivers.csv", "network.toml", "communes.geojson", "travel.npz")
    }
    book = load_workbook(io.BytesIO(coordinator.get("/api/v1/network/export.xlsx").content))
    told = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in told if cell.data_type == "f"]
    insee = book["libraries"]["E2"]
    assert (insee.value, insee.data_type, insee.number_format) == ("59295", "s", "@")


def test_a_workbook_as_people_make_them_is_read(coordinator: TestClient) -> None:
    found: list[dict[str, Any]] = [dict(row) for row in rows()]
    for row in found:  # spreadsheet programs make numbers of what looks like one
        row["insee"], row["lon"], row["bacs_pris"] = (
            int(row["insee"]),
            float(row["lon"]),
            float(row["bacs_pris"]),
        )
    told = send(coordinator, ("réseau.xlsx", workbook(found, "Bibliothèques"))).json()
    assert told["nothing"] is True, told
    assert any("XLSX" in one["message"] for one in told["findings"])
    found[5]["bacs_pris"] = "=1+1"
    told = send(coordinator, ("réseau.xlsx", workbook(found))).json()
    assert any("contiennent une formule" in one["message"] for one in told["findings"])


def test_the_ground_is_read_again_when_its_files_change(service: Service, coordinator: TestClient) -> None:
    territories = Territories()
    with service.database.read() as session:
        first = territories.ground(session)
        assert territories.ground(session) is first
    send(coordinator, ("travel.npz", (DATA / "travel.npz").read_bytes()), seen=1)
    with service.database.read() as session:
        assert territories.ground(session) is first  # the same bytes


def test_the_exports_are_for_those_who_may_read(client_as: ClientAs) -> None:
    for form in ("csv.zip", "xlsx", "geojson"):
        assert client_as(Role.OFFICIAL).get(f"/api/v1/network/export.{form}").status_code == 200
        assert client_as(Role.LIBRARY, site="cassel").get(f"/api/v1/network/export.{form}").status_code == 403


def test_the_columns_are_those_of_the_folder() -> None:
    for name, titles in TITLES.items():
        header = (Path(DATA) / name).read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == list(titles)
