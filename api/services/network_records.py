"""Between the network's records and its frozen values, both ways. All mapping of the two stands here."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TypeVar

from sqlmodel import Session, col, select

from models.errors import NotFound
from models.network.read import Reading, fingerprint
from models.network.values import Contact, Driver, Network, Rules, Site, Vehicle
from models.tables.network import DriverRecord, NetworkRecord, SiteRecord, VehicleRecord
from models.values import Coordinates, TimeWindow

_Listed = TypeVar("_Listed", SiteRecord, VehicleRecord, DriverRecord)


def store(session: Session, reading: Reading) -> None:
    """Fill an empty database with a network that was read from a folder."""
    network = reading.network
    session.add(
        NetworkRecord(
            code=network.id,
            name=network.name,
            organisation=network.organisation,
            coordinator_name=network.coordinator.name,
            coordinator_phone=network.coordinator.phone,
            coordinator_email=network.coordinator.email,
            rules=asdict(network.rules),
        )
    )
    for position, site in enumerate(network.sites):
        record = site_record(site, position)
        record.declared_minutes = reading.declared.get(site.id)
        session.add(record)
    session.flush()
    session.add_all(vehicle_record(vehicle, k) for k, vehicle in enumerate(network.vehicles))
    session.flush()
    session.add_all(driver_record(driver, k) for k, driver in enumerate(network.drivers))
    session.flush()


def network_of(session: Session) -> Network:
    """The network as it stands, without what is archived. NotFound while there is none."""
    head = the_network(session)
    network = Network(
        id=head.code,
        name=head.name,
        organisation=head.organisation,
        coordinator=Contact(
            name=head.coordinator_name, phone=head.coordinator_phone, email=head.coordinator_email
        ),
        rules=Rules(**head.rules),
        sites=tuple(site_of(one) for one in _present(session, SiteRecord)),
        vehicles=tuple(vehicle_of(one) for one in _present(session, VehicleRecord)),
        drivers=tuple(driver_of(one) for one in _present(session, DriverRecord)),
        fingerprint="",
    )
    return replace(network, fingerprint=fingerprint(network))


def the_network(session: Session) -> NetworkRecord:
    """The one row that says who runs the network; NotFound while there is none."""
    found = session.exec(select(NetworkRecord)).first()
    if found is None:
        raise NotFound("Il n'y a pas encore de réseau. Importez un dossier : navette import DOSSIER.")
    return found


def site_record(site: Site, position: int) -> SiteRecord:
    """A site as a new row."""
    return SiteRecord(
        code=site.id,
        position=position,
        name=site.name,
        kind=site.kind,
        commune=site.commune,
        insee=site.insee,
        address=site.address,
        postcode=site.postcode,
        lon=site.point.lon,
        lat=site.point.lat,
        opening=site.opening,
        shuttle_hours=site.shuttle_hours,
        access=site.access,
        access_note=site.access_note,
        phone=site.phone,
        visits_per_week=site.visits_per_week,
        min_gap_days=site.min_gap_days,
        deliver=site.deliver,
        collect=site.collect,
        weekly_documents=site.weekly_documents,
        assumed=sorted(site.assumed),
    )


def site_of(record: SiteRecord) -> Site:
    """A row as a site."""
    return Site(
        id=record.code,
        name=record.name,
        kind=record.kind,
        commune=record.commune,
        insee=record.insee,
        address=record.address,
        postcode=record.postcode,
        point=Coordinates(lon=record.lon, lat=record.lat),
        opening=record.opening,
        shuttle_hours=record.shuttle_hours,
        access=record.access,
        access_note=record.access_note,
        phone=record.phone,
        visits_per_week=record.visits_per_week,
        min_gap_days=record.min_gap_days,
        deliver=record.deliver,
        collect=record.collect,
        weekly_documents=record.weekly_documents,
        assumed=frozenset(record.assumed),
    )


def vehicle_record(vehicle: Vehicle, position: int) -> VehicleRecord:
    """A vehicle as a new row."""
    return VehicleRecord(
        code=vehicle.id,
        position=position,
        name=vehicle.name,
        depot=vehicle.depot,
        capacity=vehicle.capacity,
        hours=vehicle.hours,
        speed_percent=vehicle.speed_percent,
        run_cents=vehicle.run_cents,
        km_cents=vehicle.km_cents,
        assumed=vehicle.assumed,
    )


def vehicle_of(record: VehicleRecord) -> Vehicle:
    """A row as a vehicle."""
    return Vehicle(
        id=record.code,
        name=record.name,
        depot=record.depot,
        capacity=record.capacity,
        hours=record.hours,
        speed_percent=record.speed_percent,
        run_cents=record.run_cents,
        km_cents=record.km_cents,
        assumed=record.assumed,
    )


def driver_record(driver: Driver, position: int) -> DriverRecord:
    """A driver as a new row."""
    return DriverRecord(
        code=driver.id,
        position=position,
        name=driver.name,
        vehicle=driver.vehicle,
        hours=driver.hours,
        phone=driver.phone,
        hour_cents=driver.hour_cents,
        break_s=driver.break_s,
        break_early=driver.break_window.early if driver.break_window else None,
        break_late=driver.break_window.late if driver.break_window else None,
        assumed=driver.assumed,
    )


def driver_of(record: DriverRecord) -> Driver:
    """A row as a driver."""
    rests = record.break_early is not None and record.break_late is not None
    return Driver(
        id=record.code,
        name=record.name,
        vehicle=record.vehicle,
        hours=record.hours,
        phone=record.phone,
        hour_cents=record.hour_cents,
        break_s=record.break_s,
        break_window=TimeWindow(record.break_early or 0, record.break_late or 0) if rests else None,
        assumed=record.assumed,
    )


def _present(session: Session, kind: type[_Listed]) -> Sequence[_Listed]:
    query = select(kind).where(col(kind.archived_at).is_(None)).order_by(col(kind.position), col(kind.code))
    return session.exec(query).all()
