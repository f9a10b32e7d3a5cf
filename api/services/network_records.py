"""Between the network's records and its frozen values, both ways. All mapping of the two stands here."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace

from sqlmodel import Session

from api.repositories.network import (
    get_network,
    list_absences,
    list_accepted_closures,
    list_coded,
    list_seasons,
)
from models.network.calendar import Absence, Closure, Season
from models.network.read import Reading, fingerprint
from models.network.values import Contact, Driver, Network, Rules, Site, Vehicle
from models.tables.network import (
    AbsenceRecord,
    ClosureRecord,
    DriverRecord,
    NetworkRecord,
    SeasonRecord,
    SiteRecord,
    VehicleRecord,
)
from models.values import Coordinates, TimeWindow


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
        record.facts = dict(reading.facts.get(site.id, {}))
        session.add(record)
    session.flush()
    session.add_all(vehicle_record(vehicle, k) for k, vehicle in enumerate(network.vehicles))
    session.flush()
    session.add_all(driver_record(driver, k) for k, driver in enumerate(network.drivers))
    session.flush()


def network_of(session: Session) -> Network:
    """The network as it stands, without what is archived, in seven queries. NotFound while there is none."""
    head = get_network(session)
    dated = calendar_of(session)
    network = Network(
        id=head.code,
        name=head.name,
        organisation=head.organisation,
        coordinator=Contact(
            name=head.coordinator_name, phone=head.coordinator_phone, email=head.coordinator_email
        ),
        rules=Rules(**head.rules),
        sites=tuple(site_of(one, dated) for one in list_coded(session, SiteRecord)),
        vehicles=tuple(vehicle_of(one, dated) for one in list_coded(session, VehicleRecord)),
        drivers=tuple(driver_of(one, dated) for one in list_coded(session, DriverRecord)),
        fingerprint="",
        closures=tuple(dated.closures.get(None, ())),
    )
    return replace(network, fingerprint=fingerprint(network))


the_network = get_network


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What is dated, by the code of what it is about; closures of the whole network under None."""

    seasons: dict[str, list[Season]] = field(default_factory=lambda: defaultdict(list))
    closures: dict[str | None, list[Closure]] = field(default_factory=lambda: defaultdict(list))
    drivers: dict[str | None, list[Absence]] = field(default_factory=lambda: defaultdict(list))
    vehicles: dict[str | None, list[Absence]] = field(default_factory=lambda: defaultdict(list))


def calendar_of(session: Session) -> Calendar:
    """Everything dated that acts on plans, in three queries."""
    found = Calendar()
    for season in list_seasons(session):
        found.seasons[season.site].append(season_of(season))
    for closure in list_accepted_closures(session):
        found.closures[closure.site].append(closure_of(closure))
    for absence in list_absences(session):
        whose, code = (found.drivers, absence.driver) if absence.driver else (found.vehicles, absence.vehicle)
        whose[code].append(absence_of(absence))
    return found


def season_of(record: SeasonRecord) -> Season:
    """A row as a season."""
    return Season(
        first=record.starts_on,
        last=record.ends_on,
        label=record.label,
        opening=record.opening,
        shuttle_hours=record.shuttle_hours,
    )


def closure_of(record: ClosureRecord) -> Closure:
    """A row as a closure, whatever became of it."""
    return Closure(first=record.starts_on, last=record.ends_on, reason=record.reason)


def absence_of(record: AbsenceRecord) -> Absence:
    """A row as an absence."""
    return Absence(first=record.starts_on, last=record.ends_on, reason=record.reason)


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


def site_of(record: SiteRecord, dated: Calendar | None = None) -> Site:
    """A row as a site, with its seasons and closures where `dated` is given."""
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
        seasons=tuple(dated.seasons.get(record.code, ())) if dated else (),
        closures=tuple(dated.closures.get(record.code, ())) if dated else (),
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


def vehicle_of(record: VehicleRecord, dated: Calendar | None = None) -> Vehicle:
    """A row as a vehicle, with its absences where `dated` is given."""
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
        absences=tuple(dated.vehicles.get(record.code, ())) if dated else (),
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


def driver_of(record: DriverRecord, dated: Calendar | None = None) -> Driver:
    """A row as a driver, with their absences where `dated` is given."""
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
        absences=tuple(dated.drivers.get(record.code, ())) if dated else (),
    )
