"""The contacts, seasons, closures and absences of a network folder, stored beside a network that is new."""

from pathlib import Path
from typing import Any

from sqlmodel import Session

from api.repositories.network import list_coded
from api.services.actor import SYSTEM
from api.services.exchange.annex_kinds import ANNEX_KINDS, Subject
from api.services.exchange.annex_writing import write_annexes
from api.services.exchange.annexes import Annex, Beside, annex_of
from models.errors import Finding, InputError
from models.network.sheet import Sheet, table_of
from models.tables.network import DriverRecord, SiteRecord, VehicleRecord


def store_annexes(session: Session, folder: Path) -> None:
    """InputError with every serious finding; a file that the folder leaves out says nothing."""
    known: set[Subject] = {("site", one.code) for one in list_coded(session, SiteRecord)}
    known |= {("vehicle", one.code) for one in list_coded(session, VehicleRecord)}
    known |= {("driver", one.code) for one in list_coded(session, DriverRecord)}
    annexes: list[Annex[Any]] = []
    findings: list[Finding] = []
    for kind in ANNEX_KINDS:
        if not (folder / kind.file).is_file():
            continue
        table = table_of(kind.file, (folder / kind.file).read_bytes())
        if isinstance(table, Sheet):
            findings += table.findings
        else:
            annexes.append(annex_of(kind, table, Beside(known=known)))
            findings += annexes[-1].findings
    serious = tuple(one for one in findings if one.serious)
    if serious:
        raise InputError(f"Le dossier « {folder} » contient des erreurs : rien n'a été enregistré.", serious)
    write_annexes(session, annexes, SYSTEM.name)
