"""The network's rows: sites, vehicles, drivers, and their calendar."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import update
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col, func, select

from models.errors import NotFound
from models.tables.network import (
    AbsenceRecord,
    ClosureRecord,
    ClosureStatus,
    DriverRecord,
    NetworkFileRecord,
    NetworkRecord,
    SeasonRecord,
    SiteRecord,
    VehicleRecord,
)

Coded = TypeVar("Coded", SiteRecord, VehicleRecord, DriverRecord)

_CALLED: dict[type[object], str] = {
    SiteRecord: "Le lieu",
    VehicleRecord: "Le véhicule",
    DriverRecord: "Le chauffeur",
}


def find_network(session: Session) -> NetworkRecord | None:
    """The one row that says who runs the network."""
    return session.exec(select(NetworkRecord)).first()


def get_network(session: Session) -> NetworkRecord:
    """As `find_network`; NotFound while there is none."""
    found = find_network(session)
    if found is None:
        raise NotFound("Il n'y a pas encore de réseau. Importez un dossier : navette import DOSSIER.")
    return found


def find_coded(session: Session, kind: type[Coded], code: str) -> Coded | None:
    """A site, a vehicle or a driver by its code, archived or not."""
    return session.exec(select(kind).where(kind.code == code)).first()


def get_coded(session: Session, kind: type[Coded], code: str) -> Coded:
    """As `find_coded`; NotFound names what was looked for."""
    found = find_coded(session, kind, code)
    if found is None:
        raise NotFound(f"{_CALLED[kind]} « {code} » n'existe pas.")
    return found


def list_coded(session: Session, kind: type[Coded], *, archived: bool = False) -> Sequence[Coded]:
    """All that is in use, in the order of lists; what is archived too where that is asked."""
    query = select(kind).order_by(col(kind.position), col(kind.code))
    return session.exec(query if archived else query.where(col(kind.archived_at).is_(None))).all()


def list_seasons(session: Session, site: str | None = None) -> Sequence[SeasonRecord]:
    """The seasons of a site, or of all, by date."""
    query = select(SeasonRecord).order_by(col(SeasonRecord.starts_on), col(SeasonRecord.id))
    return session.exec(query if site is None else query.where(SeasonRecord.site == site)).all()


def list_accepted_closures(session: Session) -> Sequence[ClosureRecord]:
    """The closures that act on plans, by date: those of sites, and of the whole network."""
    query = select(ClosureRecord).where(ClosureRecord.status == ClosureStatus.ACCEPTED)
    return session.exec(query.order_by(col(ClosureRecord.starts_on), col(ClosureRecord.id))).all()


def list_absences(session: Session) -> Sequence[AbsenceRecord]:
    """The absences of all drivers and vehicles, by date."""
    query = select(AbsenceRecord).order_by(col(AbsenceRecord.starts_on), col(AbsenceRecord.id))
    return session.exec(query).all()


def find_file(session: Session, name: str) -> NetworkFileRecord | None:
    """A file of the network, `travel.npz` or `communes.geojson`."""
    return session.exec(select(NetworkFileRecord).where(NetworkFileRecord.name == name)).first()


def get_file(session: Session, name: str) -> NetworkFileRecord:
    """A file of the network; NotFound where it has none of that name."""
    found = find_file(session, name)
    if found is None:
        raise NotFound(f"Ce réseau n'a pas de fichier {name}.")
    return found


def list_files(session: Session) -> Sequence[NetworkFileRecord]:
    """All files of the network, with what is in them."""
    return session.exec(select(NetworkFileRecord)).all()


def file_stamps(session: Session) -> dict[str, str]:
    """The files of the network by name, each with the digest of what is in it."""
    return dict(session.exec(select(NetworkFileRecord.name, NetworkFileRecord.sha256)).all())


def next_position(session: Session, kind: type[Coded]) -> int:
    """The place after the last of a list."""
    last = session.exec(select(func.max(kind.position))).first()
    return 0 if last is None else last + 1


def codes_like(session: Session, kind: type[Coded], stem: str) -> set[str]:
    """The codes that begin with a text, whatever their capitals."""
    begins = func.lower(col(kind.code)).startswith(stem.lower(), autoescape=True)
    return set(session.exec(select(kind.code).where(begins)).all())


def raise_version(session: Session, record: SiteRecord) -> None:
    """Have a site's version grow for a change beside its row. StaleDataError when another came first."""
    changed = session.connection().execute(
        update(SiteRecord)
        .where(col(SiteRecord.id) == record.id, col(SiteRecord.version) == record.version)
        .values(version=col(SiteRecord.version) + 1)
    )
    if changed.rowcount != 1:
        raise StaleDataError("a site changed meanwhile")
    session.refresh(record)


def drivers_of(session: Session, vehicle: str) -> Sequence[DriverRecord]:
    """Who drives a vehicle now."""
    query = select(DriverRecord).where(
        DriverRecord.vehicle == vehicle, col(DriverRecord.archived_at).is_(None)
    )
    return session.exec(query.order_by(col(DriverRecord.position))).all()


def vehicles_at(session: Session, depot: str) -> Sequence[VehicleRecord]:
    """The vehicles in use that stay at a depot."""
    query = select(VehicleRecord).where(
        VehicleRecord.depot == depot, col(VehicleRecord.archived_at).is_(None)
    )
    return session.exec(query.order_by(col(VehicleRecord.position))).all()
