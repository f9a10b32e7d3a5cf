"""Contacts, seasons, closures and absences in files: what an export says, an import makes again."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlmodel import Session, SQLModel, select

from api.db import Database
from api.schema import upgrade
from api.service import Service
from api.services.actor import Role
from api.services.network_records import network_of
from api.services.territory import fill_from_folder
from models.errors import InputError
from models.tables.network import (
    AbsenceRecord,
    ClosureRecord,
    ClosureStatus,
    ContactRecord,
    SeasonRecord,
    SiteRecord,
)
from tests.exchange_files import send
from tests.service_fixtures import ClientAs

_CALLED = ("contacts.csv", "seasons.csv", "closures.csv", "absences.csv")


@pytest.fixture
def coordinator(client_as: ClientAs) -> TestClient:
    return client_as(Role.COORDINATOR)


@pytest.fixture
def told(service: Service) -> Service:
    """One or two of everything, with the texts that files find hard."""
    summer, autumn = (date(2027, 7, 1), date(2027, 8, 31)), (date(2027, 9, 1), date(2027, 10, 31))
    with service.database.write() as session:
        for position, name in enumerate(("=Anne", "Bruno", "Bruno")):
            session.add(
                ContactRecord(site="cassel", position=position, name=name, phone="+33 3", email="a@b.fr")
            )
        for label, (first, last) in (("Été", summer), ("", autumn)):
            session.add(
                SeasonRecord(site="cassel", label=label, starts_on=first, ends_on=last, opening="off")
            )
        for site, status in (
            ("cassel", ClosureStatus.ACCEPTED),
            ("bailleul", ClosureStatus.PROPOSED),
            ("staple", ClosureStatus.DECLINED),
            (None, ClosureStatus.ACCEPTED),
        ):
            session.add(
                ClosureRecord(
                    site=site,
                    starts_on=date(2026, 12, 24),
                    ends_on=date(2027, 1, 2),
                    reason="Noël, « fermé »",
                    status=status,
                    declared_by="Camille",
                )
            )
        for _ in range(2):  # nothing forbids to note an absence twice
            session.add(AbsenceRecord(driver="C1", starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 5)))
        session.add(
            AbsenceRecord(vehicle="V1", starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 1), reason="CT")
        )
    return service


def _rows(session: Session, kind: type[SQLModel]) -> list[tuple[Any, ...]]:
    left_out = {"id", "version", "declared_at", "decided_at", "decided_by"}
    rows = [one.model_dump(exclude=left_out) for one in session.exec(select(kind))]
    return sorted(tuple(str(value) for value in row.values()) for row in rows)


_KINDS: tuple[type[SQLModel], ...] = (ContactRecord, SeasonRecord, ClosureRecord, AbsenceRecord)


@pytest.mark.parametrize("form", ["csv.zip", "xlsx"])
def test_what_is_exported_changes_nothing(told: Service, coordinator: TestClient, form: str) -> None:
    content = coordinator.get(f"/api/v1/network/export.{form}").content
    look = send(coordinator, (f"réseau.{form}", content), archive_missing=True).json()
    assert (look["nothing"], look["storable"]) == (True, True), look
    counts = {one["file"]: one["unchanged"] for one in look["files"] if one["file"] in _CALLED}
    assert counts == {"contacts.csv": 3, "seasons.csv": 2, "closures.csv": 3, "absences.csv": 3}
    with told.database.read() as session:
        before = [_rows(session, kind) for kind in _KINDS]
    assert send(coordinator, (f"réseau.{form}", content), seen=1, archive_missing=True).json()["stored"]
    with told.database.read() as session:
        assert [_rows(session, kind) for kind in _KINDS] == before
        assert session.exec(select(SiteRecord).where(SiteRecord.code == "cassel")).one().version == 1


def test_a_new_installation_begins_with_all_of_it(
    told: Service, coordinator: TestClient, tmp_path: Path
) -> None:
    archive = zipfile.ZipFile(io.BytesIO(coordinator.get("/api/v1/network/export.csv.zip").content))
    archive.extractall(tmp_path / "réseau")
    other = Database(f"sqlite:///{tmp_path}/other.db")
    upgrade(other)
    with other.write() as session:
        fill_from_folder(session, tmp_path / "réseau")
    with other.read() as session, told.database.read() as first:
        assert network_of(session) == network_of(first)
        for kind in (ContactRecord, SeasonRecord, AbsenceRecord):
            assert _rows(session, kind) == _rows(first, kind)
        stands = [one for one in _rows(first, ClosureRecord) if "declined" not in one]
        assert _rows(session, ClosureRecord) == stands
    (tmp_path / "réseau" / "contacts.csv").write_text("lieu,nom\nnulle-part,Anne\n")
    third = Database(f"sqlite:///{tmp_path}/third.db")
    upgrade(third)
    with pytest.raises(InputError, match="« nulle-part » est inconnu"), third.write() as session:
        fill_from_folder(session, tmp_path / "réseau")
    other.close()
    third.close()


def test_lines_are_new_changed_or_missing(told: Service, coordinator: TestClient) -> None:
    contacts = (
        "lieu;nom;fonction\n"
        "cassel;'=Anne;\n"  # as it is: the columns that are left out say nothing
        "cassel;Bruno;Accueil\n"  # one of the two Brunos
        "bailleul;Chloé;\n"
    )
    look = send(coordinator, ("contacts.csv", contacts.encode()))
    assert look.status_code == 200, look.text
    (file,) = look.json()["files"]
    assert [(one["code"], one["name"], one["line"]) for one in file["created"]] == [("bailleul", "Chloé", 4)]
    (changed,) = file["changed"]
    assert changed["cells"] == [{"column": "fonction", "before": "", "after": "Accueil"}]
    assert [(one["code"], one["name"]) for one in file["missing"]] == [("cassel", "Bruno")]
    assert file["unchanged"] == 1
    version = coordinator.get("/api/v1/sites/cassel/contacts").headers["etag"]
    send(coordinator, ("contacts.csv", contacts.encode()), seen=1, archive_missing=True)
    found = coordinator.get("/api/v1/sites/cassel/contacts")
    assert [(one["name"], one["role"]) for one in found.json()["items"]] == [
        ("=Anne", ""),
        ("Bruno", "Accueil"),
    ]
    assert found.json()["items"][1]["phone"] == "+33 3"
    assert found.headers["etag"] != version  # who edits them on a screen is told


def test_a_file_decides_closures(told: Service, coordinator: TestClient) -> None:
    head = "lieu,du,au,motif,etat\n"
    accepted = 'bailleul,24/12/2026,2/1/2027,"Noël, « fermé »",acceptée\n'
    send(coordinator, ("fermetures.csv", (head + accepted).encode()), seen=1, archive_missing=True)
    with told.database.read() as session:
        stands = {one.site: one for one in session.exec(select(ClosureRecord))}
    assert (stands["bailleul"].status, stands["bailleul"].decided_by) == (
        "accepted",
        "un essai (coordinator)",
    )
    assert {stands["cassel"].status, stands[None].status} == {ClosureStatus.WITHDRAWN}
    back = send(coordinator, ("fermetures.csv", (head + accepted.replace("accept", "propos")).encode()))
    assert back.status_code == 200
    assert not back.json()["storable"]
    assert "déjà acceptée" in back.json()["findings"][-1]["message"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "closures.csv",
            "lieu,du,au\ncassel,1/3/2027,2/3/2027\ncassel,1/3/2027,2/3/2027\n",
            "répète la ligne 2",
        ),
        ("closures.csv", "lieu,du,au\nnulle-part,1/3/2027,2/3/2027\n", "« nulle-part » est inconnu"),
        ("seasons.csv", "lieu,du,au\ncassel,1/3/2027,2/3/2027\ncassel,2/3/2027,9/3/2027\n", "de la ligne 2"),
        ("seasons.csv", "lieu,du,au\ncassel,31/8/2027,31/8/2027\n", "avec une saison enregistrée"),
        ("absences.csv", "chauffeur,du,au\nC9,1/3/2027,2/3/2027\n", "le chauffeur « C9 » est inconnu"),
        ("absences.csv", "chauffeur,du\nC1,1/3/2027\n", "« au »"),
    ],
)
def test_what_does_not_hold_is_not_stored(
    told: Service, coordinator: TestClient, name: str, content: str, said: str
) -> None:
    look = send(coordinator, (name, content.encode())).json()
    assert not look["storable"]
    assert [one["serious"] for one in look["findings"]].count(True) == 1
    assert said in next(one["message"] for one in look["findings"] if one["serious"])
    assert send(coordinator, (name, content.encode()), seen=1).status_code == 422


def test_files_are_known_by_their_titles(told: Service, coordinator: TestClient) -> None:
    book = load_workbook(io.BytesIO(coordinator.get("/api/v1/network/export.xlsx").content))
    for name in _CALLED:
        book[name.removesuffix(".csv")].title = f"Feuille {name[:3]}"
    stream = io.BytesIO()
    book.save(stream)
    look = send(coordinator, ("classeur.xlsx", stream.getvalue())).json()
    assert look["nothing"], look
    assert {one["file"] for one in look["files"]} >= set(_CALLED)
