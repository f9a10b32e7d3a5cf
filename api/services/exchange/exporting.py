"""Export: the stored network as files that can be imported again, and give the same network."""

import io
import zipfile
from collections.abc import Mapping

from sqlmodel import Session

from api.repositories.annexes import every_annex
from api.repositories.network import list_coded, list_files
from api.services.described.kinds import DRIVER, SITE, VEHICLE
from api.services.exchange.annex_kinds import ANNEX_KINDS, Subject
from api.services.exchange.geojson import write_points
from api.services.exchange.xlsx import write_workbook
from api.services.network_records import network_of
from models.network.rows import DRIVERS, LIBRARIES, VEHICLES
from models.network.settings import SETTINGS
from models.network.write import settings_toml, sheet_csv
from models.tables.network import DriverRecord, SiteRecord, VehicleRecord

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same network gives the same bytes

Rows = Mapping[str, list[dict[str, str]]]


def as_zip(session: Session) -> bytes:
    """A whole folder: the tables, network.toml, the communes and the roads."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, rows in rows_of(session).items():
            # The mark before the text has spreadsheet programs read it as UTF-8.
            _add(archive, name, sheet_csv(name, rows).encode("utf-8-sig"))
        _add(archive, SETTINGS, settings_toml(network_of(session)).encode())
        for file in list_files(session):
            _add(archive, file.name, file.content)
    return stream.getvalue()


def as_workbook(session: Session) -> bytes:
    """The tables as sheets of a workbook."""
    return write_workbook(rows_of(session))


def as_geojson(session: Session) -> bytes:
    """The sites as points, with the columns of libraries.csv as properties."""
    return write_points([SITE.cells(one) for one in list_coded(session, SiteRecord)])


def rows_of(session: Session) -> Rows:
    """What is in use, as the rows of the network's files; those of what hangs on it only where it is any."""
    sites, vehicles, drivers = (
        list_coded(session, SiteRecord),
        list_coded(session, VehicleRecord),
        list_coded(session, DriverRecord),
    )
    told = {("site", one.code) for one in sites}
    told |= {("vehicle", one.code) for one in vehicles} | {("driver", one.code) for one in drivers}
    annexes = _annex_rows(session, told)
    return {
        LIBRARIES: [SITE.cells(one) for one in sites],
        VEHICLES: [VEHICLE.cells(one) for one in vehicles],
        DRIVERS: [DRIVER.cells(one) for one in drivers],
        **{name: rows for name, rows in annexes.items() if rows},
    }


def _annex_rows(session: Session, told: set[Subject]) -> dict[str, list[dict[str, str]]]:
    """Contacts, seasons, closures and absences of what is told, and closures of the whole network."""
    stored = every_annex(session, [kind.record for kind in ANNEX_KINDS])
    return {
        kind.file: [
            kind.cells(one)
            for one in stored[kind.record]
            if (subject := kind.subject(one.model_dump())) is None or subject in told
        ]
        for kind in ANNEX_KINDS
    }


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
