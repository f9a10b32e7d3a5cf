"""The network's rows: sites, vehicles, drivers, and their calendar."""

from collections.abc import Sequence
from typing import TypeVar

from sqlmodel import Session, col, select

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
